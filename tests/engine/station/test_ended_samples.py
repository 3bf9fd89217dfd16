"""Readings that wait for a transaction's end: what goes when there are too many."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.engine.station.ended_samples import EndedSamples
from pilotwire.machines.meter import MeterSample
from pilotwire.profiles.report import ReadingContext, Sample

LISTS: dict[str, tuple[ReadingContext, tuple[str, ...]]] = {
    "sampled": ("Sample.Periodic", ("Energy.Active.Import.Interval",)),
    "aligned": ("Sample.Clock", ("Energy.Active.Import.Interval",)),
}


def meter(register: float) -> MeterSample:
    return MeterSample(energy_import=register)


def interval(sample: Sample) -> float:
    return (
        0.0 if sample.before is None else sample.meter.energy_import - sample.before.energy_import
    )


@given(
    st.lists(st.sampled_from(sorted(LISTS)), max_size=200),
    st.integers(min_value=3, max_value=40),
)
def test_whatever_goes_no_energy_goes_with_it(kinds: list[str], room: int) -> None:
    ended = EndedSamples()
    before: dict[str, MeterSample] = {}
    begin = Sample(0.0, "Transaction.Begin", meter(0.0), LISTS["sampled"][1])
    ended.add((begin,))
    before = {"sampled": meter(0.0), "aligned": meter(0.0)}
    for time, kind in enumerate(kinds, start=1):
        context, measurands = LISTS[kind]
        now = meter(time * 10.0)
        ended.offer((Sample(time, context, now, measurands, before[kind]),), room)
        before[kind] = now
    last = meter(len(kinds) * 10.0 + 10.0)
    end = Sample(len(kinds) + 1, "Transaction.End", last, LISTS["sampled"][1], before["sampled"])
    ended.add((end,))
    told = ended.told()
    assert told[0] == begin
    assert told[-1].meter == last
    assert len(told) <= room + 1
    times = [sample.time for sample in told]
    assert times == sorted(times)
    sampled = [sample for sample in told if sample.context != "Sample.Clock"]
    assert sum(map(interval, sampled)) == pytest.approx(last.energy_import)
    check_joined(sampled)
    check_joined([sample for sample in told if sample.context == "Sample.Clock"])


def check_joined(samples: Iterable[Sample]) -> None:
    """Each interval begins where the one before it ended."""
    for one, other in itertools.pairwise(samples):
        assert other.before is not None
        assert other.before.energy_import == one.meter.energy_import


def test_times_may_be_found_to_have_been_wrong() -> None:
    ended = EndedSamples()
    ended.add((Sample(5.0, "Transaction.Begin", meter(0.0), ()),))
    ended.shift(100.0)
    assert [sample.time for sample in ended.told()] == [105.0]
    ended.clear()
    assert ended.told() == ()
