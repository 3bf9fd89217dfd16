"""Network profiles as libocpp once kept them: a JSON list in one variable. Such a list is read at
the start, and never told to anybody: it may hold passwords.
"""

from typing import Annotated, Literal
from urllib.parse import unquote

import msgspec
from msgspec import Meta

from .device_model import DeviceModel, Key, Unfit
from .network import INTERFACES, NetworkProfile, address_problem, filled_slots, slots_of, values_of

LEGACY_PROFILES = Key("InternalCtrlr", "NetworkConnectionProfiles")


class _Data(msgspec.Struct, rename="camel"):
    ocpp_csms_url: str
    security_profile: Annotated[int, Meta(ge=0, le=3)]
    message_timeout: Annotated[int, Meta(ge=1)] = 30
    ocpp_interface: str = "Any"
    ocpp_transport: Literal["JSON"] = "JSON"
    identity: str | None = None
    basic_auth_password: str | None = None


class _Entry(msgspec.Struct, rename="camel"):
    configuration_slot: int
    connection_data: _Data


def take_legacy(model: DeviceModel, text: str, identity: str) -> tuple[int, ...]:
    """Put each profile of the list into its slot, and give the slots. Raises ValueError, in words
    that hold no password.

    A list that is empty says nothing, and none does where a slot has an address already. A profile
    without a password goes with the station's. The version that one names is not taken over: it
    said OCPP20 whatever was meant; nor is the station's identity at an address's end.
    """
    if not text.strip() or filled_slots(model):
        return ()
    try:
        entries = msgspec.json.decode(text, type=list[_Entry])
    except msgspec.DecodeError as error:
        raise ValueError(f"expected a list of network profiles: {error}") from error
    for entry in entries:
        _take(model, entry, identity)
    return tuple(entry.configuration_slot for entry in entries)


def without_identity(address: str, identity: str) -> str:
    """Leave out the identity at an address's end: the station appends it itself."""
    before, slash, last = address.rpartition("/")
    return before if slash and unquote(last) == identity else address


def _take(model: DeviceModel, entry: _Entry, identity: str) -> None:
    slot, data = entry.configuration_slot, entry.connection_data
    if slot not in slots_of(model):
        raise ValueError(f"there is no slot {slot}")
    problem = address_problem(data.ocpp_csms_url, data.security_profile)
    if problem is not None:
        raise ValueError(f"slot {slot}: ocppCsmsUrl: {problem}")
    if data.ocpp_interface not in INTERFACES:
        raise ValueError(f"slot {slot}: ocppInterface: expected one of {', '.join(INTERFACES)}")
    profile = NetworkProfile(
        slot=slot,
        url=without_identity(data.ocpp_csms_url, data.identity or identity),
        security_profile=data.security_profile,
        interface=data.ocpp_interface,
        message_timeout=data.message_timeout,
        identity=data.identity or None,
        password=data.basic_auth_password or None,
    )
    for key, value in values_of(profile).items():
        try:
            model.configure(key, value)
        except Unfit as error:
            raise ValueError(f"slot {slot}: {key.variable}: {error}") from None
