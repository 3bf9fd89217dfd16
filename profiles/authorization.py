"""What the station decides of tokens by itself: by its local list, by its cache, and while the CSMS
cannot be asked.

1.6 3.5 and 4.1, 2.x use cases C01 and C09 to C15. Pure: the engine keeps the entries durable.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from ..machines.events import AuthorizationVerdict, CertificateStatus, IdToken, same_group
from .device_model import DeviceModel, Key
from .local_list import LocalList
from .token_cache import TokenCache
from .tokens import TokenInfo

AUTHORIZATION_ENABLED = Key("AuthCtrlr", "Enabled")
_OFFLINE_KNOWN = Key("AuthCtrlr", "LocalAuthorizeOffline")
_OFFLINE_UNKNOWN = Key("AuthCtrlr", "OfflineTxForUnknownIdEnabled")
_PLUG_AND_CHARGE = Key("ISO15118Ctrlr", "PnCEnabled")
_CENTRAL_VALIDATION = Key("ISO15118Ctrlr", "CentralContractValidationAllowed")
_OFFLINE_VALIDATION = Key("ISO15118Ctrlr", "ContractValidationOffline")
_ONLY_LOCAL = Key("AuthCtrlr", "DisableRemoteAuthorization")
_PRE_AUTHORIZE = Key("AuthCtrlr", "LocalPreAuthorize")
_TRUSTS_LIST = Key("LocalAuthListCtrlr", "DisablePostAuthorize")
_TRUSTS_CACHE = Key("AuthCacheCtrlr", "DisablePostAuthorize")


class Known(NamedTuple):
    """What the station knows of a token."""

    info: TokenInfo
    is_over: bool  # its time has passed: it counts as expired, and the CSMS may know better
    trusts: Key  # the variable by which the CSMS is not asked though it is not accepted

    @property
    def is_accepted(self) -> bool:
        return self.info.verdict == "Accepted"


class TokenBook:
    """The local list and the cache of one station, and what is decided by them."""

    __slots__ = ("_model", "cache", "local_list")

    def __init__(
        self, model: DeviceModel, cached: Mapping[str, bytes], listed: Mapping[str, bytes]
    ) -> None:
        self._model = model
        self.cache = TokenCache(model, cached)
        self.local_list = LocalList(model, listed)

    def known(self, id_token: IdToken, now: datetime) -> Known | None:
        """Give what is known of the token; the list says before the cache (C13.FR.01,
        C14.FR.01).
        """
        listed = self.local_list.find(id_token, now)
        if listed is not None:
            return Known(*listed, _TRUSTS_LIST)
        cached = self.cache.find(id_token, now)
        return None if cached is None else Known(*cached, _TRUSTS_CACHE)

    def decide_online(
        self, id_token: IdToken, now: datetime, groups: tuple[str, ...] = ()
    ) -> TokenInfo | None:
        """Decide without asking the CSMS, where that may be; None: ask. `groups` are those of the
        charges that the token may end, if it is of the same.
        """
        if self._needs_nobody(id_token):
            return TokenInfo("Accepted")
        known = self.known(id_token, now)
        if known is None:
            return TokenInfo("Unknown") if self._model.boolean(_ONLY_LOCAL) else None
        if self._model.boolean(_ONLY_LOCAL):
            return known.info
        if known.is_accepted:
            # C01.FR.03, C09.FR.07; C12.FR.02, C14.FR.02, C14.FR.04
            is_of_group = any(same_group(known.info.parent, group) for group in groups)
            return known.info if is_of_group or self._model.boolean(_PRE_AUTHORIZE) else None
        # C10.FR.03, C12.FR.05, C14.FR.03, C14.FR.05: it may have changed.
        is_final = self._model.boolean(known.trusts) and not known.is_over
        return known.info if is_final else None

    def decide_offline(self, id_token: IdToken, now: datetime) -> TokenInfo:
        """Decide while the CSMS cannot be asked (1.6 3.5.4, C13, C15)."""
        if self._needs_nobody(id_token):
            return TokenInfo("Accepted")
        known = self.known(id_token, now)
        if known is None:
            is_welcome = self._model.boolean(_OFFLINE_UNKNOWN)  # C13.FR.04, C13.FR.06, C15.FR.08
            return TokenInfo("Accepted" if is_welcome else "Invalid")
        if known.is_accepted and not self._model.boolean(_OFFLINE_KNOWN):
            return TokenInfo("Invalid")
        return known.info  # C13.FR.02, C13.FR.05

    # ---- contracts

    @property
    def is_alone(self) -> bool:
        """Say whether the CSMS is never asked."""
        return self._model.boolean(_ONLY_LOCAL)

    def decide_contract(self, status: CertificateStatus) -> TokenInfo | None:
        """Decide online upon what the station's own look at a contract has given; None: ask."""
        if not self._model.boolean(_PLUG_AND_CHARGE):
            return TokenInfo("Invalid")
        if status == "Accepted":
            return None  # C07.FR.01
        if status == "NoCertificateAvailable" and self._model.boolean(_CENTRAL_VALIDATION):
            return None  # C07.FR.06
        return _refused_for(status)

    def decide_contract_offline(
        self, id_token: IdToken, status: CertificateStatus, now: datetime
    ) -> TokenInfo:
        """Decide upon a contract while the CSMS cannot be asked."""
        is_on = self._model.boolean(_PLUG_AND_CHARGE)
        if not (is_on and (self.is_alone or self._model.boolean(_OFFLINE_VALIDATION))):
            return TokenInfo("Invalid")  # C07.FR.07
        if status != "Accepted":
            return _refused_for(status)  # C07.FR.08
        if not self._model.boolean(_OFFLINE_KNOWN):
            return TokenInfo("Invalid", certificate_status="Accepted")
        info = self.decide_offline(id_token, now)  # C07.FR.09-12
        return msgspec.structs.replace(info, certificate_status="Accepted")

    def _needs_nobody(self, id_token: IdToken) -> bool:
        """Say whether there is nothing to authorize: a start button (C02), or nobody is to be."""
        is_needed = self._model.boolean(AUTHORIZATION_ENABLED)
        return id_token.type == "NoAuthorization" or not is_needed

    def learn(
        self, id_token: IdToken, info: TokenInfo, now: datetime, *, of_listed: bool = True
    ) -> None:
        """Keep what the CSMS said of a token; with `of_listed`, of one in the local list too."""
        is_listed = self.local_list.is_enabled and id_token in self.local_list
        if of_listed or not is_listed:  # 1.6 3.5.3
            self.cache.learn(id_token, info, now)


def _refused_for(status: CertificateStatus) -> TokenInfo:
    verdict: AuthorizationVerdict = "Expired" if status == "CertificateExpired" else "Invalid"
    return TokenInfo(verdict, certificate_status=status)
