"""Each fault acts in a virtual run, and leaves its trace in what stations and the central system
say; what a run has found is found again by its seed, and its log can be replayed.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from prometheus_client import CollectorRegistry, generate_latest

from pilotwire.engine.central.events import CentralEvent, StationGone
from pilotwire.engine.fleet.metrics import FleetCollector
from pilotwire.engine.fleet.virtual import VirtualRun
from pilotwire.engine.virtual_time import run_virtually

from .runs import STREET, Outcome, no_show, read, run

HOURS_6 = 0.25  # days
Lines = list[dict[str, Any]]


@pytest.fixture
def befall(tmp_path: Path) -> Callable[[str], tuple[Outcome, Lines]]:
    """Six hours of five stations with one kind of fault: the outcome, and the log's lines."""

    def befall(fault: str) -> tuple[Outcome, Lines]:
        log = tmp_path / "log"
        text = STREET + (f"[[faults]]\n{fault}\n" if fault else "")
        outcome = run(read(tmp_path, text), HOURS_6, log)
        return outcome, [json.loads(line) for line in log.read_text().splitlines()]

    return befall


def notes(lines: Lines, beginning: str) -> int:
    return sum(str(line.get("note", "")).startswith(beginning) for line in lines)


def boots(lines: Lines) -> int:
    return sum(
        line.get("action") == "BootNotification" and line["direction"] == "sent" for line in lines
    )


def seconds_off(lines: Lines) -> list[float]:
    """Give how far the stations' clocks are from the log's, in what they say has just happened."""
    return [
        (
            datetime.fromisoformat(line["payload"]["timestamp"])
            - datetime.fromisoformat(line["time"])
        ).total_seconds()
        for line in lines
        if line.get("type") == "CALL" and line.get("action") == "StatusNotification"
    ]


def test_without_faults_all_is_well(befall: Callable[[str], tuple[Outcome, Lines]]) -> None:
    outcome, lines = befall("")
    assert outcome.tally.failures == {}
    assert outcome.tally.failed == 0
    assert boots(lines) == 5
    assert max(map(abs, seconds_off(lines))) < 2
    assert outcome.tally.actions["Heartbeat"].latencies.percentile(100) == 1e-6  # at once


def test_latency_is_seen_by_stations(befall: Callable[[str], tuple[Outcome, Lines]]) -> None:
    outcome, _ = befall('kind = "latency"\nprobability = 1\nseconds = [2, 2]')
    beats = outcome.tally.actions["Heartbeat"].latencies
    assert beats.percentile(0) == pytest.approx(4, rel=0.02)  # there and back
    assert beats.percentile(50) == pytest.approx(4, rel=0.02)


@pytest.mark.parametrize("how", ["every_seconds = 3600", "probability = 0.02"])
def test_loss_breaks_links_and_stations_come_back_without_booting(
    befall: Callable[[str], tuple[Outcome, Lines]], how: str
) -> None:
    outcome, lines = befall(f'kind = "loss"\n{how}')
    broken = notes(lines, "loss")
    assert broken > 5
    assert outcome.tally.failures == {"closed with 1006 (the line broke)": broken}
    assert 0 <= notes(lines, "The link opened") - notes(lines, "The link closed") <= 5
    assert notes(lines, "The link opened") >= 5 + broken - 1
    assert boots(lines) == 5


@pytest.mark.parametrize("how", ["every_seconds = 3600", "probability = 0.02"])
def test_half_open_links_are_given_up_much_later(
    befall: Callable[[str], tuple[Outcome, Lines]], how: str
) -> None:
    outcome, lines = befall(f'kind = "half_open"\n{how}')
    assert notes(lines, "half_open") > 5
    assert set(outcome.tally.failures) <= {
        "closed with 1006 (the peer answers no pings)",
        "closed with 1006 (nothing is acknowledged)",
    }
    assert outcome.tally.failures.total() > 5
    believed = silences(lines)
    assert min(believed) > 1
    assert max(believed) > 60
    assert boots(lines) == 5


def silences(lines: Lines) -> list[float]:
    """Give how long (s) links that had fallen silent still stood for their stations."""
    since: dict[str, float] = {}
    found = []
    for line in lines:
        note, station = str(line.get("note", "")), str(line.get("station"))
        if note.startswith("half_open"):
            since.setdefault(station, at_of(note))
        elif note.startswith("The link closed") and station in since:
            found.append(at_of(note) - since.pop(station))
    return found


def at_of(note: str) -> float:
    return moment(note.rpartition(" ")[2])


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_reorder_lets_a_station_be_back_before_its_end_is_known(tmp_path: Path) -> None:
    faults = """
[[faults]]
kind = "loss"
every_seconds = 3600
[[faults]]
kind = "reorder"
probability = 0.5
seconds = [30, 60]
"""
    assert crossings(tmp_path, faults) > 3
    assert crossings(tmp_path, faults.replace("[30, 60]", "[0, 0]")) == 0


