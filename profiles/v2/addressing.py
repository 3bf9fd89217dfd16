"""Components and variables as 2.x messages name them, and as the device model does."""

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from ..device_model import Key

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import ComponentType, ComponentVariableType, EVSEType, VariableType

_PLACES = 512  # that are remembered: thousands of stations tell of the same


def key_of(component: "ComponentType", variable: "VariableType | UnsetType" = UNSET) -> Key:
    """Give the name as the device model knows it, or the component's (`Key.of_component`)."""
    place = component.evse
    evse = connector = 0
    if place is not UNSET:
        evse = place.id
        connector = 0 if place.connector_id is UNSET else place.connector_id
    return Key(
        component.name,
        "" if variable is UNSET else variable.name,
        "" if variable is UNSET else variable.instance or "",
        component.instance or "",
        evse,
        connector,
    )


def component_of(v2: "Messages", key: Key) -> "ComponentType":
    return _component(v2.ComponentType, v2.EVSEType, key)


@lru_cache(_PLACES)
def _component(
    component: type["ComponentType"], evse: type["EVSEType"], key: Key
) -> "ComponentType":
    place: EVSEType | UnsetType = UNSET
    if key.evse:
        place = evse(id=key.evse, connector_id=key.connector or UNSET)
    return component(name=key.component, instance=key.component_instance or UNSET, evse=place)


def variable_of(v2: "Messages", key: Key) -> "VariableType":
    return _variable(v2.VariableType, key.variable, key.instance)


@lru_cache(_PLACES)
def _variable(variable: type["VariableType"], name: str, instance: str) -> "VariableType":
    return variable(name=name, instance=instance or UNSET)


def is_meant(key: Key, wanted: "ComponentVariableType") -> bool:
    """Say whether a request for parts of the device model means this variable: what it leaves out
    stands for all (B08, N02).
    """
    place = wanted.component.evse
    key, name = key.lowered(), key_of(wanted.component, wanted.variable).lowered()
    if key.component != name.component:
        return False
    if name.component_instance and key.component_instance != name.component_instance:
        return False  # N02.FR.20-21
    if place is not UNSET:  # B08.FR.23, N02.FR.19
        if key.evse != name.evse:
            return False
        if place.connector_id is not UNSET and key.connector != name.connector:  # N02.FR.18
            return False
    if not name.variable:
        return True  # B08.FR.20, N02.FR.16
    if key.variable != name.variable:
        return False
    return not name.instance or key.instance == name.instance  # B08.FR.21, N02.FR.17
