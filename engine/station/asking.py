"""May this token charge? The CSMS is asked, or the station decides by itself (1.6 4.1, 2.x C01 to
C15).
"""

from typing import TYPE_CHECKING

import structlog

from ...machines.effects import AskAuthorization
from ...machines.events import IdToken
from ...profiles.context import SendRequests
from ...profiles.tokens import TokenInfo, decided
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
        # What is asked over the link that stands, by EVSE (0: the station's own reader).
        self._asked: dict[int, IdToken] = {}

    def ask(self, question: AskAuthorization) -> None:
        """Find out whether a token may charge."""
        tokens, now = self.station.tokens, self.station.clock.now()
        tokens.cache.note_use(question.id_token, now)
        self._keep_cache()
        if self.network.session is None or not self.station.tree.is_accepted:
            self._decide_offline(question.evse, question.id_token)
            return
        info = tokens.decide_online(question.id_token, now, question.groups)
        if info is None:
            self._asked[question.evse] = question.id_token
            self.network.start_soon(self._authorize, question.evse, question.id_token)
        else:
            self._tell(question.evse, question.id_token, info)

    def link_ended(self) -> None:
        """Decide what nobody will answer any more."""
        for evse_id, id_token in [*self._asked.items()]:
            self._decide_offline(evse_id, id_token)

    def _tell(self, evse_id: int, id_token: IdToken, info: TokenInfo) -> None:
        self.station.deliver(evse_id, decided(evse_id, id_token, info))

    def _may_serve_offline(self) -> bool:
        """1.6 4.2.1: nobody charges at a station that was never accepted, or is put off now."""
        registration = self.station.tree.registration
        if registration.is_in("pending") or registration.is_in("rejected"):
            return False
        return self.network.registering.was_accepted

    def _decide_offline(self, evse_id: int, id_token: IdToken) -> None:
        self._asked.pop(evse_id, None)
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
            self.learn(id_token, info)
        self._asked.pop(evse_id, None)
        self._tell(evse_id, id_token, info)

    # ---- what the CSMS says of tokens

    def learn(self, id_token: IdToken, info: TokenInfo) -> None:
        """Keep what the CSMS said of a token."""
        face, tokens, now = self.network.face, self.station.tokens, self.station.clock.now()
        assert face is not None
        listed = tokens.local_list.find(id_token, now)
        if listed is not None and _contradicts(listed[0], info):
            self._tell_conflict()
        tokens.learn(id_token, info, now, of_listed=face.CACHES_LISTED_TOKENS)
        self._keep_cache()
        if info.parent is not None:
            self.station.tree.learn_group(id_token, info.parent)

    def _tell_conflict(self) -> None:
        assert self.network.face is not None
        request = self.network.face.list_conflict(self.station.tree)
        if request is not None:
            self.network.triggered.send_requests(SendRequests((request,)))

    def _keep_cache(self) -> None:
        """Make durable what changed in the cache."""
        changes = dict(self.station.tokens.cache.changes())
        if changes:
            self.station.journal.put_all("tokens", changes)


def _contradicts(listed: TokenInfo, told: TokenInfo) -> bool:
    """Say whether one lets charge and the other does not (1.6 3.5.2). A token that is in use
    elsewhere is a valid one all the same.
    """
    valid = ("Accepted", "ConcurrentTx")
    return (listed.verdict in valid) is not (told.verdict in valid)
