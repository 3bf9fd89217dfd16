"""Visitors to a simulated EVSE: cars come, charge and leave, by chance that a seed repeats.

A visitor knows what a person knows who stands there: the own car and token, whether the car
charges, whether the lock holds the cable, whether a fault is shown. Never what the station thinks.
"""

import random
from collections.abc import Callable, Iterator

import msgspec
import trio

from ..machines.events import IdToken
from .ev import Ev
from .hardware import EvseHardware
from .simulator import SimulatedEvse


class CarKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model of car, and how often it comes compared with the others."""

    ev: Ev
    weight: float = 1.0


CARS = (
    CarKind(ev=Ev(name="city car", battery_wh=26_000, phases=1, dc_max_watts=0), weight=1),
    CarKind(ev=Ev(name="compact", battery_wh=58_000, dc_max_watts=120_000), weight=3),
    CarKind(ev=Ev(name="hatchback", battery_wh=52_000, ac_max_amperes=32, dc_max_watts=46_000)),
    CarKind(ev=Ev(name="saloon", battery_wh=84_000, dc_max_watts=235_000), weight=2),
)


class VisitorSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How cars come and go. A pair is a range to draw from, a share a probability."""

    tokens: tuple[IdToken, ...] = (IdToken("DEADBEEF"),)
    cars: tuple[CarKind, ...] = CARS
    first_arrival_seconds: float = 2.0  # the first car is there by then
    gap_seconds: tuple[float, float] = (5.0, 20.0)  # from one car's leaving to the next
    handling_seconds: tuple[float, float] = (1.0, 4.0)  # between cable and token
    dwell_seconds: tuple[float, float] = (60.0, 300.0)  # a charge, if the car does not end it
    patience_seconds: float = 30.0  # for a charge to begin, and to end once the token is shown
    arrival_percent: tuple[float, float] = (10.0, 78.0)  # state of charge
    target_percent: tuple[float, float] = (80.0, 100.0)  # where the car ends the charge by itself
    token_first_share: float = 0.3  # the others plug in first
    pull_share: float = 0.2  # pull the cable at the car; the others end with the token

    def __post_init__(self) -> None:
        if not self.tokens:
            raise ValueError("tokens: visitors need at least one")
        for name, top in _RANGES.items():
            low, high = getattr(self, name)
            if not 0 <= low <= high <= top:
                raise ValueError(f"{name}: {low} to {high} is no range within 0 to {top:g}")
        for name in ("token_first_share", "pull_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}: must be 0 to 1")
        for name in ("first_arrival_seconds", "patience_seconds"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name}: must be 0 or more")


