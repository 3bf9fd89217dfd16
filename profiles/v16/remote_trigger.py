"""Remote Trigger (1.6 5.17): the central system asks for a message out of its turn."""

from typing import Literal

from msgspec import UNSET

from ..context import Handlers, SendTriggered, StationContext
from ..messages import v16
from .numbering import connector_of

# ---- the station's half


def trigger_message(
    context: StationContext, request: v16.TriggerMessageRequest
) -> v16.TriggerMessageResponse:
    """Answer first, then send; without a connector, for all of them. A connector that does not
    matter to the message is ignored.
    """
    match request.requested_message:
        case "BootNotification":
            if context.station.is_accepted:
                return v16.TriggerMessageResponse(status="Rejected")  # errata 3.40
            context.do(SendTriggered("Boot"))
        case "Heartbeat":
            context.do(SendTriggered("Heartbeat"))
        case "MeterValues":
            return _of_connectors(context, "MeterValues", request)
        case "StatusNotification":
            return _of_connectors(context, "Status", request)
        case _:
            return v16.TriggerMessageResponse(status="NotImplemented")
    return v16.TriggerMessageResponse(status="Accepted")


def _of_connectors(
    context: StationContext,
    what: Literal["MeterValues", "Status"],
    request: v16.TriggerMessageRequest,
) -> v16.TriggerMessageResponse:
    accepted = v16.TriggerMessageResponse(status="Accepted")
    if request.connector_id is UNSET:
        context.do(SendTriggered(what, of_all=True))
        return accepted
    if request.connector_id == 0 and what == "Status":
        context.do(SendTriggered(what))
        return accepted
    # 0 of MeterValues is the main meter's, and the station has none.
    connector = connector_of(context.station, request.connector_id)
    if connector is None:
        return v16.TriggerMessageResponse(status="Rejected")
    context.do(SendTriggered(what, connector.evse_id, connector.number))
    return accepted


STATION: Handlers = {v16.TriggerMessageRequest: trigger_message}
