"""Reset of the station and of an EVSE: wait, end what runs, start anew (2.x B11, B12)."""

import pytest

from pilotwire.machines.effects import (
    AwaitDelivery,
    KeepAvailability,
    OpenContactor,
    RefuseToken,
    ReportConnector,
    ReportResetFailure,
    ReportTransaction,
    RestartEvse,
    RestartStation,
    StartTimer,
    StopTimer,
    UnlockConnector,
)
from pilotwire.machines.events import (
    IdToken,
    ReportsDelivered,
    ReservationMade,
    ResetFinished,
    ResetRequested,
    ResetTimedOut,
    TokenPresented,
)

NOW = ResetRequested(patience=5.0)
ON_IDLE = ResetRequested(is_on_idle=True, patience=5.0)
BOB = IdToken("B0B")


def kinds(effects):
    return [type(effect) for effect in effects]


# ---- the whole station


def test_an_idle_station_resets_at_once_also_on_idle(scene):
    do = scene(1, 1)
    unavailable = [ReportConnector(1, 1), ReportConnector(2, 1)]  # B11.FR.03
    assert do(ON_IDLE, evse=0) == [AwaitDelivery(0, 5.0), *unavailable]
    assert not do.station.reset.is_scheduled
    assert do(ReportsDelivered(), evse=0) == [RestartStation("RemoteReset")]  # B01.FR.09


def test_b12_fr_04_at_once_ends_every_transaction_and_tells_it_before(scene):
    do = scene(1, 1)
    do.charge()
    effects = do(NOW, evse=0)
    (ended,) = [e for e in effects if isinstance(e, ReportTransaction)]
    assert (ended.kind, ended.trigger, ended.reason) == ("Ended", "ResetCommand", "ImmediateReset")
    assert kinds(effects).index(ReportTransaction) < kinds(effects).index(OpenContactor)
    assert effects[-3:] == [
        AwaitDelivery(0, 5.0),
        ReportConnector(1, 1),
        ReportConnector(2, 1),
    ]
    assert RefuseToken(2, BOB, "Inoperative") in do(TokenPresented(BOB), evse=2)


def test_b12_fr_01_on_idle_waits_for_the_last_transaction(scene):
    do = scene(1, 1)
    do.charge()
    # 3a of B12: what is free is unavailable from now on.
    assert do(ON_IDLE, evse=0) == [ReportConnector(2, 1)]
    assert do.station.reset.is_scheduled
    assert do.station.evse(2).is_held
    assert not do.station.evse(1).is_held
    assert RefuseToken(2, BOB, "Inoperative") in do(TokenPresented(BOB), evse=2)
    effects = do(TokenPresented(IdToken("A11CE")))
    assert AwaitDelivery(0, 5.0) in effects  # B12.FR.03
    assert do(ReportsDelivered(), evse=0) == [RestartStation("ScheduledReset")]  # B01.FR.09


def test_one_at_once_overtakes_one_on_idle(scene):
    do = scene()
    do.charge()
    do(ON_IDLE, evse=0)
    assert do(ON_IDLE, evse=0) == []
    assert AwaitDelivery(0, 5.0) in do(NOW, evse=0)
    assert do(NOW, evse=0) == []  # it is under way
    assert do(ReportsDelivered(), evse=0) == [RestartStation("RemoteReset")]


def test_a_reservation_outlives_what_a_reset_holds(scene):
    do = scene(1, 1)
    do.charge()
    do(ReservationMade(7, BOB, 900.0), evse=2)
    do(ReservationMade(8, BOB, 900.0), evse=0)
    do(ON_IDLE, evse=0)
    assert do.station.evse(2).reservation.is_held
    assert do.station.reservation.is_held


# ---- one EVSE


def test_b11_fr_08_an_evse_restarts_its_hardware_and_nobody_else_s(scene):
    do = scene(1, 1)
    assert do(NOW) == [AwaitDelivery(1, 5.0), ReportConnector(1, 1)]
    assert do.station.evse(1).is_held
    assert not do.station.evse(2).is_held
    assert do(ReportsDelivered()) == [RestartEvse(1), StartTimer(1, ResetTimedOut(), 30.0)]
    assert RefuseToken(1, BOB, "Inoperative") in do(TokenPresented(BOB))
    assert do(ResetFinished()) == [StopTimer(1, ResetTimedOut()), ReportConnector(1, 1)]
    assert not do.station.evse(1).is_held


def test_b12_fr_08_its_transaction_ends_before(scene):
    do = scene(1, 1)
    do.charge()
    effects = do(NOW)
    assert kinds(effects)[0] is ReportTransaction
    assert do.told[-1] == ("Ended", "ResetCommand", "ImmediateReset")
    assert UnlockConnector(1, 1) in effects
    assert not any(isinstance(effect, KeepAvailability) for effect in effects)  # B12.FR.06
    assert RestartEvse(1) in do(ReportsDelivered())


def test_b12_fr_07_on_idle_it_waits_for_its_own_transaction(scene):
    do = scene(1, 1)
    do.charge()
    assert do(ON_IDLE) == []
    assert do.station.evse(1).reset.is_scheduled
    assert do(ON_IDLE, evse=2)[0] == AwaitDelivery(2, 5.0)  # that one waits for nobody
    effects = do(TokenPresented(IdToken("A11CE")))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")
    assert AwaitDelivery(1, 5.0) in effects


@pytest.mark.parametrize("retries", [0, 2])
def test_hardware_that_does_not_come_back_is_restarted_and_given_up(scene, retries):
    do = scene(reset_retries=retries)
    do(NOW, ReportsDelivered())
    for _ in range(retries):
        assert do(ResetTimedOut()) == [RestartEvse(1), StartTimer(1, ResetTimedOut(), 30.0)]
    assert do(ResetTimedOut()) == [ReportResetFailure(1), ReportConnector(1, 1)]
    assert do(NOW)[0] == AwaitDelivery(1, 5.0)  # another one may be tried
    assert do(ReportsDelivered())[0] == RestartEvse(1)
