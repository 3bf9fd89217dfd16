"""Transactions without a link, and messages that the CSMS does not take, by the test cases of Part
6: E04, E08, E11, E12 offline, E13 retries, E14 the question after a transaction.
"""

import itertools
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.profiles.errors import Silence

from .conftest import Start
from .world import World

REGISTER = "Energy.Active.Import.Register"
QUICK_LINK = {
    "OCPPCommCtrlr.RetryBackOffWaitMinimum": 1,
    "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
    "OCPPCommCtrlr.RetryBackOffRepeatTimes": 0,
    "OCPPCommCtrlr.OfflineThreshold": 600,
    "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
    "AuthCtrlr.LocalPreAuthorize": True,
    "SampledDataCtrlr.TxStartedMeasurands": (REGISTER,),
    "SampledDataCtrlr.TxUpdatedMeasurands": (REGISTER,),
    "SampledDataCtrlr.TxUpdatedInterval": 30,
    "SampledDataCtrlr.TxEndedMeasurands": (REGISTER,),
}


def info(world: World, group: str | None = None) -> Any:
    """Have the CSMS say of every token that it is accepted, and of which group it is."""
    v2 = world.v2
    more = {}
    if group is not None:
        more["group_id_token"] = v2.IdTokenType(id_token=group, type="Central")

    def answer(request: Any) -> Any:
        if request.action == "TransactionEvent" and not request.id_token:
            return request.response()
        return request.response(id_token_info=world.csms.info(request, **more))

    return answer


async def lose_link(world: World) -> None:
    await world.csms.drop()
    await trio.sleep(1)
    world.csms.forget()


async def come_back(world: World) -> None:
    world.csms.come_back()
    await trio.sleep(10)


async def show(world: World, token: str = "DEADBEEF") -> None:
    world.drivers[0].present_token(token)
    await trio.sleep(2)


def numbers(world: World) -> list[int]:
    return [event.seq_no for event in world.csms.events()]


def contexts(event: Any) -> list[str]:
    return [value.sampled_value[0].context for value in event.meter_value or ()]


# ---- offline


async def test_TC_E_40_CS_the_link_goes_and_comes_while_a_car_charges(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=QUICK_LINK)
    await world.charge()
    before = numbers(world)
    await lose_link(world)
    await trio.sleep(95)
    await come_back(world)
    told = world.csms.events()
    assert len(told) == 3
    for event in told:
        assert event.event_type == "Updated"
        assert contexts(event) == ["Sample.Periodic"]  # E11.FR.03
        assert event.offline is True  # E11.FR.02
    assert before + numbers(world) == list(range(before[-1] + 4))  # E11.FR.01
    await trio.sleep(30)
    assert not world.csms.events()[-1].offline


async def test_TC_E_43_CS_a_whole_transaction_without_a_link(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=QUICK_LINK)
    await lose_link(world)
    await world.charge()
    await trio.sleep(65)
    await show(world)
    world.drivers[0].unplug()
    await trio.sleep(1)
    assert world.csms.events() == []
    await come_back(world)
    told = world.csms.events()
    kinds = [event.event_type for event in told]
    assert (kinds[0], kinds[-1]) == ("Started", "Ended")
    assert set(kinds[1:-1]) == {"Updated"}
    assert all(event.offline is True for event in told)  # E04.FR.01-02, E12.FR.01-02
    assert numbers(world) == list(range(len(told)))  # E04.FR.04
    assert contexts(told[0]) == ["Transaction.Begin"]  # E04.FR.05
    periodic = [e for e in told if e.trigger_reason == "MeterValuePeriodic"]
    assert [contexts(event) for event in periodic] == [["Sample.Periodic"]] * 2  # E04.FR.06
    assert contexts(told[-1])[-1] == "Transaction.End"  # E12.FR.07
    assert all(contexts(event) == ["Sample.Periodic"] for event in periodic)  # E12.FR.03


