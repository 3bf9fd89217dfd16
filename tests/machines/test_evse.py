"""Sessions at one EVSE as dialogues: who comes first, who stops, what breaks, what is recalled."""

import pytest

from pilotwire.machines.effects import (
    AcceptToken,
    AskAuthorization,
    CloseContactor,
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
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    ConnectorUnlocked,
    EnergyFlowing,
    FaultCleared,
    FaultRaised,
    IdToken,
    StopRequested,
    SuspendedByEv,
    SuspendedByEvse,
    TokenPresented,
    TransactionDeauthorized,
)

BOB = IdToken("B0B")
SEEN = ReportConnector(1, 1)
TIMER = StartTimer(1, ConnectionTimedOut(), 60.0)
NO_TIMER = StopTimer(1, ConnectionTimedOut())


def report(kind, trigger, reason=None, state="EVConnected", token=None, **more):
    return ReportTransaction(
        1, "tx1", kind, trigger, reason, connector=1, id_token=token, charging_state=state, **more
    )


def test_cable_first(scene, alice):
    do = scene()
    assert do(CablePlugged()) == [SEEN]
    assert do(TokenPresented(alice)) == [AskAuthorization(1, alice)]
    assert do(AuthorizationDecided(alice, "Accepted")) == [
        AcceptToken(1, alice),
        report("Started", "Authorized", token=alice),
        LockConnector(1, 1),
        CloseContactor(1),
        SEEN,
    ]
    assert do(EnergyFlowing()) == [
        report("Updated", "ChargingStateChanged", state="Charging", token=alice),
        SEEN,
    ]
    assert do(TokenPresented(alice)) == [
        report("Ended", "StopAuthorized", "Local", token=alice, stop_token=alice),
        OpenContactor(1),
        UnlockConnector(1, 1),
        SEEN,
    ]
    assert do(CableUnplugged()) == [SEEN]


def test_token_first(scene, alice):
    do = scene()
    assert do.authorize() == [AcceptToken(1, alice), TIMER, SEEN]
    assert do(CablePlugged()) == [
        NO_TIMER,
        report("Started", "CablePluggedIn", token=alice),
        LockConnector(1, 1),
        CloseContactor(1),
        SEEN,
    ]


def test_a_token_without_a_cable_runs_out(scene):
    do = scene(ev_connection_timeout=30.0)
    do.authorize()
    assert StartTimer(1, ConnectionTimedOut(), 30.0) in do.effects
    assert do(ConnectionTimedOut()) == [SEEN]
    assert do(CablePlugged()) == [SEEN]  # too late: nobody is authorized
    assert do.told == []


def test_e03_fr_05_a_transaction_begun_by_a_token_times_out(scene):
    do = scene(tx_start_points=frozenset({"Authorized"}), tx_stop_points=frozenset({"EVConnected"}))
    do.authorize()
    do(ConnectionTimedOut())
    assert do.told == [
        ("Started", "Authorized", None),
        ("Ended", "EVConnectTimeout", "Timeout"),
    ]


def test_e03_fr_15_with_a_bay_it_is_only_deauthorized(scene):
    from pilotwire.machines.events import BayOccupied, BayVacated

    do = scene(
        tx_start_points=frozenset({"ParkingBayOccupancy"}),
        tx_stop_points=frozenset({"ParkingBayOccupancy"}),
    )
    do(BayOccupied())
    do.authorize()
    do(ConnectionTimedOut())
    assert do.told[-1] == ("Updated", "EVConnectTimeout", None)
    do(BayVacated())
    assert do.told[-1] == ("Ended", "EVDeparted", "Timeout")


def test_a_second_charge_with_the_cable_still_in(scene):
    do = scene()
    do.charge()
    do(TokenPresented(IdToken("A11CE")))
    do.authorize(BOB)
    assert do.last_report.transaction_id == "tx2"
    assert do.last_report.id_token == BOB


def test_e01_fr_02_authorized_anew_with_the_cable_in_starts_by_the_cable(scene, alice):
    do = scene(tx_start_points=frozenset({"EVConnected"}), tx_stop_points=frozenset({"Authorized"}))
    do.charge()
    do(TokenPresented(alice))
    do.authorize(BOB)
    assert [(r.kind, r.transaction_id) for r in do.effects if isinstance(r, ReportTransaction)][
        -2:
    ] == [("Ended", "tx1"), ("Started", "tx2")]


