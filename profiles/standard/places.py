"""What stands at a place: variables of the station as a whole, of each EVSE and each connector
(2.x part 2 chapter 2.13).

Most are telemetry, read from the station when asked: see `profiles/telemetry.py`.
"""

import functools
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from ..device_model import DataType, Definition, Key, PresetMonitor, Value

AVAILABILITY_STATES = ("Available", "Occupied", "Reserved", "Unavailable", "Faulted")
CHARGING_STATES = ("EVConnected", "Charging", "SuspendedEV", "SuspendedEVSE", "Idle")
PHASES = ("L1", "L2", "L3")
_STARTS = Key("TxCtrlr", "TxStartPoint")
_UNLOCKS = Key("OCPPCommCtrlr", "UnlockOnEVSideDisconnect")


class EvseBuild(NamedTuple):
    """How an EVSE is built, as far as it is known."""

    connectors: int = 1
    phases: int | None = None  # of alternating current that supply it; 0: direct current
    max_watts: float | None = None
    connector_types: tuple[str, ...] = ()  # ConnectorEnumType, one a connector or one for all
    allows_reset: bool = True  # by itself
    signs: bool = False  # its meter signs readings

    def connector_type(self, number: int) -> str:
        types = self.connector_types or ("Unknown",)
        return types[min(number, len(types)) - 1]

    @property
    def has_fixed_cables(self) -> bool:
        """Say whether a cable hangs at every connector: `cType2`, where `sType2` is a socket."""
        return bool(self.connector_types) and all(
            each.startswith("c") for each in self.connector_types
        )


@functools.lru_cache(64)
def places(evses: tuple[EvseBuild, ...]) -> tuple[Definition, ...]:
    """Give the variables of a station's places; stations of one build share them."""
    return tuple(_places(evses))


def fitted(definition: Definition, evses: tuple[EvseBuild, ...]) -> Definition:
    """Give a standard variable as a station of this build has it."""
    if definition.key == _UNLOCKS and all(evse.has_fixed_cables for evse in evses):
        # 2.x part 2 chapter 2.1.12: there is nothing to unlock.
        return msgspec.structs.replace(definition, default=False, mutability="ReadOnly")
    if definition.key == _STARTS and not any(evse.signs for evse in evses):
        options = tuple(point for point in definition.options if point != "DataSigned")
        return msgspec.structs.replace(definition, options=options)
    return definition


def _places(evses: tuple[EvseBuild, ...]) -> Iterator[Definition]:
    station = Key("ChargingStation", "")
    phases = [evse.phases for evse in evses if evse.phases is not None]
    yield from _condition(station, severity=2)
    yield _supply_phases(station, max(phases, default=None))
    for number, evse in enumerate(evses, start=1):
        yield from _evse(number, evse)
        for connector in range(1, evse.connectors + 1):
            place = Key("Connector", "", evse=number, connector=connector)
            yield from _condition(place)
            yield _supply_phases(place, evse.phases)
            yield _fixed(
                place._replace(variable="ConnectorType"),
                "string",
                evse.connector_type(connector),
                "Type of the connector (ConnectorEnumType)",
            )
            yield _live(
                place._replace(component="ConnectorPlugRetentionLock", variable="Problem"),
                "boolean",
                "It cannot hold the cable, or cannot let it go",
                default=False,
            )


