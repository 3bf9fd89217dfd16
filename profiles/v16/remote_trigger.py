"""Remote Trigger (1.6 5.17): the central system asks for a message out of its turn."""

from msgspec import UNSET

from ..context import Handlers, SendTriggered, StationContext
from ..messages import v16
from .numbering import connector_of

# ---- the station's half


def trigger_message(
    context: StationContext, request: v16.TriggerMessageRequest
) -> v16.TriggerMessageResponse:
    """Answer first, then send; without a connector, for all of them."""
    connector = None
    if request.connector_id is not UNSET and request.connector_id != 0:
        connector = connector_of(context.station, request.connector_id)
        if connector is None:
            return v16.TriggerMessageResponse(status="Rejected")
    evse_id, number = (connector.evse_id, connector.number) if connector else (0, 0)
    of_all = request.connector_id is UNSET
    match request.requested_message:
        case "BootNotification":
            if context.station.is_accepted:
                return v16.TriggerMessageResponse(status="Rejected")  # errata 3.40
            context.do(SendTriggered("Boot"))
        case "Heartbeat":
            context.do(SendTriggered("Heartbeat"))
        case "MeterValues":
            context.do(SendTriggered("MeterValues", evse_id, number, of_all))
        case "StatusNotification":
            context.do(SendTriggered("Status", evse_id, number, of_all))
        case _:
            return v16.TriggerMessageResponse(status="NotImplemented")
    return v16.TriggerMessageResponse(status="Accepted")


STATION: Handlers = {v16.TriggerMessageRequest: trigger_message}
