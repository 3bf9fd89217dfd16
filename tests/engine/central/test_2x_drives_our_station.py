"""Our central system drives our station through blocks B, F, G and P, in 2.0.1 and 2.1."""

import random
from collections.abc import Callable
from typing import Any

import pytest
import trio

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.central.central import CentralSystem, Policy
from pilotwire.engine.central.errors import StationNotAccepted
from pilotwire.engine.central.events import MessageSeen
from pilotwire.engine.clock import Clock
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.machines.settings import Settings
from pilotwire.profiles.csms import Place
from pilotwire.profiles.device_model import DeviceModel
from pilotwire.profiles.face import Identity
from pilotwire.profiles.messages import of
from pilotwire.profiles.network import variable
from pilotwire.profiles.standard import STANDARD

from .conftest import START

VENDOR = "com.example"


class Site:
    """A station, booted again whenever a reset ends it, and the central system that drives it."""

    def __init__(self, central: CentralSystem, subprotocol: str, nursery: trio.Nursery) -> None:
        self.central = central
        self.v2: Any = of(subprotocol.removeprefix("ocpp"))
        self.evses = [SimulatedEvse(), SimulatedEvse()]
        self.heard: list[str] = []
        self._subprotocol = subprotocol
        self._nursery = nursery
        self._journal = Journal.open(None, inline=True)
        self._clock = Clock(START.timestamp())
        central.on_event(self._hear)

    def _hear(self, event: Any) -> None:
        if isinstance(event, MessageSeen) and (event.direction, event.kind) == ("received", "CALL"):
            self.heard.append(event.action)

    async def open_link(self, profile: Any, links: trio.Nursery) -> Any:
        near, far = await memory_link_pair(links, self._subprotocol)
        self._nursery.start_soon(self.central.accept, far, "CS-1")
        return near

    async def run(self) -> None:
        boot_reason = "PowerUp"
        while True:
            model = DeviceModel(STANDARD)
            model.configure(variable(1, "OcppCsmsUrl"), "ws://csms.example")
            self.station = ChargingStation(
                identity=Identity(vendor="Vendor", model="Model", serial_number="S-1"),
                open_link=self.open_link,
                connectors=(1, 1),
                drivers=self.evses,
                model=model,
                settings=Settings(),
                journal=self._journal,
                clock=self._clock,
                chance=random.Random(1),
                vendor_handlers={VENDOR: lambda message_id, data: ("Accepted", data)},
                boot_reason=boot_reason,
            )
            boot_reason = (await self.station.run()).boot_reason

    async def ask(self, action: str, **fields: Any) -> Any:
        request = getattr(self.v2, f"{action}Request")(**fields)
        answer = await self.central.issue_command("CS-1", request)
        await trio.sleep(2)
        return answer

    async def charge(self, evse: int = 1) -> str:
        """Somebody charges; gives the transaction's id."""
        self.evses[evse - 1].plug_in(Ev())
        await trio.sleep(1)
        self.evses[evse - 1].present_token("GOOD")
        await trio.sleep(2)
        running = self.central.transactions.running_at("CS-1", Place(evse, 1))
        assert running is not None
        return running.transaction_id

    @property
    def statuses(self) -> dict[int, str]:
        rows = self.central.store.connectors("CS-1")
        return {row.place.evse: row.report.status for row in rows if row.report is not None}

    @property
    def boot_reason(self) -> str | None:
        row = self.central.store.station("CS-1")
        return None if row is None or row.boot is None else row.boot.reason

    def token(self) -> Any:
        return self.v2.IdTokenType(id_token="GOOD", type="ISO14443")


MakeSite = Callable[..., Any]


@pytest.fixture
async def make_site(make_central, subprotocol, nursery) -> MakeSite:
    async def make(policy: Policy | None = None) -> Site:
        site = Site(make_central(policy), subprotocol, nursery)
        nursery.start_soon(site.run)
        await trio.sleep(2)
        return site

    return make


@pytest.fixture
async def site(make_site: MakeSite) -> Site:
    made: Site = await make_site()
    return made


async def test_b02_a_pending_station_is_prepared_and_then_accepted(autojump_clock, make_site):
    answers = ["Pending", "Pending", "Accepted"]
    policy = Policy(register=lambda station, boot: answers.pop(0), retry_seconds=60)
    site = await make_site(policy)
    assert site.central.connections["CS-1"].station.registration == "Pending"
    with pytest.raises(StationNotAccepted):
        await site.ask("RequestStartTransaction", id_token=site.token(), remote_start_id=1)
    threshold = site.v2.SetVariableDataType(
        component=site.v2.ComponentType(name="OCPPCommCtrlr"),
        variable=site.v2.VariableType(name="OfflineThreshold"),
        attribute_value="300",
    )
    told = await site.ask("SetVariables", set_variable_data=(threshold,))
    assert told.set_variable_result[0].attribute_status == "Accepted"
    await site.ask("GetBaseReport", request_id=1, report_base="SummaryInventory")
    place = site.v2.EVSEType(id=1, connector_id=1)
    await site.ask("TriggerMessage", requested_message="StatusNotification", evse=place)
    assert site.heard == ["BootNotification", "NotifyReport", "StatusNotification"]
    assert (await site.ask("TriggerMessage", requested_message="BootNotification")).status == (
        "Accepted"
    )
    assert site.boot_reason == "Triggered"
    assert site.central.connections["CS-1"].station.registration == "Pending"
    await trio.sleep(61)
    assert site.central.connections["CS-1"].station.registration == "Accepted"
    assert site.boot_reason == "PowerUp"
    assert site.statuses == {1: "Available", 2: "Available"}


