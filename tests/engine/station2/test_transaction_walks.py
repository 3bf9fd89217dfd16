"""Visits by chance, over any sets of TxStartPoint and TxStopPoint, with links that come and go,
cars that stop, power that fails: what the central system was told of each transaction in the end.
"""

import random
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse

from .conftest import Start
from .world import World

VISITS = 30
POINTS = ("ParkingBayOccupancy", "EVConnected", "Authorized", "PowerPathClosed", "EnergyTransfer")


class Walk:
    """One station, and people whose ways are left to chance."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self.world = world
        self.chance = chance
        self.driver: SimulatedEvse = world.drivers[0]
        self.story: list[str] = []

    async def visit(self) -> None:
        """A car comes and is gone in the end, whatever is between."""
        await self.configure()
        if self.chance.random() < 0.7:
            self.driver.park()
            await self.passes("parked")
        comings = [self.plug, self.chance.choice([self.show, self.start_remotely])]
        self.chance.shuffle(comings)
        for come in comings:
            if self.chance.random() < 0.9:
                await come()
        for _ in range(self.chance.randrange(4)):
            await self.chance.choice([self.suspend, self.resume, self.pass_time, self.show])()
        leave = [self.show, self.stop_remotely, self.stop_by_car, self.pull_at_car, self.fail]
        for go in self.chance.sample(leave, self.chance.randrange(3)):
            await go()
        await self.go()

    async def configure(self) -> None:
        starts, stops = (
            ",".join(self.chance.sample(POINTS, self.chance.randint(1, len(POINTS))))
            for _ in range(2)
        )
        self.story.append(f"--- {starts} to {stops}")
        statuses = await self.world.set_variables(
            TxCtrlr__TxStartPoint=starts, TxCtrlr__TxStopPoint=stops
        )
        assert set(statuses) == {"Accepted"}

    async def passes(self, what: str, seconds: float | None = None) -> None:
        """Let a while pass, in which the link may go or come; look at the power path meanwhile."""
        self.story.append(what)
        if self.chance.random() < 0.15 and self.world.csms.is_reachable:
            self.story.append("link gone")
            await self.world.csms.drop()
        elif self.chance.random() < 0.4:
            self.world.csms.come_back()
        for _ in range(10):
            await trio.sleep((seconds or self.chance.choice([0.1, 2, 70])) / 10)
            evse = self.world.station.tree.evse(1)
            assert evse.authorization is not None or not self.driver.is_contactor_closed

    # ---- what people, cars and the central system do

    async def plug(self) -> None:
        if not self.is_plugged:
            self.driver.plug_in(Ev())
        await self.passes("plugged in")

    @property
    def is_plugged(self) -> bool:
        return self.driver.plugged_connector is not None

    async def show(self) -> None:
        self.driver.present_token("DEADBEEF")
        await self.passes("token")

    async def pass_time(self) -> None:
        await self.passes("time")

    async def suspend(self) -> None:
        if self.is_plugged:
            self.driver.suspend_ev()
        await self.passes("suspended")

    async def resume(self) -> None:
        if self.is_plugged:
            self.driver.resume_ev()
        await self.passes("resumed")

    async def stop_by_car(self) -> None:
        if self.is_plugged:
            self.driver.stop_by_ev()
        await self.passes("stopped by the car")

    async def pull_at_car(self) -> None:
        if self.is_plugged:
            self.driver.unplug(at_car=True, leave=False)
        await self.passes("pulled at the car")

    async def fail(self) -> None:
        """Power fails, now and then."""
        if self.chance.random() < 0.3:
            await self.world.cut_power()
            await self.passes("power failed")

    async def start_remotely(self) -> None:
        v2 = self.world.v2
        token = v2.IdTokenType(id_token="REMOTE", type="Central")
        await self.call(
            v2.RequestStartTransactionRequest(id_token=token, remote_start_id=7, evse_id=1)
        )
        await self.passes("remote start")

    async def stop_remotely(self) -> None:
        transaction = self.world.station.tree.evse(1).transaction
        if transaction is not None:
            stop = self.world.v2.RequestStopTransactionRequest
            await self.call(stop(transaction_id=transaction.transaction_id))
        await self.passes("remote stop")

    async def call(self, request: Any) -> None:
        if self.is_online:
            await self.world.csms.call(request)

    async def go(self) -> None:
        """Leave nothing behind, and let all be told."""
        for _ in range(2):
            if self.is_plugged:
                if self.world.station.tree.evse(1).authorization is not None:
                    self.driver.present_token("DEADBEEF")
                    await self.passes("token to leave", 2)
                self.driver.unplug(at_car=True, leave=False)
                await self.passes("left", 100)
        if self.driver.is_occupied:
            self.driver.drive_off()
        await self.passes("gone", 100)
        self.world.csms.come_back()
        for _ in range(1000):
            if self.is_online and not self.world.journal.waiting_in("transactions"):
                return
            await trio.sleep(1)
        raise AssertionError("not all is told")

    @property
    def is_online(self) -> bool:
        return self.world.station.tree.is_online


def check(world: World) -> int:
    """One start, one end, each number once, and nothing runs back; give how many there were."""
    events: dict[str, dict[int, Any]] = defaultdict(dict)
    for event in world.csms.events():
        events[event.transaction_info.transaction_id].setdefault(event.seq_no, event)
    last: Any = None
    for told in events.values():
        assert sorted(told) == list(range(len(told)))
        in_order = [told[number] for number in range(len(told))]
        kinds = [event.event_type for event in in_order]
        assert kinds == ["Started", *["Updated"] * (len(kinds) - 2), "Ended"]
        times = [event.timestamp for event in in_order]
        assert times == sorted(times)
        assert last is None or last <= times[0]  # an EVSE has one at a time
        last = times[-1]
        check_energy(in_order)
        check_reasons(in_order)
    return len(events)


def check_energy(events: list[Any]) -> None:
    """Nothing flows before a token is known."""
    is_known = False
    for event in events:
        is_known = is_known or bool(event.id_token)
        if event.transaction_info.charging_state == "Charging":
            assert is_known
    states = [event.transaction_info.charging_state for event in events]
    for event, (before, after) in zip(events[1:], pairwise(states), strict=True):
        if event.trigger_reason == "ChargingStateChanged":
            assert before != after


def check_reasons(events: list[Any]) -> None:
    reasons = [event.transaction_info.stopped_reason for event in events]
    assert not any(reasons[:-1])
    by_trigger = {
        "EVConnectTimeout": {"Timeout"},
        "AbnormalCondition": {"PowerLoss"},
    }
    allowed = by_trigger.get(events[-1].trigger_reason)
    assert allowed is None or reasons[-1] in allowed


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_each_transaction_is_told_whole(
    start: Start, autojump_clock: MockClock, seed: int
) -> None:
    driver = SimulatedEvse(EvseHardware(has_bay_sensor=True))
    variables = {
        "OCPPCommCtrlr.RetryBackOffWaitMinimum": 5,
        "OCPPCommCtrlr.RetryBackOffRandomRange": 1,
    }
    world = await start(connectors=(1,), drivers=[driver], variables=variables)
    walk = Walk(world, random.Random(seed))
    for _ in range(VISITS):
        try:
            await walk.visit()
            assert world.station.tree.evse(1).transaction is None
            assert not driver.is_contactor_closed
            told = check(world)
        except AssertionError as error:
            raise AssertionError("\n".join(walk.story[-30:])) from error
    assert told > VISITS / 2
