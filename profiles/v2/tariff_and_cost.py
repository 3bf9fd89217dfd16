"""Functional block I, and the payments of 2.1's block C: settlements (C21) and VAT numbers."""

from typing import TYPE_CHECKING

from ..csms.station import CsmsStation
from .csms_handling import CsmsHandlers, keep
from .handling import because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import VatNumberValidationRequest, VatNumberValidationResponse

# ---- the central system's half


def csms_vat_number_validation(
    v2: "Messages", station: CsmsStation, request: "VatNumberValidationRequest"
) -> "VatNumberValidationResponse":
    """Nobody can be asked here whether the number is valid: override it where somebody can."""
    return request.response(
        vat_number=request.vat_number,
        evse_id=request.evse_id,
        status="Rejected",
        status_info=because(v2, "UnsupportedRequest"),
    )


CSMS: CsmsHandlers = {
    "NotifySettlement": keep,
    "VatNumberValidation": csms_vat_number_validation,
}
