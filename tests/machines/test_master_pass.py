"""The master pass: who shows one ends transactions, and begins none (2.x C16)."""

import pytest

from pilotwire.machines.effects import (
    AcceptToken,
    AskAuthorization,
    HideMasterPass,
    IgnoreFact,
    RefuseToken,
    ShowMasterPass,
    StartTimer,
    StopTimer,
)
from pilotwire.machines.events import (
    AuthorizationDecided,
    CablePlugged,
    ChoiceTimedOut,
    EnergyFlowing,
    FaultRaised,
    IdToken,
    TokenPresented,
    TransactionsChosen,
)

SHERIFF = IdToken("SHERIFF")
BOB = IdToken("B0B")
GRANTED = AuthorizationDecided(SHERIFF, "Accepted", "Masters")


def charging(scene, *evses, **settings):
    """Make a station with three EVSEs; at these somebody charges."""
    do = scene(1, 1, 1, master_pass_group="MASTERS", **settings)
    for evse in evses:
        do(CablePlugged(), evse=evse)
        do.authorize(IdToken(f"DRIVER{evse}"), evse=evse)
        do(EnergyFlowing(), evse=evse)
    do.effects.clear()
    return do


def ended(do):
    return [(effect.evse, effect.reason, effect.stop_token) for effect in do.reports("Ended")]


def test_c16_fr_02_without_a_ui_it_ends_every_transaction(scene):
    do = charging(scene, 1, 3)
    assert do(TokenPresented(SHERIFF), evse=1) == [AskAuthorization(1, SHERIFF)]
    assert do(GRANTED, evse=1)[0] == AcceptToken(1, SHERIFF)
    assert ended(do) == [(1, "MasterPass", SHERIFF), (3, "MasterPass", SHERIFF)]  # C16.FR.07-08
    assert {report.trigger for report in do.reports("Ended")} == {"StopAuthorized"}
    assert not any(evse.connectors[0].chart.is_in("locked") for evse in do.station.evses)


@pytest.mark.parametrize("at", [0, 2])
def test_wherever_it_is_shown(scene, at):
    do = charging(scene, 1, 3)
    if at == 0:
        do(CablePlugged(), evse=2)
        do.authorize(BOB, evse=2)  # now every EVSE is taken
    do(TokenPresented(SHERIFF), evse=at)
    do(GRANTED, evse=at)
    assert {evse for evse, _, _ in ended(do)} >= {1, 3}


def test_even_where_nothing_can_start(scene):
    do = charging(scene, 1)
    do(FaultRaised(), evse=2)
    assert do(TokenPresented(SHERIFF), evse=2) == [AskAuthorization(2, SHERIFF)]
    do(GRANTED, evse=2)
    assert ended(do) == [(1, "MasterPass", SHERIFF)]


def test_c16_fr_03_it_starts_nothing(scene):
    do = charging(scene)
    do(CablePlugged(), TokenPresented(SHERIFF))
    assert do(GRANTED) == [RefuseToken(1, SHERIFF, "MasterPass")]
    assert do.station.evse(1).session == "plugged_first"
    assert do.station.evse(1).question is None


def test_c12_fr_09_nor_does_a_remote_start_of_the_group(scene):
    do = charging(scene, 1)
    assert do.station.evse(2).refusal(SHERIFF, "MASTERS") == "MasterPass"
    do.station.evse(2).ask(SHERIFF, remote_start_id=5)
    assert do(GRANTED, evse=2) == [RefuseToken(2, SHERIFF, "MasterPass")]
    assert ended(do) == []  # it is no person who shows it


def test_a_pass_that_is_not_valid_ends_nothing(scene):
    do = charging(scene, 1)
    do(TokenPresented(SHERIFF))
    blocked = AuthorizationDecided(SHERIFF, "Blocked", "MASTERS")
    assert do(blocked) == [RefuseToken(1, SHERIFF, "Blocked")]
    assert ended(do) == []


def test_where_no_group_is_named_nobody_is_a_master(scene):
    do = scene()
    do.charge()
    do(TokenPresented(SHERIFF))
    assert do(AuthorizationDecided(SHERIFF, "Accepted", "")) == [
        RefuseToken(1, SHERIFF, "Occupied")
    ]


def test_a_transaction_that_goes_on_without_energy_keeps_the_reason(scene):
    do = charging(scene, 1, tx_stop_points=frozenset({"EVConnected"}))
    do(TokenPresented(SHERIFF))
    do(GRANTED)
    assert ended(do) == []
    assert do.station.evse(1).chart.is_in("off")
    assert do.station.evse(1).transaction.stop_reason == "MasterPass"  # C16.FR.08


# ---- with a UI


def test_c16_fr_01_with_a_ui_the_person_chooses(scene):
    do = charging(scene, 1, 3, has_master_pass_ui=True)
    do(TokenPresented(SHERIFF), evse=1)
    assert do(GRANTED, evse=1) == [
        AcceptToken(1, SHERIFF),
        StartTimer(0, ChoiceTimedOut(), 60.0),
        ShowMasterPass(1, SHERIFF, (1, 3)),
    ]
    assert ended(do) == []
    assert do(TransactionsChosen((3,)), evse=0)[:2] == [
        StopTimer(0, ChoiceTimedOut()),
        HideMasterPass(1),
    ]
    assert ended(do) == [(3, "MasterPass", SHERIFF)]
    assert do.station.evse(1).session == "active"


def test_c16_fr_01_or_all_of_them_and_none_that_is_not_there(scene):
    do = charging(scene, 1, 3, has_master_pass_ui=True)
    do(TokenPresented(SHERIFF), GRANTED, evse=1)
    do(TransactionsChosen((1, 2, 3, 9)), evse=0)
    assert [evse for evse, _, _ in ended(do)] == [1, 3]


def test_who_chooses_nothing_in_time_ends_nothing(scene):
    do = charging(scene, 1, has_master_pass_ui=True)
    do(TokenPresented(SHERIFF), GRANTED, evse=1)
    assert do(ChoiceTimedOut(), evse=0) == [HideMasterPass(1)]
    (ignored,) = do(TransactionsChosen((1,)), evse=0)
    assert isinstance(ignored, IgnoreFact)
    assert ended(do) == []


def test_who_shows_it_elsewhere_chooses_there(scene):
    do = charging(scene, 1, has_master_pass_ui=True)
    do(TokenPresented(SHERIFF), GRANTED, evse=1)
    do(TokenPresented(SHERIFF), evse=2)
    assert do(GRANTED, evse=2)[1:] == [
        StopTimer(0, ChoiceTimedOut()),
        HideMasterPass(1),
        StartTimer(0, ChoiceTimedOut(), 60.0),
        ShowMasterPass(2, SHERIFF, (1,)),
    ]
