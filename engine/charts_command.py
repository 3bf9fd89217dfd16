"""`pilotwire charts`: the statecharts as Mermaid, DOT, SVG or Markdown, from their declarations."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from ..machines.chart import Chart
from ..machines.connection import ConnectionChart
from ..machines.connector import ConnectorChart
from ..machines.diagram import dot, markdown, mermaid
from ..machines.master_pass import MasterPassChart
from ..machines.registration import RegistrationChart
from ..machines.reservation import ReservationChart
from ..machines.reset import ResetChart
from ..machines.session import EvseChart
from ..machines.station import StationChart
from ..machines.transaction import TransactionChart
from .charts_step import step
from .failure import Failure

Format = Literal["mermaid", "dot", "svg", "md"]

CHARTS: dict[str, type[Chart[Any]]] = {
    "connector": ConnectorChart,
    "evse": EvseChart,
    "transaction": TransactionChart,
    "reservation": ReservationChart,
    "reset": ResetChart,
    "master_pass": MasterPassChart,
    "station": StationChart,
    "registration": RegistrationChart,
    "connection": ConnectionChart,
}
_SUFFIXES: dict[Format, str] = {"mermaid": ".mmd", "dot": ".dot", "svg": ".svg", "md": ".md"}
_GRAPHVIZ_SECONDS = 60.0


class UnknownChart(Failure):
    """No chart has this name."""

    exit_code = 2

    def __init__(self, name: str) -> None:
        super().__init__(f"no chart is called {name}: there are {', '.join(CHARTS)}")


class NothingToCheck(Failure):
    """--check was given without --output."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("--check compares with a folder: say which with --output")


class OneToStep(Failure):
    """`charts step` was given no chart, or several."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__(f"say which chart to step: {', '.join(CHARTS)}")


class OneAtATime(Failure):
    """Several SVG documents do not make one."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("SVG is printed for one chart: name it, or give a folder with --output")


class NoGraphviz(Failure):
    """SVG needs Graphviz's `dot`, and it is not installed or does not work."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"SVG needs Graphviz's dot, which {why}"
            " (Debian: apt install graphviz, macOS: brew install graphviz); mermaid needs nothing"
        )


def run(
    names: Sequence[str] = (),
    format: Format = "mermaid",  # as the option is called
    output: Path | None = None,
    check: bool = False,
) -> int:
    """Print the charts, write each to a file in `output`, or compare with those there.

    Gives the exit code: 1 when a file that is checked is not as it must be. Raises Failure.
    """
    for name in names:
        if name not in CHARTS:
            raise UnknownChart(name)
    if check and output is None:
        raise NothingToCheck
    if format == "svg" and output is None and len(names) != 1:
        raise OneAtATime
    if format == "svg" and check:
        assert output is not None
        return _check_pictures([name for name in CHARTS if not names or name in names], output)
    files = {
        f"{name}{_SUFFIXES[format]}": _draw(name, format)
        for name in CHARTS
        if not names or name in names
    }
    if output is None:
        sys.stdout.write("\n".join(files.values()))
        return 0
    if format == "md" and not names:
        files["README.md"] = _index()
    if check:
        return _check(files, output, every=not names)
    return _write(files, output)


def step_by_hand(names: Sequence[str]) -> None:
    """Let whoever sits at the terminal step a chart. Raises Failure."""
    if len(names) != 1:
        raise OneToStep
    if names[0] not in CHARTS:
        raise UnknownChart(names[0])
    with suppress(ImportError):
        import readline  # noqa: F401  # lines can be edited and come again, where it is there
    step(names[0], CHARTS[names[0]], lambda: input("> " if sys.stdin.isatty() else ""))


def _draw(name: str, format: Format) -> str:
    chart = CHARTS[name]
    match format:
        case "mermaid":
            return mermaid(chart)
        case "dot":
            return dot(chart)
        case "svg":
            return _svg(dot(chart))
        case "md":
            return f"{_HEADER}\n\n{markdown(chart)}"


def _svg(source: str) -> str:
    """Have Graphviz draw it; what differs from one version of it to the next is left to it."""
    command = shutil.which("dot")
    if command is None:
        raise NoGraphviz("is not installed")
    try:
        answer = subprocess.run(
            [command, "-Tsvg"],
            input=source,
            capture_output=True,
            text=True,
            timeout=_GRAPHVIZ_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as failure:
        raise NoGraphviz(f"failed: {failure}") from failure
    picture = answer.stdout[answer.stdout.index("<svg") :]
    return f"{_mark(source)}\n{picture}"


def _mark(source: str) -> str:
    """Say what an SVG was drawn from: Graphviz draws the same otherwise from version to version."""
    digest = hashlib.sha256(source.encode()).hexdigest()
    return f"<!-- Drawn by `pilotwire charts --format svg`: do not edit. Of: {digest[:16]} -->"


def _index() -> str:
    lines = [_HEADER, "", "# The statecharts", ""]
    lines += ["`pilotwire charts step connector` lets you step one by hand.", ""]
    lines += ["| chart | what it decides |", "| --- | --- |"]
    for name, chart in CHARTS.items():
        says = (chart.__doc__ or "").partition("\n")[0]
        lines.append(f"| [{name}]({name}.md) | {says} |")
    return "\n".join(lines) + "\n"


def _write(files: dict[str, str], output: Path) -> int:
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (output / name).write_text(text, encoding="utf-8")
    except OSError as failure:
        raise Failure(f"cannot write to {output}: {failure}") from failure
    return 0


def _check(files: dict[str, str], output: Path, every: bool) -> int:
    """Name what is stale, missing or left over in the folder; 1 when there is any."""
    faults = [
        f"{output / name}: {fault}"
        for name, text in files.items()
        if (fault := _fault(output / name, text)) is not None
    ]
    if every:
        suffixes = {Path(name).suffix for name in files}
        faults += [
            f"{path}: left over, no chart is called so"
            for path in sorted(output.glob("*"))
            if path.suffix in suffixes and path.name not in files
        ]
    for fault in faults:
        sys.stderr.write(f"pilotwire: {fault}\n")
    return 1 if faults else 0


def _check_pictures(names: Sequence[str], output: Path) -> int:
    """Name the SVGs that were not drawn from their charts as they are now; without Graphviz."""
    faults = []
    for name in names:
        path = output / f"{name}.svg"
        mark = _mark(dot(CHARTS[name]))
        try:
            if not path.read_text(encoding="utf-8").startswith(mark):
                faults.append(f"{path}: stale")
        except (OSError, UnicodeDecodeError) as failure:
            faults.append(f"{path}: cannot be read: {failure}")
    for fault in faults:
        sys.stderr.write(f"pilotwire: {fault}\n")
    return 1 if faults else 0


def _fault(path: Path, text: str) -> str | None:
    try:
        found = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return "missing"
    except (OSError, UnicodeDecodeError) as failure:
        return f"cannot be read: {failure}"
    return None if found == text else "stale"


_HEADER = "<!-- Drawn by `pilotwire charts --format md --output docs/charts`: do not edit. -->"
