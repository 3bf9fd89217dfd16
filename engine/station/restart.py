"""Where a station continues after a restart: its variables, its availability, and what became of
its transactions.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
import structlog

from ...machines.effects import Effect
from ...profiles.device_model import Key
from ...profiles.report import TransactionReport
from ...profiles.settings_view import apply
from ..journal.journal import EVSE_MEMORY
from .record import Keepsake

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()


def restore(station: "ChargingStation") -> Iterator[list[Effect]]:
    """Bring back what the journal kept; give the effects that follow."""
    _restore_variables(station)
    yield from _restore_availability(station)
    for evse in station.tree.evses:
        _end_interrupted(station, evse.evse_id)


def _restore_variables(station: "ChargingStation") -> None:
    for name, value in station.journal.items("variables").items():
        key = Key.parse(name)
        status = station.model.set(key, value.decode()) if key in station.model else "Rejected"
        if status not in ("Accepted", "RebootRequired"):
            log.warning("variable_not_restored", variable=name)
    station.model.boot()
    apply(station.model, station.tree.settings)


def _restore_availability(station: "ChargingStation") -> Iterator[list[Effect]]:
    """B11.FR.05, 1.6 5.2: what was out of service stays so."""
    for place in station.journal.items("availability"):
        evse_id, connector = (int(part) for part in place.split("."))
        if evse_id == 0:
            yield station.tree.request_availability(False)
        elif evse_id <= len(station.tree.evses):
            yield station.tree.evse(evse_id).request_availability(False, connector)


def _end_interrupted(station: "ChargingStation", evse_id: int) -> None:
    """End a transaction that the last run did not: with the last that was read of its meter."""
    kept = station.journal.get(EVSE_MEMORY, str(evse_id))
    if kept is None:
        return
    keepsake = msgspec.json.decode(kept, type=Keepsake)
    transaction = keepsake.evse.transaction
    if transaction is None:
        return
    report = TransactionReport(
        transaction_id=transaction.transaction_id,
        kind="Ended",
        trigger="AbnormalCondition",
        reason="PowerLoss",
        time=keepsake.time,
        evse=evse_id,
        connector=transaction.connector,
        id_token=transaction.id_token,
        parent=transaction.parent,
        offline=True,
        samples=keepsake.ended_samples,
        meter=keepsake.meter,
    )
    memory = msgspec.structs.replace(
        keepsake, evse=msgspec.structs.replace(keepsake.evse, transaction=None)
    )
    station.journal.append(report, msgspec.json.encode(memory), lambda is_kept: None)
    log.warning("transaction_interrupted", evse=evse_id, transaction=transaction.transaction_id)
