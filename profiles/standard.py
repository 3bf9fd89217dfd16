"""The variables of the standard device model that Pilotwire acts upon (2.x part 2 chapter 2,
dm_components_vars).

Those of 1.6 that 2.x has no name for stand in the component `OCPP16LegacyCtrlr`.
"""

from .device_model import Definition, Key, Value
from .measurands import ENERGY_REGISTER, MEASURANDS, WITH_PHASES

_POINTS = (
    "ParkingBayOccupancy",
    "EVConnected",
    "Authorized",
    "PowerPathClosed",
    "EnergyTransfer",
    "DataSigned",
)
_DAY = 86_400
_YEAR = 31_536_000


def _boolean(name: str, default: bool, meaning: str, **more: object) -> Definition:
    return _define(name, "boolean", default, meaning, more)


def _integer(name: str, default: int, meaning: str, **more: object) -> Definition:
    return _define(name, "integer", default, meaning, {"minimum": 0, **more})


def _seconds(name: str, default: int, meaning: str, **more: object) -> Definition:
    return _define(
        name, "integer", default, meaning, {"unit": "s", "minimum": 0, "maximum": _YEAR, **more}
    )


def _members(name: str, default: tuple[str, ...], meaning: str, **more: object) -> Definition:
    return _define(name, "MemberList", default, meaning, more)


def _define(
    name: str, kind: str, default: Value, meaning: str, more: dict[str, object]
) -> Definition:
    fields = {"key": Key.parse(name), "type": kind, "default": default, "meaning": meaning, **more}
    return Definition(**fields)  # type: ignore[arg-type]  # each field is checked by the callers above


def _measurands(name: str, default: tuple[str, ...], meaning: str) -> Definition:
    return _members(name, default, meaning, options=WITH_PHASES, maximum=len(MEASURANDS))


_SAMPLED = (ENERGY_REGISTER, "Power.Active.Import", "Current.Import", "Voltage", "SoC")

STANDARD: tuple[Definition, ...] = (
    # Authorization
    _boolean(
        "AuthCtrlr.OfflineTxForUnknownIdEnabled", False, "Accept unknown tokens while offline"
    ),
    _boolean(
        "AuthCtrlr.AuthorizeRemoteStart",
        True,
        "Authorize the token of a remote start like a local one",
    ),
    _boolean(
        "AuthCtrlr.LocalAuthorizeOffline", True, "Start for locally known tokens while offline"
    ),
    _boolean(
        "AuthCtrlr.LocalPreAuthorize",
        False,
        "Start for locally known tokens without asking the CSMS",
    ),
    _boolean("AuthCacheCtrlr.Enabled", True, "Keep what the CSMS said of tokens"),
    _integer("AuthCacheCtrlr.Entries", 1000, "Tokens that the cache holds", maximum=100_000),
    _seconds("AuthCacheCtrlr.LifeTime", 0, "How long an accepted token stays so; 0: for ever"),
    # Transactions
    _seconds(
        "TxCtrlr.EVConnectionTimeOut",
        60,
        "How long an accepted token waits for its cable",
        minimum=1,
    ),
    _boolean(
        "TxCtrlr.StopTxOnEVSideDisconnect", True, "Unplugging at the car ends the transaction"
    ),
    _boolean(
        "TxCtrlr.StopTxOnInvalidId", True, "A token refused at its start ends the transaction"
    ),
    _integer(
        "TxCtrlr.MaxEnergyOnInvalidId",
        0,
        "Energy that a refused token still gets before the transaction is without energy",
        unit="Wh",
    ),
    _members(
        "TxCtrlr.TxStartPoint", ("PowerPathClosed",), "What starts a transaction", options=_POINTS
    ),
    _members(
        "TxCtrlr.TxStopPoint",
        ("Authorized", "EVConnected"),
        "What ends a transaction when it no longer holds",
        options=_POINTS,
    ),
    _boolean(
        "OCPP16LegacyCtrlr.UnlockConnectorOnEVSideDisconnect",
        True,
        "Unplugging at the car unlocks the cable at the station",
    ),
    # Meter values
    _measurands(
        "SampledDataCtrlr.TxUpdatedMeasurands", _SAMPLED, "Measurands sampled during a transaction"
    ),
    _seconds(
        "SampledDataCtrlr.TxUpdatedInterval",
        60,
        "Between two samples during a transaction; 0: none",
        maximum=_DAY,
    ),
    _measurands(
        "SampledDataCtrlr.TxEndedMeasurands", (), "Sampled measurands told at a transaction's end"
    ),
    _measurands(
        "AlignedDataCtrlr.Measurands", (ENERGY_REGISTER,), "Measurands read at clock-aligned times"
    ),
    _seconds(
        "AlignedDataCtrlr.Interval",
        0,
        "Between two clock-aligned readings, counted from midnight; 0: none",
        maximum=_DAY,
    ),
    _measurands(
        "AlignedDataCtrlr.TxEndedMeasurands",
        (),
        "Clock-aligned measurands told at a transaction's end",
    ),
    # Communication
    _seconds(
        "OCPPCommCtrlr.HeartbeatInterval", _DAY, "Silence after which a Heartbeat is sent; 0: never"
    ),
    _seconds(
        "OCPPCommCtrlr.WebSocketPingInterval",
        60,
        "Between two WebSocket pings; 0: none",
        maximum=_DAY,
    ),
    _integer(
        "OCPPCommCtrlr.MessageAttempts[TransactionEvent]",
        3,
        "Transmissions of a transaction message that the CSMS fails to process",
        minimum=1,
        maximum=1000,
    ),
    _seconds(
        "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]",
        60,
        "Wait before a retransmission, times the preceding transmissions",
        maximum=_DAY,
    ),
    _seconds(
        "OCPPCommCtrlr.MessageTimeout[Default]",
        30,
        "How long the answer to a message may take",
        minimum=1,
        maximum=3600,
    ),
    _seconds(
        "OCPPCommCtrlr.RetryBackOffWaitMinimum", 5, "First wait before dialling again", maximum=_DAY
    ),
    _seconds(
        "OCPPCommCtrlr.RetryBackOffRandomRange",
        5,
        "The most that chance adds to a wait",
        maximum=_DAY,
    ),
    _integer("OCPPCommCtrlr.RetryBackOffRepeatTimes", 5, "How often the wait doubles", maximum=20),
    _integer("OCPPCommCtrlr.ResetRetries", 0, "Tries after a reset that failed", maximum=100),
    # 1.6 only
    _seconds(
        "OCPP16LegacyCtrlr.MinimumStatusDuration",
        0,
        "How long a connector's status lasts before it is told",
        maximum=3600,
    ),
    _members(
        "OCPP16LegacyCtrlr.ConnectorPhaseRotation",
        (),
        "Phase rotation of each connector: 0.RST,1.RST",
    ),
)