async def test_e04_fr_11_without_a_cable_the_readings_of_the_beginning_come_when_it_charges(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**QUICK_LINK, "TxCtrlr.TxStartPoint": ("Authorized",)})
    await lose_link(world)
    await show(world)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(10)
    await come_back(world)
    charging = next(
        e for e in world.csms.events() if e.transaction_info.charging_state == "Charging"
    )
    assert contexts(world.csms.events()[0]) == []
    assert "Transaction.Begin" in contexts(charging)


async def test_TC_E_44_CS_a_transaction_is_stopped_without_a_link(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=QUICK_LINK)
    await world.charge()
    before = numbers(world)
    await lose_link(world)
    await show(world)
    assert not world.drivers[0].is_contactor_closed  # E08.FR.01
    assert not world.drivers[0].is_locked()  # E08.FR.03
    world.drivers[0].unplug()
    await trio.sleep(1)
    await come_back(world)
    told = world.csms.events()
    assert told
    assert all(event.offline is True for event in told)  # E08.FR.05-07
    (ended,) = world.csms.events("Ended")  # E08.FR.04
    assert ended.trigger_reason == "StopAuthorized"
    assert contexts(ended)[-1] == "Transaction.End"  # E08.FR.09
    assert before + numbers(world) == list(range(len(before) + len(told)))  # E08.FR.08


async def test_TC_E_45_CS_somebody_of_the_same_group_stops_it_without_a_link(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=QUICK_LINK)
    answer = info(world, group="FAMILY")
    world.csms.on("Authorize", answer)
    world.csms.on("TransactionEvent", answer)
    await world.charge(token="SISTER")  # so that it is known
    await show(world, "SISTER")
    world.drivers[0].unplug()
    await trio.sleep(5)
    await world.charge(token="BROTHER")
    await trio.sleep(5)
    await lose_link(world)
    await show(world, "SISTER")
    assert not world.drivers[0].is_contactor_closed  # E08.FR.02
    await come_back(world)
    (ended,) = world.csms.events("Ended")
    assert ended.offline is True
    assert ended.id_token.id_token == "SISTER"


# ---- E13: what the CSMS does not take

RETRIES = {
    "OCPPCommCtrlr.MessageAttempts[TransactionEvent]": 3,
    "OCPPCommCtrlr.MessageAttemptInterval[TransactionEvent]": 10,
    "SampledDataCtrlr.TxUpdatedInterval": 0,
}
TIMEOUT = 30.0  # s that an answer may take


async def attempts_of(world: World, fails: Any, succeeds_at: int | None) -> list[float]:
    """Fail the transaction's start so, but for that attempt; give when each attempt came."""
    times: list[float] = []

    def rule(request: Any) -> Any:
        if request.event_type != "Started":
            return world.csms.friendly(request)
        times.append(trio.current_time())
        if len(times) == succeeds_at:
            return world.csms.friendly(request)
        return fails(request)

    world.csms.on("TransactionEvent", rule)
    await world.charge()
    await trio.sleep(400)
    return times


def never(request: Any) -> Any:
    raise Silence


def fail(request: Any) -> Any:
    raise RuntimeError("the CSMS has a bug")  # InternalError


def pauses(times: list[float]) -> list[float]:
    return [round(b - a) for a, b in itertools.pairwise(times)]


@pytest.mark.parametrize(
    ("fails", "waits"), [(never, TIMEOUT), (fail, 0.0)], ids=["TC_E_41", "TC_E_50"]
)
async def test_e13_fr_01_a_message_is_repeated_as_often_as_configured_and_given_up(
    start: Start, autojump_clock: MockClock, fails: Any, waits: float
) -> None:
    world = await start(variables=RETRIES)
    times = await attempts_of(world, fails, None)
    assert len(times) == 3  # E13.FR.02, E13.FR.04
    assert pauses(times) == [waits + 10, waits + 20]  # E13.FR.03
    assert 1 in numbers(world)  # and the next one goes out


