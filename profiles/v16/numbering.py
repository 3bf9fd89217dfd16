"""1.6 counts connectors through the whole station, from 1; 0 is the station itself (3.8)."""

from ...machines.connector import Connector
from ...machines.station import Station


def connector_id(station: Station, evse_id: int, connector: int) -> int:
    """Give 1.6's number of an EVSE's connector; an EVSE's connector 0 (none yet) counts as its
    first.
    """
    before = sum(len(evse.connectors) for evse in station.evses[: evse_id - 1])
    return before + max(connector, 1)


def connector_of(station: Station, connector_id: int) -> Connector | None:
    """Give the connector with 1.6's number, or None where the station has none such."""
    for evse in station.evses:
        if 1 <= connector_id <= len(evse.connectors):
            return evse.connectors[connector_id - 1]
        connector_id -= len(evse.connectors)
    return None


def connectors(station: Station) -> int:
    """Count them."""
    return sum(len(evse.connectors) for evse in station.evses)
