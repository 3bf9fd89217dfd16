"""One EVSE at work: its driver's task, the order of its effects, and its meter.

Effects are performed in order; behind a report of the transaction they wait until the journal has
committed it, so that no contactor closes upon a transaction that a power cut could forget.
"""

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
import trio

from ...drivers.driver import Driver
from ...machines.effects import (
    AcceptToken,
    CloseContactor,
    Command,
    Effect,
    LockConnector,
    OpenContactor,
    RefuseToken,
    ReportTransaction,
    ShowMessages,
    UnlockConnector,
)
from ...machines.events import (
    ConnectorLocked,
    Event,
    FaultCleared,
    FaultRaised,
    LockFailed,
    ResetFinished,
)
from ...machines.meter import MeterSample
from ..failure import Failure
from .signer import Signer

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

RESTARTS = 5  # of a driver within RESTART_WINDOW; more of them end the program
RESTART_WINDOW = 60.0  # s
_FIRST_WORDS = 0.2  # s that a driver needs to say how things stand
_LOCK_SECONDS = 3.0  # that a lock gets to say whether it holds
_PROBATION = 1.0  # s that a restarted driver gets to tell its health itself
_COMMANDS = 64  # a driver that lets more wait has stopped working


class DriverFailed(Failure):
    """A driver keeps failing; its EVSE cannot be served."""


class EvseTask:
    """The engine's side of an EVSE."""

    def __init__(self, station: "ChargingStation", evse_id: int, driver: Driver) -> None:
        self.station = station
        self.evse_id = evse_id
        self.driver = driver
        self.effects = EffectQueue(station.perform_one)
        self.signer = Signer(driver, evse_id)
        self._commands: trio.MemorySendChannel[Command] | None = None
        self._failures: deque[float] = deque()
        self._run = trio.CancelScope()
        self._is_reset = False  # the run that is ends for a reset
        self._is_awaited = False  # the driver's word after a reset
        self._locking: set[int] = set()  # connectors whose lock has not said yet whether it holds
        self._says_locked = True  # whether the driver speaks of its locks at all
        self._closing: CloseContactor | None = None  # waits for the lock
        self._told_of: set[int] = set()  # connectors whose health the driver has told in this run

    def read_meter(self) -> MeterSample:
        return self.driver.read_meter()

    def command(self, command: Command) -> None:
        """Pass a command to the driver. One that does not take them any more has failed."""
        if isinstance(command, CloseContactor) and not self.station.storage.may_close(self.evse_id):
            log.warning("contactor_stays_open", evse=self.evse_id)
            return
        if self._commands is None:
            log.warning("command_without_driver", evse=self.evse_id, command=repr(command))
            return
        if not self._waits_for_lock(command):
            self._pass_on(command)

    def _waits_for_lock(self, command: Command) -> bool:
        """Let no contactor close on a cable that is not held yet (G05.FR.01)."""
        match command:
            case LockConnector(connector=connector):
                if self._says_locked and not self.station.tree.evse(self.evse_id).has_fixed_cable:
                    self._locking.add(connector)
            case UnlockConnector(connector=connector):
                self._locking.discard(connector)
            case OpenContactor():
                self._closing = None
            case CloseContactor() if self._locking:
                self._closing = command
                name = ("lock", self.evse_id)
                self.station.timers.start(name, _LOCK_SECONDS, self._lock_is_silent)
                return True
        return False

    def _lock_is_silent(self) -> None:
        if self._closing is not None:
            log.warning("lock_says_nothing", evse=self.evse_id)
            self._says_locked = False
            self._locking.clear()
            self._close()

    def _close(self) -> None:
        closing, self._closing = self._closing, None
        if closing is not None:
            self.command(closing)

    def _pass_on(self, command: Command) -> None:
        assert self._commands is not None
        try:
            self._commands.send_nowait(command)
        except trio.WouldBlock:
            self._run.cancel()  # it is stuck

    def tell(self, notice: AcceptToken | RefuseToken | ShowMessages) -> None:
        """Tell the person there; without a driver nobody can."""
        if self._commands is not None:
            self.command(notice)

    async def run(self) -> None:
        """Run the driver, anew when it fails, until cancelled. Raises DriverFailed when that
        repeats.
        """
        while True:
            send, receive = trio.open_memory_channel[Command](_COMMANDS)
            self._commands = send
            self._run = trio.CancelScope()
            self._is_reset = False
            self._told_of.clear()
            self._locking.clear()
            self._says_locked, self._closing = True, None
            try:
                with send, receive, self._run:
                    self._recover()
                    await self.driver.run(receive, self.report)
                is_stuck = self._run.cancelled_caught
                problem = "the driver takes no commands" if is_stuck else "the driver ended"
            except Exception as error:  # the supervisor of drivers
                log.exception("driver_failed", evse=self.evse_id)
                problem = f"the driver failed: {type(error).__name__}"
            finally:
                self._commands = None
            if self._is_reset:
                continue
            self.fault(problem)
            await trio.sleep(self._pause())

    def end(self) -> None:
        """Have written what is still to be reported, and do nothing more.

        The journal may outlive this run of the station, and the next run goes by what it says.
        """
        self.effects.keep_reports()
        self.signer.end()  # what waited for it goes first
        self.effects.end()

    def report(self, fact: Event) -> None:
        """Take a fact from the driver."""
        if isinstance(fact, FaultRaised | FaultCleared):
            self._told_of.add(fact.connector)
        self.station.deliver(self.evse_id, fact)
        if isinstance(fact, ConnectorLocked | LockFailed):
            self._locking.discard(fact.connector)
            if not self._locking:
                self._close()
        if self._is_awaited:
            self._is_awaited = False
            name = ("back", self.evse_id)
            self.station.timers.start(name, _FIRST_WORDS, self._finish_reset)

    def restart(self) -> None:
        """Run the driver anew, because of a reset; its first words bring ResetFinished."""
        self._is_reset = self._is_awaited = True
        self._run.cancel()

    def _finish_reset(self) -> None:
        self.station.deliver(self.evse_id, ResetFinished())
        self._recovered()

    def _recover(self) -> None:
        """Bring a driver that starts anew to where the charts are."""
        if not (self._failures or self._is_awaited):
            return
        evse = self.station.tree.evse(self.evse_id)
        for connector in evse.connectors:
            if connector.chart.is_in("locked"):
                self.command(LockConnector(self.evse_id, connector.number))
        name = ("recovered", self.evse_id)
        self.station.timers.start(name, _PROBATION, self._recovered)
        if not evse.chart.is_in("off"):
            self.command(CloseContactor(self.evse_id))

    def _recovered(self) -> None:
        """Take our own word back, where the driver that runs again has not given its own."""
        if self._commands is None:
            return
        for connector in self.station.tree.evse(self.evse_id).connectors:
            is_ours = connector.fault is not None and connector.fault.error_code == "InternalError"
            if is_ours and connector.number not in self._told_of:
                self.station.deliver(self.evse_id, FaultCleared(connector.number))

    def fault(self, problem: str) -> None:
        """Have the EVSE out of order for a reason of our own."""
        for connector in self.station.tree.evse(self.evse_id).connectors:
            fault = FaultRaised(connector.number, "InternalError", problem[:50])
            self.station.deliver(self.evse_id, fault)

    def _pause(self) -> float:
        """Give the wait before the driver's next start, in s."""
        now = trio.current_time()
        self._failures.append(now)
        while self._failures[0] < now - RESTART_WINDOW:
            self._failures.popleft()
        if len(self._failures) > RESTARTS:
            raise DriverFailed(
                f"EVSE {self.evse_id}: its driver failed {len(self._failures)} times"
            )
        return float(len(self._failures))


