"""A lock that does not hold the cable: nothing flows until another cable is in (G05)."""

from pilotwire.machines.effects import IgnoreFact, LockConnector, OpenContactor, ReportConnector
from pilotwire.machines.events import CablePlugged, CableUnplugged, LockFailed


def test_g05_fr_01_the_energy_is_denied_and_the_connector_faulted(scene):
    do = scene()
    do(CablePlugged())
    do.authorize()
    effects = do(LockFailed())
    assert OpenContactor(1) in effects
    assert effects[-1] == ReportConnector(1, 1)
    assert not any(isinstance(effect, LockConnector) for effect in effects)  # not again and again
    connector = do.station.evse(1).connectors[0]
    assert connector.is_faulted
    assert connector.fault.error_code == "ConnectorLockFailure"
    assert connector.chart.is_in("unlocked")
    assert do.told[-1] == ("Updated", "AbnormalCondition", None)
    assert do.station.evse(1).charging_state == "SuspendedEVSE"


def test_the_next_cable_is_tried_anew(scene):
    do = scene()
    do(CablePlugged())
    do.authorize()
    do(LockFailed(), CableUnplugged())
    connector = do.station.evse(1).connectors[0]
    assert not connector.is_faulted
    assert connector.fault is None
    do(CablePlugged())
    assert LockConnector(1, 1) in do.authorize()


def test_a_lock_that_nobody_told_to_close_cannot_fail(scene):
    do = scene()
    (ignored,) = do(LockFailed())
    assert isinstance(ignored, IgnoreFact)
    assert isinstance(do(LockFailed(9))[0], IgnoreFact)
