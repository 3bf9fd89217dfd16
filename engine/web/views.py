"""The station as the API shows it: the states of its charts, OCPP's words for them, its readings.

States have the names that `pilotwire charts` draws. Tokens are masked, as they are in the log.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import trio
from msgspec import Struct, structs

from ...drivers.ev import Ev
from ...drivers.simulator import SimulatedEvse
from ...machines.chart import Chart
from ...machines.connector import Connector
from ...machines.events import IdToken
from ...machines.evse import Evse
from ...machines.meter import MeterSample
from ...machines.reservation import Reservation
from ...machines.transaction import Transaction
from ..live.observer import Observer
from ..live.redaction import mask, readable
from ..live.snapshot import Session, Sessions, energy_of, status_of


class FaultView(Struct, frozen=True, kw_only=True):
    """An error that ends a connector's use, in 1.6's words."""

    error_code: str
    info: str
    vendor_id: str
    vendor_error_code: str


class ConnectorView(Struct, frozen=True, kw_only=True):
    """A connector; `status` is what the CSMS is told."""

    connector: int
    status: str
    cable: str
    lock: str
    health: str
    availability: str
    is_operative: bool
    fault: FaultView | None


class TransactionView(Struct, frozen=True, kw_only=True):
    """A transaction; `csms_transaction_id` is the CSMS's own id, where it has given one."""

    transaction_id: str
    csms_transaction_id: str | None
    state: str
    charging_state: str
    connector: int
    id_token: str | None
    remote_start_id: int | None
    reservation_id: int | None


class ReservationView(Struct, frozen=True, kw_only=True):
    """A reservation that is held; without a connector it is for any."""

    reservation_id: int
    id_token: str
    connector: int | None


class SimulationView(Struct, frozen=True, kw_only=True):
    """What stands at a simulated EVSE."""

    ev: Ev | None
    is_occupied: bool
    is_paused: bool
    is_contactor_closed: bool


class EvseView(Struct, frozen=True, kw_only=True):
    """An EVSE. `connector` is the one in use; power is positive towards the car."""

    evse: int
    session: str
    energy: str
    bay: str
    availability: str
    is_operative: bool
    connector: int | None
    connectors: list[ConnectorView]
    transaction: TransactionView | None
    reservation: ReservationView | None
    simulation: SimulationView | None
    session_seconds: float | None
    session_energy_wh: float | None
    power_watts: float | None
    meter: MeterSample


class ConnectionView(Struct, frozen=True, kw_only=True):
    """The way to the CSMS: the network profile that is tried or in use, and what came of it."""

    state: str
    slot: int
    url: str
    version: str | None
    problem: str


class StationView(Struct, frozen=True, kw_only=True):
    """The station; `queued_reports` wait in the journal until the CSMS has them."""

    identity: str
    vendor: str
    model: str
    clock: datetime
    connection: ConnectionView
    registration: str
    status: str
    availability: str
    is_operative: bool
    reservation: ReservationView | None
    evses: list[EvseView]
    queued_reports: int


