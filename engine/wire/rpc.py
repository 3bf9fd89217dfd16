"""OCPP-J's remote procedure calls (chapter 4), without I/O: what to send, what was received.

One `Rpc` serves one connection and either role. It holds what must be remembered between frames:
our one outstanding CALL, the CALLs that we still owe an answer, and the last answers given. What a
version does differently, it reads from the `Version`.

After `receive(text)` write the happening's `reply`, if it has one; then look at what happened.
What is good and plain is read the short way, by `receive_plain`, and means the same.
"""

import itertools
import os
import zlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import msgspec

from ...profiles.errors import DESCRIPTIONS, ErrorCode, Fault, RemoteError, understood
from ...profiles.family import Role, Version
from ...profiles.messages.base import InvalidPayload, Response, decode
from .envelope import (
    CALL,
    CALLERROR,
    CALLRESULT,
    CALLRESULTERROR,
    SEND,
    Broken,
    Call,
    CallError,
    CallResult,
    CallResultError,
    Send,
    parse,
)
from .happenings import (
    DROPPED,
    OVERSIZED,
    Answered,
    AnyCalled,
    AnyRequest,
    Called,
    Counters,
    Dropped,
    Happening,
    Invalid,
    Limits,
    Notified,
    Outgoing,
    Refused,
    ResultRefused,
    Spoiled,
)
from .short_way import calls_of, good_call, good_response

UNREADABLE_ID = "-1"
_as_json = msgspec.json.Encoder().encode
DESCRIPTION_LENGTH = 255


# ---- message ids

_order = itertools.count(1)
_entropy: Callable[[int], bytes] = os.urandom


@contextmanager
def message_ids_from(entropy: Callable[[int], bytes]) -> Iterator[None]:
    """Make ids of these bytes, counted anew: a simulation that is to repeat itself says the same.

    It must be all that this process does meanwhile.
    """
    global _entropy, _order
    before = _entropy, _order
    _entropy, _order = entropy, itertools.count(1)
    _prefix.cache_clear()
    try:
        yield
    finally:
        _entropy, _order = before
        _prefix.cache_clear()


def new_message_id() -> str:
    """A UUID (version 4) that no other program has: random in front, and counted in its end."""
    return f"{_prefix()}{next(_order):012x}"


@cache
def _prefix() -> str:
    h = _entropy(9).hex()
    return f"{h[:8]}-{h[8:12]}-4{h[12:15]}-{'89ab'[int(h[15], 16) & 3]}{h[15:18]}-"


os.register_at_fork(after_in_child=_prefix.cache_clear)


@cache
def _actions_sent(version: Version, role: Role) -> dict[str, type[AnyRequest]]:
    return {a: r for a, r in version.actions().items() if version.sends(role, a)}


