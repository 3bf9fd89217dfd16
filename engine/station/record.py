"""The record of an EVSE's transaction: its reports with their meter readings, sampled and
clock-aligned (1.6 3.16, 2.x E, J02).

Reports are journalled here; the outbox delivers them. Theory of operation. What is to be reported
comes in the order of the EVSE's effects, and so do the readings that a timer asks for: a report may
have to wait for the meter to sign its reading, and what comes after it then waits too. So numbers,
times and registers of the record only ever go up.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog
import trio

from ...drivers.driver import SigningContext, SigningRequest
from ...machines.effects import ReportTransaction
from ...machines.events import SignedDataReceived
from ...machines.meter import MeterSample
from ...machines.transaction import TransactionMemory
from ...profiles.device_model import Key
from ...profiles.report import (
    MeterReport,
    ReadingContext,
    Sample,
    TransactionReport,
)
from ..journal.journal import EVSE_MEMORY
from ..journal.restamping import shifted
from .ended_samples import EndedSamples
from .keepsake import Keepsake, keepsakes
from .readings import (
    ALIGNED,
    ALIGNED_ENDED,
    ENDED,
    MAX_ENDED,
    SAMPLED,
    SAMPLED_INTERVAL,
    STARTED,
    Readings,
    TakeReading,
    What,
)
from .signer import Signer
from .told import Told

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_LOOK_SECONDS = 1.0  # between two looks at a register that is not to pass a limit
_RETRY_SECONDS = 10.0  # before the meter is asked again to sign the reading of the beginning

_READ_FOR: dict[What, tuple[ReadingContext, Key, bool]] = {
    "sampled": ("Sample.Periodic", SAMPLED, True),
    "sampled for end": ("Sample.Periodic", ENDED, True),
    "aligned": ("Sample.Clock", ALIGNED, False),
    "aligned for end": ("Sample.Clock", ALIGNED_ENDED, True),
    "triggered": ("Trigger", SAMPLED, True),
}
"""The occasion, the list, and whether it is for a transaction that runs."""


class Record:
    """Writes the reports of one EVSE."""

    __slots__ = (
        "_ahead",
        "_begin",
        "_ended",
        "_intervals",
        "_last",
        "_latest",
        "_told",
        "evse_id",
        "readings",
        "station",
        "total_cost",
    )

    def __init__(self, station: "ChargingStation", evse_id: int) -> None:
        self.station = station
        self.evse_id = evse_id
        self.readings = Readings(station, evse_id)
        self.total_cost: float | None = None  # that the CSMS named for the last transaction
        self._last: ReportTransaction | None = None  # of the transaction that runs
        self._ended = EndedSamples()
        self._ahead = 0.0  # s by which the transaction's time is before a clock that was set back
        self._latest = 0.0  # s since 1970, that its record has told
        self._told = Told()
        self._intervals: dict[str, tuple[int, float]] = {}
        """By what is sampled: how often, in s, and when next, on Trio's clock."""
        self._begin: MeterSample | None = None  # signed, for a transaction that it starts

    @property
    def is_running(self) -> bool:
        return self._last is not None

    # ---- reports from the charts

    def write(self, effect: ReportTransaction, then: Callable[[bool], None]) -> None:
        """Journal what the charts report, with a reading of the meter at this instant."""
        if effect.kind == "Started":
            self._start()
        if effect.kind == "Ended":
            self._stop_sampling()
        time = self._moment(None)
        begin, self._begin = self._begin, None
        if effect.kind == "Started" and begin is not None:
            self._write(effect, begin, time, then)
            return
        context, lists = self._lists_of(effect)
        if context is None or not any(map(self.readings.is_signed, lists)):
            self._write(effect, self.readings.now(), time, then)
        else:
            self._with_signed(context, effect, lambda meter: self._write(effect, meter, time, then))

    def _start(self) -> None:
        self._ahead = self._latest = 0.0
        self._ended.clear()
        self._start_sampling()
        self._told.clear()
        self.total_cost = None

    def _write(
        self,
        effect: ReportTransaction,
        meter: MeterSample,
        time: float,
        then: Callable[[bool], None],
    ) -> None:
        samples = self._samples_of(effect, meter, time)
        self._last = None if effect.kind == "Ended" else effect
        self._append(effect, effect.trigger, samples, then, meter=meter, time=time)
        if effect.kind == "Started":
            self._tell_begin_apart(effect, meter, time)
        if effect.kind == "Ended":
            self._ended.clear()
            self._ahead = self._latest = 0.0

    def _lists_of(self, effect: ReportTransaction) -> tuple[SigningContext | None, tuple[Key, ...]]:
        """Give the occasion that a report is for the meter, and the lists that are read then."""
        match effect.kind:
            case "Started":
                return "Transaction.Begin", (self._begin_apart() or STARTED, ENDED)
            case "Ended":
                return "Transaction.End", (ENDED,)
            case _ if self._told.is_begin_due(effect):
                return "Transaction.Begin", (STARTED,)
        return None, ()

    def _samples_of(
        self, effect: ReportTransaction, meter: MeterSample, time: float
    ) -> tuple[Sample, ...]:
        if effect.kind == "Ended":
            self._ended.add(self.readings.sample("Transaction.End", ENDED, meter, time))
            return self._ended.told()
        if effect.kind == "Started":
            self.readings.begin(meter)
        samples: tuple[Sample, ...] = ()
        if self._told.is_begin_due(effect) and self._begin_apart() is None:
            self._told.begin_told(effect)
            samples = self.readings.sample("Transaction.Begin", STARTED, meter, time)
        if effect.kind == "Started":
            self._ended.add(self.readings.sample("Transaction.Begin", ENDED, meter, time))
        return samples

    def _begin_apart(self) -> Key | None:
        face = self.station.network.face
        return None if face is None else face.BEGIN_APART

    def _tell_begin_apart(self, effect: ReportTransaction, meter: MeterSample, time: float) -> None:
        """Tell readings of the beginning for which the version's start has no room."""
        measurands = self._begin_apart()
        if measurands is not None:
            samples = self.readings.sample("Transaction.Begin", measurands, meter, time)
            self._update("MeterValuePeriodic", samples, meter, time)

    def _append(
        self,
        effect: ReportTransaction,
        trigger: str,
        samples: tuple[Sample, ...],
        then: Callable[[bool], None] | None,
        *,
        meter: MeterSample,
        time: float,
    ) -> None:
        seconds_charging = self._told.seconds_charging(effect.charging_state)
        report = TransactionReport(
            transaction_id=effect.transaction_id,
            kind=effect.kind,
            trigger=trigger,
            time=time,
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
            meter=meter.energy_import,
            news=self._told.news(effect, trigger),
            phases_used=self._told.phases(effect.charging_state, meter),
            seconds_charging=seconds_charging or None,
        )
        keepsake = self._keepsake(effect, meter.energy_import, time, seconds_charging)
        self.station.journal.append(report, keepsake, then)

    def _keepsake(
        self, effect: ReportTransaction, meter: float, now: float, seconds_charging: float
    ) -> Callable[[], bytes]:
        """Give the EVSE's memory as this report leaves it, to be written.

        The charts may be further: their next reports wait until the disk has this one. A restart
        ends the transaction that is told of, neither one that has ended nor one that has not begun.
        """
        memory = self.station.tree.evse(self.evse_id).remember()
        transaction = None if effect.kind == "Ended" else _told(effect, memory.transaction)
        if transaction is not memory.transaction:
            memory = msgspec.structs.replace(memory, transaction=transaction)
        samples = () if effect.kind == "Ended" else self._ended.told()
        keepsake = Keepsake(memory, meter, now, samples, seconds_charging)
        return partial(msgspec.json.encode, keepsake)

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
            self._ended.shift(step)
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

    # ---- readings that time asks for

    def _timer(self, what: str) -> tuple[object, ...]:
        return (what, self.evse_id)

    def _start_sampling(self) -> None:
        """Sample at the intervals that hold now; one that goes on is not begun anew."""
        sampled_for_end, _ = self.station.network.ended_intervals
        for what, interval, read in (
            ("sampled for end", sampled_for_end, self._sample_for_end),
            ("sampled", SAMPLED_INTERVAL, self._sample),
        ):
            before, _ = self._intervals.get(what, (None, 0.0))
            if before != self.station.model.integer(interval):
                self._intervals.pop(what, None)
                self._start_timer(what, interval, read)

    def _start_timer(self, what: str, interval: Key, read: Callable[[], None]) -> None:
        """Read after the interval: after the moment that the last reading was due, so that a late
        one makes no later one late.
        """
        seconds, now = self.station.model.integer(interval), trio.current_time()
        _, last = self._intervals.get(what, (seconds, now))
        due = last + seconds if last + seconds > now else now + seconds
        self._intervals[what] = seconds, due
        if seconds:
            self.station.timers.start_at(self._timer(what), due, read)
        else:
            self.station.timers.stop(self._timer(what))

    def _stop_sampling(self) -> None:
        self.station.timers.stop(self._timer("sampled for end"))
        self.station.timers.stop(self._timer("sampled"))
        self._intervals.clear()

    def intervals_changed(self) -> None:
        """Sample at the new intervals from now on."""
        if self.is_running:
            self._start_sampling()

    def _sample_for_end(self) -> None:
        sampled_for_end, _ = self.station.network.ended_intervals
        self._start_timer("sampled for end", sampled_for_end, self._sample_for_end)
        self._take_in_turn("sampled for end")

    def _sample(self) -> None:
        self._start_timer("sampled", SAMPLED_INTERVAL, self._sample)
        self._take_in_turn("sampled")

    def _take_in_turn(self, what: What) -> None:
        self.station.perform_in_turn(self.evse_id, TakeReading(self.evse_id, what))

    def take(self, effect: TakeReading, hold: Callable[[], Callable[[], None]]) -> None:
        """Read what the effect asks for, and report it or keep it; `hold` the effects behind it
        while the meter signs.
        """
        measurands, is_of_transaction = _READ_FOR[effect.what][1:]
        if is_of_transaction and not self.is_running:
            return  # it has ended meanwhile
        time = self._moment(effect.time)
        if not self.readings.is_signed(measurands, in_transaction=self.is_running):
            self._took(effect.what, self.readings.now(), time)
            return
        release = hold()

        def signed(meter: MeterSample) -> None:
            self._took(effect.what, meter, time)
            release()

        self._with_signed("Sample.Clock" if effect.time else "Sample.Periodic", self._last, signed)

    def _took(self, what: What, meter: MeterSample, time: float) -> None:
        context, measurands, _ = _READ_FOR[what]
        samples = self.readings.sample(
            context, measurands, meter, time, in_transaction=self.is_running
        )
        match what:
            case "sampled":
                self._update("MeterValuePeriodic", samples, meter, time)
            case "aligned" if self.is_running:
                self._update("MeterValueClock", samples, meter, time)  # J01.FR.22
            case "aligned":
                self._tell_idle(samples, time)
            case "triggered":  # F06.FR.07
                self._tell("Trigger", samples, meter, time)
            case "sampled for end" | "aligned for end":
                self._ended.offer(samples, self.station.model.integer(MAX_ENDED))

    def _update(
        self, trigger: str, samples: tuple[Sample, ...], meter: MeterSample, time: float
    ) -> None:
        if samples:
            self._tell(trigger, samples, meter, time)

    def _tell(
        self, trigger: str, samples: tuple[Sample, ...], meter: MeterSample, time: float
    ) -> None:
        """Tell how the transaction that runs stands."""
        assert self._last is not None
        evse = self.station.tree.evse(self.evse_id)
        update, state = self._last, evse.charging_state
        if (update.kind, update.reason, update.charging_state) != ("Updated", None, state):
            update = self._last = msgspec.structs.replace(
                update, kind="Updated", reason=None, charging_state=state
            )
        self._append(update, trigger, samples, None, meter=meter, time=time)

    def _tell_idle(self, samples: tuple[Sample, ...], time: float) -> None:
        """Tell readings outside of a transaction (J01.FR.14)."""
        if samples:
            report = MeterReport(
                evse=self.evse_id,
                connector=1,
                time=time,
                samples=samples,
                offline=not self.station.tree.is_online,
            )
            self.station.journal.append(report)

    # ---- signatures

    def _with_signed(
        self,
        context: SigningContext,
        of: ReportTransaction | None,
        then: Callable[[MeterSample], None],
    ) -> None:
        """Have the meter sign this reading, and go on without where it does not."""
        request = SigningRequest(
            context=context,
            transaction_id=None if of is None else of.transaction_id,
            id_token=None if of is None else of.id_token,
        )
        self._signer.ask(request, lambda signed: then(signed or self.readings.now()))

    @property
    def _signer(self) -> Signer:
        return self.station.evses[self.evse_id - 1].signer

    def sign_begin(self) -> None:
        """Have the meter sign the reading that a transaction is to begin with (E01.FR.04)."""
        evse = self.station.tree.evse(self.evse_id)
        if not evse.chart.is_in("asked"):
            return  # the session is over
        if not self._signer.can_sign:
            log.error("meter_does_not_sign", evse=self.evse_id)
            return
        id_token = None if evse.authorization is None else evse.authorization.id_token
        request = SigningRequest(context="Transaction.Begin", id_token=id_token)
        self._signer.ask(request, self._signed_begin)

    def _signed_begin(self, meter: MeterSample | None) -> None:
        if not self.station.tree.evse(self.evse_id).chart.is_in("asked"):
            return
        if meter is None:
            name = self._timer("signature")
            self.station.timers.start(name, _RETRY_SECONDS, self.sign_begin)
            return
        self._begin = meter
        self.station.deliver(self.evse_id, SignedDataReceived())

    # ---- what others ask of it

    def when_drawn(self, energy: float, then: Callable[[], None]) -> None:
        """Call back when the car has drawn this much more (Wh); with the transaction it is over."""
        last = self._last
        if last is None:
            return
        name = ("drawn", self.evse_id)
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
        return self.readings.now().energy_import

    def triggered(self, measurands: Key) -> tuple[Sample, ...]:
        """Read what this variable lists because the CSMS asks for it."""
        return self.readings.sample(
            "Trigger", measurands, self.readings.now(), self._moment(None), in_transaction=False
        )


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
