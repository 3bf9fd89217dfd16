"""Watches a station for whoever shows it: its EVSEs' states, its sessions, its link."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import trio

from ...machines.events import Event, LinkClosed, LinkFailed, LinkOpened
from ...machines.evse import Evse
from ...profiles.face import StationFace
from ...profiles.faces import FACES
from ...profiles.network import NetworkProfile, read_profile
from ..config.settings import Config
from ..station.station import ChargingStation
from .escaping import harmless
from .snapshot import EvseSnapshot, Sessions, SessionSummary, energy_of, snapshot, status_of

Seen = tuple[object, ...]  # what of an EVSE makes a change


class Observer:
    """Watches one station at a time; after a reboot it is another object."""

    def __init__(self, config: Config, station: ChargingStation) -> None:
        self.config = config
        self.station = station
        self.link_problem = ""  # why there is no link, as far as that is known
        self.last_heard: float | None = None  # s on Trio's clock
        self._sessions = Sessions(station)
        self._seen: dict[int, Seen] = {}

    # ---- the station

    @property
    def profile(self) -> NetworkProfile | None:
        """The network profile that is tried, or in use."""
        return read_profile(self.station.model, self.station.tree.connection.slot)

    @property
    def identity(self) -> str:
        profile = self.profile
        return (profile and profile.identity) or self.config.station.identity

    @property
    def face(self) -> StationFace | None:
        """The version of the link, or else the one that the station would prefer."""
        preferred = self.config.station.versions[0]
        return self.station.network.face or FACES.get(preferred)

    def moment(self, at: float) -> datetime:
        """Turn a time of Trio's clock (s) into the station's own."""
        return self.station.clock.now() + timedelta(seconds=at - trio.current_time())

    def note(self, fact: Event) -> None:
        """Take a fact about the station itself."""
        match fact:
            case LinkFailed(reason=reason) | LinkClosed(reason=reason):
                self.link_problem = harmless(reason)
            case LinkOpened():
                self.link_problem = ""

    # ---- its EVSEs

    def changes(self) -> Iterator[tuple[EvseSnapshot | None, SessionSummary | None]]:
        """Give, of each EVSE that changed, how it is now, and the session that ended there."""
        face = self.face
        for evse in self.station.tree.evses:
            summary = self._sessions.follow(evse)
            seen = _look(evse, face)
            has_changed = self._seen.get(evse.evse_id) != seen
            self._seen[evse.evse_id] = seen
            if has_changed or summary is not None:
                yield (self.snapshot(evse) if has_changed else None), summary

    @property
    def has_session(self) -> bool:
        return self._sessions.are_on

    def snapshot(self, evse: Evse) -> EvseSnapshot:
        return snapshot(self.station, evse, self.face, self._sessions.of(evse.evse_id))


def _look(evse: Evse, face: StationFace | None) -> Seen:
    transaction = evse.transaction and evse.transaction.transaction_id
    statuses = tuple(status_of(connector, face) for connector in evse.connectors)
    return statuses, evse.session, energy_of(evse), transaction
