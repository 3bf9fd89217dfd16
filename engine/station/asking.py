"""May this token charge? The CSMS is asked, or the station decides by itself (1.6 4.1, 2.x C01 to
C15).
"""

from typing import TYPE_CHECKING

import structlog

from ...machines.events import IdToken
from ...profiles.face import TokenInfo, decided
from ..wire.session import CallFailed

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

log = structlog.get_logger()


class Asking:
    """Asks for authorizations; the answers come as AuthorizationDecided."""

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network

    def ask(self, evse_id: int, id_token: IdToken) -> None:
        """Find out whether a token may charge."""
        if self.network.session is None or not self.station.tree.is_accepted:
            self._decide_offline(evse_id, id_token)
            return
        info = self.station.tokens.decide_online(id_token, self.station.clock.now())
        if info is None:
            self.network.start_soon(self._authorize, evse_id, id_token)
        else:
            self.station.deliver(evse_id, decided(evse_id, id_token, info))

    def _may_serve_offline(self) -> bool:
        """1.6 4.2.1: nobody charges at a station that was never accepted, or is put off now."""
        registration = self.station.tree.registration
        if registration.is_in("pending") or registration.is_in("rejected"):
            return False
        return self.network.registering.was_accepted

    def _decide_offline(self, evse_id: int, id_token: IdToken) -> None:
        info = TokenInfo("Invalid")
        if self._may_serve_offline():
            info = self.station.tokens.decide_offline(id_token, self.station.clock.now())
        self.station.deliver(evse_id, decided(evse_id, id_token, info, offline=True))

    async def _authorize(self, evse_id: int, id_token: IdToken) -> None:
        face = self.network.face
        assert face is not None
        question = face.authorize(id_token)
        info = TokenInfo("Invalid")
        if question is not None:
            try:
                info = face.read_authorization(id_token, await self.network.call(question))
            except CallFailed as failure:
                log.warning("authorize_failed", evse=evse_id, reason=str(failure))
                self._decide_offline(evse_id, id_token)
                return
            self.station.learn(id_token, info)
        self.station.deliver(evse_id, decided(evse_id, id_token, info))
