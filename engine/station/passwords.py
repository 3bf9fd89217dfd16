"""The passwords of the station, and those that they took the place of (A01).

Theory of operation. A new password is committed together with the one before it, and only then is
the CSMS told that it is accepted. A power cut in between leaves nobody knowing which one the CSMS
goes by: so both are tried in turn, the new one first, until one of them opens a link; the other is
forgotten then.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
import structlog

from ...profiles.context import KeepVariable
from ...profiles.device_model import Key, Value
from ...profiles.network import PASSWORD, NetworkProfile, slots_of, variable
from ...profiles.passwords import password_of
from ..wire.link_errors import HttpRefused, LinkError

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_REPLACED = "replaced passwords"  # in the journal; the key is the slot
_NONE: frozenset[int] = frozenset()  # shared: a set is large


class Passwords:
    """The passwords of a station that runs."""

    __slots__ = ("_tries_old", "station")

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station
        self._tries_old = _NONE  # slots whose next dial is by the old password

    def rows(self, values: Mapping[Key, Value | None]) -> dict[tuple[str, str], bytes | None]:
        """Give what is to be kept when these variables are: the passwords that change with them."""
        model = self.station.model
        rows: dict[tuple[str, str], bytes | None] = {}
        for slot in slots_of(model):
            before = password_of(model, slot)
            address, own_key = variable(slot, "OcppCsmsUrl"), variable(slot, "BasicAuthPassword")
            own = values[own_key] if own_key in values else model.value(own_key)
            after = own or values.get(PASSWORD, model.value(PASSWORD))
            if address in values and values[address] != model.value(address):
                rows[_REPLACED, str(slot)] = None  # it was never meant for whoever is there now
            elif before is not None and after != before:
                rows[_REPLACED, str(slot)] = before.encode()
        return rows

    # ---- dials

    def chosen(self, profile: NetworkProfile) -> NetworkProfile:
        """Give a profile with the password that it is dialled by next."""
        old = self._replaced(profile.slot)
        if old is None or profile.slot not in self._tries_old:
            return profile
        return msgspec.structs.replace(profile, password=old)

    def dial_failed(self, slot: int, error: LinkError) -> None:
        """Try the other password after one that was refused (and never anything else)."""
        if not (isinstance(error, HttpRefused) and error.refuses_credentials):
            return
        if self._replaced(slot) is not None:
            self._tries_old ^= {slot}

    def link_opened(self, slot: int) -> None:
        """Forget the password that did not open the link."""
        old = self._replaced(slot)
        if old is not None:
            if slot in self._tries_old:
                self._go_back(slot, old)
            self.station.journal.put(_REPLACED, str(slot), None)
        self._tries_old = self._tries_old - {slot} or _NONE

    def _go_back(self, slot: int, old: str) -> None:
        """The CSMS never heard that the new one was accepted, and goes by the old one."""
        log.warning("password_not_taken_over", slot=slot)
        key = variable(slot, "BasicAuthPassword")
        self.station.model.configure(key, old)
        self.station.variables.keep(KeepVariable(str(key), old))

    def _replaced(self, slot: int) -> str | None:
        row = self.station.journal.get(_REPLACED, str(slot))
        try:
            return None if row is None else row.decode()
        except UnicodeDecodeError:  # damaged
            return None
