"""The book of transactions, over an archive that is a plain list."""

from datetime import UTC, datetime

import msgspec

from pilotwire.machines.events import IdToken
from pilotwire.profiles.csms import Place, Transaction, Transactions

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FIRST, SECOND = Place(connector=1), Place(connector=2)


class ListArchive:
    def __init__(self, *transactions):
        self.transactions = transactions

    def transaction(self, station_id, transaction_id):
        return next(
            (
                t
                for t in self.transactions
                if (t.station_id, t.transaction_id) == (station_id, transaction_id)
            ),
            None,
        )

    def started_alike(self, station_id, place, started_at):
        key = (station_id, place, started_at)
        return [t for t in self.transactions if (t.station_id, t.place, t.started_at) == key]

    def is_taken(self, transaction_id):
        return any(t.transaction_id == transaction_id for t in self.transactions)


def transaction(transaction_id="1", station_id="CS-1", place=FIRST, token="Tag", **fields):
    return Transaction(
        station_id=station_id,
        transaction_id=transaction_id,
        place=place,
        id_token=IdToken(token),
        **{"verdict": "Accepted", "started_at": NOW, "meter_start": 5} | fields,
    )


def book(*archived, running=(), draws=()):
    return Transactions(ListArchive(*archived), iter(draws).__next__, running)


def test_an_id_that_any_station_ever_had_is_drawn_again():
    known = book(transaction("7"), transaction("8", "CS-2"), draws=(7, 8, 7, 9))
    assert known.new_id() == "9"


def test_a_start_is_told_before_when_all_of_it_is_the_same():
    told = transaction()
    known = book(told)
    assert known.told_before("CS-1", FIRST, IdToken("TAG"), 5, NOW) is told
    assert known.told_before("CS-1", FIRST, IdToken("other"), 5, NOW) is None
    assert known.told_before("CS-1", FIRST, IdToken("Tag"), 6, NOW) is None
    assert known.told_before("CS-1", SECOND, IdToken("Tag"), 5, NOW) is None
    assert known.told_before("CS-2", FIRST, IdToken("Tag"), 5, NOW) is None


def test_a_token_charges_until_its_transaction_ends():
    known = book()
    running = transaction()
    known.start(running)
    assert known.is_charging(IdToken("TAG"))
    assert known.running_at("CS-1", FIRST) is running
    assert known.find("CS-1", "1") is running
    known.end(running)
    assert not known.is_charging(IdToken("TAG"))
    assert known.find("CS-1", "1") is None
    assert len(known) == 0


def test_a_token_charges_while_one_of_two_transactions_runs():
    known = book()
    one, two = transaction("1"), transaction("2", "CS-2")
    known.start(one)
    known.start(two)
    known.end(one)
    assert known.is_charging(IdToken("Tag"))
    known.end(two)
    assert not known.is_charging(IdToken("Tag"))


def test_a_token_that_was_not_accepted_does_not_charge():
    known = book()
    known.start(transaction(verdict="Blocked"))
    assert not known.is_charging(IdToken("Tag"))


def test_what_never_stopped_no_longer_counts_after_the_next_start_at_its_connector():
    known = book()
    lost, next_one = transaction("1"), transaction("2", token="other")
    known.start(lost)
    known.start(next_one)
    assert not known.is_charging(IdToken("Tag"))
    known.end(lost)  # it comes late, and ends nothing else
    assert known.running_at("CS-1", FIRST) is next_one


def test_of_what_ran_before_a_restart_the_last_at_each_connector_runs():
    lost, last = transaction("1", token="lost"), transaction("2")
    known = book(running=[last, lost, transaction("3", place=SECOND)])
    assert known.running_at("CS-1", FIRST) is last
    assert not known.is_charging(IdToken("lost"))
    assert len(known) == 2


def test_a_station_is_reloaded_and_the_others_are_left():
    known = book()
    known.start(transaction("1"))
    known.start(transaction("2", "CS-2", token="other"))
    known.reload("CS-1", [transaction("3", place=SECOND)])
    assert known.running_at("CS-1", FIRST) is None
    assert known.running_at("CS-1", SECOND).transaction_id == "3"
    assert known.is_charging(IdToken("other"))


def test_ids_are_a_stations_own():
    known = book()
    theirs = transaction("1", "CS-2")
    known.start(theirs)
    assert known.find("CS-1", "1") is None
    known.end(msgspec.structs.replace(theirs, station_id="CS-1"))
    assert known.running_at("CS-2", FIRST) is theirs
