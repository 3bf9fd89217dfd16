"""The central system's face in 1.6."""

from ..csms.face import AnyRequest, CsmsFace
from ..family import OCPP_16
from ..messages import v16
from ..messages.base import Response
from . import core, firmware_management, local_auth_list, security

_TRIGGERED: dict[str, frozenset[str]] = {
    # Where what is asked for (5.17, white paper 6.16) comes under another name, or under two.
    "SignChargePointCertificate": frozenset({"SignCertificate"}),
    "FirmwareStatusNotification": frozenset(
        {"FirmwareStatusNotification", "SignedFirmwareStatusNotification"}
    ),
}


def triggered(request: AnyRequest, response: Response) -> frozenset[str]:
    match request, response:
        case (
            v16.TriggerMessageRequest(requested_message=message)
            | v16.ExtendedTriggerMessageRequest(requested_message=message),
            v16.TriggerMessageResponse(status="Accepted")
            | v16.ExtendedTriggerMessageResponse(status="Accepted"),
        ):
            return _TRIGGERED.get(message, frozenset({message}))
    return frozenset()


def new_password(request: AnyRequest, response: Response) -> bytes | None:
    """A01.FR.03: a change of AuthorizationKey that was accepted counts from now on."""
    match request, response:
        case (
            v16.ChangeConfigurationRequest(key=key, value=value),
            v16.ChangeConfigurationResponse(status="Accepted"),
        ) if key.lower() == "authorizationkey":
            return password_of(value)
    return None


def password_of(authorization_key: str) -> bytes:
    """A00.FR.205: the key is written in hexadecimal, and its bytes are the password."""
    try:
        return bytes.fromhex(authorization_key)
    except ValueError:  # a station that takes other keys uses them as they stand
        return authorization_key.encode()


FACE = CsmsFace(
    version=OCPP_16,
    handlers={**core.CSMS, **firmware_management.CSMS, **security.CSMS},
    boots_with=v16.BootNotificationRequest,
    asks_to_boot=v16.TriggerMessageRequest(requested_message="BootNotification"),
    withheld=frozenset({v16.RemoteStartTransactionRequest, v16.RemoteStopTransactionRequest}),
    triggered=triggered,
    new_password=new_password,
    local_list=local_auth_list.LOCAL_LIST,
)
