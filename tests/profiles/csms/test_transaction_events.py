"""Transactions in numbered events: in any order, and any number of times, the same comes out."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotwire.machines.events import IdToken
from pilotwire.profiles.csms import (
    CsmsStation,
    KnownToken,
    MeterReading,
    Place,
    Rules,
    SampledValue,
    TokenBook,
    TransactionEvent,
    Transactions,
    TransactionTold,
)
from pilotwire.profiles.csms.transaction_events import tell

NOW = datetime(2026, 1, 2, 3, tzinfo=UTC)
TOKEN = IdToken("GOOD")


class Archive:
    """What was told, as a store would hold it."""

    def __init__(self):
        self.transactions = {}
        self.events = set()

    def keep(self, records):
        for record in records:
            if isinstance(record, TransactionTold) and not record.is_repeat:
                told = record.transaction
                self.transactions[told.station_id, told.transaction_id] = told
                key = (told.station_id, told.transaction_id, record.event.seq_no)
                assert key not in self.events
                self.events.add(key)

    def transaction(self, station_id, transaction_id):
        return self.transactions.get((station_id, transaction_id))

    def started_alike(self, station_id, place, started_at):
        return ()

    def is_taken(self, transaction_id):
        return any(name == transaction_id for _, name in self.transactions)

    def is_told(self, station_id, transaction_id, seq_no):
        return (station_id, transaction_id, seq_no) in self.events


class World:
    def __init__(self, **rules):
        self.archive = Archive()
        self.book = Transactions(self.archive, lambda: 1)
        tokens = TokenBook([KnownToken(value="GOOD", parent="FAMILY")])
        rules = Rules(tokens=tokens, **rules)
        self.station = CsmsStation("CS-1", rules, self.book, lambda: NOW)

    def tell(self, event, *readings):
        info = tell(self.station, event, readings)
        self.archive.keep(self.station.take_records())
        return info

    @property
    def told(self):
        return self.archive.transactions["CS-1", "tx-1"]


def event(seq_no, kind="Updated", **fields):
    return TransactionEvent(
        **{
            "kind": kind,
            "transaction_id": "tx-1",
            "seq_no": seq_no,
            "occurred_at": NOW + timedelta(minutes=seq_no),
            "trigger": "ChargingStateChanged",
        }
        | fields
    )


def reading(watt_hours, context="Sample.Periodic"):
    return MeterReading(NOW, (SampledValue(value=str(watt_hours), context=context),))


CHARGE = [
    (event(0, "Started", place=Place(2, 1), charging_state="EVConnected"), reading(100)),
    (event(1, id_token=TOKEN, trigger="Authorized", remote_start_id=9),),
    (event(2, charging_state="Charging"), reading(150)),
    (event(3, charging_state="SuspendedEV"), reading(200)),
    (
        event(4, "Ended", id_token=TOKEN, reason="Remote", trigger="StopAuthorized"),
        reading(250, "Transaction.End"),
    ),
]


@given(st.permutations([*CHARGE, *CHARGE]))
def test_in_any_order_and_twice_the_same_is_known_in_the_end(order):
    world = World()
    for told in order:
        world.tell(*told)
    known = world.told
    assert known.place == Place(2, 1)
    assert (known.id_token, known.stop_token, known.parent) == (TOKEN, TOKEN, "FAMILY")
    assert (known.started_at, known.ended_at) == (NOW, NOW + timedelta(minutes=4))
    assert (known.meter_start, known.meter_stop) == (100, 250)
    assert (known.first_seq_no, known.seq_no, known.events) == (0, 4, 5)
    assert known.missing_events == 0
    assert (known.remote_start_id, known.reason) == (9, "Remote")
    assert len(world.book) == 0


@given(st.sets(st.integers(0, 30), min_size=1), st.randoms())
def test_what_is_missing_is_counted(numbers, chance):
    world = World()
    order = list(numbers)
    chance.shuffle(order)
    first, last = min(numbers), max(numbers)
    for seq_no in order:
        world.tell(event(seq_no, "Started" if seq_no == first else "Updated"))
    assert world.told.missing_events == last - first + 1 - len(numbers)


def test_the_state_is_that_of_the_highest_number():
    world = World()
    for seq_no, state in ((5, "Charging"), (3, "EVConnected"), (6, None), (4, "SuspendedEV")):
        world.tell(event(seq_no, charging_state=state))
        assert world.told.charging_state == "Charging"


def test_a_second_end_changes_nothing():
    world = World()
    world.tell(event(1, "Ended", reason="Remote"), reading(5))
    world.tell(event(2, "Ended", reason="PowerLoss"), reading(9))
    assert (world.told.reason, world.told.meter_stop) == ("Remote", 5)


def test_an_end_without_a_token_has_no_say_on_any():
    assert World().tell(event(1, "Ended")) is None


def test_the_token_of_an_end_is_no_driver_of_a_transaction_that_had_none():
    world = World()
    world.tell(event(3, "Ended", id_token=TOKEN))
    assert (world.told.id_token, world.told.stop_token) == (None, TOKEN)


def test_another_token_that_stops_is_not_the_drivers():
    world = World()
    world.tell(event(0, "Started", id_token=TOKEN))
    wife = IdToken("OTHER")
    assert world.tell(event(1, id_token=wife, trigger="StopAuthorized")).verdict == "Unknown"
    assert (world.told.id_token, world.told.stop_token) == (TOKEN, wife)
    assert world.told.verdict == "Accepted"


def test_e03_the_start_of_a_charge_is_its_marked_reading_whenever_that_comes():
    world = World()
    world.tell(event(0, "Started"))
    world.tell(event(1), reading(7))
    assert world.told.meter_start is None
    world.tell(event(2, "Ended"), reading(4, "Transaction.Begin"), reading(8))
    assert (world.told.meter_start, world.told.meter_stop) == (4, 8)


def test_a_start_that_was_one_too_many_stays_so():
    world = World(allows_concurrent_transactions=False)
    one = event(0, "Started", id_token=TOKEN, place=Place(1))
    two = msgspec.structs.replace(one, transaction_id="tx-2", place=Place(2))
    assert world.tell(one).verdict == "Accepted"
    assert world.tell(two).verdict == "ConcurrentTx"
    assert world.tell(two).verdict == "ConcurrentTx"  # again
    later = msgspec.structs.replace(two, seq_no=1, kind="Updated")
    assert world.tell(later).verdict == "ConcurrentTx"


@pytest.mark.parametrize("place", [Place(1, 1), Place(1, 2), Place(1)])
def test_an_evse_has_one_transaction_at_a_time(place):
    world = World()
    world.tell(event(0, "Started", place=Place(1, 1)))
    world.tell(event(0, "Started", place=place, transaction_id="tx-2"))
    assert world.book.running_at("CS-1", Place(1)).transaction_id == "tx-2"
    assert len(world.book) == 1


def test_an_event_of_what_has_ended_ends_nothing_else():
    world = World()
    world.tell(event(4, "Ended"))
    world.tell(event(0, "Started", place=Place(1), transaction_id="tx-2"))
    world.tell(event(0, "Started", place=Place(1)))
    assert world.book.running_at("CS-1", Place(1)).transaction_id == "tx-2"
