"""What the station's handlers of all functional blocks share: their shape, times, statusInfo."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import UNSET, UnsetType

from ...machines.connector import Connector
from ...machines.evse import Evse
from ...machines.station import Station
from ..context import Answer, StationContext
from ..messages.base import Payload

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import EVSEType, StatusInfoType

# The structs of the version that is spoken, the station, and the request: each handler its own.
Handler = Callable[["Messages", StationContext, Any], Answer]
Handlers = Mapping[str, Handler]
"""By action."""


def because(v2: "Messages", reason_code: str, info: str = "") -> "StatusInfoType":
    """Give a reason of the appendix "Standardized reason codes"."""
    return v2.StatusInfoType(reason_code=reason_code, additional_info=info or UNSET)


def speaks_2_1(v2: "Messages") -> bool:
    """Say whether the peer speaks 2.1, for the few things that 2.0.1 decides otherwise."""
    return "GetTariffs" in v2.ACTIONS


def given(number: int | None) -> int | UnsetType:
    return UNSET if number is None else number


def find_evse(station: Station, evse_id: int) -> Evse | None:
    return station.evses[evse_id - 1] if 1 <= evse_id <= len(station.evses) else None


def find_connector(station: Station, evse_id: int, number: int) -> Connector | None:
    evse = find_evse(station, evse_id)
    if evse is None or not 1 <= number <= len(evse.connectors):
        return None
    return evse.connectors[number - 1]


def is_known(station: Station, place: "EVSEType") -> bool:
    """Say whether the station has this EVSE, and the connector where one is named."""
    if place.connector_id is UNSET:
        return find_evse(station, place.id) is not None
    return find_connector(station, place.id, place.connector_id) is not None


def where_known(struct: type[Payload], **only_21: object) -> dict[str, Any]:
    """Give the fields that this version's struct has, of those that only 2.1 has."""
    return {name: value for name, value in only_21.items() if name in struct.__struct_fields__}
