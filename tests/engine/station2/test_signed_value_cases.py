"""Signed readings in every use case of block E that asks for them, by requirement."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.machines.events import IdToken, ReservationMade

from .conftest import Start
from .test_signed_values import signed_contexts, signing
from .world import World

SIGNED = {
    "SampledDataCtrlr.SignReadings": True,
    "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
    "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
}
Scenario = Callable[[World], Awaitable[None]]


async def show(world: World) -> None:
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(60)


async def token_first(world: World) -> None:  # E03
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(2)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    await show(world)


async def without_a_link(world: World) -> None:  # E04, E08
    await world.csms.drop()
    await trio.sleep(1)
    await world.charge()
    await show(world)
    world.csms.come_back()
    await trio.sleep(300)


async def stopped_locally(world: World) -> None:  # E07
    await world.charge()
    await show(world)


async def unplugged_at_the_car(world: World) -> None:  # E09
    await world.charge()
    await trio.sleep(30)
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(60)


async def link_lost_meanwhile(world: World) -> None:  # E11
    await world.charge()
    await world.csms.drop()
    await trio.sleep(60)
    world.csms.come_back()
    await trio.sleep(300)
    await show(world)


CASES = [
    pytest.param(token_first, id="E03.FR.10"),
    pytest.param(without_a_link, id="E04.FR.10, E08.FR.12"),
    pytest.param(stopped_locally, id="E07.FR.12"),
    pytest.param(unplugged_at_the_car, id="E09.FR.08"),
    pytest.param(link_lost_meanwhile, id="E11.FR.08"),
]


@pytest.mark.parametrize("scenario", CASES)
async def test_beginning_and_end_are_signed_however_it_went(
    start: Start, autojump_clock: MockClock, scenario: Scenario
) -> None:
    world = await signing(start, **SIGNED)
    await scenario(world)
    (ended,) = world.csms.events("Ended")
    assert signed_contexts(ended) == ["Transaction.Begin", "Transaction.End"]


async def test_e10_fr_07_a_charge_that_waited_for_its_car_is_signed_too(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(
        start,
        **SIGNED,
        **{"TxCtrlr.TxStopPoint": ("Authorized",), "TxCtrlr.StopTxOnEVSideDisconnect": False},
    )
    await world.charge()
    await trio.sleep(30)
    world.drivers[0].unplug(at_car=True, leave=False)
    await trio.sleep(10)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(10)
    await show(world)
    (ended,) = world.csms.events("Ended")
    assert signed_contexts(ended) == ["Transaction.Begin", "Transaction.End"]


async def test_e05_fr_06_a_transaction_whose_token_is_refused_is_signed(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await signing(start, **SIGNED)

    def refuse(request: Any) -> Any:
        if not request.id_token:
            return request.response()
        return request.response(id_token_info=world.csms.info(request, "Blocked"))

    world.csms.on("TransactionEvent", refuse)
    await world.charge()
    await trio.sleep(60)
    started, *_, ended = world.csms.events()
    assert signed_contexts(started) == ["Transaction.Begin"]  # E05.FR.05
    assert "Transaction.End" in signed_contexts(ended)
    numbers = [event.seq_no for event in world.csms.events()]
    assert numbers == list(range(len(numbers)))  # E05.FR.04


async def test_e05_fr_08_without_a_cable_a_refused_one_begins_when_it_charges(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "TxCtrlr.TxStartPoint": ("Authorized",),
            "SampledDataCtrlr.TxStartedMeasurands": ("Energy.Active.Import.Register",),
            "TxCtrlr.StopTxOnInvalidId": False,
            "TxCtrlr.MaxEnergyOnInvalidId": 500,
        }
    )

    def refuse(request: Any) -> Any:
        if not request.id_token:
            return request.response()
        return request.response(id_token_info=world.csms.info(request, "Blocked"))

    world.csms.on("TransactionEvent", refuse)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(2)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(5)
    charging = next(
        e for e in world.csms.events() if e.transaction_info.charging_state == "Charging"
    )
    begun = [value.sampled_value[0].context for value in charging.meter_value]
    assert begun == ["Transaction.Begin"]


@pytest.mark.parametrize("first", ["cable", "token"])
async def test_a_reservation_that_a_transaction_ends_is_told_once(
    start: Start, autojump_clock: MockClock, first: str
) -> None:
    """E01.FR.13, E02.FR.03, E03.FR.03."""
    world = await start(variables={"TxCtrlr.TxStartPoint": ("EVConnected", "Authorized")})
    world.station.deliver(1, ReservationMade(17, IdToken("DEADBEEF"), seconds=600.0))
    await trio.sleep(1)
    if first == "token":
        world.drivers[0].present_token("DEADBEEF")
        await trio.sleep(1)
        world.drivers[0].plug_in(Ev())
    else:
        world.drivers[0].plug_in(Ev())
        await trio.sleep(1)
        world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(70)
    told = [e.reservation_id for e in world.csms.events()]
    assert [number for number in told if isinstance(number, int)] == [17]
    reasons = {event.trigger_reason for event in world.csms.events()}
    assert reasons <= {  # E01.FR.15, E02.FR.15, E06.FR.15: a word for each that fits
        "Authorized",
        "CablePluggedIn",
        "ChargingStateChanged",
        "MeterValuePeriodic",
    }
