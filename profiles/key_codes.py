"""Nobody shall find a key code by trying (2.x C04.FR.06): who enters wrong ones has to wait, longer
each time.
"""

FREE_TRIES = 3
FIRST_WAIT = 30.0  # s
LONGEST_WAIT = 900.0  # s


class KeyCodeGuard:
    """Counts the wrong codes at each EVSE (0: at the station's own reader). Times are in s, on one
    clock.
    """

    __slots__ = ("_until", "_wrong")

    def __init__(self) -> None:
        self._wrong: dict[int, int] = {}  # one after the other
        self._until: dict[int, float] = {}

    def may_try(self, evse_id: int, now: float) -> bool:
        return now >= self._until.get(evse_id, now)

    def note(self, evse_id: int, *, is_right: bool, now: float) -> None:
        """Count what was made of a code."""
        if is_right:
            self._wrong.pop(evse_id, None)
            return
        wrong = self._wrong[evse_id] = self._wrong.get(evse_id, 0) + 1
        if wrong >= FREE_TRIES:
            doublings = min(wrong - FREE_TRIES, 10)
            self._until[evse_id] = now + min(LONGEST_WAIT, FIRST_WAIT * 2**doublings)
