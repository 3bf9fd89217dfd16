"""What the CSMS has set, kept over restarts: variables one by one, slots of network profiles
whole, so that half a profile is never dialled.

Secrets are kept like the rest, apart from it, in the journal's file: it is its owner's alone.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
import structlog

from ...profiles.context import KeepVariable
from ...profiles.device_model import AttributeType, Key, Value, text_of
from ...profiles.network import (
    ACTIVE,
    MESSAGE_TIMEOUT,
    NETWORK_CONFIGURATION,
    no_values,
    slots_of,
    variable,
)
from ..journal.journal import VARIABLES

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

NETWORK_PROFILES = "network profiles"  # the space of slots; the key is the slot's number
SECRETS = "secrets"  # the space of variables that nobody may read; the key is the name

_Slot = dict[str, str | None]  # variable -> its text, None where it has no value


class Variables:
    """Keeps a station's variables."""

    __slots__ = ("station",)

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station

    def keep(self, effect: KeepVariable) -> None:
        """Keep a variable that was set, unless it is one that does not outlive a boot."""
        key = Key.parse(effect.key)
        if key.component == NETWORK_CONFIGURATION:
            slot = int(key.component_instance)
            row = self._slot(slot, {key: self.station.model.told(key)})
            self.station.journal.put(NETWORK_PROFILES, str(slot), row)
            self.station.network.slots.profile_changed(slot)
        elif key == MESSAGE_TIMEOUT:
            self._keep_message_timeout()
        elif self._is_persistent(key, effect.attribute):
            space = self._space(key, effect.attribute)
            self.station.journal.put(space, effect.key, effect.value.encode())

    def _keep_message_timeout(self) -> None:
        """1.6 sets it while the link stands (errata 3.83): it is the network profile's."""
        model = self.station.model
        slot = model.integer(ACTIVE)
        place = variable(slot, "MessageTimeout")
        model.configure(place, model.integer(MESSAGE_TIMEOUT))
        self.station.journal.put(NETWORK_PROFILES, str(slot), self._slot(slot, {}))

    async def keep_first(
        self, values: Mapping[Key, Value | None], *, at_boot: bool = False
    ) -> bool:
        """Hold these values, all of them or none, once they are durable; say whether they are."""
        rows: dict[tuple[str, str], bytes | None] = {}
        slots = {int(k.component_instance) for k in values if k.component == NETWORK_CONFIGURATION}
        for slot in slots:
            rows[NETWORK_PROFILES, str(slot)] = self._slot(slot, values)
        for key, value in values.items():
            if key.component != NETWORK_CONFIGURATION:
                kept = None if value is None else text_of(value).encode()
                rows[self._space(key, "Actual"), str(key)] = kept
        rows |= self.station.passwords.rows(values)

        def apply() -> None:
            for key, value in values.items():
                self.station.model.configure(key, value, at_boot=at_boot)
            self.station.context.apply_variables()
            for key in values:
                self.station.security.variable_changed(key)
            for slot in slots if not at_boot else ():
                self.station.network.slots.profile_changed(slot)

        return await self.station.journal.keep(rows, apply)

    def _is_persistent(self, key: Key, kind: AttributeType) -> bool:
        attribute = self.station.model.definition(key).attribute(kind)
        return attribute is not None and attribute.persistent

    def _space(self, key: Key, attribute: AttributeType) -> str:
        is_secret = self.station.model.definition(key).mutability == "WriteOnly"
        return SECRETS if is_secret else VARIABLES[attribute]

    def _slot(self, slot: int, changes: Mapping[Key, Value | None]) -> bytes:
        """Give a slot as it is kept: its variables as they are told, but for the changes."""
        row: _Slot = {}
        for key in no_values(slot):
            value = changes[key] if key in changes else self.station.model.told(key)
            row[key.variable] = None if value is None else text_of(value)
        return msgspec.json.encode(row)

    # ---- after a restart

    def restore(self) -> None:
        """Hold again what was kept."""
        self.station.model.boot()
        for attribute, space in VARIABLES.items():
            self._restore_space(space, attribute)
        self._restore_space(SECRETS, "Actual")
        self._restore_slots()

    def _restore_space(self, space: str, attribute: AttributeType) -> None:
        for name, value in self.station.journal.items(space).items():
            try:
                self.station.model.restore(Key.parse(name), value.decode(), attribute)
            except (KeyError, ValueError):  # gone, or damaged: the file does not look into it
                log.warning("variable_not_restored", variable=name)

    def _restore_slots(self) -> None:
        kept = self.station.journal.items(NETWORK_PROFILES)
        if not kept:
            return
        slots = {str(slot): slot for slot in slots_of(self.station.model)}
        for name, row in kept.items():
            try:
                self._restore_slot(slots[name], msgspec.json.decode(row, type=_Slot))
            except (KeyError, ValueError):
                log.warning("network_profile_not_restored", slot=name)

    def _restore_slot(self, slot: int, row: _Slot) -> None:
        """Hold a slot, all of it or nothing. Raises ValueError."""
        model = self.station.model
        texts = [(key, row.get(key.variable)) for key in no_values(slot)]
        values = [(k, None if t is None else model.definition(k).read(t)) for k, t in texts]
        for key, value in values:
            model.configure(key, value)
