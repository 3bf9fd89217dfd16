"""Core (1.6 chapters 4 and 5): what a station answers; below it, what a central system answers."""

from msgspec import UNSET

from ...machines.effects import UnlockConnector
from ...machines.events import (
    Authorized,
    ConnectorUnlocked,
    IdToken,
    StopRequested,
    UnlockFailed,
)
from ...machines.evse import Evse
from ..context import Awaited, ForgetTokens, Handlers, RestartStation, StationContext
from ..device_model import Key
from ..messages import v16
from . import configuration
from .numbering import connector_of, connectors

FEATURE_PROFILES = ("Core", "RemoteTrigger")

# ---- the station's half


def change_availability(
    context: StationContext, request: v16.ChangeAvailabilityRequest
) -> v16.ChangeAvailabilityResponse:
    """Put the station (0) or a connector into or out of service, at once or when its transaction
    ends (5.2).
    """
    operative = request.type == "Operative"
    if request.connector_id == 0:
        context.do(*context.station.request_availability(operative))
        waits = context.station.chart.is_in("change_scheduled")
        return v16.ChangeAvailabilityResponse(status="Scheduled" if waits else "Accepted")
    connector = connector_of(context.station, request.connector_id)
    if connector is None:
        return v16.ChangeAvailabilityResponse(status="Rejected")
    context.do(*connector.evse.request_availability(operative, connector.number))
    waits = connector.chart.is_in("change_scheduled")
    return v16.ChangeAvailabilityResponse(status="Scheduled" if waits else "Accepted")


def change_configuration(
    context: StationContext, request: v16.ChangeConfigurationRequest
) -> v16.ChangeConfigurationResponse:
    key = configuration.find(request.key)
    if key is None:
        return v16.ChangeConfigurationResponse(status="NotSupported")
    status = configuration.change(context.model, _facts(context), key, request.value)
    variable = configuration.variable_of(key)
    if variable is not None:
        context.change(variable, request.value, status)
    if status in ("Accepted", "RebootRequired"):
        return v16.ChangeConfigurationResponse(status=status)
    return v16.ChangeConfigurationResponse(status="Rejected")


def get_configuration(
    context: StationContext, request: v16.GetConfigurationRequest
) -> v16.GetConfigurationResponse:
    """Tell the keys asked for, or all (5.8). One that the station does not have is named as
    unknown.
    """
    asked = request.key if request.key is not UNSET and request.key else configuration.KEYS
    known: list[v16.KeyValue] = []
    unknown: list[str] = []
    for name in asked:
        key = configuration.find(name)
        if key is None:
            unknown.append(name)
            continue
        entry = configuration.read(context.model, _facts(context), key)
        value = UNSET if entry.value is None else entry.value
        known.append(v16.KeyValue(key=entry.key, readonly=entry.is_readonly, value=value))
    return v16.GetConfigurationResponse(
        configuration_key=tuple(known) if known else UNSET,
        unknown_key=tuple(unknown) if unknown else UNSET,
    )


def clear_cache(context: StationContext, request: v16.ClearCacheRequest) -> v16.ClearCacheResponse:
    if Key("AuthCacheCtrlr", "Enabled") not in context.model:
        return v16.ClearCacheResponse(status="Rejected")  # errata 3.23
    context.do(ForgetTokens())
    return v16.ClearCacheResponse(status="Accepted")


def data_transfer(
    context: StationContext, request: v16.DataTransferRequest
) -> v16.DataTransferResponse:
    handler = context.vendor_handlers.get(request.vendor_id)
    if handler is None:
        return v16.DataTransferResponse(status="UnknownVendorId")
    message_id = None if request.message_id is UNSET else request.message_id
    status, data = handler(message_id, None if request.data is UNSET else request.data)
    return v16.DataTransferResponse(status=status, data=UNSET if data is None else str(data))


