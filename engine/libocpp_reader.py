"""Reads a configuration of libocpp key by key: each becomes a setting, a device-model variable or a
key of the station's own, or a note says why it became nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, NoReturn

import msgspec

from ..profiles.device_model import Definition, DeviceModel, Key, Value, text_of
from ..profiles.legacy_profiles import without_identity
from ..profiles.standard import STANDARD
from ..profiles.v16.configuration import Configuration, is_phase_rotation
from ..profiles.v16.configuration_keys import BY_LOWER_CASE, ConfigurationKey, Facts
from ..profiles.v16.core import EXTENSIONS, FEATURE_PROFILES
from .config.custom_key import CustomKey
from .config.fields import Invalid, describe
from .config.network import NetworkProfile
from .config.source import shown
from .libocpp_keys import (
    BOOLEAN,
    COUNT,
    FIELDS,
    FORMATS,
    GROUPS,
    NOTHING,
    SIZE,
    TOGETHER,
    WORDS,
    Field,
)

Json = Any  # what a JSON document holds has no narrower type
Settings = dict[str, Any]  # of one table of config.toml
WITH_PASSWORD = (1, 2)  # security profiles
_SHORTEST_PASSWORD = 16  # bytes: white paper A00.FR.205


class Note(NamedTuple):
    """A key that was not carried over, or not as it stood, and why."""

    key: str
    why: str


class Unusable(ValueError):
    """A key without which there is no station is missing or unfit."""


class Carried(msgspec.Struct):
    """The tables of config.toml that a configuration fills."""

    station: Settings = {}
    variables: dict[str, Value] = {}
    evses: list[Settings] = []
    network: Settings = {}
    interfaces: Settings = {}
    profiles: list[Settings] = []
    message_log: Settings = {}
    custom_keys: list[Settings] = []
    passwords: dict[int, str] = {}  # by slot
    notes: list[Note] = []


def carry(configuration: Mapping[str, Json]) -> Carried:
    """Read a configuration. Raises Unusable."""
    reader = _Reader(configuration)
    for read in (
        reader.read_evses,  # first: what follows is checked against their number
        reader.read_groups,
        reader.read_address,
        reader.read_password,
        reader.read_serial_number,
        reader.read_message_log,
    ):
        read()
    return reader.carried


class _Reader:
    def __init__(self, configuration: Mapping[str, Json]) -> None:
        self.configuration = configuration
        self.profile: Settings = {"slot": 1}
        self.evses = 1
        self.carried = Carried(profiles=[self.profile])
        self.model = DeviceModel(STANDARD)
        self.given = {path.partition(".")[2].lower(): (path, v) for path, v in self._keys()}

    def _keys(self) -> Iterator[tuple[str, Json]]:
        """Give every key with its group, and its value; those of its own are read apart."""
        for group, keys in self.configuration.items():
            if group in GROUPS and group != "Custom" and isinstance(keys, dict):
                given = ((f"{group}.{name}", value) for name, value in keys.items())
                yield from (each for each in given if each[1] is not None)

    def note(self, key: str, why: str) -> None:
        self.carried.notes.append(Note(key, why))

    def read_groups(self) -> None:
        for group, keys in self.configuration.items():
            if group not in GROUPS:
                self.note(group, "no such profile")
            elif not isinstance(keys, dict):
                self.note(
                    group, f"expected an object, got {'null' if keys is None else shown(keys)}"
                )
        for path, value in self._keys():
            self._read_key(path, value)
        own = self.configuration.get("Custom")
        for name, value in own.items() if isinstance(own, dict) else ():
            self._read_custom(name, value)

    def _read_key(self, path: str, value: Json) -> None:
        name = path.partition(".")[2].lower()
        counting = self.given[name][0]
        if counting != path:
            self.note(path, f"{counting} says it too, and counts")
        elif name in TOGETHER:
            return
        elif name in FIELDS:
            self._read_field(FIELDS[name], path, value)
        elif name in BY_LOWER_CASE:
            self._read_standard(BY_LOWER_CASE[name], path, value)
        elif path.startswith("CostAndPrice."):
            self.note(path, "prices and their display are not supported")
        else:
            self.note(path, NOTHING.get(name, "no such key"))

    # ---- one key, one value

    def _read_field(self, field: Field, path: str, value: Json) -> None:
        converted = self._converted(field.annotation, path, value)
        if converted is not None:
            tables: dict[str, Settings] = {
                "station": self.carried.station,
                "network": self.carried.network,
                "interfaces": self.carried.interfaces,
                "profile": self.profile,
                "message_log": self.carried.message_log,
            }
            tables[field.table][field.name] = converted

    def _converted(self, annotation: Any, path: str, value: Json) -> Any:
        """Give a value as the setting takes it; None, and a note, where it does not fit."""
        try:
            return msgspec.convert(value, annotation)
        except msgspec.ValidationError:
            self.note(path, f"expected {describe(annotation)}, got {shown(value)}")
            return None

    def _optional(self, name: str, annotation: Any) -> Any:
        """Give the value of a key that may be absent; None, too, where it does not fit."""
        path, value = self.given.get(name.lower(), ("", None))
        return self._converted(annotation, path, value) if path else None

    def _read_standard(self, key: ConfigurationKey, path: str, value: Json) -> None:
        facts = Facts(self.evses, FEATURE_PROFILES, EXTENSIONS)
        configuration = Configuration(self.model, facts)
        if configuration.find(key.name) is None:
            self.note(path, f"{key.needs} is not supported")
            return
        entry = configuration.read(key)
        if entry.is_readonly or not isinstance(key.source, Key):
            if _text(value) != entry.value:
                self.note(path, f"decided by the station itself: {entry.value}")
            return
        try:
            read = _as_variable(self.model.definition(key.source), value)
            if key.name == "ConnectorPhaseRotation":
                _check_rotation(_text(value), facts.connectors)
        except ValueError as error:
            self.note(path, f"{error}, got {shown(value)}")
            return
        self.carried.variables[str(key.source)] = read

    def _read_custom(self, name: str, value: Json) -> None:
        path = f"Custom.{name}"
        kind = _CUSTOM_TYPES.get(type(value))
        if kind is None:
            self.note(path, "expected text, a number, true, false or a list of text")
            return
        if any(custom["key"].lower() == name.lower() for custom in self.carried.custom_keys):
            self.note(path, "stands there more than once")
            return
        table = {"key": name, "type": kind, "default": value}
        try:
            msgspec.convert(table, CustomKey)
        except msgspec.ValidationError as error:
            self.note(path, f"cannot be a key of the station's own: {error}")
            return
        self.carried.custom_keys.append(table)

    # ---- keys that are read together

    def read_evses(self) -> None:
        """An EVSE for each connector: libocpp knows no EVSE with two."""
        count = self._optional("NumberOfConnectors", COUNT)
        path, ids = self.given.get("connectorevseids", ("", None))
        if path:
            named = len(ids.split(",")) if isinstance(ids, str) else 0
            self.note(path, f"EVSEs are numbered, their names are not kept; it names {named}")
            count = named if count is None and 0 < named <= _MOST_EVSES else count
        if count == 0:
            self.note(self.given["numberofconnectors"][0], "a station has one EVSE at least")
        self.evses = count or 1
        self.carried.evses = [{"connectors": 1}] * self.evses

    def read_address(self) -> None:
        identity = self.carried.station.get("identity")
        if identity is None:
            self._cannot_do_without("ChargePointId")
        path, uri = self.given.get("centralsystemuri", ("", None))
        if not isinstance(uri, str):
            self._cannot_do_without("CentralSystemURI")
        profile = self.profile.get("security_profile", 0)
        scheme = "wss" if profile >= 2 else "ws"
        given_scheme, separator, rest = uri.rpartition("://")
        if separator and given_scheme.lower() != scheme:
            self.note(path, f"{scheme}:// takes the place of {given_scheme}://: SecurityProfile")
        url = f"{scheme}://{without_identity(rest, identity)}"
        try:
            NetworkProfile(url=url, security_profile=profile)
        except Invalid as error:
            raise Unusable(f"{path}: {error.problem}") from error
        self.profile["url"] = url

    def _cannot_do_without(self, name: str) -> NoReturn:
        path, value = self.given.get(name.lower(), (f"Internal.{name}", None))
        problem = "missing" if value is None else f"cannot be {shown(value)}"
        raise Unusable(f"{path}: {problem}")

    def read_password(self) -> None:
        profile = self.profile.get("security_profile", 0)
        path, password = self.given.get("authorizationkey", ("", None))
        if not path:
            if profile in WITH_PASSWORD:
                self.note("Security.AuthorizationKey", f"missing: profile {profile} needs one")
        elif not isinstance(password, str) or not password:
            self.note(path, "expected text that is not empty")
        elif profile not in WITH_PASSWORD:
            self.note(path, f"security profile {profile} has no password")
        else:
            self.carried.passwords[1] = password
            if len(password.encode()) < _SHORTEST_PASSWORD:
                self.note(path, "kept, but shorter than the 16 bytes that OCPP asks for")

    def read_serial_number(self) -> None:
        number = self._optional("ChargeBoxSerialNumber", FIELDS["chargepointserialnumber"][2])
        if number is None:
            return
        station = self.carried.station
        if station.setdefault("serial_number", number) != number:
            path = self.given["chargeboxserialnumber"][0]
            self.note(path, f"ChargePointSerialNumber counts: {station['serial_number']}")

    def read_message_log(self) -> None:
        formats = self._optional("LogMessagesFormat", WORDS)
        is_on = self._optional("LogMessages", BOOLEAN)
        for word in formats or ():
            if word not in FORMATS:
                self.note(self.given["logmessagesformat"][0], f"no such format here: {word}")
        known = dict.fromkeys(FORMATS[word] for word in formats or () if word in FORMATS)
        if known and is_on is not False:
            self.carried.message_log["formats"] = list(known)
        self._read_rotation()

    def _read_rotation(self) -> None:
        size = self._optional("LogRotationMaximumFileSize", SIZE)
        count = self._optional("LogRotationMaximumFileCount", SIZE)
        is_on = self._optional("LogRotation", BOOLEAN)
        if is_on is None:
            return
        # With either of them 0 there is no rotation, whatever LogRotation says.
        self.carried.message_log["max_file_bytes"] = size if is_on and size and count else 0
        if is_on and size and count:
            self.carried.message_log["max_files"] = min(count, _MOST_FILES)


_MOST_EVSES = 128
_MOST_FILES = 1000
_CUSTOM_TYPES = {
    bool: "boolean",
    int: "integer",
    float: "decimal",
    str: "string",
    list: "MemberList",
}


def _as_variable(definition: Definition, value: Json) -> Value:
    """Give a JSON value as the variable takes it. Raises ValueError saying what was expected."""
    if definition.type == "MemberList" and isinstance(value, str):
        return definition.read(value)
    taken: Value = tuple(value) if isinstance(value, list) else value
    definition.check(taken)
    return taken


def _check_rotation(text: str, connectors: int) -> None:
    if not is_phase_rotation(text, connectors):
        raise ValueError(f"expected connectors up to {connectors} and rotations, like 0.RST,1.RST")


def _text(value: Json) -> str:
    if isinstance(value, str | bool | int | float):
        return text_of(value)
    return ",".join(map(str, value)) if isinstance(value, list) else ""
