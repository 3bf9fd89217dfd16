"""What the central system's handlers of all functional blocks share: their shape, and keeping."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from ..csms.records import MessageReported, StreamReported
from ..csms.station import CsmsStation
from ..messages.base import Request, Response, encode

if TYPE_CHECKING:
    from ..messages.v2 import Messages

# The structs of the version that is spoken, the station, and the request: each handler its own.
CsmsHandler = Callable[["Messages", CsmsStation, Any], Response]
CsmsHandlers = Mapping[str, CsmsHandler]
"""By action."""
AnyRequest = Request[Any]  # any action's: each has its own response type


def keep(v2: "Messages", station: CsmsStation, request: AnyRequest) -> Response:
    """Keep a message that only informs, and confirm it."""
    keep_message(station, request)
    assert request.response is not None  # what has none is a SEND
    return request.response()


def keep_message(station: CsmsStation, request: AnyRequest) -> None:
    """Keep a message, for a handler that has an answer of its own."""
    station.record(_reported(MessageReported, station, request))


def keep_unconfirmed(station: CsmsStation, request: AnyRequest) -> None:
    """Keep what came in a SEND (N15.FR.02: no confirmation)."""
    station.record(_reported(StreamReported, station, request))


def _reported(
    kind: type[MessageReported], station: CsmsStation, request: AnyRequest
) -> MessageReported:
    return kind(
        station_id=station.station_id,
        at=station.now,
        action=request.action,
        version=station.version,
        payload=msgspec.Raw(encode(request)),
    )
