"""An electric vehicle: what its battery takes of an offer, as closed formulas over time.

Theory of operation. At a constant offer the car draws constant power until its battery's limit,
which falls in a straight line with the state of charge from the knee on, is lower than the offer.
From there power P falls with the energy x drawn, dP/dx = -m, so P(t) = P0 exp(-m t) and x(t) =
P0/m (1 - exp(-m t)). The line does not end at zero but at the car's cut-off, so the car ends in
finite time. Nothing is integrated in steps: a span may be split anywhere and the sums agree.
"""

import math
from typing import Literal

import msgspec

_SECONDS_PER_HOUR = 3600.0
_NEARLY = 1e-9  # % of the battery; less than this is nothing left to charge


class Supply(msgspec.Struct, frozen=True):
    """What an EVSE offers to a car at one instant."""

    volts: float  # phase to neutral; DC: plus to minus
    amperes: float  # a phase
    phases: int = 1
    is_dc: bool = False

    @property
    def watts(self) -> float:
        """The power of all phases."""
        return self.volts * self.amperes * self.phases


class Course(msgspec.Struct, frozen=True):
    """How a charge goes at a constant offer: steady power, then a taper, then the car ends it.

    Energy and power are those at the car's inlet, before its losses.
    """

    phases: int
    steady_watts: float
    steady_seconds: float
    taper_rate: float  # 1/s, how fast the taper's power falls
    taper_watts: float  # where the taper begins
    seconds: float  # until the car ends it
    total_wh: float

    def wh(self, seconds: float) -> float:
        """Give the energy drawn in this time from the beginning."""
        if seconds >= self.seconds:
            return self.total_wh
        steady = min(seconds, self.steady_seconds)
        energy = self.steady_watts * steady / _SECONDS_PER_HOUR
        if seconds > steady:
            fallen = -math.expm1(-self.taper_rate * (seconds - steady))
            energy += self.taper_watts / self.taper_rate * fallen / _SECONDS_PER_HOUR
        return min(energy, self.total_wh)

    def watts(self, seconds: float) -> float:
        """Give the power at this time from the beginning."""
        if seconds >= self.seconds:
            return 0.0
        if seconds < self.steady_seconds:
            return self.steady_watts
        return self.taper_watts * math.exp(-self.taper_rate * (seconds - self.steady_seconds))


class Ev(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A car as it stands: what it is, and how full. Charging gives a new value.

    A maximum of 0 means that it has no inlet for that kind of current. The taper scales with the
    car's own maximum for the current at hand: full power up to `knee_percent`, then less and
    less, `cut_off_fraction` of it at 100 %.
    """

    name: str = "EV"
    battery_wh: float = 58_000.0
    state_of_charge: float = 30.0  # %
    target_percent: float = 100.0  # the car ends the charge here by itself
    phases: Literal[1, 3] = 3
    ac_max_amperes: float = 16.0  # A a phase
    ac_min_amperes: float = 6.0  # A a phase; offered less, the car takes nothing (IEC 61851-1)
    dc_max_watts: float = 120_000.0
    efficiency: float = 0.92  # of the energy drawn, what the battery keeps
    knee_percent: float = 80.0
    cut_off_fraction: float = 0.05
    takes_power: bool = True  # False: it is plugged in and draws nothing

    def __post_init__(self) -> None:
        for name, is_right, rule in (
            ("battery_wh", self.battery_wh > 0, "above 0"),
            ("state_of_charge", 0 <= self.state_of_charge <= 100, "0 to 100"),
            ("target_percent", 0 <= self.target_percent <= 100, "0 to 100"),
            ("ac_max_amperes", self.ac_max_amperes >= 0, "0 or more"),
            ("ac_min_amperes", self.ac_min_amperes >= 0, "0 or more"),
            ("dc_max_watts", self.dc_max_watts >= 0, "0 or more"),
            ("efficiency", 0 < self.efficiency <= 1, "above 0, at most 1"),
            ("knee_percent", 0 <= self.knee_percent < 100, "0 to below 100"),
            ("cut_off_fraction", 0.001 <= self.cut_off_fraction < 1, "0.001 to below 1"),
        ):
            if not is_right:
                raise ValueError(f"{name} of the car {self.name!r} must be {rule}")

    @property
    def has_ended(self) -> bool:
        """Say whether it holds all that it wants."""
        return self.state_of_charge >= self.target_percent - _NEARLY

    def fits(self, *, is_dc: bool) -> bool:
        """Say whether it has an inlet for that kind of current."""
        return (self.dc_max_watts if is_dc else self.ac_max_amperes) > 0

    def course(self, supply: Supply) -> Course | None:
        """Give how a charge at this offer goes from now on, None when it takes nothing of it."""
        watts, most_watts = self._draw(supply)
        if watts <= 0 or self.has_ended or not self.takes_power:
            return None
        wh_per_percent = self.battery_wh / 100 / self.efficiency
        # W the battery's limit falls by for each %, and where it meets the offer
        slope = most_watts * (1 - self.cut_off_fraction) / (100 - self.knee_percent)
        meets_percent = self.knee_percent + (most_watts - watts) / slope
        taper_from = min(max(meets_percent, self.state_of_charge), self.target_percent)
        steady_wh = (taper_from - self.state_of_charge) * wh_per_percent
        taper_wh = (self.target_percent - taper_from) * wh_per_percent
        taper_watts = min(watts, most_watts - slope * max(0.0, taper_from - self.knee_percent))
        rate_per_hour = slope / wh_per_percent
        steady_seconds = steady_wh / watts * _SECONDS_PER_HOUR
        # The line's lower end is above zero, so less than taper_watts / rate is left to draw.
        taper_hours = -math.log1p(-rate_per_hour * taper_wh / taper_watts) / rate_per_hour
        return Course(
            phases=1 if supply.is_dc else min(self.phases, supply.phases),
            steady_watts=watts,
            steady_seconds=steady_seconds,
            taper_rate=rate_per_hour / _SECONDS_PER_HOUR,
            taper_watts=taper_watts,
            seconds=steady_seconds + taper_hours * _SECONDS_PER_HOUR,
            total_wh=steady_wh + taper_wh,
        )

    def charged(self, course: Course, seconds: float) -> "Ev":
        """Give the car as it is after this much time of a course that it began as it stands."""
        return msgspec.structs.replace(self, state_of_charge=self.percent_after(course, seconds))

    def percent_after(self, course: Course, seconds: float, drawn_wh: float | None = None) -> float:
        """Give how full it is then; `drawn_wh` is what it has drawn, where that is known."""
        if seconds >= course.seconds:
            return self.target_percent
        kept_wh = (course.wh(seconds) if drawn_wh is None else drawn_wh) * self.efficiency
        return min(self.target_percent, self.state_of_charge + kept_wh / self.battery_wh * 100)

    def _draw(self, supply: Supply) -> tuple[float, float]:
        """Give the power that it would draw of this offer, and the most it ever draws there (W)."""
        if supply.is_dc:
            return min(supply.watts, self.dc_max_watts), self.dc_max_watts
        amperes = min(supply.amperes, self.ac_max_amperes)
        if amperes < self.ac_min_amperes:
            return 0.0, 0.0
        volts_of_all = supply.volts * min(self.phases, supply.phases)
        return amperes * volts_of_all, self.ac_max_amperes * volts_of_all
