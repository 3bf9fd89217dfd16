"""The network profiles of a station: what the slots of NetworkConfiguration hold (2.x B09), and
which of it a CSMS may change.

The variables of these slots are where profiles live, for every version; OCPPCommCtrlr's
NetworkConfigurationPriority says which of them are dialled, and in which order.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from urllib.parse import urlsplit

import msgspec

from .device_model import DeviceModel, Key, Refusal, Value

NETWORK_CONFIGURATION = "NetworkConfiguration"
PRIORITY = Key("OCPPCommCtrlr", "NetworkConfigurationPriority")
ACTIVE = Key("OCPPCommCtrlr", "ActiveNetworkProfile")
MESSAGE_TIMEOUT = Key("OCPPCommCtrlr", "MessageTimeout", "Default")
SECURITY_PROFILE = Key("SecurityCtrlr", "SecurityProfile")
_IDENTITY = Key("SecurityCtrlr", "Identity")
PASSWORD = Key("SecurityCtrlr", "BasicAuthPassword")
MAY_DOWNGRADE = Key("SecurityCtrlr", "AllowSecurityProfileDowngrade")

INTERFACES = (*(f"Wired{n}" for n in range(4)), *(f"Wireless{n}" for n in range(4)), "Any")
"""OCPPInterfaceEnumType."""

SUBPROTOCOLS = {
    "OCPP16": "ocpp1.6",
    "OCPP20": "ocpp2.0.1",  # so 2.0.1 calls itself (OCPPVersionEnumType)
    "OCPP201": "ocpp2.0.1",
    "OCPP21": "ocpp2.1",
}
OCPP_VERSIONS = {"ocpp1.6": "OCPP16", "ocpp2.0.1": "OCPP201", "ocpp2.1": "OCPP21"}

WITH_TLS, WITH_CERTIFICATE = 2, 3  # the least security profile with it
LONGEST_URL = 2000
_SLOTS = 32  # whose variables are remembered
_VARIABLES = 256  # the same, one by one
BYTES = "#"  # before a password that is bytes, in hexadecimal digits: no passwordString has it
_PASSWORD_STRING = re.compile(r"[A-Za-z0-9*\-_=:+|@.]{16,64}")  # passwordString, A00.FR.205


class NetworkProfile(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach a CSMS: NetworkConnectionProfileType, or what a slot's variables say."""

    slot: int
    url: str  # without the station's identity
    security_profile: int = 0
    interface: str = "Any"
    message_timeout: int = 30  # s
    ocpp_version: str = ""  # OCPPVersionEnumType; "" leaves it to the station
    identity: str | None = None  # None: the station's own
    password: str | None = None  # None: the station's own

    def offers(self, subprotocols: tuple[str, ...]) -> tuple[str, ...]:
        """Give what is offered there of the station's subprotocols."""
        version = SUBPROTOCOLS.get(self.ocpp_version)
        return subprotocols if version is None else (version,)

    def __repr__(self) -> str:
        return f"NetworkProfile(slot={self.slot}, url={self.url!r})"  # no credentials


class Reach(msgspec.Struct, frozen=True):
    """What a station has to reach a CSMS by."""

    identity: str = ""  # the station's, where a profile has none
    subprotocols: tuple[str, ...] = tuple(OCPP_VERSIONS)
    interfaces: frozenset[str] | None = None
    """Words of OCPPInterfaceEnumType; None where the host finds the way whatever is said."""
    has_csms_root: Callable[[], bool] = lambda: True
    """Say whether there is a root, valid now, that a CSMS's certificate can be verified by."""
    has_certificate: Callable[[], bool] = lambda: True
    """Say whether the station has a certificate of its own that is valid now."""


# ---- slots and their variables


@lru_cache(_VARIABLES)
def variable(slot: int, name: str) -> Key:
    """Give the variable of a slot."""
    return Key(NETWORK_CONFIGURATION, name, component_instance=str(slot))


def slots_of(model: DeviceModel) -> tuple[int, ...]:
    """Give the slots that the station has, filled or not: the valuesList of the priority."""
    return tuple(int(slot) for slot in model.definition(PRIORITY).options)


def priority_of(model: DeviceModel) -> tuple[int, ...]:
    """Give the slots that are dialled, in order."""
    return tuple(int(slot) for slot in model.members(PRIORITY))


def read_profile(model: DeviceModel, slot: int, *, told: bool = False) -> NetworkProfile | None:
    """Give the profile in a slot, None where it is empty: as it is in effect, or as it is told,
    which is in effect at the latest with the next boot.
    """
    read = model.told if told else model.value
    url = read(variable(slot, "OcppCsmsUrl"))
    if not url:
        return None
    given: dict[str, Value] = {}
    for field, key in _fields_of(slot):
        value = read(key)
        if value is not None and value != "":
            given[field] = value
    # The model has checked what it holds.
    return NetworkProfile(slot=slot, url=url, **given)  # type: ignore[arg-type]


