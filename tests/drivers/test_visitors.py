"""Cars come, charge and leave: at a small station that knows one token, and at the real charts."""

import itertools
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest
import trio
import trio.testing

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.drivers.visitors import CarKind, VisitorSettings, plan_visits, receive_visitors
from pilotwire.machines.effects import (
    AskAuthorization,
    CloseContactor,
    Command,
    IgnoreFact,
    LockConnector,
    OpenContactor,
    ReportTransaction,
    UnlockConnector,
)
from pilotwire.machines.events import (
    AuthorizationDecided,
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    ConnectorLocked,
    ConnectorUnlocked,
    EnergyFlowing,
    Event,
    FaultCleared,
    IdToken,
    SuspendedByEv,
    TokenPresented,
)
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station

TOKEN = IdToken("DEADBEEF")
SHOWN = TokenPresented(TOKEN)
START = [BayVacated(), FaultCleared(1), CableUnplugged(1)]

# One visitor who comes at once, then nobody for a long time: everything at a fixed moment.
ONE = VisitorSettings(
    first_arrival_seconds=0,
    handling_seconds=(2, 2),
    dwell_seconds=(100, 100),
    gap_seconds=(1e6, 1e6),
    patience_seconds=30,
    arrival_percent=(20, 20),
    target_percent=(100, 100),
    token_first_share=0,
    pull_share=0,
    cars=(CarKind(ev=Ev(battery_wh=60_000)),),
)


def one(**changes: object) -> VisitorSettings:
    return msgspec.structs.replace(ONE, **changes)


class OneTokenStation:
    """Locks and powers a cable for the token it knows, until the token or the cable ends it."""

    def __init__(self, evse: SimulatedEvse, accepted: IdToken = TOKEN) -> None:
        self.evse = evse
        self.accepted = accepted
        self.seen: list[tuple[float, Event]] = []
        self.is_plugged = self.is_authorized = self.is_charging = False
        self._send, self.commands = trio.open_memory_channel[Command](100)

    def report(self, fact: Event) -> None:
        self.seen.append((trio.current_time(), fact))
        match fact:
            case CablePlugged():
                self.is_plugged = True
            case CableUnplugged():
                self.is_plugged = self.is_authorized = False
            case TokenPresented() if fact.id_token.same_as(self.accepted):
                self.is_authorized = not self.is_authorized
        self._settle()

    def _settle(self) -> None:
        wanted = self.is_plugged and self.is_authorized
        if wanted and not self.is_charging:
            self.command(LockConnector(1), CloseContactor(1))
        elif self.is_charging and not wanted:
            self.command(OpenContactor(1), UnlockConnector(1))
        self.is_charging = wanted

    def command(self, *commands: Command) -> None:
        for command in commands:
            self._send.send_nowait(command)

    @property
    def facts(self) -> list[Event]:
        return [fact for _, fact in self.seen]

    def at(self, fact: Event) -> list[float]:
        return [when for when, seen in self.seen if seen == fact]


@asynccontextmanager
async def visited(
    settings: VisitorSettings,
    *,
    accepted: IdToken = TOKEN,
    hardware: EvseHardware | None = None,
    seed: int = 1,
) -> AsyncIterator[OneTokenStation]:
    evse = SimulatedEvse(hardware or EvseHardware(has_bay_sensor=True))
    station = OneTokenStation(evse, accepted)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(evse.run, station.commands, station.report)
        await trio.testing.wait_all_tasks_blocked()
        nursery.start_soon(lambda: receive_visitors(evse, settings, seed=seed))
        yield station
        nursery.cancel_scope.cancel()


# ---- one visit


async def test_a_visitor_plugs_in_shows_the_token_charges_and_ends_with_the_token(autojump_clock):
    async with visited(ONE) as station:
        begin = trio.current_time()
        await trio.sleep(200)
    assert station.facts == [
        *START,
        BayOccupied(),
        CablePlugged(1),
        SHOWN,
        ConnectorLocked(1),
        EnergyFlowing(),
        SHOWN,
        ConnectorUnlocked(1),
        CableUnplugged(1),
        BayVacated(),
    ]
    assert [when - begin for when in station.at(SHOWN)] == pytest.approx([2, 102])
    energy = station.evse.read_meter().energy_import
    assert energy == pytest.approx(100 / 3600 * 16 * 230 * 3)


async def test_a_visitor_may_show_the_token_first(autojump_clock):
    async with visited(one(token_first_share=1)) as station:
        await trio.sleep(200)
    assert station.facts[3:8] == [
        BayOccupied(),
        SHOWN,
        CablePlugged(1),
        ConnectorLocked(1),
        EnergyFlowing(),
    ]
    assert station.facts[-1] == BayVacated()


