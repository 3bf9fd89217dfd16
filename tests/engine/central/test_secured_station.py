"""Our station at our central system, over real sockets and TLS: passwords and security profiles are
changed while it is connected (A01, A05).
"""

import random
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import trio
import trustme
from msgspec.structs import replace

from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central, Config, Network, Station
from pilotwire.engine.config.network import NetworkProfile
from pilotwire.engine.config.security import CentralTls, ServerCertificate, StationTls
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.secrets import Secret
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.station_dial import Dialler, reach_of
from pilotwire.engine.station_model import device_model
from pilotwire.engine.tls_files import StationCertificates, server_tls
from pilotwire.machines.settings import Settings
from pilotwire.profiles.csms import SecurityEventReported
from pilotwire.profiles.face import Identity
from pilotwire.profiles.messages import v16, v21

from ..pki import ca_file, pair

OLD, NEW = "first-horse-battery", "second-horse-battery"
PATIENCE = 30.0  # s, on a busy machine


class Place:
    """A central system with both ports, and a station that knows slot 1 (plain) and 2 (TLS)."""

    def __init__(self, folder: Path, ca: trustme.CA) -> None:
        self.folder = folder
        server = pair(folder / "central", ca.issue_cert("localhost"))
        self.own = pair(folder / "station", ca.issue_cert("x", common_name="S-1"))
        self.ca_file = ca_file(folder, ca)
        self.settings = Central(
            port=0,
            database=folder / "central.sqlite",
            tls=CentralTls(
                port=0,
                client_ca_file=self.ca_file,
                certificates=(ServerCertificate(certificate_file=server[0], key_file=server[1]),),
            ),
        )

    def config(self, central: CentralSystem, version: Any) -> Config:
        tls = StationTls(ca_file=self.ca_file, certificate_file=self.own[0], key_file=self.own[1])
        plain, secured = central.port, central.tls_port
        profiles = (
            NetworkProfile(slot=1, url=f"ws://localhost:{plain}", security_profile=1),
            NetworkProfile(slot=2, url=f"wss://localhost:{secured}", security_profile=2),
            NetworkProfile(slot=3, url=f"wss://localhost:{secured}", security_profile=3),
        )
        network = Network(
            profiles=profiles,
            priority=(1,),
            retry_minimum_seconds=0.001,
            retry_random_seconds=0.0,
        )
        station = Station(
            identity="CS-1", serial_number="S-1", versions=(version,), network=network, tls=tls
        )
        return Config(station=station)

    def station(self, config: Config) -> ChargingStation:
        passwords = {slot: Secret(OLD.encode()) for slot in (1, 2, 3)}
        model = device_model(config.station, passwords)
        clock = Clock()
        certificates = StationCertificates(config.station.tls)
        return ChargingStation(
            identity=Identity(vendor="V", model="M", serial_number="S-1"),
            open_link=Dialler(config, model, certificates).open_link,
            reach=reach_of(config.station, certificates, clock),
            connectors=[1],
            drivers=[SimulatedEvse(EvseHardware())],
            model=model,
            settings=Settings(),
            journal=Journal.open(self.folder / "journal.sqlite", inline=True),
            clock=clock,
            chance=random.Random(1),
        )


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    return Place(tmp_path, trustme.CA())


@pytest.fixture
async def central(place: Place) -> AsyncIterator[CentralSystem]:
    opened = CentralSystem.open(
        place.settings,
        Clock(),
        passwords={"CS-1": Secret(OLD.encode())},
        tls=server_tls(place.settings.tls),
    )
    async with opened as central:
        yield central


async def until(holds: Callable[[], object]) -> None:
    with trio.fail_after(PATIENCE):
        while not holds():  # noqa: ASYNC110  # nobody there sets an event for a test
            await trio.sleep(0.01)


def accepted(central: CentralSystem, but: Any = None) -> Any:
    """The station's connection, once it is another than before and accepted."""
    connection = central.connections.get("CS-1")
    if connection is None or connection is but or connection.station.registration != "Accepted":
        return None
    return connection


async def test_a01_fr_03_a_password_is_changed_while_the_station_is_connected(
    place: Place, central: CentralSystem, nursery: trio.Nursery
) -> None:
    station = place.station(place.config(central, "ocpp2.1"))
    await nursery.start(station.run)
    await until(lambda: accepted(central))
    before = accepted(central)
    item = v21.SetVariableDataType(
        component=v21.ComponentType(name="SecurityCtrlr"),
        variable=v21.VariableType(name="BasicAuthPassword"),
        attribute_value=NEW,
    )
    answer = await central.issue_command("CS-1", v21.SetVariablesRequest(set_variable_data=(item,)))
    assert answer.set_variable_result[0].attribute_status == "Accepted"
    await until(lambda: accepted(central, but=before))
    assert central.store.station("CS-1").security_profile == 1  # type: ignore[union-attr]  # it is there
    nursery.cancel_scope.cancel()


async def test_1_6_a05_fr_09_up_to_profile_3_and_never_back(
    place: Place, central: CentralSystem, nursery: trio.Nursery
) -> None:
    config = place.config(central, "ocpp1.6")
    station = place.station(config)
    await nursery.start(station.run)
    await until(lambda: accepted(central))
    for profile in (2, 3):
        before = accepted(central)
        request = v16.ChangeConfigurationRequest(key="SecurityProfile", value=str(profile))
        assert (await central.issue_command("CS-1", request)).status == "Accepted"
        await until(lambda before=before: accepted(central, but=before))
        assert central.connections["CS-1"].link.peer.is_tls
        await until(lambda profile=profile: shown_profile(station) == profile)
    assert central.connections["CS-1"].link.peer.certificate
    for lower in ("1", "2"):
        request = v16.ChangeConfigurationRequest(key="SecurityProfile", value=lower)
        assert (await central.issue_command("CS-1", request)).status == "Rejected"
    events = [each.type for each in central.store.reports("CS-1", SecurityEventReported)]
    assert "StartupOfTheDevice" in events
    nursery.cancel_scope.cancel()


def shown_profile(station: ChargingStation) -> int:
    return station.integer("SecurityCtrlr.SecurityProfile")


async def test_a_station_that_went_up_is_not_let_in_below_any_more(
    place: Place, central: CentralSystem, nursery: trio.Nursery
) -> None:
    await central.set_security_profile("CS-1", 2)
    config = place.config(central, "ocpp2.0.1")
    network = replace(config.station.network, priority=(1, 2), attempts=1)
    config = Config(station=replace(config.station, network=network))
    await nursery.start(place.station(config).run)
    await until(lambda: accepted(central))
    assert central.connections["CS-1"].link.peer.is_tls
    nursery.cancel_scope.cancel()
