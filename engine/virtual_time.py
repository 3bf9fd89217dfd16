"""Virtual time: a clock that jumps to whatever is next, and nothing left to chance but a seed's."""

import random
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import trio
import trio.testing

from .wire.rpc import message_ids_from


@contextmanager
def _repeatable(seed: int) -> Iterator[None]:
    """Have Trio's order of tasks, and message ids, come from the seed."""
    # Trio has no public name for these; Hypothesis and pytest-trio reach for the same two.
    scheduler: Any = sys.modules["trio._core._run"]
    before = scheduler._ALLOW_DETERMINISTIC_SCHEDULING, scheduler._r.getstate()
    scheduler._ALLOW_DETERMINISTIC_SCHEDULING = True
    scheduler._r.seed(f"tasks {seed}")
    try:
        with message_ids_from(random.Random(f"messages {seed}").randbytes):
            yield
    finally:
        scheduler._ALLOW_DETERMINISTIC_SCHEDULING = before[0]
        scheduler._r.setstate(before[1])


def run_virtually(seed: int, task: Callable[[], Awaitable[None]]) -> None:
    """Run a task with Trio, by a clock that jumps to whatever is next."""
    with _repeatable(seed):
        trio.run(task, clock=trio.testing.MockClock(autojump_threshold=0))
