"""Transaction points, energy and lock: scenes for each rule, and what holds whatever happens."""

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotwire.machines.effects import (
    AskSignature,
    CloseContactor,
    Effect,
    IgnoreFact,
    LockConnector,
    OpenContactor,
    ReportConnector,
    ReportTransaction,
    StartTimer,
    StopTimer,
    UnlockConnector,
)
from pilotwire.machines.events import (
    AuthorizationDecided,
    Authorized,
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    ConnectorLocked,
    ConnectorUnlocked,
    EnergyFlowing,
    Event,
    FaultCleared,
    FaultRaised,
    IdToken,
    ReservationCancelled,
    ReservationMade,
    SignedDataReceived,
    StoppedByEv,
    StopRequested,
    SuspendedByEv,
    SuspendedByEvse,
    TokenPresented,
    TransactionDeauthorized,
    UnlockFailed,
)
from pilotwire.machines.evse import Evse
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station

POINTS = (
    "ParkingBayOccupancy",
    "EVConnected",
    "Authorized",
    "DataSigned",
    "PowerPathClosed",
    "EnergyTransfer",
)
SETS = [frozenset(c) for n in range(1, 7) for c in itertools.combinations(POINTS, n)]
ALICE, BOB, EVE = IdToken("A11CE"), IdToken("B0B"), IdToken("E7E")
GROUP = {ALICE: "FAMILY", BOB: "FAMILY", EVE: None}


# ---- what holds whatever happens


@dataclass
class Watch:
    """Follows one EVSE's effects; objects to what hardware or journal could not take."""

    evse: Evse
    is_closed: bool = False
    is_timing: bool = False
    open_transaction: str | None = None
    finished: set[str] = field(default_factory=set)
    locked: set[int] = field(default_factory=set)

    def see(self, effects: list[Effect]) -> None:
        mine = [effect for effect in effects if getattr(effect, "evse", None) == self.evse.evse_id]
        for effect in mine:
            self.see_one(effect)
        self.see_order(mine)
        session = self.evse.session
        assert self.is_closed is not self.evse.chart.is_in("off")
        assert not self.is_closed or session == "active"
        assert not self.is_closed or self.locked == {self.evse.connector.number}
        assert self.is_timing is (session == "token_first")
        assert (self.evse.transaction is not None) is (self.open_transaction is not None)
        rules = session in ("token_first", "active", "interrupted")
        assert (self.evse.authorization is not None) is rules

    def see_one(self, effect: Effect) -> None:
        match effect:
            case CloseContactor():
                assert not self.is_closed
                self.is_closed = True
            case OpenContactor():
                assert self.is_closed
                self.is_closed = False
            case LockConnector(connector=number):
                assert number not in self.locked
                self.locked.add(number)
            case UnlockConnector(connector=number):
                self.locked.discard(number)  # one that locked for nobody is told to open too
            case StartTimer():
                assert not self.is_timing
                self.is_timing = isinstance(effect.event, ConnectionTimedOut) or self.is_timing
            case StopTimer() if isinstance(effect.event, ConnectionTimedOut):
                assert self.is_timing
                self.is_timing = False
            case ReportTransaction():
                self.see_report(effect)

    def see_report(self, report: ReportTransaction) -> None:
        if report.kind == "Started":
            assert self.open_transaction is None
            assert report.transaction_id not in self.finished
            self.open_transaction = report.transaction_id
        assert report.transaction_id == self.open_transaction
        assert (report.reason is not None) is (report.kind == "Ended")
        if report.kind == "Ended":
            self.finished.add(report.transaction_id)
            self.open_transaction = None

    def see_order(self, effects: list[Effect]) -> None:
        """A report is journalled, then the lock closes, the contactor moves, the lock opens.

        A transaction that starts as another ends (a second cable waited) comes after all of it.
        """
        kinds = (ReportTransaction, LockConnector, CloseContactor | OpenContactor, UnlockConnector)
        places = []
        for effect in effects:
            if isinstance(effect, ReportTransaction) and effect.kind == "Started":
                places.clear()
            places += [n for n, kind in enumerate(kinds) if isinstance(effect, kind)]
            assert places == sorted(places)
        moves = [e for e in effects if isinstance(e, CloseContactor | OpenContactor)]
        assert len(moves) <= 1
        told = [e for e in effects if isinstance(e, ReportConnector)]
        assert len(told) == len(set(told))


