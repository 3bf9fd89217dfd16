"""Core (1.6 chapters 4 and 5): what a station answers; below it, what a central system answers."""

from collections.abc import Iterable, Mapping

from msgspec import UNSET

from ...machines.effects import UnlockConnector
from ...machines.events import (
    Authorized,
    ConnectorUnlocked,
    IdToken,
    ResetRequested,
    StopRequested,
    UnlockFailed,
)
from ...machines.evse import Evse
from ..context import (
    Awaited,
    Deferred,
    Durable,
    Handlers,
    Kept,
    StationContext,
    VendorAnswer,
)
from ..csms.face import AnyRequest, Handler
from ..csms.records import (
    BootInfo,
    ConnectorReported,
    MeterReading,
    Place,
    SampledValue,
    bounded,
    bounded_if_told,
    in_utc,
)
from ..csms.station import CsmsStation
from ..device_model import Key
from ..errors import OccurrenceConstraintViolation
from ..messages import v16
from ..messages.base import Response, timestamp
from ..network import SECURITY_PROFILE
from . import security, signed_values
from .configuration import Configuration, Entry
from .configuration_keys import MAX_KEYS, Facts, Password
from .numbering import connector_of, connectors
from .tokens import id_tag_info, read_id_tag

FEATURE_PROFILES = ("Core", "LocalAuthListManagement", "RemoteTrigger")
EXTENSIONS = ("Security",)  # beyond 1.6 itself, as `configuration_keys.Facts` names them

_HARD_PATIENCE = 1.0  # s; what is answered before the boot need not be told again after it
_NEEDS_CONNECTOR = Key("OCPP16LegacyCtrlr", "RejectRemoteStartTransactionWithoutConnectorId")

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
) -> v16.ChangeConfigurationResponse | Kept:
    configuration = _configuration(context)
    key = configuration.find(request.key)
    if key is None:
        return v16.ChangeConfigurationResponse(status="NotSupported")
    if isinstance(key.source, Password):
        return security.change_authorization_key(context, request.value)
    if key.source == SECURITY_PROFILE:
        return security.change_security_profile(context, request.value)
    status = configuration.change(key, request.value)
    if isinstance(key.source, Key):
        context.change(key.source, request.value, status)
    if status in ("Accepted", "RebootRequired"):
        return v16.ChangeConfigurationResponse(status=status)
    return v16.ChangeConfigurationResponse(status="Rejected")


def get_configuration(
    context: StationContext, request: v16.GetConfigurationRequest
) -> v16.GetConfigurationResponse:
    """Tell the keys asked for, or all (5.8). One that the station does not have is named as
    unknown.

    GetConfigurationMaxKeys bounds what is asked for, not what is told: all means all.
    """
    asked = () if request.key is UNSET else request.key
    if len(asked) > MAX_KEYS:
        raise OccurrenceConstraintViolation(f"at most {MAX_KEYS} keys in one request")
    configuration = _configuration(context)
    found = {name: configuration.find(name) for name in asked}
    keys = [key for key in found.values() if key is not None] if asked else configuration
    known = [_key_value(configuration.read(key)) for key in keys]
    unknown = [name for name, key in found.items() if key is None]
    return v16.GetConfigurationResponse(
        configuration_key=tuple(known) if known else UNSET,
        unknown_key=tuple(unknown) if unknown else UNSET,
    )


def _key_value(entry: Entry) -> v16.KeyValue:
    value = UNSET if entry.value is None else entry.value
    return v16.KeyValue(key=entry.key, readonly=entry.is_readonly, value=value)


def clear_cache(context: StationContext, request: v16.ClearCacheRequest) -> Response | Durable:
    return context.clear_cache(
        v16.ClearCacheResponse(status="Accepted"), v16.ClearCacheResponse(status="Rejected")
    )


def data_transfer(context: StationContext, request: v16.DataTransferRequest) -> Response | Deferred:
    handler = context.vendor_handler(request.vendor_id)
    if handler is None:
        return v16.DataTransferResponse(status="UnknownVendorId")
    message_id = None if request.message_id is UNSET else request.message_id
    data = None if request.data is UNSET else request.data
    return context.ask_vendor(handler, message_id, data, _transferred)


def _transferred(answer: VendorAnswer) -> v16.DataTransferResponse:
    status, data = answer
    return v16.DataTransferResponse(status=status, data=UNSET if data is None else str(data))


def remote_start_transaction(
    context: StationContext, request: v16.RemoteStartTransactionRequest
) -> v16.RemoteStartTransactionResponse:
    """Start with this token at the connector named, or where the station sees fit (5.11)."""
    rejected = v16.RemoteStartTransactionResponse(status="Rejected")
    if not context.station.is_accepted:
        return rejected  # 4.2: not allowed while pending
    if request.connector_id is UNSET and context.model.boolean(_NEEDS_CONNECTOR):
        return rejected
    id_token = read_id_tag(request.id_tag)
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
    if not context.is_reset_allowed(0):
        return v16.ResetResponse(status="Rejected")
    is_soft = request.type == "Soft"
    patience = context.reset_patience if is_soft else _HARD_PATIENCE
    reason = "SoftReset" if is_soft else "HardReset"
    context.tell(0, ResetRequested(reason=reason, patience=patience))
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


def _configuration(context: StationContext) -> Configuration:
    facts = Facts(connectors(context.station), FEATURE_PROFILES, EXTENSIONS)
    return Configuration(context.model, facts)


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