def remote_start_transaction(
    context: StationContext, request: v16.RemoteStartTransactionRequest
) -> v16.RemoteStartTransactionResponse:
    """Start with this token at the connector named, or where the station sees fit (5.11)."""
    rejected = v16.RemoteStartTransactionResponse(status="Rejected")
    if not context.station.is_accepted:
        return rejected  # 4.2: not allowed while pending
    id_token = IdToken(request.id_tag, "Central")
    evse = _evse_for(context, request, id_token)
    if evse is None or evse.refusal(id_token) is not None:
        return rejected
    if context.model.boolean(Key("AuthCtrlr", "AuthorizeRemoteStart")):
        context.do(*evse.ask(id_token, remote_start_id=0))
    else:
        context.tell(evse.evse_id, Authorized(id_token, remote_start_id=0))
    return v16.RemoteStartTransactionResponse(status="Accepted")


def _evse_for(
    context: StationContext, request: v16.RemoteStartTransactionRequest, id_token: IdToken
) -> Evse | None:
    if request.connector_id is UNSET:
        return context.station.evse_for(id_token)
    connector = connector_of(context.station, request.connector_id)
    if connector is None or not connector.is_operative or connector.is_faulted:
        return None
    evse = connector.evse
    return evse if evse.connector in (None, connector) else None


def remote_stop_transaction(
    context: StationContext, request: v16.RemoteStopTransactionRequest
) -> v16.RemoteStopTransactionResponse:
    evse = _evse_of_transaction(context, request.transaction_id)
    if evse is None or not context.station.is_accepted:
        return v16.RemoteStopTransactionResponse(status="Rejected")
    context.tell(evse.evse_id, StopRequested(reason="Remote", trigger="RemoteStop"))
    return v16.RemoteStopTransactionResponse(status="Accepted")


def _evse_of_transaction(context: StationContext, transaction_id: int) -> Evse | None:
    for evse in context.station.evses:
        transaction = evse.transaction
        if transaction is None:
            continue
        if context.csms_transaction(transaction.transaction_id) == str(transaction_id):
            return evse
    return None


def reset(context: StationContext, request: v16.ResetRequest) -> v16.ResetResponse:
    """End transactions in order (Soft) or at once (Hard) and boot again (5.14, errata 3.36)."""
    reason = "SoftReset" if request.type == "Soft" else "HardReset"
    context.do(RestartStation("Graceful" if request.type == "Soft" else "Immediate", reason))
    return v16.ResetResponse(status="Accepted")


def unlock_connector(
    context: StationContext, request: v16.UnlockConnectorRequest
) -> v16.UnlockConnectorResponse | Awaited:
    """Let the cable go; a transaction at the connector ends first (5.18). The lock decides the
    answer.
    """
    connector = connector_of(context.station, request.connector_id)
    if connector is None:
        return v16.UnlockConnectorResponse(status="NotSupported")  # errata 3.87
    evse = connector.evse
    if evse.connector is connector and evse.transaction is not None:
        context.tell(evse.evse_id, StopRequested(reason="UnlockCommand", trigger="UnlockCommand"))
    return Awaited(
        evse.evse_id,
        connector.number,
        (*context.take_effects(), UnlockConnector(evse.evse_id, connector.number)),
        {
            ConnectorUnlocked: v16.UnlockConnectorResponse(status="Unlocked"),
            UnlockFailed: v16.UnlockConnectorResponse(status="UnlockFailed"),
        },
        seconds=10.0,
        otherwise=v16.UnlockConnectorResponse(status="UnlockFailed"),
    )


def _facts(context: StationContext) -> configuration.Facts:
    return configuration.Facts(connectors(context.station), FEATURE_PROFILES)


STATION: Handlers = {
    v16.ChangeAvailabilityRequest: change_availability,
    v16.ChangeConfigurationRequest: change_configuration,
    v16.ClearCacheRequest: clear_cache,
    v16.DataTransferRequest: data_transfer,
    v16.GetConfigurationRequest: get_configuration,
    v16.RemoteStartTransactionRequest: remote_start_transaction,
    v16.RemoteStopTransactionRequest: remote_stop_transaction,
    v16.ResetRequest: reset,
    v16.UnlockConnectorRequest: unlock_connector,
}
