"""A background writer has its last words, and no more time for them than it is given."""

import trio
from trio.testing import MockClock

from pilotwire.engine.last_words import write_until_cancelled


class Writer:
    def __init__(self, closing: float) -> None:
        self.closing = closing  # s that its last words take
        self.said: list[str] = []
        self._is_ending = trio.Event()

    async def run(self, task_status: trio.TaskStatus[None]) -> None:
        await write_until_cancelled(
            self._write, self._is_ending.set, closing_seconds=3.0, task_status=task_status
        )

    async def _write(self, patience: trio.CancelScope) -> None:
        with patience:
            await self._is_ending.wait()
            await trio.sleep(self.closing)
            self.said.append("last")
        self.said.append("cut short" if patience.cancelled_caught else "in time")


async def ended(writer: Writer) -> float:
    """Cancel it after 10 s, and give how long it then took."""
    async with trio.open_nursery() as nursery:
        await nursery.start(writer.run)
        await trio.sleep(10)
        begin = trio.current_time()
        nursery.cancel_scope.cancel()
    return trio.current_time() - begin


async def test_what_is_left_is_written_after_the_cancellation(autojump_clock: MockClock) -> None:
    writer = Writer(closing=2.0)
    assert await ended(writer) == 2.0
    assert writer.said == ["last", "in time"]


async def test_a_writer_that_hangs_is_left_when_its_time_is_over(autojump_clock: MockClock) -> None:
    writer = Writer(closing=60.0)
    assert await ended(writer) == 3.0
    assert writer.said == ["cut short"]