def hear(watch: Watch, fact: Event) -> None:
    """What a clock and a lock do by themselves, as far as a watch has to know."""
    if isinstance(fact, ConnectionTimedOut):
        watch.is_timing = False
    if isinstance(fact, ConnectorUnlocked) and fact.connector in watch.locked:
        watch.locked.remove(fact.connector)


TOKENS = st.sampled_from([ALICE, BOB, EVE])
CONNECTORS = st.sampled_from([1, 2])
AT_A_CONNECTOR = (
    CablePlugged,
    CableUnplugged,
    FaultRaised,
    FaultCleared,
    ConnectorLocked,
    ConnectorUnlocked,
    UnlockFailed,
)
PLAIN = (
    BayOccupied(),
    BayVacated(),
    EnergyFlowing(),
    SuspendedByEv(),
    SuspendedByEvse(),
    TransactionDeauthorized(),
    StoppedByEv(),
    SignedDataReceived(),
    StopRequested("Remote", "RemoteStop"),
    StopRequested("ImmediateReset", "ResetCommand"),
    ReservationCancelled(),
)
FACTS = st.one_of(
    st.builds(lambda kind, number: kind(number), st.sampled_from(AT_A_CONNECTOR), CONNECTORS),
    st.sampled_from([CablePlugged(), CableUnplugged(), EnergyFlowing()]),
    st.sampled_from(PLAIN),
    st.builds(TokenPresented, TOKENS),
    st.builds(lambda t: AuthorizationDecided(t, "Accepted", GROUP[t]), TOKENS),
    st.builds(lambda t: AuthorizationDecided(t, "Blocked"), TOKENS),
    st.builds(lambda t: Authorized(t, None, remote_start_id=5), TOKENS),
    st.builds(lambda t: ReservationMade(7, t, seconds=60, parent=GROUP[t]), TOKENS),
    st.just(ConnectionTimedOut()),
    st.tuples(st.booleans(), st.sampled_from([0, 1, 2])),  # a change of availability
)


def charge(token: IdToken) -> list[Event]:
    accepted = AuthorizationDecided(token, "Accepted", GROUP[token])
    return [
        CablePlugged(),
        TokenPresented(token),
        accepted,
        SignedDataReceived(),
        EnergyFlowing(),
    ]


STRETCHES = st.one_of(FACTS.map(lambda fact: [fact]), st.builds(charge, TOKENS))
SETTINGS = st.builds(
    Settings,
    tx_start_points=st.sampled_from(SETS),
    tx_stop_points=st.sampled_from(SETS),
    sign_readings=st.booleans(),
    stop_on_ev_side_disconnect=st.booleans(),
    stop_on_invalid_id=st.booleans(),
    unlock_on_ev_side_disconnect=st.booleans(),
)


def perform(station: Station, watch: Watch, fact: Event | tuple[bool, int]) -> list[Effect]:
    """Bring a fact as the engine would: timers only while they run, remote starts when it may."""
    evse = watch.evse
    if isinstance(fact, tuple):
        return evse.request_availability(*fact)
    if isinstance(fact, ConnectionTimedOut) and not watch.is_timing:
        return []
    if isinstance(fact, Authorized) and evse.refusal(fact.id_token) is not None:
        return []
    if isinstance(fact, ReservationMade) and not evse.is_free:
        return []
    hear(watch, fact)
    return station.handle(evse.evse_id, fact)


def everybody_leaves(evse: Evse) -> list[Event]:
    token = evse.ruler.id_token if evse.ruler else None
    facts: list[Event] = [ConnectorUnlocked(1), ConnectorUnlocked(2)]
    if token is not None:
        facts += [TokenPresented(token)] * 2  # stop, then fetch the cable
    facts += [CableUnplugged(1), CableUnplugged(2), StopRequested(), BayVacated()]
    return facts


