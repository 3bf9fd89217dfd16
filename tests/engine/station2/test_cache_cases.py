"""The test cases of Part 6 for the authorization cache (TC_C), each as its dialogue."""

from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from .conftest import Start
from .people import (
    INVALID,
    PRE_AUTHORIZE,
    asked,
    cached,
    is_charging,
    leave,
    plug_in,
    present,
    says,
    told,
)
from .power import PowerCycle
from .world import Number, World

# ---- the cache


@pytest.mark.parametrize("is_remote", [False, True])
async def test_TC_C_08_CS_a_cached_token_charges_without_being_asked_about(
    start: Start, autojump_clock: MockClock, is_remote: bool
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await cached(world)
    await plug_in(world)
    if is_remote:
        v2 = world.v2
        token = v2.IdTokenType(id_token="DEADBEEF", type="ISO14443")
        request = v2.RequestStartTransactionRequest(remote_start_id=1, evse_id=1, id_token=token)
        assert (await world.csms.call(request)).status == "Accepted"
        await trio.sleep(1)
    else:
        await present(world)
    assert asked(world) == []
    started = world.csms.events("Started")[0]
    assert started.id_token.id_token == "DEADBEEF"  # C12.FR.02
    assert is_charging(world)  # C12.FR.04


@pytest.mark.parametrize("status", INVALID)
async def test_TC_C_09_CS_one_that_is_cached_as_invalid_is_asked_about(
    start: Start, autojump_clock: MockClock, status: str
) -> None:
    await is_asked_about(await start(variables=PRE_AUTHORIZE), status)  # C10.FR.03, C12.FR.05


async def test_TC_C_10_CS_so_is_a_blocked_one(start: Start, autojump_clock: MockClock) -> None:
    await is_asked_about(await start(variables=PRE_AUTHORIZE), "Blocked")


async def test_TC_C_11_CS_and_an_expired_one(start: Start, autojump_clock: MockClock) -> None:
    await is_asked_about(await start(variables=PRE_AUTHORIZE), "Expired")


async def is_asked_about(world: World, status: str) -> None:
    await cached(world, status)
    await plug_in(world)
    says(world, status)
    await present(world)
    await trio.sleep(30)
    assert asked(world) == ["DEADBEEF"]
    assert world.csms.events() == []


async def test_TC_C_12_CS_and_charges_where_the_csms_knows_better(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await cached(world, "Invalid")
    await plug_in(world)
    await present(world)
    assert asked(world) == ["DEADBEEF"]
    assert is_charging(world)


async def test_TC_C_13_CS_a_cached_token_may_come_before_the_cable(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await cached(world)
    await world.set_variables(TxCtrlr__TxStartPoint="Authorized")
    await present(world)
    assert asked(world) == []
    (started,) = world.csms.events()
    assert (started.event_type, started.trigger_reason) == ("Started", "Authorized")
    assert started.id_token.id_token == "DEADBEEF"
    assert not is_charging(world)
    await plug_in(world)
    assert is_charging(world)


async def test_TC_C_57_CS_where_the_cache_is_trusted_an_invalid_token_is_refused_at_once(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**PRE_AUTHORIZE, "AuthCacheCtrlr.DisablePostAuthorize": True})
    await cached(world, "Invalid")
    await plug_in(world)
    await present(world)
    await trio.sleep(30)
    assert asked(world) == []
    assert not is_charging(world)
    assert world.drivers[0].shown.reason == "Invalid"


async def test_TC_C_32_CS_the_cache_outlives_a_reboot(
    number: Number, tmp_path: Path, autojump_clock: MockClock
) -> None:
    power = PowerCycle(number, tmp_path, variables=PRE_AUTHORIZE)

    async def fill(world: World) -> None:
        await cached(world)

    async def use(world: World) -> None:
        await plug_in(world)
        await present(world)
        assert asked(world) == []  # C10.FR.02
        assert is_charging(world)

    await power.powered(fill)
    await power.powered(use)


async def test_TC_C_33_CS_the_cache_learns_from_authorize(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await world.charge()
    assert asked(world) == ["DEADBEEF"]
    await leave(world)
    world.csms.forget()
    says(world, "Invalid")
    await world.charge()
    assert asked(world) == []  # C10.FR.04
    assert world.csms.events("Started")[0].id_token.id_token == "DEADBEEF"


async def test_TC_C_34_CS_and_from_transaction_events(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await cached(world)
    says(world, "Invalid")
    await world.charge()
    assert asked(world) == []
    assert told(world, "Deauthorized").event_type == "Ended"
    await present(world)  # its owner fetches the cable
    await leave(world)
    await plug_in(world)
    await present(world)
    assert asked(world) == ["DEADBEEF"]  # C10.FR.05, C12.FR.06


async def test_TC_C_36_CS_without_pre_authorization_the_csms_is_asked(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": False})
    await cached(world)
    says(world, "Invalid")
    await plug_in(world)
    await present(world)
    assert asked(world) == ["DEADBEEF"]
    assert not is_charging(world)


async def test_TC_C_46_CS_what_was_told_long_ago_counts_no_more(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**PRE_AUTHORIZE, "AuthCacheCtrlr.LifeTime": 120})
    await cached(world)
    await plug_in(world)
    await trio.sleep(121)
    await present(world)
    assert asked(world) == ["DEADBEEF"]  # C10.FR.08, C10.FR.10
    assert is_charging(world)


async def test_TC_C_37_CS_the_cache_is_cleared(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await cached(world)
    answer = await world.csms.call(world.v2.ClearCacheRequest())
    assert answer.status == "Accepted"  # C11.FR.01-03
    await plug_in(world)
    await present(world)
    assert asked(world) == ["DEADBEEF"]
    assert is_charging(world)


async def test_TC_C_38_CS_unless_it_is_switched_off(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await cached(world)
    assert await world.set_variables(AuthCacheCtrlr__Enabled="false") == ["Accepted"]
    answer = await world.csms.call(world.v2.ClearCacheRequest())
    assert (answer.status, answer.status_info.reason_code) == ("Rejected", "NotEnabled")
    await world.set_variables(AuthCacheCtrlr__Enabled="true")
    await plug_in(world)
    await present(world)
    assert asked(world) == []  # what was switched off has forgotten nothing
