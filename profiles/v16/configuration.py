"""1.6's configuration keys (chapter 9) as a station has them: those of the table whose feature it
supports, and its own. Keys are compared without regard to case.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..custom_keys import CUSTOM
from ..device_model import DeviceModel, Key, SetStatus, text_of
from ..network import SECURITY_PROFILE
from .configuration_keys import (
    BY_LOWER_CASE,
    LONGEST_VALUE,
    MEASURAND_LISTS,
    STANDARD_KEYS,
    WORDS,
    ConfigurationKey,
    Fact,
    Facts,
    Limit,
    Password,
)


class Entry(NamedTuple):
    """A key as GetConfiguration tells it. `value` is None for one that must not be read."""

    key: str
    is_readonly: bool
    value: str | None


class Configuration:
    """The keys of one station."""

    def __init__(self, model: DeviceModel, facts: Facts) -> None:
        self.model = model
        self.facts = facts

    def find(self, name: str) -> ConfigurationKey | None:
        """Give the key of this name, None where the station has no such key."""
        key = BY_LOWER_CASE.get(name.lower())
        if key is not None:
            return key if self._has(key) else None
        return next((own for own in self._own() if own.name.lower() == name.lower()), None)

    def __iter__(self) -> Iterator[ConfigurationKey]:
        """Give every key of the station."""
        yield from (key for key in STANDARD_KEYS if self._has(key))
        yield from self._own()

    def _public_keys(self) -> Iterator[ConfigurationKey]:
        """Give MeterPublicKey1, … of connectors whose meter signs (signed meter values 3.3.1)."""
        places = sorted({(key.evse, key.connector) for key in self.model if key.connector})
        for number, (evse, _) in enumerate(places, start=1):
            public_key = Key("FiscalMetering", "PublicKey", evse=evse)
            if public_key not in self.model:
                continue
            if len(text_of(self.model.told(public_key))) <= LONGEST_VALUE:
                yield ConfigurationKey(f"MeterPublicKey{number}", public_key, "Core")

    def _own(self) -> Iterator[ConfigurationKey]:
        yield from self._public_keys()
        for variable in self.model:
            if variable.component == CUSTOM and not variable.instance:
                yield ConfigurationKey(variable.variable, variable, "")

    def _has(self, key: ConfigurationKey) -> bool:
        if isinstance(key.source, Key) and key.source not in self.model:
            return False
        if isinstance(key.source, Limit) and key.source.variable not in self.model:
            return False
        if key.needs:
            return key.needs in self.facts.feature_profiles or key.needs in self.facts.extensions
        # Of what it is, a station tells what it knows: not every one has a SIM card.
        return not isinstance(key.source, Key) or self.model.told(key.source) not in ("", None)

    def read(self, key: ConfigurationKey) -> Entry:
        match key.source:
            case Limit(variable):
                limit = self.model.definition(variable).maximum
                return Entry(key.name, True, "" if limit is None else text_of(limit))
            case Fact() as fact:
                return Entry(key.name, True, fact.tell(self.facts))
            case Password():
                return Entry(key.name, False, None)  # white paper 7.2
            case Key() as variable:
                return self._read(key, variable)

    def _read(self, key: ConfigurationKey, variable: Key) -> Entry:
        mutability = self.model.definition(variable).mutability
        if mutability == "WriteOnly":
            return Entry(key.name, False, None)
        value = self.model.told(variable)
        if isinstance(value, tuple):
            value = tuple(key.words.get(member, member) for member in value)
        is_readonly = mutability == "ReadOnly" and not key.is_writable
        return Entry(key.name, is_readonly, text_of(value))

    def change(self, key: ConfigurationKey, value: str) -> SetStatus:
        """Take a value from the central system; the password and the security profile are taken
        elsewhere (security.py).
        """
        if not isinstance(key.source, Key) or key.source == SECURITY_PROFILE:
            return "Rejected"
        if len(value) > LONGEST_VALUE:
            return "Rejected"
        if key.name == "ConnectorPhaseRotation" and not is_phase_rotation(
            value, self.facts.connectors
        ):
            return "Rejected"
        if key.name in MEASURAND_LISTS and not names_measurands(value):
            return "Rejected"
        return self.model.take(key.source, value, though_read_only=key.is_writable).status


def password_of(authorization_key: str) -> bytes:
    """Give the password that an AuthorizationKey writes in hexadecimal digits: 16 to 20 bytes
    (white paper A00.FR.205). Raises ValueError.
    """
    if not re.fullmatch(r"([0-9A-Fa-f]{2}){16,20}", authorization_key):
        raise ValueError("expected 16 to 20 bytes in hexadecimal digits")
    return bytes.fromhex(authorization_key)


def names_measurands(value: str) -> bool:
    """Say whether every member is a measurand of 1.6, of one phase perhaps: Voltage.L1-N."""
    names = (name.strip() for name in value.split(",") if name.strip())
    return all(name in WORDS or name.rpartition(".")[0] in WORDS for name in names)


_ROTATIONS = {"NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR"}


def is_phase_rotation(value: str, connectors: int) -> bool:
    """Say whether every item is another connector (0: the grid side) and a rotation, as in 0.RST
    (9.1.7).
    """
    seen: set[int] = set()
    for item in value.split(","):
        number, _, rotation = item.strip().partition(".")
        if not item.strip():
            continue
        if not re.fullmatch("[0-9]{1,4}", number) or rotation not in _ROTATIONS:
            return False
        if int(number) > connectors or int(number) in seen:
            return False
        seen.add(int(number))
    return True
