"""The page of a charging session: what it holds, where it lies, how many are kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pilotwire.engine.message_log.recorder import Missed, Recorder
from pilotwire.engine.message_log.sessions import SessionBegan, SessionEnded

from .conftest import START, Talk


def begin(talk: Talk, evse: int, at: float, directory: Path | None = None) -> None:
    talk.items.append(SessionBegan(evse, at, START + at, at - 2, directory))


def end(talk: Talk, evse: int, at: float) -> None:
    talk.items.append(SessionEnded(evse, at))


def say(talk: Talk, number: int, evse: int | None, at: float) -> None:
    content = {} if evse is None else {"evseId": evse}
    talk.sent([2, f"id-{number}", "Say", content], at)


def pages(directory: Path) -> dict[str, list[int]]:
    """Give the numbers of the messages in each session's page."""
    found: dict[str, list[int]] = {}
    for page in sorted(directory.glob("sessions/*/messages.html")):
        text = page.read_text()
        found[page.parent.name] = [n for n in range(100) if f'data-id="id-{n}"' in text]
    return found


@pytest.fixture
def recorder(recorder_of: Callable[..., Recorder]) -> Recorder:
    return recorder_of(sessions=True)


def test_it_holds_what_was_said_of_its_evse_and_of_none(
    talk: Talk, recorder: Recorder, tmp_path: Path
) -> None:
    begin(talk, 1, 10)
    say(talk, 1, 1, 11)
    say(talk, 2, 2, 12)
    say(talk, 3, None, 13)
    end(talk, 1, 14)
    assert recorder.record(talk.take()).errors == []
    assert pages(tmp_path) == {"20270115T080010Z-evse-1": [1, 3]}


def test_it_begins_with_what_led_to_it_and_ends_with_what_follows_at_once(
    talk: Talk, recorder: Recorder, tmp_path: Path
) -> None:
    say(talk, 1, None, 7.9)
    say(talk, 2, None, 8)
    say(talk, 3, 2, 9)
    begin(talk, 1, 10)
    end(talk, 1, 20)
    say(talk, 4, None, 21)
    say(talk, 5, 1, 30)
    say(talk, 6, 1, 30.1)
    recorder.record(talk.take())
    assert pages(tmp_path) == {"20270115T080010Z-evse-1": [2, 5]}


def test_two_at_once_are_kept_apart_and_the_next_one_too(
    talk: Talk, recorder: Recorder, tmp_path: Path
) -> None:
    begin(talk, 1, 10)
    begin(talk, 2, 11)
    say(talk, 1, 1, 12)
    say(talk, 2, 2, 13)
    end(talk, 1, 14)
    begin(talk, 1, 15)
    say(talk, 3, 1, 15.5)
    recorder.record(talk.take())
    assert pages(tmp_path) == {
        "20270115T080010Z-evse-1": [1],
        "20270115T080011Z-evse-2": [2],
        "20270115T080015Z-evse-1": [3],
    }


def test_two_in_one_second_do_not_share_a_page(
    talk: Talk, recorder: Recorder, tmp_path: Path
) -> None:
    for at in (10, 10.5):
        begin(talk, 1, at)
        say(talk, int(at * 2), 1, at)
        recorder.record(talk.take())
    assert pages(tmp_path) == {
        "20270115T080010Z-evse-1": [20],
        "20270115T080010Z-evse-1-2": [20, 21],
    }


def test_it_tells_what_is_missing_in_it(talk: Talk, recorder: Recorder, tmp_path: Path) -> None:
    begin(talk, 1, 10)
    say(talk, 1, 1, 11)
    talk.items.append(Missed(7))
    recorder.record(talk.take())
    (page,) = tmp_path.glob("sessions/*/messages.html")
    assert page.read_text().endswith(
        '<li class="note">7 messages are missing here: too many waited to be written\n'
    )


def test_pages_that_cannot_be_deleted_do_not_keep_a_new_one_from_being_written(
    talk: Talk, recorder_of: Callable[..., Recorder], tmp_path: Path
) -> None:
    recorder = recorder_of(sessions=True, max_sessions=1)
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "20260101T000000Z-evse-1").write_text("a file, not a directory")
    begin(talk, 1, 10)
    say(talk, 1, 1, 11)
    errors = recorder.record(talk.take()).errors
    assert [type(error) for error in errors] == [NotADirectoryError]
    assert pages(tmp_path) == {"20270115T080010Z-evse-1": [1]}


def test_it_lies_where_it_was_told(talk: Talk, recorder: Recorder, tmp_path: Path) -> None:
    begin(talk, 1, 10, tmp_path / "given" / "here")
    say(talk, 1, 1, 11)
    recorder.record(talk.take())
    text = (tmp_path / "given" / "here" / "messages.html").read_text()
    assert "<h1>Session at EVSE 1 of CS-1</h1>" in text
    assert "+ counts from 2027-01-15 08:00:10" in text
    assert pages(tmp_path) == {}


def test_the_oldest_go_and_what_is_not_ours_stays(
    talk: Talk, recorder_of: Callable[..., Recorder], tmp_path: Path
) -> None:
    recorder = recorder_of(sessions=True, max_sessions=2)
    (tmp_path / "sessions" / "notes").mkdir(parents=True)
    for number in range(4):
        begin(talk, 1, 10 * number)
        say(talk, number, 1, 10 * number + 1)
        recorder.record(talk.take())
    assert pages(tmp_path) == {"20270115T080020Z-evse-1": [2], "20270115T080030Z-evse-1": [3]}
    assert (tmp_path / "sessions" / "notes").is_dir()


def test_a_page_that_cannot_be_written_harms_no_other(
    talk: Talk, recorder_of: Callable[..., Recorder], tmp_path: Path
) -> None:
    recorder = recorder_of("log", sessions=True)
    (tmp_path / "taken").write_text("")
    begin(talk, 1, 10, tmp_path / "taken" / "here")
    begin(talk, 2, 10)
    say(talk, 1, None, 11)
    errors = recorder.record(talk.take()).errors
    assert [type(error) for error in errors] == [NotADirectoryError]
    assert pages(tmp_path) == {"20270115T080010Z-evse-2": [1]}
    assert "id-1" in (tmp_path / "messages.log").read_text()