@settings(max_examples=250, deadline=None)
@given(
    chosen=SETTINGS,
    walk=st.lists(st.tuples(st.sampled_from([0, 0, 1]), STRETCHES), min_size=8, max_size=30),
)
def test_whatever_happens_hardware_and_journal_can_take_it(chosen, walk):
    ids = itertools.count(1)
    station = Station(chosen, [2, 2], lambda: str(next(ids)))
    watches = [Watch(evse) for evse in station.evses]
    for at, facts in walk:
        for fact in facts:
            watches[at].see(perform(station, watches[at], fact))
    for watch in watches:
        for fact in everybody_leaves(watch.evse):
            watch.see(perform(station, watch, fact))
        assert watch.evse.session == "idle"
        assert watch.evse.connector is None
        assert not watch.is_closed
        assert not watch.locked
        assert watch.open_transaction is None  # each that started has ended


# ---- single rules


def points(start: str, stop: str) -> dict[str, frozenset[str]]:
    return {
        "tx_start_points": frozenset(start.split()),
        "tx_stop_points": frozenset(stop.split()),
    }


def test_e01_fr_01_e06_fr_01_a_bay_alone_makes_a_transaction(scene):
    do = scene(**points("ParkingBayOccupancy", "ParkingBayOccupancy"))
    do(BayOccupied())
    assert (do.last_report.connector, do.last_report.charging_state) == (0, "Idle")
    do.charge()
    do(TokenPresented(ALICE), CableUnplugged(), BayVacated())
    assert do.told == [
        ("Started", "EVDetected", None),
        ("Updated", "CablePluggedIn", None),
        ("Updated", "Authorized", None),
        ("Updated", "ChargingStateChanged", None),
        ("Updated", "StopAuthorized", None),
        ("Updated", "ChargingStateChanged", None),
        ("Updated", "EVCommunicationLost", None),
        ("Ended", "EVDeparted", "Local"),
    ]


def test_e01_fr_06_e06_fr_07_energy_alone_makes_a_transaction(scene):
    do = scene(**points("EnergyTransfer", "EnergyTransfer"))
    do.charge()
    do(SuspendedByEv())
    assert do.told == [
        ("Started", "ChargingStateChanged", None),
        ("Ended", "ChargingStateChanged", "StoppedByEV"),
    ]
    assert do.station.evse(1).session == "finishing"  # authorized for that transaction only
    assert OpenContactor(1) in do.effects


@pytest.mark.parametrize("stop", ["PowerPathClosed", "EVConnected Authorized"])
def test_power_path_closed_as_a_stop_point_is_both_of_its_parts(scene, stop):
    do = scene(**points("EVConnected", stop))
    do(CablePlugged(), CableUnplugged())  # nobody was authorized
    assert do.told[-1] == ("Ended", "EVCommunicationLost", "EVDisconnected")
    do.charge()
    do(TokenPresented(ALICE))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


@pytest.mark.parametrize("stop", ["Authorized", "PowerPathClosed", "EnergyTransfer"])
def test_e05_fr_10_deauthorized_before_energy_flows_it_ends(scene, stop):
    do = scene(**points("PowerPathClosed", stop))
    do(CablePlugged())
    do.authorize()
    do(TransactionDeauthorized())
    assert do.told[-1] == ("Ended", "Deauthorized", "DeAuthorized")


@pytest.mark.parametrize(
    ("start", "facts", "end"),
    [
        ("ParkingBayOccupancy", (BayOccupied(), BayVacated()), "EVDeparted"),
        ("EVConnected", (CablePlugged(), CableUnplugged()), "EVCommunicationLost"),
    ],
)
def test_a_transaction_of_which_nothing_is_left_ends(scene, start, facts, end):
    """The specification warns of points that never stop it (2.x part 2, E 1.1)."""
    do = scene(**points(start, "Authorized"))
    do(*facts)
    assert do.told == [("Started", do.told[0][1], None), ("Ended", end, "EVDisconnected")]


def test_a_transaction_of_which_the_car_is_left_goes_on(scene):
    do = scene(**points("EVConnected", "ParkingBayOccupancy"))
    do(BayOccupied())
    do.charge()
    do(TokenPresented(ALICE), CableUnplugged())
    assert do.told[-1] == ("Updated", "EVCommunicationLost", None)
    do(BayVacated())
    assert do.told[-1][0] == "Ended"


