"""Dialogues over a link in memory, under virtual time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.engine.wire.happenings import AnyRequest, Invalid
from pilotwire.engine.wire.link import Link, LinkSettings
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import (
    Answer,
    CallRefused,
    CallTimeout,
    InvalidAnswer,
    Later,
    Reply,
    Session,
    SessionClosed,
    SessionSettings,
)
from pilotwire.profiles.errors import NotSupported, SecurityError
from pilotwire.profiles.family import OCPP_16, OCPP_21
from pilotwire.profiles.messages import v16, v21
from pilotwire.profiles.messages.base import decode

ACCEPTED = v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Accepted"))
BLOCKED = v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Blocked"))
AUTHORIZE = v16.AuthorizeRequest(id_tag="T")
RESET = v16.ResetRequest(type="Soft")


def refuse(request: AnyRequest) -> Reply:
    raise NotSupported(f"{request.action} is not for me")


def accept(request: AnyRequest) -> Reply:
    return ACCEPTED


class Dialogue:
    """A station's session and a CSMS's, joined, and the links under them."""

    def __init__(self, near: Link, far: Link, answer: Answer) -> None:
        self.near, self.far = near, far
        self.station = Session(near, OCPP_16, "station", refuse)
        self.csms = Session(far, OCPP_16, "csms", answer)


@asynccontextmanager
async def dialogue(answer: Answer) -> AsyncIterator[Dialogue]:
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        both = Dialogue(near, far, answer)
        nursery.start_soon(both.station.run)
        nursery.start_soon(both.csms.run)
        yield both
        await near.close()
        await far.close()


@asynccontextmanager
async def bare_csms(
    settings: SessionSettings | None = None,
) -> AsyncIterator[tuple[Session, Link]]:
    """A station's session, and the bare link at the other end to write the CSMS's frames on."""
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        station = Session(near, OCPP_16, "station", refuse, settings=settings)
        nursery.start_soon(station.run)
        yield station, far
        await far.close()
        await near.close()


async def test_a_call_brings_its_response(autojump_clock: MockClock):
    async with dialogue(accept) as both:
        assert await both.station.call(AUTHORIZE) == ACCEPTED
        with pytest.raises(CallRefused) as refused:
            await both.csms.call(RESET)
    assert refused.value.code == "NotSupported"
    assert str(refused.value) == "NotSupported: Reset is not for me"


async def test_what_follows_a_response_happens_after_it_was_sent(autojump_clock: MockClock):
    order: list[str] = []

    def answer(request: AnyRequest) -> Reply:
        order.append("asked")
        return ACCEPTED, lambda: order.append("done")

    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        csms = Session(
            far,
            OCPP_16,
            "csms",
            answer,
            on_message=lambda direction, text: order.append(direction),
        )
        station = Session(near, OCPP_16, "station", refuse)
        nursery.start_soon(csms.run)
        nursery.start_soon(station.run)
        await station.call(AUTHORIZE)
        await near.close()
        await far.close()
    assert order == ["received", "asked", "sent", "done"]


async def test_a_bug_in_a_handler_is_an_internal_error_and_the_dialogue_goes_on(
    autojump_clock: MockClock,
):
    answers: list[Callable[[], Reply]] = [lambda: ACCEPTED, lambda: 1 // 0]  # type: ignore[list-item, return-value]

    async with dialogue(lambda request: answers.pop()()) as both:
        with pytest.raises(CallRefused) as refused:
            await both.station.call(AUTHORIZE)
        assert await both.station.call(AUTHORIZE) == ACCEPTED
    assert refused.value.code == "InternalError"
    assert refused.value.description == ""


async def test_a_response_to_another_request_is_an_internal_error(autojump_clock: MockClock):
    async with dialogue(lambda request: v16.ResetResponse(status="Accepted")) as both:
        with pytest.raises(CallRefused) as refused:
            await both.station.call(AUTHORIZE)
    assert refused.value.code == "InternalError"


async def test_a_handler_that_takes_its_time(autojump_clock: MockClock):
    async def later() -> Reply:
        await trio.sleep(5)
        return ACCEPTED

    async with dialogue(lambda request: later()) as both:
        began = trio.current_time()
        assert await both.station.call(AUTHORIZE) == ACCEPTED
        assert trio.current_time() - began == pytest.approx(5)


async def test_a_bug_in_a_handler_that_takes_its_time(autojump_clock: MockClock):
    async def later() -> Reply:
        await trio.sleep(5)
        raise SecurityError("no")

    async def broken() -> Reply:
        await trio.sleep(5)
        raise KeyError("secret")

    answers: list[Callable[[], Awaitable[Reply]]] = [broken, later]
    async with dialogue(lambda request: answers.pop()()) as both:
        with pytest.raises(CallRefused, match="SecurityError: no"):
            await both.station.call(AUTHORIZE)
        with pytest.raises(CallRefused, match="InternalError"):
            await both.station.call(AUTHORIZE)


async def test_a_handler_that_promises_its_answer(autojump_clock: MockClock):
    def refuse() -> Reply:
        raise SecurityError("no")

    def fail() -> Reply:
        raise KeyError("secret")

    promised: list[Later] = []

    def promise(request: AnyRequest) -> Later:
        promised.append(Later())
        return promised[-1]

    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        nursery.start_soon(Session(far, OCPP_16, "csms", promise).run)
        for number in range(4):
            await near.send(f'[2,"{number}","Authorize",{{"idTag":"T"}}]')
        await wait_all_tasks_blocked()
        tasks = trio.lowlevel.current_statistics().tasks_living
        promised[1].come(refuse)
        promised[2].come(fail)
        promised[0].come(lambda: ACCEPTED)
        promised[3].come(lambda: BLOCKED)
        assert trio.lowlevel.current_statistics().tasks_living == tasks
        assert await near.receive() == '[3,"0",{"idTagInfo":{"status":"Accepted"}}]'
        assert str(await near.receive()).startswith('[4,"1","SecurityError","no"')
        assert str(await near.receive()).startswith('[4,"2","InternalError",')
        assert await near.receive() == '[3,"3",{"idTagInfo":{"status":"Blocked"}}]'
        await near.close()


async def test_a_promise_that_was_kept_before_it_was_looked_at():
    promise, taken = Later(), []
    promise.come(lambda: ACCEPTED)
    promise.hand_to(lambda give: taken.append(give()))
    assert taken == [ACCEPTED]
    assert await promise.reply() == ACCEPTED


async def test_4_1_1_two_calls_are_answered_in_the_order_they_came(autojump_clock: MockClock):
    async def slow() -> Reply:
        await trio.sleep(5)
        return BLOCKED

    def answer(request: AnyRequest) -> Reply | Awaitable[Reply]:
        assert isinstance(request, v16.AuthorizeRequest)
        return slow() if request.id_tag == "slow" else ACCEPTED

    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        csms = Session(far, OCPP_16, "csms", answer)
        nursery.start_soon(csms.run)
        await near.send(b'[2,"1","Authorize",{"idTag":"slow"}]')
        await near.send('[2,"2","Authorize",{"idTag":"fast"}]')
        await near.send('[2,"3","Authorize",{}]')
        assert await near.receive() == '[3,"1",{"idTagInfo":{"status":"Blocked"}}]'
        assert await near.receive() == '[3,"2",{"idTagInfo":{"status":"Accepted"}}]'
        assert str(await near.receive()).startswith('[4,"3","ProtocolError",')
        await near.close()


@pytest.mark.parametrize("is_promised", [False, True], ids=["task", "promise"])
async def test_an_id_is_taken_until_its_call_is_answered(
    autojump_clock: MockClock, is_promised: bool
):
    promise = Later()

    def answer(request: AnyRequest) -> Later | Awaitable[Reply]:
        return promise if is_promised else promise.reply()

    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        nursery.start_soon(Session(far, OCPP_16, "csms", answer).run)
        call = b'[2,"1","Authorize",{"idTag":"T"}]'
        await near.send(call)
        await near.send(call)
        await wait_all_tasks_blocked()
        promise.come(lambda: ACCEPTED)
        answered = str(await near.receive())
        assert answered == '[3,"1",{"idTagInfo":{"status":"Accepted"}}]'
        assert str(await near.receive()).startswith('[4,"1","GenericError","A call with this')
        await near.send(call)
        assert await near.receive() == answered  # it was remembered
        await near.close()


async def test_a_peer_that_asks_more_than_it_may_is_read_no_further(autojump_clock: MockClock):
    asked = 0

    async def never() -> Reply:
        await trio.sleep_forever()
        raise AssertionError

    def answer(request: AnyRequest) -> Awaitable[Reply]:
        nonlocal asked
        asked += 1
        return never()

    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        settings = SessionSettings(max_open_answers=4)
        nursery.start_soon(Session(far, OCPP_16, "csms", answer, settings=settings).run)
        for number in range(20):
            await near.send(f'[2,"{number}","Heartbeat",{{}}]')
        await trio.sleep(100)
        assert asked == 4
        nursery.cancel_scope.cancel()


# ---- time


async def test_no_answer_in_time(autojump_clock: MockClock):
    async with bare_csms() as (station, csms):
        began = trio.current_time()
        with pytest.raises(CallTimeout, match="no answer to Heartbeat in time"):
            await station.call(v16.HeartbeatRequest(), timeout=7)
        assert trio.current_time() - began == pytest.approx(7)
        late = str(await csms.receive()).split('"')[1]
        await csms.send(f'[3,"{late}",{{"currentTime":"2026-01-01T00:00:00Z"}}]')
        await wait_all_tasks_blocked()
        assert station.counters.dropped_late == 1
        assert station.counters.timed_out == 1


async def test_each_call_has_its_own_deadline(autojump_clock: MockClock):
    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        for timeout, answered_after in [(30, 5), (60, 5)]:
            nursery.start_soon(answer_after, csms, answered_after)
            await station.call(v16.HeartbeatRequest(), timeout=timeout)
        for timeout in [3, 100, 3]:
            began = trio.current_time()
            with pytest.raises(CallTimeout):
                await station.call(v16.HeartbeatRequest(), timeout=timeout)
            assert trio.current_time() - began == pytest.approx(timeout)


async def test_a_deadline_follows_a_call_that_was_made_while_another_was_timed(
    autojump_clock: MockClock,
):
    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        nursery.start_soon(answer_after, csms, 20)
        await station.call(v16.HeartbeatRequest(), timeout=30)
        with pytest.raises(CallTimeout):
            await station.call(v16.HeartbeatRequest(), timeout=30)
        assert trio.current_time() == pytest.approx(50)


async def test_a_call_that_is_not_this_sides_does_not_block_the_next(autojump_clock: MockClock):
    async with dialogue(accept) as both:
        with pytest.raises(ValueError, match="does not call ResetRequest"):
            await both.station.call(RESET)
        assert await both.station.call(AUTHORIZE) == ACCEPTED


async def test_nothing_can_be_sent_when_the_session_has_ended(autojump_clock: MockClock):
    stream = decode(
        v21.NotifyPeriodicEventStreamRequest,
        b'{"id":1,"pending":0,"basetime":"2026-01-01T00:00:00Z","data":[{"t":0,"v":"1"}]}',
    )
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp2.1")
        station = Session(near, OCPP_21, "station", refuse)
        await far.close()
        with pytest.raises(SessionClosed):
            await station.send(stream)
        with pytest.raises(SessionClosed):
            await station.call(v21.HeartbeatRequest())
        await station.run()
        with pytest.raises(SessionClosed):
            await station.send(stream)


async def test_a_result_that_the_peer_cannot_use_is_logged(autojump_clock: MockClock):
    with capture_logs() as logs:
        async with trio.open_nursery() as nursery:
            near, far = await memory_link_pair(nursery, "ocpp2.1")
            nursery.start_soon(Session(near, OCPP_21, "station", refuse).run)
            await far.send('[5,"a","FormatViolation","",{}]')
            await far.close()
    assert [(log["event"], log["code"]) for log in logs] == [("result_refused", "FormatViolation")]


async def test_calls_wait_for_their_turn_in_the_order_they_were_made(autojump_clock: MockClock):
    answered: list[str] = []

    async def call(station: Session, tag: str) -> None:
        await station.call(v16.AuthorizeRequest(id_tag=tag))
        answered.append(tag)

    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        for tag in "abc":
            nursery.start_soon(call, station, tag)
            await wait_all_tasks_blocked()
        assert station.queued_calls == 2
        for tag in "abc":
            frame = str(await csms.receive())
            assert frame.endswith(f'"Authorize",{{"idTag":"{tag}"}}]')
            await wait_all_tasks_blocked()
            assert len(answered) == "abc".index(tag)
            message_id = frame.split('"')[1]
            await csms.send(f'[3,"{message_id}",{{"idTagInfo":{{"status":"Accepted"}}}}]')
    assert answered == ["a", "b", "c"]


async def test_a_caller_cancelled_in_the_queue_leaves_no_trace(autojump_clock: MockClock):
    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        nursery.start_soon(call_in_vain, station)
        await wait_all_tasks_blocked()
        with trio.move_on_after(5):
            await station.call(v16.AuthorizeRequest(id_tag="never sent"))
        assert station.queued_calls == 0
        await csms.receive()
        with trio.move_on_after(1_000):
            raise AssertionError(await csms.receive())


async def call_in_vain(station: Session) -> None:
    with pytest.raises(CallTimeout):
        await station.call(v16.HeartbeatRequest(), timeout=30)


async def test_a_cancelled_callers_call_keeps_its_turn_until_the_answer(
    autojump_clock: MockClock,
):
    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        with trio.move_on_after(5):
            await station.call(v16.HeartbeatRequest(), timeout=30)
        nursery.start_soon(station.call, AUTHORIZE)
        first = str(await csms.receive()).split('"')[1]
        await trio.sleep(5)
        assert station.queued_calls == 1
        await csms.send(f'[3,"{first}",{{"currentTime":"2026-01-01T00:00:00Z"}}]')
        second = str(await csms.receive()).split('"')[1]
        assert trio.current_time() < 11
        await csms.send(f'[3,"{second}",{{"idTagInfo":{{"status":"Accepted"}}}}]')


async def test_a_cancelled_callers_call_keeps_its_turn_until_its_deadline(
    autojump_clock: MockClock,
):
    async with bare_csms() as (station, _csms):
        with trio.move_on_after(5):
            await station.call(v16.HeartbeatRequest(), timeout=30)
        began = trio.current_time() - 5
        with pytest.raises(CallTimeout):
            await station.call(AUTHORIZE, timeout=10)
        assert trio.current_time() - began == pytest.approx(40)
        assert station.counters.timed_out == 2


async def test_an_answer_at_the_very_deadline_harms_nobody(autojump_clock: MockClock):
    """Answer, deadline and cancellation in one tick, in whatever order Trio runs them."""
    for _ in range(50):
        async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
            nursery.start_soon(answer_after, csms, 10)
            with trio.move_on_after(10):
                try:
                    await station.call(v16.HeartbeatRequest(), timeout=10)
                except CallTimeout:
                    assert station.counters.timed_out == 1
            nursery.start_soon(answer_after, csms, 0)
            await station.call(v16.HeartbeatRequest(), timeout=10)


async def answer_after(csms: Link, seconds: float) -> None:
    message_id = str(await csms.receive()).split('"')[1]
    await trio.sleep(seconds)
    await csms.send(f'[3,"{message_id}",{{"currentTime":"2026-01-01T00:00:00Z"}}]')


# ---- ends


async def test_the_end_of_the_link_ends_all_calls(autojump_clock: MockClock):
    failures: list[str] = []

    async def call(station: Session) -> None:
        try:
            await station.call(v16.HeartbeatRequest())
        except SessionClosed as closed:
            failures.append(str(closed))

    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(call, station)
        await wait_all_tasks_blocked()
        await csms.close(1001, "restart")
        with pytest.raises(SessionClosed):
            await wait_until_closed(station)
    assert failures == ["closed with 1001 (restart)"] * 3


async def wait_until_closed(station: Session) -> None:
    await trio.sleep(1)
    await station.call(v16.HeartbeatRequest())


async def test_a_call_while_nobody_runs_the_session_any_more(autojump_clock: MockClock):
    async with trio.open_nursery() as nursery:
        near, _ = await memory_link_pair(nursery, "ocpp1.6")
        station = Session(near, OCPP_16, "station", refuse)
        with trio.move_on_after(1):
            await station.run()
        with pytest.raises(SessionClosed):
            await station.call(v16.HeartbeatRequest())
        nursery.cancel_scope.cancel()


async def test_cancelling_everything_at_once_does_not_hang(autojump_clock: MockClock):
    async def never() -> Reply:
        await trio.sleep_forever()
        raise AssertionError

    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        station = Session(near, OCPP_16, "station", refuse)
        csms = Session(far, OCPP_16, "csms", lambda request: never())
        nursery.start_soon(station.run)
        nursery.start_soon(csms.run)
        nursery.start_soon(station.call, v16.HeartbeatRequest())
        nursery.start_soon(station.call, v16.HeartbeatRequest())
        await trio.sleep(1)
        nursery.cancel_scope.cancel()
    assert trio.current_time() < 5
    assert near.gone.is_set()
    assert far.gone.is_set()


async def test_an_answer_that_the_end_overtakes_is_cancelled_like_one_under_way(
    autojump_clock: MockClock,
):
    seen: list[str] = []

    async def think() -> v16.AuthorizeResponse:
        try:
            await trio.sleep(1)
        except trio.Cancelled:
            seen.append("cancelled")
            raise
        return ACCEPTED

    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        csms = Session(far, OCPP_16, "csms", lambda request: think())
        nursery.start_soon(csms.run)
        await wait_all_tasks_blocked()
        csms.receive('[2,"1","Authorize",{"idTag":"DEADBEEF"}]')
        csms.end(None)  # before its tasks had their turn
        await wait_all_tasks_blocked()
        await near.close()
        await far.close()
    assert seen == ["cancelled"]


async def test_a_message_that_is_too_big_closes_the_link_with_1009(autojump_clock: MockClock):
    settings = LinkSettings(max_message_size=1000)
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6", settings)
        csms = Session(far, OCPP_16, "csms", accept)
        nursery.start_soon(csms.run)
        await near.send("x" * 100_000)
        await near.gone.wait()
        assert near.closed is not None
        assert near.closed.code == 1009


# ---- what else a session tells


async def test_invalid_messages_are_reported(autojump_clock: MockClock):
    reported: list[Invalid] = []
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        nursery.start_soon(Session(far, OCPP_16, "csms", accept, on_invalid=reported.append).run)
        await near.send("nonsense")
        await near.send('[2,"1","Fly",{}]')
        assert await near.receive() == '[4,"1","NotImplemented","The action is not known",{}]'
        await near.close()
    assert [invalid.fault for invalid in reported] == ["unreadable", "unknown_action"]


async def test_an_answer_that_is_not_valid(autojump_clock: MockClock):
    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        nursery.start_soon(spoil, csms)
        with pytest.raises(InvalidAnswer, match="required field"):
            await station.call(v16.HeartbeatRequest())
        assert station.counters.invalid == 1


async def spoil(csms: Link) -> None:
    message_id = str(await csms.receive()).split('"')[1]
    await csms.send(f'[3,"{message_id}",{{}}]')


async def test_n15_fr_01_an_unconfirmed_message_while_a_call_is_outstanding(
    autojump_clock: MockClock,
):
    stream = decode(
        v21.NotifyPeriodicEventStreamRequest,
        b'{"id":1,"pending":0,"basetime":"2026-01-01T00:00:00Z","data":[{"t":0,"v":"1"}]}',
    )
    heard: list[AnyRequest] = []
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp2.1")
        station = Session(near, OCPP_21, "station", refuse)
        csms = Session(far, OCPP_21, "csms", forever, on_notification=heard.append)
        nursery.start_soon(station.run)
        nursery.start_soon(csms.run)
        nursery.start_soon(station.call, v21.HeartbeatRequest())
        await wait_all_tasks_blocked()
        await station.send(stream)
        await wait_all_tasks_blocked()
        assert heard == [stream]
        assert station.counters.received == 0
        nursery.cancel_scope.cancel()


async def forever(request: AnyRequest) -> Reply:
    await trio.sleep_forever()
    raise AssertionError
