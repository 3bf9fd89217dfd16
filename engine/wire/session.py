"""A dialogue of CALLs over one link, the same for a station and a CSMS.

Theory of operation. `run` is the only task that reads. It answers a received CALL in line when the
handler is synchronous; a handler that returns an awaitable gets a task of its own, and the answers
still leave in the order in which the CALLs came. `call` writes from the caller's task and sleeps
until `run` wakes it, so that a round trip costs no task switch more than it must. One CALL of ours
is outstanding at a time (OCPP-J 4.1.1), the others queue in their order. A caller that is
cancelled while it queues leaves nothing behind; one that is cancelled later leaves its CALL
outstanding until the answer or the deadline comes.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, Protocol, TypeVar, cast

import msgspec
import outcome
import structlog
import trio

from ...profiles.errors import ErrorCode, Fault, InternalError, RemoteError, Silence
from ...profiles.family import Role, Version
from ...profiles.messages.base import Request, Response
from .happenings import (
    Answered,
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
from .link import TOO_BIG, Link
from .link_errors import LinkClosed
from .rpc import Rpc

R = TypeVar("R", bound=Response)
After = Callable[[], None]
Reply = Response | tuple[Response, After]
Answer = Callable[[AnyRequest], Reply | Awaitable[Reply]]
"""Answers a CALL; `After` runs when the response is on its way.

It raises `RemoteError` to refuse, and, if it is no coroutine, `Silence` to say nothing.
"""

log = structlog.get_logger()


class CallFailed(Exception):
    """A CALL of ours brought no response."""


class CallTimeout(CallFailed):
    """No answer came in time."""


class SessionClosed(CallFailed):
    """The link ended, before or while the CALL was under way."""


class CallRefused(CallFailed):
    """The peer answered with a CALLERROR. `code` is 2.x's word, `word` what the peer wrote."""

    def __init__(
        self, code: ErrorCode, word: str, description: str, details: Mapping[str, Any]
    ) -> None:
        super().__init__(f"{word}: {description}" if description else word)
        self.code = code
        self.word = word
        self.description = description
        self.details = details  # any JSON object, by the specification


