"""The connection's chart and its counts: back-off, attempts a slot, rounds over all slots, and no
giving up.
"""

import pytest

from pilotwire.machines.effects import CloseLink, DialCsms, IgnoreFact, StartTimer, StopTimer
from pilotwire.machines.events import (
    BackOffElapsed,
    ConnectRequested,
    DisconnectRequested,
    LinkClosed,
    LinkFailed,
    LinkOpened,
    ReconnectRequested,
)

WAIT = StopTimer(0, BackOffElapsed())


AGAIN = (LinkFailed(), BackOffElapsed())


def wait(seconds: float) -> StartTimer:
    return StartTimer(0, BackOffElapsed(), seconds, random=10.0)


@pytest.fixture
def make(scene):
    """Make a station that speaks of its link only."""

    def make(**settings):
        do = scene(**settings)
        return lambda *facts: do(*facts, evse=0)

    return make


def test_a_dial_that_fails_is_repeated_after_a_wait(make):
    do = make()
    assert do(ConnectRequested()) == [DialCsms(1)]
    assert do(LinkFailed("refused")) == [wait(3.0)]
    assert do(BackOffElapsed()) == [DialCsms(1)]


def test_the_wait_doubles_up_to_a_limit_and_stays_there(make):
    do = make(retry_minimum=3.0, retry_repeat_times=3)
    do(ConnectRequested())
    waits = []
    for _ in range(7):
        waits += do(LinkFailed())
        do(BackOffElapsed())
    assert waits == [wait(s) for s in (3.0, 6.0, 12.0, 24.0, 24.0, 24.0, 24.0)]


def test_a_link_gives_way_to_a_new_one_without_a_wait(make):
    do = make(network_priority=(1, 2), connection_attempts=1)
    do(ConnectRequested(), LinkFailed(), BackOffElapsed(), LinkOpened())
    assert do(ReconnectRequested()) == [CloseLink(), DialCsms(2)]
    do(LinkOpened())
    assert do(ReconnectRequested(is_first=True)) == [CloseLink(), DialCsms(1)]
    assert do(ReconnectRequested()) == [IgnoreFact(0, "ReconnectRequested", ("dialling",))]


def test_a_link_that_stood_begins_the_waits_anew(make):
    do = make()
    do(ConnectRequested(), LinkFailed(), BackOffElapsed(), LinkFailed(), BackOffElapsed())
    do(LinkOpened())
    assert do(LinkClosed("reset")) == [wait(3.0)]
    assert do(BackOffElapsed()) == [DialCsms(1)]
    assert do(LinkFailed()) == [wait(6.0)]


def test_b10_fr_03_each_slot_has_its_attempts_and_then_comes_the_next(make):
    do = make(network_priority=(2, 5, 1), connection_attempts=2)
    dialled = do(ConnectRequested())
    for _ in range(7):
        do(LinkFailed())
        dialled += do(BackOffElapsed())
    assert [dial.slot for dial in dialled] == [2, 2, 5, 5, 1, 1, 2, 2]  # round and round


def test_a_slot_that_worked_has_all_its_attempts_again(make):
    do = make(network_priority=(1, 2), connection_attempts=2)
    do(ConnectRequested(), LinkFailed(), BackOffElapsed(), LinkOpened(), LinkClosed())
    assert do(BackOffElapsed()) == [DialCsms(1)]
    do(LinkFailed())
    assert do(BackOffElapsed()) == [DialCsms(1)]
    do(LinkFailed())
    assert do(BackOffElapsed()) == [DialCsms(2)]


def test_after_a_failover_the_link_that_stands_is_the_one_dialled_again(make):
    do = make(network_priority=(1, 2), connection_attempts=1)
    do(ConnectRequested(), LinkFailed(), BackOffElapsed(), LinkOpened(), LinkClosed())
    assert do(BackOffElapsed()) == [DialCsms(2)]


def slots(do, dials: int) -> list[int]:
    """Fail this many dials; give the slots that are dialled then."""
    dialled = []
    for _ in range(dials):
        do(LinkFailed())
        dialled += [effect.slot for effect in do(BackOffElapsed())]
    return dialled


