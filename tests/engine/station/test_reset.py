"""Reset (1.6 5.14, errata 3.36): stop, tell, boot again; in virtual time, over a kept journal."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import Session
from pilotwire.machines.effects import RestartStation
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import NetworkProfile

from .spoken import never
from .world import World


class FarWorld(World):
    """A world whose CSMS lives on when the station ends."""

    far: trio.Nursery

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        near, far = await memory_link_pair(nursery, "ocpp1.6", far_nursery=self.far)
        self.csms.links += 1
        self.csms.link = far
        self.csms.session = Session(far, OCPP_16, "csms", self.csms.answer)
        self.far.start_soon(self.csms.session.run)
        return near


class Rebooting:
    """A station that boots again whenever it is told to; its CSMS and its hardware stay."""

    def __init__(self, directory: Path, far: trio.Nursery) -> None:
        self.far = far
        self._path = directory / "journal.sqlite"
        self.restarts: list[RestartStation] = []
        self.frames: list[tuple[str, Any]] = []
        self.world: World | None = None

    async def run(self, *, task_status: Any = trio.TASK_STATUS_IGNORED) -> None:
        while True:
            journal = Journal.open(self._path, inline=True)
            before = self.world
            world = FarWorld(journal, drivers=before.drivers if before else None)
            world.far = self.far
            if before is not None:
                world.csms = before.csms
            world.messages = self.frames
            self.world = world
            if before is None:
                task_status.started()
            self.restarts.append(await world.station.run())
            journal.close()

    @property
    def now(self) -> World:
        assert self.world is not None
        return self.world


@pytest.fixture
async def station(autojump_clock: MockClock, nursery: trio.Nursery, tmp_path: Path) -> Rebooting:
    station = Rebooting(tmp_path, nursery)
    await nursery.start(station.run)
    await trio.sleep(1)
    return station


async def reset(station: Rebooting, type: Any) -> str:
    answer = await station.now.csms.call(v16.ResetRequest(type=type))
    return str(answer.status)


def spoken(station: Rebooting) -> list[str]:
    """What the CSMS heard, statuses apart."""
    return [a for a in station.now.csms.actions() if a != "StatusNotification"]


async def test_5_14_soft_stops_tells_and_then_boots(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    csms = station.now.csms
    await station.now.charge()
    csms.forget()
    station.frames.clear()
    assert await reset(station, "Soft") == "Accepted"
    await trio.sleep(20)
    assert spoken(station) == ["StopTransaction", "BootNotification"]
    (stop,) = csms.of(v16.StopTransactionRequest)
    assert (stop.reason, stop.transaction_id) == ("SoftReset", csms.next_transaction_id)
    assert not isinstance(stop.id_tag, str)
    sent = [frame for direction, frame in station.frames if direction == "sent"]
    assert sent[0][0] == 3  # the answer to Reset comes before anything that follows from it
    assert csms.statuses(1)[-1] == "Preparing"  # the car is still there
    assert not station.now.drivers[0].is_contactor_closed
    assert not station.now.drivers[0].is_locked()


async def test_5_14_hard_waits_for_nobody_and_tells_the_stop_again_after_the_boot(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    csms = station.now.csms
    await station.now.charge()
    csms.on(v16.StopTransactionRequest, never)
    assert await reset(station, "Hard") == "Accepted"
    await trio.sleep(0.5)
    csms.forget()
    del csms.rules[v16.StopTransactionRequest]
    await trio.sleep(1)
    assert len(station.restarts) == 1
    await trio.sleep(20)
    assert spoken(station) == ["BootNotification", "StopTransaction"]
    (stop,) = csms.of(v16.StopTransactionRequest)
    assert (stop.reason, stop.transaction_id) == ("HardReset", csms.next_transaction_id)
    assert not station.now.drivers[0].is_locked()


async def test_5_14_hard_tells_an_answering_csms_once(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    csms = station.now.csms
    await station.now.charge()
    csms.forget()
    await reset(station, "Hard")
    await trio.sleep(20)
    assert spoken(station) == ["StopTransaction", "BootNotification"]


async def test_5_14_a_stop_that_is_not_answered_is_queued_and_told_after_the_boot(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    csms = station.now.csms
    await station.now.charge()
    csms.on(v16.StopTransactionRequest, never)
    await reset(station, "Soft")
    await trio.sleep(5)
    assert not station.restarts  # it gives the CSMS some time
    del csms.rules[v16.StopTransactionRequest]  # from the next one on
    csms.forget()
    await trio.sleep(10)
    assert [restart.boot_reason for restart in station.restarts] == ["RemoteReset"]
    assert [r.reason for r in csms.of(v16.StopTransactionRequest)] == ["SoftReset"]


async def test_5_14_while_it_waits_for_the_last_answers_nobody_new_starts(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    csms = station.now.csms
    await station.now.charge(evse=1)
    csms.on(v16.StopTransactionRequest, never)
    await reset(station, "Soft")
    await trio.sleep(1)
    await station.now.charge(evse=2, token="LATE")
    again = await csms.call(v16.RemoteStartTransactionRequest(id_tag="LATE", connector_id=2))
    await trio.sleep(1)
    assert not station.restarts
    assert again.status == "Rejected"
    assert len(csms.of(v16.StartTransactionRequest)) == 1
    del csms.rules[v16.StopTransactionRequest]
    await trio.sleep(20)
    station.now.drivers[1].present_token("LATE")
    await trio.sleep(1)
    assert station.now.drivers[1].is_contactor_closed  # after the boot it serves again


async def test_5_14_without_a_transaction_it_boots_at_once(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    for number, type in enumerate(("Soft", "Hard", "Soft"), start=1):
        station.now.csms.forget()
        assert await reset(station, type) == "Accepted"
        await trio.sleep(10)
        assert len(station.restarts) == number
        assert spoken(station) == ["BootNotification"]


async def test_5_14_out_of_service_stays_out_of_service(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    csms = station.now.csms
    await csms.call(v16.ChangeAvailabilityRequest(connector_id=2, type="Inoperative"))
    await trio.sleep(1)
    csms.forget()
    await reset(station, "Hard")
    await trio.sleep(10)
    assert csms.statuses(2) == ["Unavailable"]


async def test_5_14_every_transaction_is_stopped(
    station: Rebooting, autojump_clock: MockClock
) -> None:
    await station.now.charge(evse=1, token="ONE")
    await station.now.charge(evse=2, token="TWO")
    await reset(station, "Soft")
    await trio.sleep(20)
    stops = station.now.csms.of(v16.StopTransactionRequest)
    assert len({stop.transaction_id for stop in stops}) == len(stops) == 2
    assert {stop.reason for stop in stops} == {"SoftReset"}


async def test_5_14_the_register_goes_on(station: Rebooting, autojump_clock: MockClock) -> None:
    csms = station.now.csms
    await station.now.charge()
    await trio.sleep(600)
    await reset(station, "Soft")
    await trio.sleep(20)
    station.now.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    (stop,) = csms.of(v16.StopTransactionRequest)
    start = csms.of(v16.StartTransactionRequest)[-1]
    assert start.meter_start >= stop.meter_stop > 1000
