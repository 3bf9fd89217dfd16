"""From the configuration to the drivers of the EVSEs' hardware, and to the display."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from ..drivers.display import Display
from ..drivers.driver import Driver, SigningDriver
from ..drivers.factory import (
    DisplaySetup,
    DriverUnusable,
    EvseSetup,
    make_display,
    make_driver,
)
from ..drivers.hardware import EvseHardware
from ..drivers.outside.door import DiallingDoor, ListeningDoor
from ..drivers.outside.evse import OutsideEvse
from ..drivers.outside.signing import SigningOutsideEvse
from ..drivers.signed_meter import SigningEvse, load_key, new_key
from ..drivers.simulator import SimulatedEvse
from ..profiles.device_model import DeviceModel
from .config.settings import Config, Evse
from .config.source import ConfigError
from .journal.journal import Journal
from .station.keepsake import keepsakes


def drivers(config: Config, journal: Journal, now: Callable[[], datetime]) -> list[Driver]:
    """Give one driver an EVSE. Raises ConfigError for one that cannot be made."""
    return [
        _driver(evse, evse_id, last_register(journal, evse_id), now)
        for evse_id, evse in enumerate(config.station.evses, start=1)
    ]


def _driver(evse: Evse, evse_id: int, energy_import: float, now: Callable[[], datetime]) -> Driver:
    match evse.driver:
        case "simulated" if evse.signed_meter:
            return SigningEvse(
                simulated_hardware(evse),
                key=_meter_key(evse, evse_id),
                now=now,
                serial_number=f"SIMULATED-{evse_id}",
                energy_import=energy_import,
            )
        case "simulated":
            return SimulatedEvse(simulated_hardware(evse), energy_import=energy_import)
        case "outside":
            address = evse.outside_address()
            kind = SigningOutsideEvse if evse.signed_meter else OutsideEvse
            return kind(
                DiallingDoor(address) if evse.dials else ListeningDoor(address),
                evse_id=evse_id,
                connectors=evse.connectors,
                energy_import=energy_import,
            )
    setup = EvseSetup(
        evse=evse_id,
        connectors=evse.connectors,
        energy_import=energy_import,
        options=evse.options,
    )
    key = f"station.evses[{evse_id}].driver"
    try:
        driver = make_driver(evse.driver, setup)
    except DriverUnusable as error:
        raise ConfigError("configuration", key, str(error)) from error
    if evse.signed_meter and not isinstance(driver, SigningDriver):
        problem = f"{evse.driver} has no sign_meter, which signed_meter asks for"
        raise ConfigError("configuration", key, problem)
    return driver


def _meter_key(evse: Evse, evse_id: int) -> ec.EllipticCurvePrivateKey:
    if evse.meter_key is None:
        return new_key()
    try:
        return load_key(evse.meter_key)
    except (OSError, ValueError) as error:
        key = f"station.evses[{evse_id}].meter_key"
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError("configuration", key, f"{evse.meter_key}: {problem}") from error


def display(config: Config) -> Display | None:
    """Give the station's display, where there is one. Raises ConfigError for one that cannot be
    made.
    """
    settings = config.station.display
    if settings.driver is None:
        return None
    setup = DisplaySetup(evses=len(config.station.evses), options=settings.options)
    try:
        return make_display(settings.driver, setup)
    except DriverUnusable as error:
        raise ConfigError("configuration", "station.display.driver", str(error)) from error


def simulated_hardware(evse: Evse) -> EvseHardware:
    """Give the hardware that a simulated EVSE has by its configuration."""
    hardware = EvseHardware(
        is_dc=evse.kind == "DC",
        connectors=evse.connectors,
        phases=evse.phases,
        voltage=evse.voltage,
        max_amperes=evse.max_amperes,
        tells_state_of_charge=True,
    )
    if evse.max_watts is None:
        return hardware
    return msgspec.structs.replace(hardware, max_watts=evse.max_watts)


@runtime_checkable
class ModelExtension(Protocol):
    """A driver that has components of its own (docs/device-model.md)."""

    def extend_model(self, model: DeviceModel) -> None:
        """Add variables, and say how they are read and what follows when they are set.

        Called before each boot of the station, with a new model.
        """
        ...


def extend(model: DeviceModel, drivers: Sequence[Driver]) -> None:
    """Let drivers add components of their own. Raises ConfigError for what does not fit."""
    for evse_id, driver in enumerate(drivers, start=1):
        if not isinstance(driver, ModelExtension):
            continue
        try:
            driver.extend_model(model)
        except (KeyError, ValueError) as error:
            key = f"station.evses[{evse_id}].driver"
            raise ConfigError("configuration", key, f"extend_model: {error}") from error


def last_register(journal: Journal, evse_id: int) -> float:
    """Give where the meter's lifetime register was last read (Wh)."""
    keepsake = keepsakes(journal).get(evse_id)
    return 0.0 if keepsake is None else keepsake.meter
