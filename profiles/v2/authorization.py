"""Functional block C: who may charge.

C01 authorize, C02 start button, C09 groups, C10 and C11 the authorization cache.
"""

from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from ...machines.events import (
    UNTYPED,
    AdditionalInfo,
    CertificateHash,
    IdToken,
    PersonalMessage,
)
from ..context import Durable, StationContext
from ..csms.station import CsmsStation
from ..messages.base import InvalidPayload, Response, decode, encode, timestamp
from ..standard.authorization import ADDITIONAL_INFO_ITEMS
from ..tokens import Proof, TokenInfo
from .csms_handling import CsmsHandlers
from .handling import Handlers, because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        AuthorizeRequest,
        AuthorizeResponse,
        ClearCacheRequest,
        IdTokenInfoType,
        IdTokenType,
        MessageContentType,
        OCSPRequestDataType,
    )

_LONGEST_OF_ALL = 36

# ---- tokens and what is known of them


def read_id_token(id_token: "IdTokenType") -> IdToken:
    """Read a token, with as much additional information as the station keeps."""
    told = () if id_token.additional_info is UNSET else id_token.additional_info
    info = tuple(
        AdditionalInfo(each.additional_id_token, each.type) for each in told[:ADDITIONAL_INFO_ITEMS]
    )
    return IdToken(id_token.id_token, id_token.type, info)


def id_token_type(v2: "Messages", id_token: IdToken) -> "IdTokenType | None":
    """Write a token; None for one that the version cannot carry: too long, of an unknown type."""
    info = tuple(
        v2.AdditionalInfoType(additional_id_token=each.value, type=each.type)
        for each in id_token.additional_info[:ADDITIONAL_INFO_ITEMS]
    )
    # What was named without a type was named by a CSMS.
    type = "Central" if id_token.type == UNTYPED else id_token.type
    written = v2.IdTokenType(id_token=id_token.value, type=type, additional_info=info or UNSET)
    try:
        return decode(v2.IdTokenType, encode(written))
    except InvalidPayload:
        return None


def shortened(v2: "Messages", id_token: IdToken) -> "IdTokenType":
    """Write a token as well as the version can: what has happened must be told all the same."""
    written = id_token_type(v2, id_token)
    if written is not None:
        return written
    return v2.IdTokenType(id_token=id_token.value[:_LONGEST_OF_ALL], type="Central")


def read_token_info(info: "IdTokenInfoType") -> TokenInfo:
    expires, group = info.cache_expiry_date_time, info.group_id_token
    return TokenInfo(
        info.status,
        None if group is UNSET else group.id_token,
        None if expires is UNSET else expires,
        () if info.evse_id is UNSET else tuple(info.evse_id),
        tuple(each for each in (info.language1, info.language2) if each is not UNSET),
        () if info.personal_message is UNSET else (read_message(info.personal_message),),
    )


def read_message(message: "MessageContentType") -> PersonalMessage:
    language = None if message.language is UNSET else message.language
    return PersonalMessage(message.content, message.format, language)


# ---- the station's half


def authorize(
    v2: "Messages", id_token: IdToken, proof: Proof | None = None
) -> "AuthorizeRequest | None":
    """Ask whether a token may charge (C01.FR.02), or a contract (C07.FR.01-02)."""
    written = id_token_type(v2, id_token)
    if written is None:
        return None
    if proof is None:
        return v2.AuthorizeRequest(id_token=written)
    hashes = tuple(v2.OCSPRequestDataType(**msgspec.structs.asdict(each)) for each in proof.hashes)
    request = v2.AuthorizeRequest(
        id_token=written,
        certificate=UNSET if proof.chain is None else proof.chain,  # C07.FR.06
        iso15118_certificate_hash_data=hashes or UNSET,
    )
    try:
        return decode(v2.AuthorizeRequest, encode(request))
    except InvalidPayload:  # a chain that is longer than the version allows
        return None


def read_authorization(response: "AuthorizeResponse") -> TokenInfo:
    info = read_token_info(response.id_token_info)
    status = response.certificate_status
    return info if status is UNSET else msgspec.structs.replace(info, certificate_status=status)


def clear_cache(
    v2: "Messages", context: StationContext, request: "ClearCacheRequest"
) -> Response | Durable:
    why = "InternalError" if context.tokens.cache.is_enabled else "NotEnabled"
    return context.clear_cache(
        request.response(status="Accepted"),
        request.response(status="Rejected", status_info=because(v2, why)),
    )


STATION: Handlers = {"ClearCache": clear_cache}


# ---- the central system's half


def csms_authorize(
    v2: "Messages", station: CsmsStation, request: "AuthorizeRequest"
) -> "AuthorizeResponse":
    id_token = read_id_token(request.id_token)
    chain, hashes = request.certificate, request.iso15118_certificate_hash_data
    if chain is UNSET and hashes is UNSET:
        return request.response(id_token_info=id_token_info(v2, station.authorize(id_token)))
    told = () if hashes is UNSET else tuple(map(_read_hash, hashes))
    info = station.authorize_contract(id_token, None if chain is UNSET else chain, told)
    assert info.certificate_status is not None
    return request.response(
        id_token_info=id_token_info(v2, info), certificate_status=info.certificate_status
    )


def _read_hash(hash: "OCSPRequestDataType") -> CertificateHash:
    return CertificateHash(
        hash.hash_algorithm,
        hash.issuer_name_hash,
        hash.issuer_key_hash,
        hash.serial_number,
        hash.responder_url,
    )


def id_token_info(v2: "Messages", info: TokenInfo) -> "IdTokenInfoType":
    """Tell what is known of a token, its group included (C01.FR.06, C09.FR.09, C09.FR.12)."""
    group = None
    if info.parent:
        group = id_token_type(v2, IdToken(info.parent, "Central"))
    return v2.IdTokenInfoType(
        status=info.verdict,
        cache_expiry_date_time=UNSET if info.expires is None else timestamp(info.expires),
        group_id_token=UNSET if group is None else group,
        evse_id=info.evses or UNSET,  # C01.FR.19-20
        language1=info.languages[0] if info.languages else UNSET,
        language2=info.languages[1] if len(info.languages) > 1 else UNSET,
        personal_message=_message(v2, info.messages[0]) if info.messages else UNSET,
    )


def _message(v2: "Messages", message: PersonalMessage) -> "MessageContentType":
    return v2.MessageContentType(
        format=message.format,  # type: ignore[arg-type]  # one of its words: see PersonalMessage
        content=message.content,
        language=UNSET if message.language is None else message.language,
    )


CSMS: CsmsHandlers = {"Authorize": csms_authorize}
