"""The station's registration at its CSMS: the boot, what an accepted station begins with, and the
heartbeat, which brings the time.

1.6 4.2 and 4.6; 2.x B01 to B04, G02. When to boot the registration chart decides.
"""

from typing import TYPE_CHECKING

import outcome
import structlog
import trio

from ...machines.events import (
    RegistrationAccepted,
    RegistrationDue,
    RegistrationPending,
    RegistrationRejected,
    RegistrationUnanswered,
)
from ...profiles.context import KeepVariable
from ...profiles.device_model import Key
from ...profiles.messages.base import Response
from ...profiles.network import NetworkProfile
from ..wire.session import CallFailed, SessionClosed

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

log = structlog.get_logger()

HEARTBEAT = Key("OCPPCommCtrlr", "HeartbeatInterval")
_HEARTBEAT_NAME = str(HEARTBEAT)
_OFFLINE_THRESHOLD = Key("OCPPCommCtrlr", "OfflineThreshold")
_DAY = 86_400.0  # s; OCPP-J 5.3: a heartbeat at least that often, for the time
REGISTRATION = "registration"  # in the journal: slots whose CSMS has accepted the station


_Registration = tuple[int, str, str | None, str]  # slot, address, identity there, subprotocol


def _registration(profile: NetworkProfile, subprotocol: str) -> _Registration:
    return profile.slot, profile.url, profile.identity, subprotocol


