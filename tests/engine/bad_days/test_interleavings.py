"""A thousand rounds of plugging, tokens, faults and resets, in any order and at any moment of the
answers and commits under way. Whatever happens, a contactor is closed only within a session whose
start is on the disk, and what was started is ended once.
"""

import random
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse, SimulatorError
from pilotwire.engine.journal.batch import Batch
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.journal.store import Store
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.session import CallFailed
from pilotwire.profiles.errors import InternalError
from pilotwire.profiles.messages import v16

from .disks import slow_disk, some_time
from .fragile import FragileWorld

ROUNDS = 1000
ROUNDS_OF_A_STATION = 50
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # for a thousand rounds of commits
PAUSES = (0.0, 0.0, 0.0005, 0.005, 0.1, 1.0, 4.0)  # s
Step = Callable[[], Awaitable[None] | None]


class Site:
    """A station that boots again when it is told to, its hardware, and what is on its disk."""

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.chance = chance
        self.journal = Journal.open(path)
        self.drivers = [SimulatedEvse(), SimulatedEvse()]
        self.world = FragileWorld(journal=self.journal, drivers=self.drivers)
        self.csms, self.ledger = self.world.csms, self.world.ledger
        self.ledger.repeats_over_a_link = False  # sessions here are shorter than a second
        self.kept: set[str] = set()  # transactions whose start is on the disk
        self.boots = 0
        self.checks_closed = 0
        self.csms.on(v16.AuthorizeRequest, self._authorize)
        start = self.csms.rules[v16.StartTransactionRequest]
        self.csms.on(v16.StartTransactionRequest, lambda request: self._start(start(request)))

    @property
    def station(self) -> ChargingStation:
        return self.world.station

    async def _authorize(self, request: v16.AuthorizeRequest) -> v16.AuthorizeResponse:
        await trio.sleep(self.chance.choice(PAUSES))
        if self.chance.random() < 0.05:
            raise InternalError("try later")
        is_welcome = self.chance.random() < 0.85
        info = v16.IdTagInfo(status="Accepted" if is_welcome else "Blocked")
        return v16.AuthorizeResponse(id_tag_info=info)

    async def _start(self, answer: v16.StartTransactionResponse) -> v16.StartTransactionResponse:
        await trio.sleep(self.chance.choice(PAUSES))
        if self.chance.random() < 0.1:
            refused = v16.IdTagInfo(status="Invalid")
            answer = msgspec.structs.replace(answer, id_tag_info=refused)
        return answer

    def spy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Note what has come to the disk."""
        write = Store.write

        def noted(store: Store, batch: Batch) -> None:
            bodies = [*batch.reports.values()]
            write(store, batch)
            for report in map(msgspec.json.decode, bodies):
                if report.get("kind") == "Started":
                    self.kept.add(report["transaction_id"])

        monkeypatch.setattr(Store, "write", noted)

    async def run(self) -> None:
        """Boot, and boot again."""
        while True:
            await self.station.run()
            self.boots += 1
            world = FragileWorld(journal=self.journal, drivers=self.drivers)
            world.csms = self.csms
            world.clock.set(self.world.clock.time())
            self.world = world

    # ---- what may happen

    def steps(self, token: str) -> list[Step]:
        evse = self.chance.randrange(2)
        driver = self.drivers[evse]
        other = f"{token}-other"
        return [
            lambda: driver.plug_in(Ev()),
            lambda: driver.present_token(token),
            lambda: driver.present_token(token),
            lambda: driver.present_token(other),
            lambda: ignore(driver.unplug(at_car=self.chance.random() < 0.7)),
            lambda: driver.fault("GroundFailure"),
            driver.clear_fault,
            self.chance.choice([driver.pause, driver.resume, driver.suspend_ev, driver.resume_ev]),
            self.chance.choice([self._remote_start, self._remote_stop, self._unlock]),
            *([self._reset] if self.chance.random() < 0.1 else []),
        ]

    async def _remote_start(self) -> None:
        place = self.chance.randint(1, 2)
        await self._command(v16.RemoteStartTransactionRequest(id_tag="REMOTE", connector_id=place))

    async def _remote_stop(self) -> None:
        number = max(self.ledger.starts, default=0)
        await self._command(v16.RemoteStopTransactionRequest(transaction_id=number))

    async def _unlock(self) -> None:
        await self._command(v16.UnlockConnectorRequest(connector_id=self.chance.randint(1, 2)))

    async def _reset(self) -> None:
        await self._command(v16.ResetRequest(type=self.chance.choice(["Soft", "Hard"])))

    async def _command(self, request: Any) -> None:
        with suppress(CallFailed), trio.move_on_after(self.chance.choice(PAUSES) + 0.01):
            await self.csms.call(request)

    # ---- rounds

    async def round(self, number: int) -> None:
        steps = self.steps(f"T{number}") * 2
        self.chance.shuffle(steps)
        for step in steps[: self.chance.randint(5, len(steps))]:
            with suppress(SimulatorError):  # hardware that cannot do that just now
                doing = step()
                if doing is not None:
                    await doing
            await trio.sleep(self.chance.choice(PAUSES))
            await self.check()

    async def check(self) -> None:
        """What was begun at this instant is done; what waits for the disk or an answer waits."""
        await wait_all_tasks_blocked()
        for evse, driver in zip(self.station.tree.evses, self.drivers, strict=True):
            if not driver.is_contactor_closed:
                continue
            self.checks_closed += 1
            assert evse.session == "active"
            assert evse.transaction is not None
            assert evse.transaction.transaction_id in self.kept
            assert not evse.is_faulted

    async def calm_down(self) -> None:
        """Everybody leaves, and all that is wrong is mended."""
        for driver in self.drivers:
            for mend in (driver.clear_fault, driver.resume):
                with suppress(SimulatorError):
                    mend()
            with suppress(SimulatorError):
                driver.unplug(at_car=True)
        await trio.sleep(600)
        assert len(self.journal) == 0
        assert not any(evse.is_in_use for evse in self.station.tree.evses)
        assert not any(driver.is_contactor_closed for driver in self.drivers)


def ignore(value: object) -> None:
    """A step gives nothing."""


async def test_a_thousand_random_rounds_hold_the_invariants(
    seed: int, autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    slow_disk(monkeypatch, lambda: some_time(chance))
    boots = closed = transactions = 0
    for first in range(0, ROUNDS, ROUNDS_OF_A_STATION):
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            site = Site(Path(folder) / "journal", chance)
            site.spy(monkeypatch)
            await live(site, range(first, first + ROUNDS_OF_A_STATION))
        site.ledger.check(transactions=len(site.ledger.starts))
        boots += site.boots
        closed += site.checks_closed
        transactions += len(site.ledger.starts)
    print(f"{transactions} transactions, {boots} boots, {closed} looks at closed contactors")
    assert transactions > ROUNDS / 5
    assert boots > ROUNDS / 50
    assert closed > ROUNDS / 2


async def live(site: Site, rounds: range) -> None:
    async with trio.open_nursery() as nursery:
        await nursery.start(site.journal.run)
        nursery.start_soon(site.run)
        await trio.sleep(1)
        for number in rounds:
            await site.round(number)
        await site.calm_down()
        nursery.cancel_scope.cancel()
    site.journal.close()
