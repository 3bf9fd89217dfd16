"""What follows from an EVSE's regions, and no chart decides alone: transaction, energy, lock.

Theory of operation. After each fact the EVSE looks at which of 2.x's transaction points hold
(occupied, connected, authorized, both, energy) and lets the transaction start or stop by the
configured sets (E01, E06); it lets energy flow when session, health and transaction all allow it;
and it locks the cable as long as the session holds it. The energy region moves first, so that a
report tells what will be; the effects come in the order that safety and the journal ask for:
report, lock, contactor, unlock.

No energy flows that no transaction records, but for the first of it where that is what starts one
(TxStartPoint EnergyTransfer).
"""

from functools import cache
from typing import TYPE_CHECKING

from .effects import Effect
from .events import (
    Authorized,
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    ConnectionTimedOut,
    EnergyAllowed,
    EnergyDenied,
    EnergyFlowing,
    Event,
    FaultCleared,
    FaultRaised,
    LockNeeded,
    LockReleased,
    SignatureDropped,
    SignatureNeeded,
    SignedDataReceived,
    StartPointReached,
    StopPointReached,
    StopRequested,
    SuspendedByEv,
    SuspendedByEvse,
    TransactionDeauthorized,
    TransactionTouched,
    UseEnded,
)
from .settings import TxPoint
from .transaction import Transaction

if TYPE_CHECKING:
    from .connector import Connector
    from .evse import Evse

_TRIGGERS: dict[type[Event], str] = {
    Authorized: "Authorized",
    BayOccupied: "EVDetected",
    BayVacated: "EVDeparted",
    CablePlugged: "CablePluggedIn",
    CableUnplugged: "EVCommunicationLost",
    ConnectionTimedOut: "EVConnectTimeout",
    EnergyFlowing: "ChargingStateChanged",
    FaultCleared: "ChargingStateChanged",
    FaultRaised: "AbnormalCondition",  # E06.FR.16
    SignedDataReceived: "SignedDataReceived",
    SuspendedByEv: "ChargingStateChanged",
    SuspendedByEvse: "ChargingStateChanged",
    TransactionDeauthorized: "ChargingStateChanged",  # E05.FR.02
}
"""What a running transaction's record tells, in TriggerReasonEnumType words (E02.FR.17)."""

_REASONS: dict[type[Event], str] = {
    BayVacated: "EVDisconnected",
    CableUnplugged: "EVDisconnected",
    ConnectionTimedOut: "Timeout",
    SuspendedByEv: "StoppedByEV",
    TransactionDeauthorized: "DeAuthorized",
}
"""Why a transaction ends with such a fact, by 2.x's ReasonEnumType."""

_FAULT_REASONS = {
    "GroundFailure": "GroundFault",
    "OverCurrentFailure": "OvercurrentFault",
    "OverVoltage": "PowerQuality",
    "UnderVoltage": "PowerQuality",
}
"""The same for a fault, by its error code."""

_FINAL_REASONS = frozenset({"ImmediateReset", "HardReset", "SoftReset", "PowerLoss", "Reboot"})
"""No transaction outlives these, whatever its stop points are (B12.FR.04)."""

_STOPPED_BY_STOP = frozenset({"Authorized", "PowerPathClosed", "EnergyTransfer"})
"""Stop points that the end of an authorization reaches (E05.FR.10, E15.FR.04)."""


def settle(evse: "Evse", fact: Event) -> list[Effect]:
    """Give what follows, once the charts have taken the fact."""
    if evse.authorization is not None and evse.chart.is_in("idle"):
        end_authorization(evse, fact)
    state = evse.charging_state
    signature = _settle_signature(evse)
    starts = evse.transaction is None and _starts(evse, fact)
    contactor = _settle_energy(evse, starts)
    reports = _settle_transaction(evse, fact, starts, contactor, state)
    effects = signature + reports + _hold_cable(evse) + contactor + _free_cable(evse, fact)
    if evse.chart.is_in("idle"):
        evse.connector = None
    effects += evse.lose_reservation()
    effects += _end_use(evse)
    waiting = _waiting_cable(evse)
    if waiting is not None:
        effects += evse.adopt(waiting)
        effects += settle(evse, CablePlugged(waiting.number))
    return effects


def settle_hardware(evse: "Evse") -> list[Effect]:
    """Give the commands that bring lock and contactor to where the regions are."""
    contactor = _settle_energy(evse, starts=False)
    return _hold_cable(evse) + contactor


def end_authorization(evse: "Evse", fact: Event) -> None:
    """Nobody is authorized any more; a question whether another token may stop falls with it."""
    current, evse.authorization = evse.authorization, None
    if current is None:
        return
    evse.question = None
    if evse.transaction is not None:
        evse.transaction.stop_reason = _reason(fact)
        if isinstance(fact, StopRequested):
            evse.transaction.stop_token = fact.id_token
    if _keeps_cable(evse, fact) and any(c.chart.is_in("locked") for c in evse.connectors):
        evse.keeper = current


