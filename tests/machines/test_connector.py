"""One connector: its lock, its cable and its health do not disturb one another."""

import pytest

from pilotwire.machines.chart import NotAllowed
from pilotwire.machines.effects import LockConnector, UnlockConnector
from pilotwire.machines.events import (
    CablePlugged,
    CableUnplugged,
    ConnectorLocked,
    ConnectorUnlocked,
    FaultCleared,
    FaultRaised,
    LockNeeded,
    LockReleased,
    UnlockFailed,
)


@pytest.fixture
def connector(scene):
    """The second connector of an EVSE."""
    return scene(2).station.evse(1).connectors[1]


def states(connector) -> set[str]:
    return set(connector.chart.configuration) & {
        "plugged", "unplugged", "locked", "unlocked", "stuck", "ok", "faulted",
    }  # fmt: skip


def test_it_is_locked_and_unlocked_by_its_number(connector):
    assert connector.chart.handle(LockNeeded(2)) == [LockConnector(1, 2)]
    assert connector.chart.handle(ConnectorLocked(2)) == []
    assert connector.chart.handle(LockReleased(2)) == [UnlockConnector(1, 2)]
    assert connector.chart.handle(ConnectorUnlocked(2)) == []
    assert states(connector) == {"unplugged", "unlocked", "ok"}


def test_a_lock_that_holds_is_stuck_until_it_opens(connector):
    for fact in (LockNeeded(2), LockReleased(2), UnlockFailed(2), UnlockFailed(2)):
        connector.chart.handle(fact)
    assert "stuck" in states(connector)
    connector.chart.handle(ConnectorUnlocked(2))
    assert "unlocked" in states(connector)


def test_a_stuck_lock_serves_the_next_session(connector):
    connector.chart.handle(UnlockFailed(2))
    assert connector.chart.handle(LockNeeded(2)) == [LockConnector(1, 2)]


def test_a_lock_that_is_held_cannot_fail_to_open(connector):
    connector.chart.handle(LockNeeded(2))
    with pytest.raises(NotAllowed):
        connector.chart.handle(UnlockFailed(2))


def test_a_fault_leaves_cable_and_lock_as_they_are(connector):
    connector.chart.handle(CablePlugged(2))
    connector.chart.handle(LockNeeded(2))
    connector.chart.handle(FaultRaised(2))
    assert states(connector) == {"plugged", "locked", "faulted"}
    connector.chart.handle(FaultCleared(2))
    connector.chart.handle(CableUnplugged(2))
    assert states(connector) == {"unplugged", "locked", "ok"}


def test_its_fault_is_kept_for_whoever_reports_it(scene):
    do = scene()
    fault = FaultRaised(error_code="GroundFailure", info="leak", vendor_error_code="E7")
    do(fault)
    assert do.station.evse(1).connectors[0].fault == fault
    do(FaultCleared())
    assert do.station.evse(1).connectors[0].fault is None
