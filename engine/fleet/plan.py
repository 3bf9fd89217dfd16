"""Which station is which, and what happens when: by the fleet's settings and seed, without I/O."""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec

from .faults import draw_seconds, times
from .settings import Fleet, Group, Phase

_HOUR = 3600.0  # s of a real day
_LEAST_SHARE = 0.02  # of the busiest hour's cars: so that a gap ends in a quiet one, too


class Member(msgspec.Struct, frozen=True):
    """A station of the fleet."""

    number: int  # from 1
    group: Group
    identity: str


class Deed(msgspec.Struct, frozen=True):
    """Something that is done to one station, at a time of the run (s since its beginning)."""

    at: float
    kind: str  # of the phase, or of the fault
    station: int  # number
    away_seconds: float = 0.0  # how long power or the station is gone
    firmware_version: str | None = None
    step_seconds: float = 0.0  # how far its clock jumps


class Course(msgspec.Struct, frozen=True):
    """What happens in a run, in order of time, and how long it is (s)."""

    deeds: tuple[Deed, ...]
    seconds: float
    phases: tuple[tuple[float, Phase], ...]  # with the time at which each begins


def members(fleet: Fleet) -> list[Member]:
    """Give every station. Groups are mixed evenly, so that any part of them is like the whole."""
    total = sum(group.weight for group in fleet.groups)
    shares = list(accumulate(group.weight / total for group in fleet.groups))
    chance = random.Random(f"groups {fleet.seed}")
    counts = _counts(shares, fleet.stations)
    groups = [
        group for group, count in zip(fleet.groups, counts, strict=True) for _ in range(count)
    ]
    chance.shuffle(groups)
    return [
        Member(number, group, group.identity.format(number=number))
        for number, group in enumerate(groups, start=1)
    ]


def _counts(shares: Sequence[float], stations: int) -> list[int]:
    ends = [round(share * stations) for share in shares]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def course(fleet: Fleet) -> Course:
    """Lay out the phases one after the other."""
    deeds: list[Deed] = []
    phases: list[tuple[float, Phase]] = []
    at = 0.0
    waiting = list(range(1, fleet.stations + 1))  # those that no ramp has started yet
    random.Random(f"order {fleet.seed}").shuffle(waiting)
    started: list[int] = []
    for number, phase in enumerate(fleet.phases):
        phases.append((at, phase))
        chance = random.Random(f"phase {number} {fleet.seed}")
        if phase.kind == "ramp":
            chosen = waiting[: max(1, round(phase.share * fleet.stations))]
            del waiting[: len(chosen)]
            started += chosen
        else:
            chosen = chance.sample(started, round(phase.share * len(started)))
        if phase.kind == "steady":
            at += phase.seconds
            continue
        pause = 1 / phase.per_second if phase.per_second else 0.0
        deeds += (
            Deed(at + place * pause, phase.kind, station, phase.seconds, phase.firmware_version)
            for place, station in enumerate(chosen)
        )
        at += len(chosen) * pause + phase.seconds
    seconds = at if fleet.duration_seconds is None else fleet.duration_seconds
    deeds += _faults(fleet, seconds)
    deeds = sorted((deed for deed in deeds if deed.at <= seconds), key=lambda deed: deed.at)
    return Course(tuple(deeds), seconds, tuple(phases))


def _faults(fleet: Fleet, seconds: float) -> Iterator[Deed]:
    """Give what goes wrong at set times."""
    if not fleet.faults:
        return
    for member in members(fleet):
        for number, fault in enumerate(fleet.faults):
            if not fault.concerns(member.group.name):
                continue
            chance = random.Random(f"fault {number} {fleet.seed} {member.number}")
            for at in times(fault, seconds, chance):
                drawn = draw_seconds(fault, chance)
                yield Deed(
                    at,
                    fault.kind,
                    member.number,
                    away_seconds=drawn if fault.kind == "power_cut" else 0.0,
                    step_seconds=drawn if fault.kind == "clock_jump" else 0.0,
                )


def shard(course: Course, worker: int, workers: int) -> Course:
    """Give a worker's part: stations are dealt out in turn."""
    mine = tuple(deed for deed in course.deeds if deed.station % workers == worker)
    return msgspec.structs.replace(course, deeds=mine)


def share_at(group: Group, second_of_day: float) -> float:
    """Give how many cars come at this time of a day (s of a real one), of the busiest hour's."""
    hour, within = divmod(second_of_day / _HOUR, 1)
    here = group.by_hour[int(hour) % 24]
    after = group.by_hour[(int(hour) + 1) % 24]
    return max(_LEAST_SHARE, here + (after - here) * within)
