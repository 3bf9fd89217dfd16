"""How long to wait before dialling again (OCPP-J 2.0.1 5.3, 2.1 5.4; 1.6 J errata 3.4)."""

from collections.abc import Callable

import msgspec


class BackOffSettings(msgspec.Struct, frozen=True):
    """The three variables of OCPPCommCtrlr."""

    wait_minimum: float = 10.0  # s, RetryBackOffWaitMinimum
    random_range: float = 10.0  # s, RetryBackOffRandomRange
    repeat_times: int = 5  # RetryBackOffRepeatTimes


class BackOff:
    """The waits of one series of failures. Make a new one, or `reset`, after a success.

    `random` gives numbers from 0 up to 1.
    """

    def __init__(self, settings: BackOffSettings, random: Callable[[], float]) -> None:
        self.settings = settings
        self._random = random
        self._doublings = 0
        self._last: float | None = None  # s

    def next_wait(self) -> float:
        """Seconds until the next attempt: the first, then twice the last, then always the same."""
        settings = self.settings
        if self._last is None:
            self._last = settings.wait_minimum + self._spread()
        elif self._doublings < settings.repeat_times:
            self._doublings += 1
            self._last = 2 * self._last + self._spread()
        return self._last

    def reset(self) -> None:
        self._doublings = 0
        self._last = None

    def _spread(self) -> float:
        return self._random() * self.settings.random_range
