"""Functional block F: the CSMS starts, stops, unlocks, and asks for messages."""

from typing import TYPE_CHECKING

from msgspec import UNSET

from ...machines.effects import Effect, UnlockConnector
from ...machines.events import (
    Authorized,
    ConnectorUnlocked,
    IdToken,
    StopRequested,
    UnlockFailed,
)
from ...machines.evse import Evse
from ..context import Awaited, SendRequests, SendTriggered, StationContext
from ..device_model import Key
from ..tokens import UNASKED
from .authorization import read_id_token
from .handling import Handlers, because, find_connector, find_evse, is_known

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        RequestStartTransactionRequest,
        RequestStartTransactionResponse,
        RequestStopTransactionRequest,
        RequestStopTransactionResponse,
        StatusInfoType,
        TriggerMessageRequest,
        TriggerMessageResponse,
        UnlockConnectorRequest,
        UnlockConnectorResponse,
    )

_AUTHORIZE_REMOTE_START = Key("AuthCtrlr", "AuthorizeRemoteStart")
_ALIGNED = Key("AlignedDataCtrlr", "Measurands")
_UNLOCK_SECONDS = 10.0  # that the lock may take

# ---- the station's half


def request_start_transaction(
    v2: "Messages", context: StationContext, request: "RequestStartTransactionRequest"
) -> "RequestStartTransactionResponse":
    """Let this token charge at the EVSE named, or where the station sees fit (F01, F02).

    A charging profile is ignored: there is no smart charging yet (F01.FR.12).
    """
    if not context.station.is_accepted:  # B02.FR.05
        return request.response(status="Rejected", status_info=because(v2, "CSNotAccepted"))
    id_token = read_id_token(request.id_token)
    group = None if request.group_id_token is UNSET else request.group_id_token.id_token
    evse = _evse_for(context, request, id_token)
    if evse is None:
        return request.response(status="Rejected", status_info=because(v2, "UnknownEvse"))
    refusal = evse.refusal(id_token, group)
    if refusal is not None:  # F01.FR.21-24, F02.FR.23-26
        return request.response(status="Rejected", status_info=_why(v2, evse, refusal))
    begun = evse.transaction  # by a cable, say
    if context.model.boolean(_AUTHORIZE_REMOTE_START) and id_token.type not in UNASKED:
        # F01.FR.01, F02.FR.09
        context.do(*evse.ask(id_token, request.remote_start_id, parent=group))
    else:  # F01.FR.02, F02.FR.10, C05.FR.01
        start = Authorized(id_token, group, remote_start_id=request.remote_start_id)
        context.tell(evse.evse_id, start)
    return request.response(
        status="Accepted",
        transaction_id=UNSET if begun is None else begun.transaction_id,  # F01.FR.13
    )


def _why(v2: "Messages", evse: Evse, refusal: str) -> "StatusInfoType":
    if refusal == "Occupied" and evse.transaction is not None:
        return because(v2, "TxInProgress")
    return because(v2, "Unspecified", refusal)


def _evse_for(
    context: StationContext, request: "RequestStartTransactionRequest", id_token: IdToken
) -> Evse | None:
    if request.evse_id is UNSET:
        return context.station.evse_for(id_token)  # F01.FR.20, F02.FR.22
    return find_evse(context.station, request.evse_id)


def request_stop_transaction(
    v2: "Messages", context: StationContext, request: "RequestStopTransactionRequest"
) -> "RequestStopTransactionResponse":
    if not context.station.is_accepted:  # B02.FR.05
        return request.response(status="Rejected", status_info=because(v2, "CSNotAccepted"))
    evse = context.station.find_transaction(request.transaction_id)
    if evse is None:
        return request.response(  # F03.FR.08
            status="Rejected", status_info=because(v2, "UnknownTxId")
        )
    context.tell(evse.evse_id, StopRequested(reason="Remote", trigger="RemoteStop"))  # F03.FR.03
    return request.response(status="Accepted")


