"""What a station of 2.0.1 or 2.1 tells of its monitors, and what they have found."""

from pilotwire.engine.central.events import ConnectorChanged
from pilotwire.profiles.csms import EventReported, MessageReported, MonitorReported, Place

AT = '"2026-01-02T03:04:05Z"'
POWER = '"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"}'
STATE = (
    '"component":{"name":"Connector","evse":{"id":1,"connectorId":2}},'
    '"variable":{"name":"AvailabilityState"}'
)


def notified(*events):
    told = ",".join(f'{{"timestamp":{AT},{event}}}' for event in events)
    return f'{{"generatedAt":{AT},"seqNo":0,"eventData":[{told}]}}'


async def test_n07_fr_03_each_event_is_kept_and_confirmed(central, station2, subprotocol):
    severity = ',"severity":4' if subprotocol == "ocpp2.1" else ""
    alert = (
        f'"eventId":7,"trigger":"Alerting","actualValue":"11000",{POWER},"variableMonitoringId":3,'
        f'"eventNotificationType":"CustomMonitor","transactionId":"T-1","techCode":"E1",'
        f'"techInfo":"hot","cause":5{severity}'
    )
    cleared = (
        f'"eventId":8,"trigger":"Alerting","actualValue":"0",{POWER},"cleared":true,'
        '"eventNotificationType":"HardWiredNotification"'
    )
    assert await station2.call("NotifyEvent", notified(alert, cleared)) == {}  # N08.FR.02
    last, first = central.store.reports("CS-1", EventReported)
    assert (first.event_id, first.variable, first.value) == (7, "EVSE(1).Power", "11000")
    assert (first.trigger, first.origin, first.monitor_id) == ("Alerting", "CustomMonitor", 3)
    assert (first.transaction_id, first.tech_code, first.tech_info) == ("T-1", "E1", "hot")
    assert (first.cause, first.cleared) == (5, False)
    assert first.severity == (4 if severity else None)
    assert first.occurred_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert (last.event_id, last.cleared, last.monitor_id, last.cause) == (8, True, None, None)
    assert central.store.reports("CS-1", MessageReported) == []


async def test_g01_an_event_may_tell_the_status_of_a_connector(central, station2):
    changes = []
    central.on_event(changes.append)
    status = (
        f'"eventId":1,"trigger":"Delta","actualValue":"Occupied",{STATE},'
        '"eventNotificationType":"HardWiredNotification"'
    )
    assert await station2.call("NotifyEvent", notified(status)) == {}
    kept = station2_connectors(central)
    assert kept[Place(1, 2)].status == "Occupied"
    assert any(isinstance(change, ConnectorChanged) for change in changes)
    assert central.store.reports("CS-1", EventReported) == []  # there is nothing else in it
    monitored = f'{status},"variableMonitoringId":9'.replace("Occupied", "Faulted")
    await station2.call("NotifyEvent", notified(monitored))
    assert station2_connectors(central)[Place(1, 2)].status == "Faulted"
    (event,) = central.store.reports("CS-1", EventReported)
    assert event.monitor_id == 9


def station2_connectors(central):
    return central.connections["CS-1"].station.connectors


async def test_what_is_no_status_is_only_an_event(central, station2):
    odd = (
        f'"eventId":1,"trigger":"Delta","actualValue":"Flying",{STATE},'
        '"eventNotificationType":"CustomMonitor"'
    )
    evse = odd.replace(STATE, STATE.replace('"Connector"', '"EVSE"')).replace("Flying", "Occupied")
    await station2.call("NotifyEvent", notified(odd, evse))
    assert len(central.store.reports("CS-1", EventReported)) == 2
    assert Place(1, 2) not in station2_connectors(central)


async def test_n02_the_monitors_of_a_report_are_kept(central, station2, subprotocol):
    origin = ',"eventNotificationType":"CustomMonitor"' if subprotocol == "ocpp2.1" else ""
    monitors = ",".join(
        f'{{"id":{number},"transaction":false,"value":{number}.5,"type":"{type_}","severity":4{origin}}}'
        for number, type_ in ((1, "UpperThreshold"), (2, "Delta"))
    )
    payload = (
        f'{{"requestId":7,"seqNo":0,"generatedAt":{AT},"monitor":[{{{POWER},'
        f'"variableMonitoring":[{monitors}]}}]}}'
    )
    assert await station2.call("NotifyMonitoringReport", payload) == {}
    told = sorted(central.store.reports("CS-1", MonitorReported), key=lambda each: each.monitor_id)
    assert [(each.monitor_id, each.type, each.value) for each in told] == [
        (1, "UpperThreshold", 1.5),
        (2, "Delta", 2.5),
    ]
    for each in told:
        assert (each.request_id, each.variable, each.severity) == (7, "EVSE(1).Power", 4)
        assert each.transaction is False
        assert each.origin == ("CustomMonitor" if origin else None)


async def test_a_report_of_monitors_may_be_empty(central, station2):
    payload = f'{{"requestId":7,"seqNo":0,"generatedAt":{AT}}}'
    assert await station2.call("NotifyMonitoringReport", payload) == {}
    assert central.store.reports("CS-1", MonitorReported) == []
