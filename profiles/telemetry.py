"""Live variables: how each is read from the station when somebody asks (2.x part 1 chapter 4)."""

import functools
from collections.abc import Callable
from datetime import datetime

from ..machines.connector import Connector
from ..machines.meter import MeterSample
from .context import StationContext
from .device_model import Key, Readings, Value
from .messages.base import timestamp
from .signed_values import key_text
from .standard.places import PHASES
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
        readings.update(_of_meter(evse_id))
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

    def transaction(context: StationContext) -> str | None:
        running = context.station.evse(evse_id).transaction
        return None if running is None else running.transaction_id

    return {
        of("AvailabilityState"): lambda context: evse_status(context.station.evse(evse_id)),
        of("Problem"): lambda context: context.station.evse(evse_id).is_faulted,
        of("ChargingState"): lambda context: context.station.evse(evse_id).charging_state,
        of("ActiveTransactionId"): transaction,
        Key("ConnectedEV", "Available", evse=evse_id): lambda context: any(
            connector.is_plugged for connector in context.station.evse(evse_id).connectors
        ),
    }


def _of_meter(evse_id: int) -> dict[Key, Reading]:
    def reading(value: Callable[[MeterSample], Value | None]) -> Reading:
        return lambda context: value(context.read_meter(evse_id))

    def of_phase(values: Callable[[MeterSample], tuple[float, ...]], index: int) -> Reading:
        return reading(lambda meter: _phase(values(meter), index))

    place = Key("EVSE", "", evse=evse_id)
    readings = {
        place._replace(variable="Power"): reading(lambda meter: meter.power_import),
        place._replace(variable="DCCurrent"): reading(lambda meter: _phase(meter.current_import)),
        place._replace(variable="DCVoltage"): reading(lambda meter: _phase(meter.voltage)),
        Key("FiscalMetering", "EnergyImportRegister", evse=evse_id): reading(
            lambda meter: meter.energy_import
        ),
        Key("FiscalMetering", "PublicKey", evse=evse_id): lambda context: key_text(
            context.public_key(evse_id)
        ),
        Key("ConnectedEV", "StateOfCharge", evse=evse_id): reading(
            lambda meter: meter.state_of_charge
        ),
        Key("TemperatureSensor", "Temperature", evse=evse_id): reading(
            lambda meter: meter.temperature
        ),
    }
    for index, phase in enumerate(PHASES):
        for supply, values in (("ACCurrent", _current), ("ACVoltage", _voltage)):
            key = place._replace(variable=supply, instance=phase)
            readings[key] = of_phase(values, index)
    return readings


def _current(meter: MeterSample) -> tuple[float, ...]:
    return meter.current_import


def _voltage(meter: MeterSample) -> tuple[float, ...]:
    return meter.voltage


def _phase(values: tuple[float, ...], index: int = 0) -> float | None:
    return values[index] if index < len(values) else None


def _of_connector(evse_id: int, number: int) -> dict[Key, Reading]:
    def of(variable: str) -> Key:
        return Key("Connector", variable, evse=evse_id, connector=number)

    return {
        of("AvailabilityState"): lambda context: connector_status(
            context.station.evse(evse_id).connectors[number - 1]
        ),
        of("Problem"): lambda context: (
            context.station.evse(evse_id).connectors[number - 1].is_faulted
        ),
        of("Problem")._replace(component="ConnectorPlugRetentionLock"): lambda context: (
            _lock_failed(context.station.evse(evse_id).connectors[number - 1])
        ),
    }


def _lock_failed(connector: Connector) -> bool:
    return connector.fault is not None and connector.fault.error_code == "ConnectorLockFailure"
