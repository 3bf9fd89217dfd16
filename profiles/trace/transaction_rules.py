"""Rules about transactions: functional block E, 1.6 chapters 3.7, 4.8 and 4.10."""

from collections.abc import Iterable, Iterator

from .dialogue import Dialogue
from .rule import V2, Blame, TransactionRule
from .said import Recent, Said, within
from .transactions import Transaction, TransactionTold

_SLACK = 5.0  # s between the station's clock and that of the log
_CHARGED = frozenset({"Charging", "EVConnected", "SuspendedEV", "SuspendedEVSE"})


class StartedFirst(TransactionRule):
    """What is told of a transaction begins with its start: nothing comes of one that was not
    started.
    """

    name = "started-first"
    requirements = ("E01.FR.07", "1.6 4.7", "1.6 4.10")

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if before is not None or told.event_type == "Started" or told.transaction_id == "-1":
            return  # 1.6: some say -1 of a transaction that never got its number
        if self.dialogue.is_complete or told.seq_no == 0:
            yield f"{told.event_type} of transaction {told.transaction_id}, which has not started"


class OneStart(TransactionRule):
    """A transaction starts once."""

    name = "started-once"
    requirements = ("E01.FR.07",)
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if told.event_type == "Started" and before is not None and not before.is_ended:
            yield f"transaction {told.transaction_id} starts a second time"


class StartStopped(TransactionRule):
    """Every start has its stop before the next start at the same EVSE (1.6: connector)."""

    name = "start-has-a-stop"
    requirements = ("E01.FR.14", "1.6 4.10")

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if told.evse is None or (before is not None and before.evse is not None):
            return
        running = self.dialogue.transactions.running_at(told.evse)
        if running is not None and running != told.transaction_id:
            yield (
                f"transaction {told.transaction_id} started at EVSE {told.evse}, where {running} "
                "has not ended"
            )


class EndedLast(TransactionRule):
    """Nothing is told of a transaction after its end, and it ends once."""

    name = "ended-last"
    requirements = ("E06.FR.14", "1.6 3.7", "1.6 4.10")

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if before is None or not before.is_ended or told.event_type == "Started":
            return
        if told.seq_no is None or told.seq_no != before.last.seq_no:
            yield f"{told.event_type} of transaction {told.transaction_id}, which has ended"


class TransactionIdFresh(TransactionRule):
    """No two transactions have the same id."""

    name = "transaction-id-fresh"
    requirements = ("E01.FR.08", "1.6 4.8")
    culprit = None  # 1.6: the central system gives them

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if told.event_type == "Started" and before is not None and before.is_ended:
            yield f"the id {told.transaction_id} was that of a transaction before"


class SeqNoWithoutGap(TransactionRule):
    """The messages of a transaction are numbered without a gap."""

    name = "seq-no-gap"
    requirements = ("E01.FR.07", "E02.FR.07", "E03.FR.06", "E04.FR.04")
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if before is None or told.seq_no is None or before.last.seq_no is None:
            return
        missing = told.seq_no - before.last.seq_no - 1
        if missing > 0:
            yield (
                f"transaction {told.transaction_id}: seqNo {told.seq_no} follows "
                f"{before.last.seq_no}"
            )


class SeqNoRepeated(TransactionRule):
    """A message that is sent once more is the same: no number stands for two contents."""

    name = "seq-no-repeated"
    requirements = ("E13.FR.02", "E01.FR.07")
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if before is not None and told.seq_no is not None and told.seq_no == before.last.seq_no:
            yield (
                f"transaction {told.transaction_id}: seqNo {told.seq_no} came again with other "
                "content"
            )


class InOrder(TransactionRule):
    """No message of a transaction overtakes another."""

    name = "transaction-in-order"
    requirements = ("E01.FR.07", "E04.FR.02")
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if before is None or told.seq_no is None or before.last.seq_no is None:
            return
        if told.seq_no < before.last.seq_no:
            yield (
                f"transaction {told.transaction_id}: seqNo {told.seq_no} came after "
                f"{before.last.seq_no}"
            )


class TimeForward(TransactionRule):
    """Timestamps do not run back within a transaction."""

    name = "timestamps-forward"
    requirements = ("E01.FR.07", "1.6 3.7")

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if before is None or told.occurred is None or before.last.occurred is None:
            return
        back = before.last.occurred - told.occurred
        if back > 0:
            yield f"transaction {told.transaction_id}: its time went back by {back:.0f} s"


class EvseTold(TransactionRule):
    """A transaction that charges has told its EVSE."""

    name = "evse-told"
    requirements = ("E01.FR.16",)
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        known = told.evse or (before.evse if before is not None else None)
        if told.event_type != "Started" and (before is None or before.start is None):
            return  # the log does not have its beginning
        if known is None and told.charging_state in _CHARGED:
            yield (
                f"transaction {told.transaction_id} is {told.charging_state} at an EVSE not told"
            )


