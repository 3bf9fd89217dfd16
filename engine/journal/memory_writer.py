"""In place of the one that writes, for a journal in memory: there is nothing to write, so what is
changed is committed at once, and nothing need be gathered.
"""

from collections.abc import Callable

import trio

from .batch import Then


class MemoryWriter:
    """Tells in order who waits for a commit; every one succeeds.

    `on_committed` is called before anybody is told.
    """

    __slots__ = ("_has_more", "_is_telling", "_on_committed", "_thens", "is_closed")

    batch = None
    failure = None
    commits = 0

    def __init__(self, on_committed: Callable[[], None]) -> None:
        self.is_closed = False
        self._on_committed = on_committed
        self._thens: list[Then] = []
        self._is_telling = False
        self._has_more = False

    def submit(self, then: Then | None = None) -> None:
        """Have what was just changed committed."""
        if then is not None:
            self._thens.append(then)
        self._has_more = True
        if self._is_telling:
            return  # asked by one who was just told of a commit: the loop below comes to it
        self._is_telling = True
        try:
            while self._has_more:
                self._has_more = False
                thens: list[Then] = []
                if self._thens:  # mostly nobody waits
                    thens, self._thens = self._thens, thens
                self._on_committed()
                for each in thens:
                    each(True)
        finally:
            self._is_telling = False

    async def run(self, *, task_status: "trio.TaskStatus[None]" = trio.TASK_STATUS_IGNORED) -> None:
        """Wait until cancelled."""
        task_status.started()
        await trio.sleep_forever()

    def close(self) -> None:
        self.is_closed = True
