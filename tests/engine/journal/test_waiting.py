from collections.abc import Callable
from time import perf_counter

from pilotwire.engine.journal.store import Entry
from pilotwire.engine.journal.waiting import Waiting
from pilotwire.profiles.report import MeterReport, Report, TransactionReport

MakeReport = Callable[..., TransactionReport]
MakeReading = Callable[..., MeterReport]


def waiting(limit: int, *reports: Report) -> Waiting:
    queue = Waiting(limit)
    for number, report in enumerate(reports, 1):
        queue.add(Entry(number, report))
    return queue


def numbers(entries: list[Entry]) -> list[int]:
    return [entry.number for entry in entries]


def rest(queue: Waiting) -> list[int]:
    found = []
    while (entry := queue.first()) is not None:
        queue.discard(entry.number)
        found.append(entry.number)
    return found


def test_the_oldest_comes_first(transaction_report: MakeReport) -> None:
    queue = waiting(9, transaction_report(), transaction_report(), transaction_report())
    assert rest(queue) == [1, 2, 3]
    assert queue.first() is None


def test_a_replaced_report_keeps_its_place(transaction_report: MakeReport) -> None:
    queue = waiting(9, transaction_report(), transaction_report())
    queue.replace(Entry(1, transaction_report(), attempts=2))
    first = queue.first()
    assert first is not None
    assert (first.number, first.attempts) == (1, 2)


def test_reports_are_counted_by_transaction(
    transaction_report: MakeReport, meter_report: MakeReading
) -> None:
    queue = waiting(9, transaction_report("a"), meter_report(), transaction_report("b"))
    assert (queue.of_transaction("a"), queue.of_transaction("b")) == (1, 1)
    queue.discard(1)
    assert (queue.of_transaction("a"), queue.of_transaction("never")) == (0, 0)


def test_up_to_the_limit_nothing_is_dropped(meter_report: MakeReading) -> None:
    assert waiting(3, meter_report(), meter_report(), meter_report()).thin() == []


def test_readings_outside_transactions_go_first_every_other_one(
    transaction_report: MakeReport, meter_report: MakeReading
) -> None:
    updates = [transaction_report() for _ in range(5)]
    queue = waiting(9, *updates, *(meter_report() for _ in range(5)))
    assert numbers(queue.thin()) == [6, 8]
    assert rest(queue) == [1, 2, 3, 4, 5, 7, 9, 10]


def test_the_newest_reading_stays(
    transaction_report: MakeReport, meter_report: MakeReading
) -> None:
    started = transaction_report(kind="Started")
    queue = waiting(2, started, transaction_report(kind="Ended"), meter_report())
    assert queue.thin() == []


def test_the_reading_that_may_be_on_its_way_stays(
    transaction_report: MakeReport, meter_report: MakeReading
) -> None:
    queue = waiting(2, meter_report(), meter_report(), transaction_report(), meter_report())
    assert numbers(queue.thin()) == [2]


def test_e04_fr_08_every_other_update_between_the_ends_goes(transaction_report: MakeReport) -> None:
    queue = waiting(
        6,
        transaction_report(kind="Started"),
        *(transaction_report() for _ in range(5)),
        transaction_report(kind="Ended"),
    )
    assert numbers(queue.thin()) == [2, 4, 6]  # also E11.FR.05, E12.FR.05, J02.FR.13
    assert rest(queue) == [1, 3, 5, 7]


def test_the_first_and_last_update_of_each_transaction_stay(transaction_report: MakeReport) -> None:
    names = ["a", "a", "b", "a", "b", "a", "b", "b"]
    queue = waiting(7, *(transaction_report(name) for name in names))
    # Between their ends: 2 and 4 of a, 5 and 7 of b.
    assert numbers(queue.thin()) == [2, 5]


def test_e12_fr_04_updates_that_tell_of_a_limit_stay(transaction_report: MakeReport) -> None:
    triggers = [
        "LimitSet",
        "CostLimitReached",
        "EnergyLimitReached",
        "TimeLimitReached",
        "SoCLimitReached",
    ]
    queue = waiting(
        6,
        transaction_report(kind="Started"),
        *(transaction_report(trigger=trigger) for trigger in triggers),
        transaction_report(),
        transaction_report(kind="Ended"),
    )
    assert numbers(queue.thin()) == [7]


def test_starts_and_ends_are_kept_beyond_the_limit(transaction_report: MakeReport) -> None:
    ends = [transaction_report(f"tx{n}", kind) for n in range(5) for kind in ("Started", "Ended")]
    queue = waiting(3, *ends)
    assert queue.thin() == []
    assert len(queue) == 10


def test_a_queue_in_which_nothing_may_go_is_not_searched_at_each_report(
    transaction_report: MakeReport,
) -> None:
    limit = 4000
    queue = Waiting(limit)
    began = perf_counter()
    for number in range(1, 4 * limit):
        queue.add(Entry(number, transaction_report(f"tx{number}", "Started")))
        queue.thin()
    assert len(queue) == 4 * limit - 1
    assert perf_counter() - began < 5.0  # at each report: a minute


def test_emptying_a_long_queue_takes_time_in_proportion(transaction_report: MakeReport) -> None:
    report = transaction_report()
    queue = waiting(100_000, *[report] * 100_000)
    began = perf_counter()
    assert len(rest(queue)) == 100_000
    assert perf_counter() - began < 5.0  # over a plain dict: minutes
