"""How a fleet gets on: a table that is painted anew on a terminal, or a line now and then."""

import math
from collections.abc import Iterator
from typing import TextIO

import trio
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from .run import Run, Show
from .tally import ActionTally, Second, Tally, by_calls
from .verdict import error_percent

_PAINT_SECONDS = 0.5
_LINE_SECONDS = 10.0
_BARS = "▁▂▃▄▅▆▇█"
_SPAN = 60  # s of the throughput's course
_MOST_ACTIONS = 14
_MOST_FAILURES = 4


def show_for(stream: TextIO) -> Show:
    """Give what suits the stream: a table on a terminal, else lines."""
    return _Painted(stream) if stream.isatty() else _Lines(stream)


class _Painted:
    def __init__(self, stream: TextIO) -> None:
        self._console = Console(file=stream)

    async def __call__(self, run: Run) -> None:
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while True:
                live.update(picture(run, self._console.width), refresh=True)
                await trio.sleep(_PAINT_SECONDS)


def lines_for(stream: TextIO, every_seconds: float) -> Show:
    """Give lines, so often."""
    return _Lines(stream, every_seconds)


class _Lines:
    def __init__(self, stream: TextIO, every_seconds: float = _LINE_SECONDS) -> None:
        self._stream = stream
        self._every_seconds = every_seconds

    async def __call__(self, run: Run) -> None:
        while True:
            await trio.sleep(self._every_seconds)
            print(line(run.elapsed, run.tally()), file=self._stream, flush=True)


def line(elapsed: float, tally: Tally) -> str:
    """Say in one line how a run stands after so many seconds."""
    now = latest(tally)
    return (
        f"{elapsed:.0f} s: {now.online} of {tally.stations} stations online, "
        f"{now.charging} charging, {_few(rate(tally))} calls/s, "
        f"{tally.failed} of {tally.calls} calls failed"
    )


def _few(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def latest(tally: Tally) -> Second:
    """Give how things stood when they were last looked at."""
    seen = [number for number, second in tally.seconds.items() if second.online]
    return tally.seconds[max(seen)] if seen else Second()


def rate(tally: Tally) -> float:
    """Give the calls a second, of the last whole seconds."""
    if not tally.seconds:
        return 0.0
    last, tick = max(tally.seconds), tally.tick_seconds
    span = range(max(0, last - 3 * tick), max(tick, last), tick)
    return sum(tally.seconds[n].calls for n in span if n in tally.seconds) / (len(span) * tick)


# ---- the picture


def picture(run: Run, width: int) -> RenderableType:
    tally = run.tally()
    return Group(*_head(run, tally), _course(tally, width), _table(tally), *_failures(tally))


def _head(run: Run, tally: Tally) -> Iterator[RenderableType]:
    now = latest(tally)
    kind = next((p.kind for at, p in reversed(run.course.phases) if at <= run.elapsed), "")
    yield Text(f"Fleet of {tally.stations} at {run.target}", style="bold")
    yield Text(f"{_clock(run.elapsed)} of {_clock(run.course.seconds)} · {kind}", style="dim")
    yield Text(
        f"online {now.online}   charging {now.charging}   queued {now.queued}   "
        f"calls/s {rate(tally):.0f}   failed {error_percent(tally):.2f} %"
    )


def _course(tally: Tally, width: int) -> Text:
    """Draw the calls of the last seconds as bars."""
    last = max(tally.seconds, default=0)
    span = range(max(0, last - min(_SPAN, max(1, width - 2))), last)
    calls = [tally.seconds[n].calls if n in tally.seconds else 0 for n in span]
    most = max(calls, default=0) or 1
    return Text("".join(_BARS[call * (len(_BARS) - 1) // most] for call in calls), style="cyan")


def _table(tally: Tally) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Action", no_wrap=True)
    for title in ("calls", "failed", "p50", "p90", "p99", "max"):
        table.add_column(title, justify="right")
    shown = by_calls(tally.actions)
    for name, action in shown[:_MOST_ACTIONS]:
        table.add_row(name, str(action.calls), str(action.failed or ""), *_latencies(action))
    if len(shown) > _MOST_ACTIONS:
        table.add_row(f"and {len(shown) - _MOST_ACTIONS} more")
    return table


def _latencies(action: ActionTally) -> Iterator[str]:
    for percent in (50.0, 90.0, 99.0, 100.0):
        yield duration(action.latencies.percentile(percent))


_SHORTEST = 1e-6  # s: what is counted as the least


def duration(seconds: float | None) -> str:
    """Write a duration in the unit that suits it, three digits of it; nothing for None."""
    if seconds is None:
        return ""
    if seconds <= _SHORTEST:
        return "≤ 1 µs"
    for unit, factor in (("s", 1.0), ("ms", 1e3)):
        if seconds * factor >= 1:
            return f"{_three_digits(seconds * factor)} {unit}"
    return f"{_three_digits(seconds * 1e6)} µs"


def _three_digits(number: float) -> str:
    return f"{number:.{max(0, 2 - math.floor(math.log10(max(number, 1))))}f}"


def _failures(tally: Tally) -> Iterator[Text]:
    for reason, count in tally.failures.most_common(_MOST_FAILURES):
        yield Text(f"{count} links: {reason}", style="yellow", overflow="ellipsis", no_wrap=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
