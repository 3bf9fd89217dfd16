"""What a token means where it is shown, and the races around its answer (2.x C, F; 1.6 3.6)."""

import pytest

from pilotwire.machines.effects import (
    AcceptToken,
    AskAuthorization,
    IgnoreFact,
    RefuseToken,
    StartTimer,
    StopTimer,
)
from pilotwire.machines.events import (
    UNTYPED,
    AdditionalInfo,
    AuthorizationDecided,
    Authorized,
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    EnergyFlowing,
    FaultRaised,
    IdToken,
    PersonalMessage,
    ReservationMade,
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
    assert do(TokenPresented(BOB)) == [AskAuthorization(1, BOB, ("FAMILY",))]
    assert do(accepted(BOB, "family"))[0] == AcceptToken(1, BOB)  # groups know no case, either
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


def test_c01_fr_02_another_token_is_asked_about_though_nobody_has_a_group(scene):
    do = scene()
    do.charge()
    assert do(TokenPresented(BOB)) == [AskAuthorization(1, BOB)]
    assert do(accepted(BOB)) == [RefuseToken(1, BOB, "Occupied")]
    assert do.station.evse(1).session == "active"


@pytest.mark.parametrize("type", ["KeyCode", "Central"])
def test_c01_fr_25_a_token_of_another_type_is_another_one(scene, alice, type):
    do = scene()
    do.charge()
    other = IdToken(alice.value, type)
    assert do(TokenPresented(other)) == [AskAuthorization(1, other)]


def test_a_token_that_was_named_without_a_type_is_the_same(scene, alice):
    do = scene()
    do(CablePlugged(), Authorized(IdToken(alice.value, UNTYPED), remote_start_id=0))
    do(TokenPresented(alice))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


def test_c01_fr_25_what_goes_with_a_token_besides_makes_no_difference(scene, alice):
    do = scene()
    do.charge()
    do(TokenPresented(IdToken(alice.value, additional_info=(AdditionalInfo("1", "plate"),))))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


def test_the_person_is_told_in_the_language_that_the_csms_named(scene, alice):
    do = scene()
    message = PersonalMessage("Hallo", "UTF8", "de")
    answer = AuthorizationDecided(alice, "Blocked", None, False, ("de", "en"), (message,))
    do(TokenPresented(alice))
    assert do(answer) == [RefuseToken(1, alice, "Blocked", ("de", "en"), (message,))]
    do(TokenPresented(alice))
    answer = AuthorizationDecided(alice, "Accepted", None, False, ("de", "en"), (message,))
    assert do(answer)[0] == AcceptToken(1, alice, ("de", "en"), (message,))


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


def test_while_one_is_asked_that_may_stop_another_waits(scene):
    do = scene(master_pass_group="MASTERS")
    do.charge(parent="FAMILY")
    do(TokenPresented(BOB))
    carl = IdToken("CARL")
    assert do(TokenPresented(carl)) == [RefuseToken(1, carl, "Occupied")]
    do(accepted(BOB, "FAMILY"))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")


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
    assert do(TokenPresented(BOB)) == [AskAuthorization(1, BOB, ("FAMILY",))]
    assert [type(e).__name__ for e in do(accepted(BOB, "FAMILY"))] == [
        "AcceptToken",
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


# ---- nobody is to be authorized (AuthCtrlr.Enabled)

NOBODY = IdToken("", "NoAuthorization")


def test_where_nobody_is_authorized_a_cable_is_enough(scene):
    do = scene(authorization_enabled=False)
    do(CablePlugged())
    assert do.told == [("Started", "Authorized", None)]
    assert do.last_report.id_token == NOBODY
    do(CableUnplugged())
    assert do.told[-1] == ("Ended", "EVCommunicationLost", "EVDisconnected")


def test_c01_fr_01_where_everybody_is_it_is_not(scene):
    do = scene()
    do(CablePlugged())
    assert do.told == []
    assert do.station.evse(1).chart.is_in("off")


def test_a_token_that_is_shown_all_the_same_is_told(scene, alice):
    do = scene(authorization_enabled=False)
    do.authorize(alice)  # the engine accepts everybody then
    do(CablePlugged())
    assert do.last_report.id_token == alice


def test_anybodys_token_ends_what_nobody_was_authorized_for(scene, alice):
    do = scene(authorization_enabled=False)
    do(CablePlugged(), EnergyFlowing(), TokenPresented(alice))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")
    assert do.last_report.stop_token == alice
    assert do.station.evse(1).session == "finishing"  # it does not begin anew by itself


@pytest.mark.parametrize("what", ["faulted", "inoperative", "reserved"])
def test_no_cable_begins_where_nobody_may(scene, alice, what):
    do = scene(authorization_enabled=False)
    if what == "faulted":
        do(FaultRaised())
    elif what == "inoperative":
        do.station.evse(1).request_availability(False)
    else:
        do(ReservationMade(7, alice, 60.0))
    do(CablePlugged())
    assert do.told == []


def test_a_start_button_starts_and_stops(scene):
    do = scene()
    do(CablePlugged())
    do.authorize(NOBODY)
    assert do.last_report.id_token == NOBODY
    do(TokenPresented(NOBODY))
    assert do.told[-1] == ("Ended", "StopAuthorized", "Local")
