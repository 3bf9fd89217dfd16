"""Every set of TxStartPoint with every set of TxStopPoint, along the visits that there are (E01,
E06): what each transaction must be like, and when by the specification's words it starts and ends.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from pilotwire.machines.effects import (
    AskSignature,
    CloseContactor,
    Effect,
    OpenContactor,
    ReportTransaction,
)
from pilotwire.machines.events import (
    AuthorizationDecided,
    Authorized,
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    EnergyFlowing,
    Event,
    IdToken,
    SignedDataReceived,
    StopRequested,
    SuspendedByEv,
    TokenPresented,
)
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station

ALICE = IdToken("A11CE")
POINTS = (
    "ParkingBayOccupancy",
    "EVConnected",
    "Authorized",
    "DataSigned",
    "PowerPathClosed",
    "EnergyTransfer",
)
SETS = [frozenset(c) for n in range(1, 7) for c in itertools.combinations(POINTS, n)]


class Visit(NamedTuple):
    """What happens, in order. "bay", "cable", "token" and "energy" begin something; with a minus
    they end it. "remote" is a token that the CSMS sends, "offline" one that the station judges.
    """

    name: str
    steps: tuple[str, ...]


VISITS = [
    Visit("cable first", ("bay", "cable", "token", "energy", "-token", "-cable", "-bay")),
    Visit("token first", ("bay", "token", "cable", "energy", "-token", "-cable", "-bay")),
    Visit("remote", ("bay", "cable", "remote", "energy", "-remote", "-cable", "-bay")),
    Visit("remote first", ("bay", "remote", "cable", "energy", "-remote", "-cable", "-bay")),
    Visit("offline", ("bay", "cable", "offline", "energy", "-token", "-cable", "-bay")),
    Visit("no bay", ("cable", "token", "energy", "-token", "-cable")),
    Visit("the car stops", ("bay", "cable", "token", "energy", "-energy", "-cable", "-bay")),
    Visit("pulled at the car", ("bay", "cable", "token", "energy", "-cable", "-bay")),
    Visit("token and no cable", ("bay", "token", "-token", "-bay")),
    Visit("cable and no token", ("bay", "cable", "-cable", "-bay")),
    Visit("drives through", ("bay", "-bay")),
]

FACTS: dict[str, tuple[Event, ...]] = {
    "bay": (BayOccupied(),),
    "-bay": (BayVacated(),),
    "cable": (CablePlugged(),),
    "-cable": (CableUnplugged(),),
    "token": (TokenPresented(ALICE), AuthorizationDecided(ALICE, "Accepted")),
    "-token": (TokenPresented(ALICE),),
    "offline": (TokenPresented(ALICE), AuthorizationDecided(ALICE, "Accepted", offline=True)),
    "remote": (Authorized(ALICE, remote_start_id=7),),
    "-remote": (StopRequested("Remote", "RemoteStop"),),
    "energy": (EnergyFlowing(),),
    "-energy": (SuspendedByEv(),),
}
TRIGGERS = {
    "bay": "EVDetected",
    "-bay": "EVDeparted",
    "cable": "CablePluggedIn",
    "-cable": "EVCommunicationLost",
    "token": "Authorized",
    "-token": "StopAuthorized",
    "offline": "Authorized",
    "remote": "RemoteStart",
    "-remote": "RemoteStop",
    "energy": "ChargingStateChanged",
    "-energy": "ChargingStateChanged",
}
REASONS = {
    "-bay": "EVDisconnected",
    "-cable": "EVDisconnected",
    "-token": "Local",
    "-remote": "Remote",
    "-energy": "StoppedByEV",
}


# ---- the specification, in its own words


@dataclass
class Rules:
    """When a transaction starts and ends, read off the tables of E01 and E06 a step at a time,
    knowing nothing of charts.
    """

    start: frozenset[str]
    stop: frozenset[str]
    is_signing: bool
    held: set[str] = field(default_factory=set)
    is_running: bool = False
    is_over: bool = False  # it has run: what is left of the visit starts nothing

    def take(self, step: str) -> str:
        """Give "Started", "Ended", both (a minute's visit) or "" for a step."""
        before = self.points()
        who = step.lstrip("-")
        what = "token" if who in ("remote", "offline") else who
        if step.startswith("-"):
            self.held -= {what, "energy"} if what in ("cable", "token") else {what}
            if what == "cable":
                self.held.discard("token")  # StopTxOnEVSideDisconnect (E09.FR.01)
        elif what != "energy" or self.may_flow():
            self.held.add(what)
        after = self.points()
        if not self.is_running and not self.is_over and (after - before) & self.start:
            self.is_running = True
            return "Started"
        if self.is_running and self.ends(before - after, after):
            self.is_running, self.is_over = False, True
            return "Ended"
        return ""

    def may_flow(self) -> bool:
        is_recorded = self.is_running or "EnergyTransfer" in self.start
        return not self.is_over and {"cable", "token"} <= self.held and is_recorded

    def points(self) -> set[str]:
        is_closed = {"cable", "token"} <= self.held
        return {
            point
            for point, holds in {
                "ParkingBayOccupancy": "bay" in self.held,
                "EVConnected": "cable" in self.held,
                "Authorized": "token" in self.held,
                "PowerPathClosed": is_closed,
                "EnergyTransfer": "energy" in self.held,
                "DataSigned": is_closed and self.is_signing and "DataSigned" in self.start,
            }.items()
            if holds
        }

    def ends(self, lost: set[str], left: set[str]) -> bool:
        if lost & (self.stop - {"DataSigned"}):
            return True
        if "PowerPathClosed" in self.stop and lost & {"EVConnected", "Authorized"}:
            return True  # "exactly the same as having the values EVConnected, Authorized"
        if "Authorized" in lost and "EnergyTransfer" in self.stop:
            return True  # E05.FR.10, E15.FR.04: a stop ends the transfer, flowing or not
        return not left  # E 1.1 warns of sets that never end it


# ---- the tree, and what must hold of any transaction


class Watched:
    """A station that answers its meter's question at once, and what it had done."""

    def __init__(self, **settings: object) -> None:
        numbers = itertools.count(1)
        self.station = Station(Settings(**settings), (1,), lambda: f"tx{next(numbers)}")
        self.evse = self.station.evse(1)
        self.reports: list[ReportTransaction] = []
        self.is_closed = False

    def __call__(self, fact: Event) -> None:
        if isinstance(fact, EnergyFlowing) and not self.is_closed:
            return  # no car takes what is not there
        effects = self.station.handle(1, fact)
        for effect in effects:
            self.see(effect)
        if AskSignature(1) in effects:
            self(SignedDataReceived())

    def see(self, effect: Effect) -> None:
        match effect:
            case ReportTransaction():
                self.reports.append(effect)
            case OpenContactor():
                self.is_closed = False
            case CloseContactor():
                self.is_closed = True
                assert self.evse.authorization is not None  # no energy without somebody's word
                is_recorded = self.evse.transaction is not None
                assert is_recorded or "EnergyTransfer" in self.evse.settings.tx_start_points

    def follow(self, visit: Visit) -> Iterator[tuple[str, list[ReportTransaction]]]:
        """Give each step with what was reported of it."""
        for step in visit.steps:
            told = len(self.reports)
            for fact in FACTS[step]:
                self(fact)
            yield step, self.reports[told:]


def kinds(reports: list[ReportTransaction]) -> str:
    """Give the one start or end among them."""
    return "".join(report.kind for report in reports if report.kind != "Updated")


def check(start: frozenset[str], stop: frozenset[str], visit: Visit, *, signs: bool) -> None:
    world = Watched(tx_start_points=start, tx_stop_points=stop, sign_readings=signs)
    rules = Rules(start, stop, signs)
    ended_by: list[str] = []
    for step, reports in world.follow(visit):
        was_running, was_recorded = rules.is_running, bool(world.reports)
        expected = rules.take(step)
        assert kinds(reports) == expected, (step, reports)
        if was_running and was_recorded:
            assert reports, step  # E02.FR.17: what happens to it is told
        if reports:
            check_triggers(step, reports, rules)
        if step in ("-token", "-remote", "-cable"):
            ended_by.append(step)  # nobody is authorized from here on
        if rules.is_over and reports:
            assert reports[-1].reason == REASONS[(ended_by or [step])[0]]
    check_record(world.reports)
    assert not world.is_closed
    assert not rules.is_running


def check_triggers(step: str, reports: list[ReportTransaction], rules: Rules) -> None:
    first, *others = reports
    is_by_signature = first.kind == "Started" and rules.start == {"DataSigned"}
    is_remote = first.kind == "Started" and first.remote_start_id is not None  # F02.FR.21
    if is_remote:
        assert first.trigger == "RemoteStart"
    elif not is_by_signature:
        assert first.trigger in (TRIGGERS[step], "SignedDataReceived")
    for other in others:
        assert other.trigger in ("ChargingStateChanged", "SignedDataReceived")


def check_record(reports: list[ReportTransaction]) -> None:
    """One start, one end, nothing before or after; the token from the moment that it is known."""
    if not reports:
        return
    assert [report.kind for report in reports[:1]] == ["Started"]
    assert [report.kind for report in reports[-1:]] == ["Ended"]
    assert {report.kind for report in reports[1:-1]} <= {"Updated"}
    assert len({report.transaction_id for report in reports}) == 1
    assert [report.reason is not None for report in reports] == [False] * (len(reports) - 1) + [
        True
    ]
    known = [report.id_token is not None for report in reports]
    assert known == sorted(known)


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name.replace(" ", "-"))
@pytest.mark.parametrize("signs", [True, False], ids=["signs", "plain"])
def test_every_start_set_with_every_stop_set(visit: Visit, signs: bool) -> None:
    for start in SETS:
        if not signs and "DataSigned" in start:
            continue  # E01.FR.04: it takes a meter that signs
        for stop in SETS:
            try:
                check(start, stop, visit, signs=signs)
            except AssertionError as error:
                raise AssertionError(f"{sorted(start)} to {sorted(stop)}: {error}") from error


