"""The journal's file: one SQLite database that one process has to itself.

WAL and synchronous=FULL: a commit that returned is on the disk. A damaged file is moved aside,
never deleted.
"""

import os
import sqlite3
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ...profiles.report import Report
from ..failure import Failure
from .batch import Batch, Numbering

BUSY_SECONDS = 5.0  # a predecessor may still be writing its last commit
_APPLICATION_ID = 0x50574A4C  # "PWJL"

# One tuple of statements a schema version, in order; user_version counts those that were applied.
_SCHEMA = (
    (
        "CREATE TABLE reports"
        " (number INTEGER PRIMARY KEY, attempts INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
        "CREATE TABLE numberings (transaction_id TEXT PRIMARY KEY, next_seq_no INTEGER NOT NULL,"
        " has_ended INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE kept (space TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
        " PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID",
        f"PRAGMA application_id = {_APPLICATION_ID}",
    ),
)

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_WORLD = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


class JournalError(Failure):
    """The journal's file cannot be opened or written."""


class Damaged(JournalError):
    """What the file holds is not, or not wholly, a database."""


class Entry(msgspec.Struct, frozen=True):
    """A report that waits for its delivery."""

    number: int  # orders the reports of the station
    report: Report
    attempts: int = 0  # transmissions that the CSMS did not accept


class Contents(msgspec.Struct):
    """What a file held when it was opened."""

    entries: list[Entry]
    numberings: dict[str, Numbering]
    values: list[tuple[str, str, bytes]]
    last_number: int  # of any report, readable or not
    unreadable: list[int]  # numbers of reports that stay in the file because they cannot be read


class Store:
    """An open journal file. No two threads may be in it at once."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> "Store":
        """Open or begin the file. Raises JournalError; after Damaged, `move_aside` helps."""
        with _named("cannot open", path):
            _begin(path)
            connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                _prepare(path, connection)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection)

    def load(self) -> Contents:
        """Read everything; only at the start. Raises JournalError, and Damaged as `open` does."""
        with _named("cannot read", self.path, damage=_DAMAGE | {sqlite3.SQLITE_ERROR}):
            rows = self._connection.execute(
                "SELECT number, attempts, body FROM reports ORDER BY number"
            ).fetchall()
            numberings = self._connection.execute("SELECT * FROM numberings").fetchall()
            values = self._connection.execute("SELECT space, key, value FROM kept").fetchall()
        entries, unreadable = _decode(rows)
        return Contents(
            entries,
            {name: Numbering(number, bool(has_ended)) for name, number, has_ended in numberings},
            values,
            rows[-1][0] if rows else 0,
            unreadable,
        )

    def write(self, batch: Batch) -> None:
        """Commit the batch, all of it or nothing. Raises JournalError."""
        if not batch.has_changes:
            return
        with _named("cannot write", self.path), self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in _statements(batch):
                connection.executemany(statement, rows)

    def close(self) -> None:
        self._connection.close()


def encode(report: Report) -> bytes:
    """Give a report as it is kept. Raises UnicodeEncodeError for text that is none."""
    return msgspec.json.encode(report)


_decoder: msgspec.json.Decoder[Report] = msgspec.json.Decoder(Report)


def _decode(rows: list[tuple[int, int, bytes]]) -> tuple[list[Entry], list[int]]:
    entries: list[Entry] = []
    unreadable: list[int] = []
    for number, attempts, body in rows:
        try:
            entries.append(Entry(number, _decoder.decode(body), attempts))
        except (msgspec.DecodeError, UnicodeDecodeError):
            unreadable.append(number)
    return entries, unreadable


def _statements(batch: Batch) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Give the statements of one commit, each with its rows."""
    yield (
        "INSERT INTO reports (number, attempts, body) VALUES (?, 0, ?)",
        [*batch.reports.items()],
    )
    yield (
        "UPDATE reports SET body = ? WHERE number = ?",
        [(body, number) for number, body in batch.bodies.items()],
    )
    yield (
        "UPDATE reports SET attempts = ? WHERE number = ?",
        [(attempts, number) for number, attempts in batch.attempts.items()],
    )
    yield "DELETE FROM reports WHERE number = ?", [(number,) for number in batch.gone]
    yield (
        "INSERT OR REPLACE INTO numberings VALUES (?, ?, ?)",
        [(name, n.next_seq_no, n.has_ended) for name, n in batch.numberings.items() if n],
    )
    yield (
        "DELETE FROM numberings WHERE transaction_id = ?",
        [(name,) for name, numbering in batch.numberings.items() if numbering is None],
    )
    yield (
        "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)",
        [(*place, value) for place, value in batch.values.items() if value is not None],
    )
    yield (
        "DELETE FROM kept WHERE space = ? AND key = ?",
        [place for place, value in batch.values.items() if value is None],
    )


# ---- opening


def _begin(path: Path) -> None:
    """Make an empty file that nobody else reads: it tells who charged here, and may hold secrets.

    One that exists is not touched: to close it would undo the locks that SQLite has on it (POSIX).
    """
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    connection.text_factory = _text
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # two writers would number twice
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise Damaged(f"the journal {path} is damaged: {verdict}")
    _migrate(path, connection)


def _migrate(path: Path, connection: sqlite3.Connection) -> None:
    version = _number(connection, "PRAGMA user_version")
    is_ours = _number(connection, "PRAGMA application_id") == _APPLICATION_ID
    if not is_ours and _number(connection, "SELECT count(*) FROM sqlite_schema"):
        raise JournalError(f"{path} is a database of another program, not a journal")
    if version > len(_SCHEMA):
        raise JournalError(
            f"the journal {path} was written by a later version of Pilotwire"
            f" (schema {version}, this one knows {len(_SCHEMA)})"
        )
    with connection:
        connection.execute("BEGIN EXCLUSIVE")
        for statements in _SCHEMA[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(_SCHEMA)}")


def _text(value: bytes) -> str:
    return value.decode(errors="replace")  # a flipped bit must not keep the station from starting


def _number(connection: sqlite3.Connection, question: str) -> int:
    answer = connection.execute(question).fetchone()[0]
    assert isinstance(answer, int)
    return answer


def move_aside(path: Path) -> Path:
    """Rename the file and what belongs to it, so that somebody can look at it later."""
    count = 1
    while (moved := path.with_name(f"{path.name}.damaged-{count}")).exists():
        count += 1
    with _named("cannot move aside the damaged", path):
        for suffix in ("-wal", "-shm", "-journal", ""):  # the database last: a new one then begins
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(moved.with_name(moved.name + suffix))
    return moved


@contextmanager
def _named(what: str, path: Path, damage: Set[int] = _DAMAGE) -> Iterator[None]:
    """Name the file in what the world refuses; what is our own mistake passes as it is."""
    try:
        yield
    except OSError as error:
        raise JournalError(f"{what} journal {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:  # from a message of SQLite that quotes damaged text
        raise Damaged(f"{what} journal {path}: its schema is no text") from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one
        if code not in _WORLD | damage:
            raise
        kind = Damaged if code in damage else JournalError
        reason = "it is in use already" if code == sqlite3.SQLITE_BUSY else str(error)
        raise kind(f"{what} journal {path}: {reason}") from error
