"""What is asked of the whole station: its state, its messages, its news; a token, the link."""

from collections.abc import Sequence
from typing import Annotated

from litestar import get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, QueryParameter
from litestar.response.base import ASGIResponse
from msgspec import Meta, Struct

from ...machines.events import (
    ConnectRequested,
    Contract,
    DisconnectRequested,
    IdToken,
    ResetRequested,
    TokenPresented,
)
from ...machines.evse import Evse
from ...machines.reader import may_end_something
from ...machines.station import Station
from ..metrics import CONTENT_TYPE
from ..wire.session import CallFailed
from .errors import Refused, refusals
from .messages import MOST, MessageView
from .stream import EventStream
from .views import ConnectionView, StationView
from .watch import OnWatch

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$(?!\n)"  # `$` alone would let a line end pass
EvseNumber = Annotated[int, Meta(ge=1)]


class TokenShown(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody shows a token: at an EVSE, at a reader of several, or at the station's own."""

    value: Annotated[str, Meta(min_length=1, max_length=255, pattern=_PRINTABLE)]
    type: Annotated[str, Meta(min_length=1, max_length=20)] = "ISO14443"
    evse: EvseNumber | None = None
    evses: Annotated[list[EvseNumber], Meta(description="Those that the reader serves")] = []
    contract: Annotated[
        Annotated[str, Meta(min_length=1, max_length=10_000)] | None,
        Meta(description="The chain (PEM) by which a car proves the EMAID that `value` is"),
    ] = None


class TokenTaken(Struct, frozen=True, kw_only=True):
    """The EVSE that the token was taken for; whether it may charge is decided from there on.

    0: none is free for it, and the CSMS is asked whether it may end a charge.
    """

    evse: int


@get("/api/station", summary="The station as it is now", responses=refusals(503))
async def station(watch: OnWatch) -> StationView:
    return watch.views.station()


@get("/metrics", summary="Figures for Prometheus", media_type=CONTENT_TYPE)
async def metrics(watch: OnWatch) -> bytes:
    return watch.metrics.page()


@get("/api/messages", summary="The last OCPP messages, the newest last", responses=refusals(400))
async def messages(
    watch: OnWatch,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST, description="At most so many")] = 100,
    action: Annotated[
        str | None, QueryParameter(description="Only those of this action, with their answers")
    ] = None,
) -> list[MessageView]:
    return watch.messages.newest(limit, action or None)


@get(
    "/api/events",
    summary="News as server-sent events",
    description="First `station`, a StationView; then `station` and `evse` (an EvseView) when "
    "they change, `chart` (a ChartView) when one has moved, and every `message` (a MessageView). A "
    "comment every 15 s of silence. Who does not keep up is disconnected.",
    media_type="text/event-stream",
    responses=refusals(503)
    | {200: ResponseSpec(str, media_type="text/event-stream", generate_examples=False)},
)
async def events(watch: OnWatch) -> ASGIResponse:
    if watch.station and not watch.feed.has_room:
        raise Refused(503, "too many listen already")
    return EventStream(watch)


@post(
    "/api/tokens",
    status_code=200,
    summary="Show a token",
    description="Without an EVSE it is shown at the station's own reader, and the station finds "
    "the EVSE that is meant.",
    responses=refusals(400, 404, 409, 503),
)
async def tokens(watch: OnWatch, data: JSONBody[TokenShown]) -> TokenTaken:
    tree = watch.station.tree
    token = IdToken(data.value, data.type)
    served = _served(tree, data)
    evse = tree.evse_for(token)
    if served and evse not in served:
        evse = next((each for each in served if each.refusal(token) is None), served[0])
    may_end = may_end_something(tree)
    contract = None if data.contract is None else Contract(data.contract)
    watch.station.deliver(evse.evse_id if evse else 0, TokenPresented(token, contract))
    if evse is None and not may_end:
        raise Refused(409, "no EVSE is free for this token")
    return TokenTaken(evse=evse.evse_id if evse else 0)


def _served(tree: Station, shown: TokenShown) -> Sequence[Evse]:
    """Give the EVSEs that the reader serves; none of them named means all."""
    if shown.evse is not None and shown.evses:
        raise Refused(400, "one EVSE or several, not both", "evses")
    numbers = shown.evses if shown.evse is None else [shown.evse]
    for number in numbers:
        if number > len(tree.evses):
            raise Refused(404, f"there is no EVSE {number}", "evse" if shown.evse else "evses")
    return [tree.evse(number) for number in numbers]


@post(
    "/api/link/disconnect",
    status_code=200,
    summary="Be offline until told to connect",
    responses=refusals(503),
)
async def disconnect(watch: OnWatch) -> ConnectionView:
    if not watch.station.tree.connection.chart.is_in("offline"):
        watch.station.deliver(0, DisconnectRequested())
    return watch.views.connection()


@post("/api/link/connect", status_code=200, summary="Be online again", responses=refusals(503))
async def connect(watch: OnWatch) -> ConnectionView:
    if watch.station.tree.connection.chart.is_in("offline"):
        watch.station.deliver(0, ConnectRequested())
    return watch.views.connection()


class ResetWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The station, or one EVSE, shall start anew."""

    evse: EvseNumber | None = None
    on_idle: Annotated[bool, Meta(description="When no transaction uses it any more")] = False


class ResetTaken(Struct, frozen=True, kw_only=True):
    """Whether it waits for a transaction."""

    is_scheduled: bool


@post(
    "/api/reset",
    status_code=200,
    summary="Reset the station, or one EVSE",
    description="Its transactions are ended before, or waited for.",
    responses=refusals(400, 404, 409, 503),
)
async def reset(watch: OnWatch, data: JSONBody[ResetWanted | None] = None) -> ResetTaken:
    wanted, context = data or ResetWanted(), watch.station.context
    evse_id = wanted.evse or 0
    if evse_id > len(watch.station.tree.evses):
        raise Refused(404, f"there is no EVSE {evse_id}", "evse")
    if evse_id and not context.may_reset_alone(evse_id):
        raise Refused(409, f"EVSE {evse_id} is not reset by itself", "evse")
    if not context.is_reset_allowed(evse_id):
        raise Refused(409, "it cannot be reset now")
    patience = context.reset_patience
    watch.station.deliver(evse_id, ResetRequested(wanted.on_idle, "Reboot", patience, "LocalReset"))
    tree = watch.station.tree
    return ResetTaken(is_scheduled=(tree.evse(evse_id) if evse_id else tree).reset.is_scheduled)


class DataTransfer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be told that OCPP has no message for; in 1.6 the data is text."""

    vendor_id: Annotated[str, Meta(min_length=1, max_length=255, pattern=_PRINTABLE)]
    message_id: Annotated[str, Meta(max_length=50)] | None = None
    data: object = None


class DataTransferred(Struct, frozen=True, kw_only=True):
    """The central system's answer."""

    status: str
    data: object = None


@post(
    "/api/data-transfer",
    status_code=200,
    summary="Send the central system a vendor's own message",
    responses=refusals(400, 409, 503),
)
async def data_transfer(watch: OnWatch, data: JSONBody[DataTransfer]) -> DataTransferred:
    try:
        status, answer = await watch.station.transfer_data(
            data.vendor_id, data.message_id, data.data
        )
    except ValueError as error:
        raise Refused(400, str(error), "data") from error
    except CallFailed as failure:
        raise Refused(409, str(failure)) from failure
    return DataTransferred(status=status, data=answer)


ROUTES = [data_transfer, station, metrics, messages, events, tokens, disconnect, connect, reset]
