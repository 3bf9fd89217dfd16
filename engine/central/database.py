"""Opens the central system's SQLite file, and says clearly why it cannot."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..failure import Failure
from .schema import APPLICATION_ID, STEPS, TABLES, VERSION

BUSY_SECONDS = 5.0


class StoreError(Failure):
    """The central system's database cannot be used."""


class StoreDamaged(StoreError):
    """The file is not, or not wholly, a database."""


class StoreForeign(StoreError):
    """The file belongs to another program, or to a later version of this one."""


_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def named(what: str, path: Path | None) -> Iterator[None]:
    """Name the file in what SQLite or the system complains of."""
    file = path or ":memory:"
    try:
        yield
    except OSError as error:
        raise StoreError(f"{what} the database {file}: {error.strerror}") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind = StoreDamaged if code in _DAMAGE else StoreError
        raise kind(f"{what} the database {file}: {error}") from error


def lock(path: Path) -> int:
    """Have the database to ourselves: two central systems would give out the same ids.

    In a file of its own, as closing the database file here would drop SQLite's locks on it.
    """
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StoreError(f"the database {path} is in use by another central system") from error
    return descriptor


def connect(path: Path | None) -> sqlite3.Connection:
    """A connection to the file (made, for its owner only, when it is not there) or to memory."""
    if path is not None:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    db = sqlite3.connect(
        path or ":memory:", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    return db


def prepare(db: sqlite3.Connection, path: Path | None) -> None:
    """See that it is ours and sound; give a new one its tables, an old one what it lacks."""
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise StoreDamaged(f"the database {path} is damaged: {verdict}")
    application = _number(db, "PRAGMA application_id")
    is_new = application == 0 and _number(db, "SELECT count(*) FROM sqlite_schema") == 0
    if not is_new and application != APPLICATION_ID:
        raise StoreForeign(f"{path} is the database of another program")
    if is_new:
        db.executescript(
            f"BEGIN EXCLUSIVE; {TABLES} PRAGMA application_id = {APPLICATION_ID};"
            f" PRAGMA user_version = {VERSION}; COMMIT;"
        )
        return
    version = _number(db, "PRAGMA user_version")
    while version in STEPS:
        db.executescript(
            f"BEGIN EXCLUSIVE; {STEPS[version]} PRAGMA user_version = {version + 1}; COMMIT;"
        )
        version += 1
    if version != VERSION:
        raise StoreForeign(
            f"the database {path} has schema {version}, and this version knows {VERSION}"
        )


def _number(db: sqlite3.Connection, question: str) -> int:
    answer = db.execute(question).fetchone()[0]
    assert isinstance(answer, int)
    return answer
