"""Kinds of values that several tables of the configuration share."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta

from .fields import Invalid

BootReason = Literal[
    "auto",
    "ApplicationReset",
    "FirmwareUpdate",
    "LocalReset",
    "PowerUp",
    "RemoteReset",
    "ScheduledReset",
    "Unknown",
    "Watchdog",
]
Version = Literal["ocpp1.6", "ocpp2.0.1", "ocpp2.1"]
VariableValue = str | bool | int | float | list[str]

ModuleMember = Annotated[str, Meta(pattern=r"^[\w.]+:\w+$", title='"package.module:function"')]
Text20 = Annotated[str, Meta(min_length=1, max_length=20)]
Text25 = Annotated[str, Meta(min_length=1, max_length=25)]
Text255 = Annotated[str, Meta(min_length=1, max_length=255)]
Text50 = Annotated[str, Meta(min_length=1, max_length=50)]
Identity = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=48,
        pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)",  # `$` alone would let a line end pass
        title="text of 1 to 48 characters, none of them a control character",
    ),
]
Versions = Annotated[tuple[Version, ...], Meta(min_length=1)]
Port = Annotated[int, Meta(ge=1, le=65535)]
Seconds = Annotated[float, Meta(gt=0, le=86400)]
SecondsOrNone = Annotated[float, Meta(ge=0, le=86400)]  # 0 switches it off
Slot = Annotated[int, Meta(ge=0)]


def refuse_repeated(key: str, values: Iterable[object]) -> None:
    repeated = [value for value, times in Counter(values).items() if times > 1]
    if repeated:
        raise Invalid(key, f"{repeated[0]} stands there more than once")
