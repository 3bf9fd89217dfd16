"""The reference of all keys (docs/configuration.md), a commented config.toml, the check of both.

They say what the settings structs say. Values in config.toml are free, keys and comments are not.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from .fields import Key, Section, Struct, keys, sections

COMMAND = "python -m pilotwire.engine.config"

_INTRODUCTION = f"""\
# Configuration

<!-- Written by `{COMMAND}` from the settings structs; edit those. -->

Pilotwire reads the file that `--config` names, or `config.toml` in the current directory, or
the one that it is shipped with. The environment overrides the file, `--set key=value` both:

    export PILOTWIRE_STATION__IDENTITY=CS-1
    pilotwire run --set 'station.versions=["ocpp1.6"]' --set log.level=debug

- A value there is written as in TOML; what is not TOML is taken as text.
- Places in lists count from 1, as EVSEs do: `station.evses[1].phases`,
  `PILOTWIRE_STATION__EVSES__1__PHASES`.
- Relative paths start from the directory of the file; with the shipped file, from the current one.
- What does not fit or is not known ends the program with exit code 2 and a line that says why.
- Secrets stand in the environment, or in a file of their own that only its owner may read
  (`chmod 600`): `secrets.toml` beside `config.toml`, or the one that `secrets.file` names. In it,
  the keys below `secrets` begin without that word:

      [station.passwords]
      1 = "the password of network slot 1"
"""


def told(key: Key) -> str:
    """Say what a key means and which values fit."""
    return f"{key.meaning}. {key.values[0].upper()}{key.values[1:]}."


def markdown(root: Struct, introduction: str = _INTRODUCTION) -> str:
    parts = [introduction]
    for section in sections(root):
        if section.keys:
            parts.append(f"\n## {_title(section.path)}\n\n{section.meaning}\n\n{_table(section)}")
    return "".join(parts)


def _title(path: str) -> str:
    return f"`{_header(path)}`" if path else "At the top"


def _table(section: Section) -> str:
    lines = [
        "| Key | Values | Default | Meaning | Environment |",
        "| --- | --- | --- | --- | --- |",
    ]
    for key in section.keys:
        cells = [f"`{key.name}`", key.values, _default(key), key.meaning, f"`{key.environment}`"]
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _default(key: Key) -> str:
    if key.default is msgspec.NODEFAULT:
        return "must be given"
    if key.default is None or key.default in ({}, ()):
        return "none"
    return f"`{toml(key.default)}`"


def toml(value: object) -> str:
    """Write a value as TOML does."""
    match value:
        case list() | tuple():
            return "[" + ", ".join(toml(each) for each in value) + "]"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Path():
            return json.dumps(str(value), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


# ---- the commented example


def example(root: Struct) -> str:
    """Write a configuration that shows every key, commented out where it has no default."""
    lines: list[str] = []
    for section in sections(root):
        shown = [key for key in section.keys if not key.is_secret]
        if not shown:
            continue
        # A list that is empty by default is shown as a comment: its table would be an entry.
        off = "# " if any(key.default is msgspec.NODEFAULT for key in shown) else ""
        lines += ["", f"# {section.meaning}", off + _header(section.path)]
        for key in sorted(shown, key=lambda each: each.is_map):
            lines += _commented(key, off)
    return "\n".join(lines).lstrip() + "\n"


def _commented(key: Key, off: str) -> Iterator[str]:
    comment = textwrap.wrap(told(key), 98, initial_indent="# ", subsequent_indent="# ")
    if key.is_map:
        yield from ["", *comment, _header(key.path)]
        members = key.example if isinstance(key.example, dict) else {}
        yield from (f"# {json.dumps(name)} = {toml(value)}" for name, value in members.items())
        return
    yield from comment
    is_absent = key.default is None or key.default is msgspec.NODEFAULT
    value = key.example if is_absent else key.default
    yield f"{off or ('# ' if is_absent else '')}{key.name} = {toml(value)}"


def _header(path: str) -> str:
    bare = path.replace("[]", "")  # in TOML, the last entry of a list is meant
    return f"[[{bare}]]" if path.endswith("[]") else f"[{bare}]"


def faults_of_example(root: Struct, text: str) -> list[str]:
    """Say which keys a configuration does not show, or shows without what there is to say."""
    shown = _shown(text)
    faults = []
    for key in keys(root):
        if key.is_secret:
            continue
        comments = shown.get(_header(key.path)) if key.is_map else shown.get(_place(key))
        if comments is None:
            faults.append(f"{key.path}: is not there")
        elif not any(told(key) in comment for comment in comments):
            faults.append(f"{key.path}: its comment does not say: {told(key)}")
    return faults


def _place(key: Key) -> str:
    return f"{_header(key.section)} {key.name}"


def _shown(text: str) -> dict[str, list[str]]:
    """Find tables and keys, commented out or not, and the comments that stand before each."""
    found: dict[str, list[str]] = {}
    header = ""
    comment: list[str] = []
    for line in text.splitlines():
        bare = line.removeprefix("#").strip()
        if table := re.fullmatch(r"(\[\[?[a-z_.]+\]\]?)", bare):
            header = table[1]
            found.setdefault(header, []).append(" ".join(comment))
        elif assignment := re.match(r"([a-z_]+) = ", bare):
            found.setdefault(f"{header} {assignment[1]}", []).append(" ".join(comment))
        elif line.startswith("#"):
            comment.append(bare)
            continue
        comment = []
    return found
