"""The directory of component files: `standardized` and `custom`, as libocpp lays them out."""

from collections.abc import Iterator
from pathlib import Path

from ..profiles.component_files import ComponentFile, Unreadable

FOLDERS = ("standardized", "custom")


def component_files(directory: Path) -> Iterator[ComponentFile]:
    """Give the files below the directory, in order of their names. Raises Unreadable."""
    folders = [directory / name for name in FOLDERS if (directory / name).is_dir()]
    if not folders:
        raise Unreadable(f"{directory}: has neither a folder standardized nor a folder custom")
    for folder in folders:
        for path in _json_in(folder):
            name = path.relative_to(directory).as_posix()
            try:
                yield ComponentFile(name, path.read_bytes())
            except OSError as error:
                raise Unreadable(f"{name}: cannot be read: {error.strerror}") from error


def _json_in(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob("*.json") if not path.name.startswith("."))
    except OSError as error:
        raise Unreadable(f"{folder}: cannot be read: {error.strerror}") from error