def test_b10_fr_04_a_boot_begins_with_the_first_entry_whatever_worked_last(scene):
    station = scene(network_priority=(2, 1))
    station.station.connection.worked = 1
    assert station(ConnectRequested(), evse=0) == [DialCsms(2)]


def test_b10_fr_07_when_all_have_failed_the_one_that_worked_last_is_dialled_again(scene):
    # B10.FR.08-09: and then all the others, for ever.
    station = scene(network_priority=(2, 3, 1), connection_attempts=1)
    station.station.connection.worked = 1
    station(ConnectRequested(), evse=0)
    assert slots(lambda *facts: station(*facts, evse=0), 8) == [3, 1, 1, 2, 3, 1, 2, 3]


def test_b10_fr_07_the_one_that_worked_last_need_not_be_an_entry_any_more(scene):
    station = scene(network_priority=(2,), connection_attempts=2)
    station.station.connection.worked = 1
    station(ConnectRequested(), evse=0)
    assert slots(lambda *facts: station(*facts, evse=0), 7) == [2, 1, 1, 2, 2, 1, 1]


def test_a_profile_that_is_another_one_now_has_not_worked(scene):
    station = scene(network_priority=(2,), connection_attempts=1)
    connection = station.station.connection
    connection.worked = 1
    connection.forget(2)
    assert connection.worked == 1
    connection.forget(1)
    station(ConnectRequested(), evse=0)
    assert slots(lambda *facts: station(*facts, evse=0), 3) == [2, 2, 2]


def test_a_round_that_follows_a_lost_link_begins_with_its_profile(make):
    do = make(network_priority=(1, 2, 3), connection_attempts=1)
    do(ConnectRequested(), *AGAIN, LinkOpened(), LinkClosed(), BackOffElapsed())
    assert slots(do, 6) == [3, 1, 2, 3, 1, 2]


def test_a_profile_that_left_the_priority_is_not_dialled_when_its_link_is_lost(scene):
    station = scene(network_priority=(1, 2))
    station(ConnectRequested(), LinkOpened(), evse=0)
    station.station.settings.network_priority = (3, 2)
    station(LinkClosed(), evse=0)
    assert station(BackOffElapsed(), evse=0) == [DialCsms(3)]


def test_one_slot_alone_is_dialled_for_ever(make):
    do = make(connection_attempts=1)
    do(ConnectRequested())
    for _ in range(20):
        do(LinkFailed())
        assert do(BackOffElapsed()) == [DialCsms(1)]


@pytest.mark.parametrize(
    "before",
    [
        (),
        (LinkOpened(),),
        (LinkFailed(),),
        (*AGAIN, LinkFailed()),
        (*AGAIN, *AGAIN, *AGAIN, LinkFailed()),
    ],
    ids=["dialling", "online", "backing off", "failing over", "falling back"],
)
def test_wished_offline_it_waits_for_nothing(make, before):
    do = make(connection_attempts=2, network_priority=(1, 2))
    do(ConnectRequested(), *before)
    assert do(DisconnectRequested()) == [WAIT, CloseLink()]
    assert do(LinkClosed()) == []  # the link says that it is gone
    assert isinstance(do(BackOffElapsed())[0], IgnoreFact)


def test_wished_online_again_it_begins_with_no_failures(make):
    do = make(connection_attempts=3)
    do(ConnectRequested(), LinkFailed(), BackOffElapsed(), LinkFailed(), DisconnectRequested())
    assert do(ConnectRequested()) == [DialCsms(1)]
    assert do(LinkFailed()) == [wait(3.0)]


def test_facts_that_come_at_the_wrong_time_are_ignored_and_count_for_nothing(make):
    do = make(connection_attempts=1, network_priority=(1, 2))
    assert do(LinkFailed()) == [IgnoreFact(0, "LinkFailed", ("offline",))]
    do(ConnectRequested())
    assert do(ConnectRequested()) == [IgnoreFact(0, "ConnectRequested", ("dialling",))]
    assert do(LinkClosed()) == [IgnoreFact(0, "LinkClosed", ("dialling",))]
    do(LinkOpened())
    assert do(LinkFailed()) == [IgnoreFact(0, "LinkFailed", ("online",))]
    do(LinkClosed())
    assert do(BackOffElapsed()) == [DialCsms(1)]