def crossings(tmp_path: Path, faults: str) -> int:
    """Give how often a station came while the central system took its last link for standing."""
    gone: list[str] = []

    def watch(event: CentralEvent) -> None:
        if isinstance(event, StationGone):
            gone.append(event.reason)

    run(read(tmp_path, STREET + faults), HOURS_6, watch=watch)
    assert len(gone) > 5
    return sum("replaced by a newer connection" in reason for reason in gone)


def test_clock_jump_puts_a_stations_clock_off_until_the_csms_tells_the_time(
    befall: Callable[[str], tuple[Outcome, Lines]],
) -> None:
    _, lines = befall('kind = "clock_jump"\nevery_seconds = 3600\nseconds = [-7200, -3600]')
    jumps = notes(lines, "clock_jump")
    assert jumps > 10
    off = seconds_off(lines)
    wrong = [seconds for seconds in off if seconds < -3000]
    assert wrong
    assert len(wrong) < len(off) / 2  # a heartbeat's answer sets it right within five minutes
    assert all(-7300 < seconds < 2 for seconds in off)


def test_power_cut_boots_a_station_anew_and_ends_its_transactions_with_the_power(
    befall: Callable[[str], tuple[Outcome, Lines]],
) -> None:
    _, lines = befall('kind = "power_cut"\nevery_seconds = 7200\nseconds = [60, 120]')
    cuts = notes(lines, "power_cut")
    assert cuts > 5
    assert 5 + cuts - 2 <= boots(lines) <= 5 + cuts
    reasons = [
        payload.get("reason") or payload.get("transactionInfo", {}).get("stoppedReason")
        for payload in (line.get("payload") or {} for line in lines if line.get("type") == "CALL")
    ]
    assert "PowerLoss" in reasons


# ---- what was found


HASTY = """
stations = 3
seed = 5
[[groups]]
name = "new"
identity = "NEW-{number}"
weight = 2
[[groups]]
name = "hasty"
identity = "HASTY-{number}"
versions = ["ocpp1.6"]
quirks = { reconnect_every_seconds = 1.0 }
[groups.variables]
"OCPPCommCtrlr.RetryBackOffWaitMinimum" = 0
"OCPPCommCtrlr.RetryBackOffRandomRange" = 0
[[phases]]
kind = "ramp"
[[faults]]
kind = "loss"
probability = 0.05
[trace]
enabled = true
[thresholds]
broken_rules = 0
[report]
json = "report.json"
"""


def pilotwire(tmp_path: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program = str(Path(sys.executable).with_name("pilotwire"))
    return subprocess.run(
        [program, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_what_a_run_found_is_found_again_by_its_seed_and_its_log_is_replayed(
    tmp_path: Path,
) -> None:
    (tmp_path / "fleet.toml").write_text(HASTY)
    logs = []
    for _ in range(2):
        options = ("fleet.toml", "--virtual", "20m", "--log", "log.jsonl")
        ended = pilotwire(tmp_path, "fleet", *options)
        assert ended.returncode == 1  # not good enough
        assert "times a trace rule was broken: reconnect-back-off\n" in ended.stdout
        logs.append((tmp_path / "log.jsonl").read_bytes())
    assert logs[0] == logs[1]
    found = json.loads((tmp_path / "report.json").read_text())["trace_rules_broken"]

    checked = pilotwire(tmp_path, "check", "log.jsonl", "--json")
    assert checked.returncode == 1
    (broken,) = json.loads(checked.stdout)["broken"]
    assert {broken["rule"]: broken["count"]} == found
    station = broken["first"]["station"]
    assert station.startswith("HASTY-")

    replayed = pilotwire(
        tmp_path, "replay", "log.jsonl", "--station", station, "--as", "station", "--against",
        "embedded",
    )  # fmt: skip
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert "none differs" in replayed.stdout


def test_the_counters_of_a_fleet_say_which_rules_were_broken(tmp_path: Path) -> None:
    fleet = read(tmp_path, HASTY)
    ran = VirtualRun(msgspec.structs.replace(fleet, duration_seconds=300.0))

    async def go() -> None:
        await ran.go(no_show, trio.Event())

    run_virtually(1, go)
    registry = CollectorRegistry()
    registry.register(FleetCollector(ran))
    page = generate_latest(registry).decode()
    hasty = ran.tally().broken["reconnect-back-off"]
    assert hasty > 0
    assert f'pilotwire_fleet_trace_broken_total{{rule="reconnect-back-off"}} {hasty}.0' in page
    assert 'pilotwire_fleet_trace_broken_total{rule="seq-no-gap"} 0.0' in page
