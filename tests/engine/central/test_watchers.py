"""What those who watch are told."""

from trio.testing import wait_all_tasks_blocked

from pilotwire.engine.central.events import (
    ConnectorChanged,
    MessageSeen,
    StationConnected,
    StationGone,
    StationRegistered,
    TransactionChanged,
)
from pilotwire.profiles.messages.v16 import ChangeConfigurationRequest

START = '{"connectorId":1,"idTag":"GOOD","meterStart":1,"timestamp":"2026-01-02T03:00:00Z"}'
STATUS = '{"connectorId":1,"errorCode":"GroundFailure","status":"Faulted"}'


async def test_the_life_of_a_station_as_events(central, connect):
    events = []
    central.on_event(events.append)
    station = await connect(central)
    await station.call("StatusNotification", STATUS)
    started = await station.call("StartTransaction", START)
    await station.call("StartTransaction", START)  # again: nothing new
    stop = (
        f'{{"transactionId":{started["transactionId"]},"meterStop":5,'
        '"timestamp":"2026-01-02T05:00:00Z"}'
    )
    await station.call("StopTransaction", stop)
    await station.call("StopTransaction", stop)
    await station.link.close()
    await wait_all_tasks_blocked()
    told = [event for event in events if not isinstance(event, MessageSeen)]
    connected, registered, connector, begun, ended, gone = told
    assert isinstance(connected, StationConnected)
    assert connected.version == "ocpp1.6"
    assert isinstance(registered, StationRegistered)
    assert registered.registration == "Accepted"
    assert isinstance(connector, ConnectorChanged)
    assert (connector.report.status, connector.report.error_code) == ("Faulted", "GroundFailure")
    assert isinstance(begun, TransactionChanged)
    assert isinstance(ended, TransactionChanged)
    assert (begun.kind, ended.kind) == ("started", "ended")
    assert ended.transaction.meter_stop == 5
    assert isinstance(gone, StationGone)
    assert "1000" in gone.reason
    assert {event.station_id for event in events} == {"CS-1"}


async def test_messages_both_ways_with_their_actions(central, station, nursery):
    events = []
    central.on_event(events.append)
    await station.say('[2,"1","Heartbeat",{}]')
    await station.say('[2,"2","Nonsense",{}]')
    await station.link.send("junk")
    await wait_all_tasks_blocked()
    request = ChangeConfigurationRequest(key="AuthorizationKey", value="00" * 16)
    nursery.start_soon(central.issue_command, "CS-1", request)
    message_id = (await station.hear()).split('"')[1]
    await station.link.send(f'[3,"{message_id}",{{"status":"Rejected"}}]')
    await wait_all_tasks_blocked()
    seen = [(event.direction, event.kind, event.action, event.message_id) for event in events]
    assert seen == [
        ("received", "CALL", "Heartbeat", "1"),
        ("sent", "CALLRESULT", "Heartbeat", "1"),
        ("received", "CALL", "Nonsense", "2"),
        ("sent", "CALLERROR", "Nonsense", "2"),
        ("received", "other", "", ""),
        ("sent", "CALL", "ChangeConfiguration", message_id),
        ("received", "CALLRESULT", "ChangeConfiguration", message_id),
    ]
    # A01.FR.09: the password is not shown.
    assert "00" * 16 not in events[5].text
    assert '"value":"***"' in events[5].text


async def test_who_no_longer_watches_is_told_nothing(central, station):
    events = []
    stop = central.on_event(events.append)
    await station.say('[2,"1","Heartbeat",{}]')
    count = len(events)
    assert count == 2
    stop()
    await station.say('[2,"2","Heartbeat",{}]')
    assert len(events) == count


async def test_who_is_connected_can_be_asked(central, connect):
    assert not central.connections
    station = await connect(central)
    await station.call("StatusNotification", STATUS)
    connection = central.connections["CS-1"]
    assert connection.version.subprotocol == "ocpp1.6"
    assert connection.station.boot.vendor_name == "Acme"
    assert [report.status for report in connection.station.connectors.values()] == ["Faulted"]
    assert connection.since <= connection.last_message_at
    await station.link.close()
    await wait_all_tasks_blocked()
    assert not central.connections
