"""Functional block B: the network profiles that the CSMS sets (B09)."""

from typing import TYPE_CHECKING

from msgspec import UNSET

from ..context import NetworkProfile, StationContext
from ..device_model import Key
from .handling import Handlers, because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import SetNetworkProfileRequest, SetNetworkProfileResponse

_SECURITY_PROFILE = Key("SecurityCtrlr", "SecurityProfile")
_SUBPROTOCOLS = {
    "OCPP16": "ocpp1.6",
    "OCPP20": "ocpp2.0.1",  # so 2.0.1 calls itself (OCPPVersionEnumType)
    "OCPP201": "ocpp2.0.1",
    "OCPP21": "ocpp2.1",
}


def set_network_profile(
    v2: "Messages", context: StationContext, request: "SetNetworkProfileRequest"
) -> "SetNetworkProfileResponse":
    """Have whoever dials validate a network profile and store it for the next boot (B09)."""
    data = request.connection_data
    if data.security_profile < context.model.integer(_SECURITY_PROFILE):
        return request.response(  # B09.FR.04
            status="Rejected", status_info=because(v2, "NoSecurityDowngrade")
        )
    if context.accept_network_profile is None or data.ocpp_transport != "JSON":
        return request.response(status="Rejected", status_info=because(v2, "InvalidNetworkConf"))
    version = "" if data.ocpp_version is UNSET else data.ocpp_version
    profile = NetworkProfile(
        slot=request.configuration_slot,
        url=data.ocpp_csms_url,
        subprotocol=_SUBPROTOCOLS.get(version, ""),
        security_profile=data.security_profile,
        message_timeout=float(data.message_timeout),
        interface=data.ocpp_interface,
        identity=data.identity or None,
        password=data.basic_auth_password or None,
    )
    return request.response(status=context.accept_network_profile(profile))  # B09.FR.01-03


STATION: Handlers = {"SetNetworkProfile": set_network_profile}
