"""The network profiles that the station begins with: those of config.toml, of component files, or
of the list that libocpp once kept.
"""

from collections.abc import Iterable, Mapping
from math import ceil

from ..profiles.component_files import ComponentFile, components_in
from ..profiles.device_model import Definition, DeviceModel, Unfit
from ..profiles.legacy_profiles import LEGACY_PROFILES, take_legacy
from ..profiles.network import (
    NETWORK_CONFIGURATION,
    OCPP_VERSIONS,
    PASSWORD,
    PRIORITY,
    NetworkProfile,
    filled_slots,
    priority_of,
    slots_of,
    tell_first,
    values_of,
    variable,
)
from ..profiles.passwords import of_file
from .config.fields import Invalid
from .config.network import Network
from .config.settings import Station
from .secrets import Secret


def slots_in(files: Iterable[ComponentFile]) -> set[int]:
    """Give the slots that component files define; a component with another instance is none."""
    found = components_in(files)
    instances = (k.component_instance for k in found if k.component == NETWORK_CONFIGURATION)
    return {int(each) for each in instances if each.isdecimal()}


def without_legacy(definitions: Iterable[Definition]) -> tuple[str, tuple[Definition, ...]]:
    """Take out the list that libocpp once kept, so that nobody can ask for it; give its text."""
    text, others = "", []
    for definition in definitions:
        if definition.key == LEGACY_PROFILES:
            text = str(definition.default or "")
        else:
            others.append(definition)
    return text, tuple(others)


def take_profiles(model: DeviceModel, station: Station, legacy: str) -> None:
    """Fill the model's slots, and say which are dialled. Raises Invalid."""
    network = station.network
    _fill_slots(model, network)
    try:
        slots = take_legacy(model, legacy, station.identity)
    except ValueError as error:
        raise Invalid("station.device_model", f"{LEGACY_PROFILES}: {error}") from error
    in_order = tuple(profile.slot for profile in network.in_order())
    if in_order and str(PRIORITY) not in station.variables:
        model.configure(PRIORITY, tuple(str(slot) for slot in in_order))
    filled = filled_slots(model)
    if not filled:
        raise Invalid("station.network.profiles", "no slot has an address")
    if not any(slot in filled for slot in priority_of(model)):
        model.configure(PRIORITY, tuple(str(slot) for slot in slots or filled))
    tell_first(model, station.identity)


def _fill_slots(model: DeviceModel, network: Network) -> None:
    for profile in network.profiles:
        version = profile.ocpp_version
        values = values_of(
            NetworkProfile(
                slot=profile.slot,
                url=profile.url,
                security_profile=profile.security_profile,
                interface=profile.interface,
                message_timeout=ceil(profile.message_timeout_seconds),
                ocpp_version="" if version is None else OCPP_VERSIONS[version],
                identity=profile.identity,
            )
        )
        for key, value in values.items():
            model.configure(key, value)


def take_passwords(model: DeviceModel, passwords: Mapping[int, Secret]) -> None:
    """Give each slot its password; that of the first one dialled is the station's own. Raises
    Invalid.
    """
    for slot, password in passwords.items():
        if slot not in slots_of(model):
            raise Invalid(f"secrets.station.passwords.{slot}", f"there is no slot {slot}")
        places = [variable(slot, "BasicAuthPassword")]
        if slot == priority_of(model)[0]:
            places.append(PASSWORD)
        for place in places:
            try:
                model.configure(place, of_file(password.reveal().decode()))
            except Unfit as error:
                raise Invalid(f"secrets.station.passwords.{slot}", str(error)) from None
