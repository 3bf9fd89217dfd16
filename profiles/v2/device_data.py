"""What controllers bound: the sizes of requests about the device model, and of values told."""

from ..context import StationContext
from ..device_model import AttributeType, DeviceModel, Key, text_of
from ..errors import FormatViolation, OccurrenceConstraintViolation
from ..face import AnyRequest
from ..messages.base import encode

_LONGEST_TOLD = Key("DeviceDataCtrlr", "ReportingValueSize")


def check_size(
    context: StationContext,
    request: AnyRequest,
    items: int,
    controller: str = "DeviceDataCtrlr",
) -> None:
    """Refuse a request that asks for more than the station has said, there, that it takes."""
    most = context.model.integer(Key(controller, "ItemsPerMessage", request.action))
    if items > most:  # B06.FR.16, B08.FR.17, N04.FR.09, N06.FR.06
        raise OccurrenceConstraintViolation(f"at most {most} items in one request")
    longest = context.model.integer(Key(controller, "BytesPerMessage", request.action))
    if len(encode(request)) > longest:  # B06.FR.17, B08.FR.18, N04.FR.09, N06.FR.07
        raise FormatViolation(f"at most {longest} bytes in one request")


def told_text(model: DeviceModel, key: Key, attribute: AttributeType = "Actual") -> str:
    """Write the value that the CSMS is told, cut where it is longer than what may be told."""
    return text_of(model.told(key, attribute))[: model.integer(_LONGEST_TOLD)]
