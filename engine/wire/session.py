"""A dialogue of CALLs over one link, the same for a station and a CSMS.

Theory of operation. The link hands over each message as it comes. A CALL is answered in line when
its handler is synchronous; a handler that returns an awaitable gets a task, and the answers still
leave in the order in which the CALLs came. `call` posts from the caller's task and sleeps until the
answer wakes it. So a message costs no task switch more than it must. One CALL of ours is
outstanding at a time (OCPP-J 4.1.1), the others queue in their order. A caller that is cancelled
while it queues leaves nothing behind; one that is cancelled later leaves its CALL outstanding until
the answer or the deadline comes. `run` only waits, for the end and for tasks that are to run.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Literal, Protocol, TypeVar, cast

import msgspec
import outcome
import structlog
import trio

from ...profiles.errors import InternalError, RemoteError, Silence
from ...profiles.family import Role, Version
from ...profiles.messages.base import Request, Response
from .alarms import Alarm
from .call_errors import CallFailed, CallRefused, CallTimeout, InvalidAnswer, SessionClosed
from .happenings import (
    Answered,
    AnyCalled,
    AnyRequest,
    Called,
    Counters,
    Happening,
    Invalid,
    Limits,
    Notified,
    Oversized,
    Refused,
    ResultRefused,
    Spoiled,
)
from .link import TOO_BIG, Link, Unwanted
from .link_errors import LinkClosed
from .replies import After, Later, Reply
from .rpc import Rpc

__all__ = [
    "CallFailed",
    "CallRefused",
    "CallTimeout",
    "InvalidAnswer",
    "Later",
    "Reply",
    "Session",
    "SessionClosed",
    "SessionSettings",
]

R = TypeVar("R", bound=Response)
Answer = Callable[[AnyRequest], "Reply | Later | Awaitable[Reply]"]
"""Answers a CALL.

