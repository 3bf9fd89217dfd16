"""What tests of the station say often: change a key, start it with its configuration."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import trio

from pilotwire.engine.journal.journal import Journal
from pilotwire.profiles.errors import Silence
from pilotwire.profiles.messages import v16

from .world import World

REAL_PATIENCE = 20.0  # s, on a busy machine


async def change(world: World, **keys: object) -> None:
    """Set configuration keys from the CSMS. Each is accepted."""
    for key, value in keys.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        answer = await world.csms.call(v16.ChangeConfigurationRequest(key=key, value=text))
        assert answer.status == "Accepted", (key, answer)


async def started(nursery: trio.Nursery, world: World) -> World:
    """Run the world's station until it has booted."""
    await nursery.start(world.station.run)
    await trio.sleep(1)
    return world


def accepted(parent: str | None = None) -> v16.IdTagInfo:
    if parent is None:
        return v16.IdTagInfo(status="Accepted")
    return v16.IdTagInfo(status="Accepted", parent_id_tag=parent)


def family(request: v16.AuthorizeRequest) -> v16.AuthorizeResponse:
    """Every token belongs to one group."""
    return v16.AuthorizeResponse(id_tag_info=accepted("FAMILY"))


async def never(request: object) -> None:
    """The rule of a CSMS that does not answer."""
    await trio.sleep_forever()


def say_nothing(request: object) -> None:
    """The rule of a CSMS that leaves this one unanswered, and answers what comes after it."""
    raise Silence


def transaction_messages(world: World) -> list[Any]:
    return world.csms.of(
        v16.StartTransactionRequest, v16.MeterValuesRequest, v16.StopTransactionRequest
    )


async def until(holds: Callable[[], bool]) -> None:
    """Wait, by the real clock, for what happens in another process or deep inside of this one."""
    with trio.fail_after(REAL_PATIENCE):
        while not holds():  # noqa: ASYNC110  # nobody there sets an event for a test
            await trio.sleep(0.02)


class PowerCycle:
    """A station whose power comes and goes; its journal and its hardware stay."""

    def __init__(self, directory: Path, **settings: Any) -> None:
        self.path = directory / "journal.sqlite"
        self.settings = settings
        self.drivers: list[Any] | None = None

    async def powered(self, live: Any, **settings: Any) -> World:
        """Run `live(world)` with the station on; then the power fails. Give the world it was."""
        journal = Journal.open(self.path, inline=True)
        world = World(journal, drivers=self.drivers, **{**self.settings, **settings})
        self.drivers = world.drivers
        async with trio.open_nursery() as nursery:
            await nursery.start(world.station.run)
            await trio.sleep(1)
            await live(world)
            await world.csms.drop()
            nursery.cancel_scope.cancel()
        journal.close()
        return world
