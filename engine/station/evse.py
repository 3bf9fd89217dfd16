"""One EVSE at work: its driver, what it is told and what it tells, and its meter.

A driver has a task, in which it runs; one that is prompt needs none: its commands are obeyed, as if
in a task of its own, when the station's timers are next looked at.
"""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
import trio

from ...drivers.driver import Driver, PromptDriver
from ...machines.effects import (
    AcceptToken,
    CloseContactor,
    Command,
    LockConnector,
    OpenContactor,
    RefuseToken,
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
from .effect_queue import EffectQueue
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
_ABOUT_HEALTH = FaultRaised | FaultCleared
_ABOUT_LOCK = ConnectorLocked | LockFailed
_NONE: frozenset[int] = frozenset()  # shared: there are thousands of EVSEs, and a set is large


class DriverFailed(Failure):
    """A driver keeps failing; its EVSE cannot be served."""


class EvseTask:
    """The engine's side of an EVSE."""

    __slots__ = (
        "_closing",
        "_failures",
        "_is_awaited",
        "_is_reset",
        "_locking",
        "_pass_on",
        "_pending",
        "_prompt",
        "_run",
        "_says_locked",
        "_told_of",
        "_wake_time",
        "driver",
        "effects",
        "evse_id",
        "signer",
        "station",
    )

    def __init__(self, station: "ChargingStation", evse_id: int, driver: Driver) -> None:
        self.station = station
        self.evse_id = evse_id
        self.driver = driver
        self.effects = EffectQueue(station)
        self.signer = Signer(driver, evse_id)
        self._prompt = _prompt(driver)
        self._pass_on: Callable[[Command], None] | None = None  # to the driver that runs
        self._pending: list[Command] = []  # for one that is prompt
        self._wake_time = math.inf
        self._failures: list[float] = []
        self._run: trio.CancelScope | None = None  # of a driver's task
        self._is_reset = False  # the run that is ends for a reset
        self._is_awaited = False  # the driver's word after a reset
        self._locking = _NONE  # connectors whose lock has not said yet whether it holds
        self._says_locked = True  # whether the driver speaks of its locks at all
        self._closing: CloseContactor | None = None  # waits for the lock
        self._told_of = _NONE  # connectors whose health the driver has told in this run

    def read_meter(self) -> MeterSample:
        return self.driver.read_meter()

    def command(self, command: Command) -> None:
        """Pass a command to the driver. One that does not take them any more has failed."""
        if isinstance(command, CloseContactor) and not self.station.storage.may_close(self.evse_id):
            log.warning("contactor_stays_open", evse=self.evse_id)
            return
        if self._pass_on is None:
            log.warning("command_without_driver", evse=self.evse_id, command=repr(command))
            return
        if not self._waits_for_lock(command):
            self._pass_on(command)

    def _waits_for_lock(self, command: Command) -> bool:
        """Let no contactor close on a cable that is not held yet (G05.FR.01)."""
        match command:
            case LockConnector(connector=connector):
                if self._says_locked and not self.station.tree.evse(self.evse_id).has_fixed_cable:
                    self._locking |= {connector}
            case UnlockConnector(connector=connector):
                self._locking = self._locking - {connector} or _NONE
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
            self._locking = _NONE
            self._close()

    def _close(self) -> None:
        closing, self._closing = self._closing, None
        if closing is not None:
            self.command(closing)

    def tell(self, notice: AcceptToken | RefuseToken | ShowMessages) -> None:
        """Tell the person there; without a driver nobody can."""
        if self._pass_on is not None:
            self.command(notice)

    # ---- the driver's run

    @property
    def is_prompt(self) -> bool:
        """Whether the driver needs no task: `begin` is all. Others have theirs in `run`."""
        return self._prompt is not None

    def _prepare(self, pass_on: Callable[[Command], None]) -> None:
        self._pass_on = pass_on
        self._is_reset = False
        self._told_of = self._locking = _NONE
        self._says_locked, self._closing = True, None
        self._recover()

    async def run(self) -> None:
        """Run a driver that is not prompt, as `begin` does one that is."""
        while True:
            send, receive = trio.open_memory_channel[Command](_COMMANDS)
            self._run = run = trio.CancelScope()

            def pass_on(
                command: Command,
                send: trio.MemorySendChannel[Command] = send,
                run: trio.CancelScope = run,
            ) -> None:
                try:
                    send.send_nowait(command)
                except trio.WouldBlock:
                    run.cancel()  # it is stuck

            try:
                with send, receive, run:
                    self._prepare(pass_on)
                    await self.driver.run(receive, self.report)
                is_stuck = run.cancelled_caught
                problem = "the driver takes no commands" if is_stuck else "the driver ended"
            except Exception as error:  # the supervisor of drivers
                problem = self._failed(error)
            finally:
                self._pass_on = None
            if self._is_reset:
                continue
            self.fault(problem)
            await trio.sleep(self._pause())

    def _failed(self, error: Exception) -> str:
        log.exception("driver_failed", evse=self.evse_id)
        return f"the driver failed: {type(error).__name__}"

    # ---- the run of one that is prompt

    def begin(self) -> None:
        """Run the driver, anew when it fails, until `end`. DriverFailed is raised when that
        repeats.
        """
        assert self._prompt is not None
        self._prepare(self._enqueue)
        self._have(self._prompt.begin, self.report, self._wake_at)

    def _enqueue(self, command: Command) -> None:
        self._pending.append(command)
        if len(self._pending) == 1:
            self.station.timers.start(("commands", self.evse_id), 0.0, self._obey)

    def _obey(self) -> None:
        assert self._prompt is not None
        pending, self._pending = self._pending, []
        for command in pending:
            if self._pass_on is None:
                return  # it has failed
            self._have(self._prompt.obey, command)

    def _wake_at(self, time: float) -> None:
        if time == self._wake_time:
            return
        self._wake_time = time
        name = ("driver", self.evse_id)
        if time == math.inf:
            self.station.timers.stop(name)
        else:
            self.station.timers.start_at(name, time, self._wake)

    def _wake(self) -> None:
        assert self._prompt is not None
        self._wake_time = math.inf
        self._have(self._prompt.wake)

    def _have(self, act: Callable[..., None], *arguments: object) -> None:
        """Have the driver do something; when it raises, run it anew after a pause."""
        try:
            act(*arguments)
        except Exception as error:  # the supervisor of drivers
            problem = self._failed(error)
            self._stop()
            self.fault(problem)
            self.station.timers.start(("run", self.evse_id), self._pause(), self.begin)

    def _stop(self) -> None:
        """End the run of a driver that is prompt, if one is on."""
        if self._pass_on is None or self._prompt is None:
            return
        self._pass_on = None
        self._pending.clear()
        self._wake_at(math.inf)
        try:
            self._prompt.end()
        except Exception:  # the supervisor of drivers
            log.exception("driver_failed", evse=self.evse_id)

    def _run_anew(self) -> None:
        self._stop()
        self.begin()

    # ---- what happens to it

    def end(self) -> None:
        """Have written what is still to be reported, and do nothing more.

        The journal may outlive this run of the station, and the next run goes by what it says.
        """
        self._stop()
        self.effects.keep_reports()
        self.signer.end()  # what waited for it goes first
        self.effects.end()

    def report(self, fact: Event) -> None:
        """Take a fact from the driver."""
        if isinstance(fact, _ABOUT_HEALTH):
            self._told_of |= {fact.connector}
        self.station.deliver(self.evse_id, fact)
        if isinstance(fact, _ABOUT_LOCK):
            self._locking = self._locking - {fact.connector} or _NONE
            if not self._locking:
                self._close()
        if self._is_awaited:
            self._is_awaited = False
            name = ("back", self.evse_id)
            self.station.timers.start(name, _FIRST_WORDS, self._finish_reset)

    def restart(self) -> None:
        """Run the driver anew, because of a reset; its first words bring ResetFinished."""
        self._is_reset = self._is_awaited = True
        if self._run is not None:
            self._run.cancel()
        elif self._pass_on is not None:  # one that has failed starts by itself
            self.station.timers.start(("run", self.evse_id), 0.0, self._run_anew)

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
        if self._pass_on is None:
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
            self._failures.pop(0)
        if len(self._failures) > RESTARTS:
            raise DriverFailed(
                f"EVSE {self.evse_id}: its driver failed {len(self._failures)} times"
            )
        return float(len(self._failures))


def _prompt(driver: Driver) -> PromptDriver | None:
    """Give a driver that needs no task: its `run` does nothing of its own."""
    its_run: object = type(driver).run
    return driver if isinstance(driver, PromptDriver) and its_run is PromptDriver.run else None
