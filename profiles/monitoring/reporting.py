"""Events on their way into reports: parts of bounded size, and the severity of our own notices."""

from collections.abc import Iterable, Iterator

from ..report import EventReport, ReportedEvent

_PART_CHARACTERS = 12_000  # of a part; some CSMS take no more than 16 KiB a message
_FRAME_CHARACTERS = 350  # of an event, its texts apart


def reports(
    events: Iterable[ReportedEvent], time: float, kept_severity: int
) -> Iterator[EventReport]:
    """Put events of one moment (s since 1970) into reports, in parts where they are many.

    What is of this severity or a graver one may not give way to anything.
    """
    parts = [*_parts(events)]
    for number, part in enumerate(parts):
        yield EventReport(
            time=time,
            events=part,
            seq_no=number,
            is_last=number + 1 == len(parts),
            is_critical=any(event.severity <= kept_severity for event in part),
        )


def _parts(events: Iterable[ReportedEvent]) -> Iterator[tuple[ReportedEvent, ...]]:
    part: list[ReportedEvent] = []
    size = 0
    for event in events:
        its_size = _FRAME_CHARACTERS + len(event.value) + len(event.tech_info)
        if part and size + its_size > _PART_CHARACTERS:
            yield tuple(part)
            part, size = [], 0
        part.append(event)
        size += its_size
    if part:
        yield tuple(part)
