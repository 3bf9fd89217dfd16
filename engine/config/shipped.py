"""The configuration when nobody names a file: ./config.toml, else the one that is shipped."""

from pathlib import Path

NAME = "config.toml"


def default_file() -> tuple[Path, Path]:
    """Give the file, and the directory that its relative paths start from: the current one."""
    here = Path(NAME)
    return (here if here.exists() else shipped_file()), Path()


def shipped_file(name: str = NAME) -> Path:
    """Find a shipped file: beside this module when installed, at the root in a source tree."""
    installed = Path(__file__).with_name(name)
    return installed if installed.exists() else Path(__file__).resolve().parents[2] / name
