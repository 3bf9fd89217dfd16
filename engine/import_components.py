"""Reads a station of libocpp's 2.x: a directory of component files (see docs/device-model.md).

What config.toml says of a station becomes settings: who it is, its EVSEs, its network profiles. All
else stays in the files, which the station goes on reading.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from ..profiles.component_files import ComponentFile, Unreadable, components_in, with_components
from ..profiles.device_model import DeviceModel, Key, Value
from ..profiles.legacy_profiles import take_legacy, without_identity
from ..profiles.network import (
    OCPP_VERSIONS,
    PASSWORD,
    SUBPROTOCOLS,
    NetworkProfile,
    address_problem,
    priority_of,
    read_profile,
    slots_of,
)
from ..profiles.standard import standard
from ..profiles.standard.places import EvseBuild, places
from .component_files import component_files
from .config.fields import describe
from .config.kinds import Version
from .config.source import shown
from .libocpp_keys import FIELDS, FORMATS
from .libocpp_reader import WITH_PASSWORD, Carried, Note, Settings, Unusable
from .station_profiles import slots_in, without_legacy

_IDENTITY = Key("SecurityCtrlr", "Identity")
_ALTERNATING = (1, 3)  # phases


def carry_components(directory: Path) -> Carried:
    """Read the directory. Raises Unusable."""
    try:
        files = tuple(component_files(directory))
        return _Reader(directory, files).read()
    except Unreadable as error:
        raise Unusable(str(error)) from error


class _Reader:
    def __init__(self, directory: Path, files: Sequence[ComponentFile]) -> None:
        self.carried = Carried()
        self.components = list(components_in(files))
        definitions = (*standard(tuple(sorted({1, 2, *slots_in(files)}))), *places(self._builds()))
        self.legacy, found = without_legacy(with_components(definitions, files))
        self.model = DeviceModel(found)
        self.contents = {key: file.content for file in files for key in components_in([file])}
        self.directory = directory

    def read(self) -> Carried:
        self.carried.station["device_model"] = str(self.directory.resolve())
        self._read_station()
        self._read_evses()
        self._read_profiles()
        self._read_message_log()
        return self.carried

    def note(self, key: str, why: str) -> None:
        self.carried.notes.append(Note(key, why))

    # ---- who it is

    def _read_station(self) -> None:
        identity = self._value(_IDENTITY)
        if not identity:
            raise Unusable(f"{_IDENTITY}: missing")
        self.carried.station["identity"] = str(identity)
        versions = self._value(Key("InternalCtrlr", "SupportedOcppVersions")) or ()
        known = [each for each in _members(versions) if each in get_args(Version)]
        if known:
            self.carried.station["versions"] = known
        for name, field in _STATION.items():
            self._read_field(name, field)

    def _read_field(self, name: str, field: str) -> None:
        """Take a variable of InternalCtrlr as the setting that this key of 1.6 is."""
        key = Key("InternalCtrlr", name)
        value = self._value(key)
        if value in (None, ""):
            return
        table, setting, annotation = FIELDS[field.lower()]
        try:
            converted = msgspec.convert(value, annotation)
        except msgspec.ValidationError:
            self.note(str(key), f"expected {describe(annotation)}, got {shown(value)}")
            return
        tables = {"station": self.carried.station, "interfaces": self.carried.interfaces}
        tables[table].setdefault(setting, converted)

    # ---- its EVSEs

    def _builds(self) -> tuple[EvseBuild, ...]:
        connectors = Counter(k.evse for k in self.components if k.component == "Connector")
        count = max((k.evse for k in self.components if k.component == "EVSE"), default=1)
        return tuple(EvseBuild(max(1, connectors[number])) for number in range(1, count + 1))

    def _read_evses(self) -> None:
        self.carried.evses = [
            self._evse(number, build) for number, build in enumerate(self._builds(), start=1)
        ]

    def _evse(self, number: int, build: EvseBuild) -> Settings:
        place = Key("EVSE", "", evse=number)
        evse: Settings = {"connectors": build.connectors}
        numbers = range(1, build.connectors + 1)
        keys = [Key("Connector", "ConnectorType", evse=number, connector=n) for n in numbers]
        types = [str(self._value(key) or "") for key in keys]
        if all(each and each != "Unknown" for each in types):
            evse["connector_types"] = types
        phases = self._value(place._replace(variable="SupplyPhases"))
        watts = self._most_power(number)
        if phases == 0 and watts:
            return evse | {"kind": "DC", "max_watts": watts}
        if phases in _ALTERNATING:
            evse["phases"] = phases
        return evse

    def _most_power(self, evse: int) -> float | None:
        """Give the maxLimit of EVSE.Power, which tells what it can deliver."""
        content = self.contents.get(Key("EVSE", "", evse=evse), b"{}")
        for said in msgspec.json.decode(content, type=_Limits).properties.values():
            if said.variable_name == "Power":
                return said.characteristics.get("maxLimit")
        return None

    # ---- its network profiles

    def _read_profiles(self) -> None:
        identity = self.carried.station["identity"]
        try:
            slots = take_legacy(self.model, self.legacy, identity)
        except ValueError as error:
            raise Unusable(f"InternalCtrlr.NetworkConnectionProfiles: {error}") from error
        for slot in slots_of(self.model):
            profile = read_profile(self.model, slot)
            if profile is not None:
                self._read_profile(profile)
        filled = [profile["slot"] for profile in self.carried.profiles]
        if not filled:
            raise Unusable("no network profile has an address that could be dialled")
        priority = [slot for slot in priority_of(self.model) if slot in filled]
        self.carried.network["priority"] = priority or list(slots) or filled
        self.carried.network["slots"] = list(slots_of(self.model))

    def _read_profile(self, profile: NetworkProfile) -> None:
        problem = address_problem(profile.url, profile.security_profile)
        if problem is not None:
            self.note(f"NetworkConfiguration[{profile.slot}].OcppCsmsUrl", problem)
            return
        identity = profile.identity or self.carried.station["identity"]
        settings: Settings = {
            "slot": profile.slot,
            "url": without_identity(profile.url, identity),
            "security_profile": profile.security_profile,
            "interface": profile.interface,
            "message_timeout_seconds": float(profile.message_timeout),
        }
        if profile.identity:
            settings["identity"] = profile.identity
        version = SUBPROTOCOLS.get(profile.ocpp_version)
        if version in OCPP_VERSIONS and profile.ocpp_version != "OCPP20":  # which said nothing
            settings["ocpp_version"] = version
        self.carried.profiles.append(settings)
        password = profile.password or self._value(PASSWORD)
        if profile.security_profile in WITH_PASSWORD and isinstance(password, str) and password:
            self.carried.passwords[profile.slot] = password

    # ---- its log of messages

    def _read_message_log(self) -> None:
        words = _members(self._value(Key("InternalCtrlr", "LogMessagesFormat")) or ())
        if self._value(Key("InternalCtrlr", "LogMessages")) is False:
            return
        known = dict.fromkeys(FORMATS[word] for word in words if word in FORMATS)
        if known:
            self.carried.message_log["formats"] = list(known)

    def _value(self, key: Key) -> Value | None:
        return self.model.value(key) if key in self.model else None


class _Characteristics(msgspec.Struct):
    variable_name: str
    characteristics: Mapping[str, Any]


class _Limits(msgspec.Struct):
    properties: Mapping[str, _Characteristics] = {}


_STATION = {
    "ChargePointVendor": "ChargePointVendor",
    "ChargePointModel": "ChargePointModel",
    "ChargePointSerialNumber": "ChargePointSerialNumber",
    "ChargeBoxSerialNumber": "ChargePointSerialNumber",  # where there is no other
    "FirmwareVersion": "FirmwareVersion",
    "ICCID": "ICCID",
    "IMSI": "IMSI",
    "MeterSerialNumber": "MeterSerialNumber",
    "MeterType": "MeterType",
    "IFace": "IFace",
}


def _members(value: Value) -> Iterator[str]:
    """Give the members of a list, which a file may also have written as text."""
    yield from value if isinstance(value, tuple) else str(value).split(",")
