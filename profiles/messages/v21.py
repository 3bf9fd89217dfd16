"""The 91 messages of OCPP 2.1.

Generated from the official schemas by `python -m pilotwire.profiles.messages.generate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Type, TypeVar

from msgspec import UNSET, Meta, UnsetType, field

from .base import CustomData, Payload, Request, Response, Timestamp

T = TypeVar("T")

FloatFrom0To100 = Annotated[float, Meta(ge=0, le=100)]
FloatTo0 = Annotated[float, Meta(le=0)]
IntFrom0 = Annotated[int, Meta(ge=0)]
IntFrom1 = Annotated[int, Meta(ge=1)]
IntFrom0To3 = Annotated[int, Meta(ge=0, le=3)]
IntFrom0To100 = Annotated[int, Meta(ge=0, le=100)]
NonEmpty = Annotated[tuple[T, ...], Meta(min_length=1)]
OneTo3 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=3)]
OneTo4 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=4)]
OneTo5 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=5)]
OneTo7 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=7)]
OneTo8 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=8)]
OneTo10 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=10)]
OneTo20 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=20)]
OneTo24 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=24)]
OneTo100 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=100)]
OneTo1024 = Annotated[tuple[T, ...], Meta(min_length=1, max_length=1024)]
Str3 = Annotated[str, Meta(max_length=3)]
Str6 = Annotated[str, Meta(max_length=6)]
Str8 = Annotated[str, Meta(max_length=8)]
Str16 = Annotated[str, Meta(max_length=16)]
Str20 = Annotated[str, Meta(max_length=20)]
Str25 = Annotated[str, Meta(max_length=25)]
Str32 = Annotated[str, Meta(max_length=32)]
Str36 = Annotated[str, Meta(max_length=36)]
Str40 = Annotated[str, Meta(max_length=40)]
Str48 = Annotated[str, Meta(max_length=48)]
Str50 = Annotated[str, Meta(max_length=50)]
Str60 = Annotated[str, Meta(max_length=60)]
Str64 = Annotated[str, Meta(max_length=64)]
Str80 = Annotated[str, Meta(max_length=80)]
Str88 = Annotated[str, Meta(max_length=88)]
Str100 = Annotated[str, Meta(max_length=100)]
Str128 = Annotated[str, Meta(max_length=128)]
Str160 = Annotated[str, Meta(max_length=160)]
Str200 = Annotated[str, Meta(max_length=200)]
Str255 = Annotated[str, Meta(max_length=255)]
Str256 = Annotated[str, Meta(max_length=256)]
Str500 = Annotated[str, Meta(max_length=500)]
Str512 = Annotated[str, Meta(max_length=512)]
Str800 = Annotated[str, Meta(max_length=800)]
Str1000 = Annotated[str, Meta(max_length=1000)]
Str1024 = Annotated[str, Meta(max_length=1024)]
Str2000 = Annotated[str, Meta(max_length=2000)]
Str2500 = Annotated[str, Meta(max_length=2500)]
Str5500 = Annotated[str, Meta(max_length=5500)]
Str10000 = Annotated[str, Meta(max_length=10000)]
Str11000 = Annotated[str, Meta(max_length=11000)]
Str17000 = Annotated[str, Meta(max_length=17000)]
Str18000 = Annotated[str, Meta(max_length=18000)]
Str32768 = Annotated[str, Meta(max_length=32768)]

APNAuthenticationEnumType = Literal["PAP", "CHAP", "NONE", "AUTO"]
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
BatterySwapEventEnumType = Literal["BatteryIn", "BatteryOut", "BatteryOutTimeout"]
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
CertificateSigningUseEnumType = Literal[
    "ChargingStationCertificate", "V2GCertificate", "V2G20Certificate"
]
CertificateStatusEnumType = Literal["Good", "Revoked", "Unknown", "Failed"]
CertificateStatusSourceEnumType = Literal["CRL", "OCSP"]
ChangeAvailabilityStatusEnumType = Literal["Accepted", "Rejected", "Scheduled"]
ChargingProfileKindEnumType = Literal["Absolute", "Recurring", "Relative", "Dynamic"]
ChargingProfilePurposeEnumType = Literal[
    "ChargingStationExternalConstraints",
    "ChargingStationMaxProfile",
    "TxDefaultProfile",
    "TxProfile",
    "PriorityCharging",
    "LocalGeneration",
]
ChargingProfileStatusEnumType = Literal["Accepted", "Rejected"]
ChargingRateUnitEnumType = Literal["W", "A"]
ChargingStateEnumType = Literal["EVConnected", "Charging", "SuspendedEV", "SuspendedEVSE", "Idle"]
ClearCacheStatusEnumType = Literal["Accepted", "Rejected"]
ClearChargingProfileStatusEnumType = Literal["Accepted", "Unknown"]
ClearMessageStatusEnumType = Literal["Accepted", "Unknown", "Rejected"]
ClearMonitoringStatusEnumType = Literal["Accepted", "Rejected", "NotFound"]
ComponentCriterionEnumType = Literal["Active", "Available", "Enabled", "Problem"]
ConnectorStatusEnumType = Literal["Available", "Occupied", "Reserved", "Unavailable", "Faulted"]
ControlModeEnumType = Literal["ScheduledControl", "DynamicControl"]
CostDimensionEnumType = Literal[
    "Energy", "MaxCurrent", "MinCurrent", "MaxPower", "MinPower", "IdleTIme", "ChargingTime"
]
CostKindEnumType = Literal[
    "CarbonDioxideEmission", "RelativePricePercentage", "RenewableGenerationPercentage"
]
CustomerInformationStatusEnumType = Literal["Accepted", "Rejected", "Invalid"]
DERControlEnumType = Literal[
    "EnterService",
    "FreqDroop",
    "FreqWatt",
    "FixedPFAbsorb",
    "FixedPFInject",
    "FixedVar",
    "Gradients",
    "HFMustTrip",
    "HFMayTrip",
    "HVMustTrip",
    "HVMomCess",
    "HVMayTrip",
    "LimitMaxDischarge",
    "LFMustTrip",
    "LVMustTrip",
    "LVMomCess",
    "LVMayTrip",
    "PowerMonitoringMustTrip",
    "VoltVar",
    "VoltWatt",
    "WattPF",
    "WattVar",
]
DERControlStatusEnumType = Literal["Accepted", "Rejected", "NotSupported", "NotFound"]
DERUnitEnumType = Literal[
    "Not_Applicable", "PctMaxW", "PctMaxVar", "PctWAvail", "PctVarAvail", "PctEffectiveV"
]
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
DayOfWeekEnumType = Literal[
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
]
DeleteCertificateStatusEnumType = Literal["Accepted", "Failed", "NotFound"]
DisplayMessageStatusEnumType = Literal[
    "Accepted",
    "NotSupportedMessageFormat",
    "Rejected",
    "NotSupportedPriority",
    "NotSupportedState",
    "UnknownTransaction",
    "LanguageNotSupported",
]
EnergyTransferModeEnumType = Literal[
    "AC_single_phase",
    "AC_two_phase",
    "AC_three_phase",
    "DC",
    "AC_BPT",
    "AC_BPT_DER",
    "AC_DER",
    "DC_BPT",
    "DC_ACDP",
    "DC_ACDP_BPT",
    "WPT",
]
EventNotificationEnumType = Literal[
    "HardWiredNotification", "HardWiredMonitor", "PreconfiguredMonitor", "CustomMonitor"
]
EventTriggerEnumType = Literal["Alerting", "Delta", "Periodic"]
EvseKindEnumType = Literal["AC", "DC"]
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
    "OEMRootCertificate",
]
GetCertificateStatusEnumType = Literal["Accepted", "Failed"]
GetChargingProfileStatusEnumType = Literal["Accepted", "NoProfiles"]
GetDisplayMessagesStatusEnumType = Literal["Accepted", "Unknown"]
GetInstalledCertificateStatusEnumType = Literal["Accepted", "NotFound"]
GetVariableStatusEnumType = Literal[
    "Accepted", "Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType"
]
GridEventFaultEnumType = Literal[
    "CurrentImbalance",
    "LocalEmergency",
    "LowInputPower",
    "OverCurrent",
    "OverFrequency",
    "OverVoltage",
    "PhaseRotation",
    "RemoteEmergency",
    "UnderFrequency",
    "UnderVoltage",
    "VoltageImbalance",
]
HashAlgorithmEnumType = Literal["SHA256", "SHA384", "SHA512"]
InstallCertificateStatusEnumType = Literal["Accepted", "Rejected", "Failed"]
InstallCertificateUseEnumType = Literal[
    "V2GRootCertificate",
    "MORootCertificate",
    "ManufacturerRootCertificate",
    "CSMSRootCertificate",
    "OEMRootCertificate",
]
IslandingDetectionEnumType = Literal[
    "NoAntiIslandingSupport",
    "RoCoF",
    "UVP_OVP",
    "UFP_OFP",
    "VoltageVectorShift",
    "ZeroCrossingDetection",
    "OtherPassive",
    "ImpedanceMeasurement",
    "ImpedanceAtFrequency",
    "SlipModeFrequencyShift",
    "SandiaFrequencyShift",
    "SandiaVoltageShift",
    "FrequencyJump",
    "RCLQFactor",
    "OtherActive",
]
Iso15118EVCertificateStatusEnumType = Literal["Accepted", "Failed"]
LocationEnumType = Literal["Body", "Cable", "EV", "Inlet", "Outlet", "Upstream"]
LogEnumType = Literal["DiagnosticsLog", "SecurityLog", "DataCollectorLog"]
LogStatusEnumType = Literal["Accepted", "Rejected", "AcceptedCanceled"]
MeasurandEnumType = Literal[
    "Current.Export",
    "Current.Export.Offered",
    "Current.Export.Minimum",
    "Current.Import",
    "Current.Import.Offered",
    "Current.Import.Minimum",
    "Current.Offered",
    "Display.PresentSOC",
    "Display.MinimumSOC",
    "Display.TargetSOC",
    "Display.MaximumSOC",
    "Display.RemainingTimeToMinimumSOC",
    "Display.RemainingTimeToTargetSOC",
    "Display.RemainingTimeToMaximumSOC",
    "Display.ChargingComplete",
    "Display.BatteryEnergyCapacity",
    "Display.InletHot",
    "Energy.Active.Export.Interval",
    "Energy.Active.Export.Register",
    "Energy.Active.Import.Interval",
    "Energy.Active.Import.Register",
    "Energy.Active.Import.CableLoss",
    "Energy.Active.Import.LocalGeneration.Register",
    "Energy.Active.Net",
    "Energy.Active.Setpoint.Interval",
    "Energy.Apparent.Export",
    "Energy.Apparent.Import",
    "Energy.Apparent.Net",
    "Energy.Reactive.Export.Interval",
    "Energy.Reactive.Export.Register",
    "Energy.Reactive.Import.Interval",
    "Energy.Reactive.Import.Register",
    "Energy.Reactive.Net",
    "EnergyRequest.Target",
    "EnergyRequest.Minimum",
    "EnergyRequest.Maximum",
    "EnergyRequest.Minimum.V2X",
    "EnergyRequest.Maximum.V2X",
    "EnergyRequest.Bulk",
    "Frequency",
    "Power.Active.Export",
    "Power.Active.Import",
    "Power.Active.Setpoint",
    "Power.Active.Residual",
    "Power.Export.Minimum",
    "Power.Export.Offered",
    "Power.Factor",
    "Power.Import.Offered",
    "Power.Import.Minimum",
    "Power.Offered",
    "Power.Reactive.Export",
    "Power.Reactive.Import",
    "SoC",
    "Voltage",
    "Voltage.Minimum",
    "Voltage.Maximum",
]
MessageFormatEnumType = Literal["ASCII", "HTML", "URI", "UTF8", "QRCODE"]
MessagePriorityEnumType = Literal["AlwaysFront", "InFront", "NormalCycle"]
MessageStateEnumType = Literal[
    "Charging", "Faulted", "Idle", "Unavailable", "Suspended", "Discharging"
]
MessageTriggerEnumType = Literal[
    "BootNotification",
    "LogStatusNotification",
    "FirmwareStatusNotification",
    "Heartbeat",
    "MeterValues",
    "SignChargingStationCertificate",
    "SignV2GCertificate",
    "SignV2G20Certificate",
    "StatusNotification",
    "TransactionEvent",
    "SignCombinedCertificate",
    "PublishFirmwareStatusNotification",
    "CustomTrigger",
]
MobilityNeedsModeEnumType = Literal["EVCC", "EVCC_SECC"]
MonitorEnumType = Literal[
    "UpperThreshold",
    "LowerThreshold",
    "Delta",
    "Periodic",
    "PeriodicClockAligned",
    "TargetDelta",
    "TargetDeltaRelative",
]
MonitoringBaseEnumType = Literal["All", "FactoryDefault", "HardWiredOnly"]
MonitoringCriterionEnumType = Literal[
    "ThresholdMonitoring", "DeltaMonitoring", "PeriodicMonitoring"
]
MutabilityEnumType = Literal["ReadOnly", "WriteOnly", "ReadWrite"]
NotifyAllowedEnergyTransferStatusEnumType = Literal["Accepted", "Rejected"]
NotifyEVChargingNeedsStatusEnumType = Literal[
    "Accepted", "Rejected", "Processing", "NoChargingProfile"
]
OCPPInterfaceEnumType = Literal[
    "Wired0",
    "Wired1",
    "Wired2",
    "Wired3",
    "Wireless0",
    "Wireless1",
    "Wireless2",
    "Wireless3",
    "Any",
]
OCPPTransportEnumType = Literal["SOAP", "JSON"]
OCPPVersionEnumType = Literal["OCPP12", "OCPP15", "OCPP16", "OCPP20", "OCPP201", "OCPP21"]
OperationModeEnumType = Literal[
    "Idle",
    "ChargingOnly",
    "CentralSetpoint",
    "ExternalSetpoint",
    "ExternalLimits",
    "CentralFrequency",
    "LocalFrequency",
    "LocalLoadBalancing",
]
OperationalStatusEnumType = Literal["Inoperative", "Operative"]
PaymentStatusEnumType = Literal["Settled", "Canceled", "Rejected", "Failed"]
PhaseEnumType = Literal["L1", "L2", "L3", "N", "L1-N", "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"]
PowerDuringCessationEnumType = Literal["Active", "Reactive"]
PreconditioningStatusEnumType = Literal["Unknown", "Ready", "NotReady", "Preconditioning"]
PriorityChargingStatusEnumType = Literal["Accepted", "Rejected", "NoProfile"]
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
    "MasterPass",
    "Local",
    "LocalOutOfCredit",
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
    "ReqEnergyTransferRejected",
]
RecurrencyKindEnumType = Literal["Daily", "Weekly"]
RegistrationStatusEnumType = Literal["Accepted", "Pending", "Rejected"]
ReportBaseEnumType = Literal["ConfigurationInventory", "FullInventory", "SummaryInventory"]
RequestStartStopStatusEnumType = Literal["Accepted", "Rejected"]
ReservationUpdateStatusEnumType = Literal["Expired", "Removed", "NoTransaction"]
ReserveNowStatusEnumType = Literal["Accepted", "Faulted", "Occupied", "Rejected", "Unavailable"]
ResetEnumType = Literal["Immediate", "OnIdle", "ImmediateAndResume"]
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
TariffChangeStatusEnumType = Literal[
    "Accepted",
    "Rejected",
    "TooManyElements",
    "ConditionNotSupported",
    "TxNotFound",
    "NoCurrencyChange",
]
TariffClearStatusEnumType = Literal["Accepted", "Rejected", "NoTariff"]
TariffCostEnumType = Literal["NormalCost", "MinCost", "MaxCost"]
TariffGetStatusEnumType = Literal["Accepted", "Rejected", "NoTariff"]
TariffKindEnumType = Literal["DefaultTariff", "DriverTariff"]
TariffSetStatusEnumType = Literal[
    "Accepted", "Rejected", "TooManyElements", "ConditionNotSupported", "DuplicateTariffId"
]
TransactionEventEnumType = Literal["Ended", "Started", "Updated"]
TriggerMessageStatusEnumType = Literal["Accepted", "Rejected", "NotImplemented"]
TriggerReasonEnumType = Literal[
    "AbnormalCondition",
    "Authorized",
    "CablePluggedIn",
    "ChargingRateChanged",
    "ChargingStateChanged",
    "CostLimitReached",
    "Deauthorized",
    "EnergyLimitReached",
    "EVCommunicationLost",
    "EVConnectTimeout",
    "EVDeparted",
    "EVDetected",
    "LimitSet",
    "MeterValueClock",
    "MeterValuePeriodic",
    "OperationModeChanged",
    "RemoteStart",
    "RemoteStop",
    "ResetCommand",
    "RunningCost",
    "SignedDataReceived",
    "SoCLimitReached",
    "StopAuthorized",
    "TariffChanged",
    "TariffNotAccepted",
    "TimeLimitReached",
    "Trigger",
    "TxResumed",
    "UnlockCommand",
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
    energy_amount: float
    ev_min_current: float
    ev_max_current: float
    ev_max_voltage: float
    custom_data: CustomData | UnsetType = UNSET


class APNType(Payload, kw_only=True, frozen=True):
    apn: Str2000
    apn_authentication: APNAuthenticationEnumType
    apn_user_name: Str50 | UnsetType = UNSET
    apn_password: Str64 | UnsetType = UNSET
    sim_pin: int | UnsetType = UNSET
    preferred_network: Str6 | UnsetType = UNSET
    use_only_preferred_network: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AbsolutePriceScheduleType(Payload, kw_only=True, frozen=True):
    time_anchor: Timestamp
    price_schedule_id: IntFrom0 = field(name="priceScheduleID")
    currency: Str3
    language: Str8
    price_algorithm: Str2000
    price_rule_stacks: OneTo1024[PriceRuleStackType]
    price_schedule_description: Str160 | UnsetType = UNSET
    minimum_cost: RationalNumberType | UnsetType = UNSET
    maximum_cost: RationalNumberType | UnsetType = UNSET
    tax_rules: OneTo10[TaxRuleType] | UnsetType = UNSET
    overstay_rule_list: OverstayRuleListType | UnsetType = UNSET
    additional_selected_services: OneTo5[AdditionalSelectedServicesType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AdditionalInfoType(Payload, kw_only=True, frozen=True):
    additional_id_token: Str255
    type: Str50
    custom_data: CustomData | UnsetType = UNSET


class AdditionalSelectedServicesType(Payload, kw_only=True, frozen=True):
    service_fee: RationalNumberType
    service_name: Str80
    custom_data: CustomData | UnsetType = UNSET


class AddressType(Payload, kw_only=True, frozen=True):
    name: Str50
    address1: Str100
    city: Str100
    country: Str50
    address2: Str100 | UnsetType = UNSET
    postal_code: Str20 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AuthorizationData(Payload, kw_only=True, frozen=True):
    id_token: IdTokenType
    id_token_info: IdTokenInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class BatteryDataType(Payload, kw_only=True, frozen=True):
    evse_id: IntFrom0
    serial_number: Str50
    so_c: FloatFrom0To100
    so_h: FloatFrom0To100
    production_date: Timestamp | UnsetType = UNSET
    vendor_info: Str500 | UnsetType = UNSET
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


class CertificateStatusRequestInfoType(Payload, kw_only=True, frozen=True):
    certificate_hash_data: CertificateHashDataType
    source: CertificateStatusSourceEnumType
    urls: OneTo5[Str2000]
    custom_data: CustomData | UnsetType = UNSET


class CertificateStatusType(Payload, kw_only=True, frozen=True):
    certificate_hash_data: CertificateHashDataType
    source: CertificateStatusSourceEnumType
    status: CertificateStatusEnumType
    next_update: Timestamp
    custom_data: CustomData | UnsetType = UNSET


class ChargingLimitType(Payload, kw_only=True, frozen=True):
    charging_limit_source: Str20
    is_local_generation: bool | UnsetType = UNSET
    is_grid_critical: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingNeedsType(Payload, kw_only=True, frozen=True):
    requested_energy_transfer: EnergyTransferModeEnumType
    ac_charging_parameters: ACChargingParametersType | UnsetType = UNSET
    der_charging_parameters: DERChargingParametersType | UnsetType = UNSET
    ev_energy_offer: EVEnergyOfferType | UnsetType = UNSET
    dc_charging_parameters: DCChargingParametersType | UnsetType = UNSET
    v2x_charging_parameters: V2XChargingParametersType | UnsetType = UNSET
    available_energy_transfer: NonEmpty[EnergyTransferModeEnumType] | UnsetType = UNSET
    control_mode: ControlModeEnumType | UnsetType = UNSET
    mobility_needs_mode: MobilityNeedsModeEnumType | UnsetType = UNSET
    departure_time: Timestamp | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingPeriodType(Payload, kw_only=True, frozen=True):
    start_period: Timestamp
    dimensions: NonEmpty[CostDimensionType] | UnsetType = UNSET
    tariff_id: Str60 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingProfileCriterionType(Payload, kw_only=True, frozen=True):
    charging_profile_purpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stack_level: IntFrom0 | UnsetType = UNSET
    charging_profile_id: NonEmpty[int] | UnsetType = UNSET
    charging_limit_source: OneTo4[Str20] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingProfileType(Payload, kw_only=True, frozen=True):
    id: int
    stack_level: IntFrom0
    charging_profile_purpose: ChargingProfilePurposeEnumType
    charging_profile_kind: ChargingProfileKindEnumType
    charging_schedule: OneTo3[ChargingScheduleType]
    recurrency_kind: RecurrencyKindEnumType | UnsetType = UNSET
    valid_from: Timestamp | UnsetType = UNSET
    valid_to: Timestamp | UnsetType = UNSET
    transaction_id: Str36 | UnsetType = UNSET
    max_offline_duration: int | UnsetType = UNSET
    invalid_after_offline_duration: bool | UnsetType = UNSET
    dyn_update_interval: int | UnsetType = UNSET
    dyn_update_time: Timestamp | UnsetType = UNSET
    price_schedule_signature: Str256 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingSchedulePeriodType(Payload, kw_only=True, frozen=True):
    start_period: int
    limit: float | UnsetType = UNSET
    limit_l2: float | UnsetType = field(default=UNSET, name="limit_L2")
    limit_l3: float | UnsetType = field(default=UNSET, name="limit_L3")
    number_phases: IntFrom0To3 | UnsetType = UNSET
    phase_to_use: IntFrom0To3 | UnsetType = UNSET
    discharge_limit: FloatTo0 | UnsetType = UNSET
    discharge_limit_l2: FloatTo0 | UnsetType = field(default=UNSET, name="dischargeLimit_L2")
    discharge_limit_l3: FloatTo0 | UnsetType = field(default=UNSET, name="dischargeLimit_L3")
    setpoint: float | UnsetType = UNSET
    setpoint_l2: float | UnsetType = field(default=UNSET, name="setpoint_L2")
    setpoint_l3: float | UnsetType = field(default=UNSET, name="setpoint_L3")
    setpoint_reactive: float | UnsetType = UNSET
    setpoint_reactive_l2: float | UnsetType = field(default=UNSET, name="setpointReactive_L2")
    setpoint_reactive_l3: float | UnsetType = field(default=UNSET, name="setpointReactive_L3")
    preconditioning_request: bool | UnsetType = UNSET
    evse_sleep: bool | UnsetType = UNSET
    v2x_baseline: float | UnsetType = UNSET
    operation_mode: OperationModeEnumType | UnsetType = UNSET
    v2x_freq_watt_curve: OneTo20[V2XFreqWattPointType] | UnsetType = UNSET
    v2x_signal_watt_curve: OneTo20[V2XSignalWattPointType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingScheduleType(Payload, kw_only=True, frozen=True):
    id: int
    charging_rate_unit: ChargingRateUnitEnumType
    charging_schedule_period: OneTo1024[ChargingSchedulePeriodType]
    limit_at_so_c: LimitAtSoCType | UnsetType = UNSET
    start_schedule: Timestamp | UnsetType = UNSET
    duration: int | UnsetType = UNSET
    min_charging_rate: float | UnsetType = UNSET
    power_tolerance: float | UnsetType = UNSET
    signature_id: IntFrom0 | UnsetType = UNSET
    digest_value: Str88 | UnsetType = UNSET
    use_local_time: bool | UnsetType = UNSET
    randomized_delay: IntFrom0 | UnsetType = UNSET
    sales_tariff: SalesTariffType | UnsetType = UNSET
    absolute_price_schedule: AbsolutePriceScheduleType | UnsetType = UNSET
    price_level_schedule: PriceLevelScheduleType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChargingScheduleUpdateType(Payload, kw_only=True, frozen=True):
    limit: float | UnsetType = UNSET
    limit_l2: float | UnsetType = field(default=UNSET, name="limit_L2")
    limit_l3: float | UnsetType = field(default=UNSET, name="limit_L3")
    discharge_limit: FloatTo0 | UnsetType = UNSET
    discharge_limit_l2: FloatTo0 | UnsetType = field(default=UNSET, name="dischargeLimit_L2")
    discharge_limit_l3: FloatTo0 | UnsetType = field(default=UNSET, name="dischargeLimit_L3")
    setpoint: float | UnsetType = UNSET
    setpoint_l2: float | UnsetType = field(default=UNSET, name="setpoint_L2")
    setpoint_l3: float | UnsetType = field(default=UNSET, name="setpoint_L3")
    setpoint_reactive: float | UnsetType = UNSET
    setpoint_reactive_l2: float | UnsetType = field(default=UNSET, name="setpointReactive_L2")
    setpoint_reactive_l3: float | UnsetType = field(default=UNSET, name="setpointReactive_L3")
    custom_data: CustomData | UnsetType = UNSET


class ChargingStationType(Payload, kw_only=True, frozen=True):
    model: Str20
    vendor_name: Str50
    serial_number: Str25 | UnsetType = UNSET
    modem: ModemType | UnsetType = UNSET
    firmware_version: Str50 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearChargingProfileType(Payload, kw_only=True, frozen=True):
    evse_id: IntFrom0 | UnsetType = UNSET
    charging_profile_purpose: ChargingProfilePurposeEnumType | UnsetType = UNSET
    stack_level: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearMonitoringResultType(Payload, kw_only=True, frozen=True):
    status: ClearMonitoringStatusEnumType
    id: IntFrom0
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearTariffsResultType(Payload, kw_only=True, frozen=True):
    status: TariffClearStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    tariff_id: Str60 | UnsetType = UNSET
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
    evse_id: IntFrom0
    duration: int
    schedule_start: Timestamp
    charging_rate_unit: ChargingRateUnitEnumType
    charging_schedule_period: NonEmpty[ChargingSchedulePeriodType]
    custom_data: CustomData | UnsetType = UNSET


class ConstantStreamDataType(Payload, kw_only=True, frozen=True):
    id: IntFrom0
    params: PeriodicEventStreamParamsType
    variable_monitoring_id: IntFrom0
    custom_data: CustomData | UnsetType = UNSET


class ConsumptionCostType(Payload, kw_only=True, frozen=True):
    start_value: float
    cost: OneTo3[CostType]
    custom_data: CustomData | UnsetType = UNSET


class CostDetailsType(Payload, kw_only=True, frozen=True):
    total_cost: TotalCostType
    total_usage: TotalUsageType
    charging_periods: NonEmpty[ChargingPeriodType] | UnsetType = UNSET
    failure_to_calculate: bool | UnsetType = UNSET
    failure_reason: Str500 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class CostDimensionType(Payload, kw_only=True, frozen=True):
    type: CostDimensionEnumType
    volume: float
    custom_data: CustomData | UnsetType = UNSET


class CostType(Payload, kw_only=True, frozen=True):
    cost_kind: CostKindEnumType
    amount: int
    amount_multiplier: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DCChargingParametersType(Payload, kw_only=True, frozen=True):
    ev_max_current: float
    ev_max_voltage: float
    ev_max_power: float | UnsetType = UNSET
    ev_energy_capacity: float | UnsetType = UNSET
    energy_amount: float | UnsetType = UNSET
    state_of_charge: IntFrom0To100 | UnsetType = UNSET
    full_so_c: IntFrom0To100 | UnsetType = UNSET
    bulk_so_c: IntFrom0To100 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DERChargingParametersType(Payload, kw_only=True, frozen=True):
    ev_supported_der_control: NonEmpty[DERControlEnumType] | UnsetType = field(
        default=UNSET, name="evSupportedDERControl"
    )
    ev_over_excited_max_discharge_power: float | UnsetType = UNSET
    ev_over_excited_power_factor: float | UnsetType = UNSET
    ev_under_excited_max_discharge_power: float | UnsetType = UNSET
    ev_under_excited_power_factor: float | UnsetType = UNSET
    max_apparent_power: float | UnsetType = UNSET
    max_charge_apparent_power: float | UnsetType = UNSET
    max_charge_apparent_power_l2: float | UnsetType = field(
        default=UNSET, name="maxChargeApparentPower_L2"
    )
    max_charge_apparent_power_l3: float | UnsetType = field(
        default=UNSET, name="maxChargeApparentPower_L3"
    )
    max_discharge_apparent_power: float | UnsetType = UNSET
    max_discharge_apparent_power_l2: float | UnsetType = field(
        default=UNSET, name="maxDischargeApparentPower_L2"
    )
    max_discharge_apparent_power_l3: float | UnsetType = field(
        default=UNSET, name="maxDischargeApparentPower_L3"
    )
    max_charge_reactive_power: float | UnsetType = UNSET
    max_charge_reactive_power_l2: float | UnsetType = field(
        default=UNSET, name="maxChargeReactivePower_L2"
    )
    max_charge_reactive_power_l3: float | UnsetType = field(
        default=UNSET, name="maxChargeReactivePower_L3"
    )
    min_charge_reactive_power: float | UnsetType = UNSET
    min_charge_reactive_power_l2: float | UnsetType = field(
        default=UNSET, name="minChargeReactivePower_L2"
    )
    min_charge_reactive_power_l3: float | UnsetType = field(
        default=UNSET, name="minChargeReactivePower_L3"
    )
    max_discharge_reactive_power: float | UnsetType = UNSET
    max_discharge_reactive_power_l2: float | UnsetType = field(
        default=UNSET, name="maxDischargeReactivePower_L2"
    )
    max_discharge_reactive_power_l3: float | UnsetType = field(
        default=UNSET, name="maxDischargeReactivePower_L3"
    )
    min_discharge_reactive_power: float | UnsetType = UNSET
    min_discharge_reactive_power_l2: float | UnsetType = field(
        default=UNSET, name="minDischargeReactivePower_L2"
    )
    min_discharge_reactive_power_l3: float | UnsetType = field(
        default=UNSET, name="minDischargeReactivePower_L3"
    )
    nominal_voltage: float | UnsetType = UNSET
    nominal_voltage_offset: float | UnsetType = UNSET
    max_nominal_voltage: float | UnsetType = UNSET
    min_nominal_voltage: float | UnsetType = UNSET
    ev_inverter_manufacturer: Str50 | UnsetType = UNSET
    ev_inverter_model: Str50 | UnsetType = UNSET
    ev_inverter_serial_number: Str50 | UnsetType = UNSET
    ev_inverter_sw_version: Str50 | UnsetType = UNSET
    ev_inverter_hw_version: Str50 | UnsetType = UNSET
    ev_islanding_detection_method: NonEmpty[IslandingDetectionEnumType] | UnsetType = UNSET
    ev_islanding_trip_time: float | UnsetType = UNSET
    ev_maximum_level1_dc_injection: float | UnsetType = field(
        default=UNSET, name="evMaximumLevel1DCInjection"
    )
    ev_duration_level1_dc_injection: float | UnsetType = field(
        default=UNSET, name="evDurationLevel1DCInjection"
    )
    ev_maximum_level2_dc_injection: float | UnsetType = field(
        default=UNSET, name="evMaximumLevel2DCInjection"
    )
    ev_duration_level2_dc_injection: float | UnsetType = field(
        default=UNSET, name="evDurationLevel2DCInjection"
    )
    ev_reactive_susceptance: float | UnsetType = UNSET
    ev_session_total_discharge_energy_available: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class DERCurveGetType(Payload, kw_only=True, frozen=True):
    curve: DERCurveType
    id: Str36
    curve_type: DERControlEnumType
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | UnsetType = UNSET


class DERCurvePointsType(Payload, kw_only=True, frozen=True):
    x: float
    y: float
    custom_data: CustomData | UnsetType = UNSET


class DERCurveType(Payload, kw_only=True, frozen=True):
    curve_data: OneTo10[DERCurvePointsType]
    priority: IntFrom0
    y_unit: DERUnitEnumType
    hysteresis: HysteresisType | UnsetType = UNSET
    reactive_power_params: ReactivePowerParamsType | UnsetType = UNSET
    voltage_params: VoltageParamsType | UnsetType = UNSET
    response_time: float | UnsetType = UNSET
    start_time: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class EVAbsolutePriceScheduleEntryType(Payload, kw_only=True, frozen=True):
    duration: int
    ev_price_rule: OneTo8[EVPriceRuleType]
    custom_data: CustomData | UnsetType = UNSET


class EVAbsolutePriceScheduleType(Payload, kw_only=True, frozen=True):
    time_anchor: Timestamp
    currency: Str3
    ev_absolute_price_schedule_entries: OneTo1024[EVAbsolutePriceScheduleEntryType]
    price_algorithm: Str2000
    custom_data: CustomData | UnsetType = UNSET


class EVEnergyOfferType(Payload, kw_only=True, frozen=True):
    ev_power_schedule: EVPowerScheduleType
    ev_absolute_price_schedule: EVAbsolutePriceScheduleType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class EVPowerScheduleEntryType(Payload, kw_only=True, frozen=True):
    duration: int
    power: float
    custom_data: CustomData | UnsetType = UNSET


class EVPowerScheduleType(Payload, kw_only=True, frozen=True):
    ev_power_schedule_entries: OneTo1024[EVPowerScheduleEntryType]
    time_anchor: Timestamp
    custom_data: CustomData | UnsetType = UNSET


class EVPriceRuleType(Payload, kw_only=True, frozen=True):
    energy_fee: float
    power_range_start: float
    custom_data: CustomData | UnsetType = UNSET


class EVSEType(Payload, kw_only=True, frozen=True):
    id: IntFrom0
    connector_id: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class EnterServiceGetType(Payload, kw_only=True, frozen=True):
    enter_service: EnterServiceType
    id: Str36
    custom_data: CustomData | UnsetType = UNSET


class EnterServiceType(Payload, kw_only=True, frozen=True):
    priority: IntFrom0
    high_voltage: float
    low_voltage: float
    high_freq: float
    low_freq: float
    delay: float | UnsetType = UNSET
    random_delay: float | UnsetType = UNSET
    ramp_rate: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class EventDataType(Payload, kw_only=True, frozen=True):
    event_id: IntFrom0
    timestamp: Timestamp
    trigger: EventTriggerEnumType
    actual_value: Str2500
    component: ComponentType
    event_notification_type: EventNotificationEnumType
    variable: VariableType
    cause: IntFrom0 | UnsetType = UNSET
    tech_code: Str50 | UnsetType = UNSET
    tech_info: Str500 | UnsetType = UNSET
    cleared: bool | UnsetType = UNSET
    transaction_id: Str36 | UnsetType = UNSET
    variable_monitoring_id: IntFrom0 | UnsetType = UNSET
    severity: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class FirmwareType(Payload, kw_only=True, frozen=True):
    location: Str2000
    retrieve_date_time: Timestamp
    install_date_time: Timestamp | UnsetType = UNSET
    signing_certificate: Str5500 | UnsetType = UNSET
    signature: Str800 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class FixedPFGetType(Payload, kw_only=True, frozen=True):
    fixed_pf: FixedPFType = field(name="fixedPF")
    id: Str36
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | UnsetType = UNSET


class FixedPFType(Payload, kw_only=True, frozen=True):
    priority: IntFrom0
    displacement: float
    excitation: bool
    start_time: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class FixedVarGetType(Payload, kw_only=True, frozen=True):
    fixed_var: FixedVarType
    id: Str36
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | UnsetType = UNSET


class FixedVarType(Payload, kw_only=True, frozen=True):
    priority: IntFrom0
    setpoint: float
    unit: DERUnitEnumType
    start_time: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class FreqDroopGetType(Payload, kw_only=True, frozen=True):
    freq_droop: FreqDroopType
    id: Str36
    is_default: bool
    is_superseded: bool
    custom_data: CustomData | UnsetType = UNSET


class FreqDroopType(Payload, kw_only=True, frozen=True):
    priority: IntFrom0
    over_freq: float
    under_freq: float
    over_droop: float
    under_droop: float
    response_time: float
    start_time: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
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


class GradientGetType(Payload, kw_only=True, frozen=True):
    gradient: GradientType
    id: Str36
    custom_data: CustomData | UnsetType = UNSET


class GradientType(Payload, kw_only=True, frozen=True):
    priority: IntFrom0
    gradient: float
    soft_gradient: float
    custom_data: CustomData | UnsetType = UNSET


class HysteresisType(Payload, kw_only=True, frozen=True):
    hysteresis_high: float | UnsetType = UNSET
    hysteresis_low: float | UnsetType = UNSET
    hysteresis_delay: float | UnsetType = UNSET
    hysteresis_gradient: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class IdTokenInfoType(Payload, kw_only=True, frozen=True):
    status: AuthorizationStatusEnumType
    cache_expiry_date_time: Timestamp | UnsetType = UNSET
    charging_priority: int | UnsetType = UNSET
    group_id_token: IdTokenType | UnsetType = UNSET
    language1: Str8 | UnsetType = UNSET
    language2: Str8 | UnsetType = UNSET
    evse_id: NonEmpty[IntFrom0] | UnsetType = UNSET
    personal_message: MessageContentType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class IdTokenType(Payload, kw_only=True, frozen=True):
    id_token: Str255
    type: Str20
    additional_info: NonEmpty[AdditionalInfoType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class LimitAtSoCType(Payload, kw_only=True, frozen=True):
    soc: IntFrom0To100
    limit: float
    custom_data: CustomData | UnsetType = UNSET


class LimitMaxDischargeGetType(Payload, kw_only=True, frozen=True):
    id: Str36
    is_default: bool
    is_superseded: bool
    limit_max_discharge: LimitMaxDischargeType
    custom_data: CustomData | UnsetType = UNSET


class LimitMaxDischargeType(Payload, kw_only=True, frozen=True):
    priority: IntFrom0
    pct_max_discharge_power: float | UnsetType = UNSET
    power_monitoring_must_trip: DERCurveType | UnsetType = UNSET
    start_time: Timestamp | UnsetType = UNSET
    duration: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class LogParametersType(Payload, kw_only=True, frozen=True):
    remote_location: Str2000
    oldest_timestamp: Timestamp | UnsetType = UNSET
    latest_timestamp: Timestamp | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class MessageContentType(Payload, kw_only=True, frozen=True):
    format: MessageFormatEnumType
    content: Str1024
    language: Str8 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class MessageInfoType(Payload, kw_only=True, frozen=True):
    id: IntFrom0
    priority: MessagePriorityEnumType
    message: MessageContentType
    display: ComponentType | UnsetType = UNSET
    state: MessageStateEnumType | UnsetType = UNSET
    start_date_time: Timestamp | UnsetType = UNSET
    end_date_time: Timestamp | UnsetType = UNSET
    transaction_id: Str36 | UnsetType = UNSET
    message_extra: OneTo4[MessageContentType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


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
    ocpp_interface: OCPPInterfaceEnumType
    ocpp_transport: OCPPTransportEnumType
    message_timeout: int
    ocpp_csms_url: Str2000
    security_profile: IntFrom0
    apn: APNType | UnsetType = UNSET
    ocpp_version: OCPPVersionEnumType | UnsetType = UNSET
    identity: Str48 | UnsetType = UNSET
    basic_auth_password: Str64 | UnsetType = UNSET
    vpn: VPNType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class OCSPRequestDataType(Payload, kw_only=True, frozen=True):
    hash_algorithm: HashAlgorithmEnumType
    issuer_name_hash: Str128
    issuer_key_hash: Str128
    serial_number: Str40
    responder_url: Str2000 = field(name="responderURL")
    custom_data: CustomData | UnsetType = UNSET


class OverstayRuleListType(Payload, kw_only=True, frozen=True):
    overstay_rule: OneTo5[OverstayRuleType]
    overstay_power_threshold: RationalNumberType | UnsetType = UNSET
    overstay_time_threshold: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class OverstayRuleType(Payload, kw_only=True, frozen=True):
    overstay_fee: RationalNumberType
    start_time: int
    overstay_fee_period: int
    overstay_rule_description: Str32 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PeriodicEventStreamParamsType(Payload, kw_only=True, frozen=True):
    interval: IntFrom0 | UnsetType = UNSET
    values: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PriceLevelScheduleEntryType(Payload, kw_only=True, frozen=True):
    duration: int
    price_level: IntFrom0
    custom_data: CustomData | UnsetType = UNSET


class PriceLevelScheduleType(Payload, kw_only=True, frozen=True):
    price_level_schedule_entries: OneTo100[PriceLevelScheduleEntryType]
    time_anchor: Timestamp
    price_schedule_id: IntFrom0
    number_of_price_levels: IntFrom0
    price_schedule_description: Str32 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PriceRuleStackType(Payload, kw_only=True, frozen=True):
    duration: int
    price_rule: OneTo8[PriceRuleType]
    custom_data: CustomData | UnsetType = UNSET


class PriceRuleType(Payload, kw_only=True, frozen=True):
    energy_fee: RationalNumberType
    power_range_start: RationalNumberType
    parking_fee_period: int | UnsetType = UNSET
    carbon_dioxide_emission: IntFrom0 | UnsetType = UNSET
    renewable_generation_percentage: IntFrom0To100 | UnsetType = UNSET
    parking_fee: RationalNumberType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PriceType(Payload, kw_only=True, frozen=True):
    excl_tax: float | UnsetType = UNSET
    incl_tax: float | UnsetType = UNSET
    tax_rates: OneTo5[TaxRateType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class RationalNumberType(Payload, kw_only=True, frozen=True):
    exponent: int
    value: int
    custom_data: CustomData | UnsetType = UNSET


class ReactivePowerParamsType(Payload, kw_only=True, frozen=True):
    v_ref: float | UnsetType = UNSET
    autonomous_v_ref_enable: bool | UnsetType = UNSET
    autonomous_v_ref_time_constant: float | UnsetType = UNSET
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
    id: IntFrom0
    sales_tariff_entry: OneTo1024[SalesTariffEntryType]
    sales_tariff_description: Str32 | UnsetType = UNSET
    num_e_price_levels: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SampledValueType(Payload, kw_only=True, frozen=True):
    value: float
    measurand: MeasurandEnumType | UnsetType = UNSET
    context: ReadingContextEnumType | UnsetType = UNSET
    phase: PhaseEnumType | UnsetType = UNSET
    location: LocationEnumType | UnsetType = UNSET
    signed_meter_value: SignedMeterValueType | UnsetType = UNSET
    unit_of_measure: UnitOfMeasureType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetMonitoringDataType(Payload, kw_only=True, frozen=True):
    value: float
    type: MonitorEnumType
    severity: IntFrom0
    component: ComponentType
    variable: VariableType
    id: IntFrom0 | UnsetType = UNSET
    periodic_event_stream: PeriodicEventStreamParamsType | UnsetType = UNSET
    transaction: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetMonitoringResultType(Payload, kw_only=True, frozen=True):
    status: SetMonitoringStatusEnumType
    type: MonitorEnumType
    component: ComponentType
    variable: VariableType
    severity: IntFrom0
    id: IntFrom0 | UnsetType = UNSET
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetVariableDataType(Payload, kw_only=True, frozen=True):
    attribute_value: Str2500
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
    signed_meter_data: Str32768
    encoding_method: Str50
    signing_method: Str50 | UnsetType = UNSET
    public_key: Str2500 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class StatusInfoType(Payload, kw_only=True, frozen=True):
    reason_code: Str20
    additional_info: Str1024 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class StreamDataElementType(Payload, kw_only=True, frozen=True):
    t: float
    v: Str2500
    custom_data: CustomData | UnsetType = UNSET


class TariffAssignmentType(Payload, kw_only=True, frozen=True):
    tariff_id: Str60
    tariff_kind: TariffKindEnumType
    valid_from: Timestamp | UnsetType = UNSET
    evse_ids: NonEmpty[IntFrom0] | UnsetType = UNSET
    id_tokens: NonEmpty[Str255] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffConditionsFixedType(Payload, kw_only=True, frozen=True):
    start_time_of_day: str | UnsetType = UNSET
    end_time_of_day: str | UnsetType = UNSET
    day_of_week: OneTo7[DayOfWeekEnumType] | UnsetType = UNSET
    valid_from_date: str | UnsetType = UNSET
    valid_to_date: str | UnsetType = UNSET
    evse_kind: EvseKindEnumType | UnsetType = UNSET
    payment_brand: Str20 | UnsetType = UNSET
    payment_recognition: Str20 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffConditionsType(Payload, kw_only=True, frozen=True):
    start_time_of_day: str | UnsetType = UNSET
    end_time_of_day: str | UnsetType = UNSET
    day_of_week: OneTo7[DayOfWeekEnumType] | UnsetType = UNSET
    valid_from_date: str | UnsetType = UNSET
    valid_to_date: str | UnsetType = UNSET
    evse_kind: EvseKindEnumType | UnsetType = UNSET
    min_energy: float | UnsetType = UNSET
    max_energy: float | UnsetType = UNSET
    min_current: float | UnsetType = UNSET
    max_current: float | UnsetType = UNSET
    min_power: float | UnsetType = UNSET
    max_power: float | UnsetType = UNSET
    min_time: int | UnsetType = UNSET
    max_time: int | UnsetType = UNSET
    min_charging_time: int | UnsetType = UNSET
    max_charging_time: int | UnsetType = UNSET
    min_idle_time: int | UnsetType = UNSET
    max_idle_time: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffEnergyPriceType(Payload, kw_only=True, frozen=True):
    price_kwh: float
    conditions: TariffConditionsType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffEnergyType(Payload, kw_only=True, frozen=True):
    prices: NonEmpty[TariffEnergyPriceType]
    tax_rates: OneTo5[TaxRateType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffFixedPriceType(Payload, kw_only=True, frozen=True):
    price_fixed: float
    conditions: TariffConditionsFixedType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffFixedType(Payload, kw_only=True, frozen=True):
    prices: NonEmpty[TariffFixedPriceType]
    tax_rates: OneTo5[TaxRateType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffTimePriceType(Payload, kw_only=True, frozen=True):
    price_minute: float
    conditions: TariffConditionsType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffTimeType(Payload, kw_only=True, frozen=True):
    prices: NonEmpty[TariffTimePriceType]
    tax_rates: OneTo5[TaxRateType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TariffType(Payload, kw_only=True, frozen=True):
    tariff_id: Str60
    currency: Str3
    description: OneTo10[MessageContentType] | UnsetType = UNSET
    energy: TariffEnergyType | UnsetType = UNSET
    valid_from: Timestamp | UnsetType = UNSET
    charging_time: TariffTimeType | UnsetType = UNSET
    idle_time: TariffTimeType | UnsetType = UNSET
    fixed_fee: TariffFixedType | UnsetType = UNSET
    reservation_time: TariffTimeType | UnsetType = UNSET
    reservation_fixed: TariffFixedType | UnsetType = UNSET
    min_cost: PriceType | UnsetType = UNSET
    max_cost: PriceType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TaxRateType(Payload, kw_only=True, frozen=True):
    type: Str20
    tax: float
    stack: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TaxRuleType(Payload, kw_only=True, frozen=True):
    tax_rule_id: IntFrom0 = field(name="taxRuleID")
    applies_to_energy_fee: bool
    applies_to_parking_fee: bool
    applies_to_overstay_fee: bool
    applies_to_minimum_maximum_cost: bool
    tax_rate: RationalNumberType
    tax_rule_name: Str100 | UnsetType = UNSET
    tax_included_in_price: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TotalCostType(Payload, kw_only=True, frozen=True):
    currency: Str3
    type_of_cost: TariffCostEnumType
    total: TotalPriceType
    fixed: PriceType | UnsetType = UNSET
    energy: PriceType | UnsetType = UNSET
    charging_time: PriceType | UnsetType = UNSET
    idle_time: PriceType | UnsetType = UNSET
    reservation_time: PriceType | UnsetType = UNSET
    reservation_fixed: PriceType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TotalPriceType(Payload, kw_only=True, frozen=True):
    excl_tax: float | UnsetType = UNSET
    incl_tax: float | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TotalUsageType(Payload, kw_only=True, frozen=True):
    energy: float
    charging_time: int
    idle_time: int
    reservation_time: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TransactionLimitType(Payload, kw_only=True, frozen=True):
    max_cost: float | UnsetType = UNSET
    max_energy: float | UnsetType = UNSET
    max_time: int | UnsetType = UNSET
    max_so_c: IntFrom0To100 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TransactionType(Payload, kw_only=True, frozen=True):
    transaction_id: Str36
    charging_state: ChargingStateEnumType | UnsetType = UNSET
    time_spent_charging: int | UnsetType = UNSET
    stopped_reason: ReasonEnumType | UnsetType = UNSET
    remote_start_id: int | UnsetType = UNSET
    operation_mode: OperationModeEnumType | UnsetType = UNSET
    tariff_id: Str60 | UnsetType = UNSET
    transaction_limit: TransactionLimitType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UnitOfMeasureType(Payload, kw_only=True, frozen=True):
    unit: Str20 | UnsetType = UNSET
    multiplier: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class V2XChargingParametersType(Payload, kw_only=True, frozen=True):
    min_charge_power: float | UnsetType = UNSET
    min_charge_power_l2: float | UnsetType = field(default=UNSET, name="minChargePower_L2")
    min_charge_power_l3: float | UnsetType = field(default=UNSET, name="minChargePower_L3")
    max_charge_power: float | UnsetType = UNSET
    max_charge_power_l2: float | UnsetType = field(default=UNSET, name="maxChargePower_L2")
    max_charge_power_l3: float | UnsetType = field(default=UNSET, name="maxChargePower_L3")
    min_discharge_power: float | UnsetType = UNSET
    min_discharge_power_l2: float | UnsetType = field(default=UNSET, name="minDischargePower_L2")
    min_discharge_power_l3: float | UnsetType = field(default=UNSET, name="minDischargePower_L3")
    max_discharge_power: float | UnsetType = UNSET
    max_discharge_power_l2: float | UnsetType = field(default=UNSET, name="maxDischargePower_L2")
    max_discharge_power_l3: float | UnsetType = field(default=UNSET, name="maxDischargePower_L3")
    min_charge_current: float | UnsetType = UNSET
    max_charge_current: float | UnsetType = UNSET
    min_discharge_current: float | UnsetType = UNSET
    max_discharge_current: float | UnsetType = UNSET
    min_voltage: float | UnsetType = UNSET
    max_voltage: float | UnsetType = UNSET
    ev_target_energy_request: float | UnsetType = UNSET
    ev_min_energy_request: float | UnsetType = UNSET
    ev_max_energy_request: float | UnsetType = UNSET
    ev_min_v2_x_energy_request: float | UnsetType = UNSET
    ev_max_v2_x_energy_request: float | UnsetType = UNSET
    target_so_c: IntFrom0To100 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class V2XFreqWattPointType(Payload, kw_only=True, frozen=True):
    frequency: float
    power: float
    custom_data: CustomData | UnsetType = UNSET


class V2XSignalWattPointType(Payload, kw_only=True, frozen=True):
    signal: int
    power: float
    custom_data: CustomData | UnsetType = UNSET


class VPNType(Payload, kw_only=True, frozen=True):
    server: Str2000
    user: Str50
    password: Str64
    key: Str255
    type: VPNEnumType
    group: Str50 | UnsetType = UNSET
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
    max_elements: IntFrom1 | UnsetType = UNSET
    values_list: Str1000 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class VariableMonitoringType(Payload, kw_only=True, frozen=True):
    id: IntFrom0
    transaction: bool
    value: float
    type: MonitorEnumType
    severity: IntFrom0
    event_notification_type: EventNotificationEnumType
    custom_data: CustomData | UnsetType = UNSET


class VariableType(Payload, kw_only=True, frozen=True):
    name: Str50
    instance: Str50 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class VoltageParamsType(Payload, kw_only=True, frozen=True):
    hv10_min_mean_value: float | UnsetType = UNSET
    hv10_min_mean_trip_delay: float | UnsetType = UNSET
    power_during_cessation: PowerDuringCessationEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AFRRSignalResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AFRRSignalRequest(Request[AFRRSignalResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "AFRRSignal"
    response: ClassVar[Type[AFRRSignalResponse]] = AFRRSignalResponse
    timestamp: Timestamp
    signal: int
    custom_data: CustomData | UnsetType = UNSET


class AdjustPeriodicEventStreamResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AdjustPeriodicEventStreamRequest(
    Request[AdjustPeriodicEventStreamResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "AdjustPeriodicEventStream"
    response: ClassVar[Type[AdjustPeriodicEventStreamResponse]] = AdjustPeriodicEventStreamResponse
    id: IntFrom0
    params: PeriodicEventStreamParamsType
    custom_data: CustomData | UnsetType = UNSET


class AuthorizeResponse(Response, kw_only=True, frozen=True):
    id_token_info: IdTokenInfoType
    certificate_status: AuthorizeCertificateStatusEnumType | UnsetType = UNSET
    allowed_energy_transfer: NonEmpty[EnergyTransferModeEnumType] | UnsetType = UNSET
    tariff: TariffType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class AuthorizeRequest(Request[AuthorizeResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "Authorize"
    response: ClassVar[Type[AuthorizeResponse]] = AuthorizeResponse
    id_token: IdTokenType
    certificate: Str10000 | UnsetType = UNSET
    iso15118_certificate_hash_data: OneTo4[OCSPRequestDataType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class BatterySwapResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class BatterySwapRequest(Request[BatterySwapResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "BatterySwap"
    response: ClassVar[Type[BatterySwapResponse]] = BatterySwapResponse
    battery_data: NonEmpty[BatteryDataType]
    event_type: BatterySwapEventEnumType
    id_token: IdTokenType
    request_id: int
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
    reservation_id: IntFrom0
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
    request_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


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


class ChangeTransactionTariffResponse(Response, kw_only=True, frozen=True):
    status: TariffChangeStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ChangeTransactionTariffRequest(
    Request[ChangeTransactionTariffResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ChangeTransactionTariff"
    response: ClassVar[Type[ChangeTransactionTariffResponse]] = ChangeTransactionTariffResponse
    tariff: TariffType
    transaction_id: Str36
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


class ClearDERControlResponse(Response, kw_only=True, frozen=True):
    status: DERControlStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearDERControlRequest(Request[ClearDERControlResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearDERControl"
    response: ClassVar[Type[ClearDERControlResponse]] = ClearDERControlResponse
    is_default: bool
    control_type: DERControlEnumType | UnsetType = UNSET
    control_id: Str36 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearDisplayMessageResponse(Response, kw_only=True, frozen=True):
    status: ClearMessageStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearDisplayMessageRequest(Request[ClearDisplayMessageResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearDisplayMessage"
    response: ClassVar[Type[ClearDisplayMessageResponse]] = ClearDisplayMessageResponse
    id: IntFrom0
    custom_data: CustomData | UnsetType = UNSET


class ClearTariffsResponse(Response, kw_only=True, frozen=True):
    clear_tariffs_result: NonEmpty[ClearTariffsResultType]
    custom_data: CustomData | UnsetType = UNSET


class ClearTariffsRequest(Request[ClearTariffsResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearTariffs"
    response: ClassVar[Type[ClearTariffsResponse]] = ClearTariffsResponse
    tariff_ids: NonEmpty[Str60] | UnsetType = UNSET
    evse_id: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClearVariableMonitoringResponse(Response, kw_only=True, frozen=True):
    clear_monitoring_result: NonEmpty[ClearMonitoringResultType]
    custom_data: CustomData | UnsetType = UNSET


class ClearVariableMonitoringRequest(
    Request[ClearVariableMonitoringResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ClearVariableMonitoring"
    response: ClassVar[Type[ClearVariableMonitoringResponse]] = ClearVariableMonitoringResponse
    id: NonEmpty[IntFrom0]
    custom_data: CustomData | UnsetType = UNSET


class ClearedChargingLimitResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class ClearedChargingLimitRequest(Request[ClearedChargingLimitResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ClearedChargingLimit"
    response: ClassVar[Type[ClearedChargingLimitResponse]] = ClearedChargingLimitResponse
    charging_limit_source: Str20
    evse_id: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ClosePeriodicEventStreamResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class ClosePeriodicEventStreamRequest(
    Request[ClosePeriodicEventStreamResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ClosePeriodicEventStream"
    response: ClassVar[Type[ClosePeriodicEventStreamResponse]] = ClosePeriodicEventStreamResponse
    id: IntFrom0
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
    request_id: IntFrom0
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
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class Get15118EVCertificateResponse(Response, kw_only=True, frozen=True):
    status: Iso15118EVCertificateStatusEnumType
    exi_response: Str17000
    status_info: StatusInfoType | UnsetType = UNSET
    remaining_contracts: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class Get15118EVCertificateRequest(
    Request[Get15118EVCertificateResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "Get15118EVCertificate"
    response: ClassVar[Type[Get15118EVCertificateResponse]] = Get15118EVCertificateResponse
    iso15118_schema_version: Str50
    certificate_action: CertificateActionEnumType = field(name="action")
    exi_request: Str11000
    maximum_contract_certificate_chains: IntFrom0 | UnsetType = UNSET
    prioritized_emaids: OneTo8[Str255] | UnsetType = field(default=UNSET, name="prioritizedEMAIDs")
    custom_data: CustomData | UnsetType = UNSET


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


class GetCertificateChainStatusResponse(Response, kw_only=True, frozen=True):
    certificate_status: OneTo4[CertificateStatusType]
    custom_data: CustomData | UnsetType = UNSET


class GetCertificateChainStatusRequest(
    Request[GetCertificateChainStatusResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "GetCertificateChainStatus"
    response: ClassVar[Type[GetCertificateChainStatusResponse]] = GetCertificateChainStatusResponse
    certificate_status_requests: OneTo4[CertificateStatusRequestInfoType]
    custom_data: CustomData | UnsetType = UNSET


class GetCertificateStatusResponse(Response, kw_only=True, frozen=True):
    status: GetCertificateStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    ocsp_result: Str18000 | UnsetType = UNSET
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
    evse_id: IntFrom0 | UnsetType = UNSET
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
    evse_id: IntFrom0
    charging_rate_unit: ChargingRateUnitEnumType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetDERControlResponse(Response, kw_only=True, frozen=True):
    status: DERControlStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetDERControlRequest(Request[GetDERControlResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetDERControl"
    response: ClassVar[Type[GetDERControlResponse]] = GetDERControlResponse
    request_id: int
    is_default: bool | UnsetType = UNSET
    control_type: DERControlEnumType | UnsetType = UNSET
    control_id: Str36 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetDisplayMessagesResponse(Response, kw_only=True, frozen=True):
    status: GetDisplayMessagesStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetDisplayMessagesRequest(Request[GetDisplayMessagesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetDisplayMessages"
    response: ClassVar[Type[GetDisplayMessagesResponse]] = GetDisplayMessagesResponse
    request_id: int
    id: NonEmpty[IntFrom0] | UnsetType = UNSET
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
    retries: IntFrom0 | UnsetType = UNSET
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


class GetPeriodicEventStreamResponse(Response, kw_only=True, frozen=True):
    constant_stream_data: NonEmpty[ConstantStreamDataType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetPeriodicEventStreamRequest(
    Request[GetPeriodicEventStreamResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "GetPeriodicEventStream"
    response: ClassVar[Type[GetPeriodicEventStreamResponse]] = GetPeriodicEventStreamResponse
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


class GetTariffsResponse(Response, kw_only=True, frozen=True):
    status: TariffGetStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    tariff_assignments: NonEmpty[TariffAssignmentType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class GetTariffsRequest(Request[GetTariffsResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "GetTariffs"
    response: ClassVar[Type[GetTariffsResponse]] = GetTariffsResponse
    evse_id: IntFrom0
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
    certificate: Str10000
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
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class MeterValuesResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class MeterValuesRequest(Request[MeterValuesResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "MeterValues"
    response: ClassVar[Type[MeterValuesResponse]] = MeterValuesResponse
    evse_id: IntFrom0
    meter_value: NonEmpty[MeterValueType]
    custom_data: CustomData | UnsetType = UNSET


class NotifyAllowedEnergyTransferResponse(Response, kw_only=True, frozen=True):
    status: NotifyAllowedEnergyTransferStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyAllowedEnergyTransferRequest(
    Request[NotifyAllowedEnergyTransferResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyAllowedEnergyTransfer"
    response: ClassVar[Type[NotifyAllowedEnergyTransferResponse]] = (
        NotifyAllowedEnergyTransferResponse
    )
    transaction_id: Str36
    allowed_energy_transfer: NonEmpty[EnergyTransferModeEnumType]
    custom_data: CustomData | UnsetType = UNSET


class NotifyChargingLimitResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyChargingLimitRequest(Request[NotifyChargingLimitResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyChargingLimit"
    response: ClassVar[Type[NotifyChargingLimitResponse]] = NotifyChargingLimitResponse
    charging_limit: ChargingLimitType
    charging_schedule: NonEmpty[ChargingScheduleType] | UnsetType = UNSET
    evse_id: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyCustomerInformationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyCustomerInformationRequest(
    Request[NotifyCustomerInformationResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyCustomerInformation"
    response: ClassVar[Type[NotifyCustomerInformationResponse]] = NotifyCustomerInformationResponse
    data: Str512
    seq_no: IntFrom0
    generated_at: Timestamp
    request_id: IntFrom0
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyDERAlarmResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyDERAlarmRequest(Request[NotifyDERAlarmResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyDERAlarm"
    response: ClassVar[Type[NotifyDERAlarmResponse]] = NotifyDERAlarmResponse
    control_type: DERControlEnumType
    timestamp: Timestamp
    grid_event_fault: GridEventFaultEnumType | UnsetType = UNSET
    alarm_ended: bool | UnsetType = UNSET
    extra_info: Str200 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyDERStartStopResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyDERStartStopRequest(Request[NotifyDERStartStopResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyDERStartStop"
    response: ClassVar[Type[NotifyDERStartStopResponse]] = NotifyDERStartStopResponse
    control_id: Str36
    started: bool
    timestamp: Timestamp
    superseded_ids: OneTo24[Str36] | UnsetType = UNSET
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
    evse_id: IntFrom1
    charging_needs: ChargingNeedsType
    max_schedule_tuples: IntFrom0 | UnsetType = UNSET
    timestamp: Timestamp | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


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
    evse_id: IntFrom1
    selected_charging_schedule_id: IntFrom0 | UnsetType = UNSET
    power_tolerance_acceptance: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyEventResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyEventRequest(Request[NotifyEventResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyEvent"
    response: ClassVar[Type[NotifyEventResponse]] = NotifyEventResponse
    generated_at: Timestamp
    seq_no: IntFrom0
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
    seq_no: IntFrom0
    generated_at: Timestamp
    monitor: NonEmpty[MonitoringDataType] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyPeriodicEventStreamRequest(Request[None], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyPeriodicEventStream"
    response: ClassVar[None] = None
    data: NonEmpty[StreamDataElementType]
    id: IntFrom0
    pending: IntFrom0
    basetime: Timestamp
    custom_data: CustomData | UnsetType = UNSET


class NotifyPriorityChargingResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyPriorityChargingRequest(
    Request[NotifyPriorityChargingResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyPriorityCharging"
    response: ClassVar[Type[NotifyPriorityChargingResponse]] = NotifyPriorityChargingResponse
    transaction_id: Str36
    activated: bool
    custom_data: CustomData | UnsetType = UNSET


class NotifyReportResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyReportRequest(Request[NotifyReportResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifyReport"
    response: ClassVar[Type[NotifyReportResponse]] = NotifyReportResponse
    request_id: int
    generated_at: Timestamp
    seq_no: IntFrom0
    report_data: NonEmpty[ReportDataType] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifySettlementResponse(Response, kw_only=True, frozen=True):
    receipt_url: Str2000 | UnsetType = UNSET
    receipt_id: Str50 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifySettlementRequest(Request[NotifySettlementResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "NotifySettlement"
    response: ClassVar[Type[NotifySettlementResponse]] = NotifySettlementResponse
    psp_ref: Str255
    status: PaymentStatusEnumType
    settlement_amount: float
    settlement_time: Timestamp
    transaction_id: Str36 | UnsetType = UNSET
    status_info: Str500 | UnsetType = UNSET
    receipt_id: Str50 | UnsetType = UNSET
    receipt_url: Str2000 | UnsetType = UNSET
    vat_company: AddressType | UnsetType = UNSET
    vat_number: Str20 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class NotifyWebPaymentStartedResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class NotifyWebPaymentStartedRequest(
    Request[NotifyWebPaymentStartedResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "NotifyWebPaymentStarted"
    response: ClassVar[Type[NotifyWebPaymentStartedResponse]] = NotifyWebPaymentStartedResponse
    evse_id: IntFrom0
    timeout: int
    custom_data: CustomData | UnsetType = UNSET


class OpenPeriodicEventStreamResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class OpenPeriodicEventStreamRequest(
    Request[OpenPeriodicEventStreamResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "OpenPeriodicEventStream"
    response: ClassVar[Type[OpenPeriodicEventStreamResponse]] = OpenPeriodicEventStreamResponse
    constant_stream_data: ConstantStreamDataType
    custom_data: CustomData | UnsetType = UNSET


class PublishFirmwareResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PublishFirmwareRequest(Request[PublishFirmwareResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "PublishFirmware"
    response: ClassVar[Type[PublishFirmwareResponse]] = PublishFirmwareResponse
    location: Str2000
    checksum: Str32
    request_id: IntFrom0
    retries: IntFrom0 | UnsetType = UNSET
    retry_interval: IntFrom0 | UnsetType = UNSET
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
    location: NonEmpty[Str2000] | UnsetType = UNSET
    request_id: IntFrom0 | UnsetType = UNSET
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PullDynamicScheduleUpdateResponse(Response, kw_only=True, frozen=True):
    status: ChargingProfileStatusEnumType
    schedule_update: ChargingScheduleUpdateType | UnsetType = UNSET
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class PullDynamicScheduleUpdateRequest(
    Request[PullDynamicScheduleUpdateResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "PullDynamicScheduleUpdate"
    response: ClassVar[Type[PullDynamicScheduleUpdateResponse]] = PullDynamicScheduleUpdateResponse
    charging_profile_id: int
    custom_data: CustomData | UnsetType = UNSET


class ReportChargingProfilesResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class ReportChargingProfilesRequest(
    Request[ReportChargingProfilesResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "ReportChargingProfiles"
    response: ClassVar[Type[ReportChargingProfilesResponse]] = ReportChargingProfilesResponse
    request_id: int
    charging_limit_source: Str20
    charging_profile: NonEmpty[ChargingProfileType]
    evse_id: IntFrom0
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ReportDERControlResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class ReportDERControlRequest(Request[ReportDERControlResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ReportDERControl"
    response: ClassVar[Type[ReportDERControlResponse]] = ReportDERControlResponse
    request_id: int
    curve: OneTo24[DERCurveGetType] | UnsetType = UNSET
    enter_service: OneTo24[EnterServiceGetType] | UnsetType = UNSET
    fixed_pf_absorb: OneTo24[FixedPFGetType] | UnsetType = field(
        default=UNSET, name="fixedPFAbsorb"
    )
    fixed_pf_inject: OneTo24[FixedPFGetType] | UnsetType = field(
        default=UNSET, name="fixedPFInject"
    )
    fixed_var: OneTo24[FixedVarGetType] | UnsetType = UNSET
    freq_droop: OneTo24[FreqDroopGetType] | UnsetType = UNSET
    gradient: OneTo24[GradientGetType] | UnsetType = UNSET
    limit_max_discharge: OneTo24[LimitMaxDischargeGetType] | UnsetType = UNSET
    tbc: bool | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class RequestBatterySwapResponse(Response, kw_only=True, frozen=True):
    status: GenericStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class RequestBatterySwapRequest(Request[RequestBatterySwapResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "RequestBatterySwap"
    response: ClassVar[Type[RequestBatterySwapResponse]] = RequestBatterySwapResponse
    id_token: IdTokenType
    request_id: int
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
    evse_id: IntFrom1 | UnsetType = UNSET
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
    reservation_id: IntFrom0
    reservation_update_status: ReservationUpdateStatusEnumType
    custom_data: CustomData | UnsetType = UNSET


class ReserveNowResponse(Response, kw_only=True, frozen=True):
    status: ReserveNowStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class ReserveNowRequest(Request[ReserveNowResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "ReserveNow"
    response: ClassVar[Type[ReserveNowResponse]] = ReserveNowResponse
    id: IntFrom0
    expiry_date_time: Timestamp
    id_token: IdTokenType
    connector_type: Str20 | UnsetType = UNSET
    evse_id: IntFrom0 | UnsetType = UNSET
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
    evse_id: IntFrom0 | UnsetType = UNSET
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
    evse_id: IntFrom0
    charging_profile: ChargingProfileType
    custom_data: CustomData | UnsetType = UNSET


class SetDERControlResponse(Response, kw_only=True, frozen=True):
    status: DERControlStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    superseded_ids: OneTo24[Str36] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetDERControlRequest(Request[SetDERControlResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetDERControl"
    response: ClassVar[Type[SetDERControlResponse]] = SetDERControlResponse
    is_default: bool
    control_id: Str36
    control_type: DERControlEnumType
    curve: DERCurveType | UnsetType = UNSET
    enter_service: EnterServiceType | UnsetType = UNSET
    fixed_pf_absorb: FixedPFType | UnsetType = field(default=UNSET, name="fixedPFAbsorb")
    fixed_pf_inject: FixedPFType | UnsetType = field(default=UNSET, name="fixedPFInject")
    fixed_var: FixedVarType | UnsetType = UNSET
    freq_droop: FreqDroopType | UnsetType = UNSET
    gradient: GradientType | UnsetType = UNSET
    limit_max_discharge: LimitMaxDischargeType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetDefaultTariffResponse(Response, kw_only=True, frozen=True):
    status: TariffSetStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class SetDefaultTariffRequest(Request[SetDefaultTariffResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "SetDefaultTariff"
    response: ClassVar[Type[SetDefaultTariffResponse]] = SetDefaultTariffResponse
    evse_id: IntFrom0
    tariff: TariffType
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
    severity: IntFrom0
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
    hash_root_certificate: CertificateHashDataType | UnsetType = UNSET
    request_id: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class StatusNotificationResponse(Response, kw_only=True, frozen=True):
    custom_data: CustomData | UnsetType = UNSET


class StatusNotificationRequest(Request[StatusNotificationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "StatusNotification"
    response: ClassVar[Type[StatusNotificationResponse]] = StatusNotificationResponse
    timestamp: Timestamp
    connector_status: ConnectorStatusEnumType
    evse_id: IntFrom0
    connector_id: IntFrom0
    custom_data: CustomData | UnsetType = UNSET


class TransactionEventResponse(Response, kw_only=True, frozen=True):
    total_cost: float | UnsetType = UNSET
    charging_priority: int | UnsetType = UNSET
    id_token_info: IdTokenInfoType | UnsetType = UNSET
    transaction_limit: TransactionLimitType | UnsetType = UNSET
    updated_personal_message: MessageContentType | UnsetType = UNSET
    updated_personal_message_extra: OneTo4[MessageContentType] | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TransactionEventRequest(Request[TransactionEventResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "TransactionEvent"
    response: ClassVar[Type[TransactionEventResponse]] = TransactionEventResponse
    event_type: TransactionEventEnumType
    timestamp: Timestamp
    trigger_reason: TriggerReasonEnumType
    seq_no: IntFrom0
    transaction_info: TransactionType
    cost_details: CostDetailsType | UnsetType = UNSET
    meter_value: NonEmpty[MeterValueType] | UnsetType = UNSET
    offline: bool | UnsetType = UNSET
    number_of_phases_used: IntFrom0To3 | UnsetType = UNSET
    cable_max_current: int | UnsetType = UNSET
    reservation_id: IntFrom0 | UnsetType = UNSET
    preconditioning_status: PreconditioningStatusEnumType | UnsetType = UNSET
    evse_sleep: bool | UnsetType = UNSET
    evse: EVSEType | UnsetType = UNSET
    id_token: IdTokenType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TriggerMessageResponse(Response, kw_only=True, frozen=True):
    status: TriggerMessageStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class TriggerMessageRequest(Request[TriggerMessageResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "TriggerMessage"
    response: ClassVar[Type[TriggerMessageResponse]] = TriggerMessageResponse
    requested_message: MessageTriggerEnumType
    evse: EVSEType | UnsetType = UNSET
    custom_trigger: Str50 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UnlockConnectorResponse(Response, kw_only=True, frozen=True):
    status: UnlockStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UnlockConnectorRequest(Request[UnlockConnectorResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UnlockConnector"
    response: ClassVar[Type[UnlockConnectorResponse]] = UnlockConnectorResponse
    evse_id: IntFrom0
    connector_id: IntFrom0
    custom_data: CustomData | UnsetType = UNSET


class UnpublishFirmwareResponse(Response, kw_only=True, frozen=True):
    status: UnpublishFirmwareStatusEnumType
    custom_data: CustomData | UnsetType = UNSET


class UnpublishFirmwareRequest(Request[UnpublishFirmwareResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UnpublishFirmware"
    response: ClassVar[Type[UnpublishFirmwareResponse]] = UnpublishFirmwareResponse
    checksum: Str32
    custom_data: CustomData | UnsetType = UNSET


class UpdateDynamicScheduleResponse(Response, kw_only=True, frozen=True):
    status: ChargingProfileStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UpdateDynamicScheduleRequest(
    Request[UpdateDynamicScheduleResponse], kw_only=True, frozen=True
):
    action: ClassVar[str] = "UpdateDynamicSchedule"
    response: ClassVar[Type[UpdateDynamicScheduleResponse]] = UpdateDynamicScheduleResponse
    charging_profile_id: int
    schedule_update: ChargingScheduleUpdateType
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
    retries: IntFrom0 | UnsetType = UNSET
    retry_interval: int | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UsePriorityChargingResponse(Response, kw_only=True, frozen=True):
    status: PriorityChargingStatusEnumType
    status_info: StatusInfoType | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class UsePriorityChargingRequest(Request[UsePriorityChargingResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "UsePriorityCharging"
    response: ClassVar[Type[UsePriorityChargingResponse]] = UsePriorityChargingResponse
    transaction_id: Str36
    activate: bool
    custom_data: CustomData | UnsetType = UNSET


class VatNumberValidationResponse(Response, kw_only=True, frozen=True):
    vat_number: Str20
    status: GenericStatusEnumType
    company: AddressType | UnsetType = UNSET
    status_info: StatusInfoType | UnsetType = UNSET
    evse_id: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


class VatNumberValidationRequest(Request[VatNumberValidationResponse], kw_only=True, frozen=True):
    action: ClassVar[str] = "VatNumberValidation"
    response: ClassVar[Type[VatNumberValidationResponse]] = VatNumberValidationResponse
    vat_number: Str20
    evse_id: IntFrom0 | UnsetType = UNSET
    custom_data: CustomData | UnsetType = UNSET


ACTIONS: Final[Mapping[str, type[Request[Any]]]] = {
    "AFRRSignal": AFRRSignalRequest,
    "AdjustPeriodicEventStream": AdjustPeriodicEventStreamRequest,
    "Authorize": AuthorizeRequest,
    "BatterySwap": BatterySwapRequest,
    "BootNotification": BootNotificationRequest,
    "CancelReservation": CancelReservationRequest,
    "CertificateSigned": CertificateSignedRequest,
    "ChangeAvailability": ChangeAvailabilityRequest,
    "ChangeTransactionTariff": ChangeTransactionTariffRequest,
    "ClearCache": ClearCacheRequest,
    "ClearChargingProfile": ClearChargingProfileRequest,
    "ClearDERControl": ClearDERControlRequest,
    "ClearDisplayMessage": ClearDisplayMessageRequest,
    "ClearTariffs": ClearTariffsRequest,
    "ClearVariableMonitoring": ClearVariableMonitoringRequest,
    "ClearedChargingLimit": ClearedChargingLimitRequest,
    "ClosePeriodicEventStream": ClosePeriodicEventStreamRequest,
    "CostUpdated": CostUpdatedRequest,
    "CustomerInformation": CustomerInformationRequest,
    "DataTransfer": DataTransferRequest,
    "DeleteCertificate": DeleteCertificateRequest,
    "FirmwareStatusNotification": FirmwareStatusNotificationRequest,
    "Get15118EVCertificate": Get15118EVCertificateRequest,
    "GetBaseReport": GetBaseReportRequest,
    "GetCertificateChainStatus": GetCertificateChainStatusRequest,
    "GetCertificateStatus": GetCertificateStatusRequest,
    "GetChargingProfiles": GetChargingProfilesRequest,
    "GetCompositeSchedule": GetCompositeScheduleRequest,
    "GetDERControl": GetDERControlRequest,
    "GetDisplayMessages": GetDisplayMessagesRequest,
    "GetInstalledCertificateIds": GetInstalledCertificateIdsRequest,
    "GetLocalListVersion": GetLocalListVersionRequest,
    "GetLog": GetLogRequest,
    "GetMonitoringReport": GetMonitoringReportRequest,
    "GetPeriodicEventStream": GetPeriodicEventStreamRequest,
    "GetReport": GetReportRequest,
    "GetTariffs": GetTariffsRequest,
    "GetTransactionStatus": GetTransactionStatusRequest,
    "GetVariables": GetVariablesRequest,
    "Heartbeat": HeartbeatRequest,
    "InstallCertificate": InstallCertificateRequest,
    "LogStatusNotification": LogStatusNotificationRequest,
    "MeterValues": MeterValuesRequest,
    "NotifyAllowedEnergyTransfer": NotifyAllowedEnergyTransferRequest,
    "NotifyChargingLimit": NotifyChargingLimitRequest,
    "NotifyCustomerInformation": NotifyCustomerInformationRequest,
    "NotifyDERAlarm": NotifyDERAlarmRequest,
    "NotifyDERStartStop": NotifyDERStartStopRequest,
    "NotifyDisplayMessages": NotifyDisplayMessagesRequest,
    "NotifyEVChargingNeeds": NotifyEVChargingNeedsRequest,
    "NotifyEVChargingSchedule": NotifyEVChargingScheduleRequest,
    "NotifyEvent": NotifyEventRequest,
    "NotifyMonitoringReport": NotifyMonitoringReportRequest,
    "NotifyPeriodicEventStream": NotifyPeriodicEventStreamRequest,
    "NotifyPriorityCharging": NotifyPriorityChargingRequest,
    "NotifyReport": NotifyReportRequest,
    "NotifySettlement": NotifySettlementRequest,
    "NotifyWebPaymentStarted": NotifyWebPaymentStartedRequest,
    "OpenPeriodicEventStream": OpenPeriodicEventStreamRequest,
    "PublishFirmware": PublishFirmwareRequest,
    "PublishFirmwareStatusNotification": PublishFirmwareStatusNotificationRequest,
    "PullDynamicScheduleUpdate": PullDynamicScheduleUpdateRequest,
    "ReportChargingProfiles": ReportChargingProfilesRequest,
    "ReportDERControl": ReportDERControlRequest,
    "RequestBatterySwap": RequestBatterySwapRequest,
    "RequestStartTransaction": RequestStartTransactionRequest,
    "RequestStopTransaction": RequestStopTransactionRequest,
    "ReservationStatusUpdate": ReservationStatusUpdateRequest,
    "ReserveNow": ReserveNowRequest,
    "Reset": ResetRequest,
    "SecurityEventNotification": SecurityEventNotificationRequest,
    "SendLocalList": SendLocalListRequest,
    "SetChargingProfile": SetChargingProfileRequest,
    "SetDERControl": SetDERControlRequest,
    "SetDefaultTariff": SetDefaultTariffRequest,
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
    "UpdateDynamicSchedule": UpdateDynamicScheduleRequest,
    "UpdateFirmware": UpdateFirmwareRequest,
    "UsePriorityCharging": UsePriorityChargingRequest,
    "VatNumberValidation": VatNumberValidationRequest,
}
