"""The report of a run: one page that needs nothing else, and the same figures as JSON."""

import html
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import pygal
from pygal.style import Style

from ..failure import Failure
from .settings import Fleet
from .show import duration
from .tally import FAILED, Latencies, Second, Tally, by_calls
from .verdict import Finding, error_percent

PERCENTILES = (50.0, 90.0, 99.0, 99.9, 100.0)
_MOST_POINTS = 240  # of a chart
_STYLE = Path(__file__).with_name("report.css")


# ---- for programs


class Percentiles(msgspec.Struct, kw_only=True):
    """Durations in milliseconds; None where nothing was measured."""

    count: int
    p50: float | None
    p90: float | None
    p99: float | None
    p999: float | None
    max: float | None


class ActionFigures(msgspec.Struct, kw_only=True):
    calls: int
    outcomes: dict[str, int]
    milliseconds: Percentiles


class Figures(msgspec.Struct, kw_only=True):
    """What the JSON report holds. Units stand in the names."""

    began_at: datetime
    seconds: float
    target: str
    seed: int
    stations: int
    ever_online: int
    transactions: int
    calls: int
    failed: int
    error_percent: float
    still_queued: int
    memory_mib: float
    cpu_seconds: float
    actions: dict[str, ActionFigures]
    boot: Percentiles
    dial: Percentiles
    timer_lateness: Percentiles
    link_failures: dict[str, int]
    trace_rules_broken: dict[str, int]
    thresholds: list[Finding]
    is_good_enough: bool
    course: list[dict[str, int]]


def figures(
    fleet: Fleet, target: str, tally: Tally, findings: Sequence[Finding], began_at: datetime
) -> Figures:
    return Figures(
        began_at=began_at,
        seconds=float(max(tally.seconds, default=0)),
        target=target,
        seed=fleet.seed,
        stations=tally.stations,
        ever_online=tally.ever_online,
        transactions=tally.transactions,
        calls=tally.calls,
        failed=tally.failed,
        error_percent=error_percent(tally),
        still_queued=tally.still_queued,
        memory_mib=round(tally.peak_memory_mib, 1),
        cpu_seconds=round(tally.cpu_seconds, 2),
        actions={
            name: ActionFigures(
                calls=action.calls,
                outcomes=dict(action.outcomes),
                milliseconds=percentiles(action.latencies),
            )
            for name, action in by_calls(tally.actions)
        },
        boot=percentiles(tally.boots),
        dial=percentiles(tally.dials),
        timer_lateness=percentiles(tally.lateness),
        link_failures=dict(tally.failures.most_common()),
        trace_rules_broken=dict(tally.broken.most_common()),
        thresholds=list(findings),
        is_good_enough=all(finding.is_met for finding in findings),
        course=[
            {"second": number, **msgspec.structs.asdict(second)}
            for number, second in sorted(tally.seconds.items())
        ],
    )


def percentiles(latencies: Latencies) -> Percentiles:
    p50, p90, p99, p999, longest = (_ms(latencies.percentile(p)) for p in PERCENTILES)
    return Percentiles(count=len(latencies), p50=p50, p90=p90, p99=p99, p999=p999, max=longest)


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)


def write(path: Path, text: str | bytes) -> None:
    """Write a report, whole or not at all. Raises Failure."""
    data = text.encode() if isinstance(text, str) else text
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error


def as_json(told: Figures) -> bytes:
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


# ---- for people


def as_page(told: Figures, tally: Tally) -> str:
    """Write the report as one page of HTML: style and pictures are in it."""
    parts = (_head(told), _verdict(told), _pictures(tally), _actions(tally), _rest(told, tally))
    body = "\n".join(line for part in parts for line in part)
    style = _STYLE.read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Fleet of {told.stations} at {_text(told.target)}</title>\n"
        f"<style>\n{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _text(value: object) -> str:
    return html.escape(str(value))


def _head(told: Figures) -> Iterator[str]:
    yield f"<h1>{told.stations:,} stations</h1>"
    began = told.began_at.strftime("%Y-%m-%d %H:%M UTC")
    yield f'<p class="about">at <code>{_text(told.target)}</code>, {began}, seed {told.seed}</p>'
    yield '<dl class="figures">'
    for name, value in (
        ("duration", _long(told.seconds)),
        ("ever online", f"{told.ever_online:,}"),
        ("calls", f"{told.calls:,}"),
        ("failed", f"{told.error_percent:.3g} %"),
        ("transactions", f"{told.transactions:,}"),
        ("still queued", f"{told.still_queued:,}"),
        ("memory", f"{told.memory_mib:,.0f} MiB"),
        ("CPU", f"{told.cpu_seconds:,.0f} s"),
    ):
        yield f"<div><dt>{name}</dt><dd>{value}</dd></div>"
    yield "</dl>"


def _verdict(told: Figures) -> Iterator[str]:
    if not told.thresholds:
        return
    word, kind = ("Good enough", "good") if told.is_good_enough else ("Not good enough", "bad")
    yield f'<h2 class="{kind}">{word}</h2>'
    rows = (
        (finding.what, finding.limit, finding.measured, "✓" if finding.is_met else "✗")
        for finding in told.thresholds
    )
    yield from _table(("Threshold", "at most", "measured", ""), rows)


def _table(titles: Sequence[str], rows: Iterator[Sequence[str]]) -> Iterator[str]:
    yield '<div class="scroll"><table>'
    yield "<tr>" + "".join(f"<th>{_text(title)}</th>" for title in titles) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>"
    yield "</table></div>"


