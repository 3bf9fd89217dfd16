from collections.abc import Callable, Iterator

import pytest
import trio
import trio.testing
from structlog.testing import capture_logs

from pilotwire.engine.journal.journal import Entry, Journal
from pilotwire.engine.journal.outbox import Outbox
from pilotwire.profiles.report import MeterReport, Report, TransactionReport

MakeReport = Callable[..., TransactionReport]


class NotAccepted(Exception):
    """The CSMS answered with a CALLERROR, or not at all."""


class LinkLost(Exception):
    """The connection broke before an answer."""


class Csms:
    """Answers as told and remembers what reached it, and when (s)."""

    def __init__(self, *answers: Exception | None) -> None:
        self._answers: Iterator[Exception | None] = iter(answers)
        self.heard: list[tuple[float, int]] = []
        self._start = trio.current_time()

    async def send(self, entry: Entry) -> None:
        await trio.lowlevel.checkpoint()
        report = entry.report
        seq_no = report.seq_no if isinstance(report, TransactionReport) else -1
        self.heard.append((round(trio.current_time() - self._start, 3), seq_no))
        answer = next(self._answers, None)
        if answer is not None:
            raise answer


def ignore(_is_committed: bool) -> None:
    pass


def three(_report: Report) -> int:
    return 3


def minute(_report: Report) -> float:
    return 60.0


@pytest.fixture
def journal(transaction_report: MakeReport) -> Journal:
    journal = Journal.open(None)
    for kind in ("Started", "Updated", "Ended"):
        journal.append(transaction_report(kind=kind), None, ignore)
    return journal


async def deliver_for(
    seconds: float,
    outbox: Outbox,
    csms: Csms,
    attempts: Callable[[Report], int] = three,
    interval: Callable[[Report], float] = minute,
) -> None:
    with trio.move_on_after(seconds):
        await outbox.deliver(csms.send, attempts, interval)


async def test_reports_are_delivered_in_order_and_removed(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    csms = Csms()
    await deliver_for(1, Outbox(journal, (NotAccepted,)), csms)
    assert csms.heard == [(0, 0), (0, 1), (0, 2)]
    assert len(journal) == 0


async def test_the_journal_says_when_something_waits(
    transaction_report: MakeReport, autojump_clock: trio.testing.MockClock
) -> None:
    journal, csms = Journal.open(None), Csms()
    outbox = Outbox(journal, (NotAccepted,))
    async with trio.open_nursery() as nursery:
        journal.on_waiting = lambda: nursery.start_soon(deliver_for, 1, outbox, csms)
        assert outbox.head is None
        await trio.sleep(3)
        journal.append(transaction_report(), None, ignore)
        await trio.sleep(2)
        journal.append(transaction_report(), None, ignore)
    assert csms.heard == [(3, 0), (5, 1)]


async def test_1_6_3_7_1_the_example_of_the_specification(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    csms = Csms(NotAccepted("1"), NotAccepted("2"), NotAccepted("3"))
    with capture_logs() as logs:
        await deliver_for(1000, Outbox(journal, (NotAccepted,)), csms)
    assert csms.heard == [(0, 0), (60, 0), (180, 0), (180, 1), (180, 2)]
    assert logs[-1] == {
        "event": "report given up",
        "log_level": "warning",
        "attempts": 3,
        "evse": 1,
        "transaction_id": "tx",
        "seq_no": 0,
    }


async def test_e13_fr_02_a_report_that_is_accepted_at_last_is_not_given_up(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    csms = Csms(NotAccepted(), NotAccepted(), None)
    with capture_logs() as logs:
        await deliver_for(1000, Outbox(journal, (NotAccepted,)), csms)
    assert csms.heard == [(0, 0), (60, 0), (180, 0), (180, 1), (180, 2)]
    assert [line["event"] for line in logs] == ["report not accepted"] * 2


async def test_each_report_has_its_own_attempts(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    csms = Csms(NotAccepted(), None, NotAccepted(), None)
    await deliver_for(1000, Outbox(journal, (NotAccepted,)), csms)
    assert csms.heard == [(0, 0), (60, 0), (60, 1), (120, 1), (120, 2)]


async def test_the_settings_of_the_moment_hold(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    csms = Csms(*[NotAccepted()] * 9)
    allowed = iter([9, 9, 9, 2, 1, 1, 1, 1])  # asked before each transmission and after the last
    await deliver_for(1000, Outbox(journal, (NotAccepted,)), csms, lambda _: next(allowed, 1))
    assert csms.heard[:3] == [(0, 0), (60, 0), (60, 1)]


async def test_a_report_is_sent_once_even_when_no_attempts_are_configured(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    csms = Csms(NotAccepted(), NotAccepted())
    await deliver_for(1000, Outbox(journal, (NotAccepted,)), csms, lambda _: 0)
    assert csms.heard == [(0, 0), (0, 1), (0, 2)]


async def test_a_lost_link_passes_through_and_is_no_attempt(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    outbox, csms = Outbox(journal, (NotAccepted,)), Csms(*[LinkLost()] * 5)
    for _ in range(5):
        with pytest.raises(LinkLost):
            await deliver_for(1, outbox, csms)
    head = journal.head()
    assert head is not None
    assert (head.number, head.attempts) == (1, 0)
    await deliver_for(1, outbox, csms)
    assert [seq_no for _, seq_no in csms.heard] == [0, 0, 0, 0, 0, 0, 1, 2]


async def test_a_new_link_does_not_shorten_the_wait(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    outbox, csms = Outbox(journal, (NotAccepted,)), Csms(NotAccepted())
    await deliver_for(20, outbox, csms)
    await deliver_for(20, outbox, csms)
    await deliver_for(30, outbox, csms)
    assert csms.heard == [(0, 0), (60, 0), (60, 1), (60, 2)]


async def test_attempts_and_their_wait_hold_after_a_restart(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    csms = Csms(NotAccepted(), NotAccepted(), NotAccepted())
    await deliver_for(100, Outbox(journal, (NotAccepted,)), csms)
    await deliver_for(1000, Outbox(journal, (NotAccepted,)), csms)
    # Two attempts before the restart at 100 s; 120 s later the third.
    assert csms.heard == [(0, 0), (60, 0), (220, 0), (220, 1), (220, 2)]


async def test_a_report_that_was_used_up_before_a_restart_is_not_sent_again(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    for _ in range(3):
        head = journal.head()
        assert head is not None
        journal.attempted(head)
    csms = Csms()
    await deliver_for(1000, Outbox(journal, (NotAccepted,)), csms)
    assert csms.heard == [(0, 1), (0, 2)]


async def test_cancelling_in_mid_send_keeps_the_report(
    journal: Journal, autojump_clock: trio.testing.MockClock
) -> None:
    async def never(_entry: Entry) -> None:
        await trio.sleep_forever()

    with trio.move_on_after(5):
        await Outbox(journal, (NotAccepted,)).deliver(never, three, minute)
    assert len(journal) == 3


async def test_a_send_without_a_checkpoint_can_be_cancelled(journal: Journal) -> None:
    async def endless(_entry: Entry) -> None:
        journal.append(MeterReport(evse=0, connector=0, time=0.0, samples=()), None, ignore)

    with trio.move_on_after(0.05) as scope:
        await Outbox(journal, (NotAccepted,)).deliver(endless, three, minute)
    assert scope.cancelled_caught
