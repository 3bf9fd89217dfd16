"""The record of an EVSE's transaction: its reports with their meter readings, sampled and
clock-aligned (1.6 3.16, 2.x J02).

Reports are journalled here; the outbox delivers them.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from ...machines.effects import ReportTransaction
from ...machines.evse import EvseMemory
from ...profiles.device_model import Key
from ...profiles.report import MeterReport, ReadingContext, Sample, TransactionReport

if TYPE_CHECKING:
    from .station import ChargingStation

_DAY = 86_400
_LOOK_SECONDS = 1.0  # between two looks at a register that is not to pass a limit
_SAMPLED = Key("SampledDataCtrlr", "TxUpdatedMeasurands")
_SAMPLED_INTERVAL = Key("SampledDataCtrlr", "TxUpdatedInterval")
_ENDED = Key("SampledDataCtrlr", "TxEndedMeasurands")
_ALIGNED = Key("AlignedDataCtrlr", "Measurands")
_ALIGNED_INTERVAL = Key("AlignedDataCtrlr", "Interval")
_ALIGNED_ENDED = Key("AlignedDataCtrlr", "TxEndedMeasurands")
DEPENDS_ON = frozenset({_SAMPLED_INTERVAL, _ALIGNED_INTERVAL})


class Keepsake(msgspec.Struct, frozen=True):
    """An EVSE over a restart: where its charts stood, and the last that was read of its meter."""

    evse: EvseMemory
    meter: float  # Wh
    time: float  # s since 1970, UTC
    ended_samples: tuple[Sample, ...] = ()


class Record:
    """Writes the reports of one EVSE."""

    def __init__(self, station: "ChargingStation", evse_id: int) -> None:
        self.station = station
        self.evse_id = evse_id
        self._last: ReportTransaction | None = None  # of the transaction that runs
        self._ended_samples: list[Sample] = []

    @property
    def is_running(self) -> bool:
        return self._last is not None

    # ---- reports from the charts

    def write(self, effect: ReportTransaction, then: Callable[[bool], None]) -> None:
        """Journal what the charts report, with a reading of the meter at this instant."""
        samples: tuple[Sample, ...] = ()
        if effect.kind == "Started":
            self._ended_samples = list(self._read("Transaction.Begin", _ENDED))
            self._start_sampling()
        self._last = effect
        if effect.kind == "Ended":
            samples = (*self._ended_samples, *self._read("Transaction.End", _ENDED))
            self._ended_samples = []
            self._last = None
            self.station.timers.stop(self._timer)
        self._append(effect, effect.trigger, samples, then)

    def _append(
        self,
        effect: ReportTransaction,
        trigger: str,
        samples: tuple[Sample, ...],
        then: Callable[[bool], None],
        time: float | None = None,
    ) -> None:
        now = self.station.clock.time() if time is None else time
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
        )
        self.station.journal.append(report, self._keepsake(meter, now), then)

    def _keepsake(self, meter: float, now: float) -> bytes:
        memory = self.station.tree.evse(self.evse_id).remember()
        return msgspec.json.encode(Keepsake(memory, meter, now, tuple(self._ended_samples)))

    # ---- readings

    @property
    def _timer(self) -> tuple[object, ...]:
        return self.station.timer_name("sample", self.evse_id)

    def _read(
        self, context: ReadingContext, measurands: Key, time: float | None = None
    ) -> tuple[Sample, ...]:
        names = self.station.model.members(measurands)
        if not names:
            return ()
        moment = self.station.clock.time() if time is None else time
        meter = self.station.evses[self.evse_id - 1].read_meter()
        return (Sample(moment, context, meter, names),)

    def _start_sampling(self) -> None:
        interval = self.station.model.integer(_SAMPLED_INTERVAL)
        if interval:
            self.station.timers.start(self._timer, interval, self._sample)

    def intervals_changed(self) -> None:
        """Sample at the new interval from now on."""
        self.station.timers.stop(self._timer)
        if self.is_running:
            self._start_sampling()

    def _sample(self) -> None:
        self._start_sampling()
        self._ended_samples += self._read("Sample.Periodic", _ENDED)
        self._update("MeterValuePeriodic", self._read("Sample.Periodic", _SAMPLED))

    def _update(self, trigger: str, samples: tuple[Sample, ...], time: float | None = None) -> None:
        if self._last is None or not samples:
            return
        evse = self.station.tree.evse(self.evse_id)
        update = msgspec.structs.replace(
            self._last, kind="Updated", reason=None, charging_state=evse.charging_state
        )
        self._append(update, trigger, samples, _nothing, time)

    def align(self, time: float) -> None:
        """Read at a clock-aligned moment (s since 1970), within a transaction or without one."""
        samples = self._read("Sample.Clock", _ALIGNED, time)
        self._ended_samples += self._read("Sample.Clock", _ALIGNED_ENDED, time)
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

    def triggered(self) -> tuple[Sample, ...]:
        """Read because the CSMS asks for it (1.6 5.17: the measurands of the sampled data)."""
        return self._read("Trigger", _SAMPLED)


def _nothing(committed: bool) -> None:
    """Nothing waits for a reading's commit: the journal tries again by itself."""


class AlignedReadings:
    """Has every EVSE read its meter at the multiples of an interval from midnight (1.6 3.16.2,
    J01.FR.14).
    """

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station

    def start(self, after: float | None = None) -> None:
        """Count anew: at the start, when the interval changes, when the clock steps.

        `after` (s since 1970) is a moment that was read already: a clock that lags by a hair must
        not bring it twice.
        """
        interval = self.station.model.integer(_ALIGNED_INTERVAL)
        self.station.timers.stop(self.station.timer_name("aligned"))
        if not interval:
            return
        now = self.station.clock.time()
        counted = now if after is None else max(now, after)
        second_of_day = counted % _DAY
        next_time = counted - second_of_day + min(_DAY, (second_of_day // interval + 1) * interval)
        self.station.timers.start(
            self.station.timer_name("aligned"), next_time - now, lambda: self._read(next_time)
        )

    def _read(self, time: float) -> None:
        self.start(time)
        for record in self.station.records:
            record.align(time)
