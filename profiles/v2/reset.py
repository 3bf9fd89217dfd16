"""Functional block B, resets: of the whole station, or of one EVSE (B11, B12)."""

from typing import TYPE_CHECKING

from ...machines.events import ResetRequested
from ...machines.evse import Evse
from ...machines.station import Station
from ..context import StationContext
from .handling import Handlers, because, find_evse

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import ResetRequest, ResetResponse

# ---- the station's half


def reset(v2: "Messages", context: StationContext, request: "ResetRequest") -> "ResetResponse":
    """Start anew, after transactions were ended (Immediate) or have ended (OnIdle)."""

    def rejected(code: str, info: str = "") -> "ResetResponse":
        return request.response(status="Rejected", status_info=because(v2, code, info))

    if request.type not in ("Immediate", "OnIdle"):
        # B13.FR.01: no transaction of ours is resumed after a reset.
        return rejected("UnsupportedParam", "type")
    target: Station | Evse = context.station
    if request.evse_id:
        evse = find_evse(context.station, request.evse_id)
        if evse is None:
            return rejected("UnknownEvse")
        if not context.may_reset_alone(evse.evse_id):
            return rejected("UnsupportedParam", "evseId")  # B11.FR.09, B12.FR.09
        target = evse
    if not context.is_reset_allowed(target.evse_id):
        return rejected("Unspecified", "not now")  # B11.FR.06, B12.FR.10
    wanted = ResetRequested(request.type == "OnIdle", patience=context.reset_patience)
    context.tell(target.evse_id, wanted)
    # B11.FR.07, B12.FR.01-02
    return request.response(status="Scheduled" if target.reset.is_scheduled else "Accepted")


STATION: Handlers = {"Reset": reset}
