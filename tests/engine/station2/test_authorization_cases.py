"""The test cases of Part 6 for authorization (TC_C), each as its dialogue: local authorization,
groups, the master pass.

The cache's stand in test_cache_cases.py, the list's and those offline in test_list_cases.py, those
of contract certificates in test_contracts.py.
"""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.machines.effects import ShowMasterPass

from .conftest import Start
from .people import (
    AUTHORIZED,
    PRE_AUTHORIZE,
    asked,
    authorizes,
    cached,
    is_charging,
    leave,
    listed,
    plug_in,
    present,
    says,
    told,
    triggers,
)
from .screen import Screen
from .world import World

# ---- local authorization


@pytest.mark.parametrize("type", ["ISO14443", "KeyCode", "Local"])
async def test_TC_C_02_CS_an_invalid_token_starts_nothing(
    world: World, autojump_clock: MockClock, type: str
) -> None:
    await plug_in(world)
    says(world, "Invalid")
    world.drivers[0].present_token("WRONG", type)
    await trio.sleep(30)
    (request,) = world.csms.of("Authorize")
    assert (request.id_token.id_token, request.id_token.type) == ("WRONG", type)
    assert world.csms.events() == []


async def test_TC_C_05_CS_nor_does_it_without_a_cable(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=AUTHORIZED)
    says(world, "Invalid")
    await present(world, "WRONG")
    await trio.sleep(30)
    assert asked(world) == ["WRONG"]
    assert world.csms.events() == []
    assert not world.drivers[0].is_locked()


@pytest.mark.parametrize("status", ["Blocked"])
async def test_TC_C_06_CS_a_blocked_token_starts_nothing(
    world: World, autojump_clock: MockClock, status: str
) -> None:
    await starts_nothing(world, status)


async def test_TC_C_07_CS_an_expired_token_starts_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    await starts_nothing(world, "Expired")


async def test_TC_C_56_CS_an_unknown_token_starts_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    await starts_nothing(world, "Unknown")


async def starts_nothing(world: World, status: str) -> None:
    await plug_in(world)
    says(world, status)
    await present(world, "WRONG")
    await trio.sleep(30)
    assert asked(world) == ["WRONG"]
    assert world.csms.events() == []
    assert world.drivers[0].shown.reason == status


async def test_TC_C_04_CS_a_different_token_stops_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    world.csms.forget()
    await present(world, "OTHER")
    await trio.sleep(30)
    assert asked(world) == ["OTHER"]
    assert all(not event.id_token for event in world.csms.events())
    assert is_charging(world)


# ---- groups


async def test_TC_C_39_CS_another_token_of_the_group_stops(
    world: World, autojump_clock: MockClock
) -> None:
    says(world, "Accepted", "FAMILY")
    await world.charge(token="MUM")
    await present(world, "DAD")
    assert asked(world) == ["MUM", "DAD"]  # C09.FR.05
    assert told(world, "StopAuthorized").id_token.id_token == "DAD"  # C09.FR.03
    assert not is_charging(world)


