"""Failover over real sockets: three central systems that die in turn and come back, and one that
moves the station to another.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.events import CentralEvent, StationRegistered, TransactionChanged
from pilotwire.engine.central.variables import set_variables
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central, Config, Network, NetworkProfile, Station
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.station_dial import Dialler
from pilotwire.engine.station_model import device_model
from pilotwire.machines.settings import Settings
from pilotwire.profiles.face import Identity
from pilotwire.profiles.messages import of
from pilotwire.profiles.network import ACTIVE, Reach

STATION = "CS-1"
PATIENCE = 120.0  # s of the clock below


@pytest.fixture
def quick_clock() -> MockClock:
    """Ten seconds pass in one: waits are short, and sockets still have their time."""
    return MockClock(rate=10.0)


class Site:
    """Where a central system is: it dies, and comes back at the same port with its database."""

    def __init__(self, name: str, directory: Path, nursery: trio.Nursery) -> None:
        self.name = name
        self.port = 0
        self.central: CentralSystem | None = None
        self.events, self._receive = trio.open_memory_channel[CentralEvent](10_000)
        self._database = directory / f"{name}.sqlite"
        self._nursery = nursery
        self._scope = trio.CancelScope()
        self._is_gone = trio.Event()

    @property
    def now(self) -> CentralSystem:
        assert self.central is not None
        return self.central

    async def begin(self) -> None:
        await self._nursery.start(self._run)

    async def _run(self, *, task_status: trio.TaskStatus[None]) -> None:
        self._is_gone = trio.Event()
        settings = Central(port=self.port, database=self._database)
        with trio.CancelScope() as self._scope:
            async with CentralSystem.open(settings, Clock()) as self.central:
                self.port = self.central.port
                self.central.on_event(self.events.send_nowait)
                task_status.started()
                await trio.sleep_forever()
        self.central = None
        self._is_gone.set()

    async def die(self) -> None:
        self._scope.cancel()
        await self._is_gone.wait()

    async def heard(self, kind: type[CentralEvent]) -> Any:
        """Wait until the central system has heard this of the station."""
        with trio.fail_after(PATIENCE):
            while True:
                event = await self._receive.receive()
                if isinstance(event, kind):
                    return event


@pytest.fixture
async def sites(
    quick_clock: MockClock, nursery: trio.Nursery, tmp_path: Path
) -> AsyncIterator[list[Site]]:
    sites = [Site(name, tmp_path, nursery) for name in "abc"]
    for site in sites:
        await site.begin()
    yield sites
    nursery.cancel_scope.cancel()


class Living:
    """The station, from boot to boot."""

    def __init__(self, version: Any, *sites: Site) -> None:
        profiles = tuple(
            NetworkProfile(slot=slot, url=f"ws://127.0.0.1:{site.port}")
            for slot, site in enumerate(sites, start=1)
        )
        network = Network(
            profiles=profiles,
            attempts=1,
            retry_minimum_seconds=1.0,
            retry_random_seconds=0.0,
            retry_repeat_times=0,
        )
        variables = {"SampledDataCtrlr.TxUpdatedInterval": 3}
        self.config = Config(
            station=Station(
                identity=STATION, versions=(version,), network=network, variables=variables
            )
        )
        self.driver = SimulatedEvse()
        self.journal = Journal.open(None, inline=True)
        self.station: ChargingStation | None = None

    @property
    def slot(self) -> object:
        assert self.station is not None
        return self.station.model.value(ACTIVE)

    async def run(self) -> None:
        while True:
            model = device_model(self.config.station)
            self.station = ChargingStation(
                identity=Identity(vendor="Vendor", model="Model"),
                open_link=Dialler(self.config, model).open_link,
                reach=Reach(identity=STATION, subprotocols=self.config.station.versions),
                connectors=[1],
                drivers=[self.driver],
                model=model,
                settings=Settings(),
                journal=self.journal,
                clock=Clock(),
            )
            await self.station.run()


@pytest.mark.parametrize("version", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
async def test_three_central_systems_die_in_turn_and_a_charge_goes_on(
    version: str, sites: list[Site], quick_clock: MockClock, nursery: trio.Nursery
) -> None:
    a, b, c = sites
    living = Living(version, *sites)
    nursery.start_soon(living.run)
    await a.heard(StationRegistered)
    living.driver.plug_in(Ev())
    await trio.sleep(1)
    living.driver.present_token("DEADBEEF")
    await a.heard(TransactionChanged)
    await a.die()
    await b.heard(StationRegistered)
    assert living.slot == 2
    await trio.sleep(6)
    await b.die()
    await c.heard(StationRegistered)
    assert living.slot == 3
    await c.die()
    await trio.sleep(8)  # nobody is there: round and round
    await a.begin()
    await a.heard(StationRegistered)
    assert living.slot == 1
    living.driver.present_token("DEADBEEF")
    ended = None
    while ended is None or ended.kind != "ended":
        ended = await a.heard(TransactionChanged)
    assert ended.transaction.station_id == STATION
    await trio.sleep(2)
    assert not living.journal.waiting_in("transactions")


@pytest.mark.parametrize("number", ["2.0.1", "2.1"])
async def test_a_central_system_moves_the_station_to_another(
    number: Any, sites: list[Site], quick_clock: MockClock, nursery: trio.Nursery
) -> None:
    a, b, _ = sites
    living = Living(f"ocpp{number}", a)
    nursery.start_soon(living.run)
    await a.heard(StationRegistered)
    v2 = of(number)
    data = v2.NetworkConnectionProfileType(
        ocpp_version="OCPP20",
        ocpp_transport="JSON",
        ocpp_csms_url=f"ws://127.0.0.1:{b.port}",
        message_timeout=20,
        security_profile=0,
        ocpp_interface="Wired0",
    )
    profile = v2.SetNetworkProfileRequest(configuration_slot=2, connection_data=data)
    answer = await a.now.issue_command(STATION, profile)
    assert answer.status == "Accepted"
    priority = {"OCPPCommCtrlr.NetworkConfigurationPriority": "2,1"}
    (told,) = await set_variables(a.now, STATION, priority)
    assert told.status == "Accepted"
    await a.now.issue_command(STATION, v2.ResetRequest(type="OnIdle"))
    await b.heard(StationRegistered)
    assert living.slot == 2
    assert STATION not in a.now.connections
    assert STATION in b.now.connections
