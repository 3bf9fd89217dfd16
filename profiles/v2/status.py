"""ConnectorStatus and AvailabilityState, projections of the regions (G01)."""

from typing import Literal

from ...machines.connector import Connector
from ...machines.evse import Evse
from ...machines.station import Station

Status = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]


def connector_status(connector: Connector) -> Status:
    if connector.is_faulted:
        return "Faulted"
    evse = connector.evse
    if _is_reserved(connector):
        return "Reserved"  # G03.FR.09: also while somebody else's cable is in
    if evse.is_in_use and evse.connector is connector:
        return "Available" if _hangs_free(connector) else "Occupied"
    if not connector.is_operative or evse.is_held:
        return "Unavailable"
    if connector.is_plugged or connector.chart.is_in("locked"):
        return "Occupied"
    return "Available"


def _hangs_free(connector: Connector) -> bool:
    """Say whether a cable that stays here waits for its car to come back (E10)."""
    return connector.evse.has_fixed_cable and not connector.is_plugged


def evse_status(evse: Evse) -> Status:
    """Give the AvailabilityState of an EVSE: that of the connector in use, or of the freest."""
    if evse.is_faulted:
        return "Faulted"
    if evse.connector is not None:
        return connector_status(evse.connector)
    states = {connector_status(connector) for connector in evse.connectors}
    order: tuple[Status, ...] = ("Available", "Reserved", "Occupied", "Unavailable")
    return next((status for status in order if status in states), "Faulted")


def station_status(station: Station) -> Status:
    if not station.is_operative:
        return "Unavailable"
    return "Faulted" if all(evse.is_faulted for evse in station.evses) else "Available"


def _is_reserved(connector: Connector) -> bool:
    reservation = connector.evse.reservation
    if not reservation.is_held or reservation.made is None:
        return False
    return reservation.made.connector in (None, connector.number)