async def test_a_visitor_ends_early_when_the_car_has_what_it_wants(autojump_clock):
    settings = one(target_percent=(20.01, 20.01))
    async with visited(settings) as station:
        await trio.sleep(200)
    assert station.facts[-5:] == [
        SuspendedByEv(),
        SHOWN,
        ConnectorUnlocked(1),
        CableUnplugged(1),
        BayVacated(),
    ]
    assert station.at(SHOWN)[1] - station.at(SHOWN)[0] < 100


async def test_a_visitor_may_pull_the_cable_at_the_car(autojump_clock):
    async with visited(one(pull_share=1)) as station:
        await trio.sleep(200)
    assert station.at(SHOWN)[1:] == []
    assert station.facts[-3:] == [CableUnplugged(1), BayVacated(), ConnectorUnlocked(1)]
    assert not station.evse.is_contactor_closed


async def test_a_visitor_whose_token_is_refused_leaves_when_patience_is_over(autojump_clock):
    async with visited(ONE, accepted=IdToken("SOMEONE ELSE")) as station:
        await trio.sleep(200)
    assert station.facts[3:] == [
        BayOccupied(),
        CablePlugged(1),
        SHOWN,
        CableUnplugged(1),
        BayVacated(),
    ]
    assert station.at(BayVacated())[1] - station.at(SHOWN)[0] == pytest.approx(30)


async def test_a_visitor_waits_for_the_lock_to_let_the_cable_go(autojump_clock):
    async with visited(ONE) as station:
        await trio.sleep(50)
        station.evse.hold_lock()
        await trio.sleep(1000)
        assert station.evse.is_occupied
        assert len(station.at(SHOWN)) == 2  # a third one would begin anew
        station.evse.free_lock()
        station.command(UnlockConnector(1))
        await trio.sleep(1)
        assert not station.evse.is_occupied


async def test_a_visitor_whose_token_ends_nothing_pulls_the_cable_after_three_tries(autojump_clock):
    async with visited(ONE) as station:
        await trio.sleep(50)
        station.accepted = IdToken("SOMEONE ELSE")
        await trio.sleep(200)
    assert len(station.at(SHOWN)) == 4
    assert station.facts[-3:] == [CableUnplugged(1), BayVacated(), ConnectorUnlocked(1)]


async def test_a_visitor_leaves_after_a_fault_that_does_not_end(autojump_clock):
    async with visited(one(gap_seconds=(5, 5))) as station:
        await trio.sleep(50)
        station.evse.fault("GroundFailure")
        await trio.sleep(500)
        assert station.facts[-2:] == [CableUnplugged(1), BayVacated()]  # nobody came since
        assert len(station.at(BayOccupied())) == 1
        station.evse.clear_fault()
        await trio.sleep(50)
        assert len(station.at(BayOccupied())) == 2
        assert station.evse.is_taking_power


async def test_a_visitor_stays_when_the_power_comes_back_in_time(autojump_clock):
    async with visited(ONE) as station:
        await trio.sleep(50)
        station.command(OpenContactor(1))
        await trio.sleep(20)
        station.command(CloseContactor(1))
        await trio.sleep(20)
        assert station.evse.is_taking_power
        assert len(station.at(SHOWN)) == 1


# ---- beside people who use the EVSE by hand


async def test_visitors_wait_while_somebody_uses_the_evse_by_hand(autojump_clock):
    async with visited(one(first_arrival_seconds=60), seed=3) as station:
        station.evse.plug_in(Ev(name="by hand"))
        await trio.sleep(500)
        assert station.at(SHOWN) == []
        station.evse.unplug()
        await trio.sleep(5)
        assert len(station.at(SHOWN)) == 1


@pytest.mark.parametrize("after", [1, 50, 101], ids=["handling", "charging", "after"])
async def test_a_visitor_whose_cable_is_taken_off_by_hand_is_gone(after, autojump_clock):
    async with visited(one(gap_seconds=(5, 5))) as station:
        await trio.sleep(after)
        station.evse.unplug(at_car=True)
        await trio.sleep(4)
        assert not station.evse.is_occupied
        shown = len(station.at(SHOWN))
        await trio.sleep(20)
        assert station.evse.is_occupied
        assert len(station.at(SHOWN)) == shown + 1


async def test_a_visitor_whose_place_is_taken_between_token_and_cable_goes_away(autojump_clock):
    async with visited(one(token_first_share=1)) as station:
        await trio.sleep(1)
        station.evse.plug_in(Ev(name="by hand"))
        await trio.sleep(500)
        assert station.evse.ev is not None
        assert station.evse.ev.name == "by hand"
        assert len(station.at(SHOWN)) == 1


# ---- many visits


