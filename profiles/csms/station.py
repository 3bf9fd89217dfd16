"""A station as the central system's handlers see it, and the rules that it is answered by.

Handlers call its methods, which decide, and leave records of what is to be kept. Nothing here
waits or writes; the engine gives the time and takes the records.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from ...machines.events import CertificateHash, IdToken
from ..errors import PropertyConstraintViolation, SecurityError
from ..tokens import TokenInfo
from .contracts import ContractRules
from .records import (
    BootInfo,
    ConnectorReported,
    MeterReading,
    MeterValuesReported,
    Place,
    Record,
    RegistrationStatus,
    StationBooted,
    StopUnmatched,
    Transaction,
    TransactionEnded,
    TransactionStarted,
    Unmatched,
)
from .tokens import TokenBook
from .transactions import Transactions
from .variables import ReportPart

MAX_CONNECTORS = 1024  # that are held of one station: it can name any number


def accept_everyone(station: "CsmsStation", boot: BootInfo) -> RegistrationStatus:
    """The registration rule unless another is given: who got this far is let in."""
    return "Accepted"


class Rules(msgspec.Struct, kw_only=True, eq=False):
    """How the central system decides."""

    tokens: TokenBook
    heartbeat_seconds: int = 300
    retry_seconds: int = 60  # until the next BootNotification of one that is not accepted
    allows_concurrent_transactions: bool = True
    register: Callable[["CsmsStation", BootInfo], RegistrationStatus] = accept_everyone
    """Decides about a station that boots."""
    contracts: ContractRules = ContractRules()


class CsmsStation:
    """One station, connected or not."""

    def __init__(
        self,
        station_id: str,
        rules: Rules,
        transactions: Transactions,
        now: Callable[[], datetime],
    ) -> None:
        self.station_id = station_id
        self.rules = rules
        self.transactions = transactions
        self.version = ""
        """The subprotocol that it spoke last."""
        self.boot: BootInfo | None = None
        self.registration: RegistrationStatus | None = None
        """None: it has not sent a BootNotification yet."""
        self.certificate_name: str | None = None
        """The common name of the certificate by which it came, where it came by one."""
        self.is_impostor = False
        """It has told another serial number than its certificate does."""
        self.connectors: dict[Place, ConnectorReported] = {}
        self.report_takers: dict[int, Callable[[ReportPart], None]] = {}
        """By its requestId, who takes the parts of a report."""
        self._now = now
        self._records: list[Record] = []

    @property
    def now(self) -> datetime:
        return self._now()

    def record(self, record: Record) -> None:
        """Have it kept."""
        self._records.append(record)

    def take_records(self) -> list[Record]:
        """What is to be kept since the last call."""
        records, self._records = self._records, []
        return records

    # ---- registration

    def register(self, boot: BootInfo) -> tuple[RegistrationStatus, int]:
        """Whether the station is accepted, and the interval that goes with it (s).

        Raises SecurityError for a station whose certificate is another's (B01.FR.11).
        """
        if self.certificate_name is not None and not self._is_named(boot.serial_number):
            self.is_impostor = True
            raise SecurityError("The serial number is not that of the certificate")
        status = self.rules.register(self, boot)
        self.boot, self.registration = boot, status
        self.record(
            StationBooted(
                station_id=self.station_id,
                at=self.now,
                boot=boot,
                registration=status,
                version=self.version,
            )
        )
        rules = self.rules
        return status, rules.heartbeat_seconds if status == "Accepted" else rules.retry_seconds

    def _is_named(self, serial_number: str | None) -> bool:
        """One that tells no serial number is known by its identity."""
        return self.certificate_name == (serial_number or self.station_id)

    # ---- tokens

    def authorize(self, id_token: IdToken) -> TokenInfo:
        """Whether the token may charge. ConcurrentTx is only ever answered to a start (1.6 7.2)."""
        return self.rules.tokens.look_up(id_token, self.now)

    def authorize_contract(
        self, emaid: IdToken, chain: str | None, hashes: tuple[CertificateHash, ...]
    ) -> TokenInfo:
        """Whether a contract may charge, and what its certificates are worth (C07.FR.04)."""
        status = self.rules.contracts.judge(emaid.value, chain, hashes, self.now)
        if status == "CertificateExpired":
            return TokenInfo("Expired", certificate_status=status)  # C07.FR.15
        if status != "Accepted":
            return TokenInfo("Invalid", certificate_status=status)  # C07.FR.16-17
        info = self.authorize(emaid)
        if info.verdict in ("Blocked", "Expired", "Invalid", "Unknown"):
            status = "ContractCancelled"  # C07.FR.13
        return msgspec.structs.replace(info, certificate_status=status)  # C07.FR.14

    def authorize_start(self, id_token: IdToken) -> TokenInfo:
        info = self.authorize(id_token)
        if info.verdict != "Accepted" or self.rules.allows_concurrent_transactions:
            return info
        if not self.transactions.is_charging(id_token):
            return info
        return msgspec.structs.replace(info, verdict="ConcurrentTx")

    # ---- transactions

    def start_transaction(
        self,
        place: Place,
        id_token: IdToken,
        *,
        meter_start: int,  # Wh
        started_at: datetime,
        reservation_id: int | None = None,
    ) -> tuple[Transaction, TokenInfo]:
        """Name and keep a transaction that has started, whatever is thought of its token.

        The same start again gives the same transaction again.
        """
        told = self.transactions.told_before(
            self.station_id, place, id_token, meter_start, started_at
        )
        if told is not None:
            self._keep_started(told, is_repeat=True)
            info = msgspec.structs.replace(
                self.authorize(id_token), verdict=told.verdict or "Invalid"
            )
            return told, info
        before = self.transactions.running_at(self.station_id, place)
        if before is not None:
            self.transactions.end(before)  # one at a time: it has stopped, and we were not told
        info = self.authorize_start(id_token)
        transaction = Transaction(
            station_id=self.station_id,
            transaction_id=self.transactions.new_id(),
            place=place,
            id_token=id_token,
            verdict=info.verdict,
            parent=info.parent,
            started_at=started_at,
            meter_start=meter_start,
            reservation_id=reservation_id,
        )
        self.transactions.start(transaction)
        self._keep_started(transaction, superseded=before.transaction_id if before else None)
        return transaction, info

    def _keep_started(
        self, transaction: Transaction, *, is_repeat: bool = False, superseded: str | None = None
    ) -> None:
        self.record(
            TransactionStarted(
                station_id=self.station_id,
                at=self.now,
                transaction=transaction,
                is_repeat=is_repeat,
                superseded=superseded,
            )
        )

    def stop_transaction(
        self,
        transaction_id: str | None,
        *,
        ended_at: datetime,
        meter_stop: int,  # Wh
        reason: str,
        stop_token: IdToken | None = None,
        readings: tuple[MeterReading, ...] = (),
    ) -> None:
        """Keep that a transaction has ended. None: the station never got an id (errata 3.18)."""
        found = self._own(transaction_id)
        if found is None:
            self.record(
                StopUnmatched(
                    station_id=self.station_id,
                    at=self.now,
                    transaction_id=transaction_id or "",
                    why=self._why_unmatched(transaction_id),
                    stopped_at=ended_at,
                    meter_stop=meter_stop,
                    reason=reason,
                    stop_token=stop_token,
                )
            )
            return
        is_repeat = not found.is_running  # what was told first stands
        ended = found
        if not is_repeat:
            ended = msgspec.structs.replace(
                found,
                ended_at=ended_at,
                meter_stop=meter_stop,
                reason=reason,
                stop_token=stop_token,
            )
            self.transactions.end(ended)
        self.record(
            TransactionEnded(
                station_id=self.station_id, at=self.now, transaction=ended, is_repeat=is_repeat
            )
        )
        self._keep_readings(ended.place, readings, ended.transaction_id)

    def _own(self, transaction_id: str | None) -> Transaction | None:
        if transaction_id is None:
            return None
        return self.transactions.find(self.station_id, transaction_id)

    def _why_unmatched(self, transaction_id: str | None) -> Unmatched:
        if transaction_id is None:
            return "no id"
        return "foreign" if self.transactions.is_known(transaction_id) else "unknown"

    # ---- meters and statuses

    def keep_meter_values(
        self, place: Place, readings: tuple[MeterReading, ...], transaction_id: str | None = None
    ) -> None:
        """Keep what was metered, with its transaction if that is one of the station's."""
        if transaction_id is None or self._own(transaction_id) is not None:
            self._keep_readings(place, readings, transaction_id)
        else:
            self._keep_readings(place, readings, None, self._why_unmatched(transaction_id))

    def _keep_readings(
        self,
        place: Place,
        readings: tuple[MeterReading, ...],
        transaction_id: str | None,
        unmatched: Unmatched | None = None,
    ) -> None:
        if readings:
            self.record(
                MeterValuesReported(
                    station_id=self.station_id,
                    at=self.now,
                    place=place,
                    readings=readings,
                    transaction_id=transaction_id,
                    unmatched=unmatched,
                )
            )

    def keep_status(self, report: ConnectorReported) -> None:
        """Keep how a connector is."""
        if report.place not in self.connectors and len(self.connectors) >= MAX_CONNECTORS:
            raise PropertyConstraintViolation("The station has named too many connectors")
        self.connectors[report.place] = report
        self.record(report)
