"""The database: what survives, what is refused, how it fails."""

import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import trio

from pilotwire.engine.central.database import StoreDamaged, StoreError, StoreForeign
from pilotwire.engine.central.store import Store
from pilotwire.engine.central.tables import StationSeen
from pilotwire.machines.events import IdToken
from pilotwire.profiles.csms import (
    MeterReading,
    MeterValuesReported,
    Place,
    SampledValue,
    Transaction,
    TransactionEnded,
    TransactionStarted,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


def transaction(transaction_id="7", station_id="CS-1", **fields):
    fields = {"place": Place(connector=1), "started_at": NOW, "meter_start": 5} | fields
    return Transaction(
        station_id=station_id,
        transaction_id=transaction_id,
        id_token=IdToken("GOOD"),
        verdict="Accepted",
        **fields,
    )


def started(told):
    return TransactionStarted(station_id=told.station_id, at=NOW, transaction=told)


def seen(station_id="CS-1"):
    return StationSeen(station_id=station_id, at=NOW, version="ocpp1.6")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "central.sqlite"


async def test_what_was_saved_is_there_after_a_restart(path):
    told = transaction(seq_no=3)
    reading = MeterReading(NOW, (SampledValue(value="5.5", unit="kWh"),))
    metered = MeterValuesReported(
        station_id="CS-1", at=NOW, place=told.place, readings=(reading,), transaction_id="7"
    )
    store = Store.open(path)
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        await store.submit([started(told), metered]).saved()
        nursery.cancel_scope.cancel()
    store.close()
    store = Store.open(path)
    assert store.transactions() == [told]
    assert store.meter_values(told) == [reading]
    assert store.connectors("CS-1")[0].register == 5500
    assert path.stat().st_mode & 0o077 == 0  # who charged where is nobody else's business
    store.close()


async def test_many_submissions_share_a_commit(path):
    store = Store.open(path)
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        submissions = [store.submit([started(transaction(str(n)))]) for n in range(1, 200)]
        for submission in submissions:
            await submission.saved()
        nursery.cancel_scope.cancel()
    assert len(store.transactions(limit=-1)) == 199
    assert store.commits < 10
    store.close()


async def test_nobody_waits_for_lazy_records_and_they_come_to_the_file(path):
    store = Store.open(path)
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        submission = store.submit([seen()])
        await submission.saved()
        assert submission.is_safe
        assert store.stations() == []
        nursery.cancel_scope.cancel()  # the rest is written at the end
    assert [row.station_id for row in store.stations()] == ["CS-1"]
    store.close()


async def test_what_is_queued_is_known_already(path):
    store = Store.open(path)  # without its writer: nothing is committed
    told = transaction()
    store.submit([started(told)])
    assert store.transaction("CS-1", "7") == told
    assert store.started_alike("CS-1", told.place, NOW) == [told]
    assert store.is_taken("7")
    assert store.transaction("CS-2", "7") is None
    assert store.transactions() == []
    store.close()
    store = Store.open(path)
    assert store.transactions() == [told]
    store.close()


async def test_ids_are_a_stations_own_in_the_tables_as_in_2_x(path):
    store = Store.open(None)
    store.submit([started(transaction("same", "CS-1")), started(transaction("same", "CS-2"))])
    assert len(store.transactions()) == 2
    assert len(store.transactions("CS-2")) == 1
    store.close()


async def test_transactions_are_listed_the_last_first_and_by_whether_they_run(path):
    store = Store.open(path, is_inline=True)
    for number in "123":
        store.submit([started(transaction(number))])
    ended = transaction("2", ended_at=NOW + timedelta(hours=1), meter_stop=9)
    store.submit([TransactionEnded(station_id="CS-1", at=NOW, transaction=ended)])
    ids = [told.transaction_id for told in store.transactions()]
    assert ids == ["3", "2", "1"]
    assert store.transactions(is_running=False) == [ended]
    assert len(store.transactions(is_running=True)) == 2
    assert len(store.transactions(limit=1)) == 1
    store.close()


async def test_a_commit_that_fails_is_told_and_the_next_one_may_succeed(path):
    store = Store.open(path, is_inline=True)
    intruder = sqlite3.connect(path)
    intruder.execute(
        "CREATE TRIGGER full BEFORE INSERT ON transactions BEGIN "
        "SELECT RAISE(ABORT, 'no room'); END"
    )
    intruder.commit()
    with pytest.raises(StoreError, match="no room"):
        await store.submit([started(transaction())]).saved()
    intruder.execute("DROP TRIGGER full")
    intruder.commit()
    intruder.close()
    await store.submit([started(transaction())]).saved()
    store.close()


async def test_one_that_cannot_be_written_fails_alone(path):
    store = Store.open(path)
    intruder = sqlite3.connect(path)
    intruder.execute(
        "CREATE TRIGGER bad BEFORE INSERT ON transactions "
        "WHEN new.transaction_id = '13' BEGIN SELECT RAISE(ABORT, 'bad luck'); END"
    )
    intruder.commit()
    intruder.close()
    good, bad = (
        store.submit([started(transaction("12"))]),
        store.submit([started(transaction("13"))]),
    )
    async with trio.open_nursery() as nursery:
        await nursery.start(store.run)
        await good.saved()
        with pytest.raises(StoreError, match="bad luck"):
            await bad.saved()
        nursery.cancel_scope.cancel()
    assert not store.is_taken("13")
    assert store.is_taken("12")
    store.close()


async def test_two_central_systems_do_not_share_a_database(path):
    store = Store.open(path)
    with pytest.raises(StoreError, match="in use by another central system"):
        Store.open(path)
    store.close()
    Store.open(path).close()


async def test_a_file_that_is_no_database_is_named(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreDamaged, match=r"central\.sqlite: file is not a database"):
        Store.open(path)


async def test_a_damaged_database_is_named(path):
    store = Store.open(path, is_inline=True)
    store.submit([started(transaction(str(n))) for n in range(1, 500)])
    store.close()
    content = bytearray(path.read_bytes())
    content[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"central\.sqlite"):
        Store.open(path)


async def test_another_programs_database_is_left_alone(path):
    path.parent.mkdir()
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE theirs (x)")
    foreign.commit()
    foreign.close()
    with pytest.raises(StoreForeign, match="of another program"):
        Store.open(path)


async def test_a_later_schema_is_left_alone(path):
    Store.open(path).close()
    later = sqlite3.connect(path)
    later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(StoreForeign, match="has schema 99"):
        Store.open(path)


async def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot open the database"):
        Store.open(tmp_path / "file" / "central.sqlite")
