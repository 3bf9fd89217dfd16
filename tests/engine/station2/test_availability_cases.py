"""Functional block G: what the test cases of Part 6 do, and requirements beside them."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.machines.effects import CloseContactor, LockConnector
from pilotwire.machines.events import (
    CablePlugged,
    ConnectorLocked,
    IdToken,
    LockFailed,
    TokenPresented,
)
from pilotwire.machines.meter import MeterSample

from .conftest import Start
from .test_availability import change
from .world import World

TOKEN = TokenPresented(IdToken("DEADBEEF"))


def latest(world: World) -> tuple[str, ...]:
    """What was told last of the connector of each EVSE; "" where nothing was."""
    evses = range(1, len(world.drivers) + 1)
    return tuple((world.csms.statuses(evse) or [""])[-1] for evse in evses)


async def stop(world: World, evse: int = 1) -> None:
    world.drivers[evse - 1].present_token("DEADBEEF")
    await trio.sleep(1)


# ---- status


async def test_TC_G_01_CS_occupied_by_a_cable(world: World, autojump_clock: MockClock) -> None:
    world.csms.forget()
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert world.csms.statuses(1) == ["Occupied"]  # G01.FR.01, G01.FR.03
    assert world.csms.statuses(2) == []


async def test_TC_G_02_CS_and_available_without(world: World, autojump_clock: MockClock) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.csms.forget()
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.statuses(1) == ["Available"]  # G01.FR.04


async def test_g02_fr_05_whatever_is_sent_counts_as_a_heartbeat(
    world: World, autojump_clock: MockClock
) -> None:
    await trio.sleep(200)
    world.drivers[0].plug_in(Ev())  # which is told
    world.csms.forget()
    await trio.sleep(295)
    assert "Heartbeat" not in world.csms.actions()
    await trio.sleep(10)
    assert world.csms.actions()[-1] == "Heartbeat"


async def test_g02_fr_07_the_time_is_asked_for_once_a_day(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AlignedDataCtrlr.Interval": 60})
    world.csms.forget()
    await trio.sleep(86_300)
    assert "Heartbeat" not in world.csms.actions()
    await trio.sleep(200)
    assert world.csms.actions().count("Heartbeat") == 1


# ---- an EVSE


async def test_TC_G_03_CS_an_evse_goes_out_of_service(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(2, 1))
    world.csms.forget()
    assert await change(world, "Inoperative", evse=1) == "Accepted"  # G03.FR.01-02
    assert world.csms.statuses(1, 1) == world.csms.statuses(1, 2) == ["Unavailable"]  # G03.FR.06
    assert world.csms.statuses(2) == []  # G03.FR.04: the others are not told
    sent = [frame for direction, frame in world.messages if direction == "sent"]
    answered = next(i for i, f in enumerate(sent) if f[-1] == {"status": "Accepted"})
    assert all(frame[0] == 2 for frame in sent[answered + 1 :])  # the answer comes first


async def test_TC_G_04_CS_and_back_into_it(start: Start, autojump_clock: MockClock) -> None:
    world = await start(connectors=(2, 1))
    await change(world, "Inoperative", evse=1)
    world.csms.forget()
    assert await change(world, "Operative", evse=1) == "Accepted"
    assert world.csms.statuses(1, 1) == world.csms.statuses(1, 2) == ["Available"]  # G03.FR.07
    assert world.csms.statuses(2) == []


@pytest.mark.parametrize("place", [{"evse": 1}, {"evse": 1, "connector": 1}])
async def test_TC_G_09_CS_and_TC_G_15_CS_what_is_in_service_stays_so(
    world: World, autojump_clock: MockClock, place: dict[str, int]
) -> None:
    assert await change(world, "Operative", **place) == "Accepted"  # G03.FR.03
    assert latest(world) == ("Available", "Available")


@pytest.mark.parametrize("place", [{"evse": 1}, {"evse": 1, "connector": 1}])
async def test_TC_G_10_CS_and_TC_G_16_CS_what_is_out_of_service_stays_so(
    world: World, autojump_clock: MockClock, place: dict[str, int]
) -> None:
    await change(world, "Inoperative", **place)
    assert await change(world, "Inoperative", **place) == "Accepted"
    assert latest(world) == ("Unavailable", "Available")


@pytest.mark.parametrize("place", [{"evse": 1}, {"evse": 1, "connector": 1}])
@pytest.mark.parametrize("point", ["Authorized", "EVConnected"])
async def test_TC_G_11_CS_and_TC_G_17_CS_an_evse_that_charges_goes_afterwards(
    start: Start, autojump_clock: MockClock, place: dict[str, int], point: str
) -> None:
    world = await start(variables={"TxCtrlr.TxStopPoint": (point,)})
    await world.charge()
    world.csms.forget()
    assert await change(world, "Inoperative", **place) == "Scheduled"  # G03.FR.05
    await trio.sleep(60)
    assert world.drivers[0].is_taking_power
    assert world.csms.statuses(1) == []
    await stop(world)
    assert world.csms.statuses(1) == (["Unavailable"] if point == "Authorized" else [])
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.statuses(1) == ["Unavailable"]  # G01.FR.05
    assert not world.station.tree.evse(1).connectors[0].is_operative


async def test_g03_fr_03_a_change_that_waits_is_taken_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    assert await change(world, "Inoperative", evse=1) == "Scheduled"
    assert await change(world, "Inoperative", evse=1) == "Scheduled"
    assert await change(world, "Operative", evse=1) == "Accepted"
    await stop(world)
    assert latest(world) == ("Occupied", "Available")


# ---- a connector


async def test_TC_G_07_CS_a_connector_goes_out_of_service(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(2,))
    world.csms.forget()
    assert await change(world, "Inoperative", evse=1, connector=2) == "Accepted"
    assert (world.csms.statuses(1, 1), world.csms.statuses(1, 2)) == ([], ["Unavailable"])


async def test_TC_G_08_CS_a_connector_comes_back(start: Start, autojump_clock: MockClock) -> None:
    world = await start(connectors=(2,))
    await change(world, "Inoperative", evse=1, connector=2)
    world.csms.forget()
    assert await change(world, "Operative", evse=1, connector=2) == "Accepted"
    assert (world.csms.statuses(1, 1), world.csms.statuses(1, 2)) == ([], ["Available"])


async def test_g03_fr_07_a_connector_s_own_state_outlives_its_evse_s(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(connectors=(2,))
    await change(world, "Inoperative", evse=1, connector=2)
    await change(world, "Inoperative", evse=1)
    await change(world, "Operative", evse=1)
    assert (world.csms.statuses(1, 1)[-1], world.csms.statuses(1, 2)[-1]) == (
        "Available",
        "Unavailable",
    )


# ---- the station


async def test_TC_G_05_CS_the_station_goes_out_of_service(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    assert await change(world, "Inoperative") == "Accepted"  # G04.FR.01-03
    assert latest(world) == ("Unavailable", "Unavailable")  # G04.FR.05, G04.FR.07


async def test_TC_G_06_CS_and_back_into_it(world: World, autojump_clock: MockClock) -> None:
    await change(world, "Inoperative")
    world.csms.forget()
    assert await change(world, "Operative") == "Accepted"
    assert latest(world) == ("Available", "Available")  # G04.FR.08


async def test_TC_G_12_CS_a_station_in_service_stays_so_and_says_so(
    world: World, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    assert await change(world, "Operative") == "Accepted"  # G04.FR.04
    assert latest(world) == ("Available", "Available")


async def test_TC_G_13_CS_a_station_out_of_service_stays_so_and_says_so(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, "Inoperative")
    world.csms.forget()
    assert await change(world, "Inoperative") == "Accepted"
    assert latest(world) == ("Unavailable", "Unavailable")


async def test_TC_G_14_CS_a_station_that_charges_goes_afterwards(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    assert await change(world, "Inoperative") == "Scheduled"  # G04.FR.06
    assert latest(world) == ("", "Unavailable")
    await trio.sleep(60)
    await stop(world)
    assert latest(world) == ("Unavailable", "Unavailable")


# ---- over a boot


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param({"evse": 1}, ("Unavailable", "Available"), id="TC_G_18"),
        pytest.param({"evse": 1, "connector": 1}, ("Unavailable", "Available"), id="TC_G_19"),
        pytest.param({}, ("Unavailable", "Unavailable"), id="TC_G_21"),
    ],
)
@pytest.mark.parametrize("is_reset", [True, False])
async def test_TC_G_18_CS_and_TC_G_19_CS_and_TC_G_21_CS_what_was_set_outlives_a_boot(
    start: Start,
    autojump_clock: MockClock,
    place: dict[str, int],
    expected: tuple[str, str],
    is_reset: bool,
) -> None:
    world = await start(reboots=True)
    assert await change(world, "Inoperative", **place) == "Accepted"
    assert latest(world) == expected
    world.csms.forget()
    if is_reset:
        await world.csms.call(world.v2.ResetRequest(type="Immediate"))
        await trio.sleep(5)
    else:
        await world.cut_power()
    assert "BootNotification" in world.csms.actions()
    assert latest(world) == expected  # G03.FR.08, G04.FR.09
    assert await change(world, "Operative", **place) == "Accepted"
    world.csms.forget()
    await world.cut_power()
    assert latest(world) == ("Available", "Available")


async def test_g03_fr_08_a_change_that_waits_outlives_a_boot_too(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    await world.charge()
    assert await change(world, "Inoperative", evse=1) == "Scheduled"
    await world.cut_power()
    assert latest(world) == ("Unavailable", "Available")


# ---- locks


async def test_TC_G_20_CS_a_lock_that_does_not_hold(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].break_lock()
    await world.charge()
    await trio.sleep(5)
    assert not world.drivers[0].is_contactor_closed  # G05.FR.01
    lock = [
        data
        for request in world.csms.of("NotifyEvent")
        for data in request.event_data
        if data.component.name == "ConnectorPlugRetentionLock"
    ]
    (event,) = lock  # G05.FR.02
    assert (event.variable.name, event.actual_value, event.trigger) == ("Problem", "true", "Delta")
    assert (event.component.evse.id, event.component.evse.connector_id) == (1, 1)
    assert world.csms.statuses(1)[-1] == "Faulted"
    assert "Charging" not in [e.transaction_info.charging_state for e in world.csms.events()]
    world.drivers[0].unplug()
    world.drivers[0].mend_lock()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Available"
    await world.charge()
    assert world.drivers[0].is_taking_power


class Hardware:
    """A lock that takes its time, and may say nothing, or that it has failed."""

    def __init__(self, answer: Any = None, seconds: float = 0.0) -> None:
        self.answer, self.seconds = answer, seconds
        self.obeyed: list[tuple[float, type]] = []

    def read_meter(self) -> MeterSample:
        return MeterSample(energy_import=0.0)

    async def run(self, commands: Any, report: Any) -> None:
        report(CablePlugged())
        async for command in commands:
            self.obeyed.append((trio.current_time(), type(command)))
            if isinstance(command, LockConnector) and self.answer is not None:
                await trio.sleep(self.seconds)
                report(self.answer)

    def closed_at(self) -> list[float]:
        return [when for when, kind in self.obeyed if kind is CloseContactor]


@pytest.mark.parametrize(
    ("answer", "seconds", "closes_after"),
    [
        (ConnectorLocked(), 2.0, [2.0]),
        (LockFailed(), 2.0, []),
        (None, 0.0, [3.0]),  # hardware that does not speak of its lock
    ],
)
async def test_g05_fr_01_no_contactor_closes_before_the_lock_holds(
    start: Start,
    autojump_clock: MockClock,
    answer: Any,
    seconds: float,
    closes_after: list[float],
) -> None:
    hardware = Hardware(answer, seconds)
    world = await start(connectors=(1,), drivers=[hardware])
    began = trio.current_time()
    world.station.evses[0].report(TOKEN)
    await trio.sleep(20)
    assert [when - began for when in hardware.closed_at()] == closes_after


async def test_a_fixed_cable_waits_for_no_lock(start: Start, autojump_clock: MockClock) -> None:
    hardware = Hardware()
    world = await start(connectors=(1,), drivers=[hardware], fixed_cables=(1,))
    began = trio.current_time()
    world.station.evses[0].report(TOKEN)
    await trio.sleep(20)
    assert [when - began for when in hardware.closed_at()] == [0.0]
