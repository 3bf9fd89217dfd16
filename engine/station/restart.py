"""Where a station continues after a restart: its variables, its availability, and what became of
its transactions.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog

from ...machines.effects import Effect
from ...machines.events import ReservationMade
from ...machines.meter import MeterSample
from ...profiles.measurands import ENERGY_REGISTER
from ...profiles.report import Sample, TransactionReport
from ...profiles.settings_view import apply
from ..journal.journal import CSMS_IDS
from .keepsake import Keepsake, keepsakes
from .readings import ENDED

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()


_OF_THE_PROGRAM = frozenset({"ApplicationReset", "Watchdog"})  # boots without a loss of power
RESERVATIONS = "reservations"  # in the journal


class KeptReservation(msgspec.Struct, frozen=True):
    made: ReservationMade
    until: float  # s since 1970


def kept_reservation(made: ReservationMade, now: float) -> bytes:
    """Write a reservation as the journal keeps it; `now` in s since 1970."""
    return msgspec.json.encode(KeptReservation(made, now + made.seconds))


def recall(station: "ChargingStation") -> None:
    """Hold the values that the journal kept: the station is yet to be put under power."""
    station.variables.restore()
    apply(station.model, station.tree.settings)
    station.network.slots.restore()
    _forget_unreadable_ids(station)
    if station.tokens.local_list.is_damaged:
        log.error("local_list_unusable")  # the CSMS sees it by its version


def restore(station: "ChargingStation") -> Iterator[list[Effect]]:
    """Go on where the last run ended; give the effects that follow."""
    station.timekeeping.go_on()
    yield from _restore_availability(station)
    yield from _restore_reservations(station)
    for evse_id, keepsake in keepsakes(station.journal).items():
        _end_interrupted(station, evse_id, keepsake)
    station.timekeeping.begin()  # the ends above have the time of what was kept


def _forget_unreadable_ids(station: "ChargingStation") -> None:
    """Have no id of a transaction rather than a damaged one (errata 3.18); they are numbers."""
    for transaction_id, kept in station.journal.items(CSMS_IDS).items():
        if not kept.removeprefix(b"-").isdigit():
            log.error("id_unreadable", transaction=transaction_id)
            station.journal.put(CSMS_IDS, transaction_id, None)


def _restore_availability(station: "ChargingStation") -> Iterator[list[Effect]]:
    """B11.FR.05, 1.6 5.2: what was out of service stays so."""
    kept = station.journal.items("availability")
    if not kept:
        return
    places = {
        f"{evse.evse_id}.{connector}": (evse, connector)
        for evse in station.tree.evses
        for connector in range(len(evse.connectors) + 1)
    }
    for place in kept:
        if place == "0.0":
            yield station.tree.request_availability(False)
        elif place in places:
            evse, connector = places[place]
            yield evse.request_availability(False, connector)
        else:
            log.warning("availability_not_restored", place=place)  # the station had more EVSEs


def _restore_reservations(station: "ChargingStation") -> Iterator[list[Effect]]:
    """B01.FR.13, B11.FR.05: what was reserved stays so, as long as it was to."""
    reserved = station.journal.items(RESERVATIONS)
    if not reserved:
        return
    evses = {str(number): number for number in range(len(station.tree.evses) + 1)}
    for place, value in reserved.items():
        try:
            kept = msgspec.json.decode(value, type=KeptReservation)
        except ValueError:  # damaged
            kept = None
        if kept is None or place not in evses:  # the station had more EVSEs
            log.warning("reservation_not_restored", evse=place)
            continue
        left = max(0.0, kept.until - station.clock.time())
        made = msgspec.structs.replace(kept.made, seconds=left)
        yield station.tree.handle(evses[place], made)


def _end_interrupted(station: "ChargingStation", evse_id: int, keepsake: Keepsake) -> None:
    """End a transaction that the last run did not: with the last that was read of its meter."""
    transaction = keepsake.evse.transaction
    if transaction is None:
        return
    report = TransactionReport(
        transaction_id=transaction.transaction_id,
        kind="Ended",
        trigger="AbnormalCondition",
        reason="Reboot" if station.boot_reason in _OF_THE_PROGRAM else "PowerLoss",
        time=keepsake.time,
        evse=evse_id,
        connector=transaction.connector,
        id_token=transaction.id_token,
        parent=transaction.parent,
        charging_state=_state_after_power_loss(keepsake),
        offline=True,
        samples=(*keepsake.ended_samples, *_last_reading(station, keepsake)),
        meter=keepsake.meter,
        seconds_charging=keepsake.seconds_charging or None,
    )
    memory = msgspec.structs.replace(
        keepsake, evse=msgspec.structs.replace(keepsake.evse, transaction=None)
    )
    station.journal.append(report, partial(msgspec.json.encode, memory))
    log.warning("transaction_interrupted", evse=evse_id, transaction=transaction.transaction_id)


def _state_after_power_loss(keepsake: Keepsake) -> str:
    """Give the charging state that is sure: the contactor is open, the cable where it was."""
    is_plugged = any("plugged" in states for states in keepsake.evse.connectors)
    return "EVConnected" if is_plugged else "Idle"


def _last_reading(station: "ChargingStation", keepsake: Keepsake) -> tuple[Sample, ...]:
    """Give the reading of the end: the last that is known of the register (E06.FR.11)."""
    if ENERGY_REGISTER not in station.model.members(ENDED):
        return ()
    meter = MeterSample(energy_import=keepsake.meter)
    return (Sample(keepsake.time, "Transaction.End", meter, (ENERGY_REGISTER,)),)
