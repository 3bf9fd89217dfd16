"""Files that grow, turn over, and survive a torn write and a full disk."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pilotwire.engine.log_file import LogFile, Rotation

NOW = datetime(2027, 1, 15, 8, tzinfo=UTC)


def log_file(path: Path, rotation: Rotation | None = None) -> LogFile:
    return LogFile(
        path,
        rotation or Rotation(),
        head=lambda: "head\n",
        note=lambda text: f"# {text}\n",
        resumed="resumed",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "below" / "messages.log"


def test_a_new_file_begins_with_its_head_and_a_resumed_one_says_so(path: Path) -> None:
    first = log_file(path)
    first.write(["a\n"], NOW)
    first.write(["b\n"], NOW)
    assert path.read_text() == "head\na\nb\n"
    second = log_file(path)
    second.write(["c\n"], NOW)
    second.write(["d\n"], NOW)
    assert path.read_text() == "head\na\nb\n# resumed\nc\nd\n"


def test_a_file_that_was_taken_away_is_made_anew(path: Path) -> None:
    file = log_file(path)
    file.write(["a\n"], NOW)
    path.unlink()
    file.write(["b\n"], NOW)
    assert path.read_text() == "head\nb\n"


@pytest.mark.parametrize("torn", ["half a row", "x" * 70_000])
def test_a_torn_last_line_is_cut_off(path: Path, torn: str) -> None:
    path.parent.mkdir()
    path.write_text("head\na\n" + torn)
    log_file(path).write(["b\n"], NOW)
    assert path.read_text() == "head\na\n# resumed\nb\n"


def test_a_file_that_holds_nothing_whole_begins_anew(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("<!doctype ht")
    log_file(path).write(["a\n"], NOW)
    assert path.read_text() == "head\na\n"


def test_only_its_owner_and_group_may_read_it(path: Path) -> None:
    log_file(path).write(["a\n"], NOW)
    assert stat.S_IMODE(path.stat().st_mode) & ~0o640 == 0
    path.chmod(0o666)
    log_file(path).write(["b\n"], NOW)
    assert stat.S_IMODE(path.stat().st_mode) & ~0o640 == 0


def test_a_link_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    target = tmp_path / "other"
    target.write_text("mine")
    path.symlink_to(target)
    with pytest.raises(OSError, match="symbolic links"):
        log_file(path).write(["a\n"], NOW)
    assert target.read_text() == "mine"


# ---- rotation


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_a_full_file_gives_way_and_the_oldest_goes(path: Path) -> None:
    file = log_file(path, Rotation(max_bytes=12, max_files=2))
    for letter in "abcdefg":
        file.write([letter * 3 + "\n"], NOW)  # head and one line, or two, fit
    assert names(path) == ["messages.1.log", "messages.2.log", "messages.log"]
    assert path.read_text() == "head\nggg\n"
    assert path.with_name("messages.1.log").read_text() == "head\nfff\n"
    assert path.with_name("messages.2.log").read_text() == "head\neee\n"


def test_one_batch_may_fill_several_files(path: Path) -> None:
    file = log_file(path, Rotation(max_bytes=14, max_files=9))
    file.write([f"{number:03}\n" for number in range(5)], NOW)
    assert [path.with_name(name).read_text() for name in names(path)] == [
        "head\n002\n003\n",
        "head\n000\n001\n",
        "head\n004\n",
    ]


def test_a_line_that_is_larger_than_a_file_still_goes_into_one(path: Path) -> None:
    file = log_file(path, Rotation(max_bytes=10, max_files=9))
    file.write(["x" * 50 + "\n", "y" * 50 + "\n"], NOW)
    assert path.read_text() == "head\n" + "y" * 50 + "\n"
    assert path.with_name("messages.1.log").read_text() == "head\n" + "x" * 50 + "\n"


def test_old_files_may_be_named_by_their_moment(path: Path) -> None:
    file = log_file(path, Rotation(max_bytes=10, max_files=3, date_suffix=True))
    for second in (0, 1, 1, 2, 3):
        file.write([f"{second:04}\n"], NOW + timedelta(seconds=second))
    assert names(path) == [
        "messages.20270115T080001Z-001.log",
        "messages.20270115T080002Z.log",
        "messages.20270115T080003Z.log",
        "messages.log",
    ]


def test_files_of_others_are_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = [path.with_name(name) for name in ("messages.old.log", "messages.1.html", "x.1.log")]
    for each in other:
        each.write_text("keep")
    file = log_file(path, Rotation(max_bytes=10, max_files=1))
    for _ in range(4):
        file.write(["1234\n"], NOW)
    assert [each.read_text() for each in other] == ["keep"] * 3


# ---- no room


@pytest.fixture
def small_disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let only so many more bytes be written; -1 is no limit. It is the system that is replaced."""
    room = [-1]
    real = os.write

    def write(file: int, data: bytes | memoryview) -> int:
        if room[0] == 0:
            raise OSError(28, "No space left on device")
        count = real(file, data if room[0] < 0 else data[: room[0]])
        room[0] -= count if room[0] > 0 else 0
        return count

    monkeypatch.setattr(os, "write", write)
    return room


def test_a_full_disk_leaves_no_half_a_line_and_is_told_later(
    path: Path, small_disk: list[int]
) -> None:
    file = log_file(path)
    file.write(["a\n"], NOW)
    small_disk[0] = 3
    for lines in (["bbbb\n", "cccc\n"], ["dddd\n"]):
        with pytest.raises(OSError, match="No space"):
            file.write(lines, NOW)
        assert path.read_text() == "head\na\n"
    small_disk[0] = -1
    file.write(["e\n"], NOW)
    file.write(["f\n"], NOW)
    missing = "# 3 messages are missing here: they were not written\n"
    assert path.read_text() == f"head\na\n{missing}e\nf\n"


def test_a_directory_that_cannot_be_made_is_an_error_of_the_write(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    file = log_file(tmp_path / "taken" / "messages.log")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        file.write(["a\n", "b\n"], NOW)
    assert file.missing == 2
