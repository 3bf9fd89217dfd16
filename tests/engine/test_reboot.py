"""A reset of the station that boots its host, by a command."""

import sys
from pathlib import Path

import pytest
import trio

from pilotwire.engine import reboot as module
from pilotwire.engine.reboot import reboot


def counting(file: Path, exit_codes: str) -> tuple[str, ...]:
    """A command that counts its runs in the file, and ends with these codes in turn."""
    program = (
        "import sys, pathlib\n"
        "file, codes = pathlib.Path(sys.argv[1]), sys.argv[2].split()\n"
        "runs = int(file.read_text()) if file.exists() else 0\n"
        "file.write_text(str(runs + 1))\n"
        "sys.exit(int(codes[runs]))\n"
    )
    return (sys.executable, "-c", program, str(file), exit_codes)


async def test_it_waits_for_its_own_end(tmp_path: Path) -> None:
    stopping = trio.Event()
    file = tmp_path / "runs"
    async with trio.open_nursery() as nursery:

        async def stop_when_asked() -> None:
            with trio.fail_after(20):
                while not file.exists():  # noqa: ASYNC110  # a file tells of nothing
                    await trio.sleep(0.01)
            stopping.set()

        nursery.start_soon(stop_when_asked)
        assert await reboot(counting(file, "0"), 0, stopping)
    assert file.read_text() == "1"


async def test_a_command_that_fails_is_tried_again_as_often_as_reset_retries_says(
    tmp_path: Path,
) -> None:
    stopping = trio.Event()
    stopping.set()
    file = tmp_path / "runs"
    assert await reboot(counting(file, "1 1 0"), 2, stopping)
    assert file.read_text() == "3"


async def test_one_that_keeps_failing_is_given_up(tmp_path: Path) -> None:
    file = tmp_path / "runs"
    assert not await reboot(counting(file, "1 3 1"), 1, trio.Event())
    assert file.read_text() == "2"
    assert not await reboot(("/nowhere/reboot",), 0, trio.Event())


async def test_a_host_that_runs_on_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_GOODBYE_SECONDS", 0.05)
    assert not await reboot(counting(tmp_path / "runs", "0"), 0, trio.Event())
