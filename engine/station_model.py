"""The station's device model as config.toml has it."""

from math import ceil

from ..profiles.component_files import Unreadable, with_components
from ..profiles.device_model import Definition, DeviceModel, Key, configure_from
from ..profiles.standard import FACTS, STANDARD
from ..profiles.standard.places import EvseBuild, fitted, places
from .component_files import component_files
from .config.fields import Invalid
from .config.settings import Config, Evse, Station

_MESSAGE_TIMEOUT = "OCPPCommCtrlr.MessageTimeout[Default]"


def device_model(station: Station) -> DeviceModel:
    """Make the model. Raises Invalid, naming the key, for a variable that does not fit."""
    if _MESSAGE_TIMEOUT in station.variables:
        raise Invalid(
            f"station.variables.{_MESSAGE_TIMEOUT}",
            "each network profile has its own: message_timeout_seconds",
        )
    model = DeviceModel(_definitions(station))
    _tell_station(model, station)
    try:
        configure_from(model, station.variables)
    except ValueError as error:
        name, _, problem = str(error).partition(": ")
        raise Invalid(f"station.variables.{name}", problem) from error
    _configure_network(model, station)
    return model


def _definitions(station: Station) -> tuple[Definition, ...]:
    built = tuple(_build(evse) for evse in station.evses)
    at_places = places(built)
    definitions = (
        *(fitted(definition, built) for definition in STANDARD),
        *at_places,
        *(custom.definition() for custom in station.custom_keys),
    )
    if station.device_model is None:
        return definitions
    files = component_files(station.device_model)
    own = (*FACTS, *(definition.key for definition in at_places))
    try:
        return with_components(definitions, files, own)
    except Unreadable as error:
        raise Invalid("station.device_model", str(error)) from error


def _build(evse: Evse) -> EvseBuild:
    is_dc = evse.kind == "DC"
    return EvseBuild(
        connectors=evse.connectors,
        phases=0 if is_dc else evse.phases,
        max_watts=evse.max_watts or evse.phases * evse.voltage * evse.max_amperes,
        allows_reset=evse.allows_reset,
        connector_types=evse.connector_types or ("cCCS2" if is_dc else "sType2",),
    )


def check(config: Config) -> None:
    """Raise Invalid where the configuration's variables do not fit the model."""
    device_model(config.station)


def _tell_station(model: DeviceModel, station: Station) -> None:
    """Have the model say what the station is."""
    profile = station.network.in_order()[0]
    for name, value in (
        ("SecurityCtrlr.Identity", profile.identity or station.identity),
        ("SecurityCtrlr.SecurityProfile", profile.security_profile),
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
    for variable, value in (
        ("RetryBackOffWaitMinimum", network.retry_minimum_seconds),
        ("RetryBackOffRandomRange", network.retry_random_seconds),
        ("RetryBackOffRepeatTimes", network.retry_repeat_times),
        ("WebSocketPingInterval", network.ping_seconds),
    ):
        key = Key("OCPPCommCtrlr", variable)
        if str(key) not in station.variables:
            model.configure(key, ceil(value))  # variables count whole seconds; 0 means "none"