class Rpc:
    """The RPC state of one connection. `now` and deadlines are seconds of the caller's clock."""

    __slots__ = (
        "_answered",
        "_answers",
        "_calls",
        "_expired",
        "_in_progress",
        "_sends",
        "_unreadable",
        "counters",
        "limits",
        "outstanding",
        "version",
    )

    def __init__(self, version: Version, role: Role, limits: Limits | None = None) -> None:
        self.version = version
        self.limits = limits or Limits()
        self.counters = Counters()
        self.outstanding: Outgoing | None = None
        self._sends = _actions_sent(version, role)
        self._answers = _actions_sent(version, "csms" if role == "station" else "station")
        self._calls = calls_of(version, "csms" if role == "station" else "station")
        # Made when they are needed: a connection that is idle should be small.
        self._in_progress: set[str] | None = None  # ids of CALLs
        self._answered: OrderedDict[str, tuple[int, bytes]] | None = None
        self._expired: deque[str] | None = None
        self._unreadable: deque[float] | None = None

    # ---- what we send

    def call(self, request: AnyRequest, deadline: float) -> Outgoing:
        """A CALL. There may be one at a time (OCPP-J 4.1.1)."""
        if self.outstanding is not None:
            raise ValueError("a call is still outstanding")
        response = request.response
        if response is None or self._sends.get(request.action) is not type(request):
            raise ValueError(f"this side does not call {type(request).__name__}")
        message_id = new_message_id()
        frame = _as_json((CALL, message_id, request.action, request))
        self.counters.calls_sent += 1
        self.outstanding = Outgoing(message_id, request, response, deadline, frame)
        return self.outstanding

    def expire(self, now: float) -> Outgoing | None:
        """Give the outstanding call up when its deadline has passed: its answer is late now."""
        outgoing = self.outstanding
        if outgoing is None or now < outgoing.deadline:
            return None
        self.outstanding = None
        if self._expired is None:
            self._expired = deque(maxlen=16)
        self._expired.append(outgoing.message_id)
        self.counters.timed_out += 1
        return outgoing

    def send(self, request: AnyRequest) -> bytes:
        """A SEND, which is never answered."""
        if request.response is not None or self._sends.get(request.action) is not type(request):
            raise ValueError(f"this side does not send {type(request).__name__}")
        return _as_json((SEND, new_message_id(), request.action, request))

    def hold(self, called: AnyCalled) -> None:
        """The answer comes later: until then there may be no other CALL of that id."""
        if self._in_progress is None:
            self._in_progress = set()
        self._in_progress.add(called.message_id)

    def result(self, called: AnyCalled, response: Response) -> bytes:
        """The CALLRESULT for a received call."""
        try:
            frame = _as_json((CALLRESULT, called.message_id, response))
        except UnicodeEncodeError:
            frame = _as_json((CALLRESULT, _sayable(called.message_id), response))
        if self._in_progress or self.limits.remembered_answers:
            self._settle(called, frame)
        return frame

    def error(self, called: AnyCalled, error: RemoteError) -> bytes:
        """The CALLERROR for a received call."""
        frame = self._error_frame(
            CALLERROR, called.message_id, error.code, error.description, error.details
        )
        self._settle(called, frame)
        return frame

    def _settle(self, called: AnyCalled, frame: bytes) -> None:
        if self._in_progress is not None:
            self._in_progress.discard(called.message_id)
        if not self.limits.remembered_answers:
            return
        if self._answered is None:
            self._answered = OrderedDict()
        self._answered[called.message_id] = (_fingerprint(called.request), frame)
        self._answered.move_to_end(called.message_id)
        if len(self._answered) > self.limits.remembered_answers:
            self._answered.popitem(last=False)

    def _error_frame(
        self,
        message_type: int,
        message_id: str,
        code: ErrorCode,
        description: str,
        details: Mapping[str, Any] | None = None,
    ) -> bytes:
        self.counters.errors_sent += 1
        return b'[%d,%b,"%b",%b,%b]' % (
            message_type,
            _quoted(message_id),
            self.version.word(code).encode(),
            _quoted(description[:DESCRIPTION_LENGTH]),
            _as_object(details),
        )

    # ---- what we receive

    def receive_plain(self, text: bytes) -> Happening | None:
        """What an ASCII frame means, if it is good and plain; None: `receive` has to look."""
        if len(text) > self.limits.message_size:
            return None
        outgoing = self.outstanding
        if outgoing is not None:
            head, depth = outgoing.head_of_result, self.limits.depth
            response = good_response(text, head, outgoing.response, depth)
            if response is not None:
                self.outstanding = None
                self.counters.received += 1
                return Answered(outgoing=outgoing, response=response)
        called = good_call(text, self._calls, self.limits.depth)
        if called is None or (self._in_progress and called.message_id in self._in_progress):
            return None
        if self._answered is not None and called.message_id in self._answered:
            return None
        counters = self.counters
        counters.received += 1
        counters.calls_received += 1
        return called

    def receive(self, text: str | bytes, now: float) -> Happening:
        """What the frame means. Never raises, whatever the peer sent."""
        self.counters.received += 1
        if len(text) > self.limits.message_size:
            self.counters.invalid += 1
            return OVERSIZED
        if isinstance(text, bytes):
            try:
                text = text.decode()
            except UnicodeDecodeError:
                return self._broken(Broken("unreadable"), now)
        frame = parse(text, self.limits.depth)
        if type(frame) is Call:
            return self._called(frame)
        if type(frame) is CallResult:
            return self._result_came(frame)
        if isinstance(frame, CallError):
            return self._error_came(frame)
        if isinstance(frame, Broken):
            return self._broken(frame, now)
        if not self.version.has_unconfirmed:
            return self._unknown_type(frame.message_id, now)
        if isinstance(frame, Send):
            return self._notified(frame)
        assert isinstance(frame, CallResultError)
        return self._result_error_came(frame)

    def _called(self, call: Call) -> Happening:
        if self._in_progress and call.message_id in self._in_progress:
            return self._invalid(call.message_id, "id_in_progress")
        request_type = self._answers.get(call.action)
        if request_type is None or request_type.response is None:
            known = call.action in self._sends or request_type is not None
            return self._invalid(call.message_id, "wrong_side" if known else "unknown_action")
        try:
            request = decode(request_type, _object(bytes(call.payload)))
        except InvalidPayload as invalid:
            return self._invalid(call.message_id, invalid.fault, _told(invalid))
        if self._answered is not None and call.message_id in self._answered:
            before, answer = self._answered[call.message_id]
            if before == _fingerprint(request):
                self.counters.repeated += 1
                return Dropped(answer)
            if not self.limits.tolerates_reused_ids:
                return self._invalid(call.message_id, "id_reused")
        self.counters.calls_received += 1
        return Called(call.message_id, call.action, request)

    def _invalid(self, message_id: str, fault: Fault, detail: str = "") -> Invalid:
        """A CALL that is answered with the CALLERROR that its fault has in this version."""
        self.counters.invalid += 1
        detail = detail or DESCRIPTIONS[fault]
        code = self.version.faults[fault]
        reply = None if code is None else self._error_frame(CALLERROR, message_id, code, detail)
        return Invalid(reply=reply, fault=fault, detail=detail)

    def _result_came(self, result: CallResult) -> Happening:
        outgoing = self._take_outstanding(result.message_id)
        if outgoing is None:
            return DROPPED
        try:
            response = decode(outgoing.response, _object(bytes(result.payload)))
        except InvalidPayload as invalid:
            return self._spoiled(outgoing, invalid.fault, _told(invalid))
        return Answered(outgoing=outgoing, response=response)

    def _spoiled(self, outgoing: Outgoing, fault: Fault, detail: str) -> Spoiled:
        """An answer that is not valid: 2.1 has a message to say so (FR.06), the others nothing."""
        self.counters.invalid += 1
        reply = None
        code = self.version.faults[fault]
        if self.version.has_unconfirmed and code is not None:
            reply = self._error_frame(CALLRESULTERROR, outgoing.message_id, code, detail)
        return Spoiled(reply=reply, outgoing=outgoing, fault=fault, detail=detail)

    def _error_came(self, error: CallError) -> Happening:
        self.counters.errors_received += 1
        outgoing = self._take_outstanding(error.message_id)
        if outgoing is None:
            return DROPPED
        return Refused(
            outgoing=outgoing,
            code=understood(error.word),
            word=error.word[:50],
            description=(error.description or "")[:DESCRIPTION_LENGTH],
            details=_details(error.details),
        )

    def _take_outstanding(self, message_id: str) -> Outgoing | None:
        outgoing = self.outstanding
        if outgoing is not None and outgoing.message_id == message_id:
            self.outstanding = None
            return outgoing
        if self._expired is not None and message_id in self._expired:
            self.counters.dropped_late += 1
        else:
            self.counters.unsolicited += 1
        return None

    def _notified(self, send: Send) -> Happening:
        request_type = self._answers.get(send.action)
        fault: Fault = "unknown_action" if request_type is None else "wrong_side"
        detail = DESCRIPTIONS[fault]
        if request_type is not None and request_type.response is None:
            try:
                return Notified(request=decode(request_type, _object(bytes(send.payload))))
            except InvalidPayload as invalid:
                fault, detail = invalid.fault, _told(invalid)
        self.counters.invalid += 1
        return Invalid(fault=fault, detail=detail)  # never answered (2.1 4.2.4)

    def _result_error_came(self, error: CallResultError) -> Happening:
        self.counters.errors_received += 1
        return ResultRefused(
            message_id=error.message_id,
            code=understood(error.word),
            description=(error.description or "")[:DESCRIPTION_LENGTH],
        )

    # ---- frames that are none

    def _broken(self, broken: Broken, now: float) -> Happening:
        match broken.message_type:
            case 3 | 4:
                return self._broken_answer(broken)
            case 5 | 6 if self.version.has_unconfirmed:
                self.counters.invalid += 1
                return Invalid(fault=broken.fault, detail=DESCRIPTIONS[broken.fault])
            case 5 | 6:
                return self._unknown_type(self._readable(broken), now)
        message_id = self._readable(broken)
        if broken.fault == "unknown_message_type":
            return self._unknown_type(message_id, now)
        if message_id is None:
            return self._unreadable_id(broken.fault, now)
        return self._invalid(message_id, broken.fault)

    def _broken_answer(self, broken: Broken) -> Happening:
        """Never answered with a CALLERROR; if it says which call it is for, that call failed."""
        outgoing = None
        if broken.message_id is not None:
            outgoing = self._take_outstanding(broken.message_id)
        detail = DESCRIPTIONS[broken.fault]
        if outgoing is None:
            self.counters.invalid += 1
            return Invalid(fault=broken.fault, detail=detail)
        spoiled = self._spoiled(outgoing, broken.fault, detail)
        if broken.message_type == CALLERROR:
            spoiled.reply = None
        return spoiled

    def _readable(self, broken: Broken) -> str | None:
        """The id under which the frame can be answered, if any."""
        if broken.id_is_number and not self.version.reads_number_ids:
            return None
        return broken.message_id

    def _unknown_type(self, message_id: str | None, now: float) -> Happening:
        """4.1.3 and 2.1's 4.4: ignored; 2.0.1's 4.4: MessageTypeNotSupported."""
        if self.version.faults["unknown_message_type"] is None:
            self.counters.ignored += 1
            return DROPPED
        if message_id is None:
            return self._unreadable_id("unknown_message_type", now)
        return self._invalid(message_id, "unknown_message_type")

    def _unreadable_id(self, fault: Fault, now: float) -> Happening:
        """Answer with "-1", but not to every frame of a flood."""
        if self.version.faults[fault] is None or self.version.faults["unreadable"] is None:
            self.counters.invalid += 1
            return Invalid(fault=fault, detail=DESCRIPTIONS[fault])
        recent = self._unreadable
        if recent is None:
            recent = deque(maxlen=self.limits.unreadable_answers_per_second)
            self._unreadable = recent
        if len(recent) == recent.maxlen and now - recent[0] < 1:
            self.counters.invalid += 1
            self.counters.suppressed += 1
            return Invalid(fault=fault, detail=DESCRIPTIONS[fault])
        recent.append(now)
        return self._invalid(UNREADABLE_ID, fault)


