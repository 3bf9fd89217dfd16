"""The last messages: how many are kept, and which are given."""

from datetime import UTC, datetime

from pilotwire.engine.web.messages import MOST, MOST_CHARACTERS, RecentMessages


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def test_only_the_newest_are_kept() -> None:
    messages = RecentMessages()
    for number in range(MOST + 5):
        messages.add("sent", f'[2,"{number}","Heartbeat",{{}}]', number, moment)
    assert len(messages) == MOST
    kept = messages.newest(MOST)
    assert (kept[0].message_id, kept[-1].message_id) == ("5", str(MOST + 4))
    assert [view.message_id for view in messages.newest(2)] == [str(MOST + 3), str(MOST + 4)]


def test_long_messages_leave_room_for_fewer() -> None:
    messages = RecentMessages()
    frame = '[2,"1","DataTransfer",{"vendorId":"v","data":"%s"}]' % ("x" * 90_000)
    for number in range(200):
        messages.add("sent", frame, number, moment)
    assert len(messages) == MOST_CHARACTERS // len(frame)


def test_an_answer_has_the_action_of_its_call() -> None:
    messages = RecentMessages()
    messages.add("sent", '[2,"7","Heartbeat",{}]', 1.0, moment)
    messages.add("received", '[2,"8","ClearCache",{}]', 1.25, moment)
    answer = messages.add("received", '[3,"7",{"currentTime":"2027-01-01T00:00:00Z"}]', 1.5, moment)
    assert (answer.action, answer.latency_seconds) == ("Heartbeat", 0.5)
    assert [view.kind for view in messages.newest(10, "HEARTBEAT")] == ["CALL", "CALLRESULT"]
    assert messages.newest(10, "Authorize") == []


def test_what_cannot_be_read_is_told_as_such() -> None:
    view = RecentMessages().add("received", b"\xff{[", 0.0, moment)
    assert (view.kind, view.payload, view.action) == ("unreadable", None, "")
    assert view.summary == view.error != ""


def test_an_error_is_its_own_summary() -> None:
    view = RecentMessages().add("sent", '[4,"1","NotSupported","no such thing",{}]', 0.0, moment)
    assert view.summary == view.error == "NotSupported: no such thing"
