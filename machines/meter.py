"""One reading of an EVSE's meter, in units that never change: Wh, W, V, A, Hz, %, °C."""

import msgspec


class MeterSample(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What the meter and the car said at one instant; an absent value is one the hardware lacks.

    Phase tuples count from L1. `energy_import` is the lifetime register: it never runs back.
    """

    energy_import: float  # Wh
    energy_export: float | None = None  # Wh
    power_import: float | None = None  # W, all phases
    power_export: float | None = None  # W
    current_import: tuple[float, ...] = ()  # A, a phase each
    voltage: tuple[float, ...] = ()  # V, phase to neutral (DC: one value)
    frequency: float | None = None  # Hz
    power_offered: float | None = None  # W
    current_offered: float | None = None  # A
    state_of_charge: float | None = None  # %
    temperature: float | None = None  # °C
