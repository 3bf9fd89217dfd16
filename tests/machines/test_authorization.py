"""What a token means where it is shown, and the races around its answer (2.x C, F; 1.6 3.6)."""

import pytest

from pilotwire.machines.effects import (
    AskAuthorization,
    IgnoreFact,
    RefuseToken,
    StartTimer,
    StopTimer,
)
from pilotwire.machines.events import (
    AuthorizationDecided,
    Authorized,
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    FaultRaised,
    IdToken,
    TokenPresented,
    TransactionDeauthorized,
)

BOB = IdToken("B0B")


def accepted(token: IdToken, parent: str | None = None) -> AuthorizationDecided:
    return AuthorizationDecided(token, "Accepted", parent)


def ignored(effects) -> bool:
    return [type(effect) for effect in effects] == [IgnoreFact]


@pytest.mark.parametrize("verdict", ["Blocked", "Expired", "Invalid", "ConcurrentTx", "Unknown"])
def test_a_token_that_is_not_accepted_is_refused_and_starts_nothing(scene, alice, verdict):
    do = scene()
    do(CablePlugged(), TokenPresented(alice))
    assert do(AuthorizationDecided(alice, verdict)) == [RefuseToken(1, alice, verdict)]
    assert do.station.evse(1).session == "plugged_first"
    assert do(TokenPresented(BOB)) == [AskAuthorization(1, BOB)]  # the next one may try


def test_c01_fr_03_the_same_token_stops_without_being_asked(scene):
    do = scene()
    do.charge()
    effects = do(TokenPresented(IdToken("a11ce")))  # tokens know no case
    assert not any(isinstance(effect, AskAuthorization) for effect in effects)
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


def test_c09_fr_03_the_same_group_stops(scene, alice):
    do = scene()
    do.charge(parent="FAMILY")
    assert do(TokenPresented(BOB)) == [AskAuthorization(1, BOB)]
    do(accepted(BOB, "FAMILY"))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")
    assert do.last_report.id_token == alice
    assert do.last_report.stop_token == BOB


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (accepted(BOB, "STRANGERS"), "Occupied"),
        (accepted(BOB), "Occupied"),
        (AuthorizationDecided(BOB, "Blocked", "FAMILY"), "Blocked"),  # C09.FR.11
    ],
)
def test_another_token_stops_nothing(scene, answer, why):
    do = scene()
    do.charge(parent="FAMILY")
    do(TokenPresented(BOB))
    assert do(answer) == [RefuseToken(1, BOB, why)]
    assert do.station.evse(1).session == "active"


def test_where_nobody_has_a_group_another_token_is_not_even_asked(scene):
    do = scene()
    do.charge()
    assert do(TokenPresented(BOB)) == [RefuseToken(1, BOB, "Occupied")]


def test_the_same_token_before_the_cable_withdraws(scene, alice):
    do = scene()
    do.authorize()
    assert StopTimer(1, ConnectionTimedOut()) in do(TokenPresented(alice))
    assert do.station.evse(1).session == "idle"


# ---- races


def test_shown_twice_it_is_asked_once(scene, alice):
    do = scene()
    do(TokenPresented(alice))
    assert ignored(do(TokenPresented(alice)))
    do(accepted(alice))
    assert do.station.evse(1).session == "token_first"


def test_while_one_is_asked_another_is_refused(scene, alice):
    do = scene()
    do(TokenPresented(alice))
    assert do(TokenPresented(BOB)) == [RefuseToken(1, BOB, "Occupied")]
    assert ignored(do(accepted(BOB)))


def test_unplugged_while_asked_the_token_waits_for_a_cable(scene, alice):
    do = scene()
    do(CablePlugged(), TokenPresented(alice), CableUnplugged())
    effects = do(accepted(alice))
    assert StartTimer(1, ConnectionTimedOut(), 60.0) in effects
    assert do.station.evse(1).session == "token_first"


def test_plugged_in_while_asked_it_charges_at_the_answer(scene, alice):
    do = scene()
    do(TokenPresented(alice), CablePlugged())
    do(accepted(alice))
    assert do.told == [("Started", "Authorized", None)]


