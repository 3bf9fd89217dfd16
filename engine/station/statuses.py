"""What the CSMS was told of each connector, and what it is to be told next (1.6 4.9, 2.x G01).

While a link stands every change is told, in order; what changed while none did is told once it
does, as it looks then.
"""

from collections.abc import Hashable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import structlog
from outcome import Error, Outcome

from ...profiles.device_model import Key
from ...profiles.face import AnyRequest, StatusEvent
from ...profiles.messages.base import Response
from ...profiles.standard.monitoring import STATUS_BY_EVENT
from ..wire.session import CallFailed, SessionClosed
from .delivery import is_unknown_action

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

log = structlog.get_logger()

_MINIMUM_DURATION = Key("OCPP16LegacyCtrlr", "MinimumStatusDuration")
_SEVERITY = 8  # Informational, as an event
_SETTLING_SECONDS = 5.0  # that a car gets to draw power once the contactor is closed


class _Status(NamedTuple):
    evse: int
    connector: int
    look: Hashable
    time: datetime
    is_triggered: bool = False  # then the CSMS wants it just in this message


class Statuses:
    """Tells connectors' looks, each once."""

    __slots__ = ("_hears_events", "_is_telling", "_told", "_waiting", "network", "station")

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network
        self._told: dict[tuple[int, int], Hashable] = {}
        self._waiting: list[_Status] = []
        self._hears_events = True  # until a CSMS says that it knows no NotifyEvent
        self._is_telling = False  # one is being told

    def _all(self) -> list[tuple[int, int]]:
        return [(0, 0), *((c.evse_id, c.number) for c in self.station.tree.connectors)]

    def announce(self, afresh: bool) -> None:
        """Tell every connector, or those that look different from what was told last."""
        if afresh:
            self._told.clear()
        self._hears_events = True
        self._waiting.clear()
        for evse, connector in self._all():
            self._note(evse, connector)
        if self._waiting and not self._is_telling:
            self._is_telling = True
            self._tell_next()

    def tell_again(self, evse: int, connector: int, of_all: bool) -> None:
        """Tell it though it has not changed (TriggerMessage), and without the minimum duration."""
        for place in self._all() if of_all else [(evse, connector)]:
            self._told.pop(place, None)
            self._notice(*place, is_triggered=True)

    def look(self, evse: int, connector: int) -> None:
        """A connector may look different now."""
        if self.network.session is None or not self.station.tree.is_accepted:
            return
        minimum = float(self.station.model.integer(_MINIMUM_DURATION))
        if evse and self.station.tree.evse(evse).chart.is_in("ready"):
            # 1.6 4.9: a fault in mid-charge ends where it began, not in between.
            minimum = max(minimum, _SETTLING_SECONDS)
        if minimum:
            name = ("status", evse, connector)
            self.station.timers.start(name, minimum, lambda: self._notice(evse, connector))
        else:
            self._notice(evse, connector)

    def _notice(self, evse: int, connector: int, *, is_triggered: bool = False) -> None:
        """Tell how a connector looks, if that is new, when all that has come about with it is known
        too: its event may name the fault's as its cause.
        """
        self._note(evse, connector, is_triggered=is_triggered)
        if self._waiting:
            self._begin()

    def _note(self, evse: int, connector: int, *, is_triggered: bool = False) -> None:
        face = self.network.face
        if face is None or self.network.session is None:
            return
        if not self.station.timekeeping.is_plausible:
            return  # it is told when there is a time to tell
        look = face.look(self.station.tree, evse, connector)
        if self._told.get((evse, connector)) == look:
            return
        self._told[evse, connector] = look
        now = self.station.clock.now()
        self._waiting.append(_Status(evse, connector, look, now, is_triggered))

    def link_opened(self) -> None:
        """Tell what waits over the link that stands."""
        if self._waiting:
            self._begin()

    def _begin(self) -> None:
        if not self._is_telling:
            self._is_telling = True
            self.network.start_soon(self._tell_all)

    # ---- all of them, after a boot: nothing is to be waited for but the answer, and a task would
    # cost more than all else

    def _tell_next(self) -> None:
        while self._waiting and self.network.session is not None:
            if not (self.network.registering.is_answered and self.network.may_ask):
                self.network.start_soon(self._tell_all)
                return
            status = self._waiting.pop(0)
            event, request = self._message(status)
            if request is None:
                continue
            if self.network.ask(request, partial(self._concluded, status, event)):
                return
            self._refused(status, event, SessionClosed("the link has ended"))
        self._is_telling = False

    def _concluded(
        self, status: _Status, event: StatusEvent | None, result: Outcome[Response]
    ) -> None:
        if isinstance(result, Error):
            if not isinstance(result.error, CallFailed):
                raise result.error
            self._refused(status, event, result.error)
        self._tell_next()

    # ---- with a task, that waits for the answer to the boot, for its turn or for the disk

    async def _tell_all(self) -> None:
        try:
            await self.network.registering.until_answered()
            while self._waiting:
                await self._tell(self._waiting.pop(0))
        finally:
            self._is_telling = False

    async def _tell(self, status: _Status) -> None:
        event, request = self._message(status)
        if request is None:
            return
        try:
            await self.network.call(request)
        except CallFailed as failure:
            self._refused(status, event, failure)

    # ---- what is said, and what becomes of what was not heard

    def _message(self, status: _Status) -> tuple[StatusEvent | None, AnyRequest | None]:
        """Write a status, perhaps as an event; no request where the version has none for it."""
        face = self.network.face
        assert face is not None
        event = None if status.is_triggered else self._event(status)
        evse, connector = status.evse, status.connector
        tree = self.station.tree
        return event, face.status(tree, evse, connector, status.look, status.time, event)

    def _refused(self, status: _Status, event: StatusEvent | None, failure: CallFailed) -> None:
        if event is not None and is_unknown_action(failure):
            self._hears_events = False
            self._waiting.insert(0, status)  # in other words
            return
        # Whoever looks next finds that it was not told.
        if self._told.get((status.evse, status.connector)) == status.look:
            del self._told[status.evse, status.connector]
        log.warning("status_failed", evse=status.evse, reason=str(failure))

    def _event(self, status: _Status) -> StatusEvent | None:
        """Give what is to tell it as an event; None where it is to be a StatusNotification."""
        station, face = self.station, self.network.face
        assert face is not None
        if not (status.evse and face.TELLS_STATUS_BY_EVENT and self._hears_events):
            return None
        wants_events = station.model.boolean(STATUS_BY_EVENT)
        if not (wants_events and station.monitors.may_tell(_SEVERITY)):
            return None
        key = Key("Connector", "AvailabilityState", evse=status.evse, connector=status.connector)
        cause = station.monitors.faults.cause_of(key, status.look)
        return StatusEvent(station.monitors.new_event_id(), _SEVERITY, cause)
