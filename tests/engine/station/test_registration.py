"""Boot registration, heartbeats and reconnects (1.6 4.2, 4.6, OCPP-J 5.4)."""

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.session import CallTimeout
from pilotwire.machines.events import ConnectRequested, DisconnectRequested
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import NetworkProfile

from .world import World, boot_answer


async def test_a_station_boots_and_then_tells_connector_0_and_every_connector(
    world: World, autojump_clock: MockClock
) -> None:
    assert world.csms.actions() == ["BootNotification", *["StatusNotification"] * 3]
    told = world.csms.of(v16.StatusNotificationRequest)
    assert [(t.connector_id, t.status, t.error_code) for t in told] == [
        (0, "Available", "NoError"),
        (1, "Available", "NoError"),
        (2, "Available", "NoError"),
    ]


async def test_meter_values_come_at_the_interval_and_never_run_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await trio.sleep(601)
    told = world.csms.of(v16.MeterValuesRequest)
    assert len(told) == 10
    values = [
        float(value.value)
        for request in told
        for meter_value in request.meter_value
        for value in meter_value.sampled_value
        if value.measurand == "Energy.Active.Import.Register"
    ]
    assert values == sorted(values)
    assert values[-1] > values[0]
    assert {request.transaction_id for request in told} == {world.csms.next_transaction_id}
    phases = {v.phase for v in told[0].meter_value[0].sampled_value if v.measurand == "Voltage"}
    assert phases == {"L1-N", "L2-N", "L3-N"}


async def test_heartbeats_come_after_silence_only(world: World, autojump_clock: MockClock) -> None:
    world.csms.forget()
    await trio.sleep(200)
    world.drivers[0].plug_in(Ev())  # tells a status: a sign of life
    await trio.sleep(200)
    assert "Heartbeat" not in world.csms.actions()
    await trio.sleep(150)
    assert world.csms.actions().count("Heartbeat") == 1


async def test_pending_sends_nothing_until_the_interval_is_over(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    answers = ["Pending", "Rejected", "Accepted"]
    world.csms.on(
        v16.BootNotificationRequest,
        lambda r: boot_answer(answers.pop(0), world.csms.now, interval=100),
    )
    await nursery.start(world.station.run)
    await trio.sleep(99)
    world.drivers[0].plug_in(Ev())
    assert world.csms.actions() == ["BootNotification"]
    read = await world.csms.call(v16.GetConfigurationRequest(key=("HeartbeatInterval",)))
    assert read.configuration_key[0].key == "HeartbeatInterval"
    start = await world.csms.call(v16.RemoteStartTransactionRequest(id_tag="X", connector_id=1))
    assert start.status == "Rejected"
    await trio.sleep(2)
    assert world.csms.actions() == ["BootNotification"] * 2
    await trio.sleep(100)
    assert world.csms.actions()[:4] == [*["BootNotification"] * 3, "StatusNotification"]
    assert world.csms.statuses(1) == ["Preparing"]


async def test_rejected_keeps_silent_until_the_interval_is_over(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    world.csms.on(
        v16.BootNotificationRequest,
        lambda r: boot_answer("Rejected", world.csms.now, interval=100),
    )
    await nursery.start(world.station.run)
    await trio.sleep(1)
    with pytest.raises(CallTimeout):
        await world.csms.call(v16.GetConfigurationRequest())
    assert {direction for direction, frame in world.messages if frame[0] != 2} == {"received"}
    assert world.csms.actions() == ["BootNotification"]


async def test_interval_0_and_no_answer_leave_the_wait_to_the_station(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()

    def refuse(request: object) -> v16.BootNotificationResponse:
        return boot_answer("Rejected", world.csms.now, interval=0)

    world.csms.on(v16.BootNotificationRequest, refuse)
    await nursery.start(world.station.run)
    await trio.sleep(59)
    assert world.csms.actions() == ["BootNotification"]
    world.csms.on(v16.BootNotificationRequest, _never)
    await trio.sleep(2)
    assert world.csms.actions() == ["BootNotification"] * 2
    await trio.sleep(30 + 60)
    assert world.csms.actions() == ["BootNotification"] * 3


async def _never(request: object) -> None:
    await trio.sleep_forever()


async def test_a_mere_reconnect_sends_no_boot_and_only_what_changed(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    await trio.sleep(1)
    world.drivers[1].plug_in(Ev())
    world.csms.forget()
    world.csms.come_back()
    await trio.sleep(60)
    assert world.csms.links == 2
    assert world.csms.actions() == ["StatusNotification"]
    assert world.csms.statuses(2) == ["Preparing"]


async def test_another_central_system_gets_a_boot_notification(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    second = World()
    first = World(
        variables={
            "NetworkConfiguration[2].OcppCsmsUrl": "ws://second.example",
            "OCPPCommCtrlr.NetworkConfigurationPriority": ("1", "2"),
            "OCPPCommCtrlr.NetworkProfileConnectionAttempts": 1,
        }
    )

    async def open_link(profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        world = first if profile.slot == 1 else second
        return await world.open_link(profile, nursery)

    first.station.network.open_link = open_link
    await nursery.start(first.station.run)
    await trio.sleep(1)
    await first.csms.drop()
    await trio.sleep(60)
    assert second.csms.actions()[0] == "BootNotification"
    assert second.csms.statuses(1) == ["Available"]


@pytest.mark.parametrize("moment", [0.0, 0.001, 1.0])
async def test_asked_to_disconnect_and_at_once_to_connect_it_is_online_again(
    world: World, autojump_clock: MockClock, moment: float
) -> None:
    for _ in range(3):
        world.station.deliver(0, DisconnectRequested())
        await trio.sleep(moment)
        world.station.deliver(0, ConnectRequested())
        await trio.sleep(moment)
    await trio.sleep(10)
    assert world.station.tree.is_online
    assert (await world.csms.call(v16.ClearCacheRequest())).status == "Accepted"


async def test_asked_to_connect_and_at_once_to_disconnect_it_stays_offline(
    world: World, autojump_clock: MockClock
) -> None:
    for _ in range(3):
        world.station.deliver(0, DisconnectRequested())
        world.station.deliver(0, ConnectRequested())
    world.station.deliver(0, DisconnectRequested())
    await trio.sleep(100)
    assert not world.station.tree.is_online
    assert world.csms.link.closed is not None
