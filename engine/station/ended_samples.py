"""The readings that a transaction's end tells, gathered while it runs (E06.FR.11, errata 3.91).

Theory of operation of thinning. There is room for so many. When it is used up, every other reading
between the first and the last goes (E06.FR.13, F03.FR.05-06, F04.FR.05-06), and from then on only
every second, fourth, … that comes is kept: those that stay are evenly spread. What flowed in an
interval that goes is counted with the next one.
"""

import msgspec

from ...machines.meter import MeterSample
from ...profiles.report import Sample
from ..journal.restamping import shifted

_List = tuple[bool, tuple[str, ...]]  # clock-aligned or sampled, and its measurands


class EndedSamples:
    """Those of one EVSE's transaction."""

    __slots__ = ("_offered", "_owed", "_samples", "_stride")

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._owed: dict[_List, MeterSample] = {}  # where the next interval of a list begins
        self._stride = 1  # every so-manieth that is offered is kept
        self._offered = 0

    def clear(self) -> None:
        self._samples.clear()
        self._owed.clear()
        self._stride, self._offered = 1, 0

    def add(self, samples: tuple[Sample, ...]) -> None:
        """Keep what must not go: the beginning, the end."""
        self._samples += map(self._with_owed, samples)

    def offer(self, samples: tuple[Sample, ...], room: int) -> None:
        """Keep what comes between them, with room for the end."""
        self._offered += 1
        if self._offered % self._stride:
            for sample in samples:
                if sample.before is not None:
                    self._owed.setdefault(_list_of(sample), sample.before)
            return
        self.add(samples)
        if len(self._samples) >= room:
            self._thin()

    def shift(self, seconds: float) -> None:
        """Move them all in time."""
        self._samples = [shifted(sample, seconds) for sample in self._samples]

    def told(self) -> tuple[Sample, ...]:
        """Give them. What the meter signed for both ends is told once, with the end (signed meter
        values 4.1.2).
        """
        last = self._samples[-1].meter.signed if self._samples else None
        if last is None or not last.covers_begin:
            return tuple(self._samples)
        return (*(_unsigned(sample) for sample in self._samples[:-1]), self._samples[-1])

    def _with_owed(self, sample: Sample) -> Sample:
        owed = self._owed.pop(_list_of(sample), None)
        return sample if owed is None else msgspec.structs.replace(sample, before=owed)

    def _thin(self) -> None:
        kept = self._samples[::2]  # never the first
        for gone in reversed(self._samples[1::2]):  # so that the earliest of several counts
            if gone.before is not None and not _count_with_next(gone, kept):
                self._owed[_list_of(gone)] = gone.before
        self._samples = kept
        self._stride *= 2


def _unsigned(sample: Sample) -> Sample:
    if sample.context != "Transaction.Begin":
        return sample
    meter = msgspec.structs.replace(sample.meter, signed=None)
    return msgspec.structs.replace(sample, meter=meter)


def _list_of(sample: Sample) -> _List:
    return sample.context == "Sample.Clock", sample.measurands


def _count_with_next(gone: Sample, kept: list[Sample]) -> bool:
    """Let the next reading of the same list count from where the one that goes began."""
    for index, sample in enumerate(kept):
        if sample.time > gone.time and _list_of(sample) == _list_of(gone):
            kept[index] = msgspec.structs.replace(sample, before=gone.before)
            return True
    return False
