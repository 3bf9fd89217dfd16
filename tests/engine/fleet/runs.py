"""Runs of a small fleet in virtual time, for tests."""

from pathlib import Path
from typing import Any

import msgspec
import trio

from pilotwire.engine.central.events import OnEvent
from pilotwire.engine.central.store import Store
from pilotwire.engine.config.load import load
from pilotwire.engine.fleet.run import Run
from pilotwire.engine.fleet.settings import Fleet
from pilotwire.engine.fleet.tally import Tally
from pilotwire.engine.fleet.virtual import VirtualRun
from pilotwire.engine.virtual_time import run_virtually

STREET = """
stations = 5
[[groups]]
name = "new"
weight = 3
identity = "NEW-{number}"
arrivals = "home"
[groups.variables]
"SampledDataCtrlr.TxUpdatedInterval" = 900
[groups.visitors]
gap_seconds = [1800.0, 7200.0]
dwell_seconds = [1800.0, 7200.0]
[[groups]]
name = "old"
weight = 2
identity = "OLD-{number}"
versions = ["ocpp1.6"]
[groups.variables]
"SampledDataCtrlr.TxUpdatedInterval" = 900
[groups.visitors]
gap_seconds = [1800.0, 7200.0]
dwell_seconds = [1800.0, 7200.0]
[[phases]]
kind = "ramp"
per_second = 0.1
"""


def read(tmp_path: Path, text: str, **changes: Any) -> Fleet:
    file = tmp_path / "fleet.toml"
    file.write_text(text)
    return msgspec.structs.replace(load(Fleet, file, environment={}), **changes)


class Outcome:
    """A run that has ended."""

    def __init__(self, run: VirtualRun, tally: Tally) -> None:
        assert run.world is not None
        self.store: Store = run.world.store
        self.tally = tally


def run(
    fleet: Fleet, days: float, log: Path | None = None, watch: OnEvent | None = None
) -> Outcome:
    """Run it; `watch` hears what happens at the central system."""
    virtual = VirtualRun(msgspec.structs.replace(fleet, duration_seconds=days * 86_400), log)
    tallies: list[Tally] = []

    async def show(run: Run) -> None:
        assert virtual.world is not None
        if watch is not None:
            virtual.world.central.on_event(watch)
        await trio.sleep_forever()

    async def go() -> None:
        tallies.append(await virtual.go(show, trio.Event()))

    run_virtually(fleet.seed, go)
    return Outcome(virtual, tallies[0])


async def no_show(run: Run) -> None:
    await trio.sleep_forever()
