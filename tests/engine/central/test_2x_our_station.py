"""Our station and our central system, for a whole charge, in 2.0.1 and 2.1."""

import random

import pytest
import trio

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.central.variables import (
    base_report,
    get_variables,
    report,
    set_variables,
)
from pilotwire.engine.clock import Clock
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.machines.settings import Settings
from pilotwire.profiles.csms import MessageReported, Place
from pilotwire.profiles.device_model import DeviceModel, Key
from pilotwire.profiles.face import Identity
from pilotwire.profiles.messages import of
from pilotwire.profiles.messages.base import decode
from pilotwire.profiles.network import variable
from pilotwire.profiles.standard import STANDARD

from .conftest import START


@pytest.fixture
async def evse(central, subprotocol, nursery):
    """The first EVSE of a station that is connected to the central system."""

    async def open_link(profile, links):
        near, far = await memory_link_pair(links, subprotocol)
        nursery.start_soon(central.accept, far, "CS-1")
        return near

    evses = [SimulatedEvse(), SimulatedEvse()]
    model = DeviceModel(STANDARD)
    model.configure(variable(1, "OcppCsmsUrl"), "ws://csms.example")
    ended = Key("SampledDataCtrlr", "TxEndedMeasurands")
    model.configure(ended, ("Energy.Active.Import.Register",))
    station = ChargingStation(
        identity=Identity(vendor="Vendor", model="Model", serial_number="S-1"),
        open_link=open_link,
        connectors=(1, 1),
        drivers=evses,
        model=model,
        settings=Settings(),
        journal=Journal.open(None, inline=True),
        clock=Clock(START.timestamp()),
        chance=random.Random(1),
    )
    await nursery.start(station.run)
    return evses[0]


@pytest.fixture
def v2(subprotocol):
    return of(subprotocol.removeprefix("ocpp"))


async def test_a_whole_charge_is_told_without_a_gap(autojump_clock, central, evse, subprotocol):
    await trio.sleep(5)
    assert central.connections["CS-1"].station.registration == "Accepted"
    assert central.store.station("CS-1").version == subprotocol
    evse.plug_in(Ev())
    await trio.sleep(1)
    evse.present_token("GOOD")
    await trio.sleep(600)
    running = central.transactions.running_at("CS-1", Place(1, 1))
    assert (running.charging_state, running.verdict) == ("Charging", "Accepted")
    evse.present_token("GOOD")
    await trio.sleep(5)
    evse.unplug()
    await trio.sleep(60)
    (told,) = central.store.transactions()
    assert (told.id_token.value, told.place, told.reason) == ("GOOD", Place(1, 1), "Local")
    assert not told.is_running
    assert told.missing_events == 0
    events = central.store.transaction_events(told)
    assert [event.seq_no for event in events] == list(range(len(events)))
    assert (events[0].kind, events[-1].kind) == ("Started", "Ended")
    assert told.meter_stop > told.meter_start
    assert central.store.meter_values(told)
    statuses = {c.place: c.report.status for c in central.store.connectors("CS-1") if c.report}
    assert statuses == {Place(1, 1): "Available", Place(2, 1): "Available"}


async def test_a_token_that_is_not_known_gets_no_energy(autojump_clock, central, evse):
    await trio.sleep(5)
    evse.plug_in(Ev())
    await trio.sleep(1)
    evse.present_token("STRANGE")
    await trio.sleep(30)
    assert not evse.is_contactor_closed


async def test_its_variables_are_read_set_and_reported(autojump_clock, central, evse):
    await trio.sleep(5)
    names = [f"EVSE({number}).AvailabilityState" for number in (1, 2, 3)]
    told = await get_variables(central, "CS-1", [*names, *["TxCtrlr.TxStartPoint"] * 60])
    assert [each.value for each in told[:2]] == ["Available", "Available"]
    assert [each.status for each in told if each.key.evse == 3] == ["UnknownComponent"]
    assert len(told) == 63
    threshold = "OCPPCommCtrlr.OfflineThreshold"
    (was_set,) = await set_variables(central, "CS-1", {threshold: 300})
    assert was_set.is_accepted
    everything = {str(each.key): each for each in await base_report(central, "CS-1")}
    assert everything[threshold].value() == "300"
    assert everything["EVSE(1).AvailabilityState"].options[0] == "Available"
    states = await report(central, "CS-1", ["EVSE.AvailabilityState"])
    assert [str(each.key) for each in states] == names[:2]
    assert await report(central, "CS-1", criteria=["Problem"]) == []


async def test_commands_reach_it(autojump_clock, central, evse, v2):
    await trio.sleep(5)
    ask = v2.GetBaseReportRequest(request_id=7, report_base="FullInventory")
    assert (await central.issue_command("CS-1", ask)).status == "Accepted"
    evse.plug_in(Ev())
    await trio.sleep(1)
    start = v2.RequestStartTransactionRequest(
        remote_start_id=5, evse_id=1, id_token=v2.IdTokenType(id_token="GOOD", type="ISO14443")
    )
    assert (await central.issue_command("CS-1", start)).status == "Accepted"
    await trio.sleep(30)
    running = central.transactions.running_at("CS-1", Place(1, 1))
    assert running.remote_start_id == 5
    stop = v2.RequestStopTransactionRequest(transaction_id=running.transaction_id)
    assert (await central.issue_command("CS-1", stop)).status == "Accepted"
    await trio.sleep(30)
    (told,) = central.store.transactions()
    assert told.reason == "Remote"
    kept = [r for r in central.store.reports("CS-1", MessageReported) if r.action == "NotifyReport"]
    parts = [decode(v2.NotifyReportRequest, each.payload) for each in reversed(kept)]
    assert {part.request_id for part in parts} == {7}
    assert [part.seq_no for part in parts] == list(range(len(parts)))
    assert not parts[-1].tbc
