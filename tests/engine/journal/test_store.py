import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pilotwire.engine.journal.batch import Batch, Numbering
from pilotwire.engine.journal.store import (
    Damaged,
    Entry,
    JournalError,
    Store,
    encode,
    move_aside,
)
from pilotwire.profiles.report import TransactionReport

MakeReport = Callable[..., TransactionReport]
NOBODY = 65534


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store.open(path)) as store:
        yield store


def test_what_was_written_is_read_again(path: Path, transaction_report: MakeReport) -> None:
    report = transaction_report()
    with closing(Store.open(path)) as store:
        store.write(
            Batch(
                reports={1: encode(report), 2: encode(report), 3: encode(report)},
                numberings={"tx": Numbering(3), "old": Numbering(9, True)},
                values={("space", "key"): b"\x00value", ("space", "gone"): b""},
            )
        )
        store.write(
            Batch(
                attempts={3: 2},
                gone={2},
                numberings={"old": None},
                values={("space", "gone"): None},
            )
        )
    with closing(Store.open(path)) as store:
        contents = store.load()
    assert contents.entries == [Entry(1, report, 0), Entry(3, report, 2)]
    assert contents.numberings == {"tx": Numbering(3)}
    assert contents.values == [("space", "key", b"\x00value")]
    assert contents.last_number == 3
    assert contents.unreadable == []


def test_a_commit_is_all_or_nothing(store: Store) -> None:
    store.write(Batch(reports={1: b"{}"}))
    with pytest.raises(sqlite3.IntegrityError):
        store.write(Batch(values={("space", "key"): b"value"}, reports={2: b"{}", 1: b"{}"}))
    assert store.load().values == []
    assert store.load().last_number == 1


def test_a_commit_that_returned_is_on_the_disk(store: Store) -> None:
    def setting(name: str) -> object:
        return store._connection.execute(f"PRAGMA {name}").fetchone()[0]

    assert setting("journal_mode") == "wal"
    assert setting("synchronous") == 2  # FULL


def test_nobody_else_may_read_it(store: Store, path: Path) -> None:
    store.write(Batch(values={("s", "k"): b"v"}))
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_a_second_program_is_refused(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pilotwire.engine.journal.store.BUSY_SECONDS", 0.05)
    with pytest.raises(JournalError, match=rf"^cannot open journal {path}: it is in use already$"):
        Store.open(path)
    # Neither did that attempt lift the lock for other processes.
    attempt = (
        "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT 1 FROM kept')"
    )
    done = subprocess.run(
        [sys.executable, "-c", attempt, path], capture_output=True, text=True, check=False
    )
    assert "database is locked" in done.stderr


# ---- what cannot be opened


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "journal.db"
    with pytest.raises(
        JournalError, match=f"^cannot open journal {path}: No such file or directory$"
    ):
        Store.open(path)


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder in which this process may read only; root steps down for the time."""
    folder = Path(tempfile.mkdtemp())
    yield folder
    shutil.rmtree(folder)


def as_nobody(attempt: Callable[[], object]) -> None:
    """Do it as somebody whom file permissions bind."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        attempt()
    finally:
        if is_root:
            os.seteuid(0)


def test_a_read_only_folder_is_named(read_only_folder: Path) -> None:
    read_only_folder.chmod(0o555)
    path = read_only_folder / "journal.db"
    with pytest.raises(JournalError, match=f"^cannot open journal {path}: Permission denied$"):
        as_nobody(lambda: Store.open(path))


def test_a_read_only_file_is_no_journal_and_not_taken_for_damaged(read_only_folder: Path) -> None:
    path = read_only_folder / "journal.db"
    Store.open(path).close()
    path.chmod(0o444)
    read_only_folder.chmod(0o555)
    with pytest.raises(JournalError, match=f"^cannot open journal {path}: ") as refusal:
        as_nobody(lambda: Store.open(path))
    assert not isinstance(refusal.value, Damaged)


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE theirs (x)")
    with pytest.raises(JournalError, match="another program") as refusal:
        Store.open(path)
    assert not isinstance(refusal.value, Damaged)


def test_a_journal_of_a_later_version_is_left_alone(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as later, later:
        later.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match=r"later version .*\(schema 99, this one knows 1\)"):
        Store.open(path)


# ---- damage


def test_a_file_that_is_no_database_is_damaged(path: Path) -> None:
    path.write_bytes(b"not a database " * 1000)
    with pytest.raises(Damaged, match=str(path)):
        Store.open(path)


def test_a_torn_file_is_damaged(path: Path, transaction_report: MakeReport) -> None:
    body = encode(transaction_report())
    with closing(Store.open(path)) as store:
        store.write(Batch(reports={number: body for number in range(1, 500)}))
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(Damaged):
        Store.open(path)


def test_damaged_files_are_moved_with_their_companions_and_counted(path: Path) -> None:
    for count in (1, 2):
        for suffix in ("", "-wal"):
            path.with_name(path.name + suffix).write_text(f"{count}{suffix}")
        assert move_aside(path) == path.with_name(f"journal.db.damaged-{count}")
    assert {file.name: file.read_text() for file in path.parent.iterdir()} == {
        "journal.db.damaged-1": "1",
        "journal.db.damaged-1-wal": "1-wal",
        "journal.db.damaged-2": "2",
        "journal.db.damaged-2-wal": "2-wal",
    }


def test_a_report_that_cannot_be_read_does_not_hide_the_others(
    path: Path, transaction_report: MakeReport
) -> None:
    body = encode(transaction_report())
    with closing(Store.open(path)) as store:
        store.write(Batch(reports={1: body, 2: body[:-9], 3: body, 4: b"{}"}))
    for _ in range(2):  # they stay in the file
        with closing(Store.open(path)) as store:
            contents = store.load()
        assert [entry.number for entry in contents.entries] == [1, 3]
        assert contents.unreadable == [2, 4]
        assert contents.last_number == 4


def test_whatever_byte_changed_the_file_opens_or_is_refused_in_plain_words(
    path: Path, transaction_report: MakeReport
) -> None:
    body = encode(transaction_report())
    with closing(Store.open(path)) as store:
        store.write(
            Batch(
                reports={number: body for number in range(1, 60)},
                numberings={"tx": Numbering(59)},
                values={("evse", str(number)): body for number in range(9)},
            )
        )
    sound = path.read_bytes()
    seeds = random.Random(7)
    damaged = 0
    for _ in range(200):
        changed = bytearray(sound)
        for _ in range(seeds.choice((1, 1, 30))):
            changed[seeds.randrange(len(sound))] ^= 1 << seeds.randrange(8)
        path.write_bytes(changed)
        try:
            with closing(Store.open(path)) as store:
                contents = store.load()
                assert len(contents.entries) + len(contents.unreadable) <= 59
        except JournalError:
            damaged += 1
    assert 0 < damaged < 200