def test_suspension_is_told_and_stops_nothing(scene):
    do = scene()
    do.charge()
    do(SuspendedByEv())
    assert do.last_report.charging_state == "SuspendedEV"
    do(SuspendedByEvse())
    assert do.last_report.charging_state == "SuspendedEVSE"
    do(EnergyFlowing())
    assert do.last_report.charging_state == "Charging"
    assert {kind for kind, _, _ in do.told} == {"Started", "Updated"}


def test_facts_that_hardware_repeats_are_ignored(scene):
    do = scene()
    do.charge()
    before = do.station.evse(1).remember()
    assert do(FaultCleared()) == []
    for fact in (CablePlugged(), EnergyFlowing()):
        [ignored] = do(fact)
        assert isinstance(ignored, IgnoreFact)
        assert ignored.event == type(fact).__name__
    assert do(CablePlugged(3)) == [IgnoreFact(1, "CablePlugged", ("no connector 3",))]
    assert do.station.evse(1).remember() == before


def test_a_driver_begins_with_what_is_known_already(scene):
    do = scene()
    before = do.station.evse(1).remember()
    for fact in (FaultCleared(), CableUnplugged()):
        assert do(fact) == []
    assert do(CableUnplugged(3)) == [IgnoreFact(1, "CableUnplugged", ("no connector 3",))]
    assert do.station.evse(1).remember() == before


def test_energy_facts_mean_nothing_while_the_contactor_is_open(scene):
    do = scene()
    do(CablePlugged())
    for fact in (EnergyFlowing(), SuspendedByEv(), SuspendedByEvse()):
        assert isinstance(do(fact)[0], IgnoreFact)


# ---- the cable comes out in mid-charge


def test_e09_unplugged_in_mid_charge_it_stops(scene, alice):
    do = scene()
    do.charge()
    assert do(CableUnplugged()) == [
        report("Ended", "EVCommunicationLost", "EVDisconnected", state="Idle", token=alice),
        OpenContactor(1),
        UnlockConnector(1, 1),
        SEEN,
    ]
    do(CablePlugged())
    assert do.station.evse(1).session == "plugged_first"  # to be authorized once again


def test_e10_kept_on_disconnect_it_goes_on_with_the_cable(scene, alice):
    do = scene(stop_on_ev_side_disconnect=False, tx_stop_points=frozenset({"Authorized"}))
    do.charge()
    assert do(CableUnplugged()) == [
        report("Updated", "EVCommunicationLost", state="Idle", token=alice),
        OpenContactor(1),  # E10.FR.01: and the cable stays locked
        SEEN,
    ]
    assert do(CablePlugged()) == [
        report("Updated", "CablePluggedIn", token=alice),
        CloseContactor(1),
        SEEN,
    ]


def test_e10_interrupted_its_token_ends_it_and_frees_the_cable(scene, alice):
    do = scene(stop_on_ev_side_disconnect=False, tx_stop_points=frozenset({"Authorized"}))
    do.charge()
    do(CableUnplugged())
    effects = do(TokenPresented(alice))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")
    assert UnlockConnector(1, 1) in effects
    assert do.station.evse(1).session == "idle"


def test_e09_fr_03_a_cable_kept_locked_waits_for_its_owner(scene, alice):
    do = scene(unlock_on_ev_side_disconnect=False)
    do.charge()
    assert UnlockConnector(1, 1) not in do(CableUnplugged())
    assert do.station.evse(1).refusal(BOB) == "Occupied"
    assert do(TokenPresented(alice)) == [UnlockConnector(1, 1), SEEN]
    assert do.station.evse(1).refusal(BOB) is None


# ---- faults


def test_a_fault_in_mid_charge_comes_back_to_charging_by_itself(scene, alice):
    do = scene()
    do.charge()
    assert do(FaultRaised(error_code="GroundFailure")) == [
        report("Updated", "AbnormalCondition", state="SuspendedEVSE", token=alice),
        OpenContactor(1),
        SEEN,
    ]
    assert do(FaultCleared()) == [
        report("Updated", "ChargingStateChanged", token=alice),
        CloseContactor(1),
        SEEN,
    ]
    do(EnergyFlowing())
    assert do.last_report.charging_state == "Charging"


def test_a_fault_stops_a_transaction_whose_stop_point_is_energy(scene):
    do = scene(tx_stop_points=frozenset({"EnergyTransfer"}))
    do.charge()
    do(FaultRaised())
    assert do.told[-1] == ("Ended", "AbnormalCondition", "Other")  # E06.FR.16