def values_of(profile: NetworkProfile) -> dict[Key, Value | None]:
    """Give the values of all of a slot's variables that say this profile (B09.FR.09)."""
    values = {name: getattr(profile, field) or None for field, name in _FIELDS.items()}
    values |= {"OcppCsmsUrl": profile.url, "SecurityProfile": profile.security_profile}
    return {variable(profile.slot, name): value for name, value in values.items()}


def no_values(slot: int) -> dict[Key, Value | None]:
    """Give the values of an empty slot."""
    return {variable(slot, name): None for name in (*_FIELDS.values(), "OcppCsmsUrl")}


_FIELDS: Mapping[str, str] = {
    "security_profile": "SecurityProfile",
    "interface": "OcppInterface",
    "message_timeout": "MessageTimeout",
    "ocpp_version": "OcppVersion",
    "identity": "Identity",
    "password": "BasicAuthPassword",
}


@lru_cache(_SLOTS)
def _fields_of(slot: int) -> tuple[tuple[str, Key], ...]:
    return tuple((field, variable(slot, name)) for field, name in _FIELDS.items())


def filled_slots(model: DeviceModel) -> list[int]:
    """Give the slots that hold a profile."""
    return [slot for slot in slots_of(model) if is_filled(model, slot)]


def is_filled(model: DeviceModel, slot: int) -> bool:
    """Say whether a slot holds a profile."""
    return bool(model.value(variable(slot, "OcppCsmsUrl")))


def tell_first(model: DeviceModel, identity: str) -> None:
    """Tell of the profile that is dialled first, where there is one; otherwise as `tell`."""
    first = read_profile(model, priority_of(model)[0])
    if first is not None:
        tell(model, first, identity)


def tell(model: DeviceModel, profile: NetworkProfile, identity: str) -> None:
    """Have the model say what goes with the profile that is in use, or first in turn; `identity` is
    the station's where the profile has none.
    """
    model.configure(SECURITY_PROFILE, profile.security_profile)
    model.configure(MESSAGE_TIMEOUT, profile.message_timeout)
    if profile.identity or identity:
        model.configure(_IDENTITY, profile.identity or identity)  # B09.FR.28


# ---- what may be in them


def address_problem(url: str, security_profile: int) -> str | None:
    """Say what is wrong with a CSMS's address, in words that do not repeat it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_host = host.isprintable() and " " not in host and host.encode("idna")
        is_address = parts.scheme in ("ws", "wss") and is_host and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that does not close, a label too long
        is_address = False
    if not is_address:
        return 'expected an address like "wss://csms.example/ocpp"'
    if parts.username is not None or parts.password is not None:
        return "no name or password here: the password stands beside the address"
    if parts.query or parts.fragment:
        return "expected an address without ? and #: the identity is appended to it"
    scheme = "wss" if security_profile >= 2 else "ws"
    if security_profile > 0 and parts.scheme != scheme:
        return f"security profile {security_profile} needs {scheme}://"
    return None


def problem(profile: NetworkProfile, reach: Reach) -> str | None:
    """Say what is wrong with a profile, None when it can be dialled."""
    return next(_problems(profile, reach), None)


def _problems(profile: NetworkProfile, reach: Reach) -> Iterator[str]:
    if not 0 <= profile.security_profile <= 3:
        yield "securityProfile: expected 0 to 3"
    address = address_problem(profile.url, profile.security_profile)
    if address is not None:
        yield f"ocppCsmsUrl: {address}"
    if len(profile.url) > LONGEST_URL:
        yield f"ocppCsmsUrl: expected at most {LONGEST_URL} characters"
    if profile.message_timeout < 1:
        yield "messageTimeout: expected at least 1"
    if not _is_there(profile.interface, reach):
        yield f"ocppInterface: the station has no {profile.interface}"
    if profile.ocpp_version and not _is_spoken(profile.ocpp_version, reach):
        yield f"ocppVersion: the station does not speak {profile.ocpp_version}"
    if profile.identity is not None and not _is_identity(profile.identity):
        yield "identity: expected 1 to 48 characters, none of them a colon"
    if profile.password is not None and not _is_kept_password(profile.password):
        yield "basicAuthPassword: expected a passwordString of 16 to 64 characters"


def _is_spoken(ocpp_version: str, reach: Reach) -> bool:
    return SUBPROTOCOLS.get(ocpp_version) in reach.subprotocols


def _is_there(interface: str, reach: Reach) -> bool:
    return interface == "Any" or reach.interfaces is None or interface in reach.interfaces


def _is_identity(text: str) -> bool:
    return 0 < len(text) <= 48 and ":" not in text and text.isprintable()  # A00.FR.204


def _is_kept_password(text: str) -> bool:
    return is_password(text) or text.startswith(BYTES)


def is_password(value: object) -> bool:
    """Say whether it is a passwordString of the length that 2.x wants (A00.FR.205)."""
    return isinstance(value, str) and _PASSWORD_STRING.fullmatch(value) is not None


def is_downgrade(model: DeviceModel, security_profile: int) -> bool:
    """Say whether this is a lower security profile than a CSMS may ask for (A00.FR.005)."""
    active = model.integer(SECURITY_PROFILE)
    if model.boolean(MAY_DOWNGRADE) and active == 3:
        return security_profile < 2  # A05.FR.08-09, B09.FR.31-32
    return security_profile < active  # A05.FR.10, B09.FR.04, B09.FR.35


def missing_for(model: DeviceModel, reach: Reach, security_profile: int) -> str | None:
    """Say what the station lacks for a higher security profile than the link's; None: nothing."""
    if security_profile <= model.integer(SECURITY_PROFILE):
        return None
    if security_profile >= WITH_TLS and not reach.has_csms_root():  # A05.FR.02, 1.6 A05.FR.03
        return "no valid root certificate of a CSMS is installed"
    if security_profile >= WITH_CERTIFICATE and not reach.has_certificate():
        return "no valid certificate of the station is installed"  # A05.FR.03, 1.6 A05.FR.04
    return None


