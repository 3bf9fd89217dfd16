"""ConnectorStatus and AvailabilityState as projections of the tree."""

from itertools import count

import pytest

from pilotwire.machines.events import (
    AuthorizationDecided,
    CablePlugged,
    CableUnplugged,
    Event,
    FaultCleared,
    FaultRaised,
    IdToken,
    ReservationCancelled,
    ReservationMade,
    TokenPresented,
)
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station
from pilotwire.profiles.v2.status import connector_status, evse_status, station_status

MINE = IdToken("MINE")


@pytest.fixture
def station() -> Station:
    numbers = count(1)
    return Station(Settings(), (2, 1), lambda: f"tx-{next(numbers)}")


def statuses(station: Station) -> list[str]:
    return [connector_status(c) for evse in station.evses for c in evse.connectors]


def happen(station: Station, *facts: Event) -> None:
    for fact in facts:
        station.handle(1, fact)


def test_a_cable_occupies_its_connector_only(station: Station) -> None:
    happen(station, CablePlugged(2))
    assert statuses(station) == ["Available", "Occupied", "Available"]
    assert [evse_status(evse) for evse in station.evses] == ["Occupied", "Available"]


def test_a_fault_hides_what_else_there_is(station: Station) -> None:
    happen(station, CablePlugged(1), FaultRaised(1, "GroundFailure"))
    assert statuses(station)[:2] == ["Faulted", "Available"]
    assert evse_status(station.evse(1)) == "Faulted"
    happen(station, FaultCleared(1))
    assert statuses(station)[:2] == ["Occupied", "Available"]


def test_a_reservation_shows_until_its_token_comes(station: Station) -> None:
    happen(station, ReservationMade(1, MINE, seconds=60, connector=2))
    assert statuses(station) == ["Available", "Reserved", "Available"]
    happen(station, CablePlugged(2))
    assert statuses(station)[1] == "Reserved"  # G03.FR.09
    happen(station, TokenPresented(MINE), AuthorizationDecided(MINE, "Accepted"))
    assert statuses(station)[1] == "Occupied"


def test_a_reservation_of_the_evse_shows_at_all_its_connectors(station: Station) -> None:
    happen(station, ReservationMade(1, MINE, seconds=60))
    assert statuses(station) == ["Reserved", "Reserved", "Available"]
    assert evse_status(station.evse(1)) == "Reserved"
    happen(station, ReservationCancelled())
    assert statuses(station)[:2] == ["Available", "Available"]


def test_out_of_service(station: Station) -> None:
    happen(station, CablePlugged(1), TokenPresented(MINE))
    happen(station, AuthorizationDecided(MINE, "Accepted"))
    station.request_availability(False)
    assert statuses(station) == ["Occupied", "Available", "Unavailable"]
    assert station_status(station) == "Available"  # the change waits


def test_the_station_is_faulted_when_all_of_it_is(station: Station) -> None:
    for evse, connector in ((1, 1), (1, 2)):
        station.handle(evse, FaultRaised(connector, "GroundFailure"))
    assert station_status(station) == "Available"
    station.handle(2, FaultRaised(1, "GroundFailure"))
    assert station_status(station) == "Faulted"


def test_e10_a_cable_that_stays_here_is_free_while_its_car_is_gone() -> None:
    settings = Settings(tx_stop_points=frozenset({"Authorized"}), stop_on_ev_side_disconnect=False)
    station = Station(settings, (1,), lambda: "tx", fixed_cables=(1,))
    accepted = AuthorizationDecided(MINE, "Accepted")
    happen(station, CablePlugged(1), TokenPresented(MINE), accepted)
    assert statuses(station) == ["Occupied"]
    happen(station, CableUnplugged(1))
    assert statuses(station) == ["Available"]
    assert station.evse(1).transaction is not None
    happen(station, CablePlugged(1))
    assert statuses(station) == ["Occupied"]
