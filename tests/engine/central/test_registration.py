"""Who is accepted, and what is taken from those who are not (1.6 4.2, J errata 3.10)."""

import json

import pytest
from trio.testing import wait_all_tasks_blocked

from pilotwire.engine.central.central import Policy
from pilotwire.engine.central.errors import StationNotAccepted
from pilotwire.profiles.messages.v16 import (
    ExtendedTriggerMessageRequest,
    GetConfigurationRequest,
    RemoteStartTransactionRequest,
    RemoteStopTransactionRequest,
    TriggerMessageRequest,
)

HEARTBEAT = '[2,"h","Heartbeat",{}]'
REFUSED = '[4,"h","SecurityError","The station has not been accepted yet",{}]'
STATUS = '[2,"s","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]'


@pytest.fixture
def pending(make_central):
    return make_central(Policy(register=lambda station, boot: "Pending", retry_seconds=20))


BOOT = '{"chargePointVendor":"Acme","chargePointModel":"One"}'


async def test_j_errata_3_10_before_the_boot_all_else_is_a_security_error(central, connect):
    station = await connect(central, boots=False)
    assert await station.say(HEARTBEAT) == REFUSED
    await station.hear()  # it is asked to boot
    await station.boot()
    assert (await station.say(HEARTBEAT)).startswith('[3,"h"')


async def test_a_station_that_booted_elsewhere_is_asked_to_boot_here_once(central, connect):
    station = await connect(central, boots=False)
    assert await station.say(HEARTBEAT) == REFUSED
    asked = json.loads(await station.hear())
    assert asked[2:] == ["TriggerMessage", {"requestedMessage": "BootNotification"}]
    assert await station.say(HEARTBEAT) == REFUSED
    await station.link.send(f'[3,"{asked[1]}",{{"status":"Rejected"}}]')
    await wait_all_tasks_blocked()
    assert await station.say(HEARTBEAT) == REFUSED
    await station.boot()
    assert (await station.say(HEARTBEAT)).startswith('[3,"h"')


async def test_before_the_boot_all_else_is_taken_where_the_policy_says_so(make_central, connect):
    central = make_central(Policy(refuses_before_accepted=False))
    station = await connect(central, boots=False)
    assert (await station.say(HEARTBEAT)).startswith('[3,"h"')


async def test_a_station_is_told_to_wait_and_asked_again(pending, connect):
    station = await connect(pending, boots=False)
    answer = await station.call("BootNotification", BOOT)
    assert (answer["status"], answer["interval"]) == ("Pending", 20)
    assert await station.say(HEARTBEAT) == REFUSED


async def test_the_rule_sees_the_station_and_what_it_says_of_itself(make_central, connect):
    def register(station, boot):
        is_ours = station.station_id == "CS-1" and boot.vendor_name == "Acme"
        return "Accepted" if is_ours else "Rejected"

    central = make_central(Policy(register=register))
    one, two = [await connect(central, name, boots=False) for name in ("CS-1", "CS-2")]
    assert (await one.call("BootNotification", BOOT))["status"] == "Accepted"
    assert (await two.call("BootNotification", BOOT))["status"] == "Rejected"
    other = BOOT.replace("Acme", "Other")
    assert (await one.call("BootNotification", other))["status"] == "Rejected"
    assert await one.say(HEARTBEAT) == REFUSED


async def test_what_was_triggered_is_taken_from_a_pending_station(pending, connect, nursery):
    station = await connect(pending, boots=False)
    await station.call("BootNotification", BOOT)
    assert "SecurityError" in await station.say(STATUS)
    request = TriggerMessageRequest(requested_message="StatusNotification")
    nursery.start_soon(pending.issue_command, "CS-1", request)
    message_id = (await station.hear()).split('"')[1]
    await station.link.send(f'[3,"{message_id}",{{"status":"Accepted"}}]')
    await wait_all_tasks_blocked()
    assert await station.say(STATUS) == '[3,"s",{}]'
    assert await station.say(HEARTBEAT) == REFUSED
    await station.call("BootNotification", BOOT)
    assert "SecurityError" in await station.say(STATUS)


async def test_a_trigger_that_was_refused_allows_nothing(pending, connect, nursery):
    station = await connect(pending, boots=False)
    await station.call("BootNotification", BOOT)
    request = ExtendedTriggerMessageRequest(requested_message="SignChargePointCertificate")
    for status, expected in (("Rejected", "SecurityError"), ("Accepted", '{"status":"Rejected"}')):
        nursery.start_soon(pending.issue_command, "CS-1", request)
        message_id = (await station.hear()).split('"')[1]
        await station.link.send(f'[3,"{message_id}",{{"status":"{status}"}}]')
        await wait_all_tasks_blocked()
        assert expected in await station.say('[2,"c","SignCertificate",{"csr":"PEM"}]')


@pytest.mark.parametrize(
    "request_",
    [RemoteStartTransactionRequest(id_tag="GOOD"), RemoteStopTransactionRequest(transaction_id=1)],
)
async def test_4_2_remote_start_and_stop_are_not_sent_to_a_pending_station(
    pending, connect, request_
):
    station = await connect(pending, boots=False)
    await station.call("BootNotification", BOOT)
    with pytest.raises(StationNotAccepted, match=f"Pending: {request_.action}"):
        await pending.issue_command("CS-1", request_)


async def test_4_2_nothing_is_sent_to_a_rejected_station(make_central, connect):
    central = make_central(Policy(register=lambda station, boot: "Rejected"))
    station = await connect(central, boots=False)
    await station.call("BootNotification", BOOT)
    with pytest.raises(StationNotAccepted, match="CS-1 is Rejected"):
        await central.issue_command("CS-1", GetConfigurationRequest())


async def test_a_mere_reconnect_needs_no_boot(make_central, connect):
    central = make_central()
    first = await connect(central)
    await first.link.close()
    second = await connect(central, boots=False)
    assert (await second.say(HEARTBEAT)).startswith('[3,"h"')
    assert central.connections["CS-1"].station.boot.model == "One"
    # Nor does one to a central system that was started anew on the same database.
    third = await connect(make_central(), boots=False)
    assert (await third.say(HEARTBEAT)).startswith('[3,"h"')
