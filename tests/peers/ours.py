"""Our station on a real socket: booted again whenever it is told to, as in a charger."""

import random
from collections.abc import Mapping
from pathlib import Path

import trio

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.clock import Clock
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link import Link
from pilotwire.machines.settings import Settings
from pilotwire.profiles.context import VendorHandler
from pilotwire.profiles.device_model import DeviceModel, Key, Value
from pilotwire.profiles.face import Identity
from pilotwire.profiles.network import NetworkProfile, variable
from pilotwire.profiles.standard import STANDARD

VARIABLES: dict[str, Value] = {
    "OCPPCommCtrlr.RetryBackOffWaitMinimum": 1,
    "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
    "OCPPCommCtrlr.RetryBackOffRepeatTimes": 0,
    "SampledDataCtrlr.TxUpdatedInterval": 1,
}


class OurStation:
    """Two EVSEs of one connector each."""

    def __init__(
        self,
        port: int,
        directory: Path,
        subprotocol: str = "ocpp1.6",
        identity: str = "CS 1",
        vendor_handlers: Mapping[str, VendorHandler] | None = None,
    ) -> None:
        self.drivers = [SimulatedEvse(), SimulatedEvse()]
        self.restarts: list[str] = []
        self._model = DeviceModel(STANDARD)
        self._model.configure(variable(1, "OcppCsmsUrl"), f"ws://127.0.0.1:{port}/ocpp")
        for name, value in VARIABLES.items():
            self._model.configure(Key.parse(name), value)
        self._journal = Journal.open(directory / "journal.sqlite")
        self._dial = Dial(
            url=f"ws://127.0.0.1:{port}/ocpp", identity=identity, subprotocols=(subprotocol,)
        )
        self._vendor_handlers = vendor_handlers

    async def run(self) -> None:
        async with trio.open_nursery() as nursery:
            await nursery.start(self._journal.run)
            boot_reason = "PowerUp"
            while True:
                self.station = self._station(boot_reason)
                boot_reason = (await self.station.run()).boot_reason
                self.restarts.append(boot_reason)

    async def _open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        return await open_link(nursery, self._dial)

    def _station(self, boot_reason: str) -> ChargingStation:
        return ChargingStation(
            identity=Identity(vendor="Vendor", model="Model", serial_number="S-1"),
            open_link=self._open_link,
            connectors=[1, 1],
            drivers=self.drivers,
            model=self._model,
            settings=Settings(),
            journal=self._journal,
            clock=Clock(),
            chance=random.Random(1),
            boot_reason=boot_reason,
            vendor_handlers=self._vendor_handlers,
        )

    def plug_in(self, evse: int = 1) -> None:
        self.drivers[evse - 1].plug_in(Ev())

    def present_token(self, token: str = "DEADBEEF", evse: int = 1) -> None:
        self.drivers[evse - 1].present_token(token)
