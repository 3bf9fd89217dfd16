"""What `make bench` measures with runs; its figures are nobody's to assert."""

import subprocess
import sys
from pathlib import Path

from .program import OCPP_RPC, need

BENCH = Path(__file__).parents[2] / "bench"


def lines_of(program: str, *sizes: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, str(BENCH / program), *sizes], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_implementation_is_measured_in_both_roles() -> None:
    need(OCPP_RPC)
    sizes = ("--messages", "30", "--runs", "1", "--connections", "2", "--only", "TransactionEvent")
    rows = [line.split() for line in lines_of("rpc.py", *sizes)[2:]]
    assert [row[:3] for row in rows] == [
        ["TransactionEvent", "2", name] for name in ("pilotwire", "echo", "ocpp", "ocpp-rpc")
    ]
    assert all(float(figure) > 0 for row in rows for figure in row[3:])
    assert [len(row) for row in rows] == [7, 7, 7, 7]


def test_a_fleet_is_measured_in_all_its_stages() -> None:
    figures = lines_of("fleet.py", "--stations", "3", "--seconds", "1")[-1].replace("|", "").split()
    figures = [figure for figure in figures if figure != "ms"]
    assert figures[0] == "3"
    assert float(figures[4]) > 0  # MiB
    assert float(figures[9]) > 1  # messages a second, of three stations


def test_every_codec_reads_and_writes_every_message() -> None:
    rows = [line.split() for line in lines_of("codec.py", "--runs", "1", "--seconds", "0.001")[2:]]
    workloads = ("Heartbeat", "MeterValues", "TransactionEvent")
    codecs = ("pilotwire", "ocpp", "json", "msgspec")
    assert [(row[0], row[2]) for row in rows] == [(w, c) for w in workloads for c in codecs]
    assert all(float(row[3]) > 0 and float(row[5]) > 0 for row in rows)  # µs


def test_the_journal_is_measured_in_a_file_and_in_memory() -> None:
    rows = lines_of("journal.py", "--seconds", "0.1", "--runs", "1", "--evses", "1", "8")[2:]
    figures = {row[:25].strip(): [*map(float, row[25:].split())] for row in rows}
    assert [*figures] == [
        "sqlite3, file",
        "journal, file, EVSEs: 1",
        "journal, file, EVSEs: 8",
        "sqlite3, memory",
        "journal, memory",
    ]
    assert all(reports > 0 for reports, *_ in figures.values())
    commits = {name: each[3] for name, each in figures.items()}
    assert commits["journal, file, EVSEs: 8"] < commits["journal, file, EVSEs: 1"]  # shared
    assert commits["journal, memory"] == 0


def test_whole_central_systems_are_measured_with_stations_of_both_families() -> None:
    sizes = ("--messages", "60", "--runs", "1", "--stations", "3", "--idle", "10")
    rows = lines_of("central.py", *sizes)[1:]
    names = ("pilotwire, file", "pilotwire, memory", "echo", "ocpp")
    assert [row[:28].strip() for row in rows] == [
        f"{version:10} {name}" for version in ("ocpp1.6", "ocpp2.0.1") for name in names
    ]
    figures = [[*map(float, row[28:].split())] for row in rows]
    assert all(seconds > 0 and times > 0 for seconds, times, _ in figures)