# ---- the central system's half


def csms_authorize(station: CsmsStation, request: v16.AuthorizeRequest) -> v16.AuthorizeResponse:
    return v16.AuthorizeResponse(
        id_tag_info=id_tag_info(station.authorize(read_id_tag(request.id_tag)))
    )


def csms_boot_notification(
    station: CsmsStation, request: v16.BootNotificationRequest
) -> v16.BootNotificationResponse:
    serial_number = request.charge_point_serial_number or request.charge_box_serial_number
    status, interval = station.register(
        BootInfo(
            vendor_name=request.charge_point_vendor,
            model=request.charge_point_model,
            serial_number=serial_number or None,
            firmware_version=request.firmware_version or None,
            iccid=request.iccid or None,
            imsi=request.imsi or None,
            meter_type=request.meter_type or None,
            meter_serial_number=request.meter_serial_number or None,
        )
    )
    return v16.BootNotificationResponse(
        status=status, current_time=timestamp(station.now), interval=interval
    )


def csms_data_transfer(
    station: CsmsStation, request: v16.DataTransferRequest
) -> v16.DataTransferResponse:
    """No vendor's extension is known until one is given (4.3)."""
    return v16.DataTransferResponse(status="UnknownVendorId")


def csms_heartbeat(station: CsmsStation, request: v16.HeartbeatRequest) -> v16.HeartbeatResponse:
    return v16.HeartbeatResponse(current_time=timestamp(station.now))


def csms_meter_values(
    station: CsmsStation, request: v16.MeterValuesRequest
) -> v16.MeterValuesResponse:
    station.keep_meter_values(
        _place(request.connector_id),
        _readings(request.meter_value),
        None if request.transaction_id is UNSET else str(request.transaction_id),
    )
    return v16.MeterValuesResponse()


def csms_start_transaction(
    station: CsmsStation, request: v16.StartTransactionRequest
) -> v16.StartTransactionResponse:
    transaction, info = station.start_transaction(
        _place(request.connector_id),
        read_id_tag(request.id_tag),
        meter_start=bounded(request.meter_start),
        started_at=in_utc(request.timestamp),
        reservation_id=bounded_if_told(request.reservation_id),
    )
    return v16.StartTransactionResponse(
        id_tag_info=id_tag_info(info), transaction_id=int(transaction.transaction_id)
    )


def csms_status_notification(
    station: CsmsStation, request: v16.StatusNotificationRequest
) -> v16.StatusNotificationResponse:
    now = station.now
    station.keep_status(
        ConnectorReported(
            station_id=station.station_id,
            at=now,
            place=_place(request.connector_id),
            status=request.status,
            reported_at=now if request.timestamp is UNSET else in_utc(request.timestamp),
            error_code=None if request.error_code == "NoError" else request.error_code,
            info=request.info or None,
            vendor_id=request.vendor_id or None,
            vendor_error_code=request.vendor_error_code or None,
        )
    )
    return v16.StatusNotificationResponse()


def csms_stop_transaction(
    station: CsmsStation, request: v16.StopTransactionRequest
) -> v16.StopTransactionResponse:
    """Always answered, whatever it stops (4.10)."""
    stop_token = None if request.id_tag is UNSET else read_id_tag(request.id_tag)
    data = () if request.transaction_data is UNSET else request.transaction_data
    station.stop_transaction(
        None if request.transaction_id == _NO_TRANSACTION_ID else str(request.transaction_id),
        ended_at=in_utc(request.timestamp),
        meter_stop=bounded(request.meter_stop),
        reason=_CSMS_REASONS.get(request.reason or "Local", request.reason or "Local"),
        stop_token=stop_token,
        readings=_readings(data),
    )
    if stop_token is None:
        return v16.StopTransactionResponse()
    return v16.StopTransactionResponse(id_tag_info=id_tag_info(station.authorize(stop_token)))


_NO_TRANSACTION_ID = -1  # errata 3.18: the station never learned which
# 1.6's words for which 2.x has another.
_CSMS_REASONS = {"HardReset": "ImmediateReset", "SoftReset": "Reboot", "UnlockCommand": "Other"}


def _place(connector_id: int) -> Place:
    return Place(connector=bounded(connector_id))


def _readings(values: Iterable[v16.MeterValue]) -> tuple[MeterReading, ...]:
    return tuple(
        MeterReading(in_utc(value.timestamp), tuple(map(_sample, value.sampled_value)))
        for value in values
    )


def _sample(sampled: v16.SampledValue) -> SampledValue:
    is_signed = sampled.format == "SignedData"
    return SampledValue(
        value=sampled.value,
        measurand=sampled.measurand or "Energy.Active.Import.Register",
        unit=sampled.unit or None,
        context=sampled.context or None,
        phase=sampled.phase or None,
        location=sampled.location or None,
        format=sampled.format or None,
        signed=signed_values.read(sampled.value) if is_signed else None,
    )


CSMS: Mapping[type[AnyRequest], Handler] = {
    v16.AuthorizeRequest: csms_authorize,
    v16.BootNotificationRequest: csms_boot_notification,
    v16.DataTransferRequest: csms_data_transfer,
    v16.HeartbeatRequest: csms_heartbeat,
    v16.MeterValuesRequest: csms_meter_values,
    v16.StartTransactionRequest: csms_start_transaction,
    v16.StatusNotificationRequest: csms_status_notification,
    v16.StopTransactionRequest: csms_stop_transaction,
}
