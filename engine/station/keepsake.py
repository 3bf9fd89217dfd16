"""What is kept of an EVSE with each report of its transaction, for the run after this one."""

import msgspec
import structlog

from ...machines.evse import EvseMemory
from ...profiles.report import Sample
from ..journal.journal import EVSE_MEMORY, Journal

log = structlog.get_logger()


class Keepsake(msgspec.Struct, frozen=True, gc=False):
    """An EVSE over a restart: where its charts stood, and the last that was read of its meter."""

    evse: EvseMemory
    meter: float  # Wh
    time: float  # s since 1970, UTC
    ended_samples: tuple[Sample, ...] = ()
    seconds_charging: float = 0.0


def keepsakes(journal: Journal) -> dict[int, Keepsake]:
    """Give what is kept of each EVSE, those included that the station no longer has."""
    found: dict[int, Keepsake] = {}
    for evse_id, kept in journal.items(EVSE_MEMORY).items():
        try:
            found[int(evse_id)] = msgspec.json.decode(kept, type=Keepsake)
        except ValueError as error:  # msgspec's are such, too
            log.error("memory_unreadable", evse=evse_id, reason=str(error))
    return found
