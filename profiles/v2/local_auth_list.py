"""Functional block D: the local authorization list.

D01 SendLocalList, D02 GetLocalListVersion.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from ...machines.events import UNTYPED, IdToken
from ..context import Durable, StationContext
from ..csms.local_lists import AnyRequest, Entry, LocalListWords, UpdateKind
from ..local_list import ListUpdate, UpdateRefusal
from ..messages.base import Response, encode
from ..tokens import TokenInfo
from .authorization import id_token_info, read_id_token, read_token_info, shortened
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


# ---- the central system's half


def local_list_words(v2: "Messages") -> LocalListWords:
    def update(kind: UpdateKind, version: int, entries: Sequence[Entry]) -> AnyRequest:
        written = tuple(_entry(v2, *entry) for entry in entries)
        return v2.SendLocalListRequest(
            version_number=version,
            update_type=kind,
            local_authorization_list=written or UNSET,
        )

    return LocalListWords(
        ask_version=v2.GetLocalListVersionRequest,
        read_version=lambda response: _as(response).version_number,
        update=update,
        read_status=lambda response: _as(response).status,
    )


def _entry(v2: "Messages", id_token: IdToken, info: TokenInfo | None) -> "AuthorizationData":
    """Write an entry; a token that is known without a type goes as a card."""
    if id_token.type == UNTYPED:
        id_token = msgspec.structs.replace(id_token, type="ISO14443")
    return v2.AuthorizationData(
        id_token=shortened(v2, id_token),
        id_token_info=UNSET if info is None else id_token_info(v2, info),
    )


def _as(response: Response) -> Any:  # it is the answer to what was asked
    return response
