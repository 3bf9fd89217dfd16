"""The station's way to its CSMS: a link at a time, and what the station says over it.

The connection chart decides when to dial and which network profile; the registration chart when to
boot. Here is how: the dial, the session, and the tasks that live as long as a link.
"""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
import trio

from ...machines.events import (
    IdToken,
    LinkClosed,
    LinkFailed,
    LinkOpened,
    RegistrationAccepted,
    RegistrationDue,
    RegistrationPending,
    RegistrationRejected,
    RegistrationUnanswered,
)
from ...profiles.context import Awaited, Deferred, SendRequests, SendTriggered
from ...profiles.device_model import Key
from ...profiles.errors import InternalError, NotSupported, SecurityError, Silence
from ...profiles.face import AnyRequest, StationFace, TokenInfo, decided
from ...profiles.faces import FACES
from ...profiles.family import VERSIONS
from ...profiles.messages.base import Response
from ...profiles.report import Report, TransactionReport
from ..journal.journal import CSMS_IDS
from ..journal.outbox import Outbox
from ..wire.link import Link
from ..wire.link_errors import LinkError
from ..wire.session import (
    CallFailed,
    CallRefused,
    CallTimeout,
    InvalidAnswer,
    Reply,
    Session,
    SessionClosed,
)
from .record import SAMPLED_TOGETHER
from .statuses import Statuses

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_HEARTBEAT = Key("OCPPCommCtrlr", "HeartbeatInterval")
_PING = Key("OCPPCommCtrlr", "WebSocketPingInterval")
_MESSAGE_TIMEOUT = Key("OCPPCommCtrlr", "MessageTimeout", "Default")
_ATTEMPTS = Key("OCPPCommCtrlr", "MessageAttempts", "TransactionEvent")
_RETRY_INTERVAL = Key("OCPPCommCtrlr", "MessageAttemptInterval", "TransactionEvent")
_OFFLINE_THRESHOLD = Key("OCPPCommCtrlr", "OfflineThreshold")
_DAY = 86_400.0  # s; OCPP-J 5.3: a heartbeat at least that often, for the time
_REGISTRATION = "registration"  # in the journal: slots whose CSMS has accepted the station


class Profile(msgspec.Struct, frozen=True):
    """A network profile: its slot, and how to open a link by it."""

    slot: int
    open_link: Callable[[trio.Nursery], Awaitable[Link]]
    """Opens a link that lives in the nursery. Raises LinkError."""
    message_timeout: float = 30.0  # s


