"""Functional block B: the network profiles that the CSMS sets (B09). By SetVariables it sets single
variables of a slot: what it may then is in profiles/network.py.
"""

from typing import TYPE_CHECKING

from msgspec import UNSET

from ..context import Kept, StationContext
from ..network import (
    ACTIVE,
    NetworkProfile,
    is_downgrade,
    problem,
    slots_of,
    values_of,
)
from .handling import Handlers, because, speaks_2_1

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        NetworkConnectionProfileType,
        SetNetworkProfileRequest,
        SetNetworkProfileResponse,
    )


def set_network_profile(
    v2: "Messages", context: StationContext, request: "SetNetworkProfileRequest"
) -> "SetNetworkProfileResponse | Kept":
    """Validate a network profile and store it. The link that stands is none of its concern."""
    refusal = _refusal(v2, context, request)
    if refusal is not None:
        reason, info = refusal
        return request.response(status="Rejected", status_info=because(v2, reason, info))
    profile = _profile(v2, request)
    if context.accept_network_profile is not None:
        status = context.accept_network_profile(profile)
        if status != "Accepted":
            return request.response(status=status)
    # In 2.0.1 the profile in use is a new one after the next boot only (B09, remarks); in 2.1 so
    # that it is used from the next connection on.
    is_active = context.model.value(ACTIVE) == profile.slot
    return Kept(
        values=values_of(profile),  # B09.FR.09
        response=request.response(status="Accepted"),  # B09.FR.01
        otherwise=request.response(status="Failed"),  # B09.FR.03
        at_boot=is_active and not speaks_2_1(v2),
    )


def _refusal(
    v2: "Messages", context: StationContext, request: "SetNetworkProfileRequest"
) -> tuple[str, str] | None:
    data = request.connection_data
    if request.configuration_slot not in slots_of(context.model):
        return "InvalidConfSlot", ""  # B09.FR.05
    if is_downgrade(context.model, data.security_profile):
        return "NoSecurityDowngrade", ""  # B09.FR.04, B09.FR.31
    unusable = _unusable(data) or problem(_profile(v2, request), context.reach)
    return None if unusable is None else ("InvalidNetworkConf", unusable)  # B09.FR.02


def _unusable(data: "NetworkConnectionProfileType") -> str | None:
    if data.ocpp_transport != "JSON":
        return "ocppTransport: only JSON"
    # Modem and tunnel are the host's: a profile cannot set them up (B09.FR.13).
    if data.apn is not UNSET:
        return "apn: not supported"
    return None if data.vpn is UNSET else "vpn: not supported"


def _profile(v2: "Messages", request: "SetNetworkProfileRequest") -> NetworkProfile:
    data = request.connection_data
    # 2.1 ignores the version: the handshake decides.
    version = "" if speaks_2_1(v2) or data.ocpp_version is UNSET else data.ocpp_version
    return NetworkProfile(
        slot=request.configuration_slot,
        url=data.ocpp_csms_url,
        security_profile=data.security_profile,
        interface=data.ocpp_interface,
        message_timeout=data.message_timeout,
        ocpp_version=version,
        identity=data.identity or None,
        password=data.basic_auth_password or None,
    )


STATION: Handlers = {"SetNetworkProfile": set_network_profile}
