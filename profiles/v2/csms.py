"""The central system's face in 2.0.1 and 2.1: one implementation for both."""

from functools import partial
from typing import TYPE_CHECKING, cast

from msgspec import UNSET

from ..csms.face import AnyRequest, CsmsFace
from ..family import Version
from ..messages.base import Response
from . import (
    authorization,
    availability,
    battery_swap,
    certificate_management,
    csms_variables,
    data_transfer,
    der_control,
    diagnostics,
    display_message,
    firmware_management,
    local_auth_list,
    meter_values,
    monitoring,
    provisioning,
    reservation,
    security,
    smart_charging,
    tariff_and_cost,
    transactions,
)
from .csms_handling import keep_unconfirmed

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import SetVariablesRequest, SetVariablesResponse

_BLOCKS = (
    authorization.CSMS,
    availability.CSMS,
    battery_swap.CSMS,
    certificate_management.CSMS,
    data_transfer.CSMS,
    der_control.CSMS,
    diagnostics.CSMS,
    display_message.CSMS,
    firmware_management.CSMS,
    meter_values.CSMS,
    monitoring.CSMS,
    provisioning.CSMS,
    csms_variables.CSMS,
    reservation.CSMS,
    security.CSMS,
    smart_charging.CSMS,
    tariff_and_cost.CSMS,
    transactions.CSMS,
)
_REPORTS = {
    # B02.FR.09: what these ask for, beside TriggerMessage, may be sent before the acceptance.
    "GetBaseReport": frozenset({"NotifyReport"}),
    "GetReport": frozenset({"NotifyReport"}),
}
_NO_MESSAGES: frozenset[str] = frozenset()


def make_face(version: Version, v2: "Messages") -> CsmsFace:
    """Build the face of 2.0.1 or of 2.1 out of the version's own structs."""
    actions = v2.ACTIONS
    return CsmsFace(
        version=version,
        handlers={
            actions[action]: partial(handler, v2)
            for block in _BLOCKS
            for action, handler in block.items()
            if action in actions
        },
        boots_with=v2.BootNotificationRequest,
        asks_to_boot=v2.TriggerMessageRequest(requested_message="BootNotification"),
        # B02.FR.05: the answer would be Rejected.
        withheld=frozenset({v2.RequestStartTransactionRequest, v2.RequestStopTransactionRequest}),
        triggered=triggered,
        new_password=new_password,
        local_list=local_auth_list.local_list_words(v2),
        variables=csms_variables.variable_words(v2),
        notified={
            request: keep_unconfirmed for request in actions.values() if request.response is None
        },
    )


def triggered(request: AnyRequest, response: Response) -> frozenset[str]:
    if getattr(response, "status", None) != "Accepted":
        return _NO_MESSAGES
    if request.action != "TriggerMessage":
        return _REPORTS.get(request.action, _NO_MESSAGES)
    message = str(request.requested_message)  # type: ignore[attr-defined]  # a TriggerMessage
    if message.startswith("Sign"):  # SignChargingStationCertificate and its sisters
        return frozenset({"SignCertificate"})
    return frozenset({message})


def new_password(request: AnyRequest, response: Response) -> bytes | None:
    """A01.FR.03: a change of BasicAuthPassword that was accepted counts from now on."""
    if request.action != "SetVariables":
        return None
    asked = cast("SetVariablesRequest", request).set_variable_data
    results = cast("SetVariablesResponse", response).set_variable_result
    is_accepted = any(
        _is_password(result.component.name, result.variable.name)
        and result.attribute_status == "Accepted"
        and result.attribute_type in (UNSET, "Actual")
        for result in results
    )
    if not is_accepted:
        return None
    given = (d for d in asked if _is_password(d.component.name, d.variable.name))
    return next((d.attribute_value.encode() for d in given), None)


def _is_password(component: str, variable: str) -> bool:
    return (component.lower(), variable.lower()) == ("securityctrlr", "basicauthpassword")