It raises `RemoteError` to refuse, and, if it is no coroutine, `Silence` to say nothing.
"""

log = structlog.get_logger()


class OnMessage(Protocol):
    """Sees every frame. The text is as on the wire: what it keeps, it must redact."""

    def __call__(self, direction: Literal["sent", "received"], text: str | bytes, /) -> None: ...


Task = Callable[[], Awaitable[None]]
Concluded = Callable[[outcome.Outcome[R]], None]


class SessionSettings(msgspec.Struct, frozen=True, kw_only=True):
    call_timeout: float = 30.0  # s
    limits: Limits = Limits()
    max_open_answers: int = 32
    """Received CALLs that may wait for their answer; then the session reads no further."""


_AS_USUAL = SessionSettings()


class _Owed(msgspec.Struct):
    """An answer that has not left yet. `frame` is None while its handler is at work."""

    frame: bytes | None = None
    after: After | None = None


class Session:
    """Rpc over a link."""

    __slots__ = (
        "__weakref__",
        "_alarm",
        "_alarm_at",
        "_answer",
        "_ended",
        "_failure",
        "_is_busy",
        "_nursery",
        "_on_invalid",
        "_on_message",
        "_on_notification",
        "_owed",
        "_queue",
        "_rpc",
        "_runner",
        "_starting",
        "_then",
        "_under_way",
        "link",
        "settings",
        "version",
    )

    def __init__(
        self,
        link: Link,
        version: Version,
        role: Role,
        answer: Answer,
        *,
        settings: SessionSettings | None = None,
        on_notification: Callable[[AnyRequest], None] | None = None,
        on_message: OnMessage | None = None,
        on_invalid: Callable[[Invalid], None] | None = None,
    ) -> None:
        self.link = link
        self.version = version
        self.settings = settings or _AS_USUAL
        self._answer = answer
        self._on_notification = on_notification
        self._on_message = on_message
        self._on_invalid = on_invalid
        self._rpc = Rpc(version, role, self.settings.limits)
        # Answers, tasks and queues are made when they are needed: an idle session should be small.
        self._owed: list[_Owed] | None = None
        self._is_busy = False
        self._queue: deque[Callable[[], None]] | None = None  # each has its turn when called
        self._then: Concluded[Any] | None = None  # told of the end of our outstanding CALL
        self._alarm: Alarm | None = None
        self._alarm_at = 0.0
        self._ended: LinkClosed | None = None
        self._failure: Exception | None = None
        self._runner: trio.lowlevel.Task | None = None  # while there is nothing to run
        self._nursery: trio.Nursery | None = None
        self._starting: list[Task] | None = None
        self._under_way = 0  # tasks in the nursery

    @property
    def counters(self) -> Counters:
        return self._rpc.counters

    @property
    def queued_calls(self) -> int:
        """Calls that wait for their turn."""
        return 0 if self._queue is None else len(self._queue)

    # ---- calls of ours

    async def call(self, request: Request[R], *, timeout: float | None = None) -> R:
        """The response; raises `CallFailed`. The timeout (s) begins when its turn comes."""
        reschedule = partial(trio.lowlevel.reschedule, trio.lowlevel.current_task())
        if self._is_busy and self._ended is None:
            self._line_up(reschedule)
            await trio.lowlevel.wait_task_rescheduled(partial(self._leave, reschedule))
        self._begin_call(request, timeout, reschedule)
        return cast("R", await trio.lowlevel.wait_task_rescheduled(self._give_up))

    def ask(self, request: Request[R], *, timeout: float | None = None, then: Concluded[R]) -> None:
        """Call without a task that waits, like `call` when its turn comes.

        `then` is told once of the response or the `CallFailed`, mostly in the task that reads, and
        must be quick. Raises SessionClosed, and then it is not told.
        """
        if self._is_busy and self._ended is None:
            self._line_up(partial(self._ask_in_turn, request, timeout, then))
        else:
            self._begin_call(request, timeout, then)

    def _ask_in_turn(self, request: Request[R], timeout: float | None, then: Concluded[R]) -> None:
        try:
            self._begin_call(request, timeout, then)
        except Exception as failure:  # whoever asked is not there to be raised to
            then(outcome.Error(failure))

    def _begin_call(self, request: Request[R], timeout: float | None, then: Concluded[R]) -> None:
        if self._ended is not None:
            raise SessionClosed(str(self._ended))
        self._is_busy = True
        seconds = self.settings.call_timeout if timeout is None else timeout
        deadline = trio.current_time() + seconds
        try:
            has_left = self._say(self._rpc.call(request, deadline).frame)
        except BaseException:
            self._pass_turn()
            raise
        if not has_left:
            self._rpc.outstanding = None
            self._pass_turn()
            raise SessionClosed(str(self.link.closed))
        if self._ended is not None:  # the connection broke under it
            raise SessionClosed(str(self._ended))
        if self._alarm is None or deadline < self._alarm_at:
            self._set_alarm(deadline)
        self._then = then

    def _give_up(self, _: object) -> trio.lowlevel.Abort:
        """The caller is cancelled: nobody waits for the answer, but the turn is not over."""
        self._then = None
        return trio.lowlevel.Abort.SUCCEEDED

    async def send(self, request: Request[None]) -> None:
        """Send an unconfirmed message (SEND). Raises `SessionClosed`."""
        if self._ended is not None:
            raise SessionClosed(str(self._ended))
        frame = self._rpc.send(request)
        try:
            self._show_sent(frame)
            await self.link.send(frame)
            self._rpc.counters.sent += 1
        except LinkClosed as closed:
            raise SessionClosed(str(closed)) from closed

    def _line_up(self, turn: Callable[[], None]) -> None:
        if self._queue is None:
            self._queue = deque()
        self._queue.append(turn)

    def _leave(self, turn: Callable[[], None], _: object) -> trio.lowlevel.Abort:
        """The caller is cancelled before its turn."""
        assert self._queue is not None
        self._queue.remove(turn)
        return trio.lowlevel.Abort.SUCCEEDED

    def _pass_turn(self) -> None:
        """To the next in the queue: the session stays busy until that one has run."""
        if self._queue:
            self._queue.popleft()()
        else:
            self._is_busy = False

    def _set_alarm(self, deadline: float) -> None:
        """See to it that the outstanding CALL is given up at its deadline.

        A timer a call would cost more than the call: the one that is set sees to later calls too.
        """
        if self._alarm is not None:
            self._alarm.off()
        self._alarm = self.link.alarms.at(deadline, self._give_up_in_time)
        self._alarm_at = deadline

    def _give_up_in_time(self) -> None:
        self._alarm = None
        expired = self._rpc.expire(trio.current_time())
        if expired is not None:
            text = f"no answer to {expired.request.action} in time"
            self._conclude(outcome.Error(CallTimeout(text)))
        if self._rpc.outstanding is not None:
            self._set_alarm(self._rpc.outstanding.deadline)

    def _conclude(self, result: outcome.Outcome[Response]) -> None:
        """Our outstanding CALL has come to its end."""
        then, self._then = self._then, None
        self._pass_turn()
        if then is not None:
            then(result)

    # ---- its life

    async def run(self) -> None:
        """Answer until the link ends. To be run once."""
        self.link.attach(self)
        try:
            while self._ended is None:
                if self._starting:
                    await self._run_tasks()
                else:
                    self._runner = trio.lowlevel.current_task()
                    await trio.lowlevel.wait_task_rescheduled(self._stop)
        finally:
            self.link.attach(None)
            self.end(None)
            await self._cancel_unstarted()
        if self._failure is not None:
            raise self._failure

    def _stop(self, _: object) -> trio.lowlevel.Abort:
        self._runner = None
        return trio.lowlevel.Abort.SUCCEEDED

    def _wake(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            trio.lowlevel.reschedule(runner)

    def end(self, failure: Exception | None, /) -> None:
        """The link has ended, or nobody runs the session any more."""
        if self._ended is not None:
            return
        self._ended = self.link.closed or LinkClosed(1006, "the session was stopped")
        self._failure = failure
        if self._alarm is not None:
            self._alarm.off()
        if self._nursery is not None:
            self._nursery.cancel_scope.cancel()
        then, self._then = self._then, None
        if then is not None:
            then(outcome.Error(SessionClosed(str(self._ended))))
        queue, self._queue = self._queue, None
        for turn in queue or ():
            turn()
        self._wake()

    def start_soon(self, task: Task) -> None:
        """Run it as long as the session runs."""
        if self._nursery is not None:
            self._under_way += 1
            self._nursery.start_soon(self._run_task, task)
            return
        if self._starting is None:
            self._starting = []
        self._starting.append(task)
        self._wake()

    async def _run_tasks(self) -> None:
        """There is a nursery only while something is in it."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            starting, self._starting = self._starting, None
            for task in starting or ():
                self.start_soon(task)

    async def _cancel_unstarted(self) -> None:
        """What came too late to start is cancelled as what runs is, so that it can clean up."""
        starting, self._starting = self._starting, None
        for task in starting or ():
            with trio.CancelScope() as scope:
                scope.cancel()
                await task()

    async def _run_task(self, task: Task) -> None:
        try:
            await task()
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._nursery = None  # it takes no more: it ends with this one

    # ---- the peer's messages

    def receive(self, text: str | bytes, /) -> None:
        if self._on_message is not None:
            self._on_message("received", text)
        happening = self._rpc.receive_plain(text) if type(text) is bytes else None
        if happening is None:
            happening = self._rpc.receive(text, trio.current_time())
            if happening.reply is not None:
                self._pay(_Owed(happening.reply))
        if type(happening) is Called:
            self._answer_call(happening)
        elif type(happening) is Answered:
            self._conclude(outcome.Value(happening.response))
        else:
            self._heed(happening)

    def _heed(self, happening: Happening) -> None:
        match happening:
            case Refused(code=code, word=word, description=description, details=details):
                self._conclude(outcome.Error(CallRefused(code, word, description, details)))
            case Spoiled(fault=fault, detail=detail):
                self._conclude(outcome.Error(InvalidAnswer(fault, detail)))
            case Notified(request=request) if self._on_notification is not None:
                self._on_notification(request)
            case Invalid() if self._on_invalid is not None:
                self._on_invalid(happening)
            case ResultRefused(code=code):
                log.warning("result_refused", code=code)
            case Oversized():
                raise Unwanted(TOO_BIG, "message too big")

    def _answer_call(self, called: AnyCalled) -> None:
        try:
            answer = self._answer(called.request)
        except Silence:
            return
        except Exception as error:  # the supervisor of handlers
            self._pay(self._failed(called, error))
            return
        if type(answer) is called.request.response and not self._owed:
            self._say(self._rpc.result(called, answer))  # as nearly all go
            return
        if isinstance(answer, (Response, tuple)):
            self._pay(self._answered(called, answer))
            return
        self._rpc.hold(called)
        owed = _Owed()
        if self._owed is None:
            self._owed = []
        self._owed.append(owed)
        if len(self._owed) >= self.settings.max_open_answers:
            self.link.pause()
        if isinstance(answer, Later):
            answer.hand_to(partial(self._answer_given, called, owed))
        else:
            self.start_soon(partial(self._answer_later, called, answer, owed))

    async def _answer_later(self, called: AnyCalled, answer: Awaitable[Reply], owed: _Owed) -> None:
        try:
            known = self._answered(called, await answer)
        except Exception as error:  # the supervisor of handlers
            known = self._failed(called, error)
        self._pay_up(owed, known)

    def _answer_given(self, called: AnyCalled, owed: _Owed, give: Callable[[], Reply]) -> None:
        try:
            known = self._answered(called, give())
        except Exception as error:  # the supervisor of handlers
            known = self._failed(called, error)
        self._pay_up(owed, known)

    def _pay_up(self, owed: _Owed, known: _Owed) -> None:
        """What was owed is known now."""
        owed.frame, owed.after = known.frame, known.after
        self._pay(None)

    def _answered(self, called: AnyCalled, reply: Reply) -> _Owed:
        response, after = reply if isinstance(reply, tuple) else (reply, None)
        if type(response) is not called.request.response:
            log.error(
                "wrong_response", action=called.request.action, response=type(response).__name__
            )
            return _Owed(self._rpc.error(called, InternalError()))
        return _Owed(self._rpc.result(called, response), after)

    def _failed(self, called: AnyCalled, error: Exception) -> _Owed:
        if isinstance(error, RemoteError):
            return _Owed(self._rpc.error(called, error))
        log.error("handler_failed", action=called.request.action, exc_info=error)
        return _Owed(self._rpc.error(called, InternalError()))

    def _pay(self, owed: _Owed | None) -> None:
        """Send what is ready, from the oldest on."""
        waiting = self._owed
        if not waiting:
            if owed is not None:
                self._settle(owed)
            return
        if owed is not None:
            waiting.append(owed)
        was_full = len(waiting) >= self.settings.max_open_answers
        while waiting and waiting[0].frame is not None:
            self._settle(waiting.pop(0))
        if was_full and len(waiting) < self.settings.max_open_answers:
            self.link.resume()
        if not waiting:
            self._owed = None

    def _settle(self, due: _Owed) -> None:
        assert due.frame is not None
        if self._say(due.frame) and due.after is not None:
            due.after()

    def _say(self, frame: bytes) -> bool:
        """Send it; gives whether the link still stands: `run` hears of its end."""
        try:
            if self._on_message is not None:
                self._show_sent(frame)
            self.link.post(frame)
        except LinkClosed:
            return False
        self._rpc.counters.sent += 1
        return True

    def _show_sent(self, frame: bytes) -> None:
        """Let it be seen, before its answer can come. Raises LinkClosed when it cannot leave."""
        if self._on_message is None:
            return
        closed = self.link.closed
        if closed is not None:
            raise closed
        self._on_message("sent", frame)
