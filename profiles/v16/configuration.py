"""1.6's configuration keys (chapter 9) as a view of the device model: a table from key to
variable.

Keys are compared without regard to case. What the station's build decides (NumberOfConnectors and
its like) is computed.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..device_model import DeviceModel, Key, SetStatus, text_of
from ..measurands import MEASURANDS


class Facts(NamedTuple):
    """What of the station's build the computed keys tell."""

    connectors: int
    feature_profiles: tuple[str, ...]


MAX_KEYS = 100

_VARIABLES: dict[str, Key] = {
    "AllowOfflineTxForUnknownId": Key("AuthCtrlr", "OfflineTxForUnknownIdEnabled"),
    "AuthorizationCacheEnabled": Key("AuthCacheCtrlr", "Enabled"),
    "AuthorizeRemoteTxRequests": Key("AuthCtrlr", "AuthorizeRemoteStart"),
    "ClockAlignedDataInterval": Key("AlignedDataCtrlr", "Interval"),
    "ConnectionTimeOut": Key("TxCtrlr", "EVConnectionTimeOut"),
    "ConnectorPhaseRotation": Key("OCPP16LegacyCtrlr", "ConnectorPhaseRotation"),
    "HeartbeatInterval": Key("OCPPCommCtrlr", "HeartbeatInterval"),
    "LocalAuthorizeOffline": Key("AuthCtrlr", "LocalAuthorizeOffline"),
    "LocalPreAuthorize": Key("AuthCtrlr", "LocalPreAuthorize"),
    "MeterValuesAlignedData": Key("AlignedDataCtrlr", "Measurands"),
    "MeterValuesSampledData": Key("SampledDataCtrlr", "TxUpdatedMeasurands"),
    "MeterValueSampleInterval": Key("SampledDataCtrlr", "TxUpdatedInterval"),
    "MinimumStatusDuration": Key("OCPP16LegacyCtrlr", "MinimumStatusDuration"),
    "ResetRetries": Key("OCPPCommCtrlr", "ResetRetries"),
    "StopTransactionOnEVSideDisconnect": Key("TxCtrlr", "StopTxOnEVSideDisconnect"),
    "StopTransactionOnInvalidId": Key("TxCtrlr", "StopTxOnInvalidId"),
    "StopTxnAlignedData": Key("AlignedDataCtrlr", "TxEndedMeasurands"),
    "StopTxnSampledData": Key("SampledDataCtrlr", "TxEndedMeasurands"),
    "TransactionMessageAttempts": Key("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent"),
    "TransactionMessageRetryInterval": Key(
        "OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent"
    ),
    "UnlockConnectorOnEVSideDisconnect": Key(
        "OCPP16LegacyCtrlr", "UnlockConnectorOnEVSideDisconnect"
    ),
    "WebSocketPingInterval": Key("OCPPCommCtrlr", "WebSocketPingInterval"),
    "MessageTimeout": Key("OCPPCommCtrlr", "MessageTimeout", "Default"),  # errata 3.83
}
_COMPUTED: dict[str, Callable[[Facts], str]] = {
    "ConnectorPhaseRotationMaxLength": lambda facts: str(facts.connectors + 1),
    "GetConfigurationMaxKeys": lambda facts: str(MAX_KEYS),
    "MeterValuesAlignedDataMaxLength": lambda facts: str(len(MEASURANDS)),
    "MeterValuesSampledDataMaxLength": lambda facts: str(len(MEASURANDS)),
    "NumberOfConnectors": lambda facts: str(facts.connectors),
    "StopTxnAlignedDataMaxLength": lambda facts: str(len(MEASURANDS)),
    "StopTxnSampledDataMaxLength": lambda facts: str(len(MEASURANDS)),
    "SupportedFeatureProfiles": lambda facts: ",".join(facts.feature_profiles),
}
KEYS: tuple[str, ...] = tuple(sorted([*_VARIABLES, *_COMPUTED], key=str.lower))
"""Every standard key that the station has."""
_BY_LOWER_CASE = {key.lower(): key for key in KEYS}


class Entry(NamedTuple):
    """A key as GetConfiguration tells it. `value` is None for one that must not be read."""

    key: str
    is_readonly: bool
    value: str | None


def find(key: str) -> str | None:
    """Give the key as the specification spells it, or None where the station has no such key."""
    return _BY_LOWER_CASE.get(key.lower())


def read(model: DeviceModel, facts: Facts, key: str) -> Entry:
    """Give a key that `find` knows."""
    if key in _COMPUTED:
        return Entry(key, True, _COMPUTED[key](facts))
    definition = model.definition(_VARIABLES[key])
    is_hidden = definition.mutability == "WriteOnly"
    return Entry(
        key,
        definition.mutability == "ReadOnly",
        None if is_hidden else text_of(model.value(_VARIABLES[key])),
    )


def variable_of(key: str) -> Key | None:
    """Give the variable behind a key that `find` knows; None for a computed one."""
    return _VARIABLES.get(key)


def change(model: DeviceModel, facts: Facts, key: str, value: str) -> SetStatus:
    """Set a key that `find` knows. A computed one is read-only."""
    if key in _COMPUTED:
        return "Rejected"
    if key == "ConnectorPhaseRotation" and not _is_phase_rotation(value, facts.connectors):
        return "Rejected"
    return model.set(_VARIABLES[key], value)


_ROTATIONS = {"NotApplicable", "Unknown", "RST", "RTS", "SRT", "STR", "TRS", "TSR"}


def _is_phase_rotation(value: str, connectors: int) -> bool:
    """Say whether every item is a connector (0: the grid side) and a rotation, as in 0.RST
    (9.1.7).
    """
    items: Iterable[list[str]] = (
        item.strip().split(".") for item in value.split(",") if item.strip()
    )
    return all(
        len(item) == 2
        and item[0].isascii()
        and item[0].isdecimal()
        and int(item[0]) <= connectors
        and item[1] in _ROTATIONS
        for item in items
    )