class Views:
    """Draws the views of one station; `shows_tokens` shows them unmasked."""

    def __init__(self, observer: Observer, *, shows_tokens: bool = False) -> None:
        self._observer = observer
        self._station = observer.station
        self._shows_tokens = shows_tokens
        self._sessions = Sessions(observer.station)

    def follow(self) -> None:
        """Note which sessions began and ended; to be called after everything that happened."""
        for evse in self._station.tree.evses:
            self._sessions.follow(evse)

    def station(self) -> StationView:
        tree, identity = self._station.tree, self._station.identity
        face = self._observer.face
        look = face.look(tree, 0, 0) if face is not None else None
        return StationView(
            identity=self._observer.identity,
            vendor=identity.vendor,
            model=identity.model,
            clock=self._station.clock.now(),
            connection=self.connection(),
            registration=_only(tree.registration),
            status=str(getattr(look, "status", look)),
            availability=_state(tree.chart, _AVAILABILITY),
            is_operative=tree.is_operative,
            reservation=self._reservation(tree.reservation),
            evses=[self.evse(evse.evse_id) for evse in tree.evses],
            queued_reports=len(self._station.journal),
        )

    def connection(self) -> ConnectionView:
        profile = self._observer.profile
        network, connection = self._station.network, self._station.tree.connection
        face = network.face if connection.is_online else None
        return ConnectionView(
            state=_only(connection.chart),
            slot=connection.slot,
            url=profile.url if profile is not None else "",
            version=None if face is None else face.VERSION.subprotocol,
            problem=self._observer.link_problem,
        )

    def evse(self, evse_id: int) -> EvseView:
        evse = self._station.tree.evse(evse_id)
        meter = self._station.read_meter(evse_id)
        session = self._sessions.of(evse_id)
        return EvseView(
            evse=evse_id,
            session=evse.session,
            energy=energy_of(evse),
            bay=_state(evse.chart, ("vacant", "occupied")),
            availability=_state(evse.chart, _AVAILABILITY),
            is_operative=evse.is_operative,
            connector=evse.connector.number if evse.connector else None,
            connectors=[self._connector(connector) for connector in evse.connectors],
            transaction=self._transaction(evse),
            reservation=self._reservation(evse.reservation),
            simulation=_simulation(self._station.evses[evse_id - 1].driver),
            session_seconds=_seconds(session),
            session_energy_wh=None if session is None else meter.energy_import - session.meter,
            power_watts=_watts(meter),
            meter=meter,
        )

    def _connector(self, connector: Connector) -> ConnectorView:
        chart, fault = connector.chart, connector.fault
        return ConnectorView(
            connector=connector.number,
            status=status_of(connector, self._observer.face),
            cable=_state(chart, ("unplugged", "plugged")),
            lock=_state(chart, ("unlocked", "locked", "stuck")),
            health=_state(chart, ("ok", "faulted")),
            availability=_state(chart, _AVAILABILITY),
            is_operative=connector.is_operative,
            fault=None
            if fault is None
            else FaultView(
                error_code=fault.error_code,
                info=fault.info,
                vendor_id=fault.vendor_id,
                vendor_error_code=fault.vendor_error_code,
            ),
        )

    def _transaction(self, evse: Evse) -> TransactionView | None:
        transaction: Transaction | None = evse.transaction
        if transaction is None:
            return None
        token = transaction.id_token
        return TransactionView(
            transaction_id=transaction.transaction_id,
            csms_transaction_id=self._station.csms_transaction(transaction.transaction_id),
            state=_only(transaction.chart),
            charging_state=evse.charging_state,
            connector=transaction.connector,
            id_token=None if token is None else self._shown(token),
            remote_start_id=transaction.remote_start_id,
            reservation_id=transaction.reservation_id,
        )

    def _reservation(self, reservation: Reservation) -> ReservationView | None:
        made = reservation.made if reservation.is_held else None
        if made is None:
            return None
        return ReservationView(
            reservation_id=made.reservation_id,
            id_token=self._shown(made.id_token),
            connector=made.connector,
        )

    def _shown(self, id_token: IdToken) -> str:
        token = readable(id_token)
        return token if self._shows_tokens else mask(token)


def lasting(view: StationView | EvseView) -> object:
    """Give what of a view stays the same as long as nothing happens: no clock and no readings."""
    if isinstance(view, StationView):
        return structs.replace(view, clock=_NO_TIME, evses=[], queued_reports=0)
    simulation = view.simulation
    return structs.replace(
        view,
        simulation=simulation and structs.replace(simulation, ev=None),
        session_seconds=None,
        session_energy_wh=None,
        power_watts=None,
        meter=_NO_METER,
    )


_NO_TIME = datetime.min
_NO_METER = MeterSample(energy_import=0.0)
_AVAILABILITY = ("operative", "change_scheduled", "inoperative")


AnyChart = Chart[Any]  # whoever hosts it


def _state(chart: AnyChart, states: Iterable[str]) -> str:
    """Give which of a region's states the chart is in."""
    return next(state for state in states if chart.is_in(state))


def _only(chart: AnyChart) -> str:
    """Give the state of a chart of one region."""
    return chart.configuration[-1]


def _seconds(session: Session | None) -> float | None:
    return None if session is None else trio.current_time() - session.began


def _watts(meter: MeterSample) -> float | None:
    if meter.power_import is None and meter.power_export is None:
        return None
    return (meter.power_import or 0.0) - (meter.power_export or 0.0)


def _simulation(driver: object) -> SimulationView | None:
    if not isinstance(driver, SimulatedEvse):
        return None
    return SimulationView(
        ev=driver.ev,
        is_occupied=driver.is_occupied,
        is_paused=driver.is_paused,
        is_contactor_closed=driver.is_contactor_closed,
    )
