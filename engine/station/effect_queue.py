"""The order of effects of one EVSE, or of the station itself.

Behind a report of a transaction they wait until the journal has committed it, so that no contactor
closes upon a transaction that a power cut could forget.
"""

from collections.abc import Callable
from typing import Protocol

from ...machines.effects import CloseContactor, Effect, OpenContactor, ReportTransaction


class Performer(Protocol):
    """Performs effects; one that takes time holds the queue."""

    def perform_one(self, effect: Effect, queue: "EffectQueue") -> None: ...


class EffectQueue:
    """Performs effects in order; one that takes time holds the rest until it is done.

    Only the opening of a contactor waits for nothing: neither a fault nor a person is kept waiting
    by a slow disk.
    """

    __slots__ = ("_has_ended", "_is_held", "_is_working", "_performer", "_waiting")

    def __init__(self, performer: Performer) -> None:
        self._performer = performer
        self._waiting: list[Effect] = []  # mostly empty, and many: a deque is large
        self._is_held = False
        self._is_working = False
        self._has_ended = False

    def add(self, effect: Effect) -> None:
        if not self._has_ended:
            self._waiting.append(effect)

    def keep_reports(self) -> None:
        """Take nothing more, and have nothing but reports left to perform."""
        self._has_ended = True
        self._waiting = [e for e in self._waiting if isinstance(e, ReportTransaction)]

    def end(self) -> None:
        """Perform what is left after `keep_reports`, whatever holds it."""
        while self._waiting:
            self._performer.perform_one(self._waiting.pop(0), self)

    def hold(self) -> Callable[[], None]:
        """Perform nothing more until the function that this gives is called."""
        self._is_held = True
        return self._release

    def _release(self) -> None:
        self._is_held = False
        self.work()

    def work(self) -> None:
        """Perform what waits. A call from within an effect's own performance returns at once."""
        if self._is_working:
            return
        self._is_working = True
        try:
            while self._waiting and not self._is_held:
                self._performer.perform_one(self._waiting.pop(0), self)
            if self._waiting:
                self._open_contactor()
        finally:
            self._is_working = False

    def _open_contactor(self) -> None:
        """Do of what is held what must not wait; what would close the contactor before is void."""
        openings = [e for e in self._waiting if isinstance(e, OpenContactor)]
        if not openings:
            return
        last = max(i for i, e in enumerate(self._waiting) if e is openings[-1])
        void = (OpenContactor, CloseContactor)
        self._waiting = [
            e for i, e in enumerate(self._waiting) if i > last or not isinstance(e, void)
        ]
        self._performer.perform_one(openings[-1], self)
