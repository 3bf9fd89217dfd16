"""A station that dies by SIGKILL at any instant of its sessions, again and again, and its central
system, which lives: every transaction is told as started once and as ended once.
"""

import itertools
import json
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trio

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.events import CentralEvent, MessageSeen
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.profiles.csms import StopUnmatched, Transaction

from ...faults.daemon import PATIENCE, forker, run_arguments

KILLS = 50
STATION = "PILOTWIRE-1"


class Wire:
    """The CALLs that the central system received, and how often it answered one."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def see(self, event: CentralEvent) -> None:
        if isinstance(event, MessageSeen) and (event.direction, event.kind) == ("received", "CALL"):
            self.calls.append((event.action, json.loads(event.text)[3]))

    def of(self, action: str) -> list[dict[str, Any]]:
        return [payload for name, payload in self.calls if name == action]


def life(seed: int, number: int) -> list[str]:
    """Give what makes this run of the daemon another one.

    A start is known again by connector, token, register and second. Lives are shorter than a second
    here, so each has its own token; within one, the register tells.
    """
    return ["--set", f"simulator.seed={seed + number}", "--set", f'simulator.tokens=["T{number}"]']


FAST_CHARGERS = [{"kind": "DC", "voltage": 400.0, "max_watts": 200_000.0}] * 2  # 56 Wh a second


async def test_fifty_kills_lose_nothing_and_double_nothing(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    wire = Wire()
    settings = Central(port=0, database=tmp_path / "central.sqlite")
    log = tmp_path / "log"
    async with CentralSystem.open(settings, Clock()) as central, forker(log) as daemons:
        central.on_event(wire.see)
        station = run_arguments(
            tmp_path / "station",
            f"ws://127.0.0.1:{central.port}",
            evses=FAST_CHARGERS,
            variables={
                "SampledDataCtrlr.TxUpdatedInterval": 1,
                "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,  # people come before the link
            },
            patience_seconds=0.2,
            cars={"saloon": 1.0},
        )
        station += ["--set", 'station.versions=["ocpp1.6"]']
        for kill in range(KILLS):
            pid = await daemons.start(*station, *life(seed, kill))
            await trio.sleep(chance.uniform(0.02, 1.2))
            os.kill(pid, signal.SIGKILL)
            assert await daemons.ended() == -signal.SIGKILL, log.read_text()[-3000:]
        pid = await daemons.start(*station, "--set", "simulator.visitors=false")
        await all_is_told(central)
        os.kill(pid, signal.SIGTERM)
        assert await daemons.ended() == 0, log.read_text()[-3000:]
        check(central, wire)


async def all_is_told(central: CentralSystem) -> None:
    with trio.fail_after(PATIENCE):
        while True:
            if central.connections and not central.store.transactions(is_running=True):
                return
            await trio.sleep(0.05)


def check(central: CentralSystem, wire: Wire) -> None:
    transactions = central.store.transactions(limit=-1)[::-1]
    assert central.store.reports(STATION, StopUnmatched) == []
    assert not [t for t in transactions if t.ended_at is None]
    # Enough has happened for the rest to mean something.
    reasons = Counter(transaction.reason for transaction in transactions)
    assert len(transactions) > KILLS
    assert reasons["Reboot"] > KILLS / 5  # the host runs on
    assert reasons["Local"] > KILLS / 5

    # Started once, stopped once: what was sent twice was sent in the same words.
    starts = {json.dumps(payload) for payload in wire.of("StartTransaction")}
    stops = {json.dumps(payload) for payload in wire.of("StopTransaction")}
    assert len(starts) == len(stops) == len(transactions)
    print(f"{len(transactions)} transactions, {reasons}, of {len(wire.calls)} calls")
    stopped = [json.loads(stop)["transactionId"] for stop in stops]
    assert sorted(map(str, stopped)) == sorted(t.transaction_id for t in transactions)
    for connector in (1, 2):
        check_register(central, [t for t in transactions if t.place.connector == connector])


def check_register(central: CentralSystem, transactions: list[Transaction]) -> None:
    """Neither the register nor the time of a connector ever runs back."""
    metered = [each for transaction in transactions for each in metered_of(central, transaction)]
    assert metered == sorted(metered)
    readings = [reading for each in transactions for reading in readings_of(central, each)]
    # A start and a stop are told in whole Wh.
    assert all(before <= after + 0.5 for before, after in itertools.pairwise(readings))
    times = [moment for each in transactions for moment in (each.started_at, each.ended_at)]
    assert all(a <= b for a, b in zip(times[::2], times[1::2], strict=True) if a and b)


def readings_of(central: CentralSystem, transaction: Transaction) -> Iterator[float]:
    assert transaction.meter_start is not None
    assert transaction.meter_stop is not None
    yield transaction.meter_start
    yield from metered_of(central, transaction)
    yield transaction.meter_stop


def metered_of(central: CentralSystem, transaction: Transaction) -> Iterator[float]:
    for reading in central.store.meter_values(transaction):
        assert transaction.started_at <= reading.at
        if (register := reading.watt_hours()) is not None:
            yield register
