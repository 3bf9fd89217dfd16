"""Meter values, sampled and clock-aligned (1.6 3.16, 4.7)."""

import trio
from trio.testing import MockClock

from pilotwire.profiles.messages import v16

from .world import START, World, invalid


async def test_clock_aligned_values_stand_exactly_at_the_multiples(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="ClockAlignedDataInterval", value="900")
    )
    await world.charge(evse=2)
    await trio.sleep(3600)
    told = world.csms.of(v16.MeterValuesRequest)
    aligned = [
        (request.connector_id, request.transaction_id, meter_value.timestamp.timestamp())
        for request in told
        for meter_value in request.meter_value
        if meter_value.sampled_value[0].context == "Sample.Clock"
    ]
    assert len(aligned) == 8
    assert all(time % 900 == 0 for _, _, time in aligned)
    assert sorted({time - START for _, _, time in aligned}) == [900, 1800, 2700, 3600]
    charging = {tx for connector, tx, _ in aligned if connector == 2}
    assert charging == {world.csms.next_transaction_id}


async def test_max_energy_on_invalid_id_lets_the_car_draw_that_much_first(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    variables = {"TxCtrlr.StopTxOnInvalidId": False, "TxCtrlr.MaxEnergyOnInvalidId": 500}
    world = World(variables=variables)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge()
    assert world.csms.statuses(1)[-1] == "Charging"
    await trio.sleep(600)
    drawn = world.drivers[0].read_meter().energy_import
    assert 500 <= drawn <= 500 + 11_040 / 3600
    assert world.csms.statuses(1)[-1] == "SuspendedEVSE"
    assert not world.csms.of(v16.StopTransactionRequest)
