"""Tokens in 1.6: an idTag has no type, and its IdTagInfo says less than 2.x's (6.2, 7.2, 7.8)."""

from msgspec import UNSET

from ...machines.events import UNTYPED, IdToken
from ..messages import v16
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
