"""The station's device model as config.toml has it."""

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType

from ..profiles.component_files import ComponentFile, Unreadable, with_components
from ..profiles.device_model import Definition, DeviceModel, Key, configure_from
from ..profiles.standard import FACTS, SIGNING, standard
from ..profiles.standard.places import EvseBuild, fitted, places
from .component_files import component_files
from .config.fields import Invalid
from .config.settings import Config, Evse, Station
from .secrets import Secret
from .station_profiles import slots_in, take_passwords, take_profiles, without_legacy

_MESSAGE_TIMEOUT = "OCPPCommCtrlr.MessageTimeout[Default]"


def device_model(
    station: Station, passwords: Mapping[int, Secret] = MappingProxyType({})
) -> DeviceModel:
    """Make the model; `passwords` are those of network slots. Raises Invalid, naming the key, for a
    variable that does not fit.
    """
    if _MESSAGE_TIMEOUT in station.variables:
        raise Invalid(
            f"station.variables.{_MESSAGE_TIMEOUT}",
            "each network profile has its own: message_timeout_seconds",
        )
    legacy, definitions = without_legacy(_definitions(station))
    model = DeviceModel(definitions)
    _tell_station(model, station)
    try:
        configure_from(model, station.variables)
    except ValueError as error:
        name, _, problem = str(error).partition(": ")
        raise Invalid(f"station.variables.{name}", problem) from error
    _configure_network(model, station)
    take_profiles(model, station, legacy)
    take_passwords(model, passwords)
    return model


def _definitions(station: Station) -> tuple[Definition, ...]:
    """Give the variables of the station: its own, and those of component files."""
    if station.device_model is None:
        return _with_files(station, station.network.all_slots, ())
    try:
        files = tuple(component_files(station.device_model))
        slots = {*station.network.all_slots, *slots_in(files)}
        return _with_files(station, tuple(sorted(slots)), files)
    except Unreadable as error:
        raise Invalid("station.device_model", str(error)) from error


def _with_files(
    station: Station, slots: tuple[int, ...], files: tuple[ComponentFile, ...]
) -> tuple[Definition, ...]:
    built = builds(station)
    at_places = places(built)
    signing = SIGNING if any(evse.signs for evse in built) else ()
    shared = (*standard(slots), *signing)
    definitions = (
        *(fitted(definition, built) for definition in shared),
        *at_places,
        *(custom.definition() for custom in station.custom_keys),
    )
    own = (*FACTS, *(definition.key for definition in at_places))
    absent = () if signing else tuple(definition.key for definition in SIGNING)
    return with_components(definitions, files, own, absent) if files else definitions


def builds(station: Station) -> tuple[EvseBuild, ...]:
    """Give how each EVSE is built."""
    return tuple(_build(evse) for evse in station.evses)


def _build(evse: Evse) -> EvseBuild:
    is_dc = evse.kind == "DC"
    return EvseBuild(
        connectors=evse.connectors,
        phases=0 if is_dc else evse.phases,
        max_watts=evse.max_watts or evse.phases * evse.voltage * evse.max_amperes,
        allows_reset=evse.allows_reset,
        connector_types=evse.connector_types or ("cCCS2" if is_dc else "sType2",),
        signs=evse.signed_meter,
    )


def check(config: Config) -> None:
    """Raise Invalid where the configuration's variables do not fit the model."""
    device_model(config.station, config.secrets.station.passwords)


def _tell_station(model: DeviceModel, station: Station) -> None:
    """Have the model say what the station is."""
    for name, value in (
        ("ChargingStation.VendorName", station.vendor),
        ("ChargingStation.Model", station.model),
        ("ChargingStation.SerialNumber", station.serial_number),
        ("ChargingStation.FirmwareVersion", station.firmware_version),
        ("DataLink.ICCID", station.iccid),
        ("DataLink.IMSI", station.imsi),
        ("FiscalMetering.SerialNumber", station.meter_serial_number),
        ("OCPP16LegacyCtrlr.MeterType", station.meter_type),
    ):
        if value is not None:
            model.configure(Key.parse(name), value)


def _configure_network(model: DeviceModel, station: Station) -> None:
    """Take what `station.network` says in other words, unless a variable says it itself."""
    network = station.network
    for name, value in (
        ("RetryBackOffWaitMinimum", network.retry_minimum_seconds),
        ("RetryBackOffRandomRange", network.retry_random_seconds),
        ("RetryBackOffRepeatTimes", network.retry_repeat_times),
        ("WebSocketPingInterval", network.ping_seconds),
        ("NetworkProfileConnectionAttempts", network.attempts),
    ):
        key = Key("OCPPCommCtrlr", name)
        if str(key) not in station.variables:
            model.configure(key, ceil(value))  # variables count whole seconds; 0 means "none"
