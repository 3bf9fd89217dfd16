"""Who is accepted in 2.0.1 and 2.1, and what is taken from those who are not (B01 to B03)."""

import json

import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from pilotwire.engine.central.central import Policy
from pilotwire.engine.central.errors import StationNotAccepted
from pilotwire.engine.wire.alarms import Alarms
from pilotwire.engine.wire.link import Peer
from pilotwire.engine.wire.link_errors import LinkClosed
from pilotwire.profiles.messages import of

BOOT = (
    '{"reason":"RemoteReset","chargingStation":{"vendorName":"Acme","model":"One",'
    '"serialNumber":"S-1","firmwareVersion":"1.2","modem":{"iccid":"8931","imsi":"2620"}}}'
)
HEARTBEAT = '[2,"h","Heartbeat",{}]'
REFUSED = '[4,"h","SecurityError","The station has not been accepted yet",{}]'
REPORT = '{"requestId":7,"generatedAt":"2026-01-02T03:04:05Z","seqNo":0}'
STATUS = (
    '{"timestamp":"2026-01-02T03:04:05Z","connectorStatus":"Available","evseId":1,"connectorId":1}'
)


@pytest.fixture
def v2(subprotocol):
    return of(subprotocol.removeprefix("ocpp"))


@pytest.fixture
def pending(make_central):
    return make_central(Policy(register=lambda station, boot: "Pending", retry_seconds=20))


async def test_b01_a_station_boots_and_is_known(central, connect, subprotocol):
    station = await connect(central, boots=False, subprotocol=subprotocol)
    assert await station.call("BootNotification", BOOT) == {
        "currentTime": "2026-01-02T03:04:05Z",
        "interval": 300,
        "status": "Accepted",
    }
    row = central.store.station("CS-1")
    assert row.version == subprotocol
    boot = row.boot
    assert (boot.vendor_name, boot.model, boot.serial_number) == ("Acme", "One", "S-1")
    assert (boot.firmware_version, boot.iccid, boot.imsi) == ("1.2", "8931", "2620")
    assert boot.reason == "RemoteReset"
    assert await station.call("Heartbeat", "{}") == {"currentTime": "2026-01-02T03:04:05Z"}
    assert await station.call("StatusNotification", STATUS) == {}
    (connector,) = central.store.connectors("CS-1")
    assert (connector.place.evse, connector.report.status) == (1, "Available")


async def test_b02_fr_09_a_pending_station_may_only_boot(pending, connect, subprotocol):
    station = await connect(pending, boots=False, subprotocol=subprotocol)
    answer = await station.call("BootNotification", BOOT)
    assert (answer["status"], answer["interval"]) == ("Pending", 20)
    assert await station.say(HEARTBEAT) == REFUSED


async def test_b03_fr_07_so_may_a_rejected_one_and_b03_fr_03_it_is_sent_nothing(
    make_central, connect, subprotocol, v2
):
    central = make_central(Policy(register=lambda station, boot: "Rejected"))
    station = await connect(central, boots=False, subprotocol=subprotocol)
    assert (await station.call("BootNotification", BOOT))["status"] == "Rejected"
    assert await station.say(HEARTBEAT) == REFUSED
    with pytest.raises(StationNotAccepted, match="CS-1 is Rejected"):
        await central.issue_command(
            "CS-1", v2.GetBaseReportRequest(request_id=1, report_base="FullInventory")
        )


async def test_b02_fr_05_remote_start_and_stop_are_not_sent_to_a_pending_station(
    pending, connect, subprotocol, v2
):
    station = await connect(pending, boots=False, subprotocol=subprotocol)
    await station.call("BootNotification", BOOT)
    token = v2.IdTokenType(id_token="GOOD", type="Central")
    start = v2.RequestStartTransactionRequest(remote_start_id=1, id_token=token)
    for request in (start, v2.RequestStopTransactionRequest(transaction_id="t")):
        with pytest.raises(StationNotAccepted, match="Pending"):
            await pending.issue_command("CS-1", request)


def report_of(v2):
    component = v2.ComponentVariableType(component=v2.ComponentType(name="EVSE"))
    return v2.GetReportRequest(request_id=7, component_variable=(component,))


