"""Calls without a task that waits: told of their end in the task that reads."""

import outcome
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import CallRefused, CallTimeout, Session, SessionClosed
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16
from pilotwire.profiles.messages.base import Response

from .test_session import ACCEPTED, AUTHORIZE, accept, bare_csms, dialogue, refuse

HEARTBEAT = v16.HeartbeatRequest()


async def answer(csms: Link) -> None:
    """Answer the next CALL."""
    _, message_id, _, action, *_ = str(await csms.receive()).split('"')
    bodies = {
        "Authorize": '{"idTagInfo":{"status":"Accepted"}}',
        "Heartbeat": '{"currentTime":"2027-01-01T00:00:00Z"}',
    }
    await csms.send(f'[3,"{message_id}",{bodies[action]}]')


class Ends:
    """How the calls ended."""

    def __init__(self) -> None:
        self.responses: list[Response] = []
        self.failures: list[Exception] = []

    def __call__(self, result: outcome.Outcome[Response]) -> None:
        try:
            self.responses.append(result.unwrap())
        except Exception as failure:  # what it is, the tests say
            self.failures.append(failure)


async def test_who_asked_is_told_of_the_response(autojump_clock: MockClock):
    ends = Ends()
    async with dialogue(accept) as both:
        both.station.ask(AUTHORIZE, then=ends)
        await wait_all_tasks_blocked()
    assert (ends.responses, ends.failures) == ([ACCEPTED], [])


async def test_who_asked_is_told_of_a_refusal_and_of_no_answer(autojump_clock: MockClock):
    ends = Ends()
    async with dialogue(refuse) as both:
        both.station.ask(AUTHORIZE, then=ends)
        await wait_all_tasks_blocked()
    assert isinstance(ends.failures[0], CallRefused)
    async with bare_csms() as (station, _):
        station.ask(AUTHORIZE, timeout=30, then=ends)
        await trio.sleep(29)
        assert len(ends.failures) == 1
        await trio.sleep(2)
    assert isinstance(ends.failures[1], CallTimeout)
    assert len(ends.failures) == 2


async def test_those_who_ask_and_those_who_call_have_their_turns_in_order(
    autojump_clock: MockClock,
):
    """OCPP-J 4.1.1: one CALL at a time."""
    ends = Ends()
    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        station.ask(AUTHORIZE, then=ends)
        nursery.start_soon(station.call, HEARTBEAT)
        await wait_all_tasks_blocked()
        station.ask(AUTHORIZE, then=ends)
        nursery.start_soon(station.call, HEARTBEAT)
        await wait_all_tasks_blocked()
        assert station.queued_calls == 3
        for ended in (1, 1, 2, 2):
            await answer(csms)
            await wait_all_tasks_blocked()
            assert len(ends.responses) == ended
        assert station.queued_calls == 0
    assert ends.failures == []


async def test_a_caller_that_is_cancelled_leaves_the_queue_to_who_asked(autojump_clock: MockClock):
    ends = Ends()
    async with bare_csms() as (station, csms):
        station.ask(AUTHORIZE, then=ends)
        with trio.move_on_after(1) as impatient:
            await station.call(HEARTBEAT)
        assert impatient.cancelled_caught
        station.ask(AUTHORIZE, then=ends)
        assert station.queued_calls == 1
        await answer(csms)
        await answer(csms)
        await wait_all_tasks_blocked()
    assert ends.responses == [ACCEPTED] * 2


async def test_who_asked_hears_in_its_turn_what_cannot_be_said(autojump_clock: MockClock):
    ends = Ends()
    async with bare_csms() as (station, csms):
        station.ask(AUTHORIZE, then=ends)
        station.ask(v16.AuthorizeRequest(id_tag="\ud800"), then=ends)  # UTF-8 cannot carry it
        station.ask(AUTHORIZE, then=ends)
        await answer(csms)
        await answer(csms)
        await wait_all_tasks_blocked()
    assert ends.responses == [ACCEPTED] * 2
    assert [type(failure) for failure in ends.failures] == [UnicodeEncodeError]


async def test_the_end_of_the_link_is_the_end_of_what_was_asked(autojump_clock: MockClock):
    ends = Ends()
    async with bare_csms() as (station, csms):
        station.ask(AUTHORIZE, then=ends)
        station.ask(AUTHORIZE, then=ends)  # this one waits for its turn
        await csms.close()
        await wait_all_tasks_blocked()
        assert [type(failure) for failure in ends.failures] == [SessionClosed, SessionClosed]
        with pytest.raises(SessionClosed):
            station.ask(AUTHORIZE, then=ends)
    assert (ends.responses, len(ends.failures)) == ([], 2)


async def test_one_may_ask_for_more_as_soon_as_one_is_told(autojump_clock: MockClock):
    ends = Ends()
    async with dialogue(accept) as both:

        def again(result: outcome.Outcome[Response]) -> None:
            ends(result)
            if len(ends.responses) < 3:
                both.station.ask(AUTHORIZE, then=again)

        both.station.ask(AUTHORIZE, then=again)
        await wait_all_tasks_blocked()
    assert ends.responses == [ACCEPTED] * 3


async def test_what_cannot_leave_any_more_is_not_seen_as_sent(autojump_clock: MockClock):
    seen: list[str] = []
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        station = Session(
            near, OCPP_16, "station", refuse, on_message=lambda way, text: seen.append(way)
        )
        nursery.start_soon(station.run)
        await wait_all_tasks_blocked()
        nursery.start_soon(near.close)
        while near.closed is None:
            await trio.lowlevel.checkpoint()
        with pytest.raises(SessionClosed):
            station.ask(AUTHORIZE, then=Ends())
        with pytest.raises(SessionClosed):
            await station.call(AUTHORIZE)
        await far.close()
    assert seen == []
