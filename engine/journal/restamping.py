"""Reports whose times take a step, because the clock that they came from was found to be wrong."""

import msgspec

from ...profiles.report import EventReport, MeterReport, Report, Sample, TransactionReport


def shifted(sample: Sample, seconds: float) -> Sample:
    """Give the sample as of another time."""
    return msgspec.structs.replace(sample, time=sample.time + seconds)


def restamped(report: Report, seconds: float) -> Report:
    """Give the report as of another time, and its samples and events with it."""
    if isinstance(report, EventReport):
        events = tuple(
            msgspec.structs.replace(event, time=event.time + seconds) for event in report.events
        )
        return msgspec.structs.replace(report, time=report.time + seconds, events=events)
    if not isinstance(report, TransactionReport | MeterReport):
        return msgspec.structs.replace(report, time=report.time + seconds)
    samples = tuple(shifted(sample, seconds) for sample in report.samples)
    return msgspec.structs.replace(report, time=report.time + seconds, samples=samples)
