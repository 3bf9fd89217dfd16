"""GET /api/events: what a listener is told, when, and how it ends."""

import json

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.web.feed import MOST_READERS, MOST_WAITING, Feed, event_text
from pilotwire.profiles.messages import v16

from .conftest import Api, Listener


@pytest.fixture
async def listener(autojump_clock: MockClock, nursery: trio.Nursery, api: Api) -> Listener:
    listener = Listener(api.app)
    await nursery.start(listener.run)
    return listener


async def test_first_comes_the_whole_station(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    event, data = listener.blocks[0].split("\n")
    assert (listener.status, event) == (200, "event: station")
    assert json.loads(data.removeprefix("data: ")) == await api.get("/api/station")
    assert len(listener.blocks) == 1


async def test_then_what_changes_and_every_message(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    listener.forget()
    await api.post("/api/evses/2/plug-in")
    await trio.sleep(1)
    assert listener.names() == ["evse", "chart", "chart", "message", "message"]
    news = (json.loads(block.partition("data: ")[2]) for block in listener.blocks)
    evse, session, cable, question, answer = news
    assert (session["chart"], session["last"]["entered"]) == ("evse", ["plugged_first"])
    assert (cable["chart"], cable["last"]["cause"]) == ("connector", "CablePlugged")
    assert (evse["evse"], evse["session"]) == (2, "plugged_first")
    assert question["action"] == answer["action"] == "StatusNotification"
    assert question["payload"]["status"] == "Preparing"


async def test_readings_alone_are_no_news(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    await api.world.charge()
    listener.forget()
    await trio.sleep(250)
    assert set(listener.names()) == {"message", ": heartbeat"}  # MeterValues


async def test_the_csms_s_id_of_a_transaction_is_news(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    await api.world.charge()
    await api.world.csms.call(v16.ClearCacheRequest())  # the next message shows it, whatever it is
    evses = [json.loads(b.partition("data: ")[2]) for b in listener.blocks if "event: evse" in b]
    assert evses[-1]["transaction"]["csms_transaction_id"] == "2"


async def test_the_connection_and_the_station_s_availability_are_news(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    listener.forget()
    await api.post("/api/link/disconnect")
    await trio.sleep(0.1)
    station = json.loads(listener.blocks[0].partition("data: ")[2])
    assert listener.names() == ["station", "chart"]
    assert station["connection"]["state"] == "offline"


async def test_what_changed_while_nobody_listened_is_news_when_it_changes_back(
    autojump_clock: MockClock, nursery: trio.Nursery, api: Api, listener: Listener
) -> None:
    listener.go()
    await trio.sleep(1)
    await api.post("/api/evses/1/fault")
    later = Listener(api.app)
    await nursery.start(later.run)
    later.forget()
    await api.post("/api/evses/1/clear-fault")
    await trio.sleep(0.1)
    assert later.names()[0] == "evse"


async def test_a_heartbeat_every_15_s_of_silence(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    listener.forget()
    await trio.sleep(14.9)
    assert listener.blocks == []
    await trio.sleep(0.2)
    assert listener.blocks == [": heartbeat"]
    await trio.sleep(15)
    assert listener.blocks == [": heartbeat"] * 2


async def test_a_listener_that_goes_is_forgotten(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    assert api.watch.feed.has_readers
    listener.go()
    await trio.sleep(0.1)
    assert not api.watch.feed.has_readers
    assert not listener.has_ended  # nobody was there to be told


async def test_the_end_of_the_api_ends_the_news(
    autojump_clock: MockClock, api: Api, listener: Listener
) -> None:
    api.watch.feed.close()
    await trio.sleep(0.1)
    assert listener.has_ended
    response = await api.client.get("/api/events")
    assert response.status_code == 503


async def test_a_slow_listener_is_dropped_and_the_others_are_not(
    autojump_clock: MockClock, nursery: trio.Nursery, api: Api, listener: Listener
) -> None:
    slow = Listener(api.app)
    await nursery.start(slow.run)
    slow.can_take = trio.Event()
    for _ in range(MOST_WAITING):
        await api.post("/api/evses/1/pause")
        await api.post("/api/evses/1/fault")
        await api.post("/api/evses/1/clear-fault")
        await api.post("/api/evses/1/resume")
        await trio.sleep(0.01)
    slow.can_take.set()
    await trio.sleep(1)
    assert slow.has_ended
    assert MOST_WAITING <= len(slow.blocks) <= MOST_WAITING + 3
    assert not listener.has_ended
    assert len(listener.blocks) > 4 * MOST_WAITING


async def test_only_so_many_may_listen(
    autojump_clock: MockClock, nursery: trio.Nursery, api: Api
) -> None:
    listeners = [Listener(api.app) for _ in range(MOST_READERS)]
    for each in listeners:
        await nursery.start(each.run)
    response = await api.client.get("/api/events")
    assert (response.status_code, response.json()["error"]) == (503, "too many listen already")
    listeners[0].go()
    await trio.sleep(0.1)
    again = Listener(api.app)
    await nursery.start(again.run)
    assert again.status == 200


def test_an_event_is_one_line_of_data() -> None:
    assert event_text("x", {"a": "1\n2\r3"}) == b'event: x\ndata: {"a":"1\\n2\\r3"}\n\n'


async def test_a_reader_of_a_closed_feed_comes_to_its_end_at_once() -> None:
    feed = Feed()
    feed.close()
    with feed.subscribed() as news:
        assert [text async for text in news] == []
    assert not feed.has_room
