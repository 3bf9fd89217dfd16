"""What can be seen of an EVSE at one instant, and of the session that is on there.

A session begins when somebody comes (a cable, a token) and ends when it is over for the EVSE; one
that was on before the program started counts from there.
"""

from typing import Literal

import msgspec
import trio

from ...drivers.simulator import SimulatedEvse
from ...machines.connector import Connector
from ...machines.evse import Evse
from ...machines.meter import MeterSample
from ...profiles.face import StationFace
from ..station.station import ChargingStation
from .redaction import readable

Energy = Literal["off", "ready", "charging", "suspended_ev", "suspended_evse"]
_ENERGY_STATES: tuple[Energy, ...] = ("off", "ready", "charging", "suspended_ev", "suspended_evse")
_NOBODY = ("idle", "finishing")


class Session(msgspec.Struct, kw_only=True):
    """Somebody at an EVSE."""

    began: float  # s on Trio's clock
    meter: float  # Wh, the register at that moment
    transaction_id: str | None = None
    csms_transaction_id: str | None = None
    token: str | None = None


class SessionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A session that is over."""

    evse: int
    seconds: float
    energy_wh: float
    transaction_id: str | None
    csms_transaction_id: str | None
    token: str | None


class EvseSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What can be seen of an EVSE now. `statuses` are OCPP's words, one a connector."""

    evse: int
    connector: int | None  # in use
    statuses: tuple[str, ...]
    session: str
    energy: Energy
    fault: str
    is_plugged: bool
    car: str
    state_of_charge: float | None  # %
    power_watts: float | None
    amperes: float | None  # the most of a phase
    register_wh: float
    session_wh: float | None
    session_seconds: float | None
    transaction_id: str | None
    csms_transaction_id: str | None
    token: str | None

    @property
    def status(self) -> str:
        """The status of the connector in use, or those of all."""
        if self.connector is not None:
            return self.statuses[self.connector - 1]
        return "/".join(dict.fromkeys(self.statuses))


class Sessions:
    """The sessions of one station's EVSEs, followed fact by fact."""

    def __init__(self, station: ChargingStation) -> None:
        self._station = station
        self._open: dict[int, Session] = {}

    @property
    def are_on(self) -> bool:
        return bool(self._open)

    def of(self, evse_id: int) -> Session | None:
        return self._open.get(evse_id)

    def follow(self, evse: Evse) -> SessionSummary | None:
        """Note what has become of the session there; give its summary once, when it has ended."""
        session = self._open.get(evse.evse_id)
        is_over = evse.session in _NOBODY and evse.transaction is None
        if session is None:
            if not is_over:
                self._begin(evse)
            return None
        self._note(session, evse)
        return self._end(session, evse.evse_id) if is_over else None

    def _begin(self, evse: Evse) -> None:
        meter = self._station.read_meter(evse.evse_id).energy_import
        session = Session(began=trio.current_time(), meter=meter)
        self._open[evse.evse_id] = session
        self._note(session, evse)

    def _note(self, session: Session, evse: Evse) -> None:
        transaction = evse.transaction
        if transaction is not None:
            session.transaction_id = transaction.transaction_id
        if session.transaction_id is not None and session.csms_transaction_id is None:
            session.csms_transaction_id = self._station.csms_transaction(session.transaction_id)
        if evse.authorization is not None:
            session.token = readable(evse.authorization.id_token)
        elif transaction is not None and transaction.id_token is not None:
            session.token = readable(transaction.id_token)

    def _end(self, session: Session, evse_id: int) -> SessionSummary:
        del self._open[evse_id]
        meter = self._station.read_meter(evse_id).energy_import
        return SessionSummary(
            evse=evse_id,
            seconds=trio.current_time() - session.began,
            energy_wh=meter - session.meter,
            transaction_id=session.transaction_id,
            csms_transaction_id=session.csms_transaction_id,
            token=session.token,
        )


def status_of(connector: Connector, face: StationFace | None) -> str:
    """Give the word that the CSMS is told, as the version of the link has it."""
    if face is None:
        return "Unknown"
    look = face.look(connector.evse.station, connector.evse_id, connector.number)
    return str(getattr(look, "status", look))


def energy_of(evse: Evse) -> Energy:
    return next(state for state in _ENERGY_STATES if evse.chart.is_in(state))


def snapshot(
    station: ChargingStation, evse: Evse, face: StationFace | None, session: Session | None
) -> EvseSnapshot:
    meter = station.read_meter(evse.evse_id)
    faults = [c.fault for c in evse.connectors if c.is_faulted and c.fault is not None]
    driver = station.evses[evse.evse_id - 1].driver
    ev = driver.ev if isinstance(driver, SimulatedEvse) else None
    now = trio.current_time()
    return EvseSnapshot(
        evse=evse.evse_id,
        connector=evse.connector.number if evse.connector else None,
        statuses=tuple(status_of(connector, face) for connector in evse.connectors),
        session=evse.session,
        energy=energy_of(evse),
        fault=" ".join([faults[0].error_code, faults[0].info]).strip() if faults else "",
        is_plugged=any(connector.is_plugged for connector in evse.connectors),
        car=ev.name if ev is not None else "",
        state_of_charge=meter.state_of_charge,
        power_watts=_watts(meter),
        amperes=max(meter.current_import, default=None),
        register_wh=meter.energy_import,
        session_wh=None if session is None else meter.energy_import - session.meter,
        session_seconds=None if session is None else now - session.began,
        transaction_id=None if session is None else session.transaction_id,
        csms_transaction_id=None if session is None else session.csms_transaction_id,
        token=None if session is None else session.token,
    )


def _watts(meter: MeterSample) -> float | None:
    if meter.power_import is None and meter.power_export is None:
        return None
    return (meter.power_import or 0.0) - (meter.power_export or 0.0)
