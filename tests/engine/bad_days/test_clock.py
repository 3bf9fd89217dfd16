"""Clocks that are wrong: 1970 at the start, set back or forth by the central system, or never set.

No timestamp before 2020 is ever sent, none runs back within a transaction, and what happened before
the time was known is told with the time at which it happened.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.hardware import last_register
from pilotwire.engine.journal.journal import Journal
from pilotwire.profiles.device_model import Value
from pilotwire.profiles.messages import v16

from ..station.world import boot_answer
from .fragile import FragileWorld

SECOND = timedelta(seconds=1)
VARIABLES: dict[str, Value] = {
    "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
    "SampledDataCtrlr.TxEndedMeasurands": ("Energy.Active.Import.Register",),
    "OCPPCommCtrlr.HeartbeatInterval": 60,
}


class Place:
    """A station's journal, and a central system that keeps what every life of the station sent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first = FragileWorld()
        self.ledger = self.first.ledger
        self.csms = self.first.csms
        self.sent: list[str] = []

    @asynccontextmanager
    async def life(self, host_time: float | None, online: bool = True) -> AsyncIterator[Any]:
        """Run the station; its host says that it is so many seconds after 1970 (None: right)."""
        journal = Journal.open(self.path, inline=True)
        drivers = [SimulatedEvse(energy_import=last_register(journal, n)) for n in (1, 2)]
        world = FragileWorld(journal=journal, drivers=drivers, variables=VARIABLES)
        world.csms = self.csms
        world.clock.set(self.csms.clock.time() if host_time is None else host_time)
        world.station.on_message = self._note
        self.csms.is_reachable = online
        try:
            async with trio.open_nursery() as nursery:
                await nursery.start(world.station.run)
                yield world
                nursery.cancel_scope.cancel()
        finally:
            journal.close()

    def _note(self, direction: str, text: str | bytes, at: float) -> None:
        if direction == "sent":
            self.sent.append(text if isinstance(text, str) else text.decode())

    def check_times(self) -> None:
        """No time was sent that cannot be."""
        times = [time for text in self.sent for time in timestamps(json.loads(text))]
        assert times
        assert all("2027-01-15" <= time < "2027-01-17" for time in times), min(times)


def timestamps(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, below in value.items():
                if key == "timestamp":
                    yield str(below)
                yield from timestamps(below)
        case list():
            for below in value:
                yield from timestamps(below)


def now(place: Place) -> datetime:
    return datetime.fromtimestamp(place.csms.clock.time(), UTC)


def boot_after(place: Place, booted: trio.Event, request: object) -> object:
    booted.set()
    return place.csms.friendly(request)


async def leave(world: FragileWorld) -> None:
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)


