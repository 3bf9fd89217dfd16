"""The charge of a car at a simulated EVSE, by the clock: a register and a car, computed when asked.

An offer holds until the next one, so everything in between follows from the course of the charge.
"""

import math

import msgspec
import trio

from .ev import Course, Ev, Supply


class Charge:
    """What one EVSE's meter has counted, and the car that is plugged in, if one is."""

    __slots__ = ("_begun", "_course", "_ev", "_register_wh", "ends_at")

    def __init__(self, register_wh: float) -> None:
        self._register_wh = register_wh  # without what the course under way has drawn
        self._ev: Ev | None = None  # as it was when the course under way began
        self._course: Course | None = None
        self._begun = math.inf  # trio.current_time()
        self.ends_at = math.inf  # trio.current_time() when the car will have ended it by itself

    def join(self, ev: Ev) -> None:
        """This car is here now, without power yet; or the one that is here has become so."""
        self.offer(None)
        self._ev = ev

    def part(self) -> None:
        """The car is gone."""
        self.offer(None)
        self._ev = None

    def offer(self, supply: Supply | None) -> None:
        """Let the car have that from now on; None is no power at all."""
        if self._course is not None and self._ev is not None:
            elapsed = self._elapsed()
            self._register_wh += self._course.wh(elapsed)
            self._ev = self._ev.charged(self._course, elapsed)
        self._begun = self.ends_at = math.inf
        self._course = self._ev.course(supply) if self._ev is not None and supply else None
        if self._course is not None:
            self._begun = trio.current_time()
            self.ends_at = self._begun + self._course.seconds

    @property
    def ev(self) -> Ev | None:
        """The car as it is now."""
        if self._ev is None or self._course is None:
            return self._ev
        return self._ev.charged(self._course, self._elapsed())

    def measured(self) -> tuple[float, float, float | None]:
        """Give what the meter has counted in its life (Wh), what the car draws now (W), and how
        full it is (%; None: there is none).
        """
        ev, course = self._ev, self._course
        if ev is None or course is None:
            return self._register_wh, 0.0, None if ev is None else ev.state_of_charge
        elapsed = self._elapsed()
        drawn_wh = course.wh(elapsed)
        percent = ev.percent_after(course, elapsed, drawn_wh)
        return self._register_wh + drawn_wh, course.watts(elapsed), percent

    @property
    def phases(self) -> int:
        """How many phases the car draws from; 0 while it draws nothing."""
        return self._course.phases if self._course is not None else 0

    def let_ev_take_power(self, takes_power: bool) -> None:
        """Make the car refuse power, or take it again; then it waits for the next offer."""
        ev = self.ev
        if ev is not None:
            self.join(msgspec.structs.replace(ev, takes_power=takes_power))

    def _elapsed(self) -> float:
        """Give how long the course under way has lasted (s), all of it from its last instant on."""
        if self._course is None:
            return 0.0
        now = trio.current_time()
        # now - begun may fall short of the whole by a rounding.
        return self._course.seconds if now >= self.ends_at else now - self._begun