def test_faulted_while_asked_it_is_refused(scene, alice):
    do = scene()
    do(TokenPresented(alice), FaultRaised())
    assert do(accepted(alice)) == [RefuseToken(1, alice, "Faulted")]


def test_out_of_service_while_asked_it_is_refused(scene, alice):
    do = scene()
    do(TokenPresented(alice))
    do.station.evse(1).request_availability(False)
    assert do(accepted(alice)) == [RefuseToken(1, alice, "Inoperative")]


def test_an_answer_that_nobody_asked_for_is_ignored(scene, alice):
    do = scene()
    assert ignored(do(accepted(alice)))
    do(TokenPresented(alice), accepted(alice))
    assert ignored(do(accepted(alice)))


def test_asked_to_stop_a_charge_that_is_over_by_then_it_starts_none(scene):
    do = scene()
    do.charge(parent="FAMILY")
    do(TokenPresented(BOB), CableUnplugged())
    assert ignored(do(accepted(BOB, "FAMILY")))
    assert do.station.evse(1).session == "idle"


def test_asked_for_a_cable_that_is_free_by_then_it_starts_nothing(scene):
    do = scene()
    do.charge(parent="FAMILY")
    do(TransactionDeauthorized(), TokenPresented(BOB), CableUnplugged())
    assert ignored(do(accepted(BOB, "FAMILY")))


def test_e05_fr_11_the_same_group_fetches_a_kept_cable(scene):
    do = scene()
    do.charge(parent="FAMILY")
    do(TransactionDeauthorized())
    assert do(TokenPresented(BOB)) == [AskAuthorization(1, BOB)]
    assert [type(e).__name__ for e in do(accepted(BOB, "FAMILY"))] == [
        "UnlockConnector",
        "ReportConnector",
    ]


def test_asked_by_mistake_where_somebody_charges_it_stops_nothing(scene):
    do = scene()
    do.charge()  # of no group
    do.station.evse(1).ask(BOB)
    assert do(accepted(BOB)) == [RefuseToken(1, BOB, "Occupied")]


# ---- remote start


def test_f02_fr_09_a_remote_start_may_be_asked_for_first(scene, alice):
    do = scene()
    assert do.station.evse(1).ask(alice, remote_start_id=5) == [AskAuthorization(1, alice)]
    do(accepted(alice), CablePlugged())
    assert do.told == [("Started", "RemoteStart", None)]  # F02.FR.21, though the cable came last
    assert do.last_report.remote_start_id == 5


def test_f02_fr_10_or_authorized_at_once(scene, alice):
    do = scene()
    do(CablePlugged())
    do(Authorized(alice, remote_start_id=5))
    assert do.told == [("Started", "RemoteStart", None)]


def test_f01_fr_19_a_remote_start_of_a_transaction_that_a_cable_began(scene, alice):
    do = scene(tx_start_points=frozenset({"EVConnected"}))
    do(CablePlugged())
    do(Authorized(alice, remote_start_id=5))
    assert do.told == [("Started", "CablePluggedIn", None), ("Updated", "RemoteStart", None)]
    assert (do.last_report.id_token, do.last_report.remote_start_id) == (alice, 5)


def test_f02_fr_26_where_somebody_charges_it_is_refused(scene, alice):
    do = scene(tx_start_points=frozenset({"EVConnected"}))
    do(CablePlugged())
    assert do.station.evse(1).refusal(BOB) is None  # nobody is authorized yet
    do.authorize()
    assert do.station.evse(1).refusal(BOB) == "Occupied"


def test_c01_fr_23_a_transaction_without_authorization_is_taken_up_by_its_own_token_only(
    scene, alice
):
    do = scene(tx_stop_points=frozenset({"EVConnected"}))
    do.charge()
    do(TokenPresented(alice))  # the authorization ends, the transaction does not
    assert do(TokenPresented(BOB)) == [RefuseToken(1, BOB, "Occupied")]
    do.authorize(alice)
    assert do.told[-1] == ("Updated", "Authorized", None)
    assert do.last_report.transaction_id == "tx1"
