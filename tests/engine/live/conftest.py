"""A real station with two EVSEs over a link in memory, whose CSMS accepts everything."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
import trio

from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.clock import Clock
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.live import Live
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import Session
from pilotwire.machines.settings import Settings
from pilotwire.profiles.device_model import DeviceModel
from pilotwire.profiles.face import Identity
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import NetworkProfile, variable
from pilotwire.profiles.standard import STANDARD

START = 1_700_000_000.0  # 2023-11-14T22:13:20Z


class Stage:
    """The station, its hardware, and the CSMS's end of its link."""

    def __init__(self) -> None:
        self.clock = Clock(START)
        self.evses = [SimulatedEvse(EvseHardware(tells_state_of_charge=True)) for _ in range(2)]
        self.csms: Session | None = None

    def station(self, live: Live) -> ChargingStation:
        model = DeviceModel(STANDARD)
        model.configure(variable(1, "OcppCsmsUrl"), "ws://csms.example")
        return ChargingStation(
            identity=Identity(vendor="Pilotwire", model="Simulated"),
            open_link=self._open_link,
            connectors=[1, 1],
            drivers=self.evses,
            model=model,
            settings=Settings(),
            journal=Journal.open(None, inline=True),
            clock=self.clock,
            on_message=live.message,
            on_change=live.change,
        )

    async def call(self, request: Any) -> Any:  # any of the CSMS's requests
        assert self.csms is not None
        return await self.csms.call(request)

    async def _open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        self.csms = Session(far, OCPP_16, "csms", self._answer)
        nursery.start_soon(self.csms.run)
        return near

    def _answer(self, request: Any) -> Any:
        accepted = v16.IdTagInfo(status="Accepted")
        match request:
            case v16.BootNotificationRequest():
                return v16.BootNotificationResponse(
                    status="Accepted", current_time=self.clock.now(), interval=300
                )
            case v16.AuthorizeRequest():
                return v16.AuthorizeResponse(id_tag_info=accepted)
            case v16.StartTransactionRequest():
                return v16.StartTransactionResponse(id_tag_info=accepted, transaction_id=77)
            case _:
                return type(request).response()


@pytest.fixture
def on_stage() -> Callable[[Live], AbstractAsyncContextManager[Stage]]:
    """Run a station that this Live shows, while the block lasts."""

    @asynccontextmanager
    async def running(live: Live) -> AsyncIterator[Stage]:
        stage = Stage()
        station = stage.station(live)
        live.watch_station(station)
        async with trio.open_nursery() as nursery:
            await nursery.start(station.run)
            await trio.sleep(1)
            yield stage
            nursery.cancel_scope.cancel()

    return running