class Registering:
    """Boots, and shows the CSMS that the station lives."""

    __slots__ = (
        "_answered",
        "_booted_at",
        "_last_told_time",
        "_registered",
        "is_answered",
        "network",
        "station",
    )

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network
        self._registered: _Registration | None = None  # where the station was accepted
        self._last_told_time = 0.0  # on Trio's clock, when the CSMS was last asked for the time
        self.is_answered = False
        """Whether the CSMS has answered the boot with Accepted or Pending."""
        self._answered: trio.Event | None = None  # while somebody waits for that
        self._booted_at = 0.0  # on Trio's clock

    def link_opened(self, profile: NetworkProfile, subprotocol: str) -> bool:
        """Say whether another CSMS has the registration (B10.FR.10); another version's says other
        things, so it counts as another's.
        """
        is_elsewhere = self._registered not in (None, _registration(profile, subprotocol))
        if is_elsewhere:
            self._forget_answer()
        return is_elsewhere

    def _forget_answer(self) -> None:
        self.is_answered = False

    @property
    def was_accepted(self) -> bool:
        """Whether a CSMS has ever accepted the station."""
        return bool(self.station.journal.items(REGISTRATION))

    def link_ended(self) -> None:
        self.station.timers.stop("heartbeat")

    async def until_answered(self) -> None:
        """Wait until `is_answered`: before, nothing else is said, also not what the CSMS asks for
        (B01.FR.08).
        """
        while not self.is_answered:  # it may be forgotten again by then
            if self._answered is None:
                self._answered = trio.Event()
            await self._answered.wait()

    # ---- the boot

    def boot(self, is_triggered: bool) -> None:
        station, network = self.station, self.network
        if network.session is None:
            return  # the next link asks
        assert network.face is not None
        self._booted_at = trio.current_time()
        reason = "Triggered" if is_triggered else station.boot_reason
        request = network.face.boot(station.identity, reason)
        network.ask_when_free(request, self._concluded)

    def _concluded(self, result: outcome.Outcome[Response]) -> None:
        if isinstance(result, outcome.Error) and isinstance(result.error, CallFailed):
            self._unanswered(result.error)
        else:
            self._booted(result.unwrap())

    def doubt(self) -> None:
        """The CSMS answers as if it had not accepted the station (B01.FR.10, B03.FR.07): register
        anew, now and then.
        """
        now = trio.current_time()
        patience = self.station.tree.settings.boot_retry
        if self.station.tree.is_accepted and now >= self._booted_at + patience:
            log.warning("registration_doubted")
            self.station.deliver(0, RegistrationDue())

    def _unanswered(self, failure: CallFailed) -> None:
        if not isinstance(failure, SessionClosed):  # then the next link asks again
            log.warning("boot_unanswered", reason=str(failure))
            self.station.deliver(0, RegistrationUnanswered())

    def _booted(self, response: Response) -> None:
        station, face = self.station, self.network.face
        assert face is not None
        answer = face.read_boot(response)
        log.info("boot_answered", status=answer.status, interval=answer.interval)
        if answer.status == "Rejected":
            self._forget_answer()
            station.deliver(0, RegistrationRejected(answer.interval))
            return
        self.is_answered = True
        if self._answered is not None:
            self._answered.set()
            self._answered = None
        self._set_time(answer.time.timestamp())
        if answer.status == "Pending":
            station.deliver(0, RegistrationPending(answer.interval))
            return
        if answer.interval > 0:
            most = station.model.definition(HEARTBEAT).maximum or answer.interval
            interval = int(min(answer.interval, most))
            station.model.configure(HEARTBEAT, interval)
            station.variables.keep(KeepVariable(_HEARTBEAT_NAME, str(interval)))
        profile = self.network.profile
        assert profile is not None
        self._registered = _registration(profile, face.VERSION.subprotocol)
        station.journal.put(REGISTRATION, str(profile.slot), b"Accepted")
        if self.network.slots.may_drop_lower:
            self.network.start_soon(self._accepted)
        else:
            station.deliver(0, RegistrationAccepted())

    async def _accepted(self) -> None:
        await self.network.slots.drop_lower()
        self.station.deliver(0, RegistrationAccepted())

    def _set_time(self, wall: float) -> None:
        self._last_told_time = trio.current_time()
        self.station.timekeeping.set(wall)

    # ---- what an accepted station does

    def announce(self, afresh: bool) -> None:
        """Begin what an accepted station does: statuses, heartbeats, delivery."""
        offline = trio.current_time() - self.network.lost_at_trio
        was_long = offline > self.station.model.integer(_OFFLINE_THRESHOLD)
        self.network.statuses.announce(afresh or was_long)  # B04.FR.01-02
        self.start_heartbeat()
        self.station.monitors.look_everywhere()
        self.network.delivery.begin()

    def tell_what_waits(self) -> None:
        """Tell what waited until there was a time to tell."""
        if self.network.session is not None and self.station.tree.is_accepted:
            self.network.statuses.announce(afresh=True)
            self.station.monitors.look_everywhere()
            self.network.delivery.begin()

    # ---- the heartbeat

    def start_heartbeat(self) -> None:
        """Have the next heartbeat sent when it is due by the interval that holds now."""
        interval = self.station.model.integer(HEARTBEAT)
        name = "heartbeat"
        now = trio.current_time()
        self.station.timers.stop(name)
        if interval and self.network.session is not None and self.station.tree.is_accepted:
            due = max(self._next_heartbeat(interval), now)
            self.station.timers.start_at(name, due, self._heartbeat_due)

    def _next_heartbeat(self, interval: int) -> float:
        """1.6 4.6, G02.FR.06: whatever was sent counts as a sign of life."""
        return min(self.network.last_sent + interval, self._last_told_time + _DAY)

    def _heartbeat_due(self) -> None:
        interval = self.station.model.integer(HEARTBEAT)
        now = trio.current_time()
        if now >= self._next_heartbeat(interval):
            self.send_heartbeat()
            self.network.last_sent = self._last_told_time = now
        self.start_heartbeat()

    def send_heartbeat(self) -> None:
        if self.is_answered:
            self._heartbeat()
        else:
            self.network.start_soon(self._heartbeat_later)

    async def _heartbeat_later(self) -> None:
        await self.until_answered()
        self._heartbeat()

    def _heartbeat(self) -> None:
        face = self.network.face
        if face is not None:
            self.network.ask_when_free(face.heartbeat(), self._heartbeat_ended)

    def _heartbeat_ended(self, result: outcome.Outcome[Response]) -> None:
        face = self.network.face
        try:
            response = result.unwrap()
        except CallFailed as failure:
            log.warning("heartbeat_failed", reason=str(failure))
            return
        assert face is not None
        self._set_time(face.read_time(response).timestamp())
