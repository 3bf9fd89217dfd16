"""The station: its reader, and availability of station, EVSE and connector (2.x G03, 1.6 5.2)."""

import pytest

from pilotwire.machines.effects import (
    AskAuthorization,
    IgnoreFact,
    KeepAvailability,
    RefuseToken,
    ReportConnector,
)
from pilotwire.machines.events import (
    CablePlugged,
    CableUnplugged,
    FaultRaised,
    IdToken,
    ReservationMade,
    TokenPresented,
)

BOB = IdToken("B0B")


def connectors(*evses: int) -> list[ReportConnector]:
    return [ReportConnector(evse, 1 if evse else 0) for evse in evses]


# ---- the whole station


def test_g03_out_of_service_and_back(scene, alice):
    station = scene(1, 1).station
    assert station.request_availability(False) == [
        KeepAvailability(0, 0, False),
        *connectors(1, 2, 0),
    ]
    assert not station.is_operative
    assert station.evse(1).refusal(alice) == "Inoperative"
    assert station.request_availability(True) == [
        KeepAvailability(0, 0, True),
        *connectors(1, 2, 0),
    ]
    assert station.evse(1).refusal(alice) is None


def test_g03_fr_03_asked_for_what_is_so_already_it_keeps_it_and_reports_nothing(scene):
    station = scene().station
    assert station.request_availability(True) == [KeepAvailability(0, 0, True)]
    station.request_availability(False)
    assert station.request_availability(False) == [KeepAvailability(0, 0, False)]


def test_g03_fr_05_idle_evses_follow_at_once_the_busy_one_when_it_is_done(scene, alice):
    do = scene(1, 1)
    do.charge()
    assert do.station.request_availability(False) == [
        KeepAvailability(0, 0, False),
        *connectors(2, 0),
    ]
    assert do.station.chart.is_in("change_scheduled")
    assert do.station.evse(2).refusal(BOB) == "Inoperative"
    do(TokenPresented(alice))
    assert do.station.chart.is_in("inoperative")
    assert not do.station.evse(1).is_operative
    effects = do(CableUnplugged())
    assert ReportConnector(1, 1) in effects


def test_a_scheduled_change_can_be_taken_back(scene, alice):
    do = scene(1, 1)
    do.charge()
    do.station.request_availability(False)
    assert do.station.request_availability(True) == [
        KeepAvailability(0, 0, True),
        *connectors(2, 0),
    ]
    do(TokenPresented(alice), CableUnplugged())
    assert do.station.evse(1).is_operative


def test_asked_twice_a_change_stays_scheduled(scene):
    do = scene()
    do.charge()
    do.station.request_availability(False)
    do.station.request_availability(False)
    assert do.station.chart.is_in("change_scheduled")


# ---- an EVSE


def test_an_evse_out_of_service_and_back(scene, alice):
    do = scene(2)
    evse = do.station.evse(1)
    both = [ReportConnector(1, 1), ReportConnector(1, 2)]
    assert evse.request_availability(False) == [KeepAvailability(1, 0, False), *both]
    assert evse.refusal(alice) == "Inoperative"
    assert evse.request_availability(True) == [KeepAvailability(1, 0, True), *both]


def test_an_evse_in_use_goes_out_of_service_afterwards(scene, alice):
    do = scene(1, 1)
    do.charge()
    evse = do.station.evse(1)
    evse.request_availability(False)
    assert evse.chart.is_in("change_scheduled")
    assert evse.is_operative
    do(TokenPresented(alice))
    assert evse.chart.is_in("inoperative")
    assert do.station.evse(2).is_operative


def test_somebody_who_is_authorized_and_has_no_cable_in_yet_is_in_use_too(scene):
    do = scene()
    do.authorize()
    evse = do.station.evse(1)
    evse.request_availability(False)
    evse.request_availability(False, connector=1)
    assert evse.chart.is_in("change_scheduled")
    assert evse.connectors[0].chart.is_in("change_scheduled")
    do(CablePlugged())
    assert do.told[0][0] == "Started"
    do(CableUnplugged())
    assert evse.chart.is_in("inoperative")
    assert evse.connectors[0].chart.is_in("inoperative")


