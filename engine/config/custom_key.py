"""The station's own configuration keys: variables of `CustomizationCtrlr`, and keys of 1.6."""

from typing import Annotated, Literal

from msgspec import Meta

from ...profiles.custom_keys import custom_definition
from ...profiles.device_model import Definition
from .fields import Invalid, Settings

CustomValue = str | bool | int | float | list[str]


class CustomKey(Settings, frozen=True, kw_only=True):
    """One configuration key of the station's own."""

    key: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9_.-]{1,50}$",
            title="1 to 50 letters, digits, dots, dashes and underscores",
            description="Its name",
            examples=["DoorLightSeconds"],
        ),
    ]
    type: Annotated[
        Literal[
            "string", "integer", "decimal", "boolean", "OptionList", "MemberList", "SequenceList"
        ],
        Meta(description="Its type", examples=["integer"]),
    ]
    default: Annotated[
        CustomValue, Meta(description="Its value until it is changed", examples=[60])
    ]
    access: Annotated[
        Literal["ReadOnly", "ReadWrite"],
        Meta(description="Whether the central system may change it"),
    ] = "ReadWrite"
    minimum: Annotated[
        float | None,
        Meta(description="The least; of text and lists, the shortest", examples=[0]),
    ] = None
    maximum: Annotated[
        float | None,
        Meta(description="The most; of text and lists, the longest", examples=[3600]),
    ] = None
    options: Annotated[tuple[str, ...], Meta(description="The words that may stand in a list")] = ()
    unit: Annotated[str, Meta(max_length=16, description="Its unit", examples=["s"])] = ""
    reboot_required: Annotated[
        bool, Meta(description="A change takes effect when the station boots")
    ] = False
    meaning: Annotated[str, Meta(description="What it is for, in a sentence")] = ""

    def __post_init__(self) -> None:
        try:
            self.definition()
        except ValueError as error:
            key, _, problem = str(error).partition(": ")
            raise Invalid(key, problem) from error

    def definition(self) -> Definition:
        """Give it as a variable. Raises ValueError naming the field that does not fit."""
        return custom_definition(
            self.key,
            self.type,
            tuple(self.default) if isinstance(self.default, list) else self.default,
            mutability=self.access,
            minimum=self.minimum,
            maximum=self.maximum,
            options=self.options,
            unit=self.unit,
            reboot_required=self.reboot_required,
            meaning=self.meaning,
        )
