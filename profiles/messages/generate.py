"""Writes v16.py, v201.py, v21.py and v2.py from the official schemas.

    python -m pilotwire.profiles.messages.generate [--check]

With `--check` nothing is written; the exit code is 1 when a file is not what would be written.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from .schemas import UNANSWERED, Field, Struct, Version, read

LINE_LENGTH: Final = 100
COMMAND: Final = "python -m pilotwire.profiles.messages.generate"


def main() -> None:
    folder = Path(__file__).parent
    if "--check" not in sys.argv[1:]:
        write(folder)
    elif stale := stale_files(folder):
        raise SystemExit(f"stale: {', '.join(stale)}; run {COMMAND}")


def write(folder: Path) -> None:
    for name, text in modules().items():
        (folder / name).write_text(text, "utf-8")


def stale_files(folder: Path) -> list[str]:
    """The names of the files in the folder that are not what would be written."""
    return [name for name, text in modules().items() if _current(folder / name) != text]


def modules() -> dict[str, str]:
    """The text of each generated file, by its name."""
    v16, v201, v21 = read("v16"), read("v201"), read("v21")
    later = {struct.name: struct.fields for struct in v21.structs()}
    return {
        "v16.py": _module("1.6 with its security extension", v16, {}),
        "v201.py": _module("2.0.1", v201, later),
        "v21.py": _module("2.1", v21, {}),
        "v2.py": _shared_module(v201),
    }


def _current(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _module(title: str, version: Version, later: dict[str, tuple[Field, ...]]) -> str:
    lines = [
        f'"""The {len(version.requests)} messages of OCPP {title}.',
        "",
        f"Generated from the official schemas by `{COMMAND}`.",
        '"""',
        "",
        *_imports(version),
        "",
    ]
    lines += [f"{name} = {text}" for name, text in sorted(version.bounded.items(), key=_naturally)]
    lines.append("")
    for name, values in sorted(version.enums.items()):
        lines += _wrapped(f"{name} = Literal[", [f'"{value}"' for value in values], "]")
    for _, struct in sorted(version.types.items()):
        lines += _class(struct, "Payload", [], later)
    for action, request in sorted(version.requests.items()):
        lines += _message(action, request, version, later)
    lines += ["", "", "ACTIONS: Final[Mapping[str, type[Request[Any]]]] = {"]
    lines += [
        f'    "{action}": {request.name},' for action, request in sorted(version.requests.items())
    ]
    return "\n".join([*lines, "}", ""])


def _imports(version: Version) -> Iterator[str]:
    has_arrays = "NonEmpty" in version.bounded
    yield "from __future__ import annotations"
    yield ""
    yield "from collections.abc import Mapping"
    typing = ["Annotated", "Any", "ClassVar", "Final", "Literal", "Type"]
    yield f"from typing import {', '.join(typing + ['TypeVar'] * has_arrays)}"
    yield ""
    yield f"from msgspec import {', '.join(_msgspec_names(version))}"
    yield ""
    text = _types(version)
    base = ["CustomData"] * ("CustomData" in text) + ["Payload", "Request", "Response"]
    base += ["Timestamp"] * ("Timestamp" in text)
    base += ["refuse_hundredths"] * any(f.is_tenths for s in version.structs() for f in s.fields)
    yield f"from .base import {', '.join(base)}"
    yield ""
    if has_arrays:
        yield 'T = TypeVar("T")'


def _msgspec_names(version: Version) -> list[str]:
    spelled = any(_is_odd(field) for struct in version.structs() for field in struct.fields)
    return ["UNSET", "Meta", "UnsetType"] + ["field"] * spelled


def _types(version: Version) -> set[str]:
    return {field.type for struct in version.structs() for field in struct.fields}


