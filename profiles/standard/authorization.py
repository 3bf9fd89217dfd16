"""Authorization beyond 1.6's keys: AuthCtrlr, AuthCacheCtrlr, LocalAuthListCtrlr.

`maximum` of a `Storage` variable is its maxLimit: how many bytes the station may use for it.
"""

from ..device_model import Definition
from .define import boolean, integer, option, string

ADDITIONAL_INFO_ITEMS = 8
_READ_ONLY = "ReadOnly"

AUTHORIZATION: tuple[Definition, ...] = (
    boolean("AuthCtrlr.Enabled", True, "Let charge only who is authorized; false: everybody"),
    integer(
        "AuthCtrlr.AdditionalInfoItemsPerMessage",
        ADDITIONAL_INFO_ITEMS,
        "The most items of additional information with a token",
        mutability=_READ_ONLY,
    ),
    boolean(
        "AuthCtrlr.DisableRemoteAuthorization",
        False,
        "Never ask the CSMS: only the local list and the cache decide",
    ),
    string(
        "AuthCtrlr.MasterPassGroupId",
        "",
        "Tokens of this group end any transaction, and begin none",
        maximum=36,
    ),
    # Authorization cache
    boolean("AuthCacheCtrlr.Available", True, "There is a cache", mutability=_READ_ONLY),
    boolean(
        "AuthCacheCtrlr.DisablePostAuthorize",
        False,
        "Refuse what the cache knows as not accepted without asking the CSMS again",
    ),
    option(
        "AuthCacheCtrlr.Policy",
        "LRU",
        "What leaves a full cache once nothing invalid is left: the least recently used, the least "
        "frequently used, the first in, or (CUSTOM) what the CSMS told of longest ago",
        options=("LRU", "LFU", "FIFO", "CUSTOM"),
    ),
    integer(
        "AuthCacheCtrlr.Storage",
        0,
        "What the cache takes",
        unit="B",
        mutability=_READ_ONLY,
        maximum=1_000_000,
    ),
    # Local authorization list
    boolean("LocalAuthListCtrlr.Available", True, "There can be a list", mutability=_READ_ONLY),
    integer(
        "LocalAuthListCtrlr.BytesPerMessage",
        262_144,
        "The most bytes of one SendLocalList",
        unit="B",
        mutability=_READ_ONLY,
    ),
    boolean(
        "LocalAuthListCtrlr.DisablePostAuthorize",
        False,
        "Refuse what the list names as not accepted without asking the CSMS",
    ),
    integer(
        "LocalAuthListCtrlr.Storage",
        0,
        "What the list takes",
        unit="B",
        mutability=_READ_ONLY,
        maximum=10_000_000,
    ),
    boolean(
        "LocalAuthListCtrlr.SupportsExpiryDateTime",
        True,
        "Tokens of the list no longer count once their cacheExpiryDateTime has passed",
        mutability=_READ_ONLY,
    ),
)
