"""One reading of an EVSE's meter, in units that never change: Wh, W, V, A, Hz, %, °C."""

import msgspec


class SignedReading(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A reading as the meter has signed it, for whoever pays to verify it (2.x
    SignedMeterValueType).
    """

    data: bytes  # just as the meter gives them
    encoding_method: str  # what they are: OCMF, EDL, …
    signing_method: str = ""  # where they do not say it themselves: ECDSA-secp256r1-SHA256, …
    # As printed on the meter, and how it is written: oca:base16:asn1:3059…
    public_key: str = ""
    covers_begin: bool = False  # one that is signed at the end, and holds the beginning too


class MeterSample(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What the meter and the car said at one instant; an absent value is one the hardware lacks.

    Phase tuples count from L1. `energy_import` is the lifetime register, as are the other energies:
    none runs back.
    """

    energy_import: float  # Wh
    energy_import_phases: tuple[float, ...] = ()  # Wh, a phase each
    energy_export: float | None = None  # Wh
    energy_reactive_import: float | None = None  # varh
    energy_reactive_export: float | None = None  # varh
    energy_apparent_import: float | None = None  # VAh
    energy_apparent_export: float | None = None  # VAh
    power_import: float | None = None  # W, all phases
    power_import_phases: tuple[float, ...] = ()  # W, a phase each
    power_export: float | None = None  # W
    power_reactive_import: float | None = None  # var
    power_reactive_export: float | None = None  # var
    power_factor: float | None = None
    current_import: tuple[float, ...] = ()  # A, a phase each
    current_export: tuple[float, ...] = ()  # A, a phase each
    voltage: tuple[float, ...] = ()  # V, phase to neutral (DC: one value)
    frequency: float | None = None  # Hz
    power_offered: float | None = None  # W
    current_offered: float | None = None  # A
    state_of_charge: float | None = None  # %
    temperature: float | None = None  # °C
    signed: SignedReading | None = None  # the import register of this instant