def test_a_transaction_that_ends_takes_the_authorization_with_it(scene):
    do = scene(**points("Authorized", "ParkingBayOccupancy"))
    do(BayOccupied())
    do.authorize()
    do(BayVacated())  # before any cable
    assert do.told[-1][0] == "Ended"
    assert do.station.evse(1).session == "idle"
    do(CablePlugged())
    assert do.station.evse(1).chart.is_in("off")


# ---- who and what ended the charge, where the transaction goes on without


@pytest.mark.parametrize(
    ("stop", "trigger", "reason"),
    [
        (TokenPresented(ALICE), "StopAuthorized", "Local"),
        (StopRequested("Remote", "RemoteStop"), "RemoteStop", "Remote"),
    ],
    ids=["local", "remote"],
)
def test_e07_fr_05_f04_fr_03_its_end_tells_what_ended_the_charge(scene, stop, trigger, reason):
    do = scene(**points("EVConnected", "ParkingBayOccupancy"))
    do(BayOccupied())
    do.charge()
    do(stop)
    stopped, changed = [e for e in do.effects if isinstance(e, ReportTransaction)][-2:]
    # E03.FR.12: two things happened, and each is told as things stood.
    assert (stopped.trigger, stopped.charging_state) == (trigger, "Charging")
    assert (changed.trigger, changed.charging_state) == ("ChargingStateChanged", "EVConnected")
    do(CableUnplugged())
    do(BayVacated())
    assert do.told[-1] == ("Ended", "EVDeparted", reason)


def test_somebody_who_is_authorized_anew_begins_a_charge_of_its_own(scene):
    do = scene(**points("EVConnected", "EVConnected"))
    do.charge()
    do(TokenPresented(ALICE))
    do.authorize()
    do(CableUnplugged())
    assert do.told[-1] == ("Ended", "EVCommunicationLost", "EVDisconnected")


@pytest.mark.parametrize("stop", ["Authorized", "PowerPathClosed", "EnergyTransfer"])
def test_e15_fr_04_a_car_that_ends_its_charge_ends_the_transaction(scene, stop):
    do = scene(**points("PowerPathClosed", stop))
    do.charge()
    do(StoppedByEv())
    assert do.told[-1] == ("Ended", "StopAuthorized", "StoppedByEV")
    assert do.last_report.charging_state == "EVConnected"
    assert isinstance(do(StoppedByEv())[0], IgnoreFact)


@pytest.mark.parametrize("stop", ["EVConnected", "ParkingBayOccupancy"])
def test_e15_fr_05_or_only_its_authorization(scene, stop):
    do = scene(**points("EVConnected", stop))
    do(BayOccupied())
    do.charge()
    do(StoppedByEv())
    assert do.told[-1] == ("Updated", "StopAuthorized", None)
    assert do.last_report.charging_state == "EVConnected"
    do(StoppedByEv())  # it was told once
    assert [trigger for _, trigger, _ in do.told].count("StopAuthorized") == 1
    do(CableUnplugged(), BayVacated())
    assert do.told[-1][0::2] == ("Ended", "StoppedByEV")


@pytest.mark.parametrize(
    ("error_code", "reason"),
    [
        ("GroundFailure", "GroundFault"),
        ("OverCurrentFailure", "OvercurrentFault"),
        ("UnderVoltage", "PowerQuality"),
        ("HighTemperature", "Other"),
    ],
)
def test_e06_fr_16_a_fault_that_ends_it_is_told_as_an_abnormal_condition(scene, error_code, reason):
    do = scene(**points("PowerPathClosed", "EnergyTransfer"))
    do.charge()
    do(FaultRaised(1, error_code))
    assert do.told[-1] == ("Ended", "AbnormalCondition", reason)


