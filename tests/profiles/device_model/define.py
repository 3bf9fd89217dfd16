"""Variables of the tests' own."""

from pilotwire.profiles.device_model import DataType, Definition, Key, Value


def define(
    type_: DataType, default: Value | None, name: str = "Thing.Size", **more: object
) -> Definition:
    return Definition(key=Key.parse(name), type=type_, default=default, meaning="", **more)  # type: ignore[arg-type]  # the tests' own
