"""A disk that takes nothing: the station says so once, closes no contactor upon a start that is not
kept, lets what charges charge on, and goes on by itself when there is space again.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.restart import restore
from pilotwire.profiles.messages import v16

from .disks import full_disk, picture, slow_disk
from .fragile import FragileWorld

RETRY = 6.0  # s within which the journal tries again


@pytest.fixture
async def world(
    tmp_path: Path, autojump_clock: MockClock, nursery: trio.Nursery
) -> AsyncIterator[FragileWorld]:
    journal = Journal.open(tmp_path / "journal", inline=True)
    world = FragileWorld(journal=journal)
    await nursery.start(journal.run)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    with capture_logs():  # standard output may be a file, too
        yield world
    nursery.cancel_scope.cancel()


async def test_a_start_that_is_not_kept_closes_no_contactor_and_faults_its_evse(
    world: FragileWorld, autojump_clock: MockClock
) -> None:
    world.csms.forget()
    with full_disk():
        await world.charge()
        await trio.sleep(600)
        assert not world.drivers[0].is_contactor_closed
        assert world.csms.statuses(1)[-1] == "Faulted"
        (fault,) = [
            told
            for told in world.csms.of(v16.StatusNotificationRequest)
            if told.status == "Faulted"
        ]
        assert (fault.connector_id, fault.error_code) == (1, "InternalError")
        assert fault.info == "storage failed"
        assert not world.ledger.starts, "a start that may be forgotten is told to nobody"


async def test_it_goes_on_by_itself_when_there_is_space_again(
    world: FragileWorld, autojump_clock: MockClock
) -> None:
    with full_disk():
        await world.charge()
        await trio.sleep(100)
    assert not world.drivers[0].is_contactor_closed
    await trio.sleep(RETRY)
    assert world.drivers[0].is_contactor_closed
    assert world.csms.statuses(1)[-1] == "Charging"
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)
    world.ledger.check(transactions=1)


async def test_who_leaves_before_there_is_space_has_a_transaction_without_energy(
    world: FragileWorld, autojump_clock: MockClock
) -> None:
    with full_disk():
        await world.charge()
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(100)
        assert world.csms.statuses(1)[-1] == "Faulted"
    await trio.sleep(RETRY)
    assert world.csms.statuses(1)[-1] == "Available"
    world.ledger.check(transactions=1)
    (number,) = world.ledger.starts
    assert world.ledger.starts[number].meter_start == world.ledger.ends[number].meter_stop


async def test_what_charges_charges_on_and_loses_no_reading(
    world: FragileWorld, autojump_clock: MockClock
) -> None:
    await world.charge()
    await trio.sleep(100)
    with full_disk():
        world.drivers[0].pause()  # the charts report that, too
        await trio.sleep(10)
        world.drivers[0].resume()
        await trio.sleep(290)
        assert world.drivers[0].is_contactor_closed
    await trio.sleep(RETRY)
    world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)
    world.ledger.check(transactions=1)
    (readings,) = world.ledger.readings.values()
    assert len(readings) == 6


async def test_a_fault_that_the_hardware_clears_does_not_close_the_contactor(
    world: FragileWorld, autojump_clock: MockClock
) -> None:
    with full_disk():
        await world.charge()
        world.drivers[0].fault("GroundFailure")
        await trio.sleep(1)
        world.drivers[0].clear_fault()
        await trio.sleep(1)
        assert not world.drivers[0].is_contactor_closed
        assert world.csms.statuses(1)[-1] == "Faulted"
    await trio.sleep(RETRY)
    assert world.drivers[0].is_contactor_closed


async def test_a_fault_of_the_hardware_outlives_the_trouble_with_the_disk(
    world: FragileWorld, autojump_clock: MockClock
) -> None:
    with full_disk():
        await world.charge()
        world.drivers[0].fault("GroundFailure")
        await trio.sleep(1)
    await trio.sleep(RETRY)
    assert not world.drivers[0].is_contactor_closed
    assert world.csms.statuses(1)[-1] == "Faulted"
    world.drivers[0].clear_fault()
    await trio.sleep(1)
    assert world.drivers[0].is_contactor_closed


async def test_it_is_said_once(world: FragileWorld, autojump_clock: MockClock) -> None:
    await world.charge(evse=2)
    with capture_logs() as logs:
        with full_disk():
            await world.charge(evse=1)
            await trio.sleep(3600)
        await trio.sleep(RETRY)
    said = [entry["event"] for entry in logs if "journal" in entry["event"]]
    assert said == ["journal does not write", "journal_writes_again"]


async def test_opening_a_contactor_waits_for_no_disk(
    tmp_path: Path,
    autojump_clock: MockClock,
    nursery: trio.Nursery,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow_disk(monkeypatch, lambda: 60.0)
    journal = Journal.open(tmp_path / "journal")
    world = FragileWorld(journal=journal)
    await nursery.start(journal.run)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    assert not world.drivers[0].is_contactor_closed
    await trio.sleep(120)
    assert world.drivers[0].is_contactor_closed
    world.drivers[0].pause()  # its report holds what comes behind it
    await trio.sleep(1)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert not world.drivers[0].is_contactor_closed
    await trio.sleep(300)
    world.ledger.check(transactions=1)
    nursery.cancel_scope.cancel()


async def test_the_memory_of_an_evse_is_never_ahead_of_its_reports(
    tmp_path: Path,
    autojump_clock: MockClock,
    nursery: trio.Nursery,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One transaction has ended and the next begun while the first's start was still being kept:
    with the power gone then, nothing may be told of the second.
    """
    slow_disk(monkeypatch, lambda: 60.0)
    journal = Journal.open(tmp_path / "journal")
    world = FragileWorld(
        journal=journal,
        variables={
            "TxCtrlr.TxStartPoint": ("EVConnected",),
            "TxCtrlr.TxStopPoint": ("EVConnected",),
        },
    )
    world.csms.is_reachable = False
    await nursery.start(journal.run)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    for _ in range(2):
        world.drivers[0].plug_in(Ev())
        await trio.sleep(1)
        world.drivers[0].unplug()
        await trio.sleep(1)
    found: list[list[str]] = []
    for _ in range(300):
        copy = picture(tmp_path / "journal")
        found.append(kinds_after_a_restart(copy))
        await trio.sleep(1)
    whole = ["Started", "Ended", "Started", "Ended"]
    assert found[0] == []
    assert all(kinds == whole[: len(kinds)] and len(kinds) % 2 == 0 for kinds in found), found
    assert whole in found
    nursery.cancel_scope.cancel()


def kinds_after_a_restart(path: Path) -> list[str]:
    """Give the reports of transactions that a station begins with that finds this journal."""
    journal = Journal.open(path, inline=True)
    try:
        list(restore(FragileWorld(journal=journal).station))
        kinds = []
        while (entry := journal.head()) is not None:
            kinds.append(getattr(entry.report, "kind", "reading"))
            journal.remove(entry)
        return [kind for kind in kinds if kind in ("Started", "Ended")]
    finally:
        journal.close()
