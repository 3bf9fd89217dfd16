import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import trio
import trio.testing

from pilotwire.engine.journal.batch import Batch
from pilotwire.engine.journal.store import JournalError, Store
from pilotwire.engine.journal.writer import Writer

Disk = Callable[[], AbstractContextManager[None]]


class Bench:
    """A writer with a file, and what it said."""

    def __init__(self, path: Path, *, inline: bool) -> None:
        self.path = path
        self.said: list[object] = []
        self.told = trio.lowlevel.ParkingLot()
        self.failures: list[str] = []
        self.recoveries: list[int] = []  # each as the number of words that were said before
        self.writer = Writer(
            Store.open(path), inline, lambda _: self._say("committed"), self._fail, self._recover
        )

    def _fail(self, error: JournalError) -> None:
        self.failures.append(str(error))

    def _recover(self) -> None:
        self.recoveries.append(len(self.said))

    def _say(self, word: object) -> None:
        self.said.append(word)
        self.told.unpark_all()

    def put(self, key: str) -> None:
        self.writer.batch.values["s", key] = b"x" * 100
        self.writer.submit(lambda is_committed: self._say((key, is_committed)))

    async def until_told(self, count: int) -> None:
        with trio.fail_after(10):
            while sum(isinstance(word, tuple) for word in self.said) < count:
                await self.told.park()

    def keys_in_file(self) -> set[str]:
        """Close everything and read what was kept."""
        self.writer.close()
        store = Store.open(self.path)
        keys = {key for _, key, _ in store.load().values}
        store.close()
        return keys


@pytest.fixture
def inline(path: Path) -> Iterator[Bench]:
    bench = Bench(path, inline=True)
    yield bench
    bench.writer.close()


@pytest.fixture
def threaded(path: Path) -> Iterator[Bench]:
    bench = Bench(path, inline=False)
    yield bench
    bench.writer.close()


def test_in_line_a_change_is_committed_and_told_at_once(inline: Bench) -> None:
    inline.put("a")
    assert inline.said == ["committed", ("a", True)]
    inline.put("b")
    assert inline.writer.commits == 2
    assert inline.keys_in_file() == {"a", "b"}


def test_in_line_what_is_asked_by_one_who_is_told_comes_after_the_others(
    inline: Bench, full_disk: Disk
) -> None:
    with full_disk():
        inline.put("a")
    inline.said.clear()
    told = inline.said

    def ask_for_more(_is_committed: bool) -> None:
        told.append("first")
        inline.put("nested")

    inline.writer.batch.thens.append(ask_for_more)
    inline.writer.batch.thens.append(lambda _: told.append("second"))
    inline.put("b")
    assert told == ["committed", "first", "second", ("b", True), "committed", ("nested", True)]


async def test_with_a_thread_nobody_is_told_before_the_commit(threaded: Bench) -> None:
    async with trio.open_nursery() as nursery:
        await nursery.start(threaded.writer.run)
        threaded.put("a")
        assert threaded.said == []
        await threaded.until_told(1)
        assert threaded.said == ["committed", ("a", True)]
        nursery.cancel_scope.cancel()


async def test_with_a_thread_what_gathers_is_one_commit(threaded: Bench) -> None:
    async with trio.open_nursery() as nursery:
        await nursery.start(threaded.writer.run)
        for number in range(1000):
            threaded.put(str(number))
            if number % 100 == 0:
                await trio.lowlevel.checkpoint()
        await threaded.until_told(1000)
        nursery.cancel_scope.cancel()
    told = [word[0] for word in threaded.said if isinstance(word, tuple)]
    assert told == [str(number) for number in range(1000)]
    assert 1 <= threaded.writer.commits <= 11


async def test_what_came_before_run_is_written_by_it(threaded: Bench) -> None:
    threaded.put("a")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(threaded.writer.run)
        await threaded.until_told(1)
        nursery.cancel_scope.cancel()


async def test_cancelled_it_writes_what_is_left(threaded: Bench) -> None:
    async with trio.open_nursery() as nursery:
        await nursery.start(threaded.writer.run)
        for number in range(50):
            threaded.put(str(number))
        nursery.cancel_scope.cancel()
    assert threaded.said == ["committed", *((str(number), True) for number in range(50))]
    assert len(threaded.keys_in_file()) == 50


async def test_what_is_asked_at_the_last_commit_is_written_too(threaded: Bench) -> None:
    async with trio.open_nursery() as nursery:
        await nursery.start(threaded.writer.run)
        threaded.writer.batch.values["s", "first"] = b"v"
        threaded.writer.submit(lambda _: threaded.put("last"))
        nursery.cancel_scope.cancel()
    assert threaded.said == ["committed", "committed", ("last", True)]


