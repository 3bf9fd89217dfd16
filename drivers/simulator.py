"""A simulated EVSE behind the driver's seam: contactor, locks, meter, faults, and the car at it.

Nothing ticks. State changes at commands, at what people do (the methods of `SimulatedEvse`) and
at the instant when the car ends its charge; in between, the meter is computed from the clock when
somebody reads it.
"""

import random
from collections.abc import Callable, Iterable, Iterator

import msgspec
import trio

from ..machines.effects import (
    AcceptToken,
    CloseContactor,
    Command,
    LockConnector,
    OpenContactor,
    RefuseToken,
    SetLimit,
    UnlockConnector,
)
from ..machines.events import (
    BayOccupied,
    BayVacated,
    CablePlugged,
    CableUnplugged,
    CertificateHash,
    ConnectorLocked,
    ConnectorUnlocked,
    Contract,
    EnergyFlowing,
    Event,
    FaultCleared,
    FaultRaised,
    IdToken,
    LockFailed,
    StoppedByEv,
    SuspendedByEv,
    SuspendedByEvse,
    TokenPresented,
    TokenType,
    UnlockFailed,
)
from ..machines.meter import MeterSample
from .charge import Charge
from .driver import PromptDriver, Report
from .ev import Ev, Supply
from .hardware import FAULT_CODES, EvseHardware

_NOISE = 0.002  # readings waver by up to this fraction
_NONE: frozenset[int] = frozenset()  # shared: there are thousands of EVSEs, and a set is large


class SimulatorError(Exception):
    """What was asked of the simulated hardware cannot be done as it stands."""


