"""One transaction: what its reports tell, and what is kept of it over a restart."""

import pytest

from pilotwire.machines.chart import NotAllowed
from pilotwire.machines.events import (
    CablePlugged,
    IdToken,
    StartPointReached,
    StopPointReached,
    TransactionDeauthorized,
    TransactionTouched,
)
from pilotwire.machines.transaction import Transaction


@pytest.fixture
def transaction(scene):
    do = scene()
    do(CablePlugged())
    return Transaction(do.station.evse(1), "t-1")


def test_it_starts_is_touched_and_ends_once(transaction):
    [started] = transaction.handle(StartPointReached("Authorized"))
    assert (started.kind, started.trigger, started.reason) == ("Started", "Authorized", None)
    [updated] = transaction.handle(TransactionTouched("ChargingStateChanged"))
    assert (updated.kind, updated.trigger) == ("Updated", "ChargingStateChanged")
    [ended] = transaction.handle(StopPointReached("RemoteStop", "Remote"))
    assert (ended.kind, ended.trigger, ended.reason) == ("Ended", "RemoteStop", "Remote")
    for late in (
        StartPointReached("Authorized"),
        TransactionTouched("X"),
        StopPointReached("X", "Y"),
    ):
        with pytest.raises(NotAllowed):
            transaction.handle(late)


def test_it_tells_who_and_where_as_things_stand(transaction):
    transaction.id_token = IdToken("A")
    transaction.parent = "P"
    transaction.connector = 1
    transaction.remote_start_id = 5
    transaction.reservation_id = 7
    [report] = transaction.handle(StartPointReached("Authorized"))
    assert report.evse == 1
    assert report.transaction_id == "t-1"
    assert (report.id_token, report.parent, report.connector) == (IdToken("A"), "P", 1)
    assert (report.remote_start_id, report.reservation_id) == (5, 7)
    assert report.charging_state == "EVConnected"


def test_halted_it_goes_on_being_told_and_ends(transaction):
    transaction.handle(StartPointReached("Authorized"))
    assert transaction.handle(TransactionDeauthorized()) == []
    assert transaction.is_halted
    assert transaction.handle(TransactionTouched("EVCommunicationLost"))
    assert transaction.handle(StopPointReached("EVCommunicationLost", "EVDisconnected"))


def test_it_is_recalled_as_it_was(transaction):
    transaction.handle(StartPointReached("Authorized"))
    transaction.handle(TransactionDeauthorized())
    transaction.id_token = IdToken("A")
    transaction.reservation_id = 7
    twin = Transaction.recall(transaction.evse, transaction.remember())
    assert twin.remember() == transaction.remember()
    assert twin.is_halted
    stop = StopPointReached("PowerLoss", "PowerLoss")
    assert twin.handle(stop) == transaction.handle(stop)