class Network:
    """The station's link, as long as it stands, and what is said over it."""

    def __init__(self, station: "ChargingStation", profiles: Iterable[Profile]) -> None:
        self.station = station
        self.profiles = {profile.slot: profile for profile in profiles}
        self.outbox = Outbox(station.journal, (CallRefused, CallTimeout, InvalidAnswer))
        self.statuses = Statuses(station, self)
        self.face: StationFace | None = None
        self.session: Session | None = None
        self._link: Link | None = None
        self._slot = 0  # of the link that stands
        # Where the CSMS is that accepted the station, and the subprotocol that it spoke.
        self._registered: tuple[int, str] | None = None
        self._nursery: trio.Nursery | None = None  # of the station
        self._tasks: trio.Nursery | None = None  # of the link that stands
        self._dialling: trio.CancelScope | None = None
        self._one_at_a_time = trio.Lock()  # a link is gone before the next is dialled
        self._dials = 0
        self._last_sent = 0.0  # on Trio's clock
        self._message_timeout = 0.0  # s; of the link that stands
        self._lost_at: float | None = None  # s since 1970, when the last link went
        self._lost_at_trio = 0.0  # the same on Trio's clock
        self._last_told_time = 0.0  # on Trio's clock, when the CSMS was last asked for the time
        self._is_delivering = False

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hold the nursery that dials and links live in."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            task_status.started()
            await trio.sleep_forever()

    # ---- the link

    def dial(self, slot: int) -> None:
        """Open a link by this slot's profile; what comes of it comes back as facts."""
        assert self._nursery is not None
        self._dials += 1
        self._nursery.start_soon(self._connect, self.profiles[slot], self._dials)

    def close(self) -> None:
        """End the link that stands, or the dial that is under way."""
        if self._dialling is not None:
            self._dialling.cancel()

    async def _connect(self, profile: Profile, dial: int) -> None:
        async with self._one_at_a_time:
            if dial == self._dials and self.station.tree.connection.chart.is_in("dialling"):
                reason = await self._link_until_closed(profile)
                if dial == self._dials:
                    self._tell_end(profile, reason)

    async def _link_until_closed(self, profile: Profile) -> str:
        """Dial, and say over the link what is to be said; give why it ended."""
        reason = "closed by the station"
        with trio.CancelScope() as self._dialling:
            try:
                async with trio.open_nursery() as nursery:
                    link = await profile.open_link(nursery)
                    await self._converse(link, profile, nursery)
                    reason = str(link.closed or "")
                    nursery.cancel_scope.cancel()
            except* LinkError as errors:
                reason = "; ".join(str(error) for error in errors.exceptions)
        self._dialling = None
        return reason

    def _tell_end(self, profile: Profile, reason: str) -> None:
        if self.station.tree.connection.chart.is_in("dialling"):
            log.warning("link_failed", slot=profile.slot, reason=reason)
            self.station.deliver(0, LinkFailed(reason))
        elif self.station.tree.is_online:
            log.warning("link_closed", slot=profile.slot, reason=reason)
            self.station.deliver(0, LinkClosed(reason))

    async def _converse(self, link: Link, profile: Profile, nursery: trio.Nursery) -> None:
        version = VERSIONS[link.subprotocol or ""]
        self._speak(FACES[version.subprotocol])
        self._link = link
        self._slot = profile.slot
        self._take_message_timeout(profile)
        self.session = Session(link, version, "station", self._answer, on_message=self._saw_message)
        self._tasks = nursery
        self._set_ping_interval()
        nursery.start_soon(self.statuses.run)  # before the boot too: some may be triggered
        log.info("link_opened", slot=profile.slot, version=version.subprotocol)
        try:
            # Another version's registration says other things: so it counts as another CSMS's.
            here = (profile.slot, version.subprotocol)
            self.station.deliver(0, LinkOpened(self._registered not in (None, here)))
            await self.session.run()
        finally:
            self._link = self.session = self._tasks = None
            self._is_delivering = False
            self._lost_at = self.station.clock.time()
            self._lost_at_trio = trio.current_time()
            self.station.timers.stop(self.station.timer_name("heartbeat"))

    def _speak(self, face: StationFace) -> None:
        """Speak a version from now on, and let follow what it fixes otherwise than the last."""
        if face is self.face:
            return
        self.face = face
        self.station.context.tx_points = face.TX_POINTS
        self.station.context.apply_variables()
        self.station.intervals_changed()

    @property
    def ended_intervals(self) -> tuple[Key, Key]:
        """The variables that say how often readings for a transaction's end are taken."""
        return SAMPLED_TOGETHER if self.face is None else self.face.ENDED_INTERVALS

    def _saw_message(self, direction: str, text: str | bytes, at: float) -> None:
        if direction == "sent":
            self._last_sent = at
        if self.station.on_message is not None:
            self.station.on_message(direction, text, at)

    def _start_soon(self, task: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        """Run a task as long as the link stands; without a link there is nothing to do."""
        if self._tasks is not None:
            self._tasks.start_soon(task, *arguments)

    async def call(self, request: AnyRequest) -> Response:
        """Ask the CSMS. Raises CallFailed, also where no link stands."""
        if self.session is None:
            raise SessionClosed("no link stands")
        timeout = self._message_timeout
        response: Response = await self.session.call(request, timeout=timeout)
        return response

    # ---- what the CSMS asks

    def _answer(self, request: AnyRequest) -> Reply | Awaitable[Reply]:
        face, context = self.face, self.station.context
        assert face is not None
        if self.station.tree.registration.is_in("rejected"):
            if not face.ANSWERS_WHEN_REJECTED:
                raise Silence
            raise SecurityError("the station was rejected")
        handler = face.HANDLERS.get(type(request))
        if handler is None:
            raise NotSupported(f"{request.action} is not supported")
        try:
            answer = handler(context, request)
        except BaseException:
            context.take_effects()
            raise
        if isinstance(answer, Awaited):
            return self._await_hardware(answer)
        if isinstance(answer, Deferred):
            return self._await_vendor(answer)
        effects = context.take_effects()
        return answer, partial(self.station.perform, effects)

    async def _await_hardware(self, awaited: Awaited) -> Reply:
        watchers = self.station.watchers
        watch = watchers.expect(awaited.evse, awaited.connector, awaited.answers)
        self.station.perform(awaited.effects)
        fact = await watchers.wait(watch, awaited.seconds)
        return awaited.otherwise if fact is None else awaited.answers[type(fact)]

    async def _await_vendor(self, deferred: Deferred) -> Reply:
        with trio.move_on_after(deferred.seconds):
            return deferred.response(await deferred.answer)
        raise InternalError(f"the vendor's handler gave no answer in {deferred.seconds:g} s")

    # ---- registration and time

    def boot(self) -> None:
        self._start_soon(self._boot)

    async def _boot(self) -> None:
        station, face = self.station, self.face
        assert face is not None
        try:
            response = await self.call(face.boot(station.identity, station.boot_reason))
        except SessionClosed:
            return  # the next link asks again
        except CallFailed as failure:
            log.warning("boot_unanswered", reason=str(failure))
            station.deliver(0, RegistrationUnanswered())
            return
        answer = face.read_boot(response)
        log.info("boot_answered", status=answer.status, interval=answer.interval)
        if answer.status == "Rejected":
            station.deliver(0, RegistrationRejected(answer.interval))
            return
        self._set_time(answer.time.timestamp())
        if answer.status == "Pending":
            station.deliver(0, RegistrationPending(answer.interval))
            return
        if answer.interval > 0:
            station.model.configure(_HEARTBEAT, int(answer.interval))
            station.journal.put("variables", str(_HEARTBEAT), str(int(answer.interval)).encode())
        assert self.face is not None
        self._registered = (self._slot, self.face.VERSION.subprotocol)
        self._remember_registration()
        station.deliver(0, RegistrationAccepted())

    def _remember_registration(self) -> None:
        slot = str(self._slot)
        if self.station.journal.get(_REGISTRATION, slot) is None:
            self.station.journal.put(_REGISTRATION, slot, b"Accepted")

    def _set_time(self, wall: float) -> None:
        self._last_told_time = trio.current_time()
        self.station.timekeeping.set(wall)

    def announce(self, afresh: bool) -> None:
        """Begin what an accepted station does: statuses, heartbeats, delivery."""
        offline = trio.current_time() - self._lost_at_trio
        was_long = offline > self.station.model.integer(_OFFLINE_THRESHOLD)
        self.statuses.announce(afresh or was_long)  # B04.FR.01-02
        self._start_heartbeat()
        self._begin_delivery()

    def _begin_delivery(self) -> None:
        if not self._is_delivering and self.station.timekeeping.is_plausible:
            self._is_delivering = True
            self._start_soon(self._deliver)

    def tell_what_waits(self) -> None:
        """Tell what waited until there was a time to tell."""
        if self.session is not None and self.station.tree.is_accepted:
            self.statuses.announce(afresh=True)
            self._begin_delivery()

    def _start_heartbeat(self) -> None:
        interval = self.station.model.integer(_HEARTBEAT)
        name = self.station.timer_name("heartbeat")
        now = trio.current_time()
        self.station.timers.stop(name)
        if interval and self.session is not None and self.station.tree.is_accepted:
            due = max(self._next_heartbeat(interval), now)
            self.station.timers.start_at(name, due, self._heartbeat_due)

    def _next_heartbeat(self, interval: int) -> float:
        """1.6 4.6, G02.FR.06: whatever was sent counts as a sign of life."""
        return min(self._last_sent + interval, self._last_told_time + _DAY)

    def _heartbeat_due(self) -> None:
        interval = self.station.model.integer(_HEARTBEAT)
        now = trio.current_time()
        if now >= self._next_heartbeat(interval):
            self._start_soon(self._heartbeat)
            self._last_sent = self._last_told_time = now
        self._start_heartbeat()

    async def _heartbeat(self) -> None:
        face = self.face
        assert face is not None
        try:
            response = await self.call(face.heartbeat())
        except CallFailed as failure:
            log.warning("heartbeat_failed", reason=str(failure))
            return
        self._set_time(face.read_time(response).timestamp())

    # ---- people

    def ask_authorization(self, evse_id: int, id_token: IdToken) -> None:
        """Find out whether a token may charge; the answer comes as AuthorizationDecided."""
        if self.session is None or not self.station.tree.is_accepted:
            self._decide_offline(evse_id, id_token)
            return
        info = self.station.tokens.decide_online(id_token, self.station.clock.now())
        if info is None:
            self._start_soon(self._authorize, evse_id, id_token)
        else:
            self.station.deliver(evse_id, decided(evse_id, id_token, info))

    def _may_serve_offline(self) -> bool:
        """1.6 4.2.1: nobody charges at a station that was never accepted, or is put off now."""
        registration = self.station.tree.registration
        if registration.is_in("pending") or registration.is_in("rejected"):
            return False
        return bool(self.station.journal.items(_REGISTRATION))

    def _decide_offline(self, evse_id: int, id_token: IdToken) -> None:
        info = TokenInfo("Invalid")
        if self._may_serve_offline():
            info = self.station.tokens.decide_offline(id_token, self.station.clock.now())
        self.station.deliver(evse_id, decided(evse_id, id_token, info, offline=True))

    async def _authorize(self, evse_id: int, id_token: IdToken) -> None:
        face = self.face
        assert face is not None
        question = face.authorize(id_token)
        info = TokenInfo("Invalid")
        if question is not None:
            try:
                info = face.read_authorization(id_token, await self.call(question))
            except CallFailed as failure:
                log.warning("authorize_failed", evse=evse_id, reason=str(failure))
                self._decide_offline(evse_id, id_token)
                return
            self.station.learn(id_token, info)
        self.station.deliver(evse_id, decided(evse_id, id_token, info))

    # ---- reports

    async def _deliver(self) -> None:
        model = self.station.model
        try:
            await self.outbox.deliver(
                self._send_report,
                attempts=lambda report: model.integer(_ATTEMPTS),
                interval=lambda report: float(model.integer(_RETRY_INTERVAL)),
            )
        except SessionClosed:
            return  # what waits goes out over the next link

    async def _send_report(self, report: Report) -> None:
        station, face = self.station, self.face
        assert face is not None
        if self._lost_at is not None and report.time <= self._lost_at:
            report = msgspec.structs.replace(report, offline=True)  # E11.FR.07
        transaction_id = getattr(report, "transaction_id", None)
        csms_id = None if transaction_id is None else station.csms_transaction(transaction_id)
        message = face.report(station.tree, report, csms_id)
        if message is None:
            return
        digest = face.digest(report, await self.call(message))
        if digest.csms_id is not None and transaction_id is not None:
            station.journal.put(CSMS_IDS, transaction_id, digest.csms_id.encode())
        if digest.token is not None:
            self.station.learn(*digest.token)
        if digest.total_cost is not None and isinstance(report, TransactionReport):
            station.keep_total_cost(report.evse, digest.total_cost)
        for fact in digest.facts:
            station.deliver_to_transaction(transaction_id or "", fact)

    # ---- what the CSMS wants to hear, and how often

    def send_triggered(self, effect: SendTriggered) -> None:
        match effect.what:
            case "Boot":
                self.station.deliver(0, RegistrationDue())  # ends the wait for the next one
            case "Heartbeat":
                self._start_soon(self._heartbeat)
            case "Status":
                self.statuses.tell_again(effect.evse, effect.connector, effect.of_all)
            case "MeterValues":
                self._start_soon(self._send_meter_values, effect)
            case "Transaction":
                for evse_id in self._evses(effect):
                    self.station.records[evse_id - 1].tell_triggered()

    def send_requests(self, effect: SendRequests) -> None:
        self._start_soon(self._send_in_order, effect.requests)

    async def _send_in_order(self, requests: Iterable[AnyRequest]) -> None:
        for request in requests:
            try:
                await self.call(request)
            except CallFailed as failure:
                log.warning("request_failed", action=request.action, reason=str(failure))
                return

    def _evses(self, effect: SendTriggered) -> list[int]:
        every = [evse.evse_id for evse in self.station.tree.evses]
        return [effect.evse] if effect.evse else every

    async def _send_meter_values(self, effect: SendTriggered) -> None:
        for evse_id in self._evses(effect):
            await self._send_meter_value(evse_id, effect.connector, effect.measurands)

    async def _send_meter_value(self, evse_id: int, connector: int, measurands: Key) -> None:
        """Tell a reading; connector 0 is the one in use."""
        station, face = self.station, self.face
        assert face is not None
        samples = station.triggered_samples(evse_id, measurands)
        if not samples:
            return
        transaction = station.tree.evse(evse_id).transaction
        csms_id = None
        if transaction is not None and connector in (0, transaction.connector):
            connector = transaction.connector
            csms_id = station.csms_transaction(transaction.transaction_id)
        request = face.meter_values(station.tree, evse_id, connector or 1, samples, csms_id)
        if request is None:
            return
        try:
            await self.call(request)
        except CallFailed as failure:
            log.warning("meter_values_failed", evse=evse_id, reason=str(failure))

    def variable_changed(self, key: str) -> None:
        if key == str(_HEARTBEAT):
            self._start_heartbeat()
        elif key == str(_PING):
            self._set_ping_interval()
        elif key == str(_MESSAGE_TIMEOUT):
            self._message_timeout = float(self.station.model.integer(_MESSAGE_TIMEOUT))

    def _take_message_timeout(self, profile: Profile) -> None:
        """Wait for answers as the profile says, until the CSMS wants it otherwise (errata 3.83)."""
        model = self.station.model
        if self.station.journal.get("variables", str(_MESSAGE_TIMEOUT)) is None:
            self._message_timeout = profile.message_timeout
            model.configure(_MESSAGE_TIMEOUT, max(1, round(profile.message_timeout)))
        else:
            self._message_timeout = float(model.integer(_MESSAGE_TIMEOUT))

    def _set_ping_interval(self) -> None:
        set_interval = getattr(self._link, "set_ping_interval", None)
        if set_interval is not None:
            set_interval(float(self.station.model.integer(_PING)))