class SimulatedEvse(PromptDriver):
    """One simulated EVSE, a `Driver`. Its methods may be used before, during and between its runs.

    `energy_import` (Wh) is where the lifetime register starts. With `noise_seed`, readings of
    voltage, current and frequency waver a little; the register never does.
    """

    __slots__ = (
        "_broken_locks",
        "_changed",
        "_charge",
        "_faults",
        "_flow",
        "_held_locks",
        "_held_token",
        "_is_closed",
        "_is_occupied",
        "_is_paused",
        "_limit",
        "_locked",
        "_noise",
        "_plugged",
        "_report",
        "_supply",
        "_wake_at",
        "hardware",
        "shown",
    )

    def __init__(
        self,
        hardware: EvseHardware | None = None,
        *,
        energy_import: float = 0.0,
        noise_seed: int | None = None,
    ) -> None:
        self.hardware = hardware or EvseHardware()
        self.shown: AcceptToken | RefuseToken | None = None
        """What its display says of the token that was shown last."""
        self._charge = Charge(energy_import)
        self._noise = None if noise_seed is None else random.Random(noise_seed)
        self._plugged: int | None = None  # the connector in use
        self._is_occupied = False
        self._is_closed = False
        self._is_paused = False
        self._limit = SetLimit(0)
        self._supply = self.hardware.supply(self._limit)  # as it was at the last change
        self._locked = _NONE
        self._held_locks = _NONE
        self._broken_locks = _NONE
        self._faults: dict[int, FaultRaised] = {}
        self._held_token: TokenPresented | None = None
        self._flow: type[Event] | None = None  # the last of the three facts about energy
        self._report: Report | None = None
        self._wake_at: Callable[[float], None] | None = None  # for when the car ends its charge
        self._changed: trio.Event | None = None

    # ---- the seam

    def begin(self, report: Report, wake_at: Callable[[float], None]) -> None:
        """Report how things stand. A limit, a lock, a pause and a fault outlive the run: they are
        the hardware's.
        """
        if self._report is not None:
            raise SimulatorError("this simulated EVSE is run already")
        self._report, self._wake_at = report, wake_at
        try:
            self._tell_how_things_stand()
        except BaseException:
            self.end()
            raise

    def wake(self) -> None:
        """The car has ended its charge."""
        self._update()

    def end(self) -> None:
        """The contactor is open from now on."""
        self._report = self._wake_at = None
        self._is_closed = False
        self._update()

    def obey(self, command: Command) -> None:
        match command:
            case CloseContactor():
                # Hardware does not put voltage on an empty socket, or into a fault.
                self._is_closed = self._plugged is not None and self._plugged not in self._faults
            case OpenContactor():
                self._is_closed = False
            case LockConnector(connector=connector):
                self._lock(connector)
            case UnlockConnector(connector=connector):
                self._unlock(connector)
            case SetLimit():
                self._limit = command
            case AcceptToken() | RefuseToken():
                self.shown = command
        self._update()

    def read_meter(self) -> MeterSample:
        """Give the reading of this instant."""
        hardware, drawing = self.hardware, self._charge.phases
        supply = self._supply
        register_wh, watts, state_of_charge = self._charge.measured()
        amperes = watts / (hardware.voltage * drawing) if drawing else 0.0
        voltage, current = (hardware.voltage,) * supply.phases, (amperes,) * drawing
        if self._noise is not None:
            voltage = tuple(each * self._waver() for each in voltage)
            current = tuple(each * self._waver() for each in current)
            # Then power is what the other two make it.
            watts = sum(u * i for u, i in zip(voltage, current, strict=False))
        tells_car = hardware.is_dc or hardware.tells_state_of_charge
        return MeterSample(
            energy_import=register_wh,
            power_import=watts,
            current_import=current + (0.0,) * (supply.phases - drawing),
            voltage=voltage,
            frequency=None if hardware.is_dc else hardware.frequency * self._waver(),
            power_offered=supply.watts if self._is_closed else 0.0,
            current_offered=supply.amperes if self._is_closed else 0.0,
            state_of_charge=state_of_charge if tells_car else None,
        )

    # ---- what can be seen of it

    @property
    def ev(self) -> Ev | None:
        """The car that is plugged in, as it is now."""
        return self._charge.ev

    @property
    def plugged_connector(self) -> int | None:
        """The connector in use."""
        return self._plugged

    @property
    def is_occupied(self) -> bool:
        """Say whether a car stands in the bay."""
        return self._is_occupied

    @property
    def is_contactor_closed(self) -> bool:
        return self._is_closed

    @property
    def is_taking_power(self) -> bool:
        return self._flow is EnergyFlowing

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    @property
    def is_faulted(self) -> bool:
        """Say whether any connector has a fault."""
        return bool(self._faults)

    def is_locked(self, connector: int = 1) -> bool:
        return connector in self._locked

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        """Wait until that holds of what can be seen here; it is asked anew at every change."""
        while not holds():
            if self._changed is None:
                self._changed = trio.Event()
            await self._changed.wait()

    # ---- what people do

    def park(self) -> None:
        """A car comes into the bay; `plug_in` does it by itself where none stands."""
        if self._is_occupied:
            raise SimulatorError("a car stands in the bay already")
        self._is_occupied = True
        if self.hardware.has_bay_sensor:
            self._tell(BayOccupied())
        self._update()

    def drive_off(self) -> None:
        """The car leaves the bay."""
        if not self._is_occupied:
            raise SimulatorError("no car stands in the bay")
        if self._plugged is not None:
            raise SimulatorError("the car is still plugged in")
        self._is_occupied = False
        if self.hardware.has_bay_sensor:
            self._tell(BayVacated())
        self._update()

    def plug_in(self, ev: Ev, connector: int = 1) -> None:
        """Join a connector and a car."""
        self._check_connector(connector)
        if self._plugged is not None:
            raise SimulatorError(f"connector {self._plugged} is in use: an EVSE serves one car")
        if not ev.fits(is_dc=self.hardware.is_dc):
            kind = "DC" if self.hardware.is_dc else "AC"
            raise SimulatorError(f"the car {ev.name!r} has no {kind} inlet")
        if not self._is_occupied:
            self.park()
        self._charge.join(ev)
        self._plugged = connector
        self._tell(CablePlugged(connector))
        self._update()

    def unplug(self, *, at_car: bool = False, leave: bool = True) -> Ev:
        """Take the cable off, and give the car as it leaves.

        `at_car` pulls the end that the EVSE's lock does not hold.
        """
        connector, ev = self._plugged, self.ev
        if connector is None or ev is None:
            raise SimulatorError("nothing is plugged in")
        if connector in self._locked and not at_car:
            raise SimulatorError(f"the lock of connector {connector} holds the cable")
        self._charge.part()
        self._plugged, self._is_closed = None, False
        self._tell(CableUnplugged(connector))
        if leave:
            self.drive_off()
        self._update()
        return ev

    def present_token(self, value: str, type: TokenType | str = "ISO14443") -> None:
        """Show an identification; the reader keeps the last one for the next run if none is on."""
        self._present(TokenPresented(IdToken(value, type)))

    def present_contract(
        self, emaid: str, chain: str, hashes: Iterable[CertificateHash] = ()
    ) -> None:
        """The car shows its contract (ISO 15118): the EMAID, and the PEM that proves it."""
        self._present(TokenPresented(IdToken(emaid, "eMAID"), Contract(chain, tuple(hashes))))

    def _present(self, presented: TokenPresented) -> None:
        if not presented.id_token.value:
            raise SimulatorError("a token needs a value")
        if self._report is None:
            self._held_token = presented
        self._tell(presented)

    def suspend_ev(self) -> None:
        """The car stops taking power, and stays plugged in."""
        self._let_ev_take_power(False)

    def resume_ev(self) -> None:
        """The car takes power again."""
        self._let_ev_take_power(True)

    def stop_by_ev(self) -> None:
        """The car ends the charge for good, as one that speaks ISO 15118 can say (E15)."""
        if self._plugged is None:
            raise SimulatorError("nothing is plugged in")
        self._tell(StoppedByEv())
        self._let_ev_take_power(False)

    # ---- what the hardware does by itself

    def pause(self) -> None:
        """Offer nothing, whatever the limit: SuspendedByEvse."""
        if self._is_paused:
            raise SimulatorError("the EVSE is paused already")
        self._is_paused = True
        self._update()

    def resume(self) -> None:
        """Offer what the limit allows again."""
        if not self._is_paused:
            raise SimulatorError("the EVSE is not paused")
        self._is_paused = False
        self._update()

    def fault(
        self,
        error_code: str,
        info: str = "",
        *,
        vendor_id: str = "",
        vendor_error_code: str = "",
        connector: int | None = None,
    ) -> None:
        """Raise a fault, one of `FAULT_CODES`; without a connector at that in use, or the first.

        A fault at the connector in use opens the contactor at once. A newer fault takes the place
        of an older one.
        """
        if error_code not in FAULT_CODES:
            raise SimulatorError(
                f"{error_code!r} is no fault of 1.6: it is one of {', '.join(FAULT_CODES)}"
            )
        number = connector if connector is not None else self._plugged or 1
        self._check_connector(number)
        raised = FaultRaised(number, error_code, info, vendor_id, vendor_error_code)
        self._faults[number] = raised
        if number == self._plugged:
            self._is_closed = False
        self._tell(raised)
        self._update()

    def clear_fault(self, connector: int | None = None) -> None:
        """End the fault at this connector, or all; the contactor waits until told to close."""
        faulted = [n for n in sorted(self._faults) if connector in (None, n)]
        if not faulted:
            raise SimulatorError("there is no fault to clear")
        for number in faulted:
            del self._faults[number]
            self._tell(FaultCleared(number))
        self._update()

    def hold_lock(self, connector: int = 1) -> None:
        """Jam the lock: from now on it does not open, and says so."""
        self._check_connector(connector)
        self._held_locks |= {connector}

    def break_lock(self, connector: int = 1) -> None:
        """From now on the lock does not hold a cable, and says so when it is told to."""
        self._check_connector(connector)
        self._broken_locks |= {connector}

    def mend_lock(self, connector: int = 1) -> None:
        """Let the lock hold again; it closes when it is told to."""
        if connector not in self._broken_locks:
            raise SimulatorError(f"the lock of connector {connector} is not broken")
        self._broken_locks -= {connector}

    def free_lock(self, connector: int = 1) -> None:
        """Let the lock obey again; it opens when it is told to."""
        if connector not in self._held_locks:
            raise SimulatorError(f"the lock of connector {connector} is not held")
        self._held_locks -= {connector}

    # ---- inside

    def _tell(self, fact: Event) -> None:
        if self._report is not None:
            self._report(fact)

    def _tell_how_things_stand(self) -> None:
        for fact in self._standing_facts():
            self._tell(fact)
        if self._held_token is not None:
            token, self._held_token = self._held_token, None
            self._tell(token)

    def _standing_facts(self) -> Iterator[Event]:
        if self.hardware.has_bay_sensor:
            yield BayOccupied() if self._is_occupied else BayVacated()
        for number in range(1, self.hardware.connectors + 1):
            yield self._faults.get(number) or FaultCleared(number)
            if number in self._locked:
                yield ConnectorLocked(number)
            yield CablePlugged(number) if number == self._plugged else CableUnplugged(number)

    def _update(self) -> None:
        """Draw the consequences of a change: see what flows from here on, and who wants to know."""
        supply = self._supply = self._supply_now()
        self._charge.offer(supply if self._is_closed else None)
        if self._wake_at is not None:
            self._wake_at(self._charge.ends_at)
        before, self._flow = self._flow, self._flow_now(supply)
        if self._flow is not None and self._flow is not before:
            self._tell(self._flow())
        if self._changed is not None:
            self._changed.set()
            self._changed = None

    def _flow_now(self, supply: Supply) -> type[Event] | None:
        if not self._is_closed:
            return None
        if supply.amperes <= 0:
            return SuspendedByEvse  # 1.6 4.9: it has precedence over SuspendedEV
        return EnergyFlowing if self._charge.phases else SuspendedByEv

    def _supply_now(self) -> Supply:
        supply = self.hardware.supply(self._limit)
        return msgspec.structs.replace(supply, amperes=0.0) if self._is_paused else supply

    def _waver(self) -> float:
        return 1.0 if self._noise is None else 1.0 + self._noise.uniform(-_NOISE, _NOISE)

    def _lock(self, connector: int) -> None:
        self._check_connector(connector)
        if connector in self._broken_locks:
            self._tell(LockFailed(connector))
            return
        self._locked |= {connector}
        self._tell(ConnectorLocked(connector))

    def _unlock(self, connector: int) -> None:
        self._check_connector(connector)
        if connector in self._held_locks:
            self._tell(UnlockFailed(connector))
            return
        self._locked -= {connector}
        self._tell(ConnectorUnlocked(connector))

    def _let_ev_take_power(self, takes_power: bool) -> None:
        if self._plugged is None:
            raise SimulatorError("nothing is plugged in")
        self._charge.let_ev_take_power(takes_power)
        self._update()

    def _check_connector(self, connector: int) -> None:
        if not 1 <= connector <= self.hardware.connectors:
            raise SimulatorError(f"there is no connector {connector}")
