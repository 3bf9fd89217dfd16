"""What goes wrong in a run, by the fleet's rules and its seed: at set times, or by chance."""

import random
from collections.abc import Callable, Iterator, Sequence

from .fault_settings import Fault
from .line import UNTOUCHED, Fate


def times(fault: Fault, end: float, chance: random.Random) -> Iterator[float]:
    """Give when it happens to a station, in a run of that length (s)."""
    if fault.every_seconds is None:
        return
    at = fault.from_seconds
    until = end if fault.until_seconds is None else min(end, fault.until_seconds)
    while (at := at + chance.expovariate(1 / fault.every_seconds)) < until:
        yield at


def draw_seconds(fault: Fault, chance: random.Random) -> float:
    """Draw how long, or how far (s)."""
    return chance.uniform(*fault.seconds) if fault.seconds else 0.0


class LineFaults:
    """What befalls the lines of one station by chance."""

    def __init__(
        self,
        faults: Sequence[Fault],
        chance: random.Random,
        elapsed: Callable[[], float],
        on_fault: Callable[[str], None],
    ) -> None:
        """`elapsed` is the time of the run (s); `on_fault` hears what happened."""
        by_chance = [fault for fault in faults if fault.probability is not None]
        self._of_messages = [fault for fault in by_chance if fault.kind != "reorder"]
        self._of_ends = [fault for fault in by_chance if fault.kind == "reorder"]
        self._chance = chance
        self._elapsed = elapsed
        self._on_fault = on_fault

    def of_message(self) -> Fate:
        """Decide about the next message, in either direction."""
        if not self._of_messages:
            return UNTOUCHED
        delay, breaks, silences = 0.0, False, False
        for fault in self._happening(self._of_messages):
            match fault.kind:
                case "latency":
                    delay += draw_seconds(fault, self._chance)
                case "loss":
                    breaks = True
                case "half_open":
                    silences = True
        if breaks or silences:
            self._on_fault("loss" if breaks else "half_open")
        return Fate(delay, breaks, silences and not breaks)

    def of_end(self) -> float:
        """Give how much later than the station the central system hears of an end (s)."""
        late = sum(draw_seconds(fault, self._chance) for fault in self._happening(self._of_ends))
        if late:
            self._on_fault(f"reorder {late:.3f} s")
        return late

    def _happening(self, faults: Sequence[Fault]) -> Iterator[Fault]:
        at = self._elapsed()
        for fault in faults:
            probability = fault.probability or 0.0
            if fault.is_on(at) and self._chance.random() < probability:
                yield fault
