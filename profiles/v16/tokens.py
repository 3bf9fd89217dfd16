"""Tokens in 1.6: an idTag has no type, and its IdTagInfo says less than 2.x's (6.2, 7.2, 7.8)."""

from msgspec import UNSET

from ...machines.events import UNTYPED, AuthorizationVerdict, IdToken
from ..messages import v16
from ..messages.base import timestamp
from ..tokens import TokenInfo

LONGEST_TAG = 20


def read_id_tag(id_tag: str) -> IdToken:
    return IdToken(id_tag, UNTYPED)


def read_id_tag_info(info: v16.IdTagInfo) -> TokenInfo:
    return TokenInfo(
        info.status,
        None if info.parent_id_tag is UNSET else info.parent_id_tag,
        None if info.expiry_date is UNSET else info.expiry_date,
    )


_STATUSES: dict[AuthorizationVerdict, v16.AuthorizationStatus] = {
    "Accepted": "Accepted",
    "Blocked": "Blocked",
    "ConcurrentTx": "ConcurrentTx",
    "Expired": "Expired",
    "Invalid": "Invalid",
    "NoCredit": "Blocked",
    "NotAllowedTypeEVSE": "Invalid",
    "NotAtThisLocation": "Invalid",
    "NotAtThisTime": "Invalid",
    "Unknown": "Invalid",  # 7.2: Invalid is 1.6's word for an unknown identifier
}


def id_tag_info(info: TokenInfo) -> v16.IdTagInfo:
    parent = info.parent or ""
    return v16.IdTagInfo(
        status=_STATUSES[info.verdict],
        parent_id_tag=parent if 0 < len(parent) <= LONGEST_TAG else UNSET,
        expiry_date=UNSET if info.expires is None else timestamp(info.expires),
    )
