"""A station that offers several versions speaks the one that the CSMS chooses: over a socket."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
import trio

from pilotwire.engine.wire.accept import Acceptance, Admission, Applicant, serve_links
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link import Link, LinkSettings
from pilotwire.engine.wire.session import Session
from pilotwire.profiles.family import VERSIONS

from .world import World

OFFERED = ("ocpp2.1", "ocpp2.0.1", "ocpp1.6")
QUICK = LinkSettings(handshake_timeout=2.0, close_timeout=0.2)


async def admit(applicant: Applicant) -> Admission:
    return "anonymous"


@asynccontextmanager
async def listening(world: World, *versions: str) -> AsyncIterator[int]:
    """The world's CSMS behind a socket, speaking only these versions; gives its port."""

    async def handle(link: Link, applicant: Applicant) -> None:
        version = VERSIONS[link.subprotocol or ""]
        await Session(link, version, "csms", world.csms.answer).run()

    acceptance = Acceptance(
        versions=tuple(VERSIONS[version] for version in versions), settings=QUICK
    )
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(serve_links, listeners, acceptance, admit, handle))
        yield listeners[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize(
    ("spoken", "chosen"),
    [
        (("ocpp2.1", "ocpp2.0.1", "ocpp1.6"), "ocpp2.1"),
        (("ocpp2.0.1", "ocpp1.6"), "ocpp2.0.1"),
        (("ocpp1.6",), "ocpp1.6"),
        (("ocpp1.6", "ocpp2.1"), "ocpp1.6"),  # its order of preference counts
    ],
)
async def test_the_csms_chooses_among_the_versions_offered(
    spoken: tuple[str, ...], chosen: str
) -> None:
    world = World()
    world.subprotocol = chosen  # whose schemas the frames are checked by
    has_told = trio.Event()

    def note(request: Any) -> Any:
        has_told.set()
        return world.csms.friendly(request)

    told_by = "NotifyEvent" if chosen == "ocpp2.1" else "StatusNotification"
    world.csms.on(told_by, note)
    async with listening(world, *spoken) as port, trio.open_nursery() as nursery:
        dial = Dial(
            url=f"ws://127.0.0.1:{port}/", identity="S-1", subprotocols=OFFERED, settings=QUICK
        )
        world.station.network.open_link = lambda profile, nursery: open_link(nursery, dial)
        with trio.fail_after(10):
            await nursery.start(world.live)
            await has_told.wait()
        nursery.cancel_scope.cancel()
    face = world.station.network.face
    assert face is not None
    assert face.VERSION is VERSIONS[chosen]
    assert world.csms.actions()[:2] == ["BootNotification", told_by]
    assert world.violations == []
