"""What a fleet costs: full stations with two EVSEs each in one process, over loopback sockets.

    python bench/fleet.py [--stations 10 100 1000 10000] [--per-second 200] [--seconds 10]

Five stages each: the stations are made; they boot; they idle (a heartbeat every 300 s); both EVSEs
of each charge, with a reading every 10 s; and with one every 2 s, a message a second from each
station. They meet a central system that costs next to nothing (peers/csms.py). CPU is that of the
fleet's process; seconds are told beside it, for other programs may have run meanwhile.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pilotwire.engine.fleet.memory import child_environment

PEERS = Path(__file__).with_name("peers")
HEAD = (
    f"{'':8} {'made':>7} | {'boot':^28} | {'idle':^8} | {'charging':^24} | "
    f"{'a message a second each':^34}\n"
    f"{'stations':>8} {'ms each':>7} | {'ms each':>9} {'late p99':>9} {'s':>8} | {'MiB':>8} | "
    f"{'MiB':>7} {'cores':>7} {'late p99':>8} | {'µs each':>8} {'a second':>8} {'cores':>7} "
    f"{'late p99':>8}"
)


def measured(stations: int, per_second: float, seconds: float) -> dict[str, dict[str, Any]]:
    """Give what each stage took."""
    csms = subprocess.Popen(
        [sys.executable, str(PEERS / "csms.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert csms.stdout is not None
        port = json.loads(csms.stdout.readline())["port"]
        sizes = map(str, (port, stations, per_second, seconds))
        done = subprocess.run(
            [sys.executable, str(PEERS / "stations.py"), *sizes],
            stdout=subprocess.PIPE,
            env=child_environment(),
            text=True,
            check=True,
            timeout=120 + stations / 20,
        )
    finally:
        csms.kill()
        csms.wait()
    _, *stages = map(json.loads, done.stdout.splitlines())
    return {stage["stage"]: stage for stage in stages}


def row(stations: int, stages: dict[str, dict[str, Any]]) -> str:
    names = ("make", "boot", "idle", "charge", "busy")
    make, boot, idle, charge, busy = (stages[name] for name in names)
    return (
        f"{stations:8} {each(make, stations)} | "
        f"  {each(boot, stations)} {late(boot)} {boot['seconds']:8.1f} | "
        f"{mebibytes(idle)} | "
        f"{mebibytes(charge)} {cores(charge)} {late(charge)} | "
        f"{1e6 * busy['cpu'] / max(busy['calls'], 1):8.0f} {busy['calls'] / busy['seconds']:8.0f} "
        f"{cores(busy)} {late(busy)}"
    )


def each(stage: dict[str, Any], stations: int) -> str:
    return f"{1000 * stage['cpu'] / stations:7.2f}"


def mebibytes(stage: dict[str, Any]) -> str:
    return f"{stage['rss'] / 2**20:7.0f}"


def cores(stage: dict[str, Any]) -> str:
    return f"{stage['cpu'] / stage['seconds']:7.2f}"


def late(stage: dict[str, Any]) -> str:
    return "       -" if stage["late"] is None else f"{1000 * stage['late']:5.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--stations", type=int, nargs="+", default=[10, 100, 500])
    parser.add_argument("--per-second", type=float, default=200.0, help="stations that boot")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each later stage")
    options = parser.parse_args()
    print(HEAD)
    for stations in options.stations:
        print(row(stations, measured(stations, options.per_second, options.seconds)), flush=True)


if __name__ == "__main__":
    main()
