"""The station's own reader, at no EVSE: whom does a token mean that is shown there?"""

from typing import TYPE_CHECKING

from .authorization import Question, accepted, may_be_master_pass, meaning, refused
from .effects import AskAuthorization, Effect, IgnoreFact, RefuseToken
from .events import AuthorizationDecided, IdToken, TokenPresented, same_group

if TYPE_CHECKING:
    from .evse import Evse
    from .station import Station


def evse_for(station: "Station", id_token: IdToken) -> "Evse | None":
    """Give the EVSE that somebody means who shows this token.

    It is the one where the token rules already or is being asked for; else one that is free for
    it, with a cable in at best (the one put in last: by who stands at the reader now), then
    reserved for it; else one that is its group's, perhaps.
    """
    for evse in station.evses:
        known = evse.ruler or evse.question
        if known is not None and known.id_token.same_as(id_token):
            return evse
    refusals = [(evse.refusal(id_token), evse) for evse in station.evses]
    free = [evse for why, evse in refusals if why is None]
    if free:
        return min(free, key=lambda e: (e.connector is None, not e.reservation.is_held, -e.cable))
    return next((evse for why, evse in refusals if why == "Reserved"), None)


def present_at_reader(station: "Station", fact: TokenPresented) -> list[Effect]:
    """Take a token to the EVSE that it means; where it means none, ask whether it may end a charge
    all the same: of its group, or as a master pass.
    """
    id_token = fact.id_token
    if station.question is not None and station.question.id_token.same_as(id_token):
        return [IgnoreFact(0, type(fact).__name__, ("asked",))]  # the answer is on its way
    evse = evse_for(station, id_token)
    if evse is not None:
        return station.handle(evse.evse_id, fact)
    if station.question is not None or not may_end_something(station):
        return [RefuseToken(0, id_token, "Occupied")]
    station.question = Question(id_token)
    return [AskAuthorization(0, id_token, _groups(station), fact.contract)]


def may_end_something(station: "Station") -> bool:
    """Say whether a token that means no EVSE may end a charge all the same."""
    return not station.is_ending and (bool(_groups(station)) or may_be_master_pass(station))


def _groups(station: "Station") -> tuple[str, ...]:
    """Give the groups of those who charge, or whose cable is kept."""
    rulers = (evse.ruler for evse in station.evses)
    return tuple(dict.fromkeys(ruler.parent for ruler in rulers if ruler and ruler.parent))


def decide_at_reader(station: "Station", fact: AuthorizationDecided) -> list[Effect]:
    """The answer about a token is here that means no EVSE by itself."""
    question = station.question
    if question is None or not question.id_token.same_as(fact.id_token):
        return [IgnoreFact(0, type(fact).__name__, ("not asked",))]
    station.question = None
    if fact.verdict != "Accepted":
        return [refused(0, fact, fact.verdict)]
    for evse in station.evses:
        ruler = evse.ruler
        if ruler is not None and same_group(ruler.parent, fact.parent):
            return [accepted(0, fact), *station.handle(evse.evse_id, meaning(evse, fact.id_token))]
    return [refused(0, fact, "Occupied")]
