"""Events on their way into reports: parts of bounded size, and the severity of our own notices."""

from collections.abc import Iterable, Iterator

from ..parts import cut
from ..report import EventReport, ReportedEvent

_FRAME_CHARACTERS = 350  # of an event, its texts apart


def reports(
    events: Iterable[ReportedEvent], time: float, kept_severity: int
) -> Iterator[EventReport]:
    """Put events of one moment (s since 1970) into reports, in parts where they are many.

    What is of this severity or a graver one may not give way to anything.
    """
    parts = [*cut(events, _size)]
    for number, part in enumerate(parts):
        yield EventReport(
            time=time,
            events=part,
            seq_no=number,
            is_last=number + 1 == len(parts),
            is_critical=any(event.severity <= kept_severity for event in part),
        )


def _size(event: ReportedEvent) -> int:
    return _FRAME_CHARACTERS + len(event.value) + len(event.tech_info)
