"""Passwords and keys: a type that does not show itself, and files that only their owner reads."""

import hmac
import os
import stat
from pathlib import Path
from typing import NoReturn

from .failure import Failure


class SecretsFileError(Failure):
    """A file of secrets is not private, or cannot be read."""

    exit_code = 2


class Secret:
    """Bytes that no log, message or error text shows by accident; only `reveal()` gives them."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not written anywhere")


def read_private(path: Path) -> bytes:
    """Read a file, once sure that nobody but its owner (us, or root) can read or change it."""
    try:
        with path.open("rb") as file:
            # The open file is asked, not its name, which may point elsewhere a moment later.
            _check_private(path, os.fstat(file.fileno()))
            return file.read()
    except OSError as error:
        raise SecretsFileError(f"{path}: cannot be read: {error.strerror}") from error


def _check_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise SecretsFileError(f"{path}: not a regular file")
    if status.st_uid not in (os.geteuid(), 0):
        owner = f"user {status.st_uid}"
        raise SecretsFileError(f"{path}: belongs to {owner}; remedy: chown {os.geteuid()} {path}")
    if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretsFileError(f"{path}: open to group or others; remedy: chmod 600 {path}")
