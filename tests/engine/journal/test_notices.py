"""The lane of notices: bounded, and neither in the way of transactions nor behind them."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import trio
import trio.testing

from pilotwire.engine.journal.journal import NOTICES, Journal
from pilotwire.engine.journal.notices import Notices
from pilotwire.engine.journal.outbox import Outbox
from pilotwire.engine.journal.store import Entry
from pilotwire.profiles.report import Lane, SecurityEventReport, TransactionReport

MakeReport = Callable[..., TransactionReport]


def notice(event: str = "StartupOfTheDevice", *, is_critical: bool = True) -> SecurityEventReport:
    return SecurityEventReport(event=event, time=1.75e9, is_critical=is_critical)


def ignore(_is_committed: bool) -> None:
    pass


def queue(limit: int, *are_critical: bool) -> Notices:
    notices = Notices(limit)
    for number, is_critical in enumerate(are_critical, 1):
        notices.add(Entry(number, notice(is_critical=is_critical)))
    return notices


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.number for entry in entries]


def test_up_to_the_limit_nothing_goes() -> None:
    assert queue(3, True, False, True).thin() == []


def test_the_oldest_that_is_not_critical_goes_first() -> None:
    assert numbers(queue(3, True, False, True, False, True).thin()) == [2, 4]


def test_critical_notices_never_give_way_to_others() -> None:
    assert numbers(queue(2, True, True, False).thin()) == [3]


def test_where_all_are_critical_the_oldest_goes() -> None:
    notices = queue(2, True, True, True)
    assert numbers(notices.thin()) == [1]
    first = notices.first()
    assert first is not None
    assert first.number == 2


def test_what_was_delivered_makes_room() -> None:
    notices = queue(2, False, True)
    notices.discard(1)
    notices.add(Entry(3, notice()))
    assert notices.thin() == []


def test_each_lane_has_its_own_head_and_count(transaction_report: MakeReport) -> None:
    journal = Journal.open(None)
    journal.append(notice(), None, ignore)
    journal.append(transaction_report(), None, ignore)
    heads = [journal.head("transactions"), journal.head("notices")]
    assert [type(head.report) for head in heads if head] == [TransactionReport, SecurityEventReport]
    assert (journal.waiting_in("transactions"), journal.waiting_in("notices")) == (1, 1)
    assert len(journal) == 2


def test_notices_take_no_room_of_transactions_nor_these_of_them(
    transaction_report: MakeReport,
) -> None:
    journal = Journal.open(None, limit=4)
    for kind in ("Started", "Updated", "Ended"):
        journal.append(transaction_report(kind=kind), None, ignore)
    for _ in range(NOTICES + 5):
        journal.append(notice(), None, ignore)
    assert (journal.waiting_in("transactions"), journal.waiting_in("notices")) == (3, NOTICES)
    assert journal.dropped == 5


def test_a04_fr_02_notices_survive_a_restart_in_order(
    path: Path, transaction_report: MakeReport
) -> None:
    with closing(Journal.open(path, inline=True)) as journal:
        journal.append(notice("First"), None, ignore)
        journal.append(transaction_report(kind="Started"), None, ignore)
        journal.append(notice("Second"), None, ignore)
        head = journal.head("notices")
        assert head is not None
        journal.attempted(head)
    with closing(Journal.open(path, inline=True)) as journal:
        head = journal.head("notices")
        assert head is not None
        assert (head.report, head.attempts) == (notice("First"), 1)
        journal.remove(head)
        head = journal.head("notices")
        assert head is not None
        assert (head.report, head.number) == (notice("Second"), 3)
        assert journal.waiting_in("transactions") == 1


def test_a_journal_from_before_the_lanes_still_opens(path: Path) -> None:
    Journal.open(path, inline=True).close()
    body = (
        b'{"type":"TransactionReport","transaction_id":"tx","kind":"Started",'
        b'"trigger":"Authorized","time":1750000000.0,"evse":1,"seq_no":0}'
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO reports VALUES (7, 2, ?)", (body,))
    with closing(Journal.open(path, inline=True)) as journal:
        head = journal.head()
        assert journal.unreadable == ()
        assert head is not None
        assert (head.number, head.attempts, head.report.lane) == (7, 2, "transactions")


def test_a_clock_that_was_wrong_moves_notices_too() -> None:
    journal = Journal.open(None)
    journal.append(notice(), None, ignore)
    assert journal.restamp(1, 60.0) == 1
    head = journal.head("notices")
    assert head is not None
    assert head.report.time == 1.75e9 + 60


class NotAccepted(Exception):
    """The CSMS answered with a CALLERROR."""


@pytest.mark.parametrize(("failing", "passing"), [("notices", "Started"), ("transactions", "News")])
async def test_a_lane_that_is_not_accepted_does_not_hold_up_the_other(
    failing: Lane,
    passing: str,
    transaction_report: MakeReport,
    autojump_clock: trio.testing.MockClock,
) -> None:
    journal = Journal.open(None)
    journal.append(transaction_report(kind="Started"), None, ignore)
    journal.append(notice("News"), None, ignore)
    told: list[tuple[float, str]] = []
    start = trio.current_time()

    async def send(entry: Entry) -> None:
        await trio.lowlevel.checkpoint()
        report = entry.report
        if report.lane == failing and trio.current_time() - start < 150:
            raise NotAccepted
        name = report.kind if isinstance(report, TransactionReport) else "News"
        told.append((trio.current_time() - start, name))

    with trio.move_on_after(300):
        async with trio.open_nursery() as nursery:
            for lane in ("transactions", "notices"):
                outbox = Outbox(journal, (NotAccepted,), lane)
                nursery.start_soon(outbox.deliver, send, lambda _: 5, lambda _: 60.0)
    other = "News" if passing == "Started" else "Started"
    assert told == [(0.0, passing), (180.0, other)]
    assert len(journal) == 0
