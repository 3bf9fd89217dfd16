"""`pilotwire keys`: the configuration keys that stations may have: a table, Markdown or JSON."""

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from ..profiles.device_model import DeviceModel
from ..profiles.standard import KNOWN
from ..profiles.v16.configuration_keys import BY_LOWER_CASE, STANDARD_KEYS, ConfigurationKey
from ..profiles.v16.key_reference import Description, describe, markdown, table
from .failure import Failure

Format = Literal["table", "md", "json"]


class UnknownKey(Failure):
    """No standard key has this name."""

    exit_code = 2

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name.lower(), BY_LOWER_CASE, n=1)
        hint = f"; did you mean {BY_LOWER_CASE[near[0]].name}?" if near else ""
        super().__init__(f"no key is called {name}{hint}")


class NothingToCheck(Failure):
    """--check was given without --output."""

    exit_code = 2

    def __init__(self) -> None:
        super().__init__("--check compares with a file: say which with --output")


def run(
    names: Sequence[str] = (),
    format: Format = "table",  # as the option is called
    output: Path | None = None,
    check: bool = False,
) -> int:
    """Print the keys, write them to `output`, or compare with what is there.

    Gives the exit code: 1 when the file that is checked is not as it must be. Raises Failure.
    """
    if check and output is None:
        raise NothingToCheck
    model = DeviceModel(KNOWN)
    text = _shown([describe(model, key) for key in _chosen(names)], format)
    if output is None:
        sys.stdout.write(text)
        return 0
    if check:
        return _check(text, output)
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{output}: cannot be written: {error.strerror}") from error
    return 0


def _chosen(names: Sequence[str]) -> Sequence[ConfigurationKey]:
    if not names:
        return STANDARD_KEYS
    for name in names:
        if name.lower() not in BY_LOWER_CASE:
            raise UnknownKey(name)
    return [BY_LOWER_CASE[name.lower()] for name in names]


def _shown(descriptions: Sequence[Description], format: Format) -> str:
    match format:
        case "table":
            return table(descriptions)
        case "md":
            return markdown(descriptions)
        case "json":
            listed = msgspec.json.encode([each._asdict() for each in descriptions])
            return msgspec.json.format(listed, indent=2).decode() + "\n"


def _check(text: str, output: Path) -> int:
    try:
        found = output.read_text(encoding="utf-8")
    except FileNotFoundError:
        fault = "missing"
    except (OSError, UnicodeDecodeError) as error:
        fault = f"cannot be read: {error}"
    else:
        fault = "" if found == text else "stale"
    if fault:
        sys.stderr.write(f"pilotwire: {output}: {fault}\n")
    return 1 if fault else 0