async def test_it_can_run_again_after_it_was_cancelled(threaded: Bench) -> None:
    for key in ("a", "b"):
        async with trio.open_nursery() as nursery:
            await nursery.start(threaded.writer.run)
            threaded.put(key)
            nursery.cancel_scope.cancel()
    assert threaded.keys_in_file() == {"a", "b"}


async def test_what_comes_after_run_is_written_at_closing(threaded: Bench) -> None:
    threaded.put("late")
    assert threaded.keys_in_file() == {"late"}
    assert threaded.said == ["committed", ("late", True)]


async def test_a_disk_that_hangs_does_not_hold_up_the_end(
    threaded: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotwire.engine.journal.writer.CLOSING_SECONDS", 0.2)
    disk, store = threading.Event(), threaded.writer._store
    assert store is not None
    store._connection.set_trace_callback(lambda _: disk.wait(10) and None)
    began = time.monotonic()
    async with trio.open_nursery() as nursery:
        await nursery.start(threaded.writer.run)
        threaded.put("a")
        await trio.sleep(0.05)
        nursery.cancel_scope.cancel()
    threaded.writer.close()
    assert time.monotonic() - began < 5
    assert threaded.failures == [
        f"cannot write journal {threaded.path}: the last commit took longer than 0.2 s"
    ]
    assert threaded.said == []
    disk.set()


async def test_an_error_of_the_one_who_is_told_is_not_hidden(threaded: Bench) -> None:
    def stumble(_is_committed: bool) -> None:
        raise ZeroDivisionError

    with pytest.RaisesGroup(pytest.RaisesGroup(ZeroDivisionError)):
        async with trio.open_nursery() as nursery:
            await nursery.start(threaded.writer.run)
            threaded.writer.batch.values["s", "a"] = b"v"
            threaded.writer.submit(stumble)
            threaded.put("b")
            await trio.sleep(10)
    assert threaded.keys_in_file() == {"a", "b"}


# ---- a full disk


def test_in_line_a_full_disk_is_told_and_nothing_is_lost(inline: Bench, full_disk: Disk) -> None:
    with full_disk():
        inline.put("a")
        inline.put("b")
        assert inline.said == [("a", False), ("b", False)]
        assert inline.writer.failure is not None
    inline.put("c")
    assert inline.said == [("a", False), ("b", False), "committed", ("c", True)]
    assert inline.recoveries == [4]
    assert inline.writer.failure is None
    assert inline.keys_in_file() == {"a", "b", "c"}


def test_a_spell_of_failures_is_reported_once(inline: Bench, full_disk: Disk) -> None:
    for spell in (1, 2):
        with full_disk():
            inline.put("a")
            inline.put("b")
        assert len(inline.failures) == spell
        inline.put("c")
    assert inline.failures[0].startswith(f"cannot write journal {inline.path}: ")


async def test_in_line_a_failed_commit_is_tried_again_after_a_while(
    inline: Bench, full_disk: Disk, autojump_clock: trio.testing.MockClock
) -> None:
    async with trio.open_nursery() as nursery:
        await nursery.start(inline.writer.run)
        with full_disk():
            inline.put("a")
            await trio.sleep(3)
        assert "committed" not in inline.said
        await trio.sleep(3)
        assert inline.said == [("a", False), "committed"]
        assert inline.writer.failure is None
        nursery.cancel_scope.cancel()


async def test_with_a_thread_a_failed_commit_is_tried_again_after_a_while(
    threaded: Bench, full_disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotwire.engine.journal.writer.RETRY_SECONDS", 0.05)
    async with trio.open_nursery() as nursery:
        await nursery.start(threaded.writer.run)
        with full_disk():
            threaded.put("a")
            await threaded.until_told(1)
            await trio.sleep(0.2)
            assert threaded.writer.failure is not None
        with trio.fail_after(10):
            while "committed" not in threaded.said:
                await threaded.told.park()
        nursery.cancel_scope.cancel()
    assert threaded.said == [("a", False), "committed"]
    assert len(threaded.failures) == 1
    assert threaded.keys_in_file() == {"a"}


async def test_a_disk_that_stays_full_does_not_hold_up_the_end(
    threaded: Bench, full_disk: Disk
) -> None:
    with full_disk():
        with trio.fail_after(2):
            async with trio.open_nursery() as nursery:
                await nursery.start(threaded.writer.run)
                threaded.put("a")
                await threaded.until_told(1)
                nursery.cancel_scope.cancel()
        threaded.writer.close()
    assert threaded.said == [("a", False)]


def test_an_empty_batch_costs_no_commit(inline: Bench) -> None:
    told: list[bool] = []
    inline.writer.submit(told.append)
    assert (told, inline.writer.commits) == ([True], 0)
    assert inline.writer.batch == Batch()
