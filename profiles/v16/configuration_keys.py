"""The table of 1.6's configuration keys: chapter 9 with its errata, the security white paper's
chapter 7, Plug & Charge, and those of libocpp's own that mean something here.

A key is a view of a variable, of the most that a variable may hold, or of a fact. `needs` names the
feature profile or extension without which the station does not have the key.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, get_args

from ..device_model import DataType, Key
from ..measurands import MEASURANDS
from ..messages.v16 import Measurand

LONGEST_VALUE = 500  # characters of a value: CiString500Type
MAX_KEYS = 100  # of a GetConfiguration; any number may be told
WORDS = frozenset(get_args(Measurand))  # 2.x has more


class Facts(NamedTuple):
    """What of the station's build the table asks for. `extensions` are what it supports beyond
    1.6's feature profiles: Security, PnC, ChargingStatusIndicator.
    """

    connectors: int
    feature_profiles: tuple[str, ...]
    extensions: tuple[str, ...] = ()


class Limit(NamedTuple):
    """The most that a variable may hold (2.x maxLimit)."""

    variable: Key


class Fact(NamedTuple):
    """What the station's build decides; read-only."""

    tell: Callable[[Facts], str]
    type: DataType
    meaning: str


class Password(NamedTuple):
    """The secret of HTTP Basic authentication; write-only, and no variable of the model."""


class ConfigurationKey(NamedTuple):
    """A key as the specification spells it, and what it shows."""

    name: str
    source: Key | Limit | Fact | Password
    needs: str = "Core"  # "": always there
    words: Mapping[str, str] = {}  # 1.6's word for a member that 2.x calls otherwise
    is_writable: bool = False  # though 2.x has the variable read-only


def _variables(needs: str, names: Mapping[str, str]) -> tuple[ConfigurationKey, ...]:
    return tuple(ConfigurationKey(key, Key.parse(name), needs) for key, name in names.items())


def _limits(needs: str, names: Mapping[str, str]) -> tuple[ConfigurationKey, ...]:
    return tuple(
        ConfigurationKey(key, Limit(Key.parse(name)), needs) for key, name in names.items()
    )


def _facts(**facts: Fact) -> tuple[ConfigurationKey, ...]:
    return tuple(ConfigurationKey(key, fact, "") for key, fact in facts.items())


