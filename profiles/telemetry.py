"""Live variables: how each is read from the station when somebody asks (2.x part 1 chapter 4)."""

import functools
from collections.abc import Callable
from datetime import datetime

from ..machines.connector import Connector
from .context import StationContext
from .device_model import Key, Readings, Value
from .messages.base import timestamp
from .v2.status import connector_status, evse_status, station_status

Reading = Callable[[StationContext], Value | None]


@functools.lru_cache(64)
def telemetry(connectors: tuple[int, ...]) -> Readings:
    """Give the readings of a station with this many connectors at each EVSE. Such stations share
    them.
    """
    readings: dict[Key, Reading] = dict(_STATION)
    for evse_id, count in enumerate(connectors, start=1):
        readings.update(_of_evse(evse_id))
        for number in range(1, count + 1):
            readings.update(_of_connector(evse_id, number))
    return readings


def _date_time(context: StationContext) -> datetime:
    return timestamp(context.now())


_STATION: dict[Key, Reading] = {
    Key("ChargingStation", "AvailabilityState"): lambda context: station_status(context.station),
    Key("ChargingStation", "Problem"): lambda context: all(
        evse.is_faulted for evse in context.station.evses
    ),
    Key("ClockCtrlr", "DateTime"): _date_time,
}


def _of_evse(evse_id: int) -> dict[Key, Reading]:
    def of(variable: str) -> Key:
        return Key("EVSE", variable, evse=evse_id)

    return {
        of("AvailabilityState"): lambda context: evse_status(context.station.evse(evse_id)),
        of("Problem"): lambda context: context.station.evse(evse_id).is_faulted,
        of("Power"): lambda context: context.read_meter(evse_id).power_import,
    }


def _of_connector(evse_id: int, number: int) -> dict[Key, Reading]:
    def of(variable: str) -> Key:
        return Key("Connector", variable, evse=evse_id, connector=number)

    return {
        of("Problem")._replace(component="ConnectorPlugRetentionLock"): lambda context: (
            _lock_failed(context.station.evse(evse_id).connectors[number - 1])
        ),
        of("AvailabilityState"): lambda context: connector_status(
            context.station.evse(evse_id).connectors[number - 1]
        ),
        of("Problem"): lambda context: (
            context.station.evse(evse_id).connectors[number - 1].is_faulted
        ),
    }


def _lock_failed(connector: Connector) -> bool:
    return connector.fault is not None and connector.fault.error_code == "ConnectorLockFailure"
