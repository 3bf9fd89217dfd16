"""libocpp's configuration keys that are not keys of a station: which setting of config.toml says
the same, and why the rest has no counterpart.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from .config.fields import annotations
from .config.kinds import Text20
from .config.network import Network, NetworkProfile
from .config.settings import MessageLog, Station

GROUPS = frozenset(
    {
        "Internal",
        "Core",
        "CostAndPrice",
        "Custom",
        "FirmwareManagement",
        "LocalAuthListManagement",
        "PnC",
        "Reservation",
        "Security",
        "SmartCharging",
    }
)
"""The profiles that keys are grouped by."""

Table = Literal["station", "network", "interfaces", "profile", "message_log"]


class Field(NamedTuple):
    """A setting: where it stands, and which values fit."""

    table: Table
    name: str
    annotation: Any  # annotations have no common type


def _field(table: Table, struct: type[msgspec.Struct], name: str) -> Field:
    return Field(table, name, annotations(struct)[name])


def _lower(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in keys.items()}


FIELDS: Mapping[str, Field] = _lower(
    {
        "ChargePointId": _field("station", Station, "identity"),
        "ChargePointModel": _field("station", Station, "model"),
        "ChargePointSerialNumber": _field("station", Station, "serial_number"),
        "ChargePointVendor": Field("station", "vendor", Text20),
        "FirmwareVersion": _field("station", Station, "firmware_version"),
        "ICCID": _field("station", Station, "iccid"),
        "IMSI": _field("station", Station, "imsi"),
        "MeterSerialNumber": _field("station", Station, "meter_serial_number"),
        "MeterType": _field("station", Station, "meter_type"),
        "IFace": Field("interfaces", "Any", Annotated[str, Meta(min_length=1, max_length=15)]),
        "MessageTimeout": _field("profile", NetworkProfile, "message_timeout_seconds"),
        "SecurityProfile": _field("profile", NetworkProfile, "security_profile"),
        "RetryBackoffRandomRange": _field("network", Network, "retry_random_seconds"),
        "RetryBackoffRepeatTimes": _field("network", Network, "retry_repeat_times"),
        "RetryBackoffWaitMinimum": _field("network", Network, "retry_minimum_seconds"),
        "WebSocketPingInterval": _field("network", Network, "ping_seconds"),
        "LogRotationDateSuffix": _field("message_log", MessageLog, "date_suffix"),
    }
)
"""By key in lower case: the setting that has the same value."""

BOOLEAN = Annotated[bool, Meta()]
COUNT = Annotated[int, Meta(ge=0, le=128)]
SIZE = Annotated[int, Meta(ge=0)]
WORDS = list[str]

FORMATS: Mapping[str, str] = {
    "console": "console",
    "console_detailed": "console",
    "html": "html",
    "log": "log",
    "session_logging": "session",
}
"""LogMessagesFormat's words, and those of `message_log.formats`."""

TOGETHER = frozenset(
    _lower(
        dict.fromkeys(
            (
                "AuthorizationKey",
                "CentralSystemURI",
                "ChargeBoxSerialNumber",
                "ConnectorEvseIds",
                "LogMessages",
                "LogMessagesFormat",
                "LogRotation",
                "LogRotationMaximumFileCount",
                "LogRotationMaximumFileSize",
                "NumberOfConnectors",
            )
        )
    )
)
"""Those that are read with others."""

_TLS = "which ciphers are used is not configured"
_TLS_KEYS = "TLS keys are never written to a file"
_TPM = "keys in a TPM are not supported"
_QUEUE = "only what transactions report is queued"
_PNC = "Plug & Charge is not supported"

NOTHING: Mapping[str, str] = _lower(
    {
        "AuthorizeConnectorZeroOnConnectorOne": "a token counts at the EVSE where it is shown",
        "CompositeScheduleDefaultLimitAmps": "the EVSE's own counts: station.evses.max_amperes",
        "CompositeScheduleDefaultLimitWatts": "the EVSE's own counts: station.evses.max_watts",
        "CompositeScheduleDefaultNumberPhases": "the EVSE's own counts: station.evses.phases",
        "EnableTLSKeylog": _TLS_KEYS,
        "HostName": "the host in CentralSystemURI is dialled",
        "IgnoredProfilePurposesOffline": "not supported",
        "LogMessagesRaw": "messages are logged as they were sent, secrets left out",
        "MaxCompositeScheduleDuration": "not configured",
        "MaxMessageSize": "not configured",
        "MessageQueueSizeThreshold": "the journal holds what must be delivered, however much it is",
        "MessageTypesDiscardForQueueing": _QUEUE,
        "MeterPublicKeys": "signed meter values are not supported",
        "OcspRequestInterval": "OCSP is not supported",
        "QueueAllMessages": _QUEUE,
        "ReportClearedErrors": "not supported",
        "ReportSuspendedEVSEReasonChange": "not supported",
        "SeccLeafSubjectCommonName": _PNC,
        "SeccLeafSubjectCountry": _PNC,
        "SeccLeafSubjectOrganization": _PNC,
        "StopTransactionIfUnlockNotSupported": "UnlockConnector ends the transaction first, always",
        "SupplyVoltage": "the EVSE's own counts: station.evses.voltage",
        "SupportedChargingProfilePurposeTypes": "decided by the station itself",
        "SupportedCiphers12": _TLS,
        "SupportedCiphers13": _TLS,
        "SwitchSecurityProfileConnectionTimeout": "not supported",
        "TLSKeylogFile": _TLS_KEYS,
        "UseSslDefaultVerifyPaths": "not configured",
        "UseTPM": _TPM,
        "UseTPMSeccLeafCertificate": _TPM,
        "VerifyCsmsAllowWildcards": "not configured",
        "VerifyCsmsCommonName": "the name in the certificate is always verified",
        "WebsocketPingPayload": "not configured",
        "WebsocketPongTimeout": "not configured",
    }
)
"""By key in lower case: why it has no counterpart."""
