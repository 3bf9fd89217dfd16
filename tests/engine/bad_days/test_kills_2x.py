"""A station of 2.x that dies by SIGKILL at any instant of its sessions, again and again, and a
central system that lives, ours or another one: each transaction is told as started once and as
ended once, with every number in between.
"""

import json
import os
import random
import signal
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import trio

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.events import CentralEvent, MessageSeen
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.engine.journal.journal import Journal

from ...faults.daemon import forker, run_arguments
from ...peers.program import OCPP, Program
from ...peers.schemas import violations

KILLS = 50
REGISTER = "Energy.Active.Import.Register"

Payload = dict[str, Any]
Heard = Callable[[], list[Payload]]


class Book:
    """The TransactionEvents of one central system, by transaction, each number once."""

    def __init__(self, payloads: Iterable[Payload]) -> None:
        self.transactions: dict[str, dict[int, Payload]] = defaultdict(dict)
        self.repeats = 0
        for payload in payloads:
            self._enter(payload)

    def _enter(self, payload: Payload) -> None:
        events = self.transactions[payload["transactionInfo"]["transactionId"]]
        # That it is told late is the one thing that a repeat may add (E04.FR.03).
        payload = {name: value for name, value in payload.items() if name != "offline"}
        before = events.setdefault(payload["seqNo"], payload)
        assert before == payload, "told again in other words"
        self.repeats += before is not payload

    def check(self) -> None:
        """Started once, ended once, no number left out, and neither time nor register runs back."""
        reasons: Counter[str] = Counter()
        by_evse: dict[int, list[list[Payload]]] = defaultdict(list)
        for transaction_id, events in self.transactions.items():
            assert sorted(events) == list(range(len(events))), transaction_id
            in_order = [events[number] for number in range(len(events))]
            started, *middle, ended = (event["eventType"] for event in in_order)
            assert (started, ended) == ("Started", "Ended"), transaction_id
            assert set(middle) <= {"Updated"}, transaction_id
            reasons[in_order[-1]["transactionInfo"].get("stoppedReason", "Local")] += 1
            (evse,) = (event["evse"]["id"] for event in in_order if "evse" in event)
            by_evse[evse].append(in_order)
        for transactions in by_evse.values():
            transactions.sort(key=lambda events: _at(events[0]["timestamp"]))
            told = [event for events in transactions for event in events]
            assert _runs_on(_at(event["timestamp"]) for event in told)
            assert _runs_on(register for event in told for register in _registers(event))
        print(f"{len(self.transactions)} transactions, {reasons}, {self.repeats} repeats")
        # Enough has happened for the rest to mean something, however busy the machine is.
        assert len(self.transactions) > KILLS / 5
        assert reasons["Reboot"] > KILLS / 10  # the host runs on


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _runs_on(values: Iterable[Any]) -> bool:
    return all(before <= after for before, after in pairwise(values))


def _registers(event: Payload) -> Iterator[float]:
    for reading in event.get("meterValue", []):
        for sample in reading["sampledValue"]:
            if sample.get("measurand", REGISTER) == REGISTER and "phase" not in sample:
                yield sample["value"]


FAST_CHARGERS = [{"kind": "DC", "voltage": 400.0, "max_watts": 200_000.0}] * 2  # 56 Wh a second


async def kill_again_and_again(
    url: str, version: str, heard: Heard, seed: int, directory: Path
) -> Book:
    """Let a station live 50 short lives, and quiet ones until all is told; give what was heard."""
    chance = random.Random(seed)
    log = directory / "log"
    station = run_arguments(
        directory / "station",
        url,
        evses=FAST_CHARGERS,
        variables={
            "SampledDataCtrlr.TxUpdatedInterval": 1,
            "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,  # people come before the link
        },
        patience_seconds=0.2,
        cars={"saloon": 1.0},
    )
    station += ["--set", f'station.versions=["{version}"]']
    async with forker(log) as daemons:

        async def live(seconds: float, by: signal.Signals, *arguments: str) -> int:
            pid = await daemons.start(*station, *arguments)
            await trio.sleep(seconds)
            os.kill(pid, by)
            return await daemons.ended()

        for kill in range(KILLS):
            code = await live(
                chance.uniform(0.02, 1.2), signal.SIGKILL, "--set", f"simulator.seed={seed + kill}"
            )
            assert code == -signal.SIGKILL, log.read_text()[-3000:]
        for _ in range(20):  # a busy machine needs more of them
            code = await live(1.5, signal.SIGTERM, "--set", "simulator.visitors=false")
            assert code == 0, log.read_text()[-3000:]
            if not waiting(directory / "station" / "journal.sqlite"):
                return Book(heard())
    raise AssertionError("not all is told")


def waiting(path: Path) -> int:
    journal = Journal.open(path)
    try:
        return journal.waiting_in("transactions")
    finally:
        journal.close()


async def test_fifty_kills_are_told_whole(seed: int, tmp_path: Path) -> None:
    """Three stations at a time, each with a central system of its own."""
    async with trio.open_nursery() as nursery:
        for number, (name, play) in enumerate(PLAYS.items()):
            directory = tmp_path / name
            directory.mkdir()
            nursery.start_soon(play, seed + 1000 * number, directory)


async def with_our_central_system(version: str, seed: int, directory: Path) -> None:
    calls: list[Payload] = []

    def see(event: CentralEvent) -> None:
        if (
            isinstance(event, MessageSeen)
            and (event.direction, event.kind) == ("received", "CALL")
            and event.action == "TransactionEvent"
        ):
            calls.append(json.loads(event.text)[3])

    settings = Central(port=0, database=directory / "central.sqlite")
    async with CentralSystem.open(settings, Clock()) as central:
        central.on_event(see)
        url = f"ws://127.0.0.1:{central.port}"
        book = await kill_again_and_again(url, version, lambda: calls, seed, directory)
        kept = {each.transaction_id: each for each in central.store.transactions(limit=-1)}
    book.check()
    assert kept.keys() == book.transactions.keys()
    for transaction_id, transaction in kept.items():
        assert not transaction.is_running
        assert transaction.missing_events == 0
        assert transaction.events == len(book.transactions[transaction_id])


async def with_a_peer(version: str, seed: int, directory: Path) -> None:
    """PyPI `ocpp`, which complains of none; each frame obeys the schemas."""
    async with trio.open_nursery() as nursery:
        peer = await Program.start(nursery, OCPP, "csms", "0", version)
        port = (await peer.tells("listening"))["port"]
        url = f"ws://127.0.0.1:{port}/ocpp"
        heard = partial(peer.heard, "TransactionEvent")
        book = await kill_again_and_again(url, version, heard, seed, directory)
        await peer.end()
    assert peer.complaints() == []
    assert violations(peer.frames(), version) == []
    book.check()


PLAYS: dict[str, Callable[[int, Path], Awaitable[None]]] = {
    "ours of 2.0.1": partial(with_our_central_system, "ocpp2.0.1"),
    "another of 2.0.1": partial(with_a_peer, "ocpp2.0.1"),
    "another of 2.1": partial(with_a_peer, "ocpp2.1"),
}