def unlock_connector(
    v2: "Messages", context: StationContext, request: "UnlockConnectorRequest"
) -> "UnlockConnectorResponse | Awaited":
    """Let a cable go that is stuck (F05). The lock decides the answer."""
    connector = find_connector(context.station, request.evse_id, request.connector_id)
    if connector is None:
        return request.response(status="UnknownConnector")  # F05.FR.03
    evse = connector.evse
    if evse.has_fixed_cable:
        return request.response(status="UnlockFailed", status_info=because(v2, "FixedCable"))
    runs = evse.transaction is not None and evse.authorization is not None
    if runs and evse.connector is connector:
        return request.response(status="OngoingAuthorizedTransaction")  # F05.FR.02
    return Awaited(  # F05.FR.06: also without a cable
        evse.evse_id,
        connector.number,
        (UnlockConnector(evse.evse_id, connector.number),),
        {
            ConnectorUnlocked: request.response(status="Unlocked"),
            UnlockFailed: request.response(status="UnlockFailed"),
        },
        seconds=_UNLOCK_SECONDS,
        otherwise=request.response(status="UnlockFailed"),
    )


def trigger_message(
    v2: "Messages", context: StationContext, request: "TriggerMessageRequest"
) -> "TriggerMessageResponse":
    """Answer first, then send (F06.FR.04); where no EVSE is named, for each (F06.FR.11). One that
    does not matter to the message is ignored (F06.FR.03).
    """
    effect: Effect | None
    match request.requested_message:
        case "BootNotification":
            effect = None if context.station.is_accepted else SendTriggered("Boot")  # F06.FR.17
        case "Heartbeat":
            effect = SendTriggered("Heartbeat")
        case "StatusNotification":
            effect = _trigger_status(context, request)
        case "MeterValues":
            effect = _trigger_meter_values(context, request)
        case "TransactionEvent":
            effect = _trigger_transaction(context, request)
        case "FirmwareStatusNotification":
            idle = v2.FirmwareStatusNotificationRequest(status="Idle")  # there is no update
            effect = SendRequests((idle,))  # F06.FR.16
        case "LogStatusNotification":
            effect = SendRequests((v2.LogStatusNotificationRequest(status="Idle"),))  # F06.FR.15
        case "CustomTrigger" if request.custom_trigger in context.custom_triggers:
            effect = _trigger_custom(context, str(request.custom_trigger))  # F06.FR.18
        case _:
            return request.response(status="NotImplemented")  # F06.FR.08, F06.FR.19
    if effect is None:
        return request.response(status="Rejected")
    context.do(effect)
    return request.response(status="Accepted")


def _trigger_status(
    context: StationContext, request: "TriggerMessageRequest"
) -> SendTriggered | None:
    place = request.evse
    if place is UNSET or place.connector_id is UNSET or not is_known(context.station, place):
        return None  # F06.FR.12
    return SendTriggered("Status", place.id, place.connector_id)


def _trigger_meter_values(
    context: StationContext, request: "TriggerMessageRequest"
) -> SendTriggered | None:
    if not context.model.members(_ALIGNED):
        return None  # nothing could be told, so nothing is promised (F06.FR.10)
    if request.evse is UNSET:
        return SendTriggered("MeterValues", of_all=True, measurands=_ALIGNED)  # F06.FR.06
    if find_evse(context.station, request.evse.id) is None:
        return None
    return SendTriggered("MeterValues", request.evse.id, measurands=_ALIGNED)


def _trigger_transaction(
    context: StationContext, request: "TriggerMessageRequest"
) -> SendTriggered | None:
    """Have the transactions told that run (F06.FR.07); where none does there is nothing to tell."""
    station = context.station
    evse_id = 0 if request.evse is UNSET else request.evse.id
    running = {evse.evse_id for evse in station.evses if evse.transaction is not None}
    is_there = evse_id in running if evse_id else bool(running)
    # Before the station is accepted no event is sent, so none can be promised.
    if not (is_there and station.is_accepted):
        return None
    return SendTriggered("Transaction", evse_id, of_all=not evse_id)


def _trigger_custom(context: StationContext, name: str) -> SendRequests | None:
    message = context.custom_triggers[name]()
    return None if message is None else SendRequests((message,))


STATION: Handlers = {
    "RequestStartTransaction": request_start_transaction,
    "RequestStopTransaction": request_stop_transaction,
    "TriggerMessage": trigger_message,
    "UnlockConnector": unlock_connector,
}