async def record(seed: int, seconds: float) -> list[tuple[float, Event]]:
    async with visited(VisitorSettings(), seed=seed) as station:
        begin = trio.current_time()
        await trio.sleep(seconds)
    return [(round(when - begin, 6), fact) for when, fact in station.seen]


async def test_the_same_seed_gives_the_same_day_and_another_seed_another(autojump_clock):
    first = await record(11, 24 * 3600)
    assert first == await record(11, 24 * 3600)
    assert first[: len(START) + 1] != (await record(12, 600))[: len(START) + 1]
    assert sum(fact == EnergyFlowing() for _, fact in first) > 200


@pytest.mark.parametrize("seed", range(20))
async def test_the_first_car_is_there_within_two_seconds(seed, autojump_clock):
    async with visited(VisitorSettings(), seed=seed) as station:
        await trio.sleep(2)
        await trio.testing.wait_all_tasks_blocked()
        assert station.evse.is_occupied


@pytest.mark.parametrize(
    "hardware",
    [EvseHardware(connectors=2), EvseHardware(is_dc=True, voltage=400), EvseHardware(phases=1)],
    ids=["AC", "DC", "one phase"],
)
def test_plans_keep_to_the_settings(hardware):
    settings = VisitorSettings(tokens=(TOKEN, IdToken("B")), pull_share=0.5)
    visits = list(itertools.islice(plan_visits(settings, hardware, random.Random(5)), 500))
    for visit in visits:
        assert visit.ev.fits(is_dc=hardware.is_dc)
        assert 10 <= visit.ev.state_of_charge <= 78 < 80 <= visit.ev.target_percent <= 100
        assert 60 <= visit.dwell_seconds <= 300
        assert 5 <= visit.gap_seconds <= 20
        assert 1 <= visit.handling_seconds <= 4
    assert {visit.id_token for visit in visits} == set(settings.tokens)
    assert {visit.connector for visit in visits} == set(range(1, hardware.connectors + 1))
    assert 200 < sum(visit.pulls_cable for visit in visits) < 300
    assert 100 < sum(visit.shows_token_first for visit in visits) < 200
    assert len({visit.ev.name for visit in visits}) == 500


@pytest.mark.parametrize(
    "wrong",
    [
        {"tokens": ()},
        {"gap_seconds": (5.0, 4.0)},
        {"arrival_percent": (0.0, 101.0)},
        {"pull_share": 1.5},
        {"patience_seconds": -1.0},
    ],
)
def test_settings_that_cannot_be_are_refused_by_their_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        VisitorSettings(**wrong)


def test_a_plan_without_a_car_that_fits_is_refused():
    only_ac = one(cars=(CarKind(ev=Ev(dc_max_watts=0)),))
    with pytest.raises(ValueError, match="cars: none has an inlet for DC"):
        next(plan_visits(only_ac, EvseHardware(is_dc=True), random.Random(1)))


# ---- with the real charts


class ChartedStation(OneTokenStation):
    """The station's own charts decide; every token is accepted at once."""

    def __init__(self, evse: SimulatedEvse) -> None:
        super().__init__(evse)
        ids: Callable[[], str] = map(str, itertools.count(1)).__next__
        self.station = Station(Settings(), [evse.hardware.connectors], ids)
        self.told: list[ReportTransaction] = []
        self.ignored: list[str] = []

    def report(self, fact: Event) -> None:
        self.seen.append((trio.current_time(), fact))
        for effect in self.station.handle(1, fact):
            match effect:
                case AskAuthorization(id_token=token):
                    self.report(AuthorizationDecided(token, "Accepted"))
                case CloseContactor() | OpenContactor() | LockConnector() | UnlockConnector():
                    self.command(effect)
                case ReportTransaction():
                    self.told.append(effect)
                case IgnoreFact():
                    self.ignored.append(effect.event)


@pytest.mark.parametrize("pull_share", [0, 1])
async def test_with_the_real_charts_each_visit_is_one_transaction(pull_share, autojump_clock):
    evse = SimulatedEvse(EvseHardware(connectors=2))
    station = ChartedStation(evse)
    settings = VisitorSettings(pull_share=pull_share)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(evse.run, station.commands, station.report)
        nursery.start_soon(receive_visitors, evse, settings)
        await trio.sleep(4 * 3600)
        nursery.cancel_scope.cancel()
    started = [told for told in station.told if told.kind == "Started"]
    ended = [told for told in station.told if told.kind == "Ended"]
    arrivals = sum(isinstance(fact, CablePlugged) for fact in station.facts)
    assert arrivals > 30
    assert len(started) == arrivals
    assert len(ended) in (arrivals, arrivals - 1)
    assert {told.reason for told in ended} == {"EVDisconnected" if pull_share else "Local"}
