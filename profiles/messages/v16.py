"""The 39 messages of OCPP 1.6 with its security extension.

Generated from the official schemas by `python -m pilotwire.profiles.messages.generate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Type, TypeVar

from msgspec import UNSET, Meta, UnsetType

from .base import Payload, Request, Response, Timestamp, refuse_hundredths

T = TypeVar("T")

NonEmpty = Annotated[tuple[T, ...], Meta(min_length=1)]
Str20 = Annotated[str, Meta(max_length=20)]
Str25 = Annotated[str, Meta(max_length=25)]
Str40 = Annotated[str, Meta(max_length=40)]
Str50 = Annotated[str, Meta(max_length=50)]
Str128 = Annotated[str, Meta(max_length=128)]
Str255 = Annotated[str, Meta(max_length=255)]
Str500 = Annotated[str, Meta(max_length=500)]
Str512 = Annotated[str, Meta(max_length=512)]
Str800 = Annotated[str, Meta(max_length=800)]
Str5500 = Annotated[str, Meta(max_length=5500)]
Str10000 = Annotated[str, Meta(max_length=10000)]

AuthorizationStatus = Literal["Accepted", "Blocked", "Expired", "Invalid", "ConcurrentTx"]
AvailabilityStatus = Literal["Accepted", "Rejected", "Scheduled"]
AvailabilityType = Literal["Inoperative", "Operative"]
CancelReservationStatus = Literal["Accepted", "Rejected"]
CertificateSignedStatusEnumType = Literal["Accepted", "Rejected"]
CertificateUseEnumType = Literal["CentralSystemRootCertificate", "ManufacturerRootCertificate"]
ChargePointErrorCode = Literal[
    "ConnectorLockFailure",
    "EVCommunicationError",
    "GroundFailure",
    "HighTemperature",
    "InternalError",
    "LocalListConflict",
    "NoError",
    "OtherError",
    "OverCurrentFailure",
    "PowerMeterFailure",
    "PowerSwitchFailure",
    "ReaderFailure",
    "ResetFailure",
    "UnderVoltage",
    "OverVoltage",
    "WeakSignal",
]
ChargePointStatus = Literal[
    "Available",
    "Preparing",
    "Charging",
    "SuspendedEVSE",
    "SuspendedEV",
    "Finishing",
    "Reserved",
    "Unavailable",
    "Faulted",
]
ChargingProfileKindType = Literal["Absolute", "Recurring", "Relative"]
ChargingProfilePurposeType = Literal["ChargePointMaxProfile", "TxDefaultProfile", "TxProfile"]
ChargingProfileStatus = Literal["Accepted", "Rejected", "NotSupported"]
ChargingRateUnitType = Literal["A", "W"]
ClearCacheStatus = Literal["Accepted", "Rejected"]
ClearChargingProfileStatus = Literal["Accepted", "Unknown"]
ConfigurationStatus = Literal["Accepted", "Rejected", "RebootRequired", "NotSupported"]
DataTransferStatus = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]
DiagnosticsStatus = Literal["Idle", "Uploaded", "UploadFailed", "Uploading"]
FirmwareStatus = Literal[
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
]
FirmwareStatusEnumType = Literal[
    "Downloaded",
    "DownloadFailed",
    "Downloading",
    "DownloadScheduled",
    "DownloadPaused",
    "Idle",
    "InstallationFailed",
    "Installing",
    "Installed",
    "InstallRebooting",
    "InstallScheduled",
    "InstallVerificationFailed",
    "InvalidSignature",
    "SignatureVerified",
]
GenericStatusEnumType = Literal["Accepted", "Rejected"]
GetCompositeScheduleStatus = Literal["Accepted", "Rejected"]
GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]
HashAlgorithmEnumType = Literal["SHA256", "SHA384", "SHA512"]
InstallCertificateStatusEnumType = Literal["Accepted", "Failed", "Rejected"]
Location = Literal["Cable", "EV", "Inlet", "Outlet", "Body"]
LogEnumType = Literal["DiagnosticsLog", "SecurityLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]
Measurand = Literal[
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Register",
    "Energy.Active.Export.Interval",
    "Energy.Active.Import.Interval",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Import.Interval",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "Power.Factor",
    "Current.Import",
    "Current.Export",
    "Current.Offered",
    "Voltage",
    "Frequency",
    "Temperature",
    "SoC",
    "RPM",
]
MessageTrigger = Literal[
    "BootNotification",
    "DiagnosticsStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "StatusNotification",
]
MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargePointCertificate",
    "StatusNotification",
]
Phase = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
ReadingContext = Literal[
    "Interruption.Begin",
    "Interruption.End",
    "Sample.Clock",
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Trigger",
    "Other",
]
Reason = Literal[
    "EmergencyStop",
    "EVDisconnected",
    "HardReset",
    "Local",
    "Other",
    "PowerLoss",
    "Reboot",
    "Remote",
    "SoftReset",
    "UnlockCommand",
    "DeAuthorized",
]
RecurrencyKindType = Literal["Daily", "Weekly"]
RegistrationStatus = Literal["Accepted", "Pending", "Rejected"]
RemoteStartStopStatus = Literal["Accepted", "Rejected"]
ReservationStatus = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]
ResetStatus = Literal["Accepted", "Rejected"]
ResetType = Literal["Hard", "Soft"]
TriggerMessageStatus = Literal["Accepted", "Rejected", "NotImplemented"]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]
UnitOfMeasure = Literal[
    "Wh",
    "kWh",
    "varh",
    "kvarh",
    "W",
    "kW",
    "VA",
    "kVA",
    "var",
    "kvar",
    "A",
    "V",
    "K",
    "Celcius",
    "Celsius",
    "Fahrenheit",
    "Percent",
    "Hertz",
]
UnlockStatus = Literal["Unlocked", "UnlockFailed", "NotSupported"]
UpdateFirmwareStatusEnumType = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]
UpdateStatus = Literal["Accepted", "Failed", "NotSupported", "VersionMismatch"]
UpdateType = Literal["Differential", "Full"]
UploadLogStatusEnumType = Literal[
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
]
ValueFormat = Literal["Raw", "SignedData"]


class AuthorizationData(Payload, kw_only=True, frozen=True):
    id_tag: Str20
    id_tag_info: IdTagInfo | UnsetType = UNSET


class CertificateHashDataType(Payload, kw_only=True, frozen=True):
    hash_algorithm: HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40


class ChargingProfile(Payload, kw_only=True, frozen=True):
    charging_profile_id: int
    stack_level: int
    charging_profile_purpose: ChargingProfilePurposeType
    charging_profile_kind: ChargingProfileKindType
    charging_schedule: ChargingSchedule
    transaction_id: int | UnsetType = UNSET
    recurrency_kind: RecurrencyKindType | UnsetType = UNSET
    valid_from: Timestamp | UnsetType = UNSET
    valid_to: Timestamp | UnsetType = UNSET


class ChargingSchedule(Payload, kw_only=True, frozen=True):
    charging_rate_unit: ChargingRateUnitType
    charging_schedule_period: tuple[ChargingSchedulePeriod, ...]
    duration: int | UnsetType = UNSET
    start_schedule: Timestamp | UnsetType = UNSET
    min_charging_rate: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        refuse_hundredths(minChargingRate=self.min_charging_rate)


class ChargingSchedulePeriod(Payload, kw_only=True, frozen=True):
    start_period: int
    limit: float
    number_phases: int | UnsetType = UNSET

    def __post_init__(self) -> None:
        refuse_hundredths(limit=self.limit)


class FirmwareType(Payload, kw_only=True, frozen=True):
    location: Str512
    retrieve_date_time: Timestamp
    signing_certificate: Str5500
    signature: Str800
    install_date_time: Timestamp | UnsetType = UNSET


class IdTagInfo(Payload, kw_only=True, frozen=True):
    status: AuthorizationStatus
    expiry_date: Timestamp | UnsetType = UNSET
    parent_id_tag: Str20 | UnsetType = UNSET


class KeyValue(Payload, kw_only=True, frozen=True):
    key: Str50
    readonly: bool
    value: Str500 | UnsetType = UNSET


class LogParametersType(Payload, kw_only=True, frozen=True):
    remote_location: Str512
    oldest_timestamp: Timestamp | UnsetType = UNSET
    latest_timestamp: Timestamp | UnsetType = UNSET


class MeterValue(Payload, kw_only=True, frozen=True):
    timestamp: Timestamp
    sampled_value: tuple[SampledValue, ...]


class SampledValue(Payload, kw_only=True, frozen=True):
    value: str
    context: ReadingContext | UnsetType = UNSET
    format: ValueFormat | UnsetType = UNSET
    measurand: Measurand | UnsetType = UNSET
    phase: Phase | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    unit: UnitOfMeasure | UnsetType = UNSET


class AuthorizeResponse(Response, kw_only=True, frozen=True):
    id_tag_info: IdTagInfo


class AuthorizeRequest(Request[AuthorizeResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "Authorize"
    response: ClassVar[Type[AuthorizeResponse]] = AuthorizeResponse
    id_tag: Str20


class BootNotificationResponse(Response, kw_only=True, frozen=True):
    status: RegistrationStatus
    current_time: Timestamp
    interval: int


class BootNotificationRequest(Request[BootNotificationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "BootNotification"
    response: ClassVar[Type[BootNotificationResponse]] = BootNotificationResponse
    charge_point_vendor: Str20
    charge_point_model: Str20
    charge_point_serial_number: Str25 | UnsetType = UNSET
    charge_box_serial_number: Str25 | UnsetType = UNSET
    firmware_version: Str50 | UnsetType = UNSET
    iccid: Str20 | UnsetType = UNSET
    imsi: Str20 | UnsetType = UNSET
    meter_type: Str25 | UnsetType = UNSET
    meter_serial_number: Str25 | UnsetType = UNSET


class CancelReservationResponse(Response, kw_only=True, frozen=True):
    status: CancelReservationStatus


class CancelReservationRequest(Request[CancelReservationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "CancelReservation"
    response: ClassVar[Type[CancelReservationResponse]] = CancelReservationResponse
    reservation_id: int


class CertificateSignedResponse(Response, kw_only=True, frozen=True):
    status: CertificateSignedStatusEnumType


class CertificateSignedRequest(Request[CertificateSignedResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "CertificateSigned"
    response: ClassVar[Type[CertificateSignedResponse]] = CertificateSignedResponse
    certificate_chain: Str10000


class ChangeAvailabilityResponse(Response, kw_only=True, frozen=True):
    status: AvailabilityStatus


class ChangeAvailabilityRequest(Request[ChangeAvailabilityResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ChangeAvailability"
    response: ClassVar[Type[ChangeAvailabilityResponse]] = ChangeAvailabilityResponse
    connector_id: int
    type: AvailabilityType


class ChangeConfigurationResponse(Response, kw_only=True, frozen=True):
    status: ConfigurationStatus


class ChangeConfigurationRequest(Request[ChangeConfigurationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ChangeConfiguration"
    response: ClassVar[Type[ChangeConfigurationResponse]] = ChangeConfigurationResponse
    key: Str50
    value: Str500


class ClearCacheResponse(Response, kw_only=True, frozen=True):
    status: ClearCacheStatus


class ClearCacheRequest(Request[ClearCacheResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearCache"
    response: ClassVar[Type[ClearCacheResponse]] = ClearCacheResponse


class ClearChargingProfileResponse(Response, kw_only=True, frozen=True):
    status: ClearChargingProfileStatus


class ClearChargingProfileRequest(Request[ClearChargingProfileResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearChargingProfile"
    response: ClassVar[Type[ClearChargingProfileResponse]] = ClearChargingProfileResponse
    id: int | UnsetType = UNSET
    connector_id: int | UnsetType = UNSET
    charging_profile_purpose: ChargingProfilePurposeType | UnsetType = UNSET
    stack_level: int | UnsetType = UNSET


class DataTransferResponse(Response, kw_only=True, frozen=True):
    status: DataTransferStatus
    data: str | UnsetType = UNSET


class DataTransferRequest(Request[DataTransferResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "DataTransfer"
    response: ClassVar[Type[DataTransferResponse]] = DataTransferResponse
    vendor_id: Str255
    message_id: Str50 | UnsetType = UNSET
    data: str | UnsetType = UNSET


class DeleteCertificateResponse(Response, kw_only=True, frozen=True):
    status: DeleteCertificateStatusEnumType


class DeleteCertificateRequest(Request[DeleteCertificateResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "DeleteCertificate"
    response: ClassVar[Type[DeleteCertificateResponse]] = DeleteCertificateResponse
    certificate_hash_data: CertificateHashDataType


class DiagnosticsStatusNotificationResponse(Response, kw_only=True, frozen=True):
    pass


class DiagnosticsStatusNotificationRequest(
    Request[DiagnosticsStatusNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "DiagnosticsStatusNotification"
    response: ClassVar[Type[DiagnosticsStatusNotificationResponse]] = (
        DiagnosticsStatusNotificationResponse
    )
    status: DiagnosticsStatus


class ExtendedTriggerMessageResponse(Response, kw_only=True, frozen=True):
    status: TriggerMessageStatusEnumType


class ExtendedTriggerMessageRequest(
    Request[ExtendedTriggerMessageResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ExtendedTriggerMessage"
    response: ClassVar[Type[ExtendedTriggerMessageResponse]] = ExtendedTriggerMessageResponse
    requested_message: MessageTriggerEnumType
    connector_id: int | UnsetType = UNSET


class FirmwareStatusNotificationResponse(Response, kw_only=True, frozen=True):
    pass


class FirmwareStatusNotificationRequest(
    Request[FirmwareStatusNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "FirmwareStatusNotification"
    response: ClassVar[Type[FirmwareStatusNotificationResponse]] = (
        FirmwareStatusNotificationResponse
    )
    status: FirmwareStatus


class GetCompositeScheduleResponse(Response, kw_only=True, frozen=True):
    status: GetCompositeScheduleStatus
    connector_id: int | UnsetType = UNSET
    schedule_start: Timestamp | UnsetType = UNSET
    charging_schedule: ChargingSchedule | UnsetType = UNSET


class GetCompositeScheduleRequest(Request[GetCompositeScheduleResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetCompositeSchedule"
    response: ClassVar[Type[GetCompositeScheduleResponse]] = GetCompositeScheduleResponse
    connector_id: int
    duration: int
    charging_rate_unit: ChargingRateUnitType | UnsetType = UNSET


class GetConfigurationResponse(Response, kw_only=True, frozen=True):
    configuration_key: tuple[KeyValue, ...] | UnsetType = UNSET
    unknown_key: tuple[Str50, ...] | UnsetType = UNSET


class GetConfigurationRequest(Request[GetConfigurationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetConfiguration"
    response: ClassVar[Type[GetConfigurationResponse]] = GetConfigurationResponse
    key: tuple[Str50, ...] | UnsetType = UNSET


class GetDiagnosticsResponse(Response, kw_only=True, frozen=True):
    file_name: Str255 | UnsetType = UNSET


class GetDiagnosticsRequest(Request[GetDiagnosticsResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetDiagnostics"
    response: ClassVar[Type[GetDiagnosticsResponse]] = GetDiagnosticsResponse
    location: str
    retries: int | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET
    start_time: Timestamp | UnsetType = UNSET
    stop_time: Timestamp | UnsetType = UNSET


class GetInstalledCertificateIdsResponse(Response, kw_only=True, frozen=True):
    status: GetInstalledCertificateStatusEnumType
    certificate_hash_data: NonEmpty[CertificateHashDataType] | UnsetType = UNSET


class GetInstalledCertificateIdsRequest(
    Request[GetInstalledCertificateIdsResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "GetInstalledCertificateIds"
    response: ClassVar[Type[GetInstalledCertificateIdsResponse]] = (
        GetInstalledCertificateIdsResponse
    )
    certificate_type: CertificateUseEnumType


class GetLocalListVersionResponse(Response, kw_only=True, frozen=True):
    list_version: int


class GetLocalListVersionRequest(Request[GetLocalListVersionResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetLocalListVersion"
    response: ClassVar[Type[GetLocalListVersionResponse]] = GetLocalListVersionResponse


class GetLogResponse(Response, kw_only=True, frozen=True):
    status: LogStatusEnumType
    filename: Str255 | UnsetType = UNSET


class GetLogRequest(Request[GetLogResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetLog"
    response: ClassVar[Type[GetLogResponse]] = GetLogResponse
    log: LogParametersType
    log_type: LogEnumType
    request_id: int
    retries: int | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET


class HeartbeatResponse(Response, kw_only=True, frozen=True):
    current_time: Timestamp


class HeartbeatRequest(Request[HeartbeatResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "Heartbeat"
    response: ClassVar[Type[HeartbeatResponse]] = HeartbeatResponse


class InstallCertificateResponse(Response, kw_only=True, frozen=True):
    status: InstallCertificateStatusEnumType


class InstallCertificateRequest(Request[InstallCertificateResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "InstallCertificate"
    response: ClassVar[Type[InstallCertificateResponse]] = InstallCertificateResponse
    certificate_type: CertificateUseEnumType
    certificate: Str5500


class LogStatusNotificationResponse(Response, kw_only=True, frozen=True):
    pass


class LogStatusNotificationRequest(
    Request[LogStatusNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "LogStatusNotification"
    response: ClassVar[Type[LogStatusNotificationResponse]] = LogStatusNotificationResponse
    status: UploadLogStatusEnumType
    request_id: int | UnsetType = UNSET


class MeterValuesResponse(Response, kw_only=True, frozen=True):
    pass


class MeterValuesRequest(Request[MeterValuesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "MeterValues"
    response: ClassVar[Type[MeterValuesResponse]] = MeterValuesResponse
    connector_id: int
    meter_value: NonEmpty[MeterValue]
    transaction_id: int | UnsetType = UNSET


class RemoteStartTransactionResponse(Response, kw_only=True, frozen=True):
    status: RemoteStartStopStatus


class RemoteStartTransactionRequest(
    Request[RemoteStartTransactionResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "RemoteStartTransaction"
    response: ClassVar[Type[RemoteStartTransactionResponse]] = RemoteStartTransactionResponse
    id_tag: Str20
    connector_id: int | UnsetType = UNSET
    charging_profile: ChargingProfile | UnsetType = UNSET


class RemoteStopTransactionResponse(Response, kw_only=True, frozen=True):
    status: RemoteStartStopStatus


class RemoteStopTransactionRequest(
    Request[RemoteStopTransactionResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "RemoteStopTransaction"
    response: ClassVar[Type[RemoteStopTransactionResponse]] = RemoteStopTransactionResponse
    transaction_id: int


class ReserveNowResponse(Response, kw_only=True, frozen=True):
    status: ReservationStatus


class ReserveNowRequest(Request[ReserveNowResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ReserveNow"
    response: ClassVar[Type[ReserveNowResponse]] = ReserveNowResponse
    connector_id: int
    expiry_date: Timestamp
    id_tag: Str20
    reservation_id: int
    parent_id_tag: Str20 | UnsetType = UNSET


class ResetResponse(Response, kw_only=True, frozen=True):
    status: ResetStatus


class ResetRequest(Request[ResetResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "Reset"
    response: ClassVar[Type[ResetResponse]] = ResetResponse
    type: ResetType


class SecurityEventNotificationResponse(Response, kw_only=True, frozen=True):
    pass


class SecurityEventNotificationRequest(
    Request[SecurityEventNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "SecurityEventNotification"
    response: ClassVar[Type[SecurityEventNotificationResponse]] = SecurityEventNotificationResponse
    type: Str50
    timestamp: Timestamp
    tech_info: Str255 | UnsetType = UNSET


class SendLocalListResponse(Response, kw_only=True, frozen=True):
    status: UpdateStatus


class SendLocalListRequest(Request[SendLocalListResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SendLocalList"
    response: ClassVar[Type[SendLocalListResponse]] = SendLocalListResponse
    list_version: int
    update_type: UpdateType
    local_authorization_list: tuple[AuthorizationData, ...] | UnsetType = UNSET


class SetChargingProfileResponse(Response, kw_only=True, frozen=True):
    status: ChargingProfileStatus


class SetChargingProfileRequest(Request[SetChargingProfileResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetChargingProfile"
    response: ClassVar[Type[SetChargingProfileResponse]] = SetChargingProfileResponse
    connector_id: int
    cs_charging_profiles: ChargingProfile


class SignCertificateResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType


class SignCertificateRequest(Request[SignCertificateResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SignCertificate"
    response: ClassVar[Type[SignCertificateResponse]] = SignCertificateResponse
    csr: Str5500


class SignedFirmwareStatusNotificationResponse(Response, kw_only=True, frozen=True):
    pass


class SignedFirmwareStatusNotificationRequest(
    Request[SignedFirmwareStatusNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "SignedFirmwareStatusNotification"
    response: ClassVar[Type[SignedFirmwareStatusNotificationResponse]] = (
        SignedFirmwareStatusNotificationResponse
    )
    status: FirmwareStatusEnumType
    request_id: int | UnsetType = UNSET


class SignedUpdateFirmwareResponse(Response, kw_only=True, frozen=True):
    status: UpdateFirmwareStatusEnumType


class SignedUpdateFirmwareRequest(Request[SignedUpdateFirmwareResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SignedUpdateFirmware"
    response: ClassVar[Type[SignedUpdateFirmwareResponse]] = SignedUpdateFirmwareResponse
    request_id: int
    firmware: FirmwareType
    retries: int | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET


class StartTransactionResponse(Response, kw_only=True, frozen=True):
    id_tag_info: IdTagInfo
    transaction_id: int


class StartTransactionRequest(Request[StartTransactionResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "StartTransaction"
    response: ClassVar[Type[StartTransactionResponse]] = StartTransactionResponse
    connector_id: int
    id_tag: Str20
    meter_start: int
    timestamp: Timestamp
    reservation_id: int | UnsetType = UNSET


class StatusNotificationResponse(Response, kw_only=True, frozen=True):
    pass


class StatusNotificationRequest(Request[StatusNotificationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "StatusNotification"
    response: ClassVar[Type[StatusNotificationResponse]] = StatusNotificationResponse
    connector_id: int
    error_code: ChargePointErrorCode
    status: ChargePointStatus
    info: Str50 | UnsetType = UNSET
    timestamp: Timestamp | UnsetType = UNSET
    vendor_id: Str255 | UnsetType = UNSET
    vendor_error_code: Str50 | UnsetType = UNSET


class StopTransactionResponse(Response, kw_only=True, frozen=True):
    id_tag_info: IdTagInfo | UnsetType = UNSET


class StopTransactionRequest(Request[StopTransactionResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "StopTransaction"
    response: ClassVar[Type[StopTransactionResponse]] = StopTransactionResponse
    meter_stop: int
    timestamp: Timestamp
    transaction_id: int
    id_tag: Str20 | UnsetType = UNSET
    reason: Reason | UnsetType = UNSET
    transaction_data: tuple[MeterValue, ...] | UnsetType = UNSET


class TriggerMessageResponse(Response, kw_only=True, frozen=True):
    status: TriggerMessageStatus


class TriggerMessageRequest(Request[TriggerMessageResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "TriggerMessage"
    response: ClassVar[Type[TriggerMessageResponse]] = TriggerMessageResponse
    requested_message: MessageTrigger
    connector_id: int | UnsetType = UNSET


class UnlockConnectorResponse(Response, kw_only=True, frozen=True):
    status: UnlockStatus


class UnlockConnectorRequest(Request[UnlockConnectorResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UnlockConnector"
    response: ClassVar[Type[UnlockConnectorResponse]] = UnlockConnectorResponse
    connector_id: int


class UpdateFirmwareResponse(Response, kw_only=True, frozen=True):
    pass


class UpdateFirmwareRequest(Request[UpdateFirmwareResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UpdateFirmware"
    response: ClassVar[Type[UpdateFirmwareResponse]] = UpdateFirmwareResponse
    location: str
    retrieve_date: Timestamp
    retries: int | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET


ACTIONS: Final[Mapping[str, type[Request[Any]]]] = {
    "Authorize": AuthorizeRequest,
    "BootNotification": BootNotificationRequest,
    "CancelReservation": CancelReservationRequest,
    "CertificateSigned": CertificateSignedRequest,
    "ChangeAvailability": ChangeAvailabilityRequest,
    "ChangeConfiguration": ChangeConfigurationRequest,
    "ClearCache": ClearCacheRequest,
    "ClearChargingProfile": ClearChargingProfileRequest,
    "DataTransfer": DataTransferRequest,
    "DeleteCertificate": DeleteCertificateRequest,
    "DiagnosticsStatusNotification": DiagnosticsStatusNotificationRequest,
    "ExtendedTriggerMessage": ExtendedTriggerMessageRequest,
    "FirmwareStatusNotification": FirmwareStatusNotificationRequest,
    "GetCompositeSchedule": GetCompositeScheduleRequest,
    "GetConfiguration": GetConfigurationRequest,
    "GetDiagnostics": GetDiagnosticsRequest,
    "GetInstalledCertificateIds": GetInstalledCertificateIdsRequest,
    "GetLocalListVersion": GetLocalListVersionRequest,
    "GetLog": GetLogRequest,
    "Heartbeat": HeartbeatRequest,
    "InstallCertificate": InstallCertificateRequest,
    "LogStatusNotification": LogStatusNotificationRequest,
    "MeterValues": MeterValuesRequest,
    "RemoteStartTransaction": RemoteStartTransactionRequest,
    "RemoteStopTransaction": RemoteStopTransactionRequest,
    "ReserveNow": ReserveNowRequest,
    "Reset": ResetRequest,
    "SecurityEventNotification": SecurityEventNotificationRequest,
    "SendLocalList": SendLocalListRequest,
    "SetChargingProfile": SetChargingProfileRequest,
    "SignCertificate": SignCertificateRequest,
    "SignedFirmwareStatusNotification": SignedFirmwareStatusNotificationRequest,
    "SignedUpdateFirmware": SignedUpdateFirmwareRequest,
    "StartTransaction": StartTransactionRequest,
    "StatusNotification": StatusNotificationRequest,
    "StopTransaction": StopTransactionRequest,
    "TriggerMessage": TriggerMessageRequest,
    "UnlockConnector": UnlockConnectorRequest,
    "UpdateFirmware": UpdateFirmwareRequest,
}
