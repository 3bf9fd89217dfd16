"""A driver that obeys at once has no task; it fails and recovers as one that has."""

import trio
from trio.testing import MockClock

from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.machines.effects import CloseContactor, Command
from pilotwire.profiles.messages import v16

from .spoken import started
from .world import World


class BreaksOnce(SimulatedEvse):
    """The first contactor that it is to close breaks it."""

    has_broken = False

    def obey(self, command: Command) -> None:
        if isinstance(command, CloseContactor) and not self.has_broken:
            self.has_broken = True
            raise RuntimeError("the bus is gone")
        super().obey(command)


class WithTask(SimulatedEvse):
    """Whoever overrides `run` has it run."""

    runs = 0

    async def run(self, commands: "trio.MemoryReceiveChannel[Command]", report: object) -> None:
        self.runs += 1
        await super().run(commands, report)  # type: ignore[arg-type]  # it is what it came as


async def test_one_that_breaks_is_faulted_started_anew_and_charges_on(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    driver = BreaksOnce()
    world = await started(nursery, World(drivers=[driver, SimulatedEvse()]))
    await world.charge()
    await trio.sleep(10)
    assert driver.has_broken
    told = [s.error_code for s in world.csms.of(v16.StatusNotificationRequest)]
    assert "InternalError" in told
    assert told[-1] == "NoError"
    assert driver.is_contactor_closed
    assert driver.is_taking_power


async def test_cancelling_the_station_opens_its_contactor(autojump_clock: MockClock) -> None:
    driver = SimulatedEvse()
    async with trio.open_nursery() as nursery:
        world = await started(nursery, World(drivers=[driver, SimulatedEvse()]))
        await world.charge()
        assert driver.is_contactor_closed
        nursery.cancel_scope.cancel()
    assert not driver.is_contactor_closed


async def test_a_run_of_its_own_is_run(autojump_clock: MockClock, nursery: trio.Nursery) -> None:
    driver = WithTask()
    world = await started(nursery, World(drivers=[driver, SimulatedEvse()]))
    await world.charge()
    assert driver.runs == 1
    assert driver.is_taking_power


async def test_one_that_overrides_run_has_its_task(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    driver = WithTask()
    world = await started(nursery, World(drivers=[driver, SimulatedEvse()]))
    await world.charge()
    assert driver.runs == 1
    assert driver.is_contactor_closed
