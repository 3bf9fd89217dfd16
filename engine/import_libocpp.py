"""`pilotwire import`: a configuration of libocpp becomes a config.toml.

It is a file for 1.6 (JSON, keys grouped by profile), a directory of component files for 2.x.

What cannot be carried over is named on standard error, each key with the reason. A password goes
into a file of its own that only its owner may read.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from .config.load import load
from .config.reference import toml
from .config.settings import Config
from .config.source import shown
from .failure import Failure
from .import_components import carry_components
from .libocpp_keys import GROUPS
from .libocpp_reader import Carried, Unusable, carry


class NotImported(Failure):
    """The file is none that could be imported, or the result would take another's place."""

    exit_code = 2


def run(source: Path, output: Path, force: bool) -> int:
    """Import a file; give the exit code. Raises Failure."""
    secrets = output.with_name(f"{output.stem}.secrets.toml")
    for path in (output, secrets):
        if path.exists() and not force:
            raise NotImported(f"{path}: is there already; --force replaces it")
    try:
        carried = carry_components(source) if source.is_dir() else carry(_read(source))
    except Unusable as error:
        raise NotImported(f"{source}: {error}") from error
    for note in carried.notes:
        sys.stderr.write(f"pilotwire: {source}: {note.key}: {note.why}\n")
    if carried.passwords:
        passwords = {str(slot): password for slot, password in carried.passwords.items()}
        _write(secrets, "".join(_table("station.passwords", passwords)), 0o600)
    _write(output, config_toml(carried, secrets.name), 0o644)
    load(Config, output, environment={})  # what is written is accepted, or it is said here
    written = [output, *([secrets] if carried.passwords else [])]
    sys.stdout.write("".join(f"written: {path}\n" for path in written))
    return 0


def _read(source: Path) -> Mapping[str, Any]:
    try:
        configuration = msgspec.json.decode(source.read_bytes())
    except OSError as error:
        raise NotImported(f"{source}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotImported(f"{source}: not JSON: {error}") from error
    if not isinstance(configuration, dict) or not GROUPS & configuration.keys():
        found = ", ".join(configuration) if isinstance(configuration, dict) else configuration
        raise NotImported(
            f"{source}: not a configuration of libocpp, which has Internal, Core and the like:"
            f" {shown(found)}"
        )
    return configuration


def _write(path: Path, text: str, mode: int) -> None:
    """Write a file in one go, so that nobody finds half of it, or one that others may read."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error


# ---- as TOML


def config_toml(carried: Carried, secrets: str) -> str:
    """Lay out a config.toml; what is not in it has its default."""
    return "".join(_parts(carried, secrets)).lstrip()


def _parts(carried: Carried, secrets: str) -> Iterator[str]:
    yield from _table("station", carried.station)
    yield from _table("station.variables", carried.variables)
    for evse in carried.evses:
        yield from _table("station.evses", evse, of_list=True)
    for custom in carried.custom_keys:
        yield from _table("station.custom_keys", custom, of_list=True)
    yield from _table("station.network", carried.network)
    yield from _table("station.network.interfaces", carried.interfaces)
    for profile in carried.profiles:
        yield from _table("station.network.profiles", profile, of_list=True)
    # The central system is the one that the station had, and no made-up cars shall charge there.
    yield from _table("central", {"enabled": False})
    yield from _table("simulator", {"visitors": False})
    yield from _table("message_log", carried.message_log)
    if carried.passwords:
        yield from _table("secrets", {"file": secrets})


def _table(name: str, values: Mapping[str, Any], *, of_list: bool = False) -> Iterator[str]:
    if not values:
        return
    yield f"\n[[{name}]]\n" if of_list else f"\n[{name}]\n"
    for key, value in values.items():
        bare = key if key.replace("_", "").isalnum() and key.isascii() else toml(key)
        yield f"{bare} = {_spelled(value)}\n"


def _spelled(value: object) -> str:
    return toml(value).replace("\x7f", "\\u007f")  # JSON may show it, TOML not
