"""Days of a fleet in seconds: a seed says the same again, and whatever befalls, nothing is lost."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import trio

from pilotwire.engine.central.store import Store
from pilotwire.engine.fleet.run import FleetUnusable, Run
from pilotwire.engine.trace.entries import Bad, Entry
from pilotwire.engine.trace.logs import read as read_log
from pilotwire.profiles.csms import StopUnmatched, Transaction

from .runs import STREET, no_show, read, run

FAULTS = """
[[faults]]
kind = "latency"
probability = 0.3
seconds = [0.1, 3.0]
[[faults]]
kind = "loss"
probability = 0.02
[[faults]]
kind = "loss"
every_seconds = 14400
[[faults]]
kind = "half_open"
every_seconds = 21600
[[faults]]
kind = "reorder"
probability = 0.5
seconds = [0.5, 30.0]
[[faults]]
kind = "clock_jump"
every_seconds = 43200
seconds = [-600, 600]
[[faults]]
kind = "power_cut"
every_seconds = 21600
seconds = [5, 300]
"""


def test_whatever_befalls_no_station_breaks_a_trace_rule(tmp_path: Path) -> None:
    fleet = read(tmp_path, STREET + FAULTS + "[trace]\nenabled = true\n")
    assert run(fleet, days=3).tally.broken == {}


def test_stations_in_the_dark_are_not_counted_as_online(tmp_path: Path) -> None:
    text = (
        STREET
        + """
