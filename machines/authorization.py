"""What a token means at an EVSE: may it start, does it stop, is it refused (2.x block C, 1.6 3.6).

Functions of the EVSE, each giving effects and, where the token means something, the fact that it
stands for: Authorized, StopRequested, LockReleased.
"""

from typing import TYPE_CHECKING, NamedTuple

from .effects import Effect, RefuseToken
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

Meaning = tuple[list[Effect], Event | None]


class Question(NamedTuple):
    """A token whose authorization is asked for, and the remote start that named it, if one did."""

    id_token: IdToken
    remote_start_id: int | None = None
    ruler: Authorized | None = None  # whose session the answer may end; None: it may start one


def refusal(evse: "Evse", id_token: IdToken, parent: str | None) -> str | None:
    """Say why this token could start nothing at the EVSE now, or None when it could."""
    if evse.station.is_ending:
        return "Inoperative"
    candidates = evse.candidates
    if not any(connector.is_operative for connector in candidates):
        return "Inoperative"
    if not any(connector.is_usable for connector in candidates):
        return "Faulted"
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
    if evse.authorization is not None:
        return _present_to(evse, evse.authorization, StopRequested(id_token=id_token), id_token)
    if evse.keeper is not None:
        return _present_to(evse, evse.keeper, _release(evse), id_token)
    why = refusal(evse, id_token, None)
    if why and why != "Reserved":
        return [RefuseToken(evse.evse_id, id_token, why)], None
    return evse.ask(id_token), None  # a reservation may be its group's: the parent tells


def _present_to(evse: "Evse", current: Authorized, meaning: Event, id_token: IdToken) -> Meaning:
    """Somebody shows a token where another, or the same, rules already."""
    if current.id_token.same_as(id_token):
        return [], meaning  # C01.FR.03, 1.6 3.6: without being asked again
    if current.parent is None:
        return [RefuseToken(evse.evse_id, id_token, "Occupied")], None
    return evse.ask(id_token), None  # it may be of the same group


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
    if fact.verdict != "Accepted":
        why = fact.verdict  # C09.FR.11
    elif current is None:
        why = refusal(evse, fact.id_token, fact.parent)
    elif not same_group(fact.parent, current.parent):
        why = "Occupied"
    if why is not None:
        return [RefuseToken(evse.evse_id, fact.id_token, why)], None
    if evse.authorization is not None:
        return [], StopRequested(id_token=fact.id_token)  # C09.FR.03, 1.6 3.10
    if evse.keeper is not None:
        return [], _release(evse)
    return [], Authorized(fact.id_token, fact.parent, question.remote_start_id)


def _release(evse: "Evse") -> LockReleased:
    """The cable's owner has come for it (E09.FR.03)."""
    locked = (c.number for c in evse.connectors if c.chart.is_in("locked"))
    return LockReleased(next(locked, 1))
