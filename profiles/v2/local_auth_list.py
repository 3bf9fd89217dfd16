"""Functional block D: the local authorization list.

D01 SendLocalList, D02 GetLocalListVersion.
"""

from typing import TYPE_CHECKING

from msgspec import UNSET

from ...machines.events import IdToken
from ..context import Durable, StationContext
from ..local_list import ListUpdate, UpdateRefusal
from ..messages.base import Response, encode
from ..tokens import TokenInfo
from .authorization import read_id_token, read_token_info
from .handling import Handlers, because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        AuthorizationData,
        GetLocalListVersionRequest,
        GetLocalListVersionResponse,
        SendLocalListRequest,
    )

# ---- the station's half


def get_local_list_version(
    v2: "Messages", context: StationContext, request: "GetLocalListVersionRequest"
) -> "GetLocalListVersionResponse":
    """Tell the version; 0 where there is no list, or none is used (D02.FR.01-03)."""
    local_list = context.tokens.local_list
    return request.response(version_number=local_list.version if local_list.is_enabled else 0)


def send_local_list(
    v2: "Messages", context: StationContext, request: "SendLocalListRequest"
) -> Response | Durable:
    """Replace or change the list, all of it or nothing (D01.FR.02)."""

    def refused(why: UpdateRefusal) -> Response:
        if why == "VersionMismatch":
            return request.response(status="VersionMismatch")
        return request.response(status="Failed", status_info=because(v2, why))

    if request.version_number <= 0:
        return refused("InvalidValue")  # D01.FR.18
    told = request.local_authorization_list
    entries = () if told is UNSET else tuple(map(_read_entry, told))
    update = ListUpdate(request.version_number, request.update_type, entries, len(encode(request)))
    return context.update_local_list(update, request.response(status="Accepted"), refused)


def _read_entry(entry: "AuthorizationData") -> tuple[IdToken, TokenInfo | None]:
    info = entry.id_token_info
    return read_id_token(entry.id_token), None if info is UNSET else read_token_info(info)


STATION: Handlers = {
    "GetLocalListVersion": get_local_list_version,
    "SendLocalList": send_local_list,
}
