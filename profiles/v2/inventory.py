"""The station's components and variables as 2.x addresses them (part 1 chapter 4): those of the
device model, and those that are read from the tree of EVSEs and connectors.

Names are compared without regard to case.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import UNSET

from ...machines.connector import Connector
from ...machines.evse import Evse
from ..context import StationContext
from ..device_model import DataType, Definition, DeviceModel, Key, Mutability, text_of
from ..messages.base import timestamp
from .status import connector_status, evse_status, station_status

if TYPE_CHECKING:
    from ..messages.v21 import ComponentType, VariableType

STATES = ("Available", "Occupied", "Reserved", "Unavailable", "Faulted")


class Component(NamedTuple):
    """A component: the station's own, an EVSE's, or a connector's."""

    name: str
    evse: int = 0
    connector: int = 0

    def lowered(self) -> "Component":
        return self._replace(name=self.name.lower())


class Entry(NamedTuple):
    """A variable of a component, with the text of its value; None for one that is write-only."""

    component: Component
    name: str
    instance: str
    type: DataType | Literal["dateTime"]
    value: str | None
    mutability: Mutability = "ReadOnly"
    options: tuple[str, ...] = ()
    definition: Definition | None = None  # of a variable of the device model

    @property
    def key(self) -> Key | None:
        return None if self.definition is None else self.definition.key


Missing = Literal["UnknownComponent", "UnknownVariable"]


class Inventory:
    """Everything that the station has, as it stands now."""

    def __init__(self, context: StationContext) -> None:
        self.components: dict[Component, list[Entry]] = {}
        for entry in (*_of_tree(context), *_of_model(context.model)):
            self.components.setdefault(entry.component.lowered(), []).append(entry)

    def __iter__(self) -> Iterator[Entry]:
        for entries in self.components.values():
            yield from entries

    def find(self, component: "ComponentType", variable: "VariableType") -> Entry | Missing:
        """Give the variable that a message names. No component has instances here (B06.FR.15)."""
        entries = self.components.get(_address(component))
        if entries is None or component.instance:
            return "UnknownComponent"
        wanted = (variable.name.lower(), (variable.instance or "").lower())
        for entry in entries:
            if (entry.name.lower(), entry.instance.lower()) == wanted:
                return entry
        return "UnknownVariable"


def _address(component: "ComponentType") -> Component:
    place = component.evse
    if place is UNSET:
        return Component(component.name.lower())
    connector = 0 if place.connector_id is UNSET else place.connector_id
    return Component(component.name.lower(), place.id, connector)


# ---- what the device model holds


def _of_model(model: DeviceModel) -> Iterator[Entry]:
    for key in model:
        definition = model.definition(key)
        is_hidden = definition.mutability == "WriteOnly"
        yield Entry(
            Component(key.component),
            key.variable,
            key.instance,
            definition.type,
            None if is_hidden else text_of(model.told(key)),
            definition.mutability,
            definition.options,
            definition,
        )


# ---- what the tree says


def _of_tree(context: StationContext) -> Iterator[Entry]:
    station = context.station
    is_faulted = all(evse.is_faulted for evse in station.evses)
    yield from _condition(Component("ChargingStation"), station_status(station), is_faulted)
    for evse in station.evses:
        yield from _of_evse(evse)
    clock = Component("ClockCtrlr")
    now = timestamp(context.now()).isoformat().replace("+00:00", "Z")
    yield Entry(clock, "DateTime", "", "dateTime", now)
    yield Entry(clock, "TimeSource", "", "SequenceList", "Heartbeat", options=("Heartbeat",))


def _of_evse(evse: Evse) -> Iterator[Entry]:
    component = Component("EVSE", evse.evse_id)
    yield from _condition(component, evse_status(evse), evse.is_faulted)
    yield Entry(component, "AllowReset", "", "boolean", "false")  # B11.FR.10
    for connector in evse.connectors:
        yield from _of_connector(connector)


def _of_connector(connector: Connector) -> Iterable[Entry]:
    component = Component("Connector", connector.evse_id, connector.number)
    return _condition(component, connector_status(connector), connector.is_faulted)


def _condition(component: Component, status: str, is_faulted: bool) -> Iterator[Entry]:
    yield Entry(component, "AvailabilityState", "", "OptionList", status, options=STATES)
    yield Entry(component, "Available", "", "boolean", "true")
    yield Entry(component, "Problem", "", "boolean", text_of(is_faulted))


def values_by_name(entries: Iterable[Entry]) -> Mapping[str, str | None]:
    """Give a component's values by the variables' names, for those without an instance."""
    return {entry.name: entry.value for entry in entries if not entry.instance}