async def test_TC_C_40_CS_one_that_is_listed_stops_without_being_asked_about(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    family = world.v2.IdTokenType(id_token="FAMILY", type="Central")
    await listed(world, "MUM", "DAD", group_id_token=family)
    says(world, "Accepted", "FAMILY")
    await world.charge(token="MUM")
    await present(world, "DAD")
    assert asked(world) == []  # C09.FR.07
    assert told(world, "StopAuthorized").id_token.id_token == "DAD"


@pytest.mark.parametrize("pre_authorize", [True, False])
async def test_TC_C_41_CS_nor_is_one_that_is_cached(
    start: Start, autojump_clock: MockClock, pre_authorize: bool
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": pre_authorize})
    await cached(world, token="MUM", group="FAMILY")
    await cached(world, token="DAD", group="FAMILY")
    says(world, "Accepted", "FAMILY")
    await world.charge(token="MUM")
    await present(world, "DAD")
    assert asked(world) == ([] if pre_authorize else ["MUM"])  # C01.FR.03
    assert told(world, "StopAuthorized").id_token.id_token == "DAD"


async def test_TC_C_42_CS_an_invalid_token_of_the_group_stops_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    says(world, "Accepted", "FAMILY")
    await world.charge(token="MUM")
    authorizes(world, "Invalid", "FAMILY")
    world.csms.forget()
    await present(world, "DAD")
    await trio.sleep(30)
    assert asked(world) == ["DAD"]
    assert "StopAuthorized" not in triggers(world)  # C09.FR.11
    assert is_charging(world)


async def test_TC_C_43_CS_nor_one_that_is_listed_as_invalid(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    family = world.v2.IdTokenType(id_token="FAMILY", type="Central")
    await listed(world, "MUM", group_id_token=family)
    await listed(world, "DAD", status="Invalid", group_id_token=family)
    says(world, "Accepted", "FAMILY")
    await world.charge(token="MUM")
    authorizes(world, "Invalid", "FAMILY")
    await present(world, "DAD")
    assert asked(world) == ["DAD"]
    assert is_charging(world)
    await present(world, "MUM")
    assert told(world, "StopAuthorized").id_token.id_token == "MUM"


async def test_TC_C_44_CS_nor_one_that_is_cached_as_invalid(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await cached(world, token="MUM", group="FAMILY")
    await cached(world, "Invalid", "DAD", "FAMILY")
    says(world, "Accepted", "FAMILY")
    await world.charge(token="MUM")
    authorizes(world, "Invalid", "FAMILY")
    await present(world, "DAD")
    assert asked(world) == ["DAD"]
    assert is_charging(world)


# ---- the master pass


def masters(world: World, *tokens: str) -> None:
    """Of these tokens the CSMS says that they are of the master pass's group."""
    v2 = world.v2
    group = v2.IdTokenType(id_token="MASTERS", type="Central")

    def info(request: Any) -> Any:
        more = {"group_id_token": group} if request.id_token.id_token in tokens else {}
        return world.csms.info(request, **more)

    world.csms.on("Authorize", lambda request: request.response(id_token_info=info(request)))
    world.csms.on(
        "TransactionEvent",
        lambda request: (
            request.response(id_token_info=info(request))
            if request.id_token
            else request.response()
        ),
    )


MASTER_PASS = {"AuthCtrlr.MasterPassGroupId": "MASTERS"}


async def test_TC_C_45_CS_a_master_pass_starts_nothing(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**MASTER_PASS, "TxCtrlr.TxStartPoint": ("Authorized",)})
    masters(world, "SHERIFF")
    await present(world, "SHERIFF")
    await plug_in(world)
    await trio.sleep(30)
    assert asked(world) == ["SHERIFF"]
    assert world.csms.events() == []  # C16.FR.03
    assert not is_charging(world)


async def test_TC_C_14_CS_one_that_is_cached_stops_without_being_asked_about(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**MASTER_PASS, **PRE_AUTHORIZE})
    masters(world, "SHERIFF")
    await present(world, "SHERIFF", evse=2)
    await world.charge()
    world.csms.forget()
    await present(world, "SHERIFF")
    assert asked(world) == []  # C16.FR.04
    (ended,) = world.csms.events("Ended")
    assert ended.transaction_info.stopped_reason == "MasterPass"
    assert ended.id_token.id_token == "SHERIFF"
    await leave(world)
    await plug_in(world)
    await present(world, "SHERIFF")
    assert len(world.csms.events("Started")) == 0  # C12.FR.09


async def test_c16_fr_05_one_that_is_listed_does_too(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**MASTER_PASS, **PRE_AUTHORIZE})
    group = world.v2.IdTokenType(id_token="masters", type="Central")
    await listed(world, "SHERIFF", group_id_token=group)
    await world.charge()
    world.csms.forget()
    await present(world, "SHERIFF")
    assert asked(world) == []
    assert world.csms.events("Ended")[0].transaction_info.stopped_reason == "MasterPass"


async def both_charge(world: World) -> None:
    masters(world, "SHERIFF")
    await world.charge(1, "ANNE")
    await world.charge(2, "BOB")
    world.csms.forget()


def ended(world: World) -> list[tuple[str, str]]:
    """Give why transactions have ended, and whose token is told with that."""
    return [
        (event.transaction_info.stopped_reason, event.id_token.id_token)
        for event in world.csms.events("Ended")
    ]


async def test_TC_C_47_CS_where_people_can_choose_they_may_stop_all(
    start: Start, autojump_clock: MockClock
) -> None:
    screen = Screen()
    world = await start(variables=MASTER_PASS, display=screen)
    await both_charge(world)
    await present(world, "SHERIFF")
    assert asked(world) == ["SHERIFF"]
    (choice,) = screen.shown(ShowMasterPass)  # C16.FR.01
    assert choice.running == (1, 2)
    assert ended(world) == []
    screen.choose(1, 2)
    await trio.sleep(1)
    assert ended(world) == [("MasterPass", "SHERIFF")] * 2  # C16.FR.07-08
    assert not is_charging(world, 1)
    assert not is_charging(world, 2)
    assert not world.drivers[0].is_locked()


async def test_TC_C_48_CS_or_one(start: Start, autojump_clock: MockClock) -> None:
    screen = Screen()
    world = await start(variables=MASTER_PASS, display=screen)
    await both_charge(world)
    await present(world, "SHERIFF")
    screen.choose(1)
    await trio.sleep(1)
    assert ended(world) == [("MasterPass", "SHERIFF")]
    assert not is_charging(world, 1)
    assert is_charging(world, 2)


async def test_who_chooses_nothing_in_time_stops_nothing(
    start: Start, autojump_clock: MockClock
) -> None:
    screen = Screen()
    world = await start(variables=MASTER_PASS, display=screen)
    await both_charge(world)
    await present(world, "SHERIFF")
    await trio.sleep(61)
    screen.choose(1, 2)
    await trio.sleep(1)
    assert ended(world) == []


@pytest.mark.parametrize("screen", [None, Screen(has_choice=False)])
async def test_TC_C_49_CS_where_nobody_can_choose_all_are_stopped(
    start: Start, autojump_clock: MockClock, screen: Screen | None
) -> None:
    world = await start(variables=MASTER_PASS, display=screen)
    await both_charge(world)
    await present(world, "SHERIFF")
    assert ended(world) == [("MasterPass", "SHERIFF")] * 2  # C16.FR.02
    for evse in (1, 2):
        assert not is_charging(world, evse)
        world.drivers[evse - 1].unplug()