_RANGES = {
    "gap_seconds": float("inf"),
    "handling_seconds": float("inf"),
    "dwell_seconds": float("inf"),
    "arrival_percent": 100.0,
    "target_percent": 100.0,
}


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What one visitor is going to do."""

    ev: Ev
    id_token: IdToken
    connector: int
    shows_token_first: bool
    pulls_cable: bool
    handling_seconds: float
    dwell_seconds: float
    gap_seconds: float  # afterwards


def plan_visits(
    settings: VisitorSettings, hardware: EvseHardware, chance: random.Random
) -> Iterator[Visit]:
    """Give one visit after the other, without end. Raises ValueError when no car fits."""
    kinds = [kind for kind in settings.cars if kind.ev.fits(is_dc=hardware.is_dc)]
    if not kinds:
        raise ValueError(f"cars: none has an inlet for {'DC' if hardware.is_dc else 'AC'}")
    weights = [kind.weight for kind in kinds]
    number = 0
    while True:
        number += 1
        (kind,) = chance.choices(kinds, weights)
        ev = msgspec.structs.replace(
            kind.ev,
            name=f"{kind.ev.name} {number}",
            state_of_charge=chance.uniform(*settings.arrival_percent),
            target_percent=chance.uniform(*settings.target_percent),
        )
        yield Visit(
            ev=ev,
            id_token=chance.choice(settings.tokens),
            connector=chance.randint(1, hardware.connectors),
            shows_token_first=chance.random() < settings.token_first_share,
            pulls_cable=chance.random() < settings.pull_share,
            handling_seconds=chance.uniform(*settings.handling_seconds),
            dwell_seconds=chance.uniform(*settings.dwell_seconds),
            gap_seconds=chance.uniform(*settings.gap_seconds),
        )


async def receive_visitors(
    evse: SimulatedEvse,
    settings: VisitorSettings | None = None,
    *,
    seed: int = 1,
    pace: Callable[[], float] = lambda: 1.0,
) -> None:
    """Let cars come to this EVSE, one at a time, until cancelled; the car that is there then stays.

    Gaps between cars are as long as the settings say where `pace` is 1, and twice that at 0.5.
    Whoever uses the EVSE by hand comes first: a visitor waits until it is free and has no fault.
    """
    settings = settings or VisitorSettings()
    chance = random.Random(seed)
    await trio.sleep(chance.uniform(0, settings.first_arrival_seconds) / pace())
    for visit in plan_visits(settings, evse.hardware, chance):
        await evse.wait_until(lambda: not evse.is_occupied and not evse.is_faulted)
        await _Visitor(evse, visit, settings.patience_seconds).come_and_go()
        await trio.sleep(visit.gap_seconds / pace())


class _Visitor:
    """Somebody with a car at an EVSE."""

    __slots__ = ("evse", "patience_seconds", "visit")

    def __init__(self, evse: SimulatedEvse, visit: Visit, patience_seconds: float) -> None:
        self.evse = evse
        self.visit = visit
        self.patience_seconds = patience_seconds

    async def come_and_go(self) -> None:
        self.evse.park()
        if await self._plug_in_and_show_token():
            if await self._sees_within(self.patience_seconds, self._is_powered):
                await self._charge()
            await self._leave()

    async def _plug_in_and_show_token(self) -> bool:
        """Do both in the visitor's order; False when somebody else took the place or the cable."""
        if self.visit.shows_token_first:
            self._show_token()
            await trio.sleep(self.visit.handling_seconds)
        if self.evse.plugged_connector is not None:
            return False
        self.evse.plug_in(self.visit.ev, self.visit.connector)
        if not self.visit.shows_token_first:
            await trio.sleep(self.visit.handling_seconds)
            if self._is_plugged():
                self._show_token()
        return self._is_plugged()

    async def _charge(self) -> None:
        """Stay until the car has enough, the dwell is over, or the power is gone for good."""
        with trio.move_on_after(self.visit.dwell_seconds):
            while self._is_powered():
                await self.evse.wait_until(lambda: not self._is_powered() or self._has_ended())
                if self._has_ended():
                    return
                # A pause of the station's, a fault: it may come back.
                await self._sees_within(self.patience_seconds, self._is_powered)

    async def _end(self) -> None:
        """End the session, the visitor's way."""
        if self.visit.pulls_cable:
            self.evse.unplug(at_car=True)
            return
        for _ in range(_TRIES):
            self._show_token()
            if await self._sees_within(self.patience_seconds, lambda: not self._is_powered()):
                return
        self.evse.unplug(at_car=True)  # the token does not end it: the cable will

    async def _leave(self) -> None:
        """End what power or lock say is a session, take the cable off, and drive away."""
        while self._is_powered() or self._is_held():
            await self._end()
            # A lock that holds on without power may be stuck: another token would start anew.
            await self.evse.wait_until(lambda: not self._is_held() or self._is_powered())
        if self._is_plugged():
            self.evse.unplug()

    def _show_token(self) -> None:
        token = self.visit.id_token
        self.evse.present_token(token.value, token.type)

    async def _sees_within(self, seconds: float, holds: Callable[[], bool]) -> bool:
        """Wait until that holds, at most this long, and only while the own car is plugged in."""
        with trio.move_on_after(seconds):
            await self.evse.wait_until(lambda: holds() or not self._is_plugged())
        return holds()

    def _is_plugged(self) -> bool:
        """Say whether the own car is: somebody may have taken it off, and put another one on."""
        ev = self.evse.ev
        return ev is not None and ev.name == self.visit.ev.name

    def _is_powered(self) -> bool:
        return self._is_plugged() and self.evse.is_contactor_closed

    def _is_held(self) -> bool:
        return self._is_plugged() and self.evse.is_locked(self.visit.connector)

    def _has_ended(self) -> bool:
        ev = self.evse.ev
        return ev is not None and self._is_plugged() and ev.has_ended


_TRIES = 3  # to end a charge with the token
