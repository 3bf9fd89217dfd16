"""The command line: what a person or a script sees of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio

from pilotwire.engine import cli
from pilotwire.engine.config import ConfigError
from pilotwire.engine.failure import Failure

SECONDS = 30  # more than any command here takes on a loaded machine


@pytest.fixture
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PILOTWIRE_")]:
        monkeypatch.delenv(name)


pytestmark = pytest.mark.usefixtures("_plain_environment")


def pilotwire(*arguments: str, directory: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from pilotwire.engine.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        cwd=directory,
        stdin=subprocess.DEVNULL,
    )


def test_version_and_help_go_to_standard_output(tmp_path: Path) -> None:
    version = pilotwire("--version", directory=tmp_path)
    assert (version.returncode, version.stdout, version.stderr) == (0, "0.1.0\n", "")
    help_ = pilotwire("--help", directory=tmp_path)
    assert help_.returncode == 0
    assert "Usage: pilotwire COMMAND" in help_.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["rum"], 'Unknown command "rum". Did you mean "run"?'),
        (["run", "--duration", "soon"], 'Invalid value "soon" for --duration. expected a duration'),
        (["run", "--duration", "-1"], 'Invalid value "-1" for --duration. expected a duration'),
        (["run", "--sett", "a.b=1"], "Unknown option: --sett. Did you mean --set?"),
        (["run", "--config", "absent.toml"], "absent.toml: cannot be read: No such file"),
        (["run", "--set", "central.port=0"], "--set: central.port: expected an integer from 1"),
        (["run", "--set", "central.prot=1"], "--set: central.prot: unknown key; did you mean"),
    ],
)
def test_wrong_usage_and_configuration_are_one_line_and_exit_code_2(
    tmp_path: Path, arguments: list[str], line: str
) -> None:
    ended = pilotwire(*arguments, directory=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith(f"pilotwire: {line}")


def test_config_toml_of_the_current_directory_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[station]\nidentity = ")
    ended = pilotwire("run", directory=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith("pilotwire: config.toml:2:12: not TOML: ")


def test_charts_gives_the_exit_code_of_its_check(tmp_path: Path) -> None:
    drawn = pilotwire("charts", "connector", directory=tmp_path)
    assert drawn.returncode == 0
    assert drawn.stdout.startswith("stateDiagram")
    compared = pilotwire("charts", "connector", "--output", "here", "--check", directory=tmp_path)
    assert compared.returncode == 1
    assert compared.stderr == "pilotwire: here/connector.mmd: missing\n"


def test_help_needs_nothing_that_only_a_command_needs(tmp_path: Path) -> None:
    program = (
        "import sys; from pilotwire.engine import cli; cli.main(['--help'])\n"
        "print(sorted({'trio', 'structlog', 'msgspec', 'statemachine'} & sys.modules.keys()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS
    )
    assert ended.stdout.splitlines()[-1] == "[]"


# ---- what ends a command


@pytest.fixture
def _commands() -> Iterator[None]:
    """Add commands that fail in every way that a real one may."""

    @cli.app.command(name="fail-in-nurseries", show=False)
    def fail() -> None:
        raise ExceptionGroup(
            "outer",
            [ExceptionGroup("inner", [Failure("port 9310\nis taken")]), ConfigError("f", "k", "p")],
        )

    @cli.app.command(name="fail-by-a-bug", show=False)
    def bug() -> None:
        raise ExceptionGroup("", [Failure("told"), LookupError("ours")])

    @cli.app.command(name="fail-once", show=False)
    def once() -> None:
        raise Failure("port 9310 is taken")

    @cli.app.command(name="interrupted", show=False)
    def interrupted() -> None:
        raise KeyboardInterrupt

    yield
    for name in ("fail-in-nurseries", "fail-by-a-bug", "fail-once", "interrupted"):
        del cli.app[name]


@pytest.mark.usefixtures("_commands")
def test_failures_are_told_a_line_each_however_deep_they_come_from(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["fail-in-nurseries"]) == 2
    assert capsys.readouterr().err == "pilotwire: port 9310 is taken\npilotwire: f: k: p\n"
    assert cli.main(["fail-once"]) == 1
    assert cli.main(["interrupted"]) == 130


@pytest.mark.usefixtures("_commands")
def test_a_bug_is_not_hidden_behind_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(ExceptionGroup) as caught:
        cli.main(["fail-by-a-bug"])
    assert caught.group_contains(LookupError, match="ours")
    assert capsys.readouterr().err == "pilotwire: told\n"


async def test_a_task_runs_until_its_time_is_over(autojump_clock: trio.testing.MockClock) -> None:
    await cli.until_stopped(trio.sleep_forever, 3600)
    assert trio.current_time() == 3600


async def test_a_task_that_ends_ends_the_wait(autojump_clock: trio.testing.MockClock) -> None:
    async def short() -> None:
        await trio.sleep(5)

    await cli.until_stopped(short)
    assert trio.current_time() == 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_lets_the_task_end_in_order(number: signal.Signals) -> None:
    ended: list[str] = []

    async def task() -> None:
        try:
            signal.raise_signal(number)
            await trio.sleep_forever()
        finally:
            ended.append("in order")

    with trio.fail_after(5):
        await cli.until_stopped(task)
    assert ended == ["in order"]


def test_a_second_signal_ends_a_task_that_hangs() -> None:
    program = (
        "import sys, trio\n"
        "from pilotwire.engine.cli import until_stopped\n"
        "async def hang():\n"
        "    with trio.CancelScope(shield=True):\n"
        "        print('hanging', flush=True)\n"
        "        await trio.sleep_forever()\n"
        "trio.run(until_stopped, hang)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"hanging\n"
        process.send_signal(signal.SIGTERM)
        assert b"stopping" in process.stdout.readline()
        deadline = time.monotonic() + SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            process.send_signal(signal.SIGTERM)
            time.sleep(0.05)
        process.kill()
    assert process.returncode == -signal.SIGTERM


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    program = (
        "import sys\n"
        "from pilotwire.engine import cli\n"
        "@cli.app.command\n"
        "def talk():\n"
        "    while True: print('x' * 1000, flush=True)\n"
        "sys.exit(cli.main(['talk']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1
