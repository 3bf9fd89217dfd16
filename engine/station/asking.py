"""May this token charge? The CSMS is asked, or the station decides by itself (1.6 4.1, 2.x C01 to
C15).
"""

from typing import TYPE_CHECKING

import structlog
import trio

from ...machines.effects import AskAuthorization
from ...machines.events import CertificateStatus, Contract, IdToken
from ...profiles.context import SendRequests
from ...profiles.contracts import check_contract, ocsp_hashes
from ...profiles.device_model import Key
from ...profiles.key_codes import KeyCodeGuard
from ...profiles.tokens import Proof, TokenInfo, decided
from ..wire.session import CallFailed

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

log = structlog.get_logger()

_BEFORE_ACCEPTED = Key("TxCtrlr", "TxBeforeAcceptedEnabled")


class Asking:
    """Asks for authorizations; the answers come as AuthorizationDecided."""

    __slots__ = ("_asked", "_codes", "network", "station")

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network
        # What is asked over the link that stands, by EVSE (0: the station's own reader).
        self._codes = KeyCodeGuard()
        self._asked: dict[int, AskAuthorization] = {}

    def ask(self, question: AskAuthorization) -> None:
        """Find out whether a token may charge."""
        self.station.tokens.cache.note_use(question.id_token, self.station.clock.now())
        self._keep_cache()
        if _is_code(question) and not self._codes.may_try(question.evse, trio.current_time()):
            self._deliver(question, TokenInfo("NotAtThisTime"))  # C04.FR.06
            return
        if self.network.session is None or not self.station.tree.is_accepted:
            self._decide_offline(question)
            return
        info = self._decide_online(question)
        if info is None:
            self._asked[question.evse] = question
            self.network.start_soon(self._authorize, question)
        else:
            self._tell(question, info)

    def link_ended(self) -> None:
        """Decide what nobody will answer any more."""
        for question in [*self._asked.values()]:
            self._decide_offline(question)

    def _tell(self, question: AskAuthorization, info: TokenInfo, offline: bool = False) -> None:
        if self._asked.get(question.evse) is question:
            del self._asked[question.evse]
        if _is_code(question):
            is_right = info.verdict == "Accepted"
            self._codes.note(question.evse, is_right=is_right, now=trio.current_time())
        self._deliver(question, info, offline)

    def _deliver(self, question: AskAuthorization, info: TokenInfo, offline: bool = False) -> None:
        fact = decided(question.evse, question.id_token, info, offline)
        self.station.deliver(question.evse, fact)

    def _decide_online(self, question: AskAuthorization) -> TokenInfo | None:
        tokens, now = self.station.tokens, self.station.clock.now()
        if question.contract is None:
            return tokens.decide_online(question.id_token, now, question.groups)
        status = self._check(question.id_token, question.contract)
        if tokens.is_alone:
            return tokens.decide_contract_offline(question.id_token, status, now)
        return tokens.decide_contract(status)

    def _check(self, emaid: IdToken, contract: Contract) -> CertificateStatus:
        now = self.station.clock.now()
        return check_contract(contract.chain, emaid.value, self.station.contract_roots(), now)

    def _may_serve_offline(self) -> bool:
        """1.6 4.2.1: nobody charges at a station that was never accepted, or is put off now, unless
        its operator will have it so (B02.FR.03, B03.FR.01).
        """
        if self.station.model.boolean(_BEFORE_ACCEPTED):
            return True
        registration = self.station.tree.registration
        if registration.is_in("pending") or registration.is_in("rejected"):
            return False
        return self.network.registering.was_accepted

    def _decide_offline(self, question: AskAuthorization) -> None:
        tokens, now = self.station.tokens, self.station.clock.now()
        id_token, contract = question.id_token, question.contract
        info = TokenInfo("Invalid")
        if self._may_serve_offline() and contract is None:
            info = tokens.decide_offline(id_token, now)
        elif self._may_serve_offline() and contract is not None:
            info = tokens.decide_contract_offline(id_token, self._check(id_token, contract), now)
        self._tell(question, info, offline=True)

    async def _authorize(self, question: AskAuthorization) -> None:
        face, id_token = self.network.face, question.id_token
        assert face is not None
        contract = question.contract
        proof = None if contract is None else self._proof(id_token, contract)
        request = face.authorize(id_token, proof)
        info = TokenInfo("Invalid")
        if request is not None:
            try:
                info = face.read_authorization(id_token, await self.network.call(request))
            except CallFailed as failure:
                log.warning("authorize_failed", evse=question.evse, reason=str(failure))
                self._decide_offline(question)
                return
            self.learn(id_token, info)
        self._tell(question, info)

    def _proof(self, emaid: IdToken, contract: Contract) -> Proof:
        roots = self.station.contract_roots()
        hashes = contract.hashes or ocsp_hashes(contract.chain, roots)
        is_valid = self._check(emaid, contract) == "Accepted"
        return Proof(hashes, None if is_valid else contract.chain)

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
        changes = {("tokens", key): row for key, row in self.station.tokens.cache.changes()}
        if changes:
            self.station.journal.put_all(changes)


def _is_code(question: AskAuthorization) -> bool:
    return question.id_token.type == "KeyCode"


def _contradicts(listed: TokenInfo, told: TokenInfo) -> bool:
    """Say whether one lets charge and the other does not (1.6 3.5.2). A token that is in use
    elsewhere is a valid one all the same.
    """
    valid = ("Accepted", "ConcurrentTx")
    return (listed.verdict in valid) is not (told.verdict in valid)
