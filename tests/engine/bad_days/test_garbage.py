"""A central system that answers with garbage, with errors, or not at all: the station stays up,
tries again, and loses nothing while it may still try (1.6 3.7.1).
"""

import itertools

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev

from .fragile import FragileWorld, Spoil, message_id

ACTIONS = ["Authorize", "BootNotification", "MeterValues", "StartTransaction", "StatusNotification"]
ACTIONS += ["StopTransaction"]
VARIABLES = {
    "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
    "OCPPCommCtrlr.HeartbeatInterval": 60,
}


def _payload(payload: str) -> Spoil:
    return lambda answer: f'[3,"{message_id(answer)}",{payload}]'


GARBAGE: dict[str, Spoil] = {
    "nothing": lambda answer: None,
    "no JSON": lambda answer: "{]",
    "empty text": lambda answer: "",
    "no array": lambda answer: '{"status":"Accepted"}',
    "another id": lambda answer: answer.replace(message_id(answer), "somebody-else"),
    "short": lambda answer: f'[3,"{message_id(answer)}"]',
    "empty object": _payload("{}"),
    "a number as payload": _payload("7"),
    "wrong types": _payload(
        '{"status":7,"currentTime":8,"interval":"soon","transactionId":"x","idTagInfo":[]}'
    ),
    "times that are none": _payload(
        '{"status":"Accepted","currentTime":"tomorrow","interval":300,"transactionId":1,'
        '"idTagInfo":{"status":"Accepted","expiryDate":"never"}}'
    ),
    "deep": _payload("[" * 500 + "]" * 500),
    "type 9": lambda answer: f'[9,"{message_id(answer)}",{{}}]',
}


CODES = [
    "NotImplemented",
    "NotSupported",
    "InternalError",
    "ProtocolError",
    "SecurityError",
    "FormationViolation",
    "FormatViolation",
    "PropertyConstraintViolation",
    "OccurenceConstraintViolation",
    "OccurrenceConstraintViolation",
    "TypeConstraintViolation",
    "GenericError",
    "MessageTypeNotSupported",
    "RpcFrameworkError",
    "AWordOfTheirOwn",
    "",
]


def refusal(code: str) -> Spoil:
    return lambda answer: f'[4,"{message_id(answer)}","{code}","",{{}}]'


async def one_session(world: FragileWorld) -> None:
    """One that lasts 400 s, begun when the station has booted."""
    await trio.sleep(1)
    driver = world.drivers[0]
    driver.plug_in(Ev())
    await trio.sleep(1)
    driver.present_token("DEADBEEF")
    await trio.sleep(400)
    driver.present_token("DEADBEEF")
    await trio.sleep(100)
    driver.unplug(at_car=True)


def limited(spoil: Spoil, times: int) -> Spoil:
    """Spoil so many answers, and then no more."""
    left = itertools.count(times, -1)
    return lambda answer: spoil(answer) if next(left) > 0 else answer


async def live(world: FragileWorld, seconds: float) -> None:
    """Let the station live through a session, and for so long afterwards."""
    async with trio.open_nursery() as life:
        life.start_soon(world.station.run)
        await one_session(world)
        await trio.sleep(seconds)
        life.cancel_scope.cancel()


async def check_spoilt_answers(action: str, spoil: Spoil, times: int) -> None:
    world = FragileWorld(variables=VARIABLES)
    world.spoil[action] = limited(spoil, times)
    await live(world, 2000)
    assert len(world.journal) == 0, f"{len(world.journal)} reports wait after {action}"
    world.ledger.check(transactions=1)
    assert len(world.ledger.readings[only_transaction(world)]) == 6
    assert world.csms.statuses(1)[-1] == "Available"
    assert world.csms.links == 1, "answers that are no good do not end the link"


def only_transaction(world: FragileWorld) -> int:
    (number,) = world.ledger.starts
    return number


@pytest.mark.parametrize("kind", GARBAGE)
async def test_two_answers_of_garbage_to_each_action_lose_nothing(
    kind: str, autojump_clock: MockClock
) -> None:
    for action in ACTIONS:
        await check_spoilt_answers(action, GARBAGE[kind], times=2)


@pytest.mark.parametrize("code", CODES)
async def test_two_errors_to_each_action_lose_nothing(code: str, autojump_clock: MockClock) -> None:
    for action in ACTIONS:
        await check_spoilt_answers(action, refusal(code), times=2)


async def test_a_central_system_that_never_answers_for_a_day_is_told_everything_afterwards(
    autojump_clock: MockClock,
) -> None:
    world = FragileWorld(variables=VARIABLES)
    world.spoil |= dict.fromkeys([*ACTIONS, "Heartbeat"], GARBAGE["nothing"])
    async with trio.open_nursery() as life:
        life.start_soon(world.station.run)
        await one_session(world)
        await trio.sleep(86_400)
        assert set(world.csms.actions()) == {"BootNotification"}
        boots = len(world.csms.received)
        assert 86_400 / 120 < boots < 86_400 / 30, "it asks on, and does not flood"
        world.spoil.clear()
        await trio.sleep(600)
        life.cancel_scope.cancel()
    assert len(world.journal) == 0
    world.ledger.check(transactions=1)


async def test_one_that_refuses_transactions_for_ever_gets_the_configured_attempts_in_order(
    autojump_clock: MockClock,
) -> None:
    world = FragileWorld(variables=VARIABLES)
    world.spoil |= dict.fromkeys(
        ["StartTransaction", "StopTransaction", "MeterValues"], refusal("InternalError")
    )
    async with trio.open_nursery() as life:
        life.start_soon(world.station.run)
        await one_session(world)
        await trio.sleep(10_000)
        assert len(world.journal) == 0
        told = [a for a in world.csms.actions() if a in world.spoil]
        assert told == ["StartTransaction"] * 3 + ["MeterValues"] * 18 + ["StopTransaction"] * 3
        assert world.ledger.ends.keys() == {-1}, "errata 3.18: an id that was never learned is -1"
        world.spoil.clear()
        world.ledger.ends.clear()
        await one_session(world)
        life.cancel_scope.cancel()
    assert len(world.ledger.starts) == 2
    assert world.ledger.ends.keys() == {max(world.ledger.starts)}


async def test_a_question_that_waits_for_its_turn_when_the_link_breaks_is_decided_offline(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = FragileWorld(variables=VARIABLES)
    await nursery.start(world.station.run)
    await trio.sleep(1)
    world.spoil["StartTransaction"] = GARBAGE["nothing"]
    await world.charge(evse=1, token="FIRST")  # its start takes the turn, and is not answered
    await world.charge(evse=2, token="SECOND")
    assert not world.drivers[1].is_contactor_closed
    await world.csms.drop()
    await trio.sleep(1)
    assert world.drivers[1].is_contactor_closed
