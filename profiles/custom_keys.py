"""A station's own configuration: variables of `CustomizationCtrlr`, and keys of 1.6."""

from collections.abc import Iterable, Iterator

import msgspec

from .device_model import DataType, Definition, Key, Value, is_list, is_word, text_of
from .v16.configuration_keys import BY_LOWER_CASE, LONGEST_VALUE

_LONGEST_INSTANCE = 50  # characters, of a variable's instance
CUSTOM = "CustomizationCtrlr"
"""The component; its variables without an instance are the station's own."""


def custom_definition(name: str, kind: DataType, default: Value, **more: object) -> Definition:
    """Define a variable of the station's own. Raises ValueError: the field at fault, a colon, what
    was expected.

    `more` are further fields of Definition.
    """
    standard = BY_LOWER_CASE.get(name.lower())
    if standard is not None:
        raise ValueError(f"key: {standard.name} is a standard key; give yours another name")
    definition = Definition(
        key=Key(CUSTOM, name),
        type=kind,
        default=default,
        **more,  # type: ignore[arg-type]  # each is checked by the callers
    )
    _check_limits(definition)
    try:
        definition.check(default)
        if len(text_of(default)) > LONGEST_VALUE:
            raise ValueError(f"expected at most {LONGEST_VALUE} characters")
    except ValueError as error:
        raise ValueError(f"default: {error}") from error
    if kind == "string" and definition.maximum is None:
        return msgspec.structs.replace(definition, maximum=LONGEST_VALUE)
    return definition


def customization(vendors: Iterable[str], triggers: Iterable[str]) -> Iterator[Definition]:
    """Define what tells of the station's own messages: whether each vendor's are enabled, and what
    can be triggered.
    """
    for vendor_id in vendors:
        if len(vendor_id) > _LONGEST_INSTANCE:
            continue  # no message could name it
        yield Definition(
            key=Key(CUSTOM, "CustomImplementationEnabled", vendor_id),
            type="boolean",
            default=True,
            meaning=f"Messages of {vendor_id} are understood",
        )
    if names := tuple(triggers):
        yield Definition(
            key=Key(CUSTOM, "CustomTriggers"),
            type="MemberList",
            default=names,
            meaning="What TriggerMessage can ask for beside OCPP's own messages",
            mutability="ReadOnly",
            constant=True,
        )


def _check_limits(definition: Definition) -> None:
    minimum, maximum = definition.minimum, definition.maximum
    if definition.type in ("boolean", "OptionList"):
        for field in ("minimum", "maximum"):
            if getattr(definition, field) is not None:
                raise ValueError(f"{field}: a {definition.type} has none")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ValueError("maximum: expected at least the minimum")
    if definition.options and not is_list(definition.type):
        raise ValueError("options: only for OptionList, MemberList and SequenceList")
    if not all(map(is_word, definition.options)):
        raise ValueError("options: expected words without commas")