[[phases]]
kind = "steady"
seconds = 1000.0
[[phases]]
kind = "blackout"
seconds = 300.0
[[phases]]
kind = "steady"
seconds = 1000.0
[[phases]]
kind = "storm"
[[phases]]
kind = "steady"
seconds = 1000.0
"""
    )
    seconds = run(read(tmp_path, text), days=0.1).tally.seconds
    assert [seconds[at].online for at in (60, 1040, 1200, 2000, 3300)] == [5, 5, 0, 5, 5]


# ---- the same again


def test_a_seed_repeats_every_byte_of_the_log_faults_and_all_and_another_one_does_not(
    tmp_path: Path,
) -> None:
    text = STREET + FAULTS
    logs = [tmp_path / name for name in ("first", "again", "other")]
    run(read(tmp_path, text, stations=3), 0.25, logs[0])
    run(read(tmp_path, text, stations=3), 0.25, logs[1])
    run(read(tmp_path, text, stations=3, seed=2), 0.25, logs[2])
    assert logs[0].stat().st_size > 20_000
    entries = list(read_log(logs[0]))  # as `pilotwire check` does
    assert not [entry for entry in entries if isinstance(entry, Bad)]
    stations = Counter(entry.station for entry in entries if isinstance(entry, Entry))
    assert len(stations) == 3
    assert None not in stations
    assert logs[0].read_bytes() == logs[1].read_bytes()
    assert logs[0].read_bytes() != logs[2].read_bytes()


def test_another_process_says_the_same_whatever_its_hashes(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text(STREET + FAULTS)
    logs = []
    for hash_seed in ("1", "2"):
        log = tmp_path / f"log-{hash_seed}"
        command = [str(Path(sys.executable).with_name("pilotwire")), "fleet", "fleet.toml"]
        options = ["--stations", "2", "--virtual", "3h", "--log", str(log)]
        ended = subprocess.run(
            [*command, *options],
            cwd=tmp_path,
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.stderr == ""
        assert ended.returncode == 0, ended.stdout
        logs.append(log.read_bytes())
    assert logs[0] == logs[1]
    report = json.loads((tmp_path / "var/fleet/report.json").read_text())
    assert report["stations"] == report["ever_online"] == 2


# ---- nothing is lost


def test_a_day_without_faults_is_a_day_of_charging(tmp_path: Path) -> None:
    outcome = run(read(tmp_path, STREET), 1)
    assert outcome.tally.failed == 0
    assert outcome.tally.ever_online == 5
    assert max(outcome.tally.seconds) > 86_000
    transactions = outcome.store.transactions(limit=-1)
    assert len(transactions) == outcome.tally.transactions > 30
    assert_whole(outcome.store, transactions)


@pytest.mark.parametrize("seed", [1, 2])
def test_with_every_fault_each_transaction_starts_once_and_ends_once(
    tmp_path: Path, seed: int
) -> None:
    log = tmp_path / "log"
    # The last hours are quiet, so that what waits is told.
    quiet = FAULTS.replace("[[faults]]", "[[faults]]\nuntil_seconds = 72000")
    outcome = run(read(tmp_path, STREET + quiet, seed=seed), 1, log)
    notes = [line for line in map(json.loads, log.read_text().splitlines()) if "note" in line]
    happened = Counter(str(line["note"]).partition(",")[0].split(" ")[0] for line in notes)
    for kind in ("loss", "half_open", "reorder", "clock_jump", "power_cut"):
        assert happened[kind] >= 3, happened
    assert outcome.tally.actions["BootNotification"].calls > 10
    assert outcome.tally.still_queued <= 5  # of those that charge
    transactions = outcome.store.transactions(limit=-1)
    assert len(transactions) == outcome.tally.transactions > 25
    assert_whole(outcome.store, transactions)


def assert_whole(store: Store, transactions: Sequence[Transaction]) -> None:
    """Every transaction began once and ended once, no event of it is missing or came twice, its
    meter never runs back; the last of each EVSE may run still.
    """
    running = Counter((each.station_id, each.place) for each in transactions if each.is_running)
    assert all(count == 1 for count in running.values()), running
    assert sum(running.values()) < len(transactions) / 2
    for each in transactions:
        readings = [reading.watt_hours() for reading in store.meter_values(each)]
        energies = [energy for energy in readings if energy is not None]
        if each.station_id.startswith("OLD"):
            assert each.meter_start is not None
            if each.meter_stop is not None:
                # What starts and stops is told in whole Wh.
                assert all(
                    each.meter_start - 1 < energy < each.meter_stop + 1 for energy in energies
                )
                assert each.meter_start <= each.meter_stop
            continue
        events = store.transaction_events(each)
        assert [event.seq_no for event in events] == list(range(len(events))), each
        assert [event.kind for event in events].count("Started") == 1
        assert [event.kind for event in events].count("Ended") == (not each.is_running)
        assert energies
        assert energies == sorted(energies), each  # the register never runs back
    assert not any(store.reports(station, StopUnmatched) for station in _stations(transactions))


def _stations(transactions: Sequence[Transaction]) -> set[str]:
    return {each.station_id for each in transactions}


# ---- what is refused


@pytest.mark.parametrize(
    ("text", "options", "problem"),
    [
        ("", {"virtual": "30"}, "--virtual 30: expected a duration like 30d, 12h, 90m or 45s"),
        ("", {"virtual": "0d"}, "--virtual 0d: expected a duration"),
        ("", {"log": Path("log")}, "--log needs --virtual"),
        ("duration_seconds = 5", {"virtual": "1d"}, "--virtual goes neither with --dask nor"),
        ("workers = 2", {"virtual": "1d"}, "with --virtual, workers: only 1"),
        ('journal = "disk"', {"virtual": "1d"}, 'with --virtual, journal: only "memory"'),
        ('target = "ws://x"', {"virtual": "1d"}, 'with --virtual, target: only "embedded"'),
        ("metrics.port = 1", {"virtual": "1d"}, "with --virtual, metrics.port"),
    ],
)
def test_what_has_no_place_in_virtual_time_is_refused(
    tmp_path: Path, text: str, options: dict[str, Any], problem: str
) -> None:
    # Here: pygal, which it imports, upsets the imports of others in strict tests.
    from pilotwire.engine.fleet.command import command_for

    asked = {"dask": None, "virtual": None, "log": None} | options
    with pytest.raises(FleetUnusable, match=re.escape(problem)) as refused:
        command_for(read(tmp_path, text), **asked)
    assert refused.value.exit_code == 2


def test_faults_that_real_links_do_not_have_are_refused_there(tmp_path: Path) -> None:
    real = """
[[faults]]
kind = "loss"
every_seconds = 60
[[faults]]
kind = "%s"
probability = 0.1
%s
"""
    for kind, seconds, told in (
        ("latency", "seconds = [0, 1]", "faults[2]: latency needs --virtual"),
        ("reorder", "seconds = [0, 1]", "faults[2]: reorder needs --virtual"),
        ("half_open", "", "faults[2]: half_open needs --virtual"),
        ("loss", "", "faults[2]: loss by probability needs --virtual"),
    ):
        fleet = read(tmp_path, real % (kind, seconds))
        with pytest.raises(FleetUnusable, match=re.escape(told)):
            trio.run(Run(fleet).go, no_show, trio.Event())
