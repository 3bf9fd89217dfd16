"""The trace rules over live links: of a station, a central system and a fleet."""

from pathlib import Path

import pytest
import structlog
import trio
from prometheus_client import CollectorRegistry, generate_latest
from trio.testing import MockClock

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.store import Store
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central, MessageLog
from pilotwire.engine.config.fields import Invalid
from pilotwire.engine.config.trace import Trace
from pilotwire.engine.message_log import MessageLog as Messages
from pilotwire.engine.trace.logs import read
from pilotwire.engine.trace.verdict import Court
from pilotwire.engine.trace.watch import CentralTrace, StationTrace, TraceCollector, TraceWatch
from pilotwire.engine.wire.memory import memory_link_pair

from ..station.world import START, World

BOOT = '[2,"b","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"One"}]'


def follow(world: World, watch: TraceWatch) -> None:
    trace = StationTrace(watch, "CS-1")
    trace.watch_station(world.station)
    world.station.on_message = trace.message
    world.station.on_change = trace.change


async def test_a_stations_dialogue_is_judged_and_a_broken_rule_told_once(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world, watch = World(), TraceWatch()
    follow(world, watch)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    assert not watch.broken
    with structlog.testing.capture_logs() as logs:
        for _ in range(3):
            watch.frame("CS-1", "csms", '[2,"x","Reset",{}]', START + trio.current_time())
            watch.frame("CS-1", "station", '[3,"x",{"status":"Rejected"}]', START)
    assert watch.broken == {"request-valid": 3}
    (told,) = [entry for entry in logs if entry["event"] == "trace_rule_broken"]
    assert (told["rule"], told["station"], told["message_id"]) == ("request-valid", "CS-1", "x")


async def test_a_link_that_breaks_is_no_breach(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world, watch = World(), TraceWatch()
    follow(world, watch)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    await world.csms.drop()
    await trio.sleep(300)
    world.csms.come_back()
    await trio.sleep(600)
    assert len(world.csms.actions()) > 10
    assert not watch.broken


async def test_a_central_system_judges_each_of_its_stations(
    tmp_path: Path, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    store = Store.open(tmp_path / "central.sqlite", is_inline=True)
    central = CentralSystem(Central(), Clock(START), store)
    watch = TraceWatch()
    central.on_event(CentralTrace(watch))
    for name in ("GOOD", "BAD"):
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        nursery.start_soon(central.accept, far, name)
        await trio.sleep(1)
        await near.send(BOOT)
        await near.receive()
        if name == "BAD":
            await near.send('[2,"b","Heartbeat",{}]')
            await near.receive()
    assert watch.broken == {"message-id-unique": 1}
    registry = CollectorRegistry()
    registry.register(TraceCollector("central", watch))
    page = generate_latest(registry).decode()
    assert 'pilotwire_central_trace_broken_total{rule="message-id-unique"} 1.0' in page
    assert 'pilotwire_central_trace_broken_total{rule="seq-no-gap"} 0.0' in page
    store.close()


async def test_the_message_log_of_a_station_is_clean_links_and_all(
    tmp_path: Path, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    messages = Messages(
        MessageLog(formats=("json", "log", "html"), directory=tmp_path), "CS-1", inline=True
    )
    world.station.on_message, world.station.on_change = messages.message, messages.change
    messages.watch_station(world.station)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    await world.csms.drop()
    await trio.sleep(100)
    world.csms.come_back()
    await trio.sleep(1000)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    for name in ("messages.jsonl", "messages.log", "messages.html"):
        court = Court(is_complete=True)
        entries = list(read(tmp_path / name))
        court.hear(tmp_path / name, entries)
        assert court.verdict.broken == {}
        assert court.verdict.bad_lines == 0
        assert court.verdict.messages > 15
        links = [each for each in entries if "LinkChanged" in repr(each)]
        assert len(links) == 3


def test_a_rule_that_there_is_not_cannot_be_skipped() -> None:
    assert "status-flood" not in Trace(skip=("status-flood",)).rules
    with pytest.raises(Invalid, match="did you mean status-flood"):
        Trace(skip=("status-floods",))
