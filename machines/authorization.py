"""What a token means at an EVSE: may it start, does it stop, is it refused (2.x block C, 1.6 3.6).

Functions of the EVSE, each giving effects and, where the token means something, the fact that it
stands for: Authorized, StopRequested, LockReleased.
"""

from typing import TYPE_CHECKING, NamedTuple

from .effects import AcceptToken, Effect, RefuseToken
from .events import (
    AuthorizationDecided,
    Authorized,
    Event,
    IdToken,
    LockReleased,
    StopRequested,
    TokenPresented,
    same_group,
)

if TYPE_CHECKING:
    from .evse import Evse
    from .station import Station

Meaning = tuple[list[Effect], Event | None]


class Question(NamedTuple):
    """A token whose authorization is asked for, and the remote start that named it, if one did."""

    id_token: IdToken
    remote_start_id: int | None = None
    ruler: Authorized | None = None  # whose session the answer may end; None: it may start one
    parent: str | None = None  # its group, as the remote start names it

    def may_be_master_pass(self, fact: AuthorizationDecided, group: str) -> bool:
        """Say whether the answer is about this token, shown by somebody of the master pass's group
        (C16).
        """
        is_shown = self.remote_start_id is None and self.id_token.same_as(fact.id_token)
        return is_shown and fact.verdict == "Accepted" and same_group(fact.parent, group)


NOBODY = IdToken("", "NoAuthorization")
"""Who charges where nobody is to be authorized (C02.FR.01)."""


def refusal(evse: "Evse", id_token: IdToken, parent: str | None) -> str | None:
    """Say why this token could start nothing at the EVSE now, or None when it could."""
    if evse.station.is_ending or evse.is_held:
        return "Inoperative"
    candidates = evse.candidates
    if not any(connector.is_operative for connector in candidates):
        return "Inoperative"
    if not any(connector.is_usable for connector in candidates):
        return "Faulted"
    if same_group(parent, evse.settings.master_pass_group):
        return "MasterPass"  # C12.FR.09, C16.FR.03
    if not (evse.is_unclaimed and _may_continue(evse, id_token)):
        return "Occupied"
    return None if _is_admitted(evse, id_token, parent) else "Reserved"


def _may_continue(evse: "Evse", id_token: IdToken) -> bool:
    """Say whether a transaction that runs here is this token's, or nobody's yet (C01.FR.23)."""
    return evse.transaction_is_over or id_token.same_as(
        evse.transaction.id_token if evse.transaction else None
    )


def _is_admitted(evse: "Evse", id_token: IdToken, parent: str | None) -> bool:
    """Say whether nobody else's reservation, of the EVSE or of the station, stands in the way."""
    if evse.reservation.is_held:
        return evse.reservation.admits(id_token, parent)
    return evse.station.admits(id_token, parent)


def present(evse: "Evse", fact: TokenPresented) -> Meaning:
    """Somebody shows a token: it stops what it started, fetches its cable, or is asked for."""
    id_token = fact.id_token
    if evse.question is not None and evse.question.id_token.same_as(id_token):
        return [evse.ignore(fact)], None  # shown twice: the answer is on its way
    ruler = evse.ruler
    if ruler is not None and _is_enough(evse, ruler, id_token):
        return [], meaning(evse, id_token)
    if evse.question is not None:
        return [RefuseToken(evse.evse_id, id_token, "Occupied")], None  # by who was here before
    why = None if ruler else refusal(evse, id_token, None)
    # A reservation may be its group's: the parent tells. Whatever it is, it may be a master pass.
    if why in (None, "Reserved") or may_be_master_pass(evse.station):
        return evse.ask(id_token, contract=fact.contract), None  # C01.FR.02, C09.FR.05
    return [RefuseToken(evse.evse_id, id_token, why)], None


def _is_enough(evse: "Evse", ruler: Authorized, id_token: IdToken) -> bool:
    """Say whether the token ends what rules here without being asked about (C01.FR.03, 1.6 3.6)."""
    is_anybodys = ruler.id_token == NOBODY and not evse.settings.authorization_enabled
    return is_anybodys or ruler.id_token.same_as(id_token)


def may_be_master_pass(station: "Station") -> bool:
    """Say whether a token could be a master pass that ends something."""
    return bool(station.settings.master_pass_group and station.running)


def meaning(evse: "Evse", id_token: IdToken) -> Event:
    """Give what a token means that may end what rules here."""
    if evse.authorization is not None:
        return StopRequested(id_token=id_token)
    return _release(evse)


def decide(evse: "Evse", fact: AuthorizationDecided) -> Meaning:
    """The answer about a token is here: it starts, stops, frees the cable, or is refused."""
    question = evse.question
    if question is None or not question.id_token.same_as(fact.id_token):
        return [evse.ignore(fact)], None
    evse.question = None
    current = evse.ruler
    if current is not question.ruler:
        return [evse.ignore(fact)], None  # what it was asked for is over
    why: str | None = None
    parent = fact.parent or question.parent
    if fact.verdict != "Accepted":
        why = fact.verdict  # C09.FR.11
    elif current is None:
        why = refusal(evse, fact.id_token, parent)
    elif not same_group(fact.parent, current.parent):
        why = "Occupied"
    if why is not None:
        return [refused(evse.evse_id, fact, why)], None
    if current is not None:
        return [accepted(evse.evse_id, fact)], meaning(evse, fact.id_token)  # C09.FR.03, 1.6 3.10
    authorized = Authorized(fact.id_token, parent, question.remote_start_id)
    return [accepted(evse.evse_id, fact)], authorized


def accepted(evse_id: int, fact: AuthorizationDecided) -> AcceptToken:
    return AcceptToken(
        evse_id, fact.id_token, fact.languages, fact.messages, fact.certificate_status
    )


def refused(evse_id: int, fact: AuthorizationDecided, why: str) -> RefuseToken:
    return RefuseToken(
        evse_id, fact.id_token, why, fact.languages, fact.messages, fact.certificate_status
    )


def _release(evse: "Evse") -> LockReleased:
    """The cable's owner has come for it (E09.FR.03)."""
    locked = (c.number for c in evse.connectors if c.chart.is_in("locked"))
    return LockReleased(next(locked, 1))
