"""Who is told of what, and when, where nothing is written."""

import pytest
import trio

from pilotwire.engine.journal.memory_writer import MemoryWriter


def test_a_change_is_committed_and_told_at_once() -> None:
    said: list[object] = []
    writer = MemoryWriter(lambda: said.append("committed"))
    writer.submit(said.append)
    assert said == ["committed", True]
    writer.submit()
    assert said == ["committed", True, "committed"]
    assert writer.failure is None


def test_what_is_asked_by_one_who_is_told_comes_after_the_others() -> None:
    said: list[object] = []

    def ask_for_more() -> None:
        said.append("committed")
        if len(said) == 1:
            writer.submit(lambda _: said.append("nested"))

    writer = MemoryWriter(ask_for_more)
    writer.submit(lambda _: said.append("first"))
    assert said == ["committed", "first", "committed", "nested"]


def test_one_who_raises_keeps_nobody_else_from_being_told() -> None:
    said: list[object] = []

    def fail(_: bool) -> None:
        raise ZeroDivisionError

    writer = MemoryWriter(lambda: None)
    with pytest.raises(ZeroDivisionError):
        writer.submit(fail)
    writer.submit(said.append)
    assert said == [True]


async def test_it_runs_until_it_is_cancelled() -> None:
    writer = MemoryWriter(lambda: None)
    async with trio.open_nursery() as nursery:
        await nursery.start(writer.run)
        nursery.cancel_scope.cancel()
    writer.close()
    assert writer.is_closed