START_BY_ONE: dict[str, tuple[str, str]] = {
    "ParkingBayOccupancy": ("bay", "EVDetected"),
    "EVConnected": ("cable", "CablePluggedIn"),
    "Authorized": ("token", "Authorized"),
    "DataSigned": ("token", "SignedDataReceived"),
    "PowerPathClosed": ("token", "Authorized"),
    "EnergyTransfer": ("energy", "ChargingStateChanged"),
}


@pytest.mark.parametrize("point", POINTS)
def test_e01_fr_01_06_each_point_alone_starts_it(point: str) -> None:
    world = Watched(
        tx_start_points=frozenset({point}),
        tx_stop_points=frozenset({"EVConnected"}),
        sign_readings=True,
    )
    steps = [step for step, reports in world.follow(VISITS[0]) if kinds(reports) == "Started"]
    step, trigger = START_BY_ONE[point]
    assert steps == [step]
    assert world.reports[0].trigger == trigger


STOP_BY_ONE: dict[str, str] = {
    "ParkingBayOccupancy": "-bay",
    "EVConnected": "-cable",
    "Authorized": "-token",
    "PowerPathClosed": "-token",
    "EnergyTransfer": "-token",
}


@pytest.mark.parametrize("point", STOP_BY_ONE)
def test_e06_fr_01_07_each_point_alone_ends_it(point: str) -> None:
    world = Watched(tx_start_points=frozenset({"EVConnected"}), tx_stop_points=frozenset({point}))
    steps = [step for step, reports in world.follow(VISITS[0]) if kinds(reports) == "Ended"]
    assert steps == [STOP_BY_ONE[point]]
    assert world.reports[-1].reason == "Local"
