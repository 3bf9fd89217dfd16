"""What was answered of 2.x transactions is on disk, and a database of the first schema is kept."""

import sqlite3

import pytest

from pilotwire.engine.central.database import StoreForeign
from pilotwire.engine.central.store import Store

EVENT = (
    '{"eventType":"Started","timestamp":"2026-01-02T03:00:00Z","triggerReason":"Authorized",'
    '"seqNo":0,"transactionInfo":{"transactionId":"tx-1"},"evse":{"id":1},'
    '"idToken":{"idToken":"GOOD","type":"ISO14443"}}'
)


async def test_what_cannot_be_kept_is_not_answered_and_can_be_sent_again(
    make_central, connect, tmp_path, subprotocol
):
    path = tmp_path / "full.sqlite"
    store = Store.open(path, is_inline=True)
    central = make_central(store=store)
    station = await connect(central, subprotocol=subprotocol)
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE transaction_events RENAME TO elsewhere")
    assert '"InternalError"' in await station.say(f'[2,"e","TransactionEvent",{EVENT}]')
    assert len(central.transactions) == 0
    with sqlite3.connect(path) as other:
        other.execute("ALTER TABLE elsewhere RENAME TO transaction_events")
    other.close()
    answer = await station.call("TransactionEvent", EVENT)
    assert answer["idTokenInfo"]["status"] == "Accepted"
    (told,) = store.transactions()
    assert told.events == 1
    await station.link.close()
    store.close()


def first_schema(path):
    """A database as the first schema had it: without the table of events."""
    Store.open(path).close()
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE transaction_events")
        db.execute("ALTER TABLE stations DROP COLUMN security_profile")
        db.execute("INSERT INTO stations VALUES ('CS-1','ocpp1.6',0,0,'Accepted',0,NULL,NULL)")
        db.execute("PRAGMA user_version = 1")
    db.close()


def test_a_database_of_the_first_schema_gets_what_it_lacks(tmp_path):
    path = tmp_path / "old.sqlite"
    first_schema(path)
    for _ in range(2):
        store = Store.open(path)
        assert store.station("CS-1").registration == "Accepted"
        assert not store.is_told("CS-1", "tx-1", 0)
        store.close()


def test_a_database_of_a_later_schema_is_left_alone(tmp_path):
    path = tmp_path / "new.sqlite"
    Store.open(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreForeign, match="has schema 99"):
        Store.open(path)