_CORE = _variables(
    "Core",
    {
        "AllowOfflineTxForUnknownId": "AuthCtrlr.OfflineTxForUnknownIdEnabled",
        "AuthorizationCacheEnabled": "AuthCacheCtrlr.Enabled",
        "AuthorizeRemoteTxRequests": "AuthCtrlr.AuthorizeRemoteStart",
        "ClockAlignedDataInterval": "AlignedDataCtrlr.Interval",
        "ConnectionTimeOut": "TxCtrlr.EVConnectionTimeOut",
        "ConnectorPhaseRotation": "OCPP16LegacyCtrlr.ConnectorPhaseRotation",
        "HeartbeatInterval": "OCPPCommCtrlr.HeartbeatInterval",
        "LocalAuthorizeOffline": "AuthCtrlr.LocalAuthorizeOffline",
        "LocalPreAuthorize": "AuthCtrlr.LocalPreAuthorize",
        "MaxEnergyOnInvalidId": "TxCtrlr.MaxEnergyOnInvalidId",
        "MeterValuesAlignedData": "AlignedDataCtrlr.Measurands",
        "MeterValuesSampledData": "SampledDataCtrlr.TxUpdatedMeasurands",
        "MeterValueSampleInterval": "SampledDataCtrlr.TxUpdatedInterval",
        "MinimumStatusDuration": "OCPP16LegacyCtrlr.MinimumStatusDuration",
        "ResetRetries": "OCPPCommCtrlr.ResetRetries",
        # errata 3.80: no longer required, and ours to allow
        "StopTransactionOnEVSideDisconnect": "TxCtrlr.StopTxOnEVSideDisconnect",
        "StopTransactionOnInvalidId": "TxCtrlr.StopTxOnInvalidId",
        "StopTransactionMaxMeterValues": (  # errata 3.91
            "OCPP16LegacyCtrlr.StopTransactionMaxMeterValues"
        ),
        "StartTxnSampledData": "OCPP16LegacyCtrlr.StartTxnSampledData",  # signed meter values 3.3.4
        "StopTxnAlignedData": "AlignedDataCtrlr.TxEndedMeasurands",
        "StopTxnSampledData": "SampledDataCtrlr.TxEndedMeasurands",
        "TransactionMessageAttempts": "OCPPCommCtrlr.MessageAttempts[TransactionEvent]",
        "TransactionMessageRetryInterval": "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]",
        "UnlockConnectorOnEVSideDisconnect": "OCPPCommCtrlr.UnlockOnEVSideDisconnect",
        "WebSocketPingInterval": "OCPPCommCtrlr.WebSocketPingInterval",
    },
)
_MESSAGE_TIMEOUT = ConfigurationKey(  # errata 3.83
    "MessageTimeout",
    Key("OCPPCommCtrlr", "MessageTimeout", "Default"),
    is_writable=True,
)
_SECURITY_PROFILE = ConfigurationKey(  # white paper 7.6
    "SecurityProfile", Key("SecurityCtrlr", "SecurityProfile"), "", is_writable=True
)
_SIGNING = _variables(  # signed meter values 3.3; MeterPublicKey1, … come with the EVSEs
    "Core",
    {
        "AlignedDataSignReadings": "AlignedDataCtrlr.SignReadings",
        "AlignedDataSignUpdatedReadings": "AlignedDataCtrlr.SignUpdatedReadings",
        "PublicKeyWithSignedMeterValue": "OCPPCommCtrlr.PublicKeyWithSignedMeterValue",
        "SampledDataSignReadings": "SampledDataCtrlr.SignReadings",
        "SampledDataSignStartedReadings": "SampledDataCtrlr.SignStartedReadings",
        "SampledDataSignUpdatedReadings": "SampledDataCtrlr.SignUpdatedReadings",
    },
)
_CORE_LIMITS = _limits(
    "Core",
    {
        "MeterValuesAlignedDataMaxLength": "AlignedDataCtrlr.Measurands",
        "MeterValuesSampledDataMaxLength": "SampledDataCtrlr.TxUpdatedMeasurands",
        "StopTxnAlignedDataMaxLength": "AlignedDataCtrlr.TxEndedMeasurands",
        "StopTxnSampledDataMaxLength": "SampledDataCtrlr.TxEndedMeasurands",
    },
)
_BUILD = _facts(
    ConnectorPhaseRotationMaxLength=Fact(
        lambda facts: str(facts.connectors + 1),
        "integer",
        "The most items in ConnectorPhaseRotation: each connector, and the grid side",
    ),
    GetConfigurationMaxKeys=Fact(
        lambda facts: str(MAX_KEYS), "integer", "The most keys that one GetConfiguration may name"
    ),
    NumberOfConnectors=Fact(lambda facts: str(facts.connectors), "integer", "Connectors, all told"),
    RemoteStartTransactionWithoutConnectorIdFindFirst=Fact(
        lambda facts: "true",
        "boolean",
        "A remote start that names no connector goes to one EVSE that can take it",
    ),
    SupportedFeatureProfiles=Fact(
        lambda facts: ",".join(facts.feature_profiles), "MemberList", "Feature profiles supported"
    ),
    SupportedFeatureProfilesMaxLength=Fact(
        lambda facts: str(len(facts.feature_profiles)), "integer", "Items there (errata 3.81)"
    ),
    SupportedMeasurands=Fact(
        lambda facts: ",".join(each for each in MEASURANDS if each in WORDS),
        "MemberList",
        "Measurands that lists may name",
    ),
)
_IDENTITY = _variables(
    "",
    {
        "ChargePointId": "SecurityCtrlr.Identity",
        "ChargePointModel": "ChargingStation.Model",
        "ChargePointSerialNumber": "ChargingStation.SerialNumber",
        "ChargePointVendor": "ChargingStation.VendorName",
        "FirmwareVersion": "ChargingStation.FirmwareVersion",
        "ICCID": "DataLink.ICCID",
        "IMSI": "DataLink.IMSI",
        "MeterSerialNumber": "FiscalMetering.SerialNumber",
        "MeterType": "OCPP16LegacyCtrlr.MeterType",
    },
)
_OWN = _variables(
    "Core",
    {
        "RejectRemoteStartTransactionWithoutConnectorId": (
            "OCPP16LegacyCtrlr.RejectRemoteStartTransactionWithoutConnectorId"
        ),
        "RetryBackoffRandomRange": "OCPPCommCtrlr.RetryBackOffRandomRange",
        "RetryBackoffRepeatTimes": "OCPPCommCtrlr.RetryBackOffRepeatTimes",
        "RetryBackoffWaitMinimum": "OCPPCommCtrlr.RetryBackOffWaitMinimum",
        "WaitForStopTransactionsOnResetTimeout": (
            "OCPP16LegacyCtrlr.WaitForStopTransactionsOnResetTimeout"
        ),
    },
)
_LIGHTS = _variables(
    "ChargingStatusIndicator",
    {
        "BlinkRepeat": "OCPP16LegacyCtrlr.BlinkRepeat",
        "LightIntensity": "OCPP16LegacyCtrlr.LightIntensity",
    },
)
_LOCAL_LIST = (
    *_variables(
        "LocalAuthListManagement",
        {
            "LocalAuthListEnabled": "LocalAuthListCtrlr.Enabled",
            "SendLocalListMaxLength": "LocalAuthListCtrlr.ItemsPerMessage",
        },
    ),
    *_limits("LocalAuthListManagement", {"LocalAuthListMaxLength": "LocalAuthListCtrlr.Entries"}),
)
_RESERVATION = _variables(
    "Reservation", {"ReserveConnectorZeroSupported": "ReservationCtrlr.NonEvseSpecific"}
)
_SMART_CHARGING = (
    *_variables(
        "SmartCharging",
        {
            "AllowChargingProfileWithoutStartSchedule": (
                "OCPP16LegacyCtrlr.AllowChargingProfileWithoutStartSchedule"
            ),
            "ChargeProfileMaxStackLevel": "SmartChargingCtrlr.ProfileStackLevel",
            "ChargingScheduleMaxPeriods": "SmartChargingCtrlr.PeriodsPerSchedule",
            "ConnectorSwitch3to1PhaseSupported": "SmartChargingCtrlr.Phases3to1",
        },
    ),
    ConfigurationKey(
        "ChargingScheduleAllowedChargingRateUnit",
        Key("SmartChargingCtrlr", "RateUnit"),
        "SmartCharging",
        {"A": "Current", "W": "Power"},  # errata 3.88
    ),
    *_limits(
        "SmartCharging",
        {"MaxChargingProfilesInstalled": "SmartChargingCtrlr.Entries[ChargingProfiles]"},
    ),
)
_FIRMWARE = _variables(
    "FirmwareManagement",
    {"SupportedFileTransferProtocols": "OCPPCommCtrlr.FileTransferProtocols"},  # errata 3.90
)
_SECURITY = (
    ConfigurationKey("AuthorizationKey", Password(), "Security"),
    *_variables(
        "Security",
        {
            "AdditionalRootCertificateCheck": "SecurityCtrlr.AdditionalRootCertificateCheck",
            "CertificateSignedMaxChainSize": "SecurityCtrlr.MaxCertificateChainSize",
            "CpoName": "SecurityCtrlr.OrganizationName",
            "DisableSecurityEventNotifications": (
                "OCPP16LegacyCtrlr.DisableSecurityEventNotifications"
            ),
        },
    ),
    *_limits("Security", {"CertificateStoreMaxLength": "SecurityCtrlr.CertificateEntries"}),
)
_PLUG_AND_CHARGE = _variables(
    "PnC",
    {
        "CentralContractValidationAllowed": "ISO15118Ctrlr.CentralContractValidationAllowed",
        "CertSigningRepeatTimes": "SecurityCtrlr.CertSigningRepeatTimes",
        "CertSigningWaitMinimum": "SecurityCtrlr.CertSigningWaitMinimum",
        "ContractValidationOffline": "ISO15118Ctrlr.ContractValidationOffline",
        "ISO15118CertificateManagementEnabled": (
            "OCPP16LegacyCtrlr.ISO15118CertificateManagementEnabled"
        ),
        "ISO15118PnCEnabled": "ISO15118Ctrlr.PnCEnabled",
    },
)

STANDARD_KEYS: tuple[ConfigurationKey, ...] = tuple(
    sorted(
        (
            *(
                *_CORE,
                _MESSAGE_TIMEOUT,
                _SECURITY_PROFILE,
                *_CORE_LIMITS,
                *_BUILD,
                *_OWN,
                *_IDENTITY,
                *_LIGHTS,
            ),
            *(*_LOCAL_LIST, *_RESERVATION, *_SMART_CHARGING, *_FIRMWARE),
            *(*_SECURITY, *_PLUG_AND_CHARGE, *_SIGNING),
        ),
        key=lambda key: key.name.lower(),
    )
)
"""Every key that Pilotwire knows, by name; whether a station has it is `needs`'."""

MEASURAND_LISTS = frozenset(
    {
        "MeterValuesAlignedData",
        "MeterValuesSampledData",
        "StartTxnSampledData",
        "StopTxnAlignedData",
        "StopTxnSampledData",
    }
)
"""Keys that list measurands."""

BY_LOWER_CASE: Mapping[str, ConfigurationKey] = {key.name.lower(): key for key in STANDARD_KEYS}
