"""The station's own reader: a token that is shown there may end a charge of its group."""

import pytest

from pilotwire.machines.effects import AcceptToken, AskAuthorization, IgnoreFact, RefuseToken
from pilotwire.machines.events import (
    AuthorizationDecided,
    CablePlugged,
    IdToken,
    ResetRequested,
    TokenPresented,
    TransactionDeauthorized,
)

BOB, CARL = IdToken("B0B"), IdToken("CARL")


def taken(scene, **groups):
    """Make a station whose two EVSEs are in use, by tokens of these groups."""
    do = scene(1, 1)
    for evse, (name, group) in enumerate(groups.items(), start=1):
        do(CablePlugged(), evse=evse)
        do.authorize(IdToken(name), group, evse=evse)
    do.effects.clear()
    return do


def test_c09_fr_03_the_same_group_ends_its_charge(scene):
    do = taken(scene, anne="STRANGERS", dora="FAMILY")
    asked = AskAuthorization(0, BOB, ("STRANGERS", "FAMILY"))
    assert do(TokenPresented(BOB), evse=0) == [asked]
    assert do(AuthorizationDecided(BOB, "Accepted", "family"), evse=0)[0] == AcceptToken(0, BOB)
    (ended,) = do.reports("Ended")
    assert (ended.evse, ended.stop_token) == (2, BOB)


def test_or_fetches_its_cable(scene):
    do = taken(scene, anne=None, dora="FAMILY")
    do(TransactionDeauthorized(), evse=2)
    do(TokenPresented(BOB), evse=0)
    effects = do(AuthorizationDecided(BOB, "Accepted", "FAMILY"), evse=0)
    assert "UnlockConnector" in [type(effect).__name__ for effect in effects]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (AuthorizationDecided(BOB, "Accepted", "OTHERS"), "Occupied"),
        (AuthorizationDecided(BOB, "Accepted"), "Occupied"),
        (AuthorizationDecided(BOB, "Expired", "FAMILY"), "Expired"),  # C09.FR.11
    ],
)
def test_another_token_ends_nothing(scene, answer, why):
    do = taken(scene, anne=None, dora="FAMILY")
    do(TokenPresented(BOB), evse=0)
    assert do(answer, evse=0) == [RefuseToken(0, BOB, why)]
    assert do.reports("Ended") == []


def test_where_nobody_has_a_group_there_is_nothing_to_ask(scene):
    do = taken(scene, anne=None, dora=None)
    assert do(TokenPresented(BOB), evse=0) == [RefuseToken(0, BOB, "Occupied")]


def test_shown_twice_it_is_asked_once_and_answered_once(scene):
    do = taken(scene, anne=None, dora="FAMILY")
    do(TokenPresented(BOB), evse=0)
    (ignored,) = do(TokenPresented(BOB), evse=0)
    assert isinstance(ignored, IgnoreFact)
    (ignored,) = do(AuthorizationDecided(CARL, "Accepted", "FAMILY"), evse=0)
    assert isinstance(ignored, IgnoreFact)
    do(AuthorizationDecided(BOB, "Accepted", "FAMILY"), evse=0)
    (ignored,) = do(AuthorizationDecided(BOB, "Accepted", "FAMILY"), evse=0)
    assert isinstance(ignored, IgnoreFact)


def test_while_one_is_asked_another_waits(scene):
    do = taken(scene, anne=None, dora="FAMILY")
    do(TokenPresented(BOB), evse=0)
    assert do(TokenPresented(CARL), evse=0) == [RefuseToken(0, CARL, "Occupied")]


def test_a_station_that_ends_asks_nobody(scene):
    do = taken(scene, anne=None, dora="FAMILY")
    do(ResetRequested(), evse=0)
    assert do(TokenPresented(BOB), evse=0) == [RefuseToken(0, BOB, "Occupied")]