class EffectQueue:
    """Performs effects in order; one that takes time holds the rest until it is done.

    Only the opening of a contactor waits for nothing: neither a fault nor a person is kept waiting
    by a slow disk.
    """

    def __init__(self, perform: Callable[[Effect, "EffectQueue"], None]) -> None:
        self._perform = perform
        self._waiting: deque[Effect] = deque()
        self._is_held = False
        self._is_working = False
        self._has_ended = False

    def add(self, effect: Effect) -> None:
        if not self._has_ended:
            self._waiting.append(effect)

    def keep_reports(self) -> None:
        """Take nothing more, and have nothing but reports left to perform."""
        self._has_ended = True
        self._waiting = deque(e for e in self._waiting if isinstance(e, ReportTransaction))

    def end(self) -> None:
        """Perform what is left after `keep_reports`, whatever holds it."""
        while self._waiting:
            self._perform(self._waiting.popleft(), self)

    def hold(self) -> Callable[[], None]:
        """Perform nothing more until the function that this gives is called."""
        self._is_held = True
        return self._release

    def _release(self) -> None:
        self._is_held = False
        self.work()

    def work(self) -> None:
        """Perform what waits. A call from within an effect's own performance returns at once."""
        if self._is_working:
            return
        self._is_working = True
        try:
            while self._waiting and not self._is_held:
                self._perform(self._waiting.popleft(), self)
            self._open_contactor()
        finally:
            self._is_working = False

    def _open_contactor(self) -> None:
        """Do of what is held what must not wait; what would close the contactor before is void."""
        openings = [e for e in self._waiting if isinstance(e, OpenContactor)]
        if not openings:
            return
        last = max(i for i, e in enumerate(self._waiting) if e is openings[-1])
        void = (OpenContactor, CloseContactor)
        self._waiting = deque(
            e for i, e in enumerate(self._waiting) if i > last or not isinstance(e, void)
        )
        self._perform(openings[-1], self)