async def test_TC_E_41_CS_no_answer_ever(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=RETRIES)
    times = await attempts_of(world, never, None)
    assert pauses(times) == [TIMEOUT + 10, TIMEOUT + 20]
    assert len(times) == 3


async def test_TC_E_42_CS_no_answer_at_first(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=RETRIES)
    times = await attempts_of(world, never, 2)
    assert pauses(times) == [TIMEOUT + 10]


async def test_TC_E_50_CS_an_error_every_time(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=RETRIES)
    times = await attempts_of(world, fail, None)
    assert pauses(times) == [10, 20]


async def test_TC_E_51_CS_an_error_at_first(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=RETRIES)
    times = await attempts_of(world, fail, 2)
    assert pauses(times) == [10]


# ---- E14: the question after a transaction


async def ask(world: World, transaction_id: str | None = None) -> tuple[Any, bool]:
    """Ask after a transaction, or after any; give whether it runs, and whether more is to come."""
    more = {} if transaction_id is None else {"transaction_id": transaction_id}
    answer = await world.csms.call(world.v2.GetTransactionStatusRequest(**more))
    runs = answer.ongoing_indicator
    return (runs if isinstance(runs, bool) else None), answer.messages_in_queue


async def charged(start: Start, *, waits: bool, runs: bool) -> tuple[World, str]:
    """Have a transaction that runs or has ended, all of it told or some of it waiting."""
    world = await start(variables={"SampledDataCtrlr.TxUpdatedInterval": 0})
    await world.charge()
    await trio.sleep(5)
    if waits:
        world.csms.on("TransactionEvent", never)
    if not runs:
        await show(world)
    elif waits:
        world.drivers[0].suspend_ev()
        await trio.sleep(5)
    transaction_id: str = world.csms.events()[0].transaction_info.transaction_id
    return world, transaction_id


async def test_TC_E_28_CS_of_an_unknown_transaction(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    assert await ask(world, "no-such") == (False, False)


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("runs", [True, False])
async def test_e14_fr_02_and_05_of_one_that_runs_or_not_with_messages_waiting_or_not(
    start: Start, autojump_clock: MockClock, waits: bool, runs: bool
) -> None:
    world, transaction_id = await charged(start, waits=waits, runs=runs)
    assert await ask(world, transaction_id) == (runs, waits)


async def test_TC_E_29_CS_of_one_that_runs_with_messages_waiting(
    start: Start, autojump_clock: MockClock
) -> None:
    world, transaction_id = await charged(start, waits=True, runs=True)
    assert await ask(world, transaction_id) == (True, True)  # E14.FR.02


async def test_TC_E_30_CS_of_one_that_runs_with_none_waiting(
    start: Start, autojump_clock: MockClock
) -> None:
    world, transaction_id = await charged(start, waits=False, runs=True)
    assert await ask(world, transaction_id) == (True, False)  # E14.FR.05


async def test_TC_E_31_CS_of_one_that_has_ended_with_messages_waiting(
    start: Start, autojump_clock: MockClock
) -> None:
    world, transaction_id = await charged(start, waits=True, runs=False)
    assert await ask(world, transaction_id) == (False, True)


async def test_TC_E_32_CS_of_one_that_has_ended_with_none_waiting(
    start: Start, autojump_clock: MockClock
) -> None:
    world, transaction_id = await charged(start, waits=False, runs=False)
    assert await ask(world, transaction_id) == (False, False)


async def test_TC_E_33_CS_of_any_with_messages_waiting(
    start: Start, autojump_clock: MockClock
) -> None:
    world, _ = await charged(start, waits=True, runs=False)
    assert await ask(world) == (None, True)


async def test_TC_E_34_CS_of_any_with_none_waiting(start: Start, autojump_clock: MockClock) -> None:
    world, _ = await charged(start, waits=False, runs=True)
    assert await ask(world) == (None, False)  # E14.FR.08