def test_a_fault_while_idle_is_shown_and_refuses(scene, alice):
    do = scene()
    assert do(FaultRaised(error_code="HighTemperature")) == [SEEN]
    assert do.station.evse(1).refusal(alice) == "Faulted"
    assert do(FaultRaised(error_code="GroundFailure")) == [SEEN]  # another error to tell
    assert do(FaultRaised(error_code="GroundFailure")) == []
    assert do(FaultCleared()) == [SEEN]
    assert do.station.evse(1).refusal(alice) is None


def test_a_cable_in_a_faulty_connector_waits_and_then_charges(scene, alice):
    do = scene()
    do(FaultRaised(), CablePlugged(), FaultCleared())
    do.authorize()
    assert do.told == [("Started", "Authorized", None)]


def test_somebody_authorized_is_not_taken_up_by_a_faulty_connector(scene):
    do = scene(2)
    do(FaultRaised(2))
    do.authorize()
    do(CablePlugged(2))
    assert do.station.evse(1).session == "token_first"
    effects = do(FaultCleared(2))
    assert LockConnector(1, 2) in effects
    assert CloseContactor(1) in effects


def test_a_fault_of_the_other_connector_is_none_of_its_business(scene):
    do = scene(2)
    do.charge()
    before = len(do.told)
    assert do(FaultRaised(2)) == [ReportConnector(1, 2)]
    assert len(do.told) == before


# ---- two connectors


def test_a_second_cable_waits_for_the_first_to_leave(scene, alice):
    do = scene(2)
    do.charge()
    before = len(do.told)
    assert do(CablePlugged(2)) == [ReportConnector(1, 2)]
    assert len(do.told) == before  # E01.FR.14
    do(TokenPresented(alice))
    assert do(CableUnplugged(1)) == [ReportConnector(1, 1), ReportConnector(1, 2)]
    assert do.station.evse(1).connector.number == 2
    do.authorize(BOB)
    assert do.last_report.connector == 2


def test_a_second_cable_that_leaves_again_changes_nothing(scene):
    do = scene(2)
    do.charge()
    do(CablePlugged(2))
    assert do(CableUnplugged(2)) == [ReportConnector(1, 2)]
    assert do.station.evse(1).session == "active"


def test_a_second_cable_starts_its_own_transaction_when_its_turn_comes(scene):
    points = frozenset({"EVConnected"})
    do = scene(2, tx_start_points=points, tx_stop_points=points)
    do(CablePlugged(1), CablePlugged(2), CableUnplugged(1))
    assert [
        (r.kind, r.transaction_id, r.connector)
        for r in do.effects
        if isinstance(r, ReportTransaction)
    ] == [("Started", "tx1", 1), ("Ended", "tx1", 1), ("Started", "tx2", 2)]


# ---- the CSMS refuses the token after the start


def test_e05_fr_10_deauthorized_it_ends_and_the_cable_waits_for_its_owner(scene, alice):
    do = scene()
    do.charge()
    assert do(TransactionDeauthorized()) == [
        report("Ended", "Deauthorized", "DeAuthorized", token=alice),
        OpenContactor(1),
        SEEN,
    ]
    assert do.station.evse(1).refusal(BOB) == "Occupied"
    assert do(TokenPresented(alice)) == [UnlockConnector(1, 1), SEEN]  # E05.FR.11


def test_e05_fr_09_deauthorized_it_lives_on_without_energy_where_only_the_cable_stops_it(
    scene, alice
):
    do = scene(tx_stop_points=frozenset({"EVConnected"}))
    do.charge()
    assert do(TransactionDeauthorized())[:2] == [
        report("Updated", "Deauthorized", token=alice),
        OpenContactor(1),
    ]
    do(CableUnplugged())
    assert do.told[-1] == ("Ended", "EVCommunicationLost", "DeAuthorized")


def test_e05_fr_02_kept_it_is_suspended_until_it_is_stopped(scene, alice):
    do = scene(stop_on_invalid_id=False)
    do.charge()
    assert do(TransactionDeauthorized()) == [
        report("Updated", "ChargingStateChanged", state="SuspendedEVSE", token=alice),
        OpenContactor(1),
        SEEN,
    ]
    assert do.station.evse(1).session == "active"
    assert isinstance(do(TransactionDeauthorized())[0], IgnoreFact)
    do(FaultRaised(), FaultCleared())
    assert do.station.evse(1).chart.is_in("off")  # no fault's end gives energy back
    do(TokenPresented(alice))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