# ---- a connector


def test_one_connector_out_of_service_leaves_the_other(scene, alice):
    do = scene(2)
    evse = do.station.evse(1)
    assert evse.request_availability(False, connector=2) == [
        KeepAvailability(1, 2, False),
        ReportConnector(1, 2),
    ]
    assert evse.refusal(alice) is None
    do(CablePlugged(2))
    assert evse.refusal(alice) == "Inoperative"  # the cable is in the wrong one
    do(CableUnplugged(2), CablePlugged(1))
    assert evse.refusal(alice) is None


def test_who_is_authorized_cannot_charge_at_a_connector_out_of_service(scene):
    do = scene(2)
    do.station.evse(1).request_availability(False, connector=2)
    do.authorize()
    do(CablePlugged(2))
    assert do.told == []
    assert do.station.evse(1).session == "token_first"


def test_a_connector_in_use_goes_out_of_service_afterwards(scene, alice):
    do = scene(2)
    do.charge()
    evse = do.station.evse(1)
    evse.request_availability(False, connector=1)
    evse.request_availability(False, connector=2)  # not in use: at once
    assert [c.is_operative for c in evse.connectors] == [True, False]
    do(TokenPresented(alice))
    assert [c.is_operative for c in evse.connectors] == [False, False]


def test_levels_are_kept_apart(scene):
    do = scene()
    evse = do.station.evse(1)
    evse.request_availability(False, connector=1)
    do.station.request_availability(False)
    do.station.request_availability(True)
    assert evse.is_operative
    assert not evse.connectors[0].is_operative  # G03.FR.07: back to what it was


# ---- the station's own reader


@pytest.fixture
def at_reader(scene):
    def at_reader(do, token):
        return do(TokenPresented(token), evse=0)

    return at_reader


def test_the_reader_finds_the_evse_where_a_cable_waits(scene, alice, at_reader):
    do = scene(1, 1, 1)
    do(CablePlugged(), evse=2)
    assert at_reader(do, alice) == [AskAuthorization(2, alice)]


def test_the_reader_finds_a_free_evse(scene, alice, at_reader):
    do = scene(1, 1)
    do(FaultRaised(), evse=1)
    assert at_reader(do, alice) == [AskAuthorization(2, alice)]


def test_the_reader_finds_the_evse_that_is_reserved_for_the_token(scene, alice, at_reader):
    do = scene(1, 1)
    do(ReservationMade(7, alice, 60.0), evse=2)
    assert at_reader(do, alice) == [AskAuthorization(2, alice)]


def test_the_reader_asks_where_the_only_evse_is_reserved_perhaps_for_the_group(
    scene, alice, at_reader
):
    do = scene()
    do(ReservationMade(7, alice, 60.0, parent="FAMILY"))
    assert at_reader(do, BOB) == [AskAuthorization(1, BOB)]


def test_the_reader_stops_where_the_token_charges(scene, alice, at_reader):
    do = scene(1, 1)
    do(CablePlugged(), evse=2)
    do.authorize(evse=2)
    at_reader(do, alice)
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


def test_shown_twice_at_the_reader_it_is_asked_once(scene, alice, at_reader):
    do = scene(1, 1)
    assert at_reader(do, alice) == [AskAuthorization(1, alice)]
    assert [type(e) for e in at_reader(do, alice)] == [IgnoreFact]


def test_where_no_evse_is_free_the_reader_refuses(scene, alice, at_reader):
    do = scene()
    do(FaultRaised())
    assert at_reader(do, alice) == [RefuseToken(0, alice, "Occupied")]


def test_an_evse_that_is_not_there_is_an_error_of_ours(scene):
    with pytest.raises(IndexError, match="no EVSE 3"):
        scene(1, 1).station.evse(3)
    with pytest.raises(IndexError):
        scene().station.handle(2, CablePlugged())
