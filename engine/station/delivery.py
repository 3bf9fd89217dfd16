"""The delivery of what the journal keeps: each report in order, in the words of the version that is
spoken, and what its answer teaches (1.6 4.10, 2.x E04, E12, E13).
"""

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import structlog
from outcome import Error, Outcome

from ...machines.effects import ShowMessages
from ...profiles.device_model import Key
from ...profiles.face import NOTHING, AnyRequest
from ...profiles.messages.base import Response
from ...profiles.report import LANES, MeterReport, Report, TransactionReport
from ..journal.journal import CSMS_IDS, Entry
from ..journal.outbox import Outbox
from ..wire.session import CallFailed, CallRefused, CallTimeout, InvalidAnswer, SessionClosed

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

log = structlog.get_logger()

FAILURES = (CallRefused, CallTimeout, InvalidAnswer)  # that count as an attempt
_UNKNOWN_ACTION = frozenset({"NotImplemented", "NotSupported"})
_ATTEMPTS = Key("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent")
_RETRY_INTERVAL = Key("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent")


def is_unknown_action(failure: CallFailed) -> bool:
    """Say whether the CSMS knows no such message."""
    return isinstance(failure, CallRefused) and failure.code in _UNKNOWN_ACTION


class Delivery:
    """Delivers reports, as long as a link stands."""

    __slots__ = ("_is_delivering", "network", "outboxes", "station")

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network
        self.outboxes = [Outbox(station.journal, FAILURES, lane) for lane in LANES]
        self._is_delivering = False

    def begin(self) -> None:
        """Deliver over the link that stands, once there is a time to tell."""
        if not self._is_delivering and self.station.timekeeping.is_plausible:
            self._is_delivering = True
            self.station.journal.on_waiting = self._look
            self._look()

    def link_ended(self) -> None:
        self._is_delivering = False
        self.station.journal.on_waiting = None

    def _look(self) -> None:
        for outbox in self.outboxes:
            if not outbox.is_at_work:
                self._go_on(outbox)

    def _go_on(self, outbox: Outbox) -> None:
        """Have its next report sent, if there is one; nobody is at work on it."""
        entry = outbox.head
        if entry is not None:
            outbox.is_at_work = True
            if not self._post(outbox, entry):
                self.network.start_soon(self._deliver, outbox)

    # ---- the usual way: nothing is to be waited for but the answer, and a task would cost more
    # than all else

    def _post(self, outbox: Outbox, entry: Entry) -> bool:
        """Send the next report, if it can go out at once."""
        if entry.attempts or not self.network.may_ask:
            return False  # it waits for its next attempt, or for an answer that comes first
        message = self._message(entry)
        if message is None:
            return False
        return self.network.ask(message, partial(self._concluded, outbox, entry))

    def _concluded(self, outbox: Outbox, entry: Entry, result: Outcome[Response]) -> None:
        failure = result.error if type(result) is Error else None
        if isinstance(failure, SessionClosed):
            outbox.is_at_work = False
            return  # it goes out over the next link
        if failure is None:
            self._learn(entry.report, result.unwrap())
        if failure is None or self._is_unknown_notice(entry, failure):
            outbox.delivered(entry)
        elif isinstance(failure, FAILURES):
            outbox.refused(entry, failure)
        else:
            raise failure
        outbox.is_at_work = False
        if self._is_delivering:
            self._go_on(outbox)

    # ---- with a task, that waits for its turn, for the disk or for the time of the next attempt

    async def _deliver(self, outbox: Outbox) -> None:
        model = self.station.model
        try:
            await outbox.deliver(
                self._send_report,
                attempts=lambda report: model.integer(_ATTEMPTS),
                interval=lambda report: float(model.integer(_RETRY_INTERVAL)),
            )
        except SessionClosed:
            return  # what waits goes out over the next link
        finally:
            outbox.is_at_work = False

    async def _send_report(self, entry: Entry) -> None:
        message = self._message(entry)
        if message is None:
            return
        try:
            response = await self.network.call(message)
        except CallRefused as refusal:
            if self._is_unknown_notice(entry, refusal):
                return
            raise
        self._learn(entry.report, response)

    # ---- what is said, and what the answer means

    def _message(self, entry: Entry) -> AnyRequest | None:
        """Write a report in the version that is spoken; None where it has no message for it."""
        station, face, report = self.station, self.network.face, entry.report
        assert face is not None
        is_old = entry.number < self.network.first_since_lost
        if is_old and isinstance(report, TransactionReport | MeterReport):
            report = msgspec.structs.replace(report, offline=True)  # E11.FR.07
        transaction_id = getattr(report, "transaction_id", None)
        csms_id = None if transaction_id is None else station.csms_transaction(transaction_id)
        return face.report(station.tree, report, csms_id)

    def _is_unknown_notice(self, entry: Entry, failure: BaseException) -> bool:
        """Say whether the CSMS will never want to hear of this one."""
        if entry.report.lane != "notices" or not isinstance(failure, CallRefused):
            return False
        if not is_unknown_action(failure):
            return False
        log.warning("notice_unknown_to_csms", notice=type(entry.report).__name__)
        return True

    def _learn(self, report: Report, response: Response) -> None:
        station, face = self.station, self.network.face
        assert face is not None
        digest = face.digest(report, response)
        if digest is NOTHING:
            return  # as mostly
        transaction_id = getattr(report, "transaction_id", None)
        if digest.csms_id is not None and transaction_id is not None:
            station.journal.put(CSMS_IDS, transaction_id, digest.csms_id.encode())
        if digest.token is not None:
            self.network.asking.learn(*digest.token)
        if digest.total_cost is not None and isinstance(report, TransactionReport):
            station.keep_total_cost(report.evse, digest.total_cost)
        if digest.messages and isinstance(report, TransactionReport):
            station.tell_person(ShowMessages(report.evse, digest.messages))
        for fact in digest.facts:
            station.deliver_to_transaction(transaction_id or "", fact)
