"""The device model: components and their variables, the station's configuration and its telemetry
for every version (2.x part 1 chapter 4).

1.6's keys are a view of it. Values live here as Python's own types; their text is what 2.x's
attributeValue and 1.6's value carry.
"""

from .catalogue import Catalogue
from .definition import (
    Attribute,
    AttributeType,
    Definition,
    MonitorType,
    Mutability,
    PresetMonitor,
    is_list,
    is_word,
)
from .key import Key
from .model import DeviceModel, Missing, Outcome, Readings, Refusal, SetStatus, configure_from
from .value import DataType, Unfit, Value, text_of

__all__ = [
    "Attribute",
    "AttributeType",
    "Catalogue",
    "DataType",
    "Definition",
    "DeviceModel",
    "Key",
    "Missing",
    "MonitorType",
    "Mutability",
    "Outcome",
    "PresetMonitor",
    "Readings",
    "Refusal",
    "SetStatus",
    "Unfit",
    "Value",
    "configure_from",
    "is_list",
    "is_word",
    "text_of",
]
