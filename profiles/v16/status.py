"""ChargePointStatus, a projection of the regions of a connector, its EVSE and its station (1.6
4.9, 7.7).
"""

from typing import NamedTuple

from ...machines.connector import Connector
from ...machines.events import FaultRaised
from ...machines.station import Station
from ..messages.v16 import ChargePointErrorCode, ChargePointStatus

_DISCONNECTED = "EV side disconnected"  # 4.9


class Face(NamedTuple):
    """What a StatusNotification says of a connector."""

    status: ChargePointStatus
    error_code: ChargePointErrorCode = "NoError"
    info: str = ""
    vendor_id: str = ""
    vendor_error_code: str = ""


def station_face(station: Station) -> Face:
    """Give connector 0: only Available, Unavailable and Faulted are for it."""
    return Face("Available" if station.is_operative else "Unavailable")


def connector_face(connector: Connector) -> Face:
    fault = connector.fault
    if connector.is_faulted and fault is not None:
        return _faulted(fault)
    is_in_use = connector.evse.connector is connector
    if is_in_use and connector.evse.is_in_use:
        return _in_session(connector)
    if not connector.is_operative or connector.evse.is_held:
        return Face("Unavailable")
    if connector.evse.keeper is not None and connector.chart.is_in("locked"):
        return Face("Finishing", info="" if connector.is_plugged else _DISCONNECTED)
    if is_in_use or connector.is_plugged:
        is_over = connector.evse.chart.is_in("finishing") and is_in_use
        return Face("Finishing" if is_over else "Preparing")
    if connector.evse.chart.is_in("token_first") and connector.evse.connector is None:
        return Face("Preparing")
    reservation = connector.evse.reservation
    made = reservation.made if reservation.is_held else None
    if made is not None and made.connector in (None, connector.number):
        return Face("Reserved")
    return Face("Available")


def _faulted(fault: FaultRaised) -> Face:
    code, info = fault.error_code, fault.info
    if code == "EVCommunicationError":
        code, info = "OtherError", info or code  # 4.9: that word is never told with Faulted
    return Face(
        "Faulted",
        code,  # type: ignore[arg-type]  # one of its words: the event says so
        info,
        fault.vendor_id,
        fault.vendor_error_code,
    )


def _in_session(connector: Connector) -> Face:
    evse = connector.evse
    if evse.chart.is_in("interrupted"):
        return Face("SuspendedEV", info=_DISCONNECTED)
    transaction = evse.transaction
    if evse.chart.is_in("suspended_evse") or (transaction is not None and transaction.is_halted):
        return Face("SuspendedEVSE")
    if evse.chart.is_in("charging"):
        return Face("Charging")
    if evse.chart.is_in("suspended_ev"):
        return Face("SuspendedEV")
    return Face("Finishing" if evse.chart.is_in("finishing") else "Preparing")
