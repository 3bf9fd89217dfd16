"""What a central system's handlers see, in the words of 2.x: tokens, transactions, reports.

The families' handlers (v16, v2) translate their requests into calls of `CsmsStation` and its
answers back. Pure: what is to be kept comes out as records, which the engine stores.
"""

from ..tokens import TokenInfo
from .contracts import ContractRules
from .face import CsmsFace, face_of
from .records import (
    BootInfo,
    CertificateRequested,
    ConnectorReported,
    EventReported,
    MessageReported,
    MeterReading,
    MeterValuesReported,
    MonitorReported,
    Place,
    ProgressReported,
    Record,
    RegistrationStatus,
    SampledValue,
    SecurityEventReported,
    SignedMeterValue,
    StationBooted,
    StopUnmatched,
    StreamReported,
    Transaction,
    TransactionEnded,
    TransactionStarted,
)
from .station import CsmsStation, Rules
from .tokens import KnownToken, TokenBook
from .transaction_events import TransactionEvent, TransactionTold
from .transactions import Archive, Transactions

__all__ = [
    "Archive",
    "BootInfo",
    "CertificateRequested",
    "ConnectorReported",
    "ContractRules",
    "CsmsFace",
    "CsmsStation",
    "EventReported",
    "KnownToken",
    "MessageReported",
    "MeterReading",
    "MeterValuesReported",
    "MonitorReported",
    "Place",
    "ProgressReported",
    "Record",
    "RegistrationStatus",
    "Rules",
    "SampledValue",
    "SecurityEventReported",
    "SignedMeterValue",
    "StationBooted",
    "StopUnmatched",
    "StreamReported",
    "TokenBook",
    "TokenInfo",
    "Transaction",
    "TransactionEnded",
    "TransactionEvent",
    "TransactionStarted",
    "TransactionTold",
    "Transactions",
    "face_of",
]
