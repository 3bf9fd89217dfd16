"""What stands at a place: variables of the station as a whole, of each EVSE and each connector.

Most are telemetry, read from the station when asked: see `profiles/telemetry.py`.
"""

import functools
from typing import NamedTuple

from ..device_model import Definition, Key, PresetMonitor

AVAILABILITY_STATES = ("Available", "Occupied", "Reserved", "Unavailable", "Faulted")


class EvseBuild(NamedTuple):
    """How an EVSE is built, as far as it is known."""

    connectors: int = 1
    phases: int | None = None  # AC phases that supply it; 0: none, a DC supply
    max_watts: float | None = None
    connector_type: str = "Unknown"  # ConnectorEnumType


@functools.lru_cache(64)
def places(evses: tuple[EvseBuild, ...]) -> tuple[Definition, ...]:
    """Give the variables of a station's places; stations of one build share them."""
    phases = [evse.phases for evse in evses if evse.phases is not None]
    station = Key("ChargingStation", "")
    found = [*_condition(station, severity=2), _supply_phases(station, max(phases, default=None))]
    for number, evse in enumerate(evses, start=1):
        found.extend(_evse(Key("EVSE", "", evse=number), evse))
        for connector in range(1, evse.connectors + 1):
            found.extend(_connector(Key("Connector", "", evse=number, connector=connector), evse))
    return tuple(found)


def _evse(place: Key, evse: EvseBuild) -> tuple[Definition, ...]:
    return (
        *_condition(place, severity=3),
        _supply_phases(place, evse.phases),
        Definition(
            key=place._replace(variable="AllowReset"),
            type="boolean",
            default=False,  # B11.FR.10
            meaning="It can be reset by itself",
            mutability="ReadOnly",
            persistent=False,
        ),
        Definition(
            key=place._replace(variable="Power"),
            type="decimal",
            default=None,
            meaning="Power that it delivers; the most is what it can deliver",
            unit="W",
            mutability="ReadOnly",
            persistent=False,
            minimum=0,
            maximum=evse.max_watts,
        ),
    )


def _connector(place: Key, evse: EvseBuild) -> tuple[Definition, ...]:
    return (
        *_condition(place),
        _supply_phases(place, evse.phases),
        Definition(
            key=place._replace(variable="ConnectorType"),
            type="string",
            default=evse.connector_type,
            meaning="Type of the connector (ConnectorEnumType)",
            mutability="ReadOnly",
            maximum=20,
        ),
        Definition(
            key=place._replace(component="ConnectorPlugRetentionLock", variable="Problem"),
            type="boolean",
            default=False,
            meaning="It cannot hold the cable, or cannot let it go",
            mutability="ReadOnly",
            persistent=False,
        ),
    )


def _condition(place: Key, severity: int | None = None) -> tuple[Definition, ...]:
    """Give the condition of a place. With a severity the CSMS hears of its problems, whatever else
    it monitors; those of connectors the station tells by itself (engine/station/faults.py).
    """
    return (
        Definition(
            key=place._replace(variable="AvailabilityState"),
            type="OptionList",
            default="Unavailable",
            meaning="Whether it can be used",
            mutability="ReadOnly",
            persistent=False,
            options=AVAILABILITY_STATES,
        ),
        Definition(
            key=place._replace(variable="Available"),
            type="boolean",
            default=True,
            meaning="It is there",
            mutability="ReadOnly",
            constant=True,
        ),
        Definition(
            key=place._replace(variable="Problem"),
            type="boolean",
            default=False,
            meaning="It is faulted",
            mutability="ReadOnly",
            persistent=False,
            monitors=() if severity is None else (_wired(severity),),
        ),
    )


def _wired(severity: int) -> PresetMonitor:
    return PresetMonitor(type="Delta", value=1, severity=severity, is_hard_wired=True)


def _supply_phases(place: Key, phases: int | None) -> Definition:
    return Definition(
        key=place._replace(variable="SupplyPhases"),
        type="integer",
        default=phases,
        meaning="Phases of alternating current that supply it; 0: direct current",
        mutability="ReadOnly",
        minimum=0,
        maximum=3,
    )