def _fingerprint(request: AnyRequest) -> int:
    """What tells a CALL from another one of the same id. A CRC takes a third of Python's hash."""
    return zlib.crc32(_as_json(request), zlib.crc32(request.action.encode()))


def _quoted(text: str) -> bytes:
    """The text as a JSON string."""
    return _as_json(_sayable(text))


def _sayable(text: str) -> str:
    """The text, but for what UTF-8 cannot carry, which becomes '?'."""
    return text.encode("utf-8", "replace").decode()


def _as_object(details: Mapping[str, Any] | None) -> bytes:
    """The error's details; it must not fail for them, so what has no JSON is left out."""
    if not details:
        return b"{}"
    try:
        return msgspec.json.encode(dict(details))
    except (TypeError, ValueError, RecursionError):
        return b"{}"


def _details(raw: msgspec.Raw) -> Mapping[str, Any]:
    """The peer's details, if they are an object, as it must be."""
    try:
        return msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}


def _object(payload: bytes) -> bytes:
    """The payload, with null for what has no fields (OCPP-J 4.2.1, 2.x 4.1.5)."""
    return b"{}" if payload == b"null" else payload


def _told(invalid: InvalidPayload) -> str:
    return f"{invalid.detail} at {invalid.path}"[:DESCRIPTION_LENGTH]