def _keeps_cable(evse: "Evse", fact: Event) -> bool:
    """Say whether the cable stays locked until its owner comes for it."""
    if isinstance(fact, CableUnplugged):
        return not evse.settings.unlock_on_ev_side_disconnect  # E09.FR.03
    return isinstance(fact, StopRequested) and fact.reason == "DeAuthorized"  # E05.FR.11, 1.6 4.8


# ---- transaction


def points_of(evse: "Evse") -> frozenset[TxPoint]:
    """Give the transaction points that hold now."""
    connector = evse.connector
    chart = evse.chart
    return _points(
        chart.is_in("occupied"),
        connector is not None and connector.is_plugged,
        evse.authorization is not None,
        chart.is_in("charging"),
        chart.is_in("received"),
    )


@cache
def _points(
    is_occupied: bool,
    is_plugged: bool,
    is_authorized: bool,
    is_charging: bool,
    is_signed: bool,
) -> frozenset[TxPoint]:
    holds: dict[TxPoint, bool] = {
        "ParkingBayOccupancy": is_occupied,
        "EVConnected": is_plugged,
        "Authorized": is_authorized,
        "PowerPathClosed": is_plugged and is_authorized,
        "EnergyTransfer": is_charging,
        "DataSigned": is_signed,
    }
    return frozenset(point for point, held in holds.items() if held)


def _settle_transaction(
    evse: "Evse", fact: Event, starts: bool, contactor: list[Effect], state: str
) -> list[Effect]:
    before, evse.points = evse.points, points_of(evse)
    transaction = evse.transaction
    if transaction is None:
        return _start(evse, fact) if starts else []
    if _stops(evse, fact, before - evse.points):
        return _stop(evse, transaction, fact, contactor)
    trigger = _trigger(evse, fact)
    if trigger is None or (isinstance(fact, FaultCleared) and not contactor):
        return []
    _note(evse, transaction)
    if _is_told_twice(evse, fact, state):
        return transaction.handle(TransactionTouched(trigger, state)) + transaction.handle(
            TransactionTouched("ChargingStateChanged")
        )
    return transaction.handle(TransactionTouched(trigger))


def _is_told_twice(evse: "Evse", fact: Event, state: str) -> bool:
    """Say whether two things have happened: somebody said stop, and the energy stopped upon it.

    E03.FR.12, E07 figure 55: each has its own event where the transaction goes on. A car or a CSMS
    that ends it is told with what it led to (E05.FR.09, E15.FR.05).
    """
    if not isinstance(fact, StopRequested) or state == evse.charging_state:
        return False
    return fact.reason not in ("DeAuthorized", "StoppedByEV")


def _starts(evse: "Evse", fact: Event) -> bool:
    # Somebody who is authorized anew reaches every start point that holds: after a stop the cable
    # may still be in (E01.FR.02).
    now = points_of(evse)
    reached = now if isinstance(fact, Authorized) else now - evse.points
    return not reached.isdisjoint(evse.settings.tx_start_points)


def _stops(evse: "Evse", fact: Event, lost: frozenset[TxPoint]) -> bool:
    stop_points = evse.settings.tx_stop_points - {"DataSigned"}  # errata 2.24: it has no end
    if not lost.isdisjoint(stop_points):
        return True
    if "PowerPathClosed" in stop_points and not lost.isdisjoint({"EVConnected", "Authorized"}):
        return True  # "exactly the same as having EVConnected, Authorized", 2.x part 2 2.6.6.2
    if isinstance(fact, StopRequested) and (
        fact.reason in _FINAL_REASONS or not stop_points.isdisjoint(_STOPPED_BY_STOP)
    ):
        return True
    if isinstance(fact, ConnectionTimedOut) and "ParkingBayOccupancy" not in stop_points:
        return True  # E03.FR.05, E03.FR.15
    return not evse.points  # nothing is left that could still end it


def _start(evse: "Evse", fact: Event) -> list[Effect]:
    transaction = evse.transaction = Transaction(evse, evse.station.new_transaction_id())
    _note(evse, transaction)
    remote = evse.authorization is not None and evse.authorization.remote_start_id is not None
    trigger = "RemoteStart" if remote else _trigger(evse, fact)  # F02.FR.21
    return transaction.handle(StartPointReached(trigger or "ChargingStateChanged"))