def _evse(number: int, evse: EvseBuild) -> Iterator[Definition]:
    place = Key("EVSE", "", evse=number)
    yield from _condition(place, severity=3)
    yield _supply_phases(place, evse.phases)
    yield _fixed(  # B11.FR.10
        place._replace(variable="AllowReset"),
        "boolean",
        evse.allows_reset,
        "It can be reset by itself",
    )
    yield _live(
        place._replace(variable="Power"),
        "decimal",
        "Power that it delivers; the most is what it can deliver",
        unit="W",
        minimum=0,
        maximum=evse.max_watts,
    )
    yield _live(
        place._replace(variable="ChargingState"),
        "OptionList",
        "How far the charge is",
        default="Idle",
        options=CHARGING_STATES,
    )
    yield _live(
        place._replace(variable="ActiveTransactionId"), "string", "The transaction that runs"
    )
    yield from _electricity(place, evse.phases)
    yield _live(
        Key("FiscalMetering", "EnergyImportRegister", evse=number),
        "decimal",
        "Energy delivered since the meter was built",
        unit="Wh",
        minimum=0,
    )
    yield Definition(
        key=Key("AlignedDataCtrlr", "SendDuringIdle", evse=number),
        type="boolean",
        default=False,
        meaning="Tell clock-aligned readings of it only while no transaction runs there",
    )
    if evse.signs:
        yield _live(
            Key("FiscalMetering", "PublicKey", evse=number),
            "string",
            "The meter's public key (signed meter values 3.2.2)",
            default="",
            maximum=2500,
        )
    yield from _around(number)


def _electricity(place: Key, phases: int | None) -> Iterator[Definition]:
    """Give current and voltage, of each phase."""
    if phases is None:
        return
    supply = "AC" if phases else "DC"
    for variable, unit in (("Current", "A"), ("Voltage", "V")):
        for instance in PHASES[:phases] or ("",):
            meaning = f"{variable} that it delivers" + (f" on {instance}" if instance else "")
            key = place._replace(variable=supply + variable, instance=instance)
            yield _live(key, "decimal", meaning, unit=unit)


def _around(number: int) -> Iterator[Definition]:
    """Give what only some hardware tells; without a value where it does not."""
    yield _live(
        Key("ConnectedEV", "Available", evse=number), "boolean", "A car is there", default=False
    )
    yield _live(
        Key("ConnectedEV", "StateOfCharge", evse=number),
        "decimal",
        "Charge of the car's battery",
        unit="Percent",
        minimum=0,
        maximum=100,
    )
    yield _live(
        Key("TemperatureSensor", "Temperature", evse=number),
        "decimal",
        "Temperature of the EVSE",
        unit="Celsius",
    )


def _condition(place: Key, severity: int | None = None) -> Iterator[Definition]:
    """Give the condition of a place. With a severity the CSMS hears of its problems, whatever else
    it monitors; those of connectors the station tells by itself (engine/station/faults.py).
    """
    yield _live(
        place._replace(variable="AvailabilityState"),
        "OptionList",
        "Whether it can be used",
        default="Unavailable",
        options=AVAILABILITY_STATES,
    )
    yield _fixed(place._replace(variable="Available"), "boolean", True, "It is there")
    yield _live(
        place._replace(variable="Problem"),
        "boolean",
        "It is faulted",
        default=False,
        monitors=() if severity is None else (_wired(severity),),
    )


def _wired(severity: int) -> PresetMonitor:
    return PresetMonitor(type="Delta", value=1, severity=severity, is_hard_wired=True)


def _supply_phases(place: Key, phases: int | None) -> Definition:
    meaning = "Phases of alternating current that supply it; 0: direct current"
    return _fixed(
        place._replace(variable="SupplyPhases"), "integer", phases, meaning, minimum=0, maximum=3
    )


def _live(
    key: Key, kind: DataType, meaning: str, *, default: Value | None = None, **more: object
) -> Definition:
    return Definition(
        key=key,
        type=kind,
        default=default,
        meaning=meaning,
        mutability="ReadOnly",
        persistent=False,
        **more,  # type: ignore[arg-type]  # each field is checked by the callers above
    )


def _fixed(
    key: Key, kind: DataType, default: Value | None, meaning: str, **more: object
) -> Definition:
    return Definition(
        key=key,
        type=kind,
        default=default,
        meaning=meaning,
        mutability="ReadOnly",
        constant=True,
        **more,  # type: ignore[arg-type]  # likewise
    )