@pytest.mark.parametrize(
    ("ask", "action", "payload"),
    [
        (
            lambda v2: v2.GetBaseReportRequest(request_id=7, report_base="FullInventory"),
            "NotifyReport",
            REPORT,
        ),
        (report_of, "NotifyReport", REPORT),
        (
            lambda v2: v2.TriggerMessageRequest(requested_message="StatusNotification"),
            "StatusNotification",
            STATUS,
        ),
        (
            lambda v2: v2.TriggerMessageRequest(requested_message="SignChargingStationCertificate"),
            "SignCertificate",
            '{"csr":"PEM"}',
        ),
    ],
    ids=["base report", "report", "status", "certificate"],
)
async def test_b02_fr_09_what_was_asked_for_is_taken(
    pending, connect, nursery, subprotocol, v2, ask, action, payload
):
    station = await connect(pending, boots=False, subprotocol=subprotocol)
    await station.call("BootNotification", BOOT)
    frame = f'[2,"r","{action}",{payload}]'
    assert "SecurityError" in await station.say(frame)
    for status, is_taken in (("Rejected", False), ("Accepted", True)):
        nursery.start_soon(pending.issue_command, "CS-1", ask(v2))
        message_id = json.loads(await station.hear())[1]
        await station.link.send(f'[3,"{message_id}",{{"status":"{status}"}}]')
        assert (await station.say(frame)).startswith('[3,"r"') is is_taken
    assert await station.say(HEARTBEAT) == REFUSED


async def test_a_station_that_booted_elsewhere_is_asked_to_boot_here(central, connect, subprotocol):
    station = await connect(central, boots=False, subprotocol=subprotocol)
    assert await station.say(HEARTBEAT) == REFUSED
    asked = json.loads(await station.hear())
    assert asked[2:] == ["TriggerMessage", {"requestedMessage": "BootNotification"}]
    await station.boot()
    assert (await station.say(HEARTBEAT)).startswith('[3,"h"')


async def test_a_send_of_a_station_that_is_not_accepted_is_dropped(pending, connect):
    station = await connect(pending, boots=False, subprotocol="ocpp2.1")
    await station.link.send(
        '[6,"s","NotifyPeriodicEventStream",{"id":1,"pending":0,'
        '"basetime":"2026-01-02T03:04:05Z","data":[{"t":0.0,"v":"1"}]}]'
    )
    await wait_all_tasks_blocked()
    assert pending.store.reports("CS-1") == []


class EagerLink:
    """A link that brings whole batches of frames, without a pause between them."""

    def __init__(self, subprotocol):
        self.subprotocol = subprotocol
        self.peer = Peer()
        self.closed = None
        self.alarms = Alarms()
        self.gone = trio.Event()
        self.sent = []
        self._receiver = None

    async def feed(self, *frames):
        """Have them read, and wait until all that follows from them has happened."""
        await wait_all_tasks_blocked()
        for frame in frames:
            self._receiver.receive(frame.encode())
        await wait_all_tasks_blocked()

    def attach(self, receiver):
        self._receiver = receiver

    def post(self, text):
        self.sent.append(text.decode())

    async def close(self, code=1000, reason=""):
        self.closed = LinkClosed(code, reason)


async def test_b02_fr_09_what_was_asked_for_may_come_in_one_packet_with_the_answer(
    pending, nursery, subprotocol, v2
):
    link = EagerLink(subprotocol)
    nursery.start_soon(pending.accept, link, "CS-1")
    await link.feed(f'[2,"b","BootNotification",{BOOT}]')
    ask = v2.GetBaseReportRequest(request_id=7, report_base="FullInventory")
    for status, is_taken in (("Rejected", False), ("Accepted", True)):
        nursery.start_soon(pending.issue_command, "CS-1", ask)
        await wait_all_tasks_blocked()
        message_id = json.loads(link.sent[-1])[1]
        answer = f'[3,"{message_id}",{{"status":"{status}"}}]'
        await link.feed(answer, f'[2,"r","NotifyReport",{REPORT}]')
        assert link.sent[-1].startswith('[3,"r"') is is_taken
