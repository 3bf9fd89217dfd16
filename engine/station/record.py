"""The record of an EVSE's transaction: its reports with their meter readings, sampled and
clock-aligned (1.6 3.16, 2.x J02).

Reports are journalled here; the outbox delivers them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import structlog

from ...machines.effects import ReportTransaction
from ...machines.evse import EvseMemory
from ...machines.transaction import TransactionMemory
from ...profiles.device_model import Key
from ...profiles.report import (
    MeterReport,
    News,
    ReadingContext,
    Sample,
    TransactionReport,
)
from ..journal.journal import EVSE_MEMORY, Journal
from ..journal.restamping import shifted

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_LEAST_CURRENT = 0.5  # A; a phase that carries less is not used
_LOOK_SECONDS = 1.0  # between two looks at a register that is not to pass a limit
_STARTED = Key("SampledDataCtrlr", "TxStartedMeasurands")
_SAMPLED = Key("SampledDataCtrlr", "TxUpdatedMeasurands")
_SAMPLED_INTERVAL = Key("SampledDataCtrlr", "TxUpdatedInterval")
_ENDED = Key("SampledDataCtrlr", "TxEndedMeasurands")
_ENDED_INTERVAL = Key("SampledDataCtrlr", "TxEndedInterval")
_ALIGNED = Key("AlignedDataCtrlr", "Measurands")
ALIGNED_INTERVAL = Key("AlignedDataCtrlr", "Interval")
_ALIGNED_ENDED = Key("AlignedDataCtrlr", "TxEndedMeasurands")
_ALIGNED_ENDED_INTERVAL = Key("AlignedDataCtrlr", "TxEndedInterval")
_MAX_ENDED = Key("OCPP16LegacyCtrlr", "StopTransactionMaxMeterValues")
DEPENDS_ON = frozenset(
    {_SAMPLED_INTERVAL, _ENDED_INTERVAL, ALIGNED_INTERVAL, _ALIGNED_ENDED_INTERVAL}
)
SAMPLED_TOGETHER = (_SAMPLED_INTERVAL, ALIGNED_INTERVAL)
"""What counts for the readings of the end before any version was spoken."""


class Keepsake(msgspec.Struct, frozen=True):
    """An EVSE over a restart: where its charts stood, and the last that was read of its meter."""

    evse: EvseMemory
    meter: float  # Wh
    time: float  # s since 1970, UTC
    ended_samples: tuple[Sample, ...] = ()


def keepsakes(journal: Journal) -> dict[int, Keepsake]:
    """Give what is kept of each EVSE, those included that the station no longer has."""
    found: dict[int, Keepsake] = {}
    for evse_id, kept in journal.items(EVSE_MEMORY).items():
        try:
            found[int(evse_id)] = msgspec.json.decode(kept, type=Keepsake)
        except ValueError as error:  # msgspec's are such, too
            log.error("memory_unreadable", evse=evse_id, reason=str(error))
    return found


class Record:
    """Writes the reports of one EVSE."""

    def __init__(self, station: "ChargingStation", evse_id: int) -> None:
        self.station = station
        self.evse_id = evse_id
        self._last: ReportTransaction | None = None  # of the transaction that runs
        self._ended_samples: list[Sample] = []
        self._ahead = 0.0  # s by which the transaction's time is before a clock that was set back
        self._latest = 0.0  # s since 1970, that its record has told
        self._stride = 1  # of the readings for the end, every so-manieth is kept
        self._offered = 0
        self._told: set[News] = set()
        self._begin_is_due = False  # whether the readings of the beginning are still to be told
        self._phases: int | None = None  # that were told last
        self.total_cost: float | None = None  # that the CSMS named for the last transaction

    @property
    def is_running(self) -> bool:
        return self._last is not None

    # ---- reports from the charts

    def write(self, effect: ReportTransaction, then: Callable[[bool], None]) -> None:
        """Journal what the charts report, with a reading of the meter at this instant."""
        if effect.kind == "Started":
            self._ahead = self._latest = 0.0
            self._ended_samples = list(self._read("Transaction.Begin", _ENDED))
            self._stride, self._offered = 1, 0
            self._told.clear()
            self._begin_is_due = True
            self._phases = self.total_cost = None
            self._start_sampling()
        samples = self._samples_of(effect)
        self._last = effect
        if effect.kind == "Ended":
            self._ended_samples = []
            self._last = None
            self._stop_sampling()
        self._append(effect, effect.trigger, samples, then)
        if effect.kind == "Ended":
            self._ahead = self._latest = 0.0

    def _samples_of(self, effect: ReportTransaction) -> tuple[Sample, ...]:
        if effect.kind == "Ended":
            return (*self._ended_samples, *self._read("Transaction.End", _ENDED))
        is_moment = effect.kind == "Started" or effect.charging_state == "Charging"
        if not (self._begin_is_due and effect.connector and is_moment):
            return ()  # E01.FR.17: where the EV is not connected yet, when it charges
        self._begin_is_due = False
        return self._read("Transaction.Begin", _STARTED)

    def _news(self, effect: ReportTransaction, trigger: str) -> tuple[News, ...]:
        """Give what the report is the first to tell. A token is presented anew with each
        authorization (E02.FR.20).
        """
        if trigger in ("Authorized", "RemoteStart"):
            self._told.discard("id_token")
        known: dict[News, object] = {
            "evse": effect.connector or None,
            "id_token": effect.id_token,
            "stop_token": effect.stop_token,
            "remote_start": effect.remote_start_id,
            "reservation": effect.reservation_id,
        }
        news = tuple(
            name for name, value in known.items() if value is not None and name not in self._told
        )
        self._told.update(news)
        return news

    def _new_phases(self, charging_state: str) -> int | None:
        """Count the phases in use, where the meter tells them and they changed (E02.FR.18-19)."""
        currents = self.station.read_meter(self.evse_id).current_import
        if charging_state != "Charging" or len(currents) < 3:
            return None
        phases = sum(current > _LEAST_CURRENT for current in currents)
        if phases in (0, self._phases):
            return None
        self._phases = phases
        return phases

    def _append(
        self,
        effect: ReportTransaction,
        trigger: str,
        samples: tuple[Sample, ...],
        then: Callable[[bool], None],
        time: float | None = None,
    ) -> None:
        now = self._moment(time)
        meter = self._register()
        report = TransactionReport(
            transaction_id=effect.transaction_id,
            kind=effect.kind,
            trigger=trigger,
            time=now,
            evse=effect.evse,
            connector=effect.connector,
            reason=effect.reason,
            id_token=effect.id_token,
            stop_token=effect.stop_token,
            parent=effect.parent,
            remote_start_id=effect.remote_start_id,
            reservation_id=effect.reservation_id,
            charging_state=effect.charging_state,
            offline=not self.station.tree.is_online,
            samples=samples,
            meter=meter,
            news=self._news(effect, trigger),
            phases_used=self._new_phases(effect.charging_state),
        )
        self.station.journal.append(report, self._keepsake(effect, meter, now), then)

    def _keepsake(self, effect: ReportTransaction, meter: float, now: float) -> bytes:
        """Give the EVSE's memory as this report leaves it.

        The charts may be further: their next reports wait until the disk has this one. A restart
        ends the transaction that is told of, neither one that has ended nor one that has not begun.
        """
        memory = self.station.tree.evse(self.evse_id).remember()
        transaction = None if effect.kind == "Ended" else _told(effect, memory.transaction)
        memory = msgspec.structs.replace(memory, transaction=transaction)
        return msgspec.json.encode(Keepsake(memory, meter, now, tuple(self._ended_samples)))

    # ---- time

    def _moment(self, time: float | None) -> float:
        """Give the time (by default this instant, s since 1970) as the transaction counts it."""
        moment = (self.station.clock.time() if time is None else time) + self._ahead
        self._latest = max(self._latest, moment)
        return self._latest

    def clock_stepped(self, step: float, *, is_restamped: bool) -> None:
        """Go on without a step back where a transaction runs: its times keep order and length.

        A step that its earlier reports have taken too (seconds, either way) is one for all of it.
        """
        if not self.is_running:
            self._ahead = self._latest = 0.0
        elif is_restamped:
            self._latest += step
            self._ended_samples = [shifted(sample, step) for sample in self._ended_samples]
            self._restamp_memory(step)
        else:
            self._ahead = max(0.0, self._ahead - step)

    def _restamp_memory(self, step: float) -> None:
        keepsake = keepsakes(self.station.journal).get(self.evse_id)
        if keepsake is not None:
            samples = tuple(shifted(sample, step) for sample in keepsake.ended_samples)
            keepsake = msgspec.structs.replace(
                keepsake, time=keepsake.time + step, ended_samples=samples
            )
            memory = msgspec.json.encode(keepsake)
            self.station.journal.put(EVSE_MEMORY, str(self.evse_id), memory)

    # ---- readings

    def _timer(self, what: str) -> tuple[object, ...]:
        return self.station.timer_name(what, self.evse_id)

    def _read(
        self, context: ReadingContext, measurands: Key, time: float | None = None
    ) -> tuple[Sample, ...]:
        names = self.station.model.members(measurands)
        if not names:
            return ()
        moment = self._moment(time)
        meter = self.station.evses[self.evse_id - 1].read_meter()
        return (Sample(moment, context, meter, names),)

    def _start_sampling(self) -> None:
        sampled_for_end, _ = self.station.network.ended_intervals
        self._start("sample for end", sampled_for_end, self._sample_for_end)
        self._start("sample", _SAMPLED_INTERVAL, self._sample)

    def _start(self, what: str, interval: Key, read: Callable[[], None]) -> None:
        seconds = self.station.model.integer(interval)
        if seconds:
            self.station.timers.start(self._timer(what), seconds, read)

    def _stop_sampling(self) -> None:
        self.station.timers.stop(self._timer("sample for end"))
        self.station.timers.stop(self._timer("sample"))

    def intervals_changed(self) -> None:
        """Sample at the new intervals from now on."""
        self._stop_sampling()
        if self.is_running:
            self._start_sampling()

    def _sample_for_end(self) -> None:
        sampled_for_end, _ = self.station.network.ended_intervals
        self._start("sample for end", sampled_for_end, self._sample_for_end)
        self._keep_for_end(self._read("Sample.Periodic", _ENDED))

    def _sample(self) -> None:
        self._start("sample", _SAMPLED_INTERVAL, self._sample)
        self._update("MeterValuePeriodic", self._read("Sample.Periodic", _SAMPLED))

    def _keep_for_end(self, samples: tuple[Sample, ...]) -> None:
        """Keep readings for the report of the end, with room for the last (errata 3.91)."""
        self._offered += 1
        if self._offered % self._stride:
            return
        self._ended_samples += samples
        if len(self._ended_samples) >= self.station.model.integer(_MAX_ENDED):
            del self._ended_samples[1::2]  # evenly, and never the first
            self._stride *= 2

    def _update(self, trigger: str, samples: tuple[Sample, ...], time: float | None = None) -> None:
        if samples:
            self._tell(trigger, samples, time)

    def tell_triggered(self) -> None:
        """Tell how the transaction stands because the CSMS asks for it (F06.FR.07)."""
        self._tell("Trigger", self._read("Trigger", _SAMPLED), None)

    def _tell(self, trigger: str, samples: tuple[Sample, ...], time: float | None) -> None:
        if self._last is None:
            return
        evse = self.station.tree.evse(self.evse_id)
        update = msgspec.structs.replace(
            self._last, kind="Updated", reason=None, charging_state=evse.charging_state
        )
        self._append(update, trigger, samples, _nothing, time)

    def align(self, time: float) -> None:
        """Read at a clock-aligned moment (s since 1970), within a transaction or without one."""
        samples = self._read("Sample.Clock", _ALIGNED, time)
        if self.is_running:
            self._update("MeterValueClock", samples, time)
        elif samples:
            report = MeterReport(
                evse=self.evse_id,
                connector=1,
                time=time,
                samples=samples,
                offline=not self.station.tree.is_online,
            )
            self.station.journal.append(report, None, _nothing)

    def align_for_end(self, time: float) -> None:
        """Read at a clock-aligned moment (s since 1970) for the end of the transaction."""
        if self.is_running:
            self._keep_for_end(self._read("Sample.Clock", _ALIGNED_ENDED, time))

    def when_drawn(self, energy: float, then: Callable[[], None]) -> None:
        """Call back when the car has drawn this much more (Wh); with the transaction it is over."""
        last = self._last
        if last is None:
            return
        name = self.station.timer_name("drawn", self.evse_id)
        target = self._register() + energy

        def look() -> None:
            if self._last is None or self._last.transaction_id != last.transaction_id:
                return
            if self._register() >= target:
                then()
            else:
                self.station.timers.start(name, _LOOK_SECONDS, look)

        look()

    def _register(self) -> float:
        return self.station.read_meter(self.evse_id).energy_import

    def triggered(self, measurands: Key) -> tuple[Sample, ...]:
        """Read what this variable lists because the CSMS asks for it."""
        return self._read("Trigger", measurands)


def _told(effect: ReportTransaction, now: TransactionMemory | None) -> TransactionMemory:
    """Give the memory of the transaction that the report tells of."""
    if now is not None and now.transaction_id == effect.transaction_id:
        return now
    return TransactionMemory(
        transaction_id=effect.transaction_id,
        connector=effect.connector,
        configuration=("ongoing",),
        id_token=effect.id_token,
        parent=effect.parent,
        remote_start_id=effect.remote_start_id,
        reservation_id=effect.reservation_id,
    )


def _nothing(committed: bool) -> None:
    """Nothing waits for a reading's commit: the journal tries again by itself."""
