"""The readings that a transaction's end tells, gathered while it runs (E06.FR.11, errata 3.91).

Theory of operation of thinning. There is room for so many. When it is used up, every other reading
between the first and the last goes (E06.FR.13), and from then on only every second, fourth, … that
comes is kept: those that stay are evenly spread. What flowed in an interval that goes is counted
with the next one.
"""

import msgspec

from ...profiles.report import Sample
from ..journal.restamping import shifted


class EndedSamples:
    """Those of one EVSE's transaction."""

    def __init__(self) -> None:
        self._samples: list[Sample] = []
        self._stride = 1  # every so-manieth that is offered is kept
        self._offered = 0

    def clear(self) -> None:
        self._samples.clear()
        self._stride, self._offered = 1, 0

    def add(self, samples: tuple[Sample, ...]) -> None:
        """Keep what must not go: the beginning, the end."""
        self._samples += samples

    def offer(self, samples: tuple[Sample, ...], room: int) -> None:
        """Keep what comes between them, with room for the end."""
        self._offered += 1
        if self._offered % self._stride:
            return
        self._samples += samples
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

    def _thin(self) -> None:
        kept = self._samples[::2]  # never the first
        for gone in self._samples[1::2]:
            _count_with_next(gone, kept)
        self._samples = kept
        self._stride *= 2


def _unsigned(sample: Sample) -> Sample:
    if sample.context != "Transaction.Begin":
        return sample
    meter = msgspec.structs.replace(sample.meter, signed=None)
    return msgspec.structs.replace(sample, meter=meter)


def _count_with_next(gone: Sample, kept: list[Sample]) -> None:
    """Let the next reading of the same list count from where the one that goes began."""
    if gone.before is None:
        return
    for index, sample in enumerate(kept):
        is_later = sample.time > gone.time
        if is_later and (sample.context, sample.measurands) == (gone.context, gone.measurands):
            kept[index] = msgspec.structs.replace(sample, before=gone.before)
            return
