"""The station's way to its CSMS: a link at a time, and the parts of the station that speak over it.

The connection chart decides when to dial and which network profile. Here is how: the dial, the
session, and the tasks that live as long as a link.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import outcome
import structlog
import trio

from ...machines.events import LinkClosed, LinkFailed, LinkOpened
from ...profiles.device_model import Key
from ...profiles.face import AnyRequest, StationFace
from ...profiles.faces import FACES
from ...profiles.family import VERSIONS
from ...profiles.messages.base import Response
from ...profiles.network import MESSAGE_TIMEOUT, NetworkProfile, read_profile
from ..wire.link import GOING_AWAY, Link
from ..wire.link_errors import LinkError
from ..wire.session import (
    CallRefused,
    CallTimeout,
    Concluded,
    InvalidAnswer,
    Session,
    SessionClosed,
)
from .answering import Answering
from .asking import Asking
from .delivery import Delivery
from .registering import HEARTBEAT, Registering
from .slots import Slots
from .statuses import Statuses
from .triggered import Triggered

if TYPE_CHECKING:
    from .station import CallOutcome, ChargingStation

log = structlog.get_logger()

_CLOSED_HERE = "closed by the station"
_PING = Key("OCPPCommCtrlr", "WebSocketPingInterval")


OpenLink = Callable[[NetworkProfile, trio.Nursery], Awaitable[Link]]
"""Opens a link by a network profile, as it is at that moment, to live in the nursery. Raises
LinkError.
"""


class Network:
    """The station's link, as long as it stands, and what is said over it."""

    __slots__ = (
        "_called",
        "_dialling",
        "_link",
        "_tasks",
        "_timeout",
        "_wanted",
        "answering",
        "asking",
        "delivery",
        "face",
        "first_since_lost",
        "is_on",
        "last_sent",
        "lost_at_trio",
        "open_link",
        "profile",
        "registering",
        "session",
        "slots",
        "station",
        "statuses",
        "triggered",
    )

    def __init__(self, station: "ChargingStation", open_link: OpenLink) -> None:
        self.station = station
        self.open_link = open_link
        self.slots = Slots(station)
        self.answering = Answering(station, self)
        self.registering = Registering(station, self)
        self.asking = Asking(station, self)
        self.delivery = Delivery(station, self)
        self.statuses = Statuses(station, self)
        self.triggered = Triggered(station, self)
        self.face: StationFace | None = None
        self.session: Session | None = None
        self.profile: NetworkProfile | None = None  # of the link that stood last
        self.last_sent = 0.0  # on Trio's clock
        self.first_since_lost = 0  # number of the first report after the last link went
        self.lost_at_trio = 0.0  # on Trio's clock, when that was
        self._link: Link | None = None
        self._tasks: trio.Nursery | None = None  # of the link that stands
        self._dialling: trio.CancelScope | None = None
        self._wanted: int | None = None  # the slot that is to be dialled next
        self._called: trio.Event | None = None  # while there is nothing to dial
        self.is_on = False  # while `run` is, and `end` was not called
        self._timeout = 0.0  # s that an answer may take, while a link stands

    # ---- the link

    async def run(self) -> None:
        """Dial what is to be dialled, one link after the other, until `end`."""
        # What was to be told before this start has waited for a link (E11.FR.07).
        self.first_since_lost = self.station.journal.next_number
        self.is_on = True
        try:
            while self.is_on:
                await self._serve_next()
        finally:
            self.is_on = False

    async def _serve_next(self) -> None:
        if self._wanted is None:
            self._called = trio.Event()
            await self._called.wait()
            return
        slot, self._wanted = self._wanted, None
        if self.station.tree.connection.chart.is_in("dialling"):
            await self._connect(slot)

    def dial(self, slot: int) -> None:
        """Open a link by this slot's profile, once the one before has ended; what comes of it
        comes back as facts.
        """
        self._wanted = slot
        self._call()

    def _call(self) -> None:
        if self._called is not None:
            self._called.set()
            self._called = None

    def end(self) -> None:
        """Have `run` end at once, with nothing told."""
        self.is_on = False
        self._call()
        self.close()

    def close(self) -> None:
        """End the link that stands, or the dial that is under way."""
        if self._dialling is not None:
            self._dialling.cancel()

    async def _connect(self, slot: int) -> None:
        profile = read_profile(self.station.model, slot)
        if profile is None:
            reason = f"there is no network profile in slot {slot}"
            await trio.lowlevel.checkpoint()  # as a dial would
        else:
            chosen = self.station.passwords.chosen(profile)
            reason = await self._link_until_closed(chosen)
        is_ours = reason == _CLOSED_HERE and not self.is_on  # nobody is to hear of that
        if self._wanted is None and not is_ours:
            self._tell_end(slot, reason)
        self.asking.link_ended()

    async def _link_until_closed(self, profile: NetworkProfile) -> str:
        """Dial, and say over the link what is to be said; give why it ended."""
        reason = _CLOSED_HERE
        try:
            async with trio.open_nursery() as nursery:
                self._dialling = nursery.cancel_scope
                link = await self.open_link(profile, nursery)
                try:
                    await self._converse(link, profile, nursery)
                except BaseException:  # cancelled, mostly
                    await link.close(GOING_AWAY, "going away")
                    raise
                reason = str(link.closed or "")
                nursery.cancel_scope.cancel()
        except* LinkError as errors:
            reason = "; ".join(str(error) for error in errors.exceptions)
            self._note_failures(profile, errors)
        finally:
            self._dialling = None
        return reason

    def _note_failures(self, profile: NetworkProfile, errors: ExceptionGroup[LinkError]) -> None:
        for error in errors.exceptions:
            if isinstance(error, LinkError):
                self.station.security.dial_failed(profile.slot, error)
                self.station.passwords.dial_failed(profile.slot, error)

    def _tell_end(self, slot: int, reason: str) -> None:
        if self.station.tree.connection.chart.is_in("dialling"):
            log.warning("link_failed", slot=slot, reason=reason)
            self.station.deliver(0, LinkFailed(reason))
        elif self.station.tree.is_online:
            log.warning("link_closed", slot=slot, reason=reason)
            self.station.deliver(0, LinkClosed(reason))

    async def _converse(self, link: Link, profile: NetworkProfile, nursery: trio.Nursery) -> None:
        version = VERSIONS[link.subprotocol or ""]
        self._speak(FACES[version.subprotocol])
        self._link = link
        self.profile = profile
        self.session = Session(
            link,
            version,
            "station",
            self.answering.answer,
            on_message=self._saw_message,
            on_invalid=self.station.security.saw_invalid,
        )
        self._tasks = nursery
        self._set_ping_interval()
        self.statuses.link_opened()  # before the boot too: some may be triggered
        log.info("link_opened", slot=profile.slot, version=version.subprotocol)
        try:
            self.slots.link_opened(profile)
            self._take_timeout()
            self.station.security.link_opened(profile.slot)
            self.station.passwords.link_opened(profile.slot)
            is_new_csms = self.registering.link_opened(profile, version.subprotocol)
            self.station.deliver(0, LinkOpened(is_new_csms))
            await self.session.run()
        finally:
            self._link = self.session = self._tasks = None
            self.first_since_lost = self.station.journal.next_number
            self.lost_at_trio = trio.current_time()
            self.delivery.link_ended()
            self.registering.link_ended()

    def _speak(self, face: StationFace) -> None:
        """Speak a version from now on, and let follow what it fixes otherwise than the last."""
        if face is self.face:
            return
        station, before = self.station, self.ended_intervals
        self.face = face
        if station.context.tx_points != face.TX_POINTS:
            station.context.tx_points = face.TX_POINTS
            station.context.apply_variables()
        if self.ended_intervals != before:
            station.intervals_changed()

    @property
    def ended_intervals(self) -> tuple[Key, Key]:
        """The variables that say how often readings for a transaction's end are taken; before any
        version was spoken, by the one that is offered first.
        """
        face = self.face or FACES[self.station.context.reach.subprotocols[0]]
        return face.ENDED_INTERVALS

    def _saw_message(self, direction: str, text: str | bytes) -> None:
        hears = self.station.on_message
        if direction == "sent":
            self.last_sent = trio.current_time()
        if hears is not None:
            hears(direction, text, trio.current_time())

    def start_soon(self, task: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        """Run a task as long as the link stands; without a link there is nothing to do."""
        if self._tasks is not None:
            self._tasks.start_soon(task, *arguments)

    async def call(self, request: AnyRequest) -> Response:
        """Ask the CSMS. Raises CallFailed, also where no link stands."""
        await self.answering.until_committed()
        if self.session is None:
            raise SessionClosed("no link stands")
        began = trio.current_time()
        result = await outcome.acapture(self.session.call, request, timeout=self._timeout)
        self._note_end(request, began, result)
        return result.unwrap()

    def ask(self, request: AnyRequest, then: Concluded[Response]) -> bool:
        """Ask the CSMS without a task that waits, if nothing but its turn need be waited for. Says
        whether it did; `then` is told how it ended.
        """
        if not self.may_ask:
            return False
        assert self.session is not None
        ended = partial(self._ended, request, trio.current_time(), then)
        try:
            self.session.ask(request, timeout=self._timeout, then=ended)
        except SessionClosed:
            return False
        return True

    def ask_when_free(self, request: AnyRequest, then: Concluded[Response]) -> None:
        """Ask at once where that is possible, otherwise with a task that waits for it."""
        if not self.ask(request, then):
            self.start_soon(self._wait_and_ask, request, then)

    async def _wait_and_ask(self, request: AnyRequest, then: Concluded[Response]) -> None:
        then(await outcome.acapture(self.call, request))

    def _ended(
        self,
        request: AnyRequest,
        began: float,
        then: Concluded[Response],
        result: outcome.Outcome[Response],
    ) -> None:
        self._note_end(request, began, result)
        then(result)

    @property
    def may_ask(self) -> bool:
        """Say whether `ask` can do what it is for."""
        return self.session is not None and not self.answering.comes_first

    def _note_end(
        self, request: AnyRequest, began: float, result: outcome.Outcome[Response]
    ) -> None:
        how: CallOutcome = "answered"
        if type(result) is outcome.Error:  # an abstract class's isinstance is slow
            failure = result.error
            how = "refused" if isinstance(failure, CallRefused | InvalidAnswer) else "lost"
            if isinstance(failure, CallTimeout):
                how = "timed out"
            elif isinstance(failure, CallRefused) and failure.code == "SecurityError":
                self.registering.doubt()
        if self.station.on_call is not None:
            self.station.on_call(request.action, began, trio.current_time(), how)

    # ---- variables that the link follows

    def variable_changed(self, key: Key) -> None:
        if key == HEARTBEAT:
            self.registering.start_heartbeat()
        elif key == _PING:
            self._set_ping_interval()
        elif key == MESSAGE_TIMEOUT:
            self._take_timeout()

    def _take_timeout(self) -> None:
        self._timeout = float(self.station.model.integer(MESSAGE_TIMEOUT))

    def _set_ping_interval(self) -> None:
        if self._link is not None:
            self._link.set_ping_interval(float(self.station.model.integer(_PING)))
