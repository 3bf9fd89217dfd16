"""What a received frame can mean, and what one connection counts and allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from ...profiles.errors import ErrorCode, Fault
from ...profiles.messages.base import Request, Response
from .envelope import CALL, MessageId

RequestT = TypeVar("RequestT", bound=Request[Any])
AnyRequest = Request[Any]  # any action's: each has its own response type


class Limits(msgspec.Struct, frozen=True):
    """What one connection may cost."""

    message_size: int = 1 << 20  # characters
    depth: int = 32  # of arrays and objects in each other
    remembered_answers: int = 16
    unreadable_answers_per_second: int = 10  # CALLERRORs with the id "-1"
    tolerates_reused_ids: bool = False
    """Handle another CALL under an id used before: some stations restart their counter."""


@dataclass(slots=True)  # whose fields are set at a fraction of what a struct's take
class Counters:
    """What went over one connection, in frames."""

    received: int = 0
    sent: int = 0
    calls_received: int = 0
    calls_sent: int = 0
    errors_received: int = 0
    errors_sent: int = 0
    invalid: int = 0  # frames that broke the protocol
    repeated: int = 0  # CALLs that got the same answer again
    dropped_late: int = 0  # answers after their deadline
    unsolicited: int = 0  # answers to no call of ours
    ignored: int = 0  # of a message type that is not answered
    suppressed: int = 0  # answers held back by the flood guard
    timed_out: int = 0  # calls of ours


class Outgoing(msgspec.Struct, eq=False):
    """A CALL of ours."""

    message_id: str
    request: AnyRequest
    response: type[Response]
    deadline: float
    frame: bytes

    @property
    def head_of_result(self) -> bytes:
        """How its CALLRESULT begins, where nobody puts spaces into it."""
        return b'[3,"%b",' % self.message_id.encode()


# ---- what a received frame can mean


class Happening(msgspec.Struct):
    """What a frame meant."""

    @property
    def reply(self) -> bytes | None:
        """To be written at once."""
        return None


class Called(
    Happening,
    Generic[RequestT],
    array_like=True,
    tag=CALL,
    forbid_unknown_fields=True,
    gc=False,
):
    """A CALL came in; answer it with `Rpc.result` or `Rpc.error`, or `Rpc.hold` it till then.

    It is what the frame itself can be decoded to, in one go.
    """

    message_id: MessageId
    action: str
    request: RequestT


AnyCalled = Called[AnyRequest]


class Notified(Happening, kw_only=True):
    """A SEND came in; it has no answer."""

    request: AnyRequest


class Answered(Happening, kw_only=True):
    """Our call brought its CALLRESULT."""

    outgoing: Outgoing
    response: Response


class Refused(Happening, kw_only=True):
    """Our call brought a CALLERROR."""

    outgoing: Outgoing
    code: ErrorCode
    word: str
    description: str
    details: Mapping[str, Any]


class Spoiled(Happening, kw_only=True):
    """Our call brought an answer that is not valid."""

    reply: bytes | None = None
    outgoing: Outgoing
    fault: Fault
    detail: str


class ResultRefused(Happening, kw_only=True):
    """The peer could not use a CALLRESULT of ours."""

    message_id: str
    code: ErrorCode
    description: str


class Invalid(Happening, kw_only=True):
    """The peer broke the protocol."""

    reply: bytes | None = None
    fault: Fault
    detail: str


class Dropped(Happening):
    """Nothing to do: late, unsolicited, repeated or to be ignored. The counters tell."""

    reply: bytes | None = None


class Oversized(Happening):
    """Too large to be read; the connection is to be closed with 1009."""


DROPPED = Dropped()
OVERSIZED = Oversized()
