"""The way to the CSMS: OCPPCommCtrlr."""

from ..device_model import Definition
from .define import DAY, integer, seconds

COMMUNICATION: tuple[Definition, ...] = (
    seconds(
        "OCPPCommCtrlr.HeartbeatInterval",
        DAY,
        "Silence after which a Heartbeat is sent",
        minimum=1,
    ),
    seconds(
        "OCPPCommCtrlr.WebSocketPingInterval",
        60,
        "Between two WebSocket pings; 0: none",
        maximum=DAY,
    ),
    integer(
        "OCPPCommCtrlr.MessageAttempts[TransactionEvent]",
        3,
        "Transmissions of a transaction message that the CSMS fails to process",
        minimum=1,
        maximum=1000,
    ),
    seconds(
        "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]",
        60,
        "Wait before a retransmission, times the preceding transmissions",
        maximum=DAY,
    ),
    seconds(
        "OCPPCommCtrlr.MessageTimeout[Default]",
        30,
        "How long the answer to a message may take: as the network profile in use says",
        minimum=1,
        maximum=DAY,
        mutability="ReadOnly",
        persistent=False,
    ),
    seconds(
        "OCPPCommCtrlr.RetryBackOffWaitMinimum", 5, "First wait before dialling again", maximum=DAY
    ),
    seconds(
        "OCPPCommCtrlr.RetryBackOffRandomRange",
        5,
        "The most that chance adds to a wait",
        maximum=DAY,
    ),
    integer("OCPPCommCtrlr.RetryBackOffRepeatTimes", 5, "How often the wait doubles", maximum=20),
    seconds(
        "ClockCtrlr.TimeAdjustmentReportingThreshold",
        20,
        "The CSMS is told of the setting of the clock by more than this (SettingSystemTime)",
        maximum=DAY,
    ),
    seconds(
        "OCPP16LegacyCtrlr.WaitForStopTransactionsOnResetTimeout",
        10,
        "How long a graceful reset waits for what transactions report at their end",
        maximum=600,
    ),
    integer("OCPPCommCtrlr.ResetRetries", 0, "Tries after a reset that failed", maximum=100),
)
