"""Whose word counts for a variable: the CSMS's, once it has set it, until the configuration's own
value changes.

So the journal remembers what the configuration said last; of a password only a salted digest. A
slot of network profiles is one thing here, as it is for the dial.
"""

import hashlib
import secrets
from collections.abc import Iterator

import msgspec
import structlog

from ..profiles.device_model import DeviceModel, Key, text_of
from ..profiles.network import NETWORK_CONFIGURATION
from .journal.journal import VARIABLES, Journal
from .station.variables import NETWORK_PROFILES, SECRETS

log = structlog.get_logger()

_PLACE = ("configuration", "variables")  # in the journal


class _Said(msgspec.Struct):
    """What a configuration said: by a variable's name its text, or the digest of a secret."""

    salt: str
    values: dict[str, str]


def give_way(journal: Journal, model: DeviceModel) -> None:
    """Forget what the CSMS set where the configuration has another value than at the last start.

    `model` holds what the configuration says, and nothing else yet.
    """
    last = _last(journal)
    said = _Said(secrets.token_hex(16) if last is None else last.salt, {})
    said.values = dict(_values(model, said.salt))
    if last is not None:
        names = said.values.keys() | last.values.keys()
        for name in sorted(names):
            if said.values.get(name) != last.values.get(name):
                _forget(journal, Key.parse(name))
    if last is None or said.values != last.values:
        journal.put(*_PLACE, msgspec.json.encode(said))


def _last(journal: Journal) -> _Said | None:
    row = journal.get(*_PLACE)
    if row is None:
        return None
    try:
        said = msgspec.json.decode(row, type=_Said)
        for name in said.values:
            Key.parse(name)
    except (msgspec.DecodeError, ValueError):
        log.warning("last_configuration_unreadable")
        return None
    return said


def _values(model: DeviceModel, salt: str) -> Iterator[tuple[str, str]]:
    for key in model:
        mutability = model.definition(key).mutability
        if mutability == "ReadOnly":
            continue
        text = text_of(model.told(key))
        if mutability == "WriteOnly":
            text = text and hashlib.sha256(f"{salt}{key}{text}".encode()).hexdigest()
        yield str(key), text


def _forget(journal: Journal, key: Key) -> None:
    places = [(VARIABLES["Actual"], str(key)), (SECRETS, str(key))]
    if key.component == NETWORK_CONFIGURATION:
        places.append((NETWORK_PROFILES, key.component_instance))
    for space, name in places:
        if journal.get(space, name) is not None:
            log.info("configuration_has_changed", variable=str(key))
            journal.put(space, name, None)