def _message(
    action: str, request: Struct, version: Version, later: dict[str, tuple[Field, ...]]
) -> Iterator[str]:
    response = None if action in UNANSWERED else version.responses[action]
    if response is not None:
        yield from _class(response, "Response", [], later)
    answer = "None" if response is None else response.name
    answer_type = "None" if response is None else f"Type[{answer}]"
    head = [f'    action: ClassVar[str] = "{action}"', *_response(answer, answer_type)]
    yield from _class(request, f"Request[{answer}]", head, later)


def _response(answer: str, answer_type: str) -> Iterator[str]:
    start = f"    response: ClassVar[{answer_type}] = "
    if len(start + answer) <= LINE_LENGTH:
        yield start + answer
    else:
        yield from (f"{start}(", f"        {answer}", "    )")


def _class(
    struct: Struct, base: str, head: list[str], later: dict[str, tuple[Field, ...]]
) -> Iterator[str]:
    yield from ("", "")
    line = f"class {struct.name}({base}, kw_only=True, frozen=True):"
    if len(line) <= LINE_LENGTH:
        yield line
    else:
        yield from (f"class {struct.name}(", f"    {base}, kw_only=True, frozen=True", "):")
    known = {field.name for field in struct.fields}
    body = head + [line for field in struct.fields for line in _field(field)]
    body += [
        f"    {field.name}: ClassVar[UnsetType] = UNSET"
        for field in later.get(struct.name, ())
        if field.name not in known
    ]
    yield from body or ["    pass"]
    tenths = [field for field in struct.fields if field.is_tenths]
    if tenths:
        numbers = ", ".join(f"{field.wire_name}=self.{field.name}" for field in tenths)
        yield ""
        yield "    def __post_init__(self) -> None:"
        yield f"        refuse_hundredths({numbers})"


def _field(field: Field) -> Iterator[str]:
    optional = "" if field.is_required else " | UnsetType"
    options = [] if field.is_required else ["default=UNSET"]
    line = f"    {field.name}: {field.type}{optional}"
    if _is_odd(field):
        options.append(f'name="{field.wire_name}"')
        yield from _wrapped(f"{line} = field(", options, ")", indent="    ", magic_comma="")
    else:
        yield line if field.is_required else f"{line} = UNSET"


def _is_odd(field: Field) -> bool:
    """Whether msgspec's rename="camel" does not give the name on the wire."""
    first, *words = field.name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in words) != field.wire_name


def _wrapped(
    start: str, items: Iterable[str], end: str, indent: str = "", magic_comma: str = ","
) -> Iterator[str]:
    """The items between the brackets, in one line or, as ruff formats them, in several."""
    line = start + ", ".join(items) + end
    if len(line) <= LINE_LENGTH:
        yield line
        return
    yield start
    joined = f"{indent}    {', '.join(items)}"
    if len(joined) <= LINE_LENGTH:
        yield joined
    else:
        yield from (f"{indent}    {item}{magic_comma}" for item in items)
    yield indent + end


def _naturally(item: tuple[str, str]) -> tuple[str, int]:
    digits = "".join(character for character in item[0] if character.isdigit())
    return item[0].rstrip("0123456789"), int(digits or 0)


def _shared_module(v201: Version) -> str:
    lines = [
        '"""The structs that OCPP 2.0.1 and 2.1 share, as a namespace for code that serves both.',
        "",
        "Such code is written in the types of 2.1. With a 2.0.1 peer the namespace holds 2.0.1's",
        "structs: there, what only 2.1 has reads as `UNSET` and is refused by the constructor.",
        "",
        f"Generated from the official schemas by `{COMMAND}`.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from collections.abc import Mapping",
        "from typing import TYPE_CHECKING, Any, Protocol",
        "",
        "if TYPE_CHECKING:",
        "    from . import v21",
        "    from .base import Request",
        "",
        "",
        "class Messages(Protocol):",
        "    ACTIONS: Mapping[str, type[Request[Any]]]",
    ]
    names = sorted(struct.name for struct in v201.structs())
    return "\n".join([*lines, *(f"    {name}: type[v21.{name}]" for name in names), ""])


if __name__ == "__main__":
    main()
