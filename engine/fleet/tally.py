"""What a run of a fleet comes to: calls and their latencies by action, boots, and each second.

A worker counts its own; tallies add up, and cross process borders as plain values (`Totals`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from hdrh.histogram import HdrHistogram

from ..station.station import CallOutcome

FAILED: tuple[CallOutcome, ...] = ("refused", "timed out", "lost")

_SHORTEST, _LONGEST = 1, 3_600_000_000  # µs
_DIGITS = 2  # of a latency that are kept: 1 % is well below what repeats
_BITS = 8  # of a latency: what a histogram of two digits tells apart
_TOGETHER = 256  # calls that are counted at a time, or sooner when somebody asks


class Latencies:
    """Durations, kept as a histogram: percentiles of any number of them, in bounded memory.

    Each is counted by what the histogram keeps of it, and the histogram is told when it is asked:
    it takes ten times as long for each.
    """

    __slots__ = ("_counts", "_its_histogram")

    def __init__(self) -> None:
        self._its_histogram = HdrHistogram(_SHORTEST, _LONGEST, _DIGITS)
        self._counts: dict[
            int, int
        ] = {}  # µs -> how many more that the histogram is yet to hear of

    def __len__(self) -> int:
        return int(self._histogram.total_count)

    def add(self, seconds: float) -> None:
        micros = min(max(int(seconds * 1e6), _SHORTEST), _LONGEST)
        dropped = micros.bit_length() - _BITS
        if dropped > 0:
            micros = micros >> dropped << dropped
        self._counts[micros] = self._counts.get(micros, 0) + 1

    @property
    def _histogram(self) -> HdrHistogram:
        counts, self._counts = self._counts, {}
        for micros, count in counts.items():
            self._its_histogram.record_value(micros, count)
        return self._its_histogram

    def merge(self, encoded: bytes) -> None:
        """Add those that another has encoded."""
        self._histogram.decode_and_add(encoded)

    def encode(self) -> bytes:
        encoded: bytes = self._histogram.encode()
        return encoded

    def percentile(self, percent: float) -> float | None:
        """Give the duration (s) that so many per cent stay within; None where there are none."""
        if not self._histogram.total_count:
            return None
        return float(self._histogram.get_value_at_percentile(percent)) / 1e6

    def total_seconds(self) -> float:
        """Give their sum, as exact as the histogram is."""
        return float(self._histogram.get_mean_value()) * len(self) / 1e6 if len(self) else 0.0


class Second(msgspec.Struct, array_like=True):
    """What one second of the run saw. The last three are as things stood at its end."""

    calls: int = 0  # that ended in it, well or not
    failed: int = 0
    online: int = 0
    charging: int = 0
    queued: int = 0

    def add(self, other: "Second") -> None:
        for field in self.__struct_fields__:
            setattr(self, field, getattr(self, field) + getattr(other, field))


class ActionTotals(msgspec.Struct):
    outcomes: dict[str, int]
    latencies: bytes


class Totals(msgspec.Struct, kw_only=True):
    """A tally as plain values."""

    tick_seconds: int = 1  # that are counted together, as the first of them
    stations: int = 0
    ever_online: int = 0
    transactions: int = 0  # that were begun
    still_queued: int = 0
    actions: dict[str, ActionTotals] = {}
    boots: bytes = b""
    dials: bytes = b""
    lateness: bytes = b""
    broken: dict[str, int] = {}  # trace rules -> how often
    failures: dict[str, int] = {}  # why links did not open or broke -> how often
    seconds: dict[int, Second] = {}
    peak_memory_mib: float = 0.0
    cpu_seconds: float = 0.0


class ActionTally:
    """The calls of one action."""

    __slots__ = ("latencies", "outcomes")

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.latencies = Latencies()  # of those that were answered

    @property
    def calls(self) -> int:
        return self.outcomes.total()

    @property
    def failed(self) -> int:
        return sum(self.outcomes[outcome] for outcome in FAILED)


class Tally:
    """Counts while stations run."""

    def __init__(self) -> None:
        self.began_at = 0.0
        """When the run did, on Trio's clock."""
        self.tick_seconds = 1
        self.stations = 0
        self.ever_online = 0
        self.transactions = 0
        self.still_queued = 0
        self._ended: list[tuple[str, float, float, CallOutcome]] = []  # calls not counted yet
        self._actions: dict[str, ActionTally] = {}
        self.boots = Latencies()  # from the dial to the acceptance
        self.dials = Latencies()  # TCP, TLS and WebSocket
        self.lateness = Latencies()  # of timers
        self.broken: Counter[str] = Counter()  # trace rules
        self.failures: Counter[str] = Counter()
        self._seconds: dict[int, Second] = {}
        self.peak_memory_mib = 0.0
        self.cpu_seconds = 0.0

    @property
    def actions(self) -> dict[str, ActionTally]:
        """Calls by their action."""
        self._count()
        return self._actions

    @property
    def seconds(self) -> dict[int, Second]:
        """What the seconds of the run saw, or its ticks, by their beginning."""
        self._count()
        return self._seconds

    def second_at(self, time: float) -> Second:
        """Give what this moment of Trio's clock is counted with."""
        elapsed = int(time - self.began_at)
        return self._second(elapsed // self.tick_seconds * self.tick_seconds)

    def _second(self, number: int) -> Second:
        found = self._seconds.get(number)
        if found is None:
            found = self._seconds[number] = Second()
        return found

    def call_ended(self, action: str, began: float, ended: float, outcome: CallOutcome) -> None:
        """Count a call of a station's (its `on_call`), a little later."""
        self._ended.append((action, began, ended, outcome))
        if len(self._ended) >= _TOGETHER:
            self._count()

    def _count(self) -> None:
        ended, self._ended = self._ended, []
        for action, began, at, outcome in ended:
            tally = self._actions.get(action)
            if tally is None:
                tally = self._actions[action] = ActionTally()
            tally.outcomes[outcome] += 1
            second = self.second_at(at)
            second.calls += 1
            if outcome == "answered":
                tally.latencies.add(at - began)
            else:
                second.failed += 1

    # ---- sums

    @property
    def calls(self) -> int:
        return sum(action.calls for action in self.actions.values())

    @property
    def failed(self) -> int:
        return sum(action.failed for action in self.actions.values())

    def totals(self) -> Totals:
        return Totals(
            tick_seconds=self.tick_seconds,
            stations=self.stations,
            ever_online=self.ever_online,
            transactions=self.transactions,
            still_queued=self.still_queued,
            actions={
                name: ActionTotals(dict(tally.outcomes), tally.latencies.encode())
                for name, tally in self.actions.items()
            },
            boots=self.boots.encode(),
            dials=self.dials.encode(),
            lateness=self.lateness.encode(),
            broken=dict(self.broken),
            failures=dict(self.failures),
            seconds=self.seconds,
            peak_memory_mib=self.peak_memory_mib,
            cpu_seconds=self.cpu_seconds,
        )

    def add(self, totals: Totals) -> None:
        """Add what another worker counted."""
        self.tick_seconds = max(self.tick_seconds, totals.tick_seconds)
        self.stations += totals.stations
        self.ever_online += totals.ever_online
        self.transactions += totals.transactions
        self.still_queued += totals.still_queued
        for name, of_action in totals.actions.items():
            tally = self.actions.setdefault(name, ActionTally())
            tally.outcomes.update(of_action.outcomes)
            tally.latencies.merge(of_action.latencies)
        for latencies, encoded in (
            (self.boots, totals.boots),
            (self.dials, totals.dials),
            (self.lateness, totals.lateness),
        ):
            if encoded:
                latencies.merge(encoded)
        self.broken.update(totals.broken)
        self.failures.update(totals.failures)
        for number, second in totals.seconds.items():
            self._second(number).add(second)
        self.peak_memory_mib += totals.peak_memory_mib
        self.cpu_seconds += totals.cpu_seconds


def summed(parts: Iterable[Totals]) -> Tally:
    """Add up what several workers counted."""
    tally = Tally()
    for part in parts:
        tally.add(part)
    return tally


def by_calls(actions: Mapping[str, ActionTally]) -> list[tuple[str, ActionTally]]:
    """Give the actions, the most frequent first."""
    return sorted(actions.items(), key=lambda item: (-item[1].calls, item[0]))
