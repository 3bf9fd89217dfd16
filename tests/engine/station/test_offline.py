"""What a station does when the link, its driver, its power or the CSMS fails it (1.6 3.5, 3.7)."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.journal.journal import Journal
from pilotwire.profiles.messages import v16

from .world import World


class CrashesOnce(SimulatedEvse):
    """Its first run ends after 30 s."""

    has_crashed = False

    async def run(self, commands: Any, report: Any) -> None:
        with trio.move_on_after(float("inf") if self.has_crashed else 30):
            await super().run(commands, report)
        self.has_crashed = True
        raise RuntimeError("the bus is gone")


async def test_what_happens_offline_is_told_in_order_when_the_link_is_back(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="AllowOfflineTxForUnknownId", value="true")
    )
    await world.csms.drop()
    await world.charge()
    await trio.sleep(125)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    world.csms.forget()
    world.csms.come_back()
    await trio.sleep(120)
    told = [r for r in world.csms.received if r.action != "StatusNotification"]
    assert [r.action for r in told] == [
        "StartTransaction",
        "MeterValues",
        "MeterValues",
        "StopTransaction",
    ]
    start, first, second, stop = told
    assert {first.transaction_id, second.transaction_id, stop.transaction_id} == {
        world.csms.next_transaction_id
    }
    assert (stop.timestamp - start.timestamp).total_seconds() == 126
    assert world.csms.statuses(1) == []  # Available was told before, and is so again


async def test_offline_an_unknown_token_is_refused_by_default(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    await world.charge()
    await trio.sleep(10)
    assert not world.drivers[0].is_contactor_closed


async def test_a_report_that_the_csms_fails_is_repeated_and_then_given_up(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.call(
        v16.ChangeConfigurationRequest(key="TransactionMessageRetryInterval", value="10")
    )

    def fail(request: object) -> None:
        raise RuntimeError("a bug of the CSMS")

    world.csms.on(v16.StartTransactionRequest, fail)
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(31)
    assert world.csms.actions().count("StartTransaction") == 3
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.transaction_id == -1  # errata 3.18


async def test_a_driver_that_crashes_is_faulted_meanwhile_and_charges_on(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World(drivers=[CrashesOnce(), SimulatedEvse()])
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    world.csms.forget()
    await trio.sleep(60)
    assert world.csms.statuses(1)[0] == "Faulted"
    assert world.csms.statuses(1)[-1] == "Charging"
    assert not world.csms.of(v16.StopTransactionRequest)


async def test_a_power_cut_ends_the_transaction_with_what_was_last_read(
    autojump_clock: MockClock, tmp_path: Path
) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, inline=True)
    async with trio.open_nursery() as nursery:
        world = World(journal)
        await nursery.start(world.station.run)
        await trio.sleep(1)
        await world.charge()
        await trio.sleep(125)
        await world.csms.drop()
        nursery.cancel_scope.cancel()
    journal.close()

    journal = Journal.open(path, inline=True)
    async with trio.open_nursery() as nursery:
        again = World(journal)
        await nursery.start(again.station.run)
        await trio.sleep(1)
        (stop,) = again.csms.of(v16.StopTransactionRequest)
        assert stop.reason == "PowerLoss"
        assert stop.transaction_id == world.csms.next_transaction_id
        assert stop.meter_stop == pytest.approx(11_040 * 120 / 3600, abs=5)
        nursery.cancel_scope.cancel()
    journal.close()


async def test_soft_reset_stops_tells_and_boots_again(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    outcome = []

    async def live() -> None:
        outcome.append(await world.station.run())

    nursery.start_soon(live)
    await trio.sleep(1)
    await world.charge()
    answer = await world.csms.call(v16.ResetRequest(type="Soft"))
    await trio.sleep(15)
    assert answer.status == "Accepted"
    assert world.csms.of(v16.StopTransactionRequest)[0].reason == "SoftReset"
    assert outcome[0].boot_reason == "RemoteReset"