async def test_b03_a_rejected_station_is_left_alone_until_it_asks_again(autojump_clock, make_site):
    answers = ["Rejected", "Accepted"]
    policy = Policy(register=lambda station, boot: answers.pop(0), retry_seconds=60)
    site = await make_site(policy)
    with pytest.raises(StationNotAccepted):
        await site.ask("GetBaseReport", request_id=1, report_base="FullInventory")
    assert site.heard == ["BootNotification"]
    await trio.sleep(61)
    assert site.central.connections["CS-1"].station.registration == "Accepted"


async def test_b12_the_station_is_reset(autojump_clock, site):
    transaction_id = await site.charge()
    assert (await site.ask("Reset", type="OnIdle")).status == "Scheduled"
    assert site.statuses == {1: "Occupied", 2: "Unavailable"}
    assert (await site.ask("Reset", type="Immediate")).status == "Accepted"
    await trio.sleep(10)
    assert site.boot_reason == "RemoteReset"
    (told,) = site.central.store.transactions()
    assert (told.transaction_id, told.reason) == (transaction_id, "ImmediateReset")
    assert not told.is_running
    assert site.statuses == {1: "Occupied", 2: "Available"}
    assert (await site.ask("Reset", type="OnIdle")).status == "Accepted"
    await trio.sleep(10)
    assert site.heard.count("BootNotification") == 3


async def test_b12_an_evse_is_reset(autojump_clock, site):
    await site.charge(1)
    await site.charge(2)
    assert (await site.ask("Reset", type="Immediate", evse_id=1)).status == "Accepted"
    await trio.sleep(2)
    (running,) = [told for told in site.central.store.transactions() if told.is_running]
    assert running.place == Place(2, 1)
    assert site.heard.count("BootNotification") == 1
    assert site.evses[1].is_taking_power


async def test_f_starts_stops_unlocks_and_asks(autojump_clock, site):
    fields = {"id_token": site.token(), "remote_start_id": 5, "evse_id": 1}
    assert (await site.ask("RequestStartTransaction", **fields)).status == "Accepted"
    site.evses[0].plug_in(Ev())
    await trio.sleep(2)
    running = site.central.transactions.running_at("CS-1", Place(1, 1))
    assert running.remote_start_id == 5
    told = await site.ask("UnlockConnector", evse_id=1, connector_id=1)
    assert told.status == "OngoingAuthorizedTransaction"
    for message in ("Heartbeat", "MeterValues", "TransactionEvent", "LogStatusNotification"):
        site.heard.clear()
        assert (await site.ask("TriggerMessage", requested_message=message)).status == "Accepted"
        assert message in site.heard
    told = await site.ask("TriggerMessage", requested_message="SignV2GCertificate")
    assert told.status == "NotImplemented"
    told = await site.ask("RequestStopTransaction", transaction_id=running.transaction_id)
    assert told.status == "Accepted"
    (ended,) = site.central.store.transactions()
    assert (ended.reason, ended.is_running) == ("Remote", False)
    assert (await site.ask("UnlockConnector", evse_id=1, connector_id=1)).status == "Unlocked"
    assert (await site.ask("UnlockConnector", evse_id=9, connector_id=1)).status == (
        "UnknownConnector"
    )


async def test_g_takes_out_of_service_and_back(autojump_clock, site):
    await site.charge(1)
    whole = await site.ask("ChangeAvailability", operational_status="Inoperative")
    assert whole.status == "Scheduled"
    assert site.statuses == {1: "Occupied", 2: "Unavailable"}
    site.evses[0].present_token("GOOD")
    await trio.sleep(2)
    assert site.statuses == {1: "Unavailable", 2: "Unavailable"}
    await site.ask("ChangeAvailability", operational_status="Operative")
    assert site.statuses == {1: "Occupied", 2: "Available"}
    place = site.v2.EVSEType(id=2, connector_id=1)
    await site.ask("ChangeAvailability", operational_status="Inoperative", evse=place)
    await site.ask("Reset", type="Immediate")
    await trio.sleep(10)
    assert site.statuses == {1: "Occupied", 2: "Unavailable"}  # G03.FR.08


async def test_p_exchanges_what_ocpp_has_no_message_for(autojump_clock, site):
    def answer(station: Any, request: Any, default: Any) -> Any:
        return request.response(status="Accepted", data=[request.message_id])

    site.central.override(site.v2.DataTransferRequest, answer)
    told = await site.ask("DataTransfer", vendor_id=VENDOR, data={"a": 1})
    assert (told.status, told.data) == ("Accepted", {"a": 1})
    assert (await site.ask("DataTransfer", vendor_id="org.example")).status == "UnknownVendorId"
    assert await site.station.transfer_data(VENDOR, "Door") == ("Accepted", ["Door"])
