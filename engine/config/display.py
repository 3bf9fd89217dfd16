"""The keys of [station.display]: what people read at the station."""

from typing import Annotated

from msgspec import Meta, field

from .fields import Invalid, Settings
from .kinds import VariableValue


class Display(Settings, frozen=True, kw_only=True):
    """What people read at the station as a whole (docs/drivers.md)."""

    driver: Annotated[
        Annotated[str, Meta(pattern=r"^[\w.]+:\w+$", title='"package.module:factory"')] | None,
        Meta(description="What stands for it", examples=["my_charger.screen:make"]),
    ] = None
    options: Annotated[
        dict[str, VariableValue],
        Meta(description="What its factory gets", examples=[{"port": "/dev/ttyS2"}]),
    ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.options and self.driver is None:
            raise Invalid("options", "only with a driver")
