"""The command line: `pilotwire run` and its sisters. What is wrong is one line on standard error.

Exit code 0: done, or stopped by SIGINT or SIGTERM; 2: wrong usage or configuration; 1: the rest.
What only one command needs is imported by that command, so that `pilotwire --help` answers at once.
"""

import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from cyclopts.validators import Number

from .cli_local import HERE, OnTarget, commands
from .durations import seconds_of
from .failure import Failure

if TYPE_CHECKING:
    import trio


def _version() -> str:
    import importlib.metadata

    return importlib.metadata.version("pilotwire")


def _is_duration(_: object, text: str | None) -> None:
    if text is not None:
        seconds_of(text, may_be_plain=True)


def _seconds(duration: str | None) -> float | None:
    return None if duration is None else seconds_of(duration, may_be_plain=True)


LogVersion = Annotated[str | None, Parameter(help="The version; else told by the messages.")]
LogSender = Annotated[
    Literal["station", "csms"], Parameter(help="Whose 'sent' it is, in JSON lines of others.")
]

app = App(
    name="pilotwire",
    help="OCPP charging station, central system and fleets of simulated stations.",
    version=_version,
    help_format="plaintext",  # half as long to import as the default
    result_action="return_value",
    suppress_keyboard_interrupt=False,  # main() also finds it inside groups
)


@app.command
def run(
    *,
    config: Annotated[
        Path | None, Parameter(help="File; else ./config.toml, else defaults.")
    ] = None,
    set_: Annotated[
        tuple[str, ...],
        Parameter(
            name="--set",
            help="Override: --set station.identity=CS-1",
            negative="",
            show_default=False,
        ),
    ] = (),
    duration: Annotated[
        str | None, Parameter(help="Stop after so long: 45s, 90m, 12h.", validator=_is_duration)
    ] = None,
) -> None:
    """Run a station and its central system until stopped."""
    import trio

    from . import log
    from .config import Config, default_file, load

    file, directory = (config, config.parent) if config else default_file()
    from .station_model import check
    from .tls_files import check as check_certificates

    checks = (check, check_certificates)
    settings = load(Config, file, overrides=set_, directory=directory, checks=checks)
    log.set_up(settings.log)

    from .run import run as run_station  # only now: a wrong configuration is told at once

    trio.run(until_stopped, partial(run_station, settings), _seconds(duration))


@app.command
def fleet(
    file: Annotated[
        Path | None, Parameter(help="File; else ./fleet.toml, else the one shipped.")
    ] = None,
    /,
    *,
    target: Annotated[str | None, Parameter(help="The central system: ws://…")] = None,
    stations: Annotated[int | None, Parameter(help="How many.", validator=Number(gte=1))] = None,
    seed: Annotated[int | None, Parameter(help="Makes chance repeat itself.")] = None,
    duration: Annotated[
        str | None, Parameter(help="Stop after so long: 45s, 90m, 12h.", validator=_is_duration)
    ] = None,
    workers: Annotated[
        int | None, Parameter(help="Processes; 0: one a processor.", validator=Number(gte=0))
    ] = None,
    dask: Annotated[
        str | None, Parameter(help="A Dask scheduler, whose workers do it: tcp://…")
    ] = None,
    virtual: Annotated[
        str | None, Parameter(help="So long in virtual time, repeatably: 30d, 12h, 90m, 45s.")
    ] = None,
    log_file: Annotated[
        Path | None, Parameter(name="--log", help="File for all messages (with --virtual).")
    ] = None,
    set_: Annotated[
        tuple[str, ...],
        Parameter(
            name="--set", help="Override: --set journal=disk", negative="", show_default=False
        ),
    ] = (),
) -> int:
    """Run a fleet of stations against a central system, and report."""
    from . import log
    from .config import Log
    from .fleet.command import command_for, read

    given = (
        ("target", None if target is None else f'"{target}"'),
        ("stations", stations),
        ("seed", seed),
        ("duration_seconds", _seconds(duration)),
        ("workers", workers),
    )
    named = [f"{key}={value}" for key, value in given if value is not None]
    settings = read(file, [*set_, *named], is_virtual=virtual is not None)
    command, start = command_for(settings, dask=dask, virtual=virtual, log=log_file)
    log.set_up(Log(level="error"), sys.stderr, for_good=True)
    start(partial(until_stopped, command.go))
    return command.tell()


@app.command
def charts(
    *names: str,
    format: Annotated[
        Literal["mermaid", "dot", "svg", "md"], Parameter(help="SVG needs Graphviz.")
    ] = "mermaid",
    output: Annotated[Path | None, Parameter(help="Folder for one file a chart.")] = None,
    check: Annotated[bool, Parameter(help="Compare with the folder instead.", negative="")] = False,
) -> int:
    """Draw the statecharts: all, or those named. `charts step NAME`: step one by hand."""
    from .charts_command import run as draw
    from .charts_command import step_by_hand

    if names[:1] == ("step",):
        step_by_hand(names[1:])
        return 0
    return draw(names, format, output, check)


@app.command
def keys(
    *names: str,
    format: Literal["table", "md", "json"] = "table",
    output: Annotated[Path | None, Parameter(help="File to write.")] = None,
    check: Annotated[bool, Parameter(help="Compare with the file instead.", negative="")] = False,
) -> int:
    """Explain the configuration keys: all, or those named."""
    from .keys_command import run as explain

    return explain(names, format, output, check)


