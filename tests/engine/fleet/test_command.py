"""`pilotwire fleet` as its user sees it: real processes, real sockets, a report in the end."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.central.store import Store

from ...ports import free_port

PILOTWIRE = Path(sys.executable).with_name("pilotwire")
QUICK = """
stations = 12
seed = 7
[[groups]]
name = "new"
weight = 2
identity = "NEW-{number}"
versions = ["ocpp2.1", "ocpp2.0.1"]
[groups.variables]
"OCPPCommCtrlr.RetryBackOffWaitMinimum" = 0
"OCPPCommCtrlr.RetryBackOffRandomRange" = 0
[groups.visitors]
first_arrival_seconds = 0.2
handling_seconds = [0.0, 0.1]
dwell_seconds = [0.5, 1.0]
gap_seconds = [0.1, 0.2]
[[groups]]
name = "old"
identity = "OLD-{number}"
versions = ["ocpp1.6"]
quirks = { answer_delay_seconds = 0.05, reconnect_every_seconds = 1.0, boot_on_every_link = true }
[groups.variables]
"OCPPCommCtrlr.RetryBackOffWaitMinimum" = 0
"OCPPCommCtrlr.RetryBackOffRandomRange" = 0
"""


_BRIEF = QUICK + '[[phases]]\nkind = "ramp"\n[[phases]]\nkind = "steady"\nseconds = 3\n'


def command(tmp_path: Path, text: str, *options: str) -> list[str]:
    file = tmp_path / "fleet.toml"
    report = f'directory = "{tmp_path}"\n'
    ends = '[report]\nhtml = "report.html"\njson = "report.json"\n'
    file.write_text(report + text + ends)
    return [str(PILOTWIRE), "fleet", str(file), *options]


def run(tmp_path: Path, text: str, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command(tmp_path, text, *options), capture_output=True, text=True, timeout=60, check=False
    )


def started(tmp_path: Path, text: str, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(tmp_path, text, *options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def interrupted(process: "subprocess.Popen[str]") -> tuple[str, float]:
    """Press Ctrl-C; give what it said and how long it took to end. It says no error."""
    os.killpg(process.pid, signal.SIGINT)
    began = time.monotonic()
    out, err = process.communicate(timeout=20)
    assert err == ""
    return out, time.monotonic() - began


def until(holds: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < 40
        time.sleep(0.05)


def children_of(process: "subprocess.Popen[str]") -> list[str]:
    """Give the processes of the fleet that have begun to start."""
    threads = Path(f"/proc/{process.pid}/task").glob("*/children")
    numbers = [child for each in threads for child in each.read_text().split()]
    commands = [Path(f"/proc/{number}/cmdline") for number in numbers]
    return [each.read_text() for each in commands if "engine.fleet" in each.read_text()]


def boots(tmp_path: Path) -> int:
    """Count the stations that the central system has accepted."""
    file = tmp_path / "central.sqlite"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            question = "SELECT count(*) FROM stations WHERE booted_at IS NOT NULL"
            return int(database.execute(question).fetchone()[0])
        except sqlite3.OperationalError:  # it is being made
            return 0


def figures(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    return found


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fleet_boots_charges_weathers_a_storm_a_blackout_and_an_update(
    tmp_path: Path, workers: int
) -> None:
    phases = """
[[phases]]
kind = "ramp"
per_second = 30.0
[[phases]]
kind = "steady"
seconds = 1.5
[[phases]]
kind = "storm"
[[phases]]
kind = "steady"
seconds = 1.0
[[phases]]
kind = "blackout"
share = 0.5
seconds = 0.2
[[phases]]
kind = "firmware"
per_second = 50.0
firmware_version = "2.0"
[[phases]]
kind = "steady"
seconds = 1.5
"""
    ended = run(tmp_path, QUICK + phases, "--workers", str(workers))
    assert ended.stderr == ""
    assert ended.returncode == 0, ended.stdout
    told = figures(tmp_path)
    assert told["stations"] == told["ever_online"] == 12
    for action in told["actions"].values():  # links break, so some calls are lost with theirs
        assert action["outcomes"].keys() <= {"answered", "lost"}
    assert told["transactions"] >= 8  # at the busy EVSEs
    # Each boots, most boot again after the blackout or the update, the odd ones at every link.
    assert told["actions"]["BootNotification"]["calls"] >= 24
    assert told["actions"]["TransactionEvent"]["milliseconds"]["p99"] > 0
    assert told["actions"]["StartTransaction"]["calls"] > 0
    assert "<svg" in (tmp_path / "report.html").read_text()
    assert str(tmp_path / "report.html") in ended.stdout


def test_faults_act_on_real_links_too(tmp_path: Path) -> None:
    """Each befalls stations of its own: links break, clocks are days off, power goes."""
    groups = "".join(
        f"""