def _stop(
    evse: "Evse", transaction: Transaction, fact: Event, contactor: list[Effect]
) -> list[Effect]:
    trigger = _trigger(evse, fact) or "ChargingStateChanged"
    reason = _reason(fact)
    if transaction.stop_reason is not None and not isinstance(fact, StopRequested):
        reason = transaction.stop_reason  # E07.FR.05-06, F04.FR.03: of what ended the charge
    effects: list[Effect] = []
    if evse.authorization is not None:  # it was for this transaction
        effects += evse.chart.handle(StopRequested(reason, trigger))
        end_authorization(evse, fact)
        effects += _settle_signature(evse)
        contactor += _settle_energy(evse, starts=False)
        evse.points = points_of(evse)
    effects += transaction.handle(StopPointReached(trigger, reason))
    evse.transaction = None
    return effects


def _reason(fact: Event) -> str:
    """Give why a charge ends with this fact, as a 2.x ReasonEnumType word (E06.FR.08)."""
    if isinstance(fact, StopRequested):
        return fact.reason
    if isinstance(fact, FaultRaised):
        return _FAULT_REASONS.get(fact.error_code, "Other")
    return _REASONS.get(type(fact), "Other")


def _trigger(evse: "Evse", fact: Event) -> str | None:
    """Give the trigger by which the transaction's record tells the fact, if it tells it."""
    if isinstance(fact, StopRequested):
        return fact.trigger
    if isinstance(fact, Authorized) and fact.remote_start_id is not None:
        return "RemoteStart"  # F01.FR.19
    if isinstance(fact, CablePlugged | CableUnplugged | FaultRaised | FaultCleared):
        connector = evse.connector
        if connector is not None and connector.number != fact.connector:
            return None  # not the one in use
    return _TRIGGERS.get(type(fact))


def _note(evse: "Evse", transaction: Transaction) -> None:
    """Write what the session knows by now into the transaction."""
    if evse.connector is not None:
        transaction.connector = evse.connector.number
    authorization = evse.authorization
    if authorization is not None:
        transaction.stop_reason = None
        transaction.id_token = authorization.id_token
        transaction.parent = authorization.parent
        transaction.remote_start_id = authorization.remote_start_id
        transaction.reservation_id = authorization.reservation_id


# ---- signature, energy, lock and use


def _settle_signature(evse: "Evse") -> list[Effect]:
    """Ask for the signed reading that a charge begins with, where one is to begin with it."""
    chart, settings = evse.chart, evse.settings
    if not chart.is_in("active"):
        return [] if chart.is_in("unasked") else chart.handle(SignatureDropped())
    is_wanted = settings.sign_readings and "DataSigned" in settings.tx_start_points
    if is_wanted and evse.transaction is None and chart.is_in("unasked"):
        return chart.handle(SignatureNeeded())  # E01.FR.04
    return []


def _settle_energy(evse: "Evse", starts: bool) -> list[Effect]:
    chart = evse.chart
    wanted = chart.is_in("active") and not evse.is_faulted and _may_draw(evse, starts)
    if wanted is not chart.is_in("off"):
        return []
    return chart.handle(EnergyAllowed() if wanted else EnergyDenied())


def _may_draw(evse: "Evse", starts: bool) -> bool:
    """Say whether what the car draws is recorded, by a transaction that runs, or starts now."""
    if evse.transaction is not None:
        return not evse.transaction.is_halted
    return starts or "EnergyTransfer" in evse.settings.tx_start_points


def _hold_cable(evse: "Evse") -> list[Effect]:
    connector = evse.connector
    if connector is None or not evse.chart.is_in("active") or connector.chart.is_in("locked"):
        return []
    if connector.is_faulted:
        return []  # its lock, perhaps
    return connector.chart.handle(LockNeeded(connector.number))


def _free_cable(evse: "Evse", fact: Event) -> list[Effect]:
    if isinstance(fact, CableUnplugged) and evse.settings.unlock_on_ev_side_disconnect:
        evse.keeper = None
    # E10.FR.01, 1.6 4.10: an interrupted transaction keeps its cable.
    if evse.keeper or evse.chart.is_in("active") or evse.chart.is_in("interrupted"):
        return []
    effects: list[Effect] = []
    for connector in evse.connectors:
        if connector.chart.is_in("locked"):
            effects += connector.chart.handle(LockReleased(connector.number))
    return effects


def _end_use(evse: "Evse") -> list[Effect]:
    if evse.is_in_use:
        return []
    effects: list[Effect] = []
    if evse.chart.is_in("change_scheduled"):
        effects += evse.chart.handle(UseEnded())
    for connector in evse.connectors:
        if connector.chart.is_in("change_scheduled"):
            effects += connector.chart.handle(UseEnded())
    if evse.reset.is_scheduled:
        effects += evse.reset.handle(UseEnded())  # B12.FR.07
    return effects


def _waiting_cable(evse: "Evse") -> "Connector | None":
    """Give the connector whose cable was put in while the EVSE could not take it up."""
    if evse.connector is not None:
        return None
    for connector in evse.connectors:
        if connector.is_plugged and (connector.is_usable or evse.chart.is_in("idle")):
            return connector
    return None
