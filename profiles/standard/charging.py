"""Authorization, transactions and meter values: AuthCtrlr, AuthCacheCtrlr, TxCtrlr,
SampledDataCtrlr, AlignedDataCtrlr, and what 1.6 has beside them.
"""

from ..device_model import Definition
from ..measurands import ENERGY_REGISTER, MEASURANDS, MOST, OF_A_PHASE
from .define import DAY, boolean, integer, members, seconds

_POINTS = (
    "ParkingBayOccupancy",
    "EVConnected",
    "Authorized",
    "PowerPathClosed",
    "EnergyTransfer",
    "DataSigned",
)
_SAMPLED = (ENERGY_REGISTER, "Power.Active.Import", "Current.Import", "Voltage", "SoC")


def measurands(name: str, default: tuple[str, ...], meaning: str) -> Definition:
    return members(name, default, meaning, options=MEASURANDS, also=OF_A_PHASE, maximum=MOST)


CHARGING: tuple[Definition, ...] = (
    # Authorization
    boolean("AuthCtrlr.OfflineTxForUnknownIdEnabled", False, "Accept unknown tokens while offline"),
    boolean(
        "AuthCtrlr.AuthorizeRemoteStart",
        True,
        "Authorize the token of a remote start like a local one",
    ),
    boolean(
        "AuthCtrlr.LocalAuthorizeOffline", True, "Start for locally known tokens while offline"
    ),
    boolean(
        "AuthCtrlr.LocalPreAuthorize",
        False,
        "Start for locally known tokens without asking the CSMS",
    ),
    boolean("AuthCacheCtrlr.Enabled", True, "Keep what the CSMS said of tokens"),
    integer("AuthCacheCtrlr.Entries", 1000, "Tokens that the cache holds", maximum=100_000),
    seconds("AuthCacheCtrlr.LifeTime", 0, "How long an accepted token stays so; 0: for ever"),
    # Transactions
    seconds(
        "TxCtrlr.EVConnectionTimeOut",
        60,
        "How long an accepted token waits for its cable",
        minimum=1,
    ),
    boolean("TxCtrlr.StopTxOnEVSideDisconnect", True, "Unplugging at the car ends the transaction"),
    boolean("TxCtrlr.StopTxOnInvalidId", True, "A token refused at its start ends the transaction"),
    integer(
        "TxCtrlr.MaxEnergyOnInvalidId",
        0,
        "Energy that a refused token still gets before the transaction is without energy",
        unit="Wh",
        maximum=1_000_000,
    ),
    boolean(
        "TxCtrlr.TxBeforeAcceptedEnabled",
        False,
        "Start for locally known tokens though the CSMS has not accepted the station",
    ),
    members(
        "TxCtrlr.TxStartPoint", ("PowerPathClosed",), "What starts a transaction", options=_POINTS
    ),
    members(
        "TxCtrlr.TxStopPoint",
        ("Authorized", "EVConnected"),
        "What ends a transaction when it no longer holds",
        options=_POINTS,
    ),
    boolean(
        "OCPPCommCtrlr.UnlockOnEVSideDisconnect",
        True,
        "Unplugging at the car unlocks the cable at the station",
    ),
    # Meter values
    measurands(
        "SampledDataCtrlr.TxUpdatedMeasurands", _SAMPLED, "Measurands sampled during a transaction"
    ),
    seconds(
        "SampledDataCtrlr.TxUpdatedInterval",
        60,
        "Between two samples during a transaction; 0: none",
        maximum=DAY,
    ),
    measurands(
        "SampledDataCtrlr.TxEndedMeasurands",
        (ENERGY_REGISTER,),
        "Sampled measurands told at a transaction's end",
    ),
    measurands(
        "AlignedDataCtrlr.Measurands", (ENERGY_REGISTER,), "Measurands read at clock-aligned times"
    ),
    seconds(
        "AlignedDataCtrlr.Interval",
        0,
        "Between two clock-aligned readings, counted from midnight; 0: none",
        maximum=DAY,
    ),
    measurands(
        "AlignedDataCtrlr.TxEndedMeasurands",
        (),
        "Clock-aligned measurands told at a transaction's end",
    ),
    measurands(
        "OCPP16LegacyCtrlr.StartTxnSampledData",
        (),
        "Measurands told right after a transaction's start",
    ),
    integer(
        "OCPP16LegacyCtrlr.StopTransactionMaxMeterValues",
        100,  # a frame that any central system takes
        "Meter values that a transaction's end tells; those between are thinned out beyond it",
        mutability="ReadOnly",
        minimum=2,
    ),
    boolean(
        "OCPP16LegacyCtrlr.RejectRemoteStartTransactionWithoutConnectorId",
        False,
        "Refuse a remote start that names no connector",
    ),
    seconds(
        "OCPP16LegacyCtrlr.MinimumStatusDuration",
        0,
        "How long a connector's status lasts before it is told",
        maximum=3600,
    ),
    members(
        "OCPP16LegacyCtrlr.ConnectorPhaseRotation",
        (),
        "Phase rotation of each connector: 0.RST,1.RST",
    ),
)