[[groups]]
name = "{name}"
identity = "{name}-{{number}}"
versions = ["ocpp2.0.1"]
[groups.variables]
"OCPPCommCtrlr.RetryBackOffWaitMinimum" = 0
"OCPPCommCtrlr.RetryBackOffRandomRange" = 0
[groups.visitors]
first_arrival_seconds = 0.2
handling_seconds = [0.0, 0.1]
dwell_seconds = [0.5, 1.0]
gap_seconds = [0.1, 0.2]
"""
        for name in ("LOSS", "CLOCK", "POWER", "NONE")
    )
    faults = """
[[phases]]
kind = "ramp"
[[phases]]
kind = "steady"
seconds = 6
[[faults]]
kind = "loss"
every_seconds = 1
groups = ["LOSS"]
[[faults]]
kind = "clock_jump"
every_seconds = 1
seconds = [864000, 864000]
groups = ["CLOCK"]
[[faults]]
kind = "power_cut"
every_seconds = 1
seconds = [0.1, 0.3]
groups = ["POWER"]
"""
    ended = run(tmp_path, "stations = 8\n" + groups + faults)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    store = Store.open(tmp_path / "central.sqlite", is_inline=True)
    transactions = store.transactions(limit=-1)
    store.close()
    later = datetime.now(UTC) + timedelta(days=5)
    days_off = {each.station_id[:4] for each in transactions if each.started_at > later}
    assert days_off == {"CLOC"}
    cut_off = {each.station_id[:4] for each in transactions if each.reason == "PowerLoss"}
    assert cut_off == {"POWE"}
    told = figures(tmp_path)
    assert told["boot"]["count"] > 8 + 4
    assert told["dial"]["count"] > told["boot"]["count"] + 4  # links that broke
    assert told["ever_online"] == 8


def test_a_target_that_refuses_is_said_once_with_the_count(tmp_path: Path) -> None:
    target = f"ws://127.0.0.1:{free_port()}"
    text = f'target = "{target}"\n' + QUICK + '[[phases]]\nkind = "ramp"\n'
    ended = run(tmp_path, text, "--duration", "3")
    assert ended.returncode == 1
    refused = [line for line in ended.stdout.splitlines() if "never came online" in line]
    assert len(refused) == 1, ended.stdout
    assert "12 of 12 stations never came online" in refused[0]
    assert "Connection refused" in refused[0]
    assert figures(tmp_path)["is_good_enough"] is False


def test_modules_of_the_folder_one_is_in_are_nobodys_business(tmp_path: Path) -> None:
    (tmp_path / "http.py").write_text("raise RuntimeError\n")
    text = QUICK + '[[phases]]\nkind = "ramp"\n'
    ended = subprocess.run(
        command(tmp_path, text, "--duration", "2s", "--workers", "2"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stderr == ""
    assert (tmp_path / "report.json").exists()


def test_ctrl_c_ends_it_in_order_and_with_a_report(tmp_path: Path) -> None:
    text = QUICK + '[[phases]]\nkind = "ramp"\n[[phases]]\nkind = "steady"\nseconds = 600\n'
    process = started(tmp_path, text, "--workers", "2")
    until(lambda: boots(tmp_path) == 12)
    out, seconds = interrupted(process)
    assert seconds < 6
    assert process.returncode == 0, out
    assert figures(tmp_path)["ever_online"] == 12


@pytest.mark.parametrize("children", [1, 2])
def test_ctrl_c_while_its_processes_start_ends_it_in_order_too(
    tmp_path: Path, children: int
) -> None:
    """The central system is the first of them, a worker the second."""
    process = started(tmp_path, _BRIEF, "--workers", "2")
    until(lambda: len(children_of(process)) >= children)
    out, seconds = interrupted(process)
    assert seconds < 6
    assert process.returncode in (0, 1), out  # by what a worker has told by then
    assert figures(tmp_path)["ever_online"] == 0


@pytest.mark.parametrize("orders", [b"", b'{"type":"worker","fleet":'])
def test_a_process_whose_orders_never_came_whole_ends_quietly(orders: bytes) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pilotwire.engine.fleet"],
        input=orders,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_wrong_files_and_options_are_one_line(tmp_path: Path) -> None:
    for text, options in (("stations = -1\n", ()), ("", ("--target", "ftp://a"))):
        ended = run(tmp_path, text, *options)
        assert ended.returncode == 2
        assert ended.stderr.startswith("pilotwire: ")
        assert ended.stderr.count("\n") == 1


def test_it_spreads_over_the_workers_of_a_dask_cluster(tmp_path: Path) -> None:
    program = f"""
import subprocess, sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        sys.exit(subprocess.run([*{command(tmp_path, _BRIEF)!r}, "--dask",
                                 cluster.scheduler_address]).returncode)
"""
    file = tmp_path / "cluster.py"
    file.write_text(program)
    ended = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, timeout=90, check=False
    )
    assert ended.returncode == 0, ended.stderr
    told = figures(tmp_path)
    assert told["stations"] == told["ever_online"] == 12
    assert told["boot"]["count"] >= 12


def test_a_cluster_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    ended = run(tmp_path, _BRIEF, "--dask", "tcp://127.0.0.1:9")
    assert ended.returncode == 1
    assert ended.stderr.startswith("pilotwire: no Dask scheduler at tcp://127.0.0.1:9")