async def test_what_happened_before_the_time_was_known_is_told_with_its_time(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    place = Place(tmp_path / "journal")
    async with place.life(host_time=7.0, online=False) as world:
        await trio.sleep(500)
        began = now(place)
        await world.charge()
        await trio.sleep(130)
        await leave(world)
        ended = now(place)
        await trio.sleep(1000)
        place.csms.come_back()
        await trio.sleep(700)
    place.ledger.check(transactions=1)
    place.check_times()
    ((number, start),) = place.ledger.starts.items()
    stop = place.ledger.ends[number]
    assert abs(start.timestamp - began) < 4 * SECOND
    assert abs(stop.timestamp - ended) < 4 * SECOND
    assert len(place.ledger.readings[number]) == 2
    assert stop.transaction_data is not v16.StopTransactionRequest.transaction_data


async def test_a_transaction_that_runs_while_the_time_becomes_known_keeps_its_order(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    place = Place(tmp_path / "journal")
    async with place.life(host_time=7.0, online=False) as world:
        began = now(place)
        await world.charge()
        await trio.sleep(200)
        place.csms.come_back()
        await trio.sleep(700)
        await leave(world)
        ended = now(place)
    place.ledger.check(transactions=1)
    place.check_times()
    ((number, start),) = place.ledger.starts.items()
    assert abs(start.timestamp - began) < 4 * SECOND
    assert abs(place.ledger.ends[number].timestamp - ended) < 4 * SECOND
    assert len(place.ledger.readings[number]) >= 14


async def test_a_power_cut_after_the_time_became_known_ends_it_at_its_last_reading(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    place = Place(tmp_path / "journal")
    async with place.life(host_time=7.0, online=False) as world:
        await trio.sleep(1)
        began = now(place)
        booted = trio.Event()
        place.csms.on(v16.BootNotificationRequest, partial(boot_after, place, booted))
        await world.charge()
        await trio.sleep(70)  # one reading, and none after the time was told
        place.csms.come_back()
        await booted.wait()
        await trio.sleep(5)
        await place.csms.drop()
    async with place.life(host_time=7.0):
        await trio.sleep(60)
    place.ledger.check(transactions=1)
    place.check_times()
    (stop,) = place.ledger.ends.values()
    assert stop.reason == "PowerLoss"
    assert abs(stop.timestamp - began - 61 * SECOND) < 4 * SECOND


async def test_lives_that_never_learned_the_time_are_told_one_after_the_other(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    place = Place(tmp_path / "journal")
    for _ in range(3):
        async with place.life(host_time=7.0, online=False) as world:
            await trio.sleep(10)
            await world.charge()
            await trio.sleep(100)
    async with place.life(host_time=7.0):
        await trio.sleep(200)
    place.ledger.check(transactions=3)
    place.check_times()
    starts = place.csms.of(v16.StartTransactionRequest)
    times = [start.timestamp for start in starts]
    assert times == sorted(times)
    assert times[-1] <= now(place)


async def test_what_was_told_by_a_good_clock_is_not_moved_when_the_next_one_is_bad(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    place = Place(tmp_path / "journal")
    async with place.life(host_time=None, online=False) as world:
        await trio.sleep(10)
        began = now(place)
        await world.charge()
        await trio.sleep(100)
    await trio.sleep(5000)  # without power
    async with place.life(host_time=7.0):
        await trio.sleep(100)
    place.ledger.check(transactions=1)
    place.check_times()
    ((number, start),) = place.ledger.starts.items()
    stop = place.ledger.ends[number]
    assert stop.reason == "PowerLoss"
    assert abs(start.timestamp - began) < 4 * SECOND
    assert stop.timestamp - start.timestamp == timedelta(seconds=60)


async def test_steps_of_the_central_systems_clock_leave_a_transaction_in_order(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    for step in (-3600, 3600, -86_400, 20_000):
        place = Place(tmp_path / f"journal{step}")
        async with place.life(host_time=None) as world:
            await trio.sleep(1)
            await world.charge()
            for turn in (step, -step // 2, step):
                await trio.sleep(200)
                place.csms.clock.set(place.csms.clock.time() + turn)
                await place.csms.call(v16.TriggerMessageRequest(requested_message="Heartbeat"))
                await trio.sleep(1)
                assert abs(world.clock.time() - place.csms.clock.time()) < 2
            await trio.sleep(200)
            await leave(world)
            place.ledger.check(transactions=1)
            (stop,) = place.ledger.ends.values()
            (start,) = place.ledger.starts.values()
            assert stop.timestamp - start.timestamp >= timedelta(seconds=800)
            (readings,) = place.ledger.readings.values()
            moments = [reading.timestamp for reading in readings]
            assert len(set(moments)) == len(moments) == 13, "each reading has a time of its own"
            # The next transaction is told in the time that the central system keeps.
            began = now(place)
            await world.charge()
            last = place.csms.of(v16.StartTransactionRequest)[-1]
            assert abs(last.timestamp - began) < 4 * SECOND


async def test_without_any_time_nothing_that_needs_one_is_sent(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    place = Place(tmp_path / "journal")
    wrong = datetime(2019, 12, 31, tzinfo=UTC)
    place.csms.on(v16.BootNotificationRequest, lambda r: boot_answer("Accepted", wrong))
    place.csms.on(v16.HeartbeatRequest, lambda r: v16.HeartbeatResponse(current_time=wrong))
    async with place.life(host_time=7.0) as world:
        await trio.sleep(1)
        await world.charge()
        await trio.sleep(400)
        assert set(place.csms.actions()) == {"BootNotification", "Heartbeat", "Authorize"}
        del place.csms.rules[v16.HeartbeatRequest]
        await trio.sleep(400)
        await leave(world)
    place.ledger.check(transactions=1)
    place.check_times()
    assert place.csms.statuses(1)[0] == "Charging"


async def test_a_time_that_cannot_be_is_ignored(tmp_path: Path, autojump_clock: MockClock) -> None:
    place = Place(tmp_path / "journal")
    wrong = datetime(2019, 12, 31, tzinfo=UTC)
    place.csms.on(v16.BootNotificationRequest, lambda r: boot_answer("Accepted", wrong))
    place.csms.on(v16.HeartbeatRequest, lambda r: v16.HeartbeatResponse(current_time=wrong))
    async with place.life(host_time=None) as world:
        await trio.sleep(1)
        await world.charge()
        await trio.sleep(400)
        assert world.clock.time() == place.csms.clock.time()
        await leave(world)
    place.ledger.check(transactions=1)
    place.check_times()
