"""Boot registration through links that come and go (2.x B01-B03, 1.6 4.2)."""

import pytest

from pilotwire.machines.effects import (
    AnnounceStation,
    CloseLink,
    SendBootNotification,
    StartTimer,
    StopTimer,
)
from pilotwire.machines.events import (
    BackOffElapsed,
    ConnectRequested,
    DisconnectRequested,
    LinkClosed,
    LinkOpened,
    RegistrationAccepted,
    RegistrationDue,
    RegistrationPending,
    RegistrationRejected,
    RegistrationTriggered,
    RegistrationUnanswered,
)

STOP = StopTimer(0, RegistrationDue())
BOOT = SendBootNotification()
PUT_OFF = [RegistrationPending(30.0), RegistrationRejected(30.0), RegistrationUnanswered()]


def wait(seconds: float) -> StartTimer:
    return StartTimer(0, RegistrationDue(), seconds)


@pytest.fixture
def do(scene):
    """A station that has just opened its link."""
    made = scene(boot_retry=45.0)

    def do(*facts):
        return made(*facts, evse=0)

    do.station = made.station
    do(ConnectRequested())
    assert do(LinkOpened()) == [BOOT]
    return do


def reconnect(do):
    do(LinkClosed(), BackOffElapsed())
    return do(LinkOpened())


def test_accepted_it_announces_itself(do):
    assert not do.station.is_accepted
    assert do(RegistrationAccepted()) == [AnnounceStation(afresh=True)]
    assert do.station.is_accepted


@pytest.mark.parametrize("answer", PUT_OFF[:2], ids=lambda a: type(a).__name__)
def test_put_off_it_asks_again_after_the_interval(do, answer):
    assert do(answer) == [wait(30.0)]
    assert do(RegistrationDue()) == [STOP, BOOT]
    assert do(RegistrationAccepted()) == [AnnounceStation(afresh=True)]


@pytest.mark.parametrize(
    "answer",
    [RegistrationPending(0.0), RegistrationRejected(0.0), RegistrationUnanswered()],
    ids=lambda a: type(a).__name__,
)
def test_b01_fr_06_without_an_interval_it_waits_its_own_time(do, answer):
    assert do(answer) == [wait(45.0)]
    assert do(RegistrationDue()) == [STOP, BOOT]


@pytest.mark.parametrize("answer", PUT_OFF, ids=lambda a: type(a).__name__)
def test_a_new_link_does_not_shorten_the_interval(do, answer):
    do(answer)
    assert reconnect(do) == []
    assert do(RegistrationDue()) == [STOP, BOOT]


@pytest.mark.parametrize("answer", PUT_OFF, ids=lambda a: type(a).__name__)
def test_due_while_offline_it_asks_with_the_next_link(do, answer):
    do(answer, LinkClosed())
    assert do(RegistrationDue()) == [STOP]
    do(BackOffElapsed())
    assert do(LinkOpened()) == [BOOT]


def test_a_link_lost_while_asking_is_asked_over(do):
    assert reconnect(do) == [BOOT]
    assert do(RegistrationAccepted()) == [AnnounceStation(afresh=True)]


def test_an_answer_to_a_link_that_is_gone_is_ignored(do):
    do(LinkClosed())
    assert [type(e).__name__ for e in do(RegistrationAccepted())] == ["IgnoreFact"]
    assert not do.station.is_accepted


def test_an_accepted_station_reconnects_without_boot(do):
    do(RegistrationAccepted())
    assert reconnect(do) == [AnnounceStation(afresh=False)]


def test_disconnected_on_purpose_while_asking_it_asks_with_the_next_link(do):
    assert do(DisconnectRequested()) == [StopTimer(0, BackOffElapsed()), CloseLink()]
    do(LinkClosed(), ConnectRequested())
    assert do(LinkOpened()) == [BOOT]


def test_an_accepted_station_can_be_told_to_register_again(do):
    do(RegistrationAccepted())
    assert do(RegistrationDue()) == [BOOT]
    assert not do.station.is_accepted


def test_a_trigger_ends_the_wait_early(do):
    do(RegistrationPending(3000.0))
    assert do(RegistrationTriggered()) == [STOP, SendBootNotification(is_triggered=True)]
    assert do(RegistrationTriggered()) == []  # it is on its way
    do(RegistrationPending(3000.0))
    assert do(RegistrationDue()) == [STOP, BOOT]


def test_with_another_csms_it_registers_before_anything_else_is_said(do):
    do(RegistrationAccepted(), LinkClosed(), BackOffElapsed())
    assert do(LinkOpened(is_new_csms=True)) == [BOOT]
