"""A simulated EVSE that is run: commands go in, and what it reports is kept."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
import trio
import trio.testing

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.machines.effects import CloseContactor, Command
from pilotwire.machines.events import Event

CAR = Ev(battery_wh=60_000, state_of_charge=20, phases=3, ac_max_amperes=16, efficiency=0.9)


class Rig:
    """A simulated EVSE that is run, with what it has reported since it was last looked at."""

    def __init__(self, evse: SimulatedEvse) -> None:
        self.evse = evse
        self.reports: list[Event] = []
        self.commands: trio.MemorySendChannel[Command]

    def report(self, fact: Event) -> None:
        self.reports.append(fact)

    def take(self) -> list[Event]:
        reports, self.reports = self.reports, []
        return reports

    async def obey(self, *commands: Command) -> list[Event]:
        for command in commands:
            await self.commands.send(command)
        await trio.testing.wait_all_tasks_blocked()
        return self.take()


@asynccontextmanager
async def run_it(evse: SimulatedEvse) -> AsyncIterator[Rig]:
    rig = Rig(evse)
    rig.commands, commands = trio.open_memory_channel[Command](0)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(evse.run, commands, rig.report)
        await trio.testing.wait_all_tasks_blocked()
        yield rig
        nursery.cancel_scope.cancel()


@asynccontextmanager
async def charge_it(evse: SimulatedEvse, ev: Ev = CAR) -> AsyncIterator[Rig]:
    """Run it with a car whose contactor is closed already, all reports up to there taken."""
    async with run_it(evse) as rig:
        evse.plug_in(ev)
        await rig.obey(CloseContactor(1))
        yield rig


@pytest.fixture
def running() -> Callable[[SimulatedEvse], AbstractAsyncContextManager[Rig]]:
    """Run an EVSE: `async with running(evse) as rig`."""
    return run_it


@pytest.fixture
def charging() -> Callable[..., AbstractAsyncContextManager[Rig]]:
    """Run an EVSE with a car that draws power: `async with charging(evse) as rig`."""
    return charge_it