class EvseToldOnce(TransactionRule):
    """A transaction stays at its EVSE."""

    name = "evse-stays"
    requirements = ("E01.FR.16",)
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if before is None or told.evse is None or before.evse is None:
            return
        if told.evse != before.evse:
            yield (f"transaction {told.transaction_id} went from EVSE {before.evse} to {told.evse}")


class TokenWhenAuthorized(TransactionRule):
    """Whoever was authorized for a transaction is told with it."""

    name = "token-when-authorized"
    requirements = ("E02.FR.01", "E03.FR.01")
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if told.trigger == "Authorized" and not told.has_token:
            yield f"transaction {told.transaction_id} was authorized, for no idToken"


class ChargingStateTold(TransactionRule):
    """A change of the charging state tells the new state, and it is another than before."""

    name = "charging-state-told"
    requirements = ("E01.FR.18", "E02.FR.13")
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if told.trigger != "ChargingStateChanged":
            return
        if told.charging_state is None:
            yield f"transaction {told.transaction_id}: the changed chargingState is not told"
        elif (
            before is not None
            and _follows(told, before)
            and told.charging_state == before.charging_state
        ):
            yield (
                f"transaction {told.transaction_id}: the chargingState changed from "
                f"{before.charging_state} to the same"
            )


def _follows(told: TransactionTold, before: Transaction) -> bool:
    return told.seq_no is not None and told.seq_no - 1 == before.last.seq_no


class ReasonWhenEnded(TransactionRule):
    """Only the end of a transaction tells why it ended."""

    name = "reason-when-ended"
    requirements = ("E06.FR.08",)
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if told.has_stopped_reason and told.event_type != "Ended":
            yield f"transaction {told.transaction_id}: {told.event_type} with a stoppedReason"


class OfflineFlag(TransactionRule):
    """What happened while the station was offline says so, and what happens later does not (where
    the log tells when the link stood, and the station's clock agrees with that of the log).
    """

    name = "offline-flag"
    requirements = ("E04.FR.03",)
    versions = V2

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._agrees = False  # the clocks, when last an event was told at once
        self._at: float | None = None

    def hear(self, said: Said) -> Iterable[str | Blame]:
        self._at = said.at
        return super().hear(said)

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        opened, closed = self.dialogue.opened_at, self.dialogue.closed_at
        if told.occurred is None or self._at is None or opened is None:
            return
        if not told.offline and (closed is None or told.occurred > opened):
            self._agrees = abs(self._at - told.occurred) < _SLACK
        if not self._agrees or closed is None:
            return
        if closed + _SLACK < told.occurred < opened - _SLACK and not told.offline:
            yield f"transaction {told.transaction_id}: it happened offline, and does not say so"
        elif told.occurred > opened + 12 * _SLACK and told.offline:
            yield f"transaction {told.transaction_id}: offline, while the link stood"


class RemoteStartKnown(TransactionRule):
    """A remoteStartId is one that the CSMS has asked to start with."""

    name = "remote-start-known"
    requirements = ("F01.FR.25", "F02.FR.01")
    versions = V2
    actions = frozenset({"TransactionEvent", "RequestStartTransaction"})

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._asked: Recent[object, bool] = Recent(256)

    def hear(self, said: Said) -> Iterable[str | Blame]:
        if said.is_request and said.action == "RequestStartTransaction":
            self._asked.keep(within(said.payload, "remoteStartId"), True)
        return super().hear(said)

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        number = told.remote_start_id
        if number is not None and number not in self._asked and self.dialogue.is_complete:
            yield f"transaction {told.transaction_id}: nobody asked for the start {number}"


class RemoteStartTold(TransactionRule):
    """A transaction that was started from afar tells which request started it."""

    name = "remote-start-told"
    requirements = ("F01.FR.25", "F02.FR.01")
    versions = V2

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterator[str]:
        if told.trigger == "RemoteStart" and told.remote_start_id is None:
            yield f"transaction {told.transaction_id}: RemoteStart without a remoteStartId"


RULES: tuple[type[TransactionRule], ...] = (
    StartedFirst,
    OneStart,
    StartStopped,
    EndedLast,
    TransactionIdFresh,
    SeqNoWithoutGap,
    SeqNoRepeated,
    InOrder,
    TimeForward,
    EvseTold,
    EvseToldOnce,
    TokenWhenAuthorized,
    ChargingStateTold,
    ReasonWhenEnded,
    OfflineFlag,
    RemoteStartKnown,
    RemoteStartTold,
)
