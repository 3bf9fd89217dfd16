"""Functional block B, resets as dialogues: of the whole station and of one EVSE (B11, B12)."""

from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.machines.events import CableUnplugged, IdToken, ReservationMade
from pilotwire.profiles.standard.places import EvseBuild, places

from .conftest import Start
from .test_availability import change
from .world import World

FIXED = places((EvseBuild(allows_reset=False), EvseBuild()))


async def reset(world: World, type: str, evse: int | None = None) -> str:
    more = {} if evse is None else {"evse_id": evse}
    answer = await world.csms.call(world.v2.ResetRequest(type=type, **more))
    return str(answer.status)


async def never(request: Any) -> None:
    await trio.sleep_forever()


# ---- the whole station


async def test_TC_B_20_CS_an_idle_station_boots_again(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    world.csms.forget()
    assert await reset(world, "OnIdle") == "Accepted"  # B11.FR.01
    await trio.sleep(5)
    (boot,) = world.csms.of("BootNotification")  # B11.FR.03-04, B01.FR.03
    assert boot.reason == "RemoteReset"
    assert (world.csms.statuses(1)[-1], world.csms.statuses(2)[-1]) == ("Available", "Available")


async def test_TC_B_21_CS_on_idle_the_station_waits_for_its_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    await world.charge()
    world.csms.forget()
    assert await reset(world, "OnIdle") == "Scheduled"  # B11.FR.07, B12.FR.01
    await trio.sleep(60)
    assert not world.outcomes
    assert world.csms.statuses(2) == ["Unavailable"]  # B12, 3a
    assert world.drivers[0].is_taking_power
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    (ended,) = world.csms.events("Ended")
    assert ended.transaction_info.stopped_reason == "Local"  # B12.FR.03
    (boot,) = world.csms.of("BootNotification")
    assert boot.reason == "ScheduledReset"  # B01.FR.09
    actions = world.csms.actions()
    assert actions.index("TransactionEvent") < actions.index("BootNotification")
    assert (world.csms.statuses(1)[-1], world.csms.statuses(2)[-1]) == ("Occupied", "Available")


async def test_TC_B_22_CS_at_once_the_station_ends_its_transaction_and_boots(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    await world.charge()
    world.csms.forget()
    assert await reset(world, "Immediate") == "Accepted"  # B12.FR.02
    await trio.sleep(5)
    (ended,) = world.csms.events()
    assert (ended.event_type, ended.trigger_reason) == ("Ended", "ResetCommand")  # B12.FR.04
    assert ended.transaction_info.stopped_reason == "ImmediateReset"  # E07.FR.03
    assert ended.transaction_info.charging_state == "EVConnected"
    assert not ended.id_token
    (boot,) = world.csms.of("BootNotification")
    assert boot.reason == "RemoteReset"
    actions = world.csms.actions()
    assert actions.index("TransactionEvent") < actions.index("BootNotification")
    assert (world.csms.statuses(1)[-1], world.csms.statuses(2)[-1]) == ("Occupied", "Available")
    sent = [frame for direction, frame in world.messages if direction == "sent"]
    answered = next(i for i, frame in enumerate(sent) if frame[-1] == {"status": "Accepted"})
    ended_at = next(i for i, f in enumerate(sent) if f[-1].get("eventType") == "Ended")
    assert answered < ended_at  # what follows comes behind the answer


async def test_TC_B_23_CS_what_is_unavailable_stays_so(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    assert await change(world, "Inoperative", evse=1, connector=1) == "Accepted"
    world.csms.forget()
    assert await reset(world, "OnIdle") == "Accepted"
    await trio.sleep(5)
    (boot,) = world.csms.of("BootNotification")
    assert boot.reason == "RemoteReset"
    # B11.FR.02, B12.FR.06
    assert (world.csms.statuses(1)[-1], world.csms.statuses(2)[-1]) == ("Unavailable", "Available")


async def test_TC_B_24_CS_what_is_reserved_stays_so(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    world.station.deliver(1, ReservationMade(7, IdToken("B0B"), 900.0))
    world.station.deliver(0, ReservationMade(8, IdToken("ANN"), 900.0))
    world.csms.forget()
    assert await reset(world, "OnIdle") == "Accepted"
    await trio.sleep(5)
    (boot,) = world.csms.of("BootNotification")
    assert boot.reason == "RemoteReset"
    # B11.FR.05, B01.FR.13
    assert (world.csms.statuses(1)[-1], world.csms.statuses(2)[-1]) == ("Reserved", "Available")
    assert world.station.tree.reservation.reservation_id == 8
    await trio.sleep(900)
    assert world.csms.statuses(1)[-1] == "Available"  # not a second longer
    assert not world.station.tree.reservation.is_held


async def test_a_reservation_that_ended_meanwhile_does_not_come_back(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    world.station.deliver(1, ReservationMade(7, IdToken("B0B"), 100.0))
    world.station.deliver(2, ReservationMade(8, IdToken("B0B"), 100.0))
    await world.charge(1, "B0B")
    world.clock.set(world.clock.time() + 100)
    await world.cut_power()
    await trio.sleep(1)
    evses = world.station.tree.evses
    assert [evse.reservation.is_held for evse in evses] == [False, False]


async def test_TC_B_41_CS_on_idle_the_station_waits_for_all_its_transactions(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    await world.charge(1)
    await world.charge(2, token="CAFE")
    world.csms.forget()
    assert await reset(world, "OnIdle") == "Scheduled"
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(60)
    assert not world.outcomes
    assert world.csms.statuses(1) == ["Unavailable"]
    world.drivers[0].present_token("DEADBEEF")  # nobody begins there any more
    await trio.sleep(5)
    assert world.station.tree.evse(1).transaction is None
    world.drivers[1].present_token("CAFE")
    await trio.sleep(5)
    (boot,) = world.csms.of("BootNotification")
    assert boot.reason == "ScheduledReset"
    assert [e.transaction_info.stopped_reason for e in world.csms.events("Ended")] == ["Local"] * 2
    assert (world.csms.statuses(1)[-1], world.csms.statuses(2)[-1]) == ("Occupied", "Occupied")


async def test_b12_fr_05_an_end_that_is_not_answered_is_told_again_after_the_boot(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    await world.charge()
    world.csms.forget()
    world.csms.on("TransactionEvent", never)
    assert await reset(world, "Immediate") == "Accepted"
    await trio.sleep(8)
    assert not world.outcomes  # it waits for the answer, for a while
    del world.csms.rules["TransactionEvent"]
    await trio.sleep(10)
    first, again = world.csms.events("Ended")
    assert again == msgspec.structs.replace(first, offline=True)  # E11.FR.07
    actions = world.csms.actions()
    assert actions.index("BootNotification") < len(actions) - 1 - actions[::-1].index(
        "TransactionEvent"
    )
    assert not len(world.journal)


async def test_an_end_without_a_link_waits_for_the_next_one(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(reboots=True)
    await world.charge()
    assert await reset(world, "OnIdle") == "Scheduled"
    await world.csms.drop()
    world.csms.forget()
    await trio.sleep(1)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.outcomes  # nobody is there to be waited for
    world.csms.come_back()
    await trio.sleep(60)
    assert world.csms.of("BootNotification")[0].reason == "ScheduledReset"
    (ended,) = world.csms.events("Ended")
    assert ended.offline is True


async def test_b11_fr_06_the_integrator_can_refuse(start: Start, autojump_clock: MockClock) -> None:
    asked: list[int] = []

    def is_reset_allowed(evse_id: int) -> bool:
        asked.append(evse_id)
        return evse_id == 2

    world = await start(is_reset_allowed=is_reset_allowed)
    await world.charge()
    assert await reset(world, "Immediate") == "Rejected"  # B12.FR.10
    assert await reset(world, "OnIdle", 1) == "Rejected"
    assert await reset(world, "Immediate", 2) == "Accepted"
    assert asked == [0, 1, 2]
    await trio.sleep(20)
    assert not world.outcomes
    assert world.station.tree.evse(1).transaction is not None


async def test_b13_fr_01_no_transaction_is_resumed_after_a_reset(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    if world.number == "2.0.1":
        return  # it has no such reset
    assert await reset(world, "ImmediateAndResume") == "Rejected"


# ---- one EVSE


async def allows_reset(world: World, evse: int) -> str:
    v2 = world.v2
    item = v2.GetVariableDataType(
        component=v2.ComponentType(name="EVSE", evse=v2.EVSEType(id=evse)),
        variable=v2.VariableType(name="AllowReset"),
    )
    answer = await world.csms.call(v2.GetVariablesRequest(get_variable_data=(item,)))
    return str(answer.get_variable_result[0].attribute_value)


async def test_TC_B_25_CS_an_evse_starts_anew_without_the_others(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    assert await allows_reset(world, 1) == "true"  # B11.FR.10
    await world.charge(2)
    world.csms.forget()
    assert await reset(world, "OnIdle", 1) == "Accepted"  # B11.FR.08
    await trio.sleep(5)
    assert world.csms.statuses(1) == ["Unavailable", "Available"]
    assert world.csms.statuses(2) == []
    assert "BootNotification" not in world.csms.actions()
    assert world.drivers[1].is_taking_power
    await world.charge(1)
    assert world.drivers[0].is_taking_power


async def test_TC_B_26_CS_on_idle_an_evse_waits_for_its_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    await world.charge()
    world.csms.forget()
    assert await reset(world, "OnIdle", 1) == "Scheduled"
    await trio.sleep(60)
    assert world.drivers[0].is_taking_power
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(5)
    (ended,) = world.csms.events("Ended")
    assert ended.transaction_info.stopped_reason == "Local"  # B12.FR.07
    assert world.csms.statuses(1) == ["Unavailable", "Occupied"]  # the car is still there
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.statuses(1)[-1] == "Available"


async def test_TC_B_27_CS_at_once_an_evse_ends_its_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    await world.charge(1)
    await world.charge(2)
    world.csms.forget()
    assert await reset(world, "Immediate", 1) == "Accepted"
    await trio.sleep(5)
    (ended,) = world.csms.events("Ended")
    assert (ended.trigger_reason, ended.transaction_info.stopped_reason) == (
        "ResetCommand",
        "ImmediateReset",
    )  # B12.FR.08
    assert ended.transaction_info.charging_state == "EVConnected"
    assert not world.drivers[0].is_contactor_closed
    assert not world.drivers[0].is_locked()
    assert world.drivers[1].is_taking_power
    assert "BootNotification" not in world.csms.actions()


async def test_b12_fr_08_the_evse_waits_until_the_end_is_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    await world.charge()
    world.csms.forget()
    world.csms.on("TransactionEvent", never)
    assert await reset(world, "Immediate", 1) == "Accepted"
    await trio.sleep(8)
    assert world.station.tree.evse(1).reset.chart.is_in("ending")
    await trio.sleep(5)
    assert world.station.tree.evse(1).reset.chart.is_in("running")


async def test_TC_B_28_CS_an_evse_that_cannot_be_reset_alone(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(own_variables=FIXED)
    assert await allows_reset(world, 1) == "false"
    assert await reset(world, "OnIdle", 1) == "Rejected"  # B11.FR.09
    assert await reset(world, "Immediate", 1) == "Rejected"
    assert await reset(world, "Immediate", 3) == "Rejected"  # there is none


async def test_TC_B_29_CS_nor_while_it_charges(start: Start, autojump_clock: MockClock) -> None:
    world = await start(own_variables=FIXED)
    await world.charge()
    assert await reset(world, "OnIdle", 1) == "Rejected"  # B12.FR.09
    await trio.sleep(5)
    assert world.drivers[0].is_taking_power


async def test_what_was_set_and_reserved_holds_after_the_reset_of_an_evse(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    world.station.deliver(2, ReservationMade(7, IdToken("B0B"), 900.0))
    assert await change(world, "Inoperative", evse=1) == "Accepted"
    world.csms.forget()
    assert await reset(world, "Immediate", 1) == "Accepted"
    assert await reset(world, "Immediate", 2) == "Accepted"
    await trio.sleep(5)
    assert world.csms.statuses(1) == []  # B12.FR.06: Unavailable all along
    assert world.csms.statuses(2) == []  # B11.FR.05: Reserved all along
    assert world.station.tree.evse(2).reservation.is_held
    assert not world.station.tree.evse(1).is_operative


class SlowEvse(SimulatedEvse):
    """Hardware that needs its time to start; with `silent_runs` it says nothing at all first."""

    seconds = 0.0
    silent_runs = 0
    runs = 0

    async def run(self, commands: Any, report: Any) -> None:
        self.runs += 1
        if self.silent_runs:
            self.silent_runs -= 1
            await trio.sleep_forever()
        await trio.sleep(self.seconds)
        await super().run(commands, report)


async def test_a_car_that_left_meanwhile_is_not_there_afterwards(
    start: Start, autojump_clock: MockClock
) -> None:
    slow = SlowEvse()
    world = await start(connectors=(1,), drivers=[slow])
    slow.seconds = 10.0
    await world.charge()
    world.csms.forget()
    assert await reset(world, "Immediate", 1) == "Accepted"
    await trio.sleep(5)
    assert world.csms.statuses() == ["Unavailable"]
    slow.unplug()
    await trio.sleep(10)
    assert world.csms.statuses() == ["Unavailable", "Available"]


async def test_hardware_that_hangs_is_restarted_as_often_as_reset_retries_says(
    start: Start, autojump_clock: MockClock
) -> None:
    slow = SlowEvse()
    world = await start(
        connectors=(1,), drivers=[slow], variables={"OCPPCommCtrlr.ResetRetries": 2}
    )
    slow.silent_runs = 2
    world.csms.forget()
    assert await reset(world, "Immediate", 1) == "Accepted"
    await trio.sleep(95)
    assert slow.runs == 1 + 3
    assert world.csms.statuses() == ["Unavailable", "Available"]


async def test_hardware_that_does_not_come_back_is_faulted_until_it_speaks(
    start: Start, autojump_clock: MockClock
) -> None:
    slow = SlowEvse()
    world = await start(connectors=(1,), drivers=[slow])
    slow.silent_runs = 1
    world.csms.forget()
    assert await reset(world, "Immediate", 1) == "Accepted"
    await trio.sleep(40)
    assert world.csms.statuses() == ["Unavailable", "Faulted"]
    world.station.evses[0].report(CableUnplugged())
    await trio.sleep(5)
    assert world.csms.statuses() == ["Unavailable", "Faulted", "Available"]


@pytest.mark.parametrize("word", ["Immediate", "OnIdle"])
async def test_a_second_reset_of_an_evse_changes_nothing_while_one_is_under_way(
    start: Start, autojump_clock: MockClock, word: str
) -> None:
    slow = SlowEvse()
    world = await start(connectors=(1,), drivers=[slow])
    slow.seconds = 5.0
    assert await reset(world, "Immediate", 1) == "Accepted"
    await trio.sleep(1)
    assert await reset(world, word, 1) == "Accepted"
    await trio.sleep(10)
    assert slow.runs == 2