class InvalidAnswer(CallFailed):
    """The peer's answer is not what its schema says."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


class OnMessage(Protocol):
    """Sees every frame. The text is as on the wire: what it keeps, it must redact."""

    def __call__(
        self, direction: Literal["sent", "received"], text: str | bytes, at: float, /
    ) -> None: ...


class SessionSettings(msgspec.Struct, frozen=True, kw_only=True):
    call_timeout: float = 30.0  # s
    limits: Limits = Limits()
    max_open_answers: int = 32
    """Received CALLs that may wait for their answer; then the session reads no further."""


class _Waiter:
    """The caller of our outstanding CALL."""

    def __init__(self) -> None:
        self.task: trio.lowlevel.Task | None = None
        self.result: outcome.Outcome[Response] | None = None

    def wake(self, result: outcome.Outcome[Response]) -> None:
        if self.task is None:
            self.result = result  # the answer overtook the caller, who is still writing
        else:
            trio.lowlevel.reschedule(self.task, result)

    async def wait(self) -> Response:
        if self.result is not None:
            return self.result.unwrap()
        self.task = trio.lowlevel.current_task()
        return cast("Response", await trio.lowlevel.wait_task_rescheduled(self._give_up))

    def _give_up(self, _: object) -> trio.lowlevel.Abort:
        self.task = None  # an answer that comes before the task runs must not wake it twice
        return trio.lowlevel.Abort.SUCCEEDED


class _Owed(msgspec.Struct):
    """An answer that has not left yet. `frame` is None while its handler is at work."""

    frame: bytes | None = None
    after: After | None = None


class Session:
    """Rpc over a link."""

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
        self.settings = settings or SessionSettings()
        self._answer = answer
        self._on_notification = on_notification
        self._on_message = on_message
        self._on_invalid = on_invalid
        self._rpc = Rpc(version, role, self.settings.limits)
        self._nursery: trio.Nursery | None = None
        self._owed: deque[_Owed] = deque()
        self._is_paying = False
        self._paid = trio.lowlevel.ParkingLot()
        self._is_busy = False
        self._queue = trio.lowlevel.ParkingLot()
        self._waiter: _Waiter | None = None
        self._alarm: trio.CancelScope | None = None
        self._ended: LinkClosed | None = None

    @property
    def counters(self) -> Counters:
        return self._rpc.counters

    @property
    def queued_calls(self) -> int:
        """Callers that wait for their turn."""
        return len(self._queue)

    # ---- calls of ours

    async def call(self, request: Request[R], *, timeout: float | None = None) -> R:
        """The response; raises `CallFailed`. The timeout (s) begins when its turn comes."""
        await self._take_turn()
        try:
            seconds = self.settings.call_timeout if timeout is None else timeout
            outgoing = self._rpc.call(request, trio.current_time() + seconds)
        except BaseException:
            self._pass_turn()
            raise
        self._waiter = waiter = _Waiter()
        try:
            await self._transmit(outgoing.frame)
            self._set_alarm(outgoing.deadline)
            return cast("R", await waiter.wait())
        except LinkClosed as closed:
            raise SessionClosed(str(closed)) from closed
        except trio.Cancelled:
            if self._waiter is waiter:
                self._waiter = None  # nobody waits for the answer, but its turn is not over
            raise

    async def send(self, request: Request[None]) -> None:
        """Send an unconfirmed message (SEND). Raises `SessionClosed`."""
        if self._ended is not None:
            raise SessionClosed(str(self._ended))
        try:
            await self._transmit(self._rpc.send(request))
        except LinkClosed as closed:
            raise SessionClosed(str(closed)) from closed

    async def _take_turn(self) -> None:
        if self._is_busy and self._ended is None:
            await self._queue.park()
        if self._ended is not None:
            raise SessionClosed(str(self._ended))
        self._is_busy = True

    def _pass_turn(self) -> None:
        """To the next in the queue: the session stays busy until that one has run."""
        self._waiter = None
        if self._queue:
            self._queue.unpark()
        else:
            self._is_busy = False

    def _set_alarm(self, deadline: float) -> None:
        """See to it that the outstanding CALL is given up at its deadline.

        A timer a call would cost more than the call: the one that is set sees to later calls too.
        """
        if self._alarm is not None:
            if deadline < self._alarm.deadline:
                self._alarm.deadline = deadline
        elif self._nursery is not None:
            self._alarm = trio.CancelScope(deadline=deadline)
            self._nursery.start_soon(self._give_up_in_time, self._alarm)

    async def _give_up_in_time(self, alarm: trio.CancelScope) -> None:
        with alarm:
            await trio.sleep_forever()
        self._alarm = None
        expired = self._rpc.expire(trio.current_time())
        if expired is not None:
            text = f"no answer to {expired.request.action} in time"
            self._conclude(outcome.Error(CallTimeout(text)))
        elif self._rpc.outstanding is not None:
            self._set_alarm(self._rpc.outstanding.deadline)

    def _conclude(self, result: outcome.Outcome[Response]) -> None:
        """Our outstanding CALL has come to its end."""
        waiter = self._waiter
        self._pass_turn()
        if waiter is not None:
            waiter.wake(result)

    # ---- the peer's calls

    async def run(self) -> None:
        """Read, and answer, until the link ends. To be run once."""
        try:
            async with trio.open_nursery() as nursery:
                self._nursery = nursery
                if self._rpc.outstanding is not None:
                    self._set_alarm(self._rpc.outstanding.deadline)
                try:
                    await self._read()
                finally:
                    self._nursery = None  # it takes no more tasks
                nursery.cancel_scope.cancel()
        finally:
            self._end(self.link.closed or LinkClosed(1006, "the session was stopped"))

    def _end(self, closed: LinkClosed) -> None:
        self._ended = closed
        waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter.wake(outcome.Error(SessionClosed(str(closed))))
        self._queue.unpark_all()

    async def _read(self) -> None:
        link, rpc = self.link, self._rpc
        try:
            while True:
                text = await link.receive()
                now = trio.current_time()
                if self._on_message is not None:
                    self._on_message("received", text, now)
                happening = rpc.receive(text, now)
                if happening.reply is not None:
                    await self._pay(_Owed(happening.reply))
                await self._handle(happening)
                while len(self._owed) >= self.settings.max_open_answers:
                    await self._paid.park()
        except LinkClosed:
            return

    async def _handle(self, happening: Happening) -> None:
        match happening:
            case Called():
                await self._answer_call(happening)
            case Answered(response=response):
                self._conclude(outcome.Value(response))
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
                await self.link.close(TOO_BIG, "message too big")

    async def _answer_call(self, called: Called) -> None:
        try:
            answer = self._answer(called.request)
        except Silence:
            self._rpc.forget(called.message_id)
            return
        except Exception as error:  # the supervisor of handlers
            await self._pay(self._failed(called, error))
            return
        if isinstance(answer, (Response, tuple)):
            await self._pay(self._answered(called, answer))
            return
        owed = _Owed()
        self._owed.append(owed)
        assert self._nursery is not None
        self._nursery.start_soon(self._answer_later, called, answer, owed)

    async def _answer_later(self, called: Called, answer: Awaitable[Reply], owed: _Owed) -> None:
        try:
            paid = self._answered(called, await answer)
        except Exception as error:  # the supervisor of handlers
            paid = self._failed(called, error)
        owed.frame, owed.after = paid.frame, paid.after
        try:
            await self._pay(None)
        except LinkClosed:
            return  # `run` notices too

    def _answered(self, called: Called, reply: Reply) -> _Owed:
        response, after = reply if isinstance(reply, tuple) else (reply, None)
        if type(response) is not called.request.response:
            log.error(
                "wrong_response", action=called.request.action, response=type(response).__name__
            )
            return _Owed(self._rpc.error(called.message_id, InternalError()))
        return _Owed(self._rpc.result(called.message_id, response), after)

    def _failed(self, called: Called, error: Exception) -> _Owed:
        if isinstance(error, RemoteError):
            return _Owed(self._rpc.error(called.message_id, error))
        log.error("handler_failed", action=called.request.action, exc_info=error)
        return _Owed(self._rpc.error(called.message_id, InternalError()))

    async def _pay(self, owed: _Owed | None) -> None:
        """Send what is ready, from the oldest on; one task at a time does so."""
        if owed is not None:
            self._owed.append(owed)
        if self._is_paying:
            return
        self._is_paying = True
        try:
            while self._owed and (frame := self._owed[0].frame) is not None:
                due = self._owed.popleft()
                await self._transmit(frame)
                if due.after is not None:
                    due.after()
        finally:
            self._is_paying = False
            if self._paid:
                self._paid.unpark_all()

    async def _transmit(self, frame: bytes) -> None:
        self._rpc.counters.sent += 1
        if self._on_message is not None:
            self._on_message("sent", frame, trio.current_time())
        await self.link.send(frame)