def test_a_cable_kept_for_its_owner_comes_free_by_hand(scene):
    do = scene()
    do.charge()
    do(TransactionDeauthorized())
    do(ConnectorUnlocked())
    assert do.station.evse(1).refusal(BOB) is None


def test_deauthorized_without_a_transaction_is_ignored(scene):
    for stops in (True, False):
        do = scene(stop_on_invalid_id=stops)
        assert isinstance(do(TransactionDeauthorized())[0], IgnoreFact)


# ---- stops from elsewhere


def test_f03_fr_03_a_remote_stop_ends_it(scene):
    do = scene()
    do.charge()
    do(StopRequested("Remote", "RemoteStop"))
    assert do.told[-1] == ("Ended", "RemoteStop", "Remote")
    assert do.last_report.stop_token is None


def test_f03_fr_02_a_remote_stop_ends_energy_where_only_the_cable_ends_it(scene):
    do = scene(
        tx_start_points=frozenset({"EVConnected"}), tx_stop_points=frozenset({"EVConnected"})
    )
    do.charge()
    assert OpenContactor(1) in do(StopRequested("Remote", "RemoteStop"))
    assert do.told[-2:] == [
        ("Updated", "RemoteStop", None),
        ("Updated", "ChargingStateChanged", None),
    ]
    do(StopRequested("Remote", "RemoteStop"))  # told again, though nothing is left to stop
    assert do.told[-1] == ("Updated", "RemoteStop", None)


def test_b12_fr_04_a_reset_ends_it_whatever_its_stop_points(scene):
    do = scene(tx_stop_points=frozenset({"ParkingBayOccupancy"}))
    do.charge()
    do(StopRequested("ImmediateReset", "ResetCommand"))
    assert do.told[-1] == ("Ended", "ResetCommand", "ImmediateReset")


def test_a_stop_where_nobody_charges_is_ignored(scene):
    do = scene()
    assert isinstance(do(StopRequested())[0], IgnoreFact)
    do(CablePlugged())
    assert isinstance(do(StopRequested())[0], IgnoreFact)


def test_an_unknown_transaction_is_at_no_evse(scene):
    do = scene(1, 1)
    do.charge()
    assert do.station.find_transaction("tx1") is do.station.evse(1)
    assert do.station.find_transaction("tx2") is None


# ---- over a restart


def test_a_restart_in_mid_charge_goes_on(scene, alice):
    do = scene()
    do.charge()
    memory = do.station.evse(1).remember()

    later = scene()
    evse = later.station.evse(1)
    assert evse.recall(memory) == []
    assert evse.chart.is_in("off")
    assert evse.resume_energy() == [CloseContactor(1), SEEN]
    later(EnergyFlowing(), TokenPresented(alice))
    assert later.told == [
        ("Updated", "ChargingStateChanged", None),
        ("Ended", "StopAuthorized", "Local"),
    ]


def test_a_restart_in_mid_charge_ends_it(scene):
    do = scene()
    do.charge()
    later = scene()
    later.station.evse(1).recall(do.station.evse(1).remember())
    effects = later(StopRequested("PowerLoss", "AbnormalCondition"))
    assert later.told == [("Ended", "AbnormalCondition", "PowerLoss")]
    assert later.last_report.transaction_id == "tx1"
    assert OpenContactor(1) not in effects  # it is open since the restart


def test_a_restart_arms_the_timers_that_ran(scene):
    do = scene()
    do.authorize()
    later = scene()
    assert later.station.evse(1).recall(do.station.evse(1).remember()) == [TIMER]
    later(CablePlugged())
    assert later.told == [("Started", "CablePluggedIn", None)]


def test_a_restart_keeps_a_cable_for_its_owner(scene, alice):
    do = scene(unlock_on_ev_side_disconnect=False)
    do.charge()
    do(CableUnplugged())
    later = scene()
    later.station.evse(1).recall(do.station.evse(1).remember())
    assert later(TokenPresented(alice)) == [UnlockConnector(1, 1), SEEN]


def test_a_memory_of_another_evse_is_refused(scene):
    memory = scene(2).station.evse(1).remember()
    with pytest.raises(ValueError, match="has 1 connectors"):
        scene(1).station.evse(1).recall(memory)
