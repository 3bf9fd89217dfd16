"""Calls without a task that waits: told of their end in the task that reads."""

import outcome
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import CallRefused, CallTimeout, Session, SessionClosed
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16
from pilotwire.profiles.messages.base import Response

from .test_session import ACCEPTED, AUTHORIZE, accept, bare_csms, dialogue, refuse


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
        assert both.station.ask(AUTHORIZE, then=ends)
        assert both.station.is_busy
        await wait_all_tasks_blocked()
        assert not both.station.is_busy
    assert (ends.responses, ends.failures) == ([ACCEPTED], [])


async def test_who_asked_is_told_of_a_refusal_and_of_no_answer(autojump_clock: MockClock):
    ends = Ends()
    async with dialogue(refuse) as both:
        assert both.station.ask(AUTHORIZE, then=ends)
        await wait_all_tasks_blocked()
    assert isinstance(ends.failures[0], CallRefused)
    async with bare_csms() as (station, _):
        assert station.ask(AUTHORIZE, timeout=30, then=ends)
        await trio.sleep(29)
        assert len(ends.failures) == 1
        await trio.sleep(2)
    assert isinstance(ends.failures[1], CallTimeout)
    assert len(ends.failures) == 2


async def test_it_is_not_asked_out_of_turn(autojump_clock: MockClock):
    ends = Ends()
    async with bare_csms() as (station, csms), trio.open_nursery() as nursery:
        assert station.ask(AUTHORIZE, then=ends)
        assert not station.ask(AUTHORIZE, then=ends)
        nursery.start_soon(station.call, v16.HeartbeatRequest())  # this one waits for its turn
        await wait_all_tasks_blocked()
        message_id = str(await csms.receive()).split('"')[1]
        await csms.send(f'[3,"{message_id}",{{"idTagInfo":{{"status":"Accepted"}}}}]')
        heartbeat = str(await csms.receive())
        assert ends.responses == [ACCEPTED]
        assert not station.ask(AUTHORIZE, then=ends)
        message_id = heartbeat.split('"')[1]
        await csms.send(f'[3,"{message_id}",{{"currentTime":"2027-01-01T00:00:00Z"}}]')
    assert (len(ends.responses), ends.failures) == (1, [])


async def test_the_end_of_the_link_is_the_end_of_what_was_asked(autojump_clock: MockClock):
    ends = Ends()
    async with bare_csms() as (station, csms):
        assert station.ask(AUTHORIZE, then=ends)
        await csms.close()
        await wait_all_tasks_blocked()
        assert [type(failure) for failure in ends.failures] == [SessionClosed]
        with pytest.raises(SessionClosed):
            station.ask(AUTHORIZE, then=ends)
    assert (ends.responses, len(ends.failures)) == ([], 1)


async def test_one_may_ask_for_more_as_soon_as_one_is_told(autojump_clock: MockClock):
    ends = Ends()
    async with dialogue(accept) as both:

        def again(result: outcome.Outcome[Response]) -> None:
            ends(result)
            if len(ends.responses) < 3:
                assert both.station.ask(AUTHORIZE, then=again)

        assert both.station.ask(AUTHORIZE, then=again)
        await wait_all_tasks_blocked()
    assert ends.responses == [ACCEPTED] * 3


async def test_what_cannot_leave_any_more_is_not_seen_as_sent(autojump_clock: MockClock):
    seen: list[str] = []
    async with trio.open_nursery() as nursery:
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        station = Session(
            near, OCPP_16, "station", refuse, on_message=lambda way, text, at: seen.append(way)
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
