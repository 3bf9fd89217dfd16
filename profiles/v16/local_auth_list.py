"""Local Auth List Management (1.6 3.5.2, 5.10, 5.15): the list that only the central system
changes.
"""

from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from ...machines.events import IdToken
from ..context import Durable, Handlers, StationContext
from ..csms.local_lists import (
    AnyRequest,
    Entry,
    LocalListWords,
    UpdateKind,
    UpdateStatus,
)
from ..local_list import ListUpdate, UpdateRefusal
from ..messages import v16
from ..messages.base import Response, encode
from ..tokens import TokenInfo
from .tokens import LONGEST_TAG, id_tag_info, read_id_tag, read_id_tag_info

_NO_LIST = -1  # 5.10

# ---- the station's half


def get_local_list_version(
    context: StationContext, request: v16.GetLocalListVersionRequest
) -> v16.GetLocalListVersionResponse:
    enabled = context.tokens.local_list.is_enabled
    return v16.GetLocalListVersionResponse(list_version=_version(context) if enabled else _NO_LIST)


def _version(context: StationContext) -> int:
    """Give the version as it is told: an empty list has 0 (5.10)."""
    local_list = context.tokens.local_list
    return local_list.version if len(local_list) else 0


def send_local_list(
    context: StationContext, request: v16.SendLocalListRequest
) -> Response | Durable:
    """Replace or change the list, all of it or nothing (5.15)."""
    told = request.local_authorization_list
    entries = () if told is UNSET else tuple(map(_read_entry, told))
    update = ListUpdate(request.list_version, request.update_type, entries, len(encode(request)))
    accepted = v16.SendLocalListResponse(status="Accepted")
    return context.update_local_list(update, accepted, _refused, _version(context))


def _refused(why: UpdateRefusal) -> v16.SendLocalListResponse:
    match why:
        case "NotEnabled":
            return v16.SendLocalListResponse(status="NotSupported")
        case "VersionMismatch":
            return v16.SendLocalListResponse(status="VersionMismatch")
        case _:
            return v16.SendLocalListResponse(status="Failed")


def _read_entry(entry: v16.AuthorizationData) -> tuple[IdToken, TokenInfo | None]:
    id_tag = read_id_tag(entry.id_tag)
    if entry.id_tag_info is UNSET:
        return id_tag, None
    info = read_id_tag_info(entry.id_tag_info)
    if info.verdict == "ConcurrentTx":  # in a list that is a valid one (3.5.2)
        info = msgspec.structs.replace(info, verdict="Accepted")
    return id_tag, info


STATION: Handlers = {
    v16.GetLocalListVersionRequest: get_local_list_version,
    v16.SendLocalListRequest: send_local_list,
}


# ---- the central system's half


def _update(kind: UpdateKind, version: int, entries: Sequence[Entry]) -> AnyRequest:
    return v16.SendLocalListRequest(
        list_version=version,
        update_type=kind,
        local_authorization_list=tuple(_entry(*entry) for entry in entries),
    )


def _entry(id_token: IdToken, info: TokenInfo | None) -> v16.AuthorizationData:
    """Raises ValueError for a token that 1.6 cannot carry."""
    if not 0 < len(id_token.value) <= LONGEST_TAG:
        raise ValueError(f"an idTag has 1 to {LONGEST_TAG} characters")
    return v16.AuthorizationData(
        id_tag=id_token.value, id_tag_info=UNSET if info is None else id_tag_info(info)
    )


def _read_version(response: Response) -> int:
    assert isinstance(response, v16.GetLocalListVersionResponse)
    return response.list_version


def _read_status(response: Response) -> UpdateStatus:
    assert isinstance(response, v16.SendLocalListResponse)
    return response.status


LOCAL_LIST = LocalListWords(v16.GetLocalListVersionRequest, _read_version, _update, _read_status)