# ---- pictures


def _pictures(tally: Tally) -> Iterator[str]:
    _, unit = _unit(max(tally.seconds, default=0) + 1)
    yield f"<h2>Over time, in {unit}</h2>"
    yield '<div class="pictures">'
    yield _course(
        tally,
        "Calls a second",
        {"calls": lambda s: s.calls, "failed": lambda s: s.failed},
        is_rate=True,
    )
    yield _course(
        tally, "Stations", {"online": lambda s: s.online, "charging": lambda s: s.charging}
    )
    yield _course(tally, "Reports still to be told", {"queued": lambda s: s.queued})
    yield _distribution(tally)
    yield "</div>"


def _course(
    tally: Tally,
    title: str,
    lines: dict[str, Callable[[Second], int]],
    *,
    is_rate: bool = False,
) -> str:
    """Draw figures over the seconds of the run, several of them as one point where it is long."""
    end = max(tally.seconds, default=0) + 1
    tick = tally.tick_seconds
    stride = -(-end // (_MOST_POINTS * tick)) * tick
    spans = [range(at, min(end, at + stride)) for at in range(0, end, stride)]
    chart = _chart(pygal.XY, title)
    for name, read in lines.items():
        values = [[read(tally.seconds[n]) for n in span if n in tally.seconds] for span in spans]
        points = (_point(found, tick if is_rate else None) for found in values)
        size, _ = _unit(end)
        chart.add(
            name, [(span.start / size, point) for span, point in zip(spans, points, strict=True)]
        )
    return _svg(chart)


def _unit(seconds: float) -> tuple[float, str]:
    """Give the unit of time that suits a run, in s and by its name."""
    for size, name in ((86_400.0, "days"), (3_600.0, "hours")):
        if seconds > 2 * size:
            return size, name
    return 1.0, "seconds"


def _long(seconds: float) -> str:
    size, name = _unit(seconds)
    return f"{seconds:.0f} s" if size == 1 else f"{seconds / size:.1f} {name}"


def _point(values: list[int], tick_seconds: int | None) -> float | None:
    """Give one figure for several: the rate a second, or without `tick_seconds` the last."""
    if not values:
        return None if tick_seconds is None else 0
    return values[-1] if tick_seconds is None else sum(values) / len(values) / tick_seconds


def _distribution(tally: Tally) -> str:
    """Draw how long answers took: so many per cent of the calls had theirs within."""
    chart = _chart(pygal.Line, "Latency (ms) that so many % of calls stay within")
    shares = (10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 100.0)
    chart.x_labels = [f"{share:g}" for share in shares]
    for name, action in by_calls(tally.actions)[:5]:
        found = [action.latencies.percentile(share) for share in shares]
        chart.add(name, [None if s is None else s * 1000 for s in found])
    return _svg(chart)


def _chart(kind: type, title: str) -> "pygal.Line":
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--text)",
        foreground_strong="var(--text)",
        foreground_subtle="var(--quiet)",
        guide_stroke_color="var(--line)",
        major_guide_stroke_color="var(--line)",
        font_family="inherit",
        colors=("#2f6fde", "#d9480f", "#2b8a3e", "#862e9c", "#b08900"),
        title_font_size=15,
        label_font_size=11,
        legend_font_size=12,
        major_label_font_size=11,
    )
    return kind(
        title=title,
        style=style,
        js=[],
        show_dots=False,
        width=560,
        height=300,
        margin=6,
        legend_at_bottom=True,
        disable_xml_declaration=True,
        no_data_text="nothing measured",
        y_labels_major_every=5,
        max_scale=6,
    )


def _svg(chart: "pygal.Line") -> str:
    return f"<figure>{chart.render(is_unicode=True)}</figure>"


# ---- tables


def _actions(tally: Tally) -> Iterator[str]:
    yield "<h2>By action</h2>"
    titles = (
        "Action",
        "calls",
        *FAILED,
        "p50",
        "p90",
        "p99",
        "p99.9",
        "max",
    )
    yield from _table(titles, _action_rows(tally))


def _action_rows(tally: Tally) -> Iterator[Sequence[str]]:
    for name, action in by_calls(tally.actions):
        outcomes = (f"{action.outcomes[outcome]:,}" for outcome in FAILED)
        latencies = (duration(action.latencies.percentile(p)) for p in PERCENTILES)
        yield (name, f"{action.calls:,}", *outcomes, *latencies)


def _rest(told: Figures, tally: Tally) -> Iterator[str]:
    yield "<h2>Links</h2>"
    rows = (
        (name, f"{len(found):,}", *(duration(found.percentile(p)) for p in PERCENTILES))
        for name, found in (
            ("dial: TCP, TLS, WebSocket", tally.dials),
            ("boot: from the dial to the acceptance", tally.boots),
            ("lateness of timers", tally.lateness),
        )
    )
    yield from _table(("", "count", "p50", "p90", "p99", "p99.9", "max"), rows)
    if told.link_failures:
        yield "<h2>Why links failed or ended</h2>"
        reasons = ((reason, f"{count:,}") for reason, count in told.link_failures.items())
        yield from _table(("Reason", "count"), reasons)
    if told.trace_rules_broken:
        yield "<h2>Trace rules that were broken</h2>"
        broken = ((rule, f"{count:,}") for rule, count in told.trace_rules_broken.items())
        yield from _table(("Rule", "count"), broken)