def test_e01_fr_04_the_meter_signs_before_energy_flows(scene):
    do = scene(**points("DataSigned", "Authorized"), sign_readings=True)
    do(CablePlugged())
    effects = do.authorize()
    assert AskSignature(1) in effects
    assert CloseContactor(1) not in effects
    assert do.told == []
    assert CloseContactor(1) in do(SignedDataReceived())
    assert do.told == [("Started", "SignedDataReceived", None)]
    do(EnergyFlowing(), TokenPresented(ALICE))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")
    assert AskSignature(1) in do.authorize()  # the next one begins with a reading of its own


def test_a_signature_that_comes_when_the_session_is_over_starts_nothing(scene):
    do = scene(**points("DataSigned", "Authorized"), sign_readings=True)
    do(CablePlugged())
    do.authorize()
    do(TokenPresented(ALICE))
    assert isinstance(do(SignedDataReceived())[0], IgnoreFact)
    assert do.told == []


def test_a_signature_that_comes_after_another_start_point_is_told(scene):
    do = scene(**points("DataSigned EnergyTransfer", "Authorized"), sign_readings=True)
    do(CablePlugged())
    do.authorize()
    do(EnergyFlowing(), SignedDataReceived())
    assert do.told == [
        ("Started", "ChargingStateChanged", None),
        ("Updated", "SignedDataReceived", None),
    ]


def test_errata_2_24_signed_data_end_nothing(scene):
    do = scene(**points("DataSigned", "DataSigned"), sign_readings=True)
    do(CablePlugged())
    do.authorize()
    do(SignedDataReceived(), EnergyFlowing(), TokenPresented(ALICE))
    assert do.told[-1] == ("Updated", "ChargingStateChanged", None)
    do(CableUnplugged())  # nothing is left that could end it
    assert do.told[-1] == ("Ended", "EVCommunicationLost", "Local")


@pytest.mark.parametrize("start", ["ParkingBayOccupancy", "DataSigned"])
def test_no_energy_flows_that_no_transaction_would_record(scene, start):
    """A bay without a sensor, a meter that does not sign: nothing starts a transaction."""
    do = scene(**points(start, "Authorized"))
    do(CablePlugged())
    do.authorize()
    assert do.told == []
    assert not [e for e in do.effects if isinstance(e, CloseContactor)]
    do(TokenPresented(ALICE))
    assert do.station.evse(1).session == "finishing"


# ---- the cable pulled at the car, where that does not end it (E10)

INTERRUPTED = {**points("PowerPathClosed", "Authorized"), "stop_on_ev_side_disconnect": False}


def test_e10_fr_01_a_cable_of_the_drivers_is_held_until_its_token_comes(scene):
    do = scene(**INTERRUPTED)
    do.charge()
    do(CableUnplugged())
    assert do.told[-1] == ("Updated", "EVCommunicationLost", None)
    assert not [e for e in do.effects if isinstance(e, StartTimer | UnlockConnector)]
    assert UnlockConnector(1) in do(TokenPresented(ALICE))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


def test_e10_a_cable_that_is_put_back_resumes_the_charge(scene):
    do = scene(fixed_cables=(1,), **INTERRUPTED)
    do.charge()
    do(CableUnplugged())
    effects = do(CablePlugged())
    assert StopTimer(1, ConnectionTimedOut()) in effects
    assert CloseContactor(1) in effects
    assert (do.last_report.trigger, do.last_report.charging_state) == (
        "CablePluggedIn",
        "EVConnected",
    )


@pytest.mark.parametrize(
    ("stop", "end"),
    [
        ("Authorized", ("Ended", "EVConnectTimeout", "Timeout")),
        ("ParkingBayOccupancy", ("Updated", "EVConnectTimeout", None)),
    ],
)
def test_e10_fr_02_nobody_comes_back_to_a_cable_that_stays_here(scene, stop, end):
    settings = {**INTERRUPTED, **points("PowerPathClosed", stop)}
    do = scene(fixed_cables=(1,), ev_connection_timeout=45.0, **settings)
    do(BayOccupied())
    do.charge()
    assert StartTimer(1, ConnectionTimedOut(), 45.0) in do(CableUnplugged())
    do(ConnectionTimedOut())
    assert do.told[-1] == end
    assert do.station.evse(1).session == "idle"
    do(CablePlugged())
    assert do.station.evse(1).chart.is_in("off")
