"""Reservations of an EVSE and of the station: made, used, expired, lost (2.x H, 1.6 5.13)."""

import pytest

from pilotwire.machines.effects import (
    AskAuthorization,
    IgnoreFact,
    KeepReservation,
    RefuseToken,
    ReportConnector,
    ReportReservation,
    StartTimer,
    StopTimer,
)
from pilotwire.machines.events import (
    AuthorizationDecided,
    CablePlugged,
    FaultCleared,
    FaultRaised,
    IdToken,
    ReservationCancelled,
    ReservationExpired,
    ReservationMade,
    TokenPresented,
)

BOB = IdToken("B0B")


def held_for(token: IdToken, parent: str | None = None, number: int = 7) -> ReservationMade:
    return ReservationMade(number, token, seconds=900.0, parent=parent)


def timer(evse: int) -> StartTimer:
    return StartTimer(evse, ReservationExpired(), 900.0)


def stop(evse: int) -> StopTimer:
    return StopTimer(evse, ReservationExpired())


def gone(evse: int) -> KeepReservation:
    return KeepReservation(evse, None)


def test_a_reservation_is_timed_and_shown(scene, alice):
    do = scene(2)
    assert do(held_for(alice)) == [
        KeepReservation(1, held_for(alice)),  # B01.FR.13
        timer(1),
        ReportConnector(1, 1),
        ReportConnector(1, 2),
    ]


def test_h01_fr_02_a_new_one_with_the_place_replaces_the_old(scene, alice):
    do = scene()
    do(held_for(BOB, number=1))
    later = held_for(alice, number=2)
    assert do(later) == [stop(1), KeepReservation(1, later), timer(1)]
    assert do.station.evse(1).reservation.reservation_id == 2


def test_cancelled_it_is_gone_and_cannot_be_cancelled_twice(scene, alice):
    do = scene()
    do(held_for(alice))
    assert do(ReservationCancelled()) == [gone(1), stop(1), ReportConnector(1, 1)]
    assert isinstance(do(ReservationCancelled())[0], IgnoreFact)


def test_h04_fr_01_expired_it_is_told(scene, alice):
    do = scene()
    do(held_for(alice))
    assert do(ReservationExpired()) == [
        gone(1),
        ReportReservation(7, "Expired"),
        ReportConnector(1, 1),
    ]
    assert do.station.evse(1).refusal(BOB) is None


def test_h03_fr_01_its_token_uses_it_up_and_the_transaction_names_it(scene, alice):
    do = scene()
    do(held_for(alice), CablePlugged())
    do.authorize()
    assert do.last_report.reservation_id == 7
    assert stop(1) in do.effects
    assert not do.station.evse(1).reservation.is_held


def test_another_token_is_refused_once_its_group_is_known(scene, alice):
    do = scene()
    do(held_for(alice, parent="FAMILY"))
    assert do(TokenPresented(BOB)) == [AskAuthorization(1, BOB)]  # perhaps of the group
    refusal = [RefuseToken(1, BOB, "Reserved")]
    assert do(AuthorizationDecided(BOB, "Accepted", "STRANGERS")) == refusal
    assert do.authorize(BOB) == refusal  # of no group at all


def test_h03_fr_04_the_same_group_uses_it_up(scene, alice):
    do = scene()
    do(held_for(alice, parent="FAMILY"), CablePlugged())
    do.authorize(BOB, parent="FAMILY")
    assert do.last_report.reservation_id == 7
    assert do.last_report.id_token == BOB


def test_h01_fr_16_a_fault_removes_it(scene, alice):
    do = scene()
    do(held_for(alice))
    assert do(FaultRaised()) == [
        gone(1),
        stop(1),
        ReportReservation(7, "Removed"),
        ReportConnector(1, 1),
    ]
    do(FaultCleared())
    assert do.station.evse(1).refusal(BOB) is None


def test_a_fault_of_one_of_two_connectors_leaves_it(scene, alice):
    do = scene(2)
    do(held_for(alice), FaultRaised(1))
    assert do.station.evse(1).reservation.is_held
    do(FaultRaised(2))
    assert not do.station.evse(1).reservation.is_held


@pytest.mark.parametrize("of_the_station", [False, True])
def test_h01_fr_17_taken_out_of_service_it_is_removed(scene, alice, of_the_station):
    do = scene()
    do(held_for(alice))
    whose = do.station if of_the_station else do.station.evse(1)
    assert ReportReservation(7, "Removed") in whose.request_availability(False)


# ---- of the station: any EVSE


def test_h01_fr_07_one_evse_remains_for_a_reservation_of_the_station(scene, alice):
    do = scene(1, 1)
    assert do(held_for(alice), evse=0) == [KeepReservation(0, held_for(alice)), timer(0)]
    do.authorize(BOB, evse=1)  # another one is free
    assert do.station.evse(1).session == "token_first"
    assert do.station.reservation.is_held  # and BOB did not use it up
    assert do.authorize(BOB, evse=2) == [RefuseToken(2, BOB, "Reserved")]


def test_h03_fr_03_its_token_uses_it_at_any_evse(scene, alice):
    do = scene(1, 1)
    do(held_for(alice), evse=0)
    do(CablePlugged(), evse=2)
    do.authorize(evse=2)
    assert do.last_report.reservation_id == 7
    assert not do.station.reservation.is_held


def test_h03_fr_06_its_group_uses_it_at_any_evse(scene, alice):
    do = scene()
    do(held_for(alice, parent="FAMILY"), evse=0)
    do(CablePlugged())
    do.authorize(BOB, parent="FAMILY")
    assert do.last_report.reservation_id == 7


def test_an_evse_reserved_by_itself_does_not_count_as_the_one_that_remains(scene, alice):
    do = scene(1, 1)
    do(held_for(alice), evse=0)
    do(held_for(IdToken("CAR0L"), number=8), evse=2)
    assert do.authorize(BOB, evse=1) == [RefuseToken(1, BOB, "Reserved")]


def test_a_reservation_of_the_station_expires_and_is_told(scene, alice):
    do = scene()
    do(held_for(alice), evse=0)
    assert do(ReservationExpired(), evse=0) == [gone(0), ReportReservation(7, "Expired")]


def test_a_reservation_of_the_station_is_removed_with_the_last_usable_evse(scene, alice):
    do = scene(1, 1)
    do(held_for(alice), evse=0)
    do(FaultRaised(), evse=1)
    assert do.station.reservation.is_held
    assert ReportReservation(7, "Removed") in do(FaultRaised(), evse=2)


def test_both_kinds_are_used_one_at_a_time_the_nearer_first(scene, alice):
    do = scene()
    do(held_for(alice, number=1), evse=0)
    do(held_for(alice, number=2))
    do(CablePlugged())
    do.authorize()
    assert do.last_report.reservation_id == 2
    assert do.station.reservation.is_held
