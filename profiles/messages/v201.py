"""The 64 messages of OCPP 2.0.1.

Generated from the official schemas by `python -m pilotwire.profiles.messages.generate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Type, TypeVar

from msgspec import UNSET, Meta, UnsetType, field

from .base import CustomData, Payload, Request, Response, Timestamp

T = TypeVar("T")

IntFrom0 = Annotated[int, Meta(ge=0)]
IntFrom0To100 = Annotated[int, Meta(ge=0, le=100)]
NonEmpty = Annotated[tuple[T, ...], Meta(min_length=1)]
OneTo3 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=3)]
OneTo4 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=4)]
OneTo1024 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=1024)]
Str6 = Annotated[str, Meta(max_length=6)]
Str8 = Annotated[str, Meta(max_length=8)]
Str16 = Annotated[str, Meta(max_length=16)]
Str20 = Annotated[str, Meta(max_length=20)]
Str25 = Annotated[str, Meta(max_length=25)]
Str32 = Annotated[str, Meta(max_length=32)]
Str36 = Annotated[str, Meta(max_length=36)]
Str40 = Annotated[str, Meta(max_length=40)]
Str50 = Annotated[str, Meta(max_length=50)]
Str64 = Annotated[str, Meta(max_length=64)]
Str128 = Annotated[str, Meta(max_length=128)]
Str255 = Annotated[str, Meta(max_length=255)]
Str500 = Annotated[str, Meta(max_length=500)]
Str512 = Annotated[str, Meta(max_length=512)]
Str800 = Annotated[str, Meta(max_length=800)]
Str1000 = Annotated[str, Meta(max_length=1000)]
Str2500 = Annotated[str, Meta(max_length=2500)]
Str5500 = Annotated[str, Meta(max_length=5500)]
Str5600 = Annotated[str, Meta(max_length=5600)]
Str7500 = Annotated[str, Meta(max_length=7500)]
Str10000 = Annotated[str, Meta(max_length=10000)]

APNAuthenticationEnumType = Literal["CHAP", "NONE", "PAP", "AUTO"]
AttributeEnumType = Literal["Actual", "Target", "MinSet", "MaxSet"]
AuthorizationStatusEnumType = Literal[
    "Accepted",
    "Blocked",
    "ConcurrentTx",
    "Expired",
    "Invalid",
    "NoCredit",
    "NotAllowedTypeEVSE",
    "NotAtThisLocation",
    "NotAtThisTime",
    "Unknown",
]
AuthorizeCertificateStatusEnumType = Literal[
    "Accepted",
    "SignatureError",
    "CertificateExpired",
    "CertificateRevoked",
    "NoCertificateAvailable",
    "CertChainError",
    "ContractCancelled",
]
BootReasonEnumType = Literal[
    "ApplicationReset",
    "FirmwareUpdate",
    "LocalReset",
    "PowerUp",
    "RemoteReset",
    "ScheduledReset",
    "Triggered",
    "Unknown",
    "Watchdog",
]
CancelReservationStatusEnumType = Literal["Accepted", "Rejected"]
CertificateActionEnumType = Literal["Install", "Update"]
CertificateSignedStatusEnumType = Literal["Accepted", "Rejected"]
CertificateSigningUseEnumType = Literal["ChargingStationCertificate", "V2GCertificate"]
ChangeAvailabilityStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
ChargingLimitSourceEnumType = Literal["EMS", "Other", "SO", "CSO"]
ChargingProfileKindEnumType = Literal["Absolute", "Recurring", "Relative"]
ChargingProfilePurposeEnumType = Literal[
    "ChargingStationExternalConstraints",
    "ChargingStationMaxProfile",
    "TxDefaultProfile",
    "TxProfile",
]
ChargingProfileStatusEnumType = Literal["Accepted", "Rejected"]
ChargingRateUnitEnumType = Literal["W", "A"]
ChargingStateEnumType = Literal["Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE", "Idle"]
ClearCacheStatusEnumType = Literal["Accepted", "Rejected"]
ClearChargingProfileStatusEnumType = Literal["Accepted", "Unknown"]
ClearMessageStatusEnumType = Literal["Accepted", "Unknown"]
ClearMonitoringStatusEnumType = Literal["Accepted", "Rejected", "NotFound"]
ComponentCriterionEnumType = Literal["Active", "Available", "Enabled", "Problem"]
ConnectorEnumType = Literal[
    "cCCS1",
    "cCCS2",
    "cG105",
    "cTesla",
    "cType1",
    "cType2",
    "s309-1P-16A",
    "s309-1P-32A",
    "s309-3P-16A",
    "s309-3P-32A",
    "sBS1361",
    "sCEE-7-7",
    "sType2",
    "sType3",
    "Other1PhMax16A",
    "Other1PhOver16A",
    "Other3Ph",
    "Pan",
    "wInductive",
    "wResonant",
    "Undetermined",
    "Unknown",
]
ConnectorStatusEnumType = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]
CostKindEnumType = Literal[
    "CarbonDioxideEmission", "RelativePricePercentage", "RenewableGenerationPercentage"
]
CustomerInformationStatusEnumType = Literal["Accepted", "Rejected", "Invalid"]
DataEnumType = Literal[
    "string",
    "decimal",
    "integer",
    "dateTime",
    "boolean",
    "OptionList",
    "SequenceList",
    "MemberList",
]
DataTransferStatusEnumType = Literal["Accepted", "Rejected", "UnknownMessageId", "UnknownVendorId"]
DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]
DisplayMessageStatusEnumType = Literal[
    "Accepted",
    "NotSupportedMessageFormat",
    "Rejected",
    "NotSupportedPriority",
    "NotSupportedState",
    "UnknownTransaction",
]
EnergyTransferModeEnumType = Literal["DC", "AC_single_phase", "AC_two_phase", "AC_three_phase"]
EventNotificationEnumType = Literal[
    "HardWiredNotification", "HardWiredMonitor", "PreconfiguredMonitor", "CustomMonitor"
]
EventTriggerEnumType = Literal["Alerting", "Delta", "Periodic"]
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
GenericDeviceModelStatusEnumType = Literal["Accepted", "Rejected", "NotSupported", "EmptyResultSet"]
GenericStatusEnumType = Literal["Accepted", "Rejected"]
GetCertificateIdUseEnumType = Literal[
    "V2GRootCertificate",
    "MORootCertificate",
    "CSMSRootCertificate",
    "V2GCertificateChain",
    "ManufacturerRootCertificate",
]
GetCertificateStatusEnumType = Literal["Accepted", "Failed"]
GetChargingProfileStatusEnumType = Literal["Accepted", "NoProfiles"]
GetDisplayMessagesStatusEnumType = Literal["Accepted", "Unknown"]
GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]
GetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType"
]
HashAlgorithmEnumType = Literal["SHA256", "SHA384", "SHA512"]
IdTokenEnumType = Literal[
    "Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress", "NoAuthorization"
]
InstallCertificateStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
InstallCertificateUseEnumType = Literal[
    "V2GRootCertificate", "MORootCertificate", "CSMSRootCertificate", "ManufacturerRootCertificate"
]
Iso15118EVCertificateStatusEnumType = Literal["Accepted", "Failed"]
LocationEnumType = Literal["Body", "Cable", "EV", "Inlet", "Outlet"]
LogEnumType = Literal["DiagnosticsLog", "SecurityLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]
MeasurandEnumType = Literal[
    "Current.Export",
    "Current.Import",
    "Current.Offered",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Register",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Register",
    "Energy.Active.Export.Interval",
    "Energy.Active.Import.Interval",
    "Energy.Active.Net",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Import.Interval",
    "Energy.Reactive.Net",
    "Energy.Apparent.Net",
    "Energy.Apparent.Import",
    "Energy.Apparent.Export",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Factor",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
]
MessageFormatEnumType = Literal["ASCII", "HTML", "URI", "UTF8"]
MessagePriorityEnumType = Literal["AlwaysFront", "InFront", "NormalCycle"]
MessageStateEnumType = Literal["Charging", "Faulted", "Idle", "Unavailable"]
MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargingStationCertificate",
    "SignV2GCertificate",
    "StatusNotification",
    "TransactionEvent",
    "SignCombinedCertificate",
    "PublishFirmwareStatusNotification",
]
MonitorEnumType = Literal[
    "UpperThreshold", "LowerThreshold", "Delta", "Periodic", "PeriodicClockAligned"
]
MonitoringBaseEnumType = Literal["All", "FactoryDefault", "HardWiredOnly"]
MonitoringCriterionEnumType = Literal[
    "ThresholdMonitoring", "DeltaMonitoring", "PeriodicMonitoring"
]
MutabilityEnumType = Literal["ReadOnly", "WriteOnly", "ReadWrite"]
NotifyEVChargingNeedsStatusEnumType = Literal["Accepted", "Rejected", "Processing"]
OCPPInterfaceEnumType = Literal[
    "Wired0", "Wired1", "Wired2", "Wired3", "Wireless0", "Wireless1", "Wireless2", "Wireless3"
]
OCPPTransportEnumType = Literal["JSON", "SOAP"]
OCPPVersionEnumType = Literal["OCPP12", "OCPP15", "OCPP16", "OCPP20"]
OperationalStatusEnumType = Literal["Inoperative", "Operative"]
PhaseEnumType = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
PublishFirmwareStatusEnumType = Literal[
    "Idle",
    "DownloadScheduled",
    "Downloading",
    "Downloaded",
    "Published",
    "DownloadFailed",
    "DownloadPaused",
    "InvalidChecksum",
    "ChecksumVerified",
    "PublishFailed",
]
ReadingContextEnumType = Literal[
    "Interruption.Begin",
    "Interruption.End",
    "Other",
    "Sample.Clock",
    "Sample.Periodic",
    "Transaction.Begin",
    "Transaction.End",
    "Trigger",
]
ReasonEnumType = Literal[
    "DeAuthorized",
    "EmergencyStop",
    "EnergyLimitReached",
    "EVDisconnected",
    "GroundFault",
    "ImmediateReset",
    "Local",
    "LocalOutOfCredit",
    "MasterPass",
    "Other",
    "OvercurrentFault",
    "PowerLoss",
    "PowerQuality",
    "Reboot",
    "Remote",
    "SOCLimitReached",
    "StoppedByEV",
    "TimeLimitReached",
    "Timeout",
]
RecurrencyKindEnumType = Literal["Daily", "Weekly"]
RegistrationStatusEnumType = Literal["Accepted", "Pending", "Rejected"]
ReportBaseEnumType = Literal["ConfigurationInventory", "FullInventory", "SummaryInventory"]
RequestStartStopStatusEnumType = Literal["Accepted", "Rejected"]
ReservationUpdateStatusEnumType = Literal["Expired", "Removed"]
ReserveNowStatusEnumType = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]
ResetEnumType = Literal["Immediate", "OnIdle"]
ResetStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
SendLocalListStatusEnumType = Literal["Accepted", "Failed", "VersionMismatch"]
SetMonitoringStatusEnumType = Literal[
    "Accepted",
    "UnknownComponent",
    "UnknownVariable",
    "UnsupportedMonitorType",
    "Rejected",
    "Duplicate",
]
SetNetworkProfileStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
SetVariableStatusEnumType = Literal[
    "Accepted",
    "Rejected",
    "UnknownComponent",
    "UnknownVariable",
    "NotSupportedAttributeType",
    "RebootRequired",
]
TransactionEventEnumType = Literal["Ended", "Started", "Updated"]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]
TriggerReasonEnumType = Literal[
    "Authorized",
    "CablePluggedIn",
    "ChargingRateChanged",
    "ChargingStateChanged",
    "Deauthorized",
    "EnergyLimitReached",
    "EVCommunicationLost",
    "EVConnectTimeout",
    "MeterValueClock",
    "MeterValuePeriodic",
    "TimeLimitReached",
    "Trigger",
    "UnlockCommand",
    "StopAuthorized",
    "EVDeparted",
    "EVDetected",
    "RemoteStop",
    "RemoteStart",
    "AbnormalCondition",
    "SignedDataReceived",
    "ResetCommand",
]
UnlockStatusEnumType = Literal[
    "Unlocked", "UnlockFailed", "OngoingAuthorizedTransaction", "UnknownConnector"
]
UnpublishFirmwareStatusEnumType = Literal["DownloadOngoing", "NoFirmware", "Unpublished"]
UpdateEnumType = Literal["Differential", "Full"]
UpdateFirmwareStatusEnumType = Literal[
    "Accepted", "Rejected", "AcceptedCanceled", "InvalidCertificate", "RevokedCertificate"
]
UploadLogStatusEnumType = Literal[
    "BadMessage",
    "Idle",
    "NotSupportedOperation",
    "PermissionDenied",
    "Uploaded",
    "UploadFailure",
    "Uploading",
    "AcceptedCanceled",
]
VPNEnumType = Literal["IKEv2", "IPSec", "L2TP", "PPTP"]


class ACChargingParametersType(Payload, kw_only=True, frozen=True):
    energy_amount: int
    ev_min_current: int
    ev_max_current: int
    ev_max_voltage: int
    custom_data: CustomData | UnsetType = UNSET


class APNType(Payload, kw_only=True, frozen=True):
    apn: Str512
    apn_authentication: APNAuthenticationEnumType
    apn_user_name: Str20 | UnsetType = UNSET
    apn_password: Str20 | UnsetType = UNSET
    sim_pin: int | UnsetType = UNSET
    preferred_network: Str6 | UnsetType = UNSET
    use_only_preferred_network: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AdditionalInfoType(Payload, kw_only=True, frozen=True):
    additional_id_token: Str36
    type: Str50
    custom_data: CustomData | UnsetType = UNSET


class AuthorizationData(Payload, kw_only=True, frozen=True):
    id_token: IdTokenType
    id_token_info: IdTokenInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CertificateHashDataChainType(Payload, kw_only=True, frozen=True):
    certificate_hash_data: CertificateHashDataType
    certificate_type: GetCertificateIdUseEnumType
    child_certificate_hash_data: OneTo4[CertificateHashDataType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CertificateHashDataType(Payload, kw_only=True, frozen=True):
    hash_algorithm: HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40
    custom_data: CustomData | UnsetType = UNSET


class ChargingLimitType(Payload, kw_only=True, frozen=True):
    charging_limit_source: ChargingLimitSourceEnumType
    is_grid_critical: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    is_local_generation: ClassVar[UnsetType] = UNSET


class ChargingNeedsType(Payload, kw_only=True, frozen=True):
    requested_energy_transfer: EnergyTransferModeEnumType
    ac_charging_parameters: ACChargingParametersType | UnsetType = UNSET
    dc_charging_parameters: DCChargingParametersType | UnsetType = UNSET
    departure_time: Timestamp | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    der_charging_parameters: ClassVar[UnsetType] = UNSET
    ev_energy_offer: ClassVar[UnsetType] = UNSET
    v2x_charging_parameters: ClassVar[UnsetType] = UNSET
    available_energy_transfer: ClassVar[UnsetType] = UNSET
    control_mode: ClassVar[UnsetType] = UNSET
    mobility_needs_mode: ClassVar[UnsetType] = UNSET


class ChargingProfileCriterionType(Payload, kw_only=True, frozen=True):
    charging_profile_purpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stack_level: int | UnsetType = UNSET
    charging_profile_id: NonEmpty[int] | UnsetType = UNSET
    charging_limit_source: OneTo4[ChargingLimitSourceEnumType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingProfileType(Payload, kw_only=True, frozen=True):
    id: int
    stack_level: int
    charging_profile_purpose: ChargingProfilePurposeEnumType
    charging_profile_kind: ChargingProfileKindEnumType
    charging_schedule: OneTo3[ChargingScheduleType]
    recurrency_kind: RecurrencyKindEnumType | UnsetType = UNSET
    valid_from: Timestamp | UnsetType = UNSET
    valid_to: Timestamp | UnsetType = UNSET
    transaction_id: Str36 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    max_offline_duration: ClassVar[UnsetType] = UNSET
    invalid_after_offline_duration: ClassVar[UnsetType] = UNSET
    dyn_update_interval: ClassVar[UnsetType] = UNSET
    dyn_update_time: ClassVar[UnsetType] = UNSET
    price_schedule_signature: ClassVar[UnsetType] = UNSET


class ChargingSchedulePeriodType(Payload, kw_only=True, frozen=True):
    start_period: int
    limit: float
    number_phases: int | UnsetType = UNSET
    phase_to_use: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    limit_l2: ClassVar[UnsetType] = UNSET
    limit_l3: ClassVar[UnsetType] = UNSET
    discharge_limit: ClassVar[UnsetType] = UNSET
    discharge_limit_l2: ClassVar[UnsetType] = UNSET
    discharge_limit_l3: ClassVar[UnsetType] = UNSET
    setpoint: ClassVar[UnsetType] = UNSET
    setpoint_l2: ClassVar[UnsetType] = UNSET
    setpoint_l3: ClassVar[UnsetType] = UNSET
    setpoint_reactive: ClassVar[UnsetType] = UNSET
    setpoint_reactive_l2: ClassVar[UnsetType] = UNSET
    setpoint_reactive_l3: ClassVar[UnsetType] = UNSET
    preconditioning_request: ClassVar[UnsetType] = UNSET
    evse_sleep: ClassVar[UnsetType] = UNSET
    v2x_baseline: ClassVar[UnsetType] = UNSET
    operation_mode: ClassVar[UnsetType] = UNSET
    v2x_freq_watt_curve: ClassVar[UnsetType] = UNSET
    v2x_signal_watt_curve: ClassVar[UnsetType] = UNSET


class ChargingScheduleType(Payload, kw_only=True, frozen=True):
    id: int
    charging_rate_unit: ChargingRateUnitEnumType
    charging_schedule_period: OneTo1024[ChargingSchedulePeriodType]
    start_schedule: Timestamp | UnsetType = UNSET
    duration: int | UnsetType = UNSET
    min_charging_rate: float | UnsetType = UNSET
    sales_tariff: SalesTariffType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    limit_at_so_c: ClassVar[UnsetType] = UNSET
    power_tolerance: ClassVar[UnsetType] = UNSET
    signature_id: ClassVar[UnsetType] = UNSET
    digest_value: ClassVar[UnsetType] = UNSET
    use_local_time: ClassVar[UnsetType] = UNSET
    randomized_delay: ClassVar[UnsetType] = UNSET
    absolute_price_schedule: ClassVar[UnsetType] = UNSET
    price_level_schedule: ClassVar[UnsetType] = UNSET


class ChargingStationType(Payload, kw_only=True, frozen=True):
    model: Str20
    vendor_name: Str50
    serial_number: Str25 | UnsetType = UNSET
    modem: ModemType | UnsetType = UNSET
    firmware_version: Str50 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearChargingProfileType(Payload, kw_only=True, frozen=True):
    evse_id: int | UnsetType = UNSET
    charging_profile_purpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stack_level: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearMonitoringResultType(Payload, kw_only=True, frozen=True):
    status: ClearMonitoringStatusEnumType
    id: int
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ComponentType(Payload, kw_only=True, frozen=True):
    name: Str50
    evse: EVSEType | UnsetType = UNSET
    instance: Str50 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ComponentVariableType(Payload, kw_only=True, frozen=True):
    component: ComponentType
    variable: VariableType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CompositeScheduleType(Payload, kw_only=True, frozen=True):
    charging_schedule_period: NonEmpty[ChargingSchedulePeriodType]
    evse_id: int
    duration: int
    schedule_start: Timestamp
    charging_rate_unit: ChargingRateUnitEnumType
    custom_data: CustomData | UnsetType = UNSET


class ConsumptionCostType(Payload, kw_only=True, frozen=True):
    start_value: float
    cost: OneTo3[CostType]
    custom_data: CustomData | UnsetType = UNSET


class CostType(Payload, kw_only=True, frozen=True):
    cost_kind: CostKindEnumType
    amount: int
    amount_multiplier: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DCChargingParametersType(Payload, kw_only=True, frozen=True):
    ev_max_current: int
    ev_max_voltage: int
    energy_amount: int | UnsetType = UNSET
    ev_max_power: int | UnsetType = UNSET
    state_of_charge: IntFrom0To100 | UnsetType = UNSET
    ev_energy_capacity: int | UnsetType = UNSET
    full_so_c: IntFrom0To100 | UnsetType = UNSET
    bulk_so_c: IntFrom0To100 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class EVSEType(Payload, kw_only=True, frozen=True):
    id: int
    connector_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class EventDataType(Payload, kw_only=True, frozen=True):
    event_id: int
    timestamp: Timestamp
    trigger: EventTriggerEnumType
    actual_value: Str2500
    component: ComponentType
    event_notification_type: EventNotificationEnumType
    variable: VariableType
    cause: int | UnsetType = UNSET
    tech_code: Str50 | UnsetType = UNSET
    tech_info: Str500 | UnsetType = UNSET
    cleared: bool | UnsetType = UNSET
    transaction_id: Str36 | UnsetType = UNSET
    variable_monitoring_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    severity: ClassVar[UnsetType] = UNSET


class FirmwareType(Payload, kw_only=True, frozen=True):
    location: Str512
    retrieve_date_time: Timestamp
    install_date_time: Timestamp | UnsetType = UNSET
    signing_certificate: Str5500 | UnsetType = UNSET
    signature: Str800 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetVariableDataType(Payload, kw_only=True, frozen=True):
    component: ComponentType
    variable: VariableType
    attribute_type: AttributeEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetVariableResultType(Payload, kw_only=True, frozen=True):
    attribute_status: GetVariableStatusEnumType
    component: ComponentType
    variable: VariableType
    attribute_status_info: StatusInfoType | UnsetType = UNSET
    attribute_type: AttributeEnumType | UnsetType = UNSET
    attribute_value: Str2500 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class IdTokenInfoType(Payload, kw_only=True, frozen=True):
    status: AuthorizationStatusEnumType
    cache_expiry_date_time: Timestamp | UnsetType = UNSET
    charging_priority: int | UnsetType = UNSET
    language1: Str8 | UnsetType = UNSET
    evse_id: NonEmpty[int] | UnsetType = UNSET
    group_id_token: IdTokenType | UnsetType = UNSET
    language2: Str8 | UnsetType = UNSET
    personal_message: MessageContentType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class IdTokenType(Payload, kw_only=True, frozen=True):
    id_token: Str36
    type: IdTokenEnumType
    additional_info: NonEmpty[AdditionalInfoType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class LogParametersType(Payload, kw_only=True, frozen=True):
    remote_location: Str512
    oldest_timestamp: Timestamp | UnsetType = UNSET
    latest_timestamp: Timestamp | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class MessageContentType(Payload, kw_only=True, frozen=True):
    format: MessageFormatEnumType
    content: Str512
    language: Str8 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class MessageInfoType(Payload, kw_only=True, frozen=True):
    id: int
    priority: MessagePriorityEnumType
    message: MessageContentType
    display: ComponentType | UnsetType = UNSET
    state: MessageStateEnumType | UnsetType = UNSET
    start_date_time: Timestamp | UnsetType = UNSET
    end_date_time: Timestamp | UnsetType = UNSET
    transaction_id: Str36 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    message_extra: ClassVar[UnsetType] = UNSET


class MeterValueType(Payload, kw_only=True, frozen=True):
    sampled_value: NonEmpty[SampledValueType]
    timestamp: Timestamp
    custom_data: CustomData | UnsetType = UNSET


class ModemType(Payload, kw_only=True, frozen=True):
    iccid: Str20 | UnsetType = UNSET
    imsi: Str20 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class MonitoringDataType(Payload, kw_only=True, frozen=True):
    component: ComponentType
    variable: VariableType
    variable_monitoring: NonEmpty[VariableMonitoringType]
    custom_data: CustomData | UnsetType = UNSET


class NetworkConnectionProfileType(Payload, kw_only=True, frozen=True):
    ocpp_version: OCPPVersionEnumType
    ocpp_transport: OCPPTransportEnumType
    ocpp_csms_url: Str512
    message_timeout: int
    security_profile: int
    ocpp_interface: OCPPInterfaceEnumType
    apn: APNType | UnsetType = UNSET
    vpn: VPNType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    identity: ClassVar[UnsetType] = UNSET
    basic_auth_password: ClassVar[UnsetType] = UNSET


class OCSPRequestDataType(Payload, kw_only=True, frozen=True):
    hash_algorithm: HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40
    responder_url: Str512 = field(name="responderURL")
    custom_data: CustomData | UnsetType = UNSET


class RelativeTimeIntervalType(Payload, kw_only=True, frozen=True):
    start: int
    duration: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ReportDataType(Payload, kw_only=True, frozen=True):
    component: ComponentType
    variable: VariableType
    variable_attribute: OneTo4[VariableAttributeType]
    variable_characteristics: VariableCharacteristicsType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SalesTariffEntryType(Payload, kw_only=True, frozen=True):
    relative_time_interval: RelativeTimeIntervalType
    e_price_level: IntFrom0 | UnsetType = UNSET
    consumption_cost: OneTo3[ConsumptionCostType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SalesTariffType(Payload, kw_only=True, frozen=True):
    id: int
    sales_tariff_entry: OneTo1024[SalesTariffEntryType]
    sales_tariff_description: Str32 | UnsetType = UNSET
    num_e_price_levels: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SampledValueType(Payload, kw_only=True, frozen=True):
    value: float
    context: ReadingContextEnumType | UnsetType = UNSET
    measurand: MeasurandEnumType | UnsetType = UNSET
    phase: PhaseEnumType | UnsetType = UNSET
    location: LocationEnumType | UnsetType = UNSET
    signed_meter_value: SignedMeterValueType | UnsetType = UNSET
    unit_of_measure: UnitOfMeasureType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetMonitoringDataType(Payload, kw_only=True, frozen=True):
    value: float
    type: MonitorEnumType
    severity: int
    component: ComponentType
    variable: VariableType
    id: int | UnsetType = UNSET
    transaction: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    periodic_event_stream: ClassVar[UnsetType] = UNSET


class SetMonitoringResultType(Payload, kw_only=True, frozen=True):
    status: SetMonitoringStatusEnumType
    type: MonitorEnumType
    component: ComponentType
    variable: VariableType
    severity: int
    id: int | UnsetType = UNSET
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetVariableDataType(Payload, kw_only=True, frozen=True):
    attribute_value: Str1000
    component: ComponentType
    variable: VariableType
    attribute_type: AttributeEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetVariableResultType(Payload, kw_only=True, frozen=True):
    attribute_status: SetVariableStatusEnumType
    component: ComponentType
    variable: VariableType
    attribute_type: AttributeEnumType | UnsetType = UNSET
    attribute_status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SignedMeterValueType(Payload, kw_only=True, frozen=True):
    signed_meter_data: Str2500
    signing_method: Str50
    encoding_method: Str50
    public_key: Str2500
    custom_data: CustomData | UnsetType = UNSET


class StatusInfoType(Payload, kw_only=True, frozen=True):
    reason_code: Str20
    additional_info: Str512 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TransactionType(Payload, kw_only=True, frozen=True):
    transaction_id: Str36
    charging_state: ChargingStateEnumType | UnsetType = UNSET
    time_spent_charging: int | UnsetType = UNSET
    stopped_reason: ReasonEnumType | UnsetType = UNSET
    remote_start_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    operation_mode: ClassVar[UnsetType] = UNSET
    tariff_id: ClassVar[UnsetType] = UNSET
    transaction_limit: ClassVar[UnsetType] = UNSET


class UnitOfMeasureType(Payload, kw_only=True, frozen=True):
    unit: Str20 | UnsetType = UNSET
    multiplier: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class VPNType(Payload, kw_only=True, frozen=True):
    server: Str512
    user: Str20
    password: Str20
    key: Str255
    type: VPNEnumType
    group: Str20 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class VariableAttributeType(Payload, kw_only=True, frozen=True):
    type: AttributeEnumType | UnsetType = UNSET
    value: Str2500 | UnsetType = UNSET
    mutability: MutabilityEnumType | UnsetType = UNSET
    persistent: bool | UnsetType = UNSET
    constant: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class VariableCharacteristicsType(Payload, kw_only=True, frozen=True):
    data_type: DataEnumType
    supports_monitoring: bool
    unit: Str16 | UnsetType = UNSET
    min_limit: float | UnsetType = UNSET
    max_limit: float | UnsetType = UNSET
    values_list: Str1000 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    max_elements: ClassVar[UnsetType] = UNSET


class VariableMonitoringType(Payload, kw_only=True, frozen=True):
    id: int
    transaction: bool
    value: float
    type: MonitorEnumType
    severity: int
    custom_data: CustomData | UnsetType = UNSET
    event_notification_type: ClassVar[UnsetType] = UNSET


class VariableType(Payload, kw_only=True, frozen=True):
    name: Str50
    instance: Str50 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AuthorizeResponse(Response, kw_only=True, frozen=True):
    id_token_info: IdTokenInfoType
    certificate_status: AuthorizeCertificateStatusEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    allowed_energy_transfer: ClassVar[UnsetType] = UNSET
    tariff: ClassVar[UnsetType] = UNSET


class AuthorizeRequest(Request[AuthorizeResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "Authorize"
    response: ClassVar[Type[AuthorizeResponse]] = AuthorizeResponse
    id_token: IdTokenType
    certificate: Str5500 | UnsetType = UNSET
    iso15118_certificate_hash_data: OneTo4[OCSPRequestDataType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class BootNotificationResponse(Response, kw_only=True, frozen=True):
    current_time: Timestamp
    interval: int
    status: RegistrationStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class BootNotificationRequest(Request[BootNotificationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "BootNotification"
    response: ClassVar[Type[BootNotificationResponse]] = BootNotificationResponse
    charging_station: ChargingStationType
    reason: BootReasonEnumType
    custom_data: CustomData | UnsetType = UNSET


class CancelReservationResponse(Response, kw_only=True, frozen=True):
    status: CancelReservationStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CancelReservationRequest(Request[CancelReservationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "CancelReservation"
    response: ClassVar[Type[CancelReservationResponse]] = CancelReservationResponse
    reservation_id: int
    custom_data: CustomData | UnsetType = UNSET


class CertificateSignedResponse(Response, kw_only=True, frozen=True):
    status: CertificateSignedStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CertificateSignedRequest(Request[CertificateSignedResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "CertificateSigned"
    response: ClassVar[Type[CertificateSignedResponse]] = CertificateSignedResponse
    certificate_chain: Str10000
    certificate_type: CertificateSigningUseEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    request_id: ClassVar[UnsetType] = UNSET


class ChangeAvailabilityResponse(Response, kw_only=True, frozen=True):
    status: ChangeAvailabilityStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChangeAvailabilityRequest(Request[ChangeAvailabilityResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ChangeAvailability"
    response: ClassVar[Type[ChangeAvailabilityResponse]] = ChangeAvailabilityResponse
    operational_status: OperationalStatusEnumType
    evse: EVSEType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearCacheResponse(Response, kw_only=True, frozen=True):
    status: ClearCacheStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearCacheRequest(Request[ClearCacheResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearCache"
    response: ClassVar[Type[ClearCacheResponse]] = ClearCacheResponse
    custom_data: CustomData | UnsetType = UNSET


class ClearChargingProfileResponse(Response, kw_only=True, frozen=True):
    status: ClearChargingProfileStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearChargingProfileRequest(Request[ClearChargingProfileResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearChargingProfile"
    response: ClassVar[Type[ClearChargingProfileResponse]] = ClearChargingProfileResponse
    charging_profile_id: int | UnsetType = UNSET
    charging_profile_criteria: ClearChargingProfileType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearDisplayMessageResponse(Response, kw_only=True, frozen=True):
    status: ClearMessageStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearDisplayMessageRequest(Request[ClearDisplayMessageResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearDisplayMessage"
    response: ClassVar[Type[ClearDisplayMessageResponse]] = ClearDisplayMessageResponse
    id: int
    custom_data: CustomData | UnsetType = UNSET


class ClearVariableMonitoringResponse(Response, kw_only=True, frozen=True):
    clear_monitoring_result: NonEmpty[ClearMonitoringResultType]
    custom_data: CustomData | UnsetType = UNSET


class ClearVariableMonitoringRequest(
    Request[ClearVariableMonitoringResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ClearVariableMonitoring"
    response: ClassVar[Type[ClearVariableMonitoringResponse]] = ClearVariableMonitoringResponse
    id: NonEmpty[int]
    custom_data: CustomData | UnsetType = UNSET


class ClearedChargingLimitResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class ClearedChargingLimitRequest(Request[ClearedChargingLimitResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearedChargingLimit"
    response: ClassVar[Type[ClearedChargingLimitResponse]] = ClearedChargingLimitResponse
    charging_limit_source: ChargingLimitSourceEnumType
    evse_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CostUpdatedResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class CostUpdatedRequest(Request[CostUpdatedResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "CostUpdated"
    response: ClassVar[Type[CostUpdatedResponse]] = CostUpdatedResponse
    total_cost: float
    transaction_id: Str36
    custom_data: CustomData | UnsetType = UNSET


class CustomerInformationResponse(Response, kw_only=True, frozen=True):
    status: CustomerInformationStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CustomerInformationRequest(Request[CustomerInformationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "CustomerInformation"
    response: ClassVar[Type[CustomerInformationResponse]] = CustomerInformationResponse
    request_id: int
    report: bool
    clear: bool
    customer_certificate: CertificateHashDataType | UnsetType = UNSET
    id_token: IdTokenType | UnsetType = UNSET
    customer_identifier: Str64 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DataTransferResponse(Response, kw_only=True, frozen=True):
    status: DataTransferStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    data: Any | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DataTransferRequest(Request[DataTransferResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "DataTransfer"
    response: ClassVar[Type[DataTransferResponse]] = DataTransferResponse
    vendor_id: Str255
    message_id: Str50 | UnsetType = UNSET
    data: Any | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DeleteCertificateResponse(Response, kw_only=True, frozen=True):
    status: DeleteCertificateStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DeleteCertificateRequest(Request[DeleteCertificateResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "DeleteCertificate"
    response: ClassVar[Type[DeleteCertificateResponse]] = DeleteCertificateResponse
    certificate_hash_data: CertificateHashDataType
    custom_data: CustomData | UnsetType = UNSET


class FirmwareStatusNotificationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class FirmwareStatusNotificationRequest(
    Request[FirmwareStatusNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "FirmwareStatusNotification"
    response: ClassVar[Type[FirmwareStatusNotificationResponse]] = (
        FirmwareStatusNotificationResponse
    )
    status: FirmwareStatusEnumType
    request_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    status_info: ClassVar[UnsetType] = UNSET


class Get15118EVCertificateResponse(Response, kw_only=True, frozen=True):
    status: Iso15118EVCertificateStatusEnumType
    exi_response: Str7500
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    remaining_contracts: ClassVar[UnsetType] = UNSET


class Get15118EVCertificateRequest(
    Request[Get15118EVCertificateResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "Get15118EVCertificate"
    response: ClassVar[Type[Get15118EVCertificateResponse]] = Get15118EVCertificateResponse
    iso15118_schema_version: Str50
    certificate_action: CertificateActionEnumType = field(name="action")
    exi_request: Str5600
    custom_data: CustomData | UnsetType = UNSET
    maximum_contract_certificate_chains: ClassVar[UnsetType] = UNSET
    prioritized_emaids: ClassVar[UnsetType] = UNSET


class GetBaseReportResponse(Response, kw_only=True, frozen=True):
    status: GenericDeviceModelStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetBaseReportRequest(Request[GetBaseReportResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetBaseReport"
    response: ClassVar[Type[GetBaseReportResponse]] = GetBaseReportResponse
    request_id: int
    report_base: ReportBaseEnumType
    custom_data: CustomData | UnsetType = UNSET


class GetCertificateStatusResponse(Response, kw_only=True, frozen=True):
    status: GetCertificateStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    ocsp_result: Str5500 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetCertificateStatusRequest(Request[GetCertificateStatusResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetCertificateStatus"
    response: ClassVar[Type[GetCertificateStatusResponse]] = GetCertificateStatusResponse
    ocsp_request_data: OCSPRequestDataType
    custom_data: CustomData | UnsetType = UNSET


class GetChargingProfilesResponse(Response, kw_only=True, frozen=True):
    status: GetChargingProfileStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetChargingProfilesRequest(Request[GetChargingProfilesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetChargingProfiles"
    response: ClassVar[Type[GetChargingProfilesResponse]] = GetChargingProfilesResponse
    request_id: int
    charging_profile: ChargingProfileCriterionType
    evse_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetCompositeScheduleResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    schedule: CompositeScheduleType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetCompositeScheduleRequest(Request[GetCompositeScheduleResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetCompositeSchedule"
    response: ClassVar[Type[GetCompositeScheduleResponse]] = GetCompositeScheduleResponse
    duration: int
    evse_id: int
    charging_rate_unit: ChargingRateUnitEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetDisplayMessagesResponse(Response, kw_only=True, frozen=True):
    status: GetDisplayMessagesStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetDisplayMessagesRequest(Request[GetDisplayMessagesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetDisplayMessages"
    response: ClassVar[Type[GetDisplayMessagesResponse]] = GetDisplayMessagesResponse
    request_id: int
    id: NonEmpty[int] | UnsetType = UNSET
    priority: MessagePriorityEnumType | UnsetType = UNSET
    state: MessageStateEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetInstalledCertificateIdsResponse(Response, kw_only=True, frozen=True):
    status: GetInstalledCertificateStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    certificate_hash_data_chain: NonEmpty[CertificateHashDataChainType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetInstalledCertificateIdsRequest(
    Request[GetInstalledCertificateIdsResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "GetInstalledCertificateIds"
    response: ClassVar[Type[GetInstalledCertificateIdsResponse]] = (
        GetInstalledCertificateIdsResponse
    )
    certificate_type: NonEmpty[GetCertificateIdUseEnumType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetLocalListVersionResponse(Response, kw_only=True, frozen=True):
    version_number: int
    custom_data: CustomData | UnsetType = UNSET


class GetLocalListVersionRequest(Request[GetLocalListVersionResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetLocalListVersion"
    response: ClassVar[Type[GetLocalListVersionResponse]] = GetLocalListVersionResponse
    custom_data: CustomData | UnsetType = UNSET


class GetLogResponse(Response, kw_only=True, frozen=True):
    status: LogStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    filename: Str255 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetLogRequest(Request[GetLogResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetLog"
    response: ClassVar[Type[GetLogResponse]] = GetLogResponse
    log: LogParametersType
    log_type: LogEnumType
    request_id: int
    retries: int | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetMonitoringReportResponse(Response, kw_only=True, frozen=True):
    status: GenericDeviceModelStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetMonitoringReportRequest(Request[GetMonitoringReportResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetMonitoringReport"
    response: ClassVar[Type[GetMonitoringReportResponse]] = GetMonitoringReportResponse
    request_id: int
    component_variable: NonEmpty[ComponentVariableType] | UnsetType = UNSET
    monitoring_criteria: OneTo3[MonitoringCriterionEnumType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetReportResponse(Response, kw_only=True, frozen=True):
    status: GenericDeviceModelStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetReportRequest(Request[GetReportResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetReport"
    response: ClassVar[Type[GetReportResponse]] = GetReportResponse
    request_id: int
    component_variable: NonEmpty[ComponentVariableType] | UnsetType = UNSET
    component_criteria: OneTo4[ComponentCriterionEnumType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetTransactionStatusResponse(Response, kw_only=True, frozen=True):
    messages_in_queue: bool
    ongoing_indicator: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetTransactionStatusRequest(Request[GetTransactionStatusResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetTransactionStatus"
    response: ClassVar[Type[GetTransactionStatusResponse]] = GetTransactionStatusResponse
    transaction_id: Str36 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetVariablesResponse(Response, kw_only=True, frozen=True):
    get_variable_result: NonEmpty[GetVariableResultType]
    custom_data: CustomData | UnsetType = UNSET


class GetVariablesRequest(Request[GetVariablesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetVariables"
    response: ClassVar[Type[GetVariablesResponse]] = GetVariablesResponse
    get_variable_data: NonEmpty[GetVariableDataType]
    custom_data: CustomData | UnsetType = UNSET


class HeartbeatResponse(Response, kw_only=True, frozen=True):
    current_time: Timestamp
    custom_data: CustomData | UnsetType = UNSET


class HeartbeatRequest(Request[HeartbeatResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "Heartbeat"
    response: ClassVar[Type[HeartbeatResponse]] = HeartbeatResponse
    custom_data: CustomData | UnsetType = UNSET


class InstallCertificateResponse(Response, kw_only=True, frozen=True):
    status: InstallCertificateStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class InstallCertificateRequest(Request[InstallCertificateResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "InstallCertificate"
    response: ClassVar[Type[InstallCertificateResponse]] = InstallCertificateResponse
    certificate_type: InstallCertificateUseEnumType
    certificate: Str5500
    custom_data: CustomData | UnsetType = UNSET


class LogStatusNotificationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class LogStatusNotificationRequest(
    Request[LogStatusNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "LogStatusNotification"
    response: ClassVar[Type[LogStatusNotificationResponse]] = LogStatusNotificationResponse
    status: UploadLogStatusEnumType
    request_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    status_info: ClassVar[UnsetType] = UNSET


class MeterValuesResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class MeterValuesRequest(Request[MeterValuesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "MeterValues"
    response: ClassVar[Type[MeterValuesResponse]] = MeterValuesResponse
    evse_id: int
    meter_value: NonEmpty[MeterValueType]
    custom_data: CustomData | UnsetType = UNSET


class NotifyChargingLimitResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyChargingLimitRequest(Request[NotifyChargingLimitResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyChargingLimit"
    response: ClassVar[Type[NotifyChargingLimitResponse]] = NotifyChargingLimitResponse
    charging_limit: ChargingLimitType
    charging_schedule: NonEmpty[ChargingScheduleType] | UnsetType = UNSET
    evse_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyCustomerInformationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyCustomerInformationRequest(
    Request[NotifyCustomerInformationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyCustomerInformation"
    response: ClassVar[Type[NotifyCustomerInformationResponse]] = NotifyCustomerInformationResponse
    data: Str512
    seq_no: int
    generated_at: Timestamp
    request_id: int
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyDisplayMessagesResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyDisplayMessagesRequest(
    Request[NotifyDisplayMessagesResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyDisplayMessages"
    response: ClassVar[Type[NotifyDisplayMessagesResponse]] = NotifyDisplayMessagesResponse
    request_id: int
    message_info: NonEmpty[MessageInfoType] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyEVChargingNeedsResponse(Response, kw_only=True, frozen=True):
    status: NotifyEVChargingNeedsStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyEVChargingNeedsRequest(
    Request[NotifyEVChargingNeedsResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyEVChargingNeeds"
    response: ClassVar[Type[NotifyEVChargingNeedsResponse]] = NotifyEVChargingNeedsResponse
    charging_needs: ChargingNeedsType
    evse_id: int
    max_schedule_tuples: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    timestamp: ClassVar[UnsetType] = UNSET


class NotifyEVChargingScheduleResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyEVChargingScheduleRequest(
    Request[NotifyEVChargingScheduleResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyEVChargingSchedule"
    response: ClassVar[Type[NotifyEVChargingScheduleResponse]] = NotifyEVChargingScheduleResponse
    time_base: Timestamp
    charging_schedule: ChargingScheduleType
    evse_id: int
    custom_data: CustomData | UnsetType = UNSET
    selected_charging_schedule_id: ClassVar[UnsetType] = UNSET
    power_tolerance_acceptance: ClassVar[UnsetType] = UNSET


class NotifyEventResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyEventRequest(Request[NotifyEventResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyEvent"
    response: ClassVar[Type[NotifyEventResponse]] = NotifyEventResponse
    generated_at: Timestamp
    seq_no: int
    event_data: NonEmpty[EventDataType]
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyMonitoringReportResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyMonitoringReportRequest(
    Request[NotifyMonitoringReportResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyMonitoringReport"
    response: ClassVar[Type[NotifyMonitoringReportResponse]] = NotifyMonitoringReportResponse
    request_id: int
    seq_no: int
    generated_at: Timestamp
    monitor: NonEmpty[MonitoringDataType] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyReportResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyReportRequest(Request[NotifyReportResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyReport"
    response: ClassVar[Type[NotifyReportResponse]] = NotifyReportResponse
    request_id: int
    generated_at: Timestamp
    seq_no: int
    report_data: NonEmpty[ReportDataType] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PublishFirmwareResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PublishFirmwareRequest(Request[PublishFirmwareResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "PublishFirmware"
    response: ClassVar[Type[PublishFirmwareResponse]] = PublishFirmwareResponse
    location: Str512
    checksum: Str32
    request_id: int
    retries: int | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PublishFirmwareStatusNotificationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class PublishFirmwareStatusNotificationRequest(
    Request[PublishFirmwareStatusNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "PublishFirmwareStatusNotification"
    response: ClassVar[Type[PublishFirmwareStatusNotificationResponse]] = (
        PublishFirmwareStatusNotificationResponse
    )
    status: PublishFirmwareStatusEnumType
    location: NonEmpty[Str512] | UnsetType = UNSET
    request_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    status_info: ClassVar[UnsetType] = UNSET


class ReportChargingProfilesResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class ReportChargingProfilesRequest(
    Request[ReportChargingProfilesResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ReportChargingProfiles"
    response: ClassVar[Type[ReportChargingProfilesResponse]] = ReportChargingProfilesResponse
    request_id: int
    charging_limit_source: ChargingLimitSourceEnumType
    charging_profile: NonEmpty[ChargingProfileType]
    evse_id: int
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class RequestStartTransactionResponse(Response, kw_only=True, frozen=True):
    status: RequestStartStopStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    transaction_id: Str36 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class RequestStartTransactionRequest(
    Request[RequestStartTransactionResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "RequestStartTransaction"
    response: ClassVar[Type[RequestStartTransactionResponse]] = RequestStartTransactionResponse
    id_token: IdTokenType
    remote_start_id: int
    evse_id: int | UnsetType = UNSET
    group_id_token: IdTokenType | UnsetType = UNSET
    charging_profile: ChargingProfileType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class RequestStopTransactionResponse(Response, kw_only=True, frozen=True):
    status: RequestStartStopStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class RequestStopTransactionRequest(
    Request[RequestStopTransactionResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "RequestStopTransaction"
    response: ClassVar[Type[RequestStopTransactionResponse]] = RequestStopTransactionResponse
    transaction_id: Str36
    custom_data: CustomData | UnsetType = UNSET


class ReservationStatusUpdateResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class ReservationStatusUpdateRequest(
    Request[ReservationStatusUpdateResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ReservationStatusUpdate"
    response: ClassVar[Type[ReservationStatusUpdateResponse]] = ReservationStatusUpdateResponse
    reservation_id: int
    reservation_update_status: ReservationUpdateStatusEnumType
    custom_data: CustomData | UnsetType = UNSET


class ReserveNowResponse(Response, kw_only=True, frozen=True):
    status: ReserveNowStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ReserveNowRequest(Request[ReserveNowResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ReserveNow"
    response: ClassVar[Type[ReserveNowResponse]] = ReserveNowResponse
    id: int
    expiry_date_time: Timestamp
    id_token: IdTokenType
    connector_type: ConnectorEnumType | UnsetType = UNSET
    evse_id: int | UnsetType = UNSET
    group_id_token: IdTokenType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ResetResponse(Response, kw_only=True, frozen=True):
    status: ResetStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ResetRequest(Request[ResetResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "Reset"
    response: ClassVar[Type[ResetResponse]] = ResetResponse
    type: ResetEnumType
    evse_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SecurityEventNotificationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class SecurityEventNotificationRequest(
    Request[SecurityEventNotificationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "SecurityEventNotification"
    response: ClassVar[Type[SecurityEventNotificationResponse]] = SecurityEventNotificationResponse
    type: Str50
    timestamp: Timestamp
    tech_info: Str255 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SendLocalListResponse(Response, kw_only=True, frozen=True):
    status: SendLocalListStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SendLocalListRequest(Request[SendLocalListResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SendLocalList"
    response: ClassVar[Type[SendLocalListResponse]] = SendLocalListResponse
    version_number: int
    update_type: UpdateEnumType
    local_authorization_list: NonEmpty[AuthorizationData] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetChargingProfileResponse(Response, kw_only=True, frozen=True):
    status: ChargingProfileStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetChargingProfileRequest(Request[SetChargingProfileResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetChargingProfile"
    response: ClassVar[Type[SetChargingProfileResponse]] = SetChargingProfileResponse
    evse_id: int
    charging_profile: ChargingProfileType
    custom_data: CustomData | UnsetType = UNSET


class SetDisplayMessageResponse(Response, kw_only=True, frozen=True):
    status: DisplayMessageStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetDisplayMessageRequest(Request[SetDisplayMessageResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetDisplayMessage"
    response: ClassVar[Type[SetDisplayMessageResponse]] = SetDisplayMessageResponse
    message: MessageInfoType
    custom_data: CustomData | UnsetType = UNSET


class SetMonitoringBaseResponse(Response, kw_only=True, frozen=True):
    status: GenericDeviceModelStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetMonitoringBaseRequest(Request[SetMonitoringBaseResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetMonitoringBase"
    response: ClassVar[Type[SetMonitoringBaseResponse]] = SetMonitoringBaseResponse
    monitoring_base: MonitoringBaseEnumType
    custom_data: CustomData | UnsetType = UNSET


class SetMonitoringLevelResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetMonitoringLevelRequest(Request[SetMonitoringLevelResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetMonitoringLevel"
    response: ClassVar[Type[SetMonitoringLevelResponse]] = SetMonitoringLevelResponse
    severity: int
    custom_data: CustomData | UnsetType = UNSET


class SetNetworkProfileResponse(Response, kw_only=True, frozen=True):
    status: SetNetworkProfileStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetNetworkProfileRequest(Request[SetNetworkProfileResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetNetworkProfile"
    response: ClassVar[Type[SetNetworkProfileResponse]] = SetNetworkProfileResponse
    configuration_slot: int
    connection_data: NetworkConnectionProfileType
    custom_data: CustomData | UnsetType = UNSET


class SetVariableMonitoringResponse(Response, kw_only=True, frozen=True):
    set_monitoring_result: NonEmpty[SetMonitoringResultType]
    custom_data: CustomData | UnsetType = UNSET


class SetVariableMonitoringRequest(
    Request[SetVariableMonitoringResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "SetVariableMonitoring"
    response: ClassVar[Type[SetVariableMonitoringResponse]] = SetVariableMonitoringResponse
    set_monitoring_data: NonEmpty[SetMonitoringDataType]
    custom_data: CustomData | UnsetType = UNSET


class SetVariablesResponse(Response, kw_only=True, frozen=True):
    set_variable_result: NonEmpty[SetVariableResultType]
    custom_data: CustomData | UnsetType = UNSET


class SetVariablesRequest(Request[SetVariablesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetVariables"
    response: ClassVar[Type[SetVariablesResponse]] = SetVariablesResponse
    set_variable_data: NonEmpty[SetVariableDataType]
    custom_data: CustomData | UnsetType = UNSET


class SignCertificateResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SignCertificateRequest(Request[SignCertificateResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SignCertificate"
    response: ClassVar[Type[SignCertificateResponse]] = SignCertificateResponse
    csr: Str5500
    certificate_type: CertificateSigningUseEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    hash_root_certificate: ClassVar[UnsetType] = UNSET
    request_id: ClassVar[UnsetType] = UNSET


class StatusNotificationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class StatusNotificationRequest(Request[StatusNotificationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "StatusNotification"
    response: ClassVar[Type[StatusNotificationResponse]] = StatusNotificationResponse
    timestamp: Timestamp
    connector_status: ConnectorStatusEnumType
    evse_id: int
    connector_id: int
    custom_data: CustomData | UnsetType = UNSET


class TransactionEventResponse(Response, kw_only=True, frozen=True):
    total_cost: float | UnsetType = UNSET
    charging_priority: int | UnsetType = UNSET
    id_token_info: IdTokenInfoType | UnsetType = UNSET
    updated_personal_message: MessageContentType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    transaction_limit: ClassVar[UnsetType] = UNSET
    updated_personal_message_extra: ClassVar[UnsetType] = UNSET


class TransactionEventRequest(Request[TransactionEventResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "TransactionEvent"
    response: ClassVar[Type[TransactionEventResponse]] = TransactionEventResponse
    event_type: TransactionEventEnumType
    timestamp: Timestamp
    trigger_reason: TriggerReasonEnumType
    seq_no: int
    transaction_info: TransactionType
    meter_value: NonEmpty[MeterValueType] | UnsetType = UNSET
    offline: bool | UnsetType = UNSET
    number_of_phases_used: int | UnsetType = UNSET
    cable_max_current: int | UnsetType = UNSET
    reservation_id: int | UnsetType = UNSET
    evse: EVSEType | UnsetType = UNSET
    id_token: IdTokenType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    cost_details: ClassVar[UnsetType] = UNSET
    preconditioning_status: ClassVar[UnsetType] = UNSET
    evse_sleep: ClassVar[UnsetType] = UNSET


class TriggerMessageResponse(Response, kw_only=True, frozen=True):
    status: TriggerMessageStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TriggerMessageRequest(Request[TriggerMessageResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "TriggerMessage"
    response: ClassVar[Type[TriggerMessageResponse]] = TriggerMessageResponse
    requested_message: MessageTriggerEnumType
    evse: EVSEType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET
    custom_trigger: ClassVar[UnsetType] = UNSET


class UnlockConnectorResponse(Response, kw_only=True, frozen=True):
    status: UnlockStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UnlockConnectorRequest(Request[UnlockConnectorResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UnlockConnector"
    response: ClassVar[Type[UnlockConnectorResponse]] = UnlockConnectorResponse
    evse_id: int
    connector_id: int
    custom_data: CustomData | UnsetType = UNSET


class UnpublishFirmwareResponse(Response, kw_only=True, frozen=True):
    status: UnpublishFirmwareStatusEnumType
    custom_data: CustomData | UnsetType = UNSET


class UnpublishFirmwareRequest(Request[UnpublishFirmwareResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UnpublishFirmware"
    response: ClassVar[Type[UnpublishFirmwareResponse]] = UnpublishFirmwareResponse
    checksum: Str32
    custom_data: CustomData | UnsetType = UNSET


class UpdateFirmwareResponse(Response, kw_only=True, frozen=True):
    status: UpdateFirmwareStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UpdateFirmwareRequest(Request[UpdateFirmwareResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UpdateFirmware"
    response: ClassVar[Type[UpdateFirmwareResponse]] = UpdateFirmwareResponse
    request_id: int
    firmware: FirmwareType
    retries: int | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


ACTIONS: Final[Mapping[str, type[Request[Any]]]] = {
    "Authorize": AuthorizeRequest,
    "BootNotification": BootNotificationRequest,
    "CancelReservation": CancelReservationRequest,
    "CertificateSigned": CertificateSignedRequest,
    "ChangeAvailability": ChangeAvailabilityRequest,
    "ClearCache": ClearCacheRequest,
    "ClearChargingProfile": ClearChargingProfileRequest,
    "ClearDisplayMessage": ClearDisplayMessageRequest,
    "ClearVariableMonitoring": ClearVariableMonitoringRequest,
    "ClearedChargingLimit": ClearedChargingLimitRequest,
    "CostUpdated": CostUpdatedRequest,
    "CustomerInformation": CustomerInformationRequest,
    "DataTransfer": DataTransferRequest,
    "DeleteCertificate": DeleteCertificateRequest,
    "FirmwareStatusNotification": FirmwareStatusNotificationRequest,
    "Get15118EVCertificate": Get15118EVCertificateRequest,
    "GetBaseReport": GetBaseReportRequest,
    "GetCertificateStatus": GetCertificateStatusRequest,
    "GetChargingProfiles": GetChargingProfilesRequest,
    "GetCompositeSchedule": GetCompositeScheduleRequest,
    "GetDisplayMessages": GetDisplayMessagesRequest,
    "GetInstalledCertificateIds": GetInstalledCertificateIdsRequest,
    "GetLocalListVersion": GetLocalListVersionRequest,
    "GetLog": GetLogRequest,
    "GetMonitoringReport": GetMonitoringReportRequest,
    "GetReport": GetReportRequest,
    "GetTransactionStatus": GetTransactionStatusRequest,
    "GetVariables": GetVariablesRequest,
    "Heartbeat": HeartbeatRequest,
    "InstallCertificate": InstallCertificateRequest,
    "LogStatusNotification": LogStatusNotificationRequest,
    "MeterValues": MeterValuesRequest,
    "NotifyChargingLimit": NotifyChargingLimitRequest,
    "NotifyCustomerInformation": NotifyCustomerInformationRequest,
    "NotifyDisplayMessages": NotifyDisplayMessagesRequest,
    "NotifyEVChargingNeeds": NotifyEVChargingNeedsRequest,
    "NotifyEVChargingSchedule": NotifyEVChargingScheduleRequest,
    "NotifyEvent": NotifyEventRequest,
    "NotifyMonitoringReport": NotifyMonitoringReportRequest,
    "NotifyReport": NotifyReportRequest,
    "PublishFirmware": PublishFirmwareRequest,
    "PublishFirmwareStatusNotification": PublishFirmwareStatusNotificationRequest,
    "ReportChargingProfiles": ReportChargingProfilesRequest,
    "RequestStartTransaction": RequestStartTransactionRequest,
    "RequestStopTransaction": RequestStopTransactionRequest,
    "ReservationStatusUpdate": ReservationStatusUpdateRequest,
    "ReserveNow": ReserveNowRequest,
    "Reset": ResetRequest,
    "SecurityEventNotification": SecurityEventNotificationRequest,
    "SendLocalList": SendLocalListRequest,
    "SetChargingProfile": SetChargingProfileRequest,
    "SetDisplayMessage": SetDisplayMessageRequest,
    "SetMonitoringBase": SetMonitoringBaseRequest,
    "SetMonitoringLevel": SetMonitoringLevelRequest,
    "SetNetworkProfile": SetNetworkProfileRequest,
    "SetVariableMonitoring": SetVariableMonitoringRequest,
    "SetVariables": SetVariablesRequest,
    "SignCertificate": SignCertificateRequest,
    "StatusNotification": StatusNotificationRequest,
    "TransactionEvent": TransactionEventRequest,
    "TriggerMessage": TriggerMessageRequest,
    "UnlockConnector": UnlockConnectorRequest,
    "UnpublishFirmware": UnpublishFirmwareRequest,
    "UpdateFirmware": UpdateFirmwareRequest,
}
