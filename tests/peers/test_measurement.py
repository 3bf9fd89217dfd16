"""The comparison of bench/rpc.py runs; its figures are nobody's to assert."""

import subprocess
import sys
from pathlib import Path

from .program import OCPP_RPC, need

RPC = Path(__file__).parents[2] / "bench" / "rpc.py"


def test_every_implementation_is_measured_in_both_roles() -> None:
    need(OCPP_RPC)
    sizes = ("--messages", "30", "--runs", "1", "--connections", "2", "--only", "TransactionEvent")
    done = subprocess.run(
        [sys.executable, str(RPC), *sizes], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()[2:]]
    assert [row[:3] for row in rows] == [
        ["TransactionEvent", "2", name] for name in ("pilotwire", "echo", "ocpp", "ocpp-rpc")
    ]
    assert all(float(figure) > 0 for row in rows for figure in row[3:])
    assert [len(row) for row in rows] == [7, 7, 7, 7]


def test_a_fleet_is_measured_in_all_its_stages() -> None:
    sizes = ("--stations", "3", "--seconds", "1")
    done = subprocess.run(
        [sys.executable, str(RPC.with_name("fleet.py")), *sizes],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    figures = done.stdout.splitlines()[-1].replace("|", "").split()
    figures = [figure for figure in figures if figure != "ms"]
    assert figures[0] == "3"
    assert float(figures[4]) > 0  # MiB
    assert float(figures[9]) > 1  # messages a second, of three stations
