"""Functional block P: what OCPP has no message for, by agreement between the parties."""

from typing import TYPE_CHECKING

from msgspec import UNSET

from ..context import Deferred, StationContext, VendorAnswer
from ..csms.station import CsmsStation
from ..messages.base import Response
from .csms_handling import CsmsHandlers
from .handling import Handlers

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import DataTransferRequest, DataTransferResponse

# ---- the station's half


def data_transfer(
    v2: "Messages", context: StationContext, request: "DataTransferRequest"
) -> Response | Deferred:
    handler = context.vendor_handler(request.vendor_id)
    if handler is None:
        return request.response(status="UnknownVendorId")  # P01.FR.05
    message_id = None if request.message_id is UNSET else request.message_id
    asked = None if request.data is UNSET else request.data

    def response(answer: VendorAnswer) -> "DataTransferResponse":
        status, data = answer
        return request.response(status=status, data=UNSET if data is None else data)

    return context.ask_vendor(handler, message_id, asked, response)


def request(
    v2: "Messages", vendor_id: str, message_id: str | None, data: object
) -> "DataTransferRequest":
    return v2.DataTransferRequest(
        vendor_id=vendor_id,
        message_id=UNSET if message_id is None else message_id,
        data=UNSET if data is None else data,
    )


def read(response: "DataTransferResponse") -> VendorAnswer:
    return response.status, None if response.data is UNSET else response.data


STATION: Handlers = {"DataTransfer": data_transfer}


# ---- the central system's half


def csms_data_transfer(
    v2: "Messages", station: CsmsStation, request: "DataTransferRequest"
) -> "DataTransferResponse":
    """No vendor's extension is known until one is given (P02)."""
    return request.response(status="UnknownVendorId")


CSMS: CsmsHandlers = {"DataTransfer": csms_data_transfer}