@app.command
def check(
    *logs: Path,
    rule: Annotated[
        tuple[str, ...], Parameter(help="Only this rule (again for more).", negative="")
    ] = (),
    skip: Annotated[tuple[str, ...], Parameter(help="Not this rule.", negative="")] = (),
    version: LogVersion = None,
    sender: LogSender = "station",
    complete: Annotated[
        bool, Parameter(help="The two had never spoken before.", negative="")
    ] = False,
    json: Annotated[bool, Parameter(help="Tell the verdict as JSON.", negative="")] = False,
    list_: Annotated[
        bool, Parameter(name="--list", help="Explain the rules.", negative="")
    ] = False,
) -> int:
    """Hold message logs to the trace rules: ours, libocpp's, SteVe's or JSON lines.

    Exit code 0: no rule is broken; 1: one is; 2: a log could not be read.
    """
    from .trace.check_command import run as judge

    return judge(
        logs,
        rules=rule,
        skipped=skip,
        version=version,
        sender=sender,
        is_complete=complete,
        as_json=json,
        lists=list_,
    )


@app.command
def replay(
    source: Path,
    /,
    *,
    as_: Annotated[
        Literal["station", "central"] | None,
        Parameter(name="--as", help="Whose side of the log is said."),
    ] = None,
    against: Annotated[
        str | None,
        Parameter(help="A central system's URL, where a station comes to, or: embedded."),
    ] = None,
    speed: Annotated[
        float | None,
        Parameter(
            help="1: as recorded; 10: ten times as fast; 0: no waits.", validator=Number(gte=0)
        ),
    ] = None,
    strict: Annotated[bool, Parameter(help="Compare times and ids too.", negative="")] = False,
    save: Annotated[
        Path | None, Parameter(help="Directory: make a test of it, with the answers that came.")
    ] = None,
    station: Annotated[str | None, Parameter(help="Which station, in a log of several.")] = None,
    identity: Annotated[
        str | None, Parameter(help="As whom to connect; else as the station of the log.")
    ] = None,
    version: LogVersion = None,
    sender: LogSender = "station",
    timeout: Annotated[
        float, Parameter(help="Seconds for an answer.", validator=Number(gt=0))
    ] = 30.0,
    password_file: Annotated[
        Path | None, Parameter(help="File with the station's password.")
    ] = None,
    json: Annotated[bool, Parameter(help="Tell what differs as JSON.", negative="")] = False,
) -> int:
    """Say one side of a message log again to the other role, and compare the answers.

    SOURCE is a log, or a directory that --save made. Exit code 0: every answer is as it was; 1: one
    differs; 2: the log could not be read.
    """
    from .replay.command import Wishes
    from .replay.command import run as play

    wishes = Wishes(
        side=as_,
        against=against,
        speed=speed,
        strict=strict,
        station=station,
        identity=identity,
        version=version,
        sender=sender,
        timeout=timeout,
        password_file=password_file,
        save=save,
        as_json=json,
    )
    return play(source, wishes, until_stopped)


@app.command(name="import")
def import_(
    source: Path,
    /,
    *,
    output: Annotated[Path, Parameter(help="File to write.")] = Path("config.toml"),
    force: Annotated[bool, Parameter(help="Replace the files.", negative="")] = False,
) -> int:
    """Turn a configuration of libocpp (a file of 1.6, a directory of 2.x) into a config.toml."""
    from .import_libocpp import run as import_libocpp

    return import_libocpp(source, output, force)


app.command(commands, name="*")


@app.command
def console(*, target: OnTarget = HERE) -> int:
    """Take those commands of a running daemon at a prompt, or from a pipe."""
    from .local.console import converse

    return converse(commands, partial(execute, commands), target.options())


async def until_stopped(
    task: Callable[[], Awaitable[object]], duration_seconds: float | None = None
) -> None:
    """Run a task until it ends, its time is over or a signal comes; a second signal kills."""
    import trio

    async with trio.open_nursery() as nursery:
        await nursery.start(_stop_on_signal, nursery.cancel_scope)
        with trio.move_on_after(float("inf") if duration_seconds is None else duration_seconds):
            await task()
        nursery.cancel_scope.cancel()


async def _stop_on_signal(
    scope: "trio.CancelScope", *, task_status: "trio.TaskStatus[None]"
) -> None:
    import signal

    import structlog
    import trio

    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        task_status.started()
        async for number in signals:
            structlog.get_logger().info("stopping", signal=signal.Signals(number).name)
            scope.cancel()
            return  # and so give the signals back to their usual meaning


def main(tokens: Sequence[str] | None = None) -> int:
    """Run the command that `tokens` (by default those of the process) name; give the exit code."""
    return execute(app, sys.argv[1:] if tokens is None else tokens)


def execute(commands: App, tokens: Sequence[str]) -> int:
    """Run one of these commands, and tell what is wrong with it; give the exit code."""
    code = 0
    try:
        code = commands(tokens, exit_on_error=False, print_error=False) or 0
    except* CycloptsError as usage:
        code = _tell(usage, 2)
    except* Failure as failures:
        code = _tell(failures)
    except* BrokenPipeError:
        # Whoever read our output went away; nothing more can be said there, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except* KeyboardInterrupt:
        code = 130
    return code


def _tell(errors: BaseExceptionGroup[Exception], code: int = 0) -> int:
    """Write each error as one line; give the highest exit code of all."""
    for error in errors.exceptions:
        if isinstance(error, ExceptionGroup):
            code = max(code, _tell(error))
        else:
            code = max(code, getattr(error, "exit_code", 0))
            sys.stderr.write(f"pilotwire: {' '.join(str(error).split())}\n")
    return code
