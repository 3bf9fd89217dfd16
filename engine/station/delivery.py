"""The delivery of what the journal keeps: each report in order, in the words of the version that is
spoken, and what its answer teaches (1.6 4.10, 2.x E04, E12, E13).
"""

from typing import TYPE_CHECKING

import msgspec
import structlog

from ...machines.effects import ShowMessages
from ...profiles.device_model import Key
from ...profiles.report import LANES, MeterReport, TransactionReport
from ..journal.journal import CSMS_IDS, Entry
from ..journal.outbox import Outbox
from ..wire.session import CallFailed, CallRefused, CallTimeout, InvalidAnswer, SessionClosed

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

log = structlog.get_logger()

_UNKNOWN_ACTION = frozenset({"NotImplemented", "NotSupported"})
_ATTEMPTS = Key("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent")
_RETRY_INTERVAL = Key("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent")


def is_unknown_action(failure: CallFailed) -> bool:
    """Say whether the CSMS knows no such message."""
    return isinstance(failure, CallRefused) and failure.code in _UNKNOWN_ACTION


class Delivery:
    """Delivers reports, as long as a link stands."""

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network
        failures = (CallRefused, CallTimeout, InvalidAnswer)
        self.outboxes = [Outbox(station.journal, failures, lane) for lane in LANES]
        self._is_delivering = False
        self._at_work: set[Outbox] = set()

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
        """There is a task only while something waits: mostly nothing does."""
        for outbox in self.outboxes:
            if outbox not in self._at_work and not outbox.is_empty:
                self._at_work.add(outbox)
                self.network.start_soon(self._deliver, outbox)

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
            self._at_work.discard(outbox)

    async def _send_report(self, entry: Entry) -> None:
        station, face, report = self.station, self.network.face, entry.report
        assert face is not None
        is_of_meter = isinstance(report, TransactionReport | MeterReport)
        if is_of_meter and entry.number < self.network.first_since_lost:
            report = msgspec.structs.replace(report, offline=True)  # E11.FR.07
        transaction_id = getattr(report, "transaction_id", None)
        csms_id = None if transaction_id is None else station.csms_transaction(transaction_id)
        message = face.report(station.tree, report, csms_id)
        if message is None:
            return
        try:
            response = await self.network.call(message)
        except CallRefused as refusal:
            if report.lane == "notices" and is_unknown_action(refusal):
                log.warning("notice_unknown_to_csms", action=message.action)
                return  # it will never want to hear this one
            raise
        digest = face.digest(report, response)
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