def raised(model: DeviceModel, security_profile: int) -> dict[Key, Value | None] | None:
    """Give what has a higher security profile dialled first, and what is dialled now as the way
    back: a network profile that has it already, or the one in use with the other scheme, in a slot
    that is empty. None where there is no slot for it.
    """
    slots = slots_of(model)
    profiles = {slot: read_profile(model, slot, told=True) for slot in slots}
    present = [slot for slot in priority_of(model) if profiles[slot] is not None]
    by_priority = [*present, *(slot for slot in slots if slot not in present)]
    values: dict[Key, Value | None] = {}
    slot = next((s for s in by_priority if _has(profiles[s], security_profile)), None)
    if slot is None:
        active = read_profile(model, model.integer(ACTIVE))
        slot = next((s for s in slots if profiles[s] is None), None)
        if slot is None or active is None:
            return None
        scheme = "wss" if security_profile >= WITH_TLS else "ws"
        url = f"{scheme}://{active.url.partition('://')[2]}"
        values |= values_of(
            msgspec.structs.replace(active, slot=slot, url=url, security_profile=security_profile)
        )
    order = [slot, *(each for each in present if each != slot)]
    values[PRIORITY] = tuple(str(each) for each in order)
    return values


def _has(profile: NetworkProfile | None, security_profile: int) -> bool:
    return profile is not None and profile.security_profile == security_profile


# ---- what a CSMS may set by SetVariables


def guard(model: DeviceModel, reach: Reach) -> None:
    """Have the model refuse what may not be set of profiles and of their priority."""
    model.guard(PASSWORD, _refuse_password)
    model.guard(PRIORITY, partial(_refuse_priority, model, reach))
    model.guard_component(NETWORK_CONFIGURATION, partial(_refuse_in_slot, model, reach))


def _refuse_password(value: Value) -> str | None:
    return None if is_password(value) else "InvalidValue"


def _refuse_priority(model: DeviceModel, reach: Reach, value: Value) -> Refusal | None:
    assert isinstance(value, tuple)
    present = model.told(PRIORITY)
    assert isinstance(present, tuple)
    for member in value:
        profile = read_profile(model, int(member), told=True)
        if profile is None:
            return Refusal("InvalidNetworkConf", f"slot {member} is empty")  # B10.FR.02
        wrong = None if member in present else problem(profile, reach)  # B09.FR.20
        if wrong is not None:  # B09.FR.34
            return Refusal("InvalidNetworkConf", f"slot {member}: {wrong}")
        if is_downgrade(model, profile.security_profile):
            return Refusal("NoSecurityDowngrade", f"slot {member}")
        missing = missing_for(model, reach, profile.security_profile)
        if missing is not None:
            return Refusal("InvalidNetworkConf", f"slot {member}: {missing}")
    return None  # B10.FR.01, A05.FR.04


def _refuse_in_slot(model: DeviceModel, reach: Reach, key: Key, value: Value) -> Refusal | None:
    priority = model.told(PRIORITY)
    assert isinstance(priority, tuple)
    if key.component_instance in priority:  # B09.FR.22
        return Refusal("ActiveNetworkConf", "take the slot out of the priority first")
    match key.variable, value:
        case "SecurityProfile", int(profile) if is_downgrade(model, profile):
            return Refusal("NoSecurityDowngrade")
        case "OcppCsmsUrl", str(url):
            wrong = address_problem(url, security_profile=0)
            return None if wrong is None else Refusal("InvalidValue", wrong)
        case "OcppInterface", str(word) if not _is_there(word, reach):
            return Refusal("InvalidValue", f"the station has no {word}")
        case "OcppVersion", str(word) if not _is_spoken(word, reach):
            return Refusal("InvalidValue", f"the station does not speak {word}")
        case "Identity", str(text) if not _is_identity(text):
            return Refusal("InvalidValue")
        case "BasicAuthPassword", _ if not is_password(value):
            return Refusal("InvalidValue")
    return None  # B09.FR.23-25
