"""Keeps stations' local authorization lists as the central system wants them (2.x D01 and D02,
1.6 5.10 and 5.15), in whatever version a station speaks.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ...machines.events import IdToken
from ...profiles.csms import KnownToken
from ...profiles.csms.local_lists import Entry, LocalListWords, UpdateKind, UpdateStatus

if TYPE_CHECKING:
    from .central import CentralSystem

ITEMS_PER_MESSAGE = 100


class ListRefused(Exception):
    """The station did not take the list; `status` is what it answered."""

    def __init__(self, station_id: str, status: UpdateStatus) -> None:
        super().__init__(f"{station_id} did not take its local list: {status}")
        self.station_id = station_id
        self.status = status


async def list_version(central: "CentralSystem", station_id: str) -> int:
    """Give the version of the station's list: 0 without one, -1 where it takes none (1.6)."""
    words = _words(central, station_id)
    return words.read_version(await central.issue_command(station_id, words.ask_version()))


async def send_local_list(
    central: "CentralSystem",
    station_id: str,
    tokens: Iterable[KnownToken],
    *,
    version: int | None = None,
    items_per_message: int = ITEMS_PER_MESSAGE,
) -> int:
    """Have the station's list be these tokens, and give its version then.

    What does not fit into one message goes on in others (D01.FR.03), each with the next version;
    `version` is the first one's, by default the one after the station's. Raises ListRefused, and
    what `issue_command` raises.
    """
    now = central.now
    entries = [(token.id_token, token.info(now)) for token in tokens]
    first = version or max(0, await list_version(central, station_id)) + 1
    kind: UpdateKind = "Full"
    last = first
    for last, start in enumerate(range(0, max(1, len(entries)), items_per_message), start=first):
        part = entries[start : start + items_per_message]
        await _update(central, station_id, kind, last, part)
        kind = "Differential"
    return last


async def change_local_list(
    central: "CentralSystem",
    station_id: str,
    changed: Iterable[KnownToken] = (),
    removed: Iterable[IdToken] = (),
) -> int:
    """Add or change tokens of the station's list, and remove others; give its version then.

    Where the station does not take the difference, it gets all tokens that the central system
    knows (D01.FR.03). Raises as `send_local_list`; and for a list that is disabled.
    """
    now = central.now
    entries: list[Entry] = [(token.id_token, token.info(now)) for token in changed]
    entries += [(id_token, None) for id_token in removed]
    version = max(0, await list_version(central, station_id)) + 1
    try:
        await _update(central, station_id, "Differential", version, entries)
    except ListRefused as refused:
        if refused.status == "NotSupported":
            raise
        return await send_local_list(central, station_id, central.rules.tokens)
    return version


async def _update(
    central: "CentralSystem",
    station_id: str,
    kind: UpdateKind,
    version: int,
    entries: Sequence[Entry],
) -> None:
    words = _words(central, station_id)
    request = words.update(kind, version, entries)
    status = words.read_status(await central.issue_command(station_id, request))
    if status != "Accepted":
        raise ListRefused(station_id, status)


def _words(central: "CentralSystem", station_id: str) -> LocalListWords:
    return central.connection(station_id).face.local_list
