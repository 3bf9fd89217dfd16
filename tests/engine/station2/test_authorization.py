"""Functional block C as dialogues."""

from datetime import timedelta
from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.machines.events import IdToken, TokenPresented

from .conftest import Start
from .world import World


def tell(world: World, **info: Any) -> None:
    """Answer every Authorize with this idTokenInfo."""
    world.csms.on(
        "Authorize",
        lambda request: request.response(
            id_token_info=world.csms.info(request, **{"status": "Accepted", **info})
        ),
    )


def group(world: World, name: str) -> Any:
    return world.v2.IdTokenType(id_token=name, type="Central")


async def test_c01_fr_02_a_token_is_asked_about_with_its_type(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].present_token("04AABBCC", "ISO15693")
    await trio.sleep(1)
    (asked,) = world.csms.of("Authorize")
    assert (asked.id_token.id_token, asked.id_token.type) == ("04AABBCC", "ISO15693")


async def test_a_token_that_is_not_accepted_starts_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    for status in ("Blocked", "NoCredit", "NotAtThisTime", "Unknown"):
        tell(world, status=status)
        await world.charge()
        world.drivers[0].unplug()
        await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 4
    assert not world.csms.events()


async def test_c01_fr_21_a_token_charges_only_at_the_evses_named(
    world: World, autojump_clock: MockClock
) -> None:
    tell(world, evse_id=(2,))
    await world.charge(evse=1)
    assert not world.csms.events()
    await world.charge(evse=2)
    assert world.csms.events()[0].evse.id == 2


async def test_c02_fr_01_a_start_button_needs_no_authorization(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.station.deliver(1, TokenPresented(IdToken("", "NoAuthorization")))
    await trio.sleep(1)
    assert not world.csms.of("Authorize")
    (started,) = world.csms.events("Started")
    assert (started.id_token.id_token, started.id_token.type) == ("", "NoAuthorization")
    assert len(world.station.tokens.cache) == 0  # C02.FR.03


async def test_c09_fr_03_another_token_of_the_group_stops(
    world: World, autojump_clock: MockClock
) -> None:
    tell(world, group_id_token=group(world, "FAMILY"))
    await world.charge(token="MUM")
    world.drivers[0].present_token("DAD")
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert ended.id_token.id_token == "DAD"  # E07.FR.02
    assert ended.trigger_reason == "StopAuthorized"


async def test_c12_a_token_of_the_cache_starts_without_being_asked_about(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": True})
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    await world.charge()
    assert len(world.csms.of("Authorize")) == 1
    assert len(world.csms.events("Started")) == 2
    assert world.csms.events("Started")[1].id_token.id_token == "DEADBEEF"  # C12.FR.02


async def test_c10_fr_13_the_cache_forgets_when_the_csms_said_so(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": True})
    tell(world, cache_expiry_date_time=world.csms.now + timedelta(seconds=100))
    world.csms.on(
        "TransactionEvent", lambda request: request.response()
    )  # says nothing new of the token
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(90)  # EVConnectionTimeOut has passed
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(90)
    assert len(world.csms.of("Authorize")) == 1
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 2


async def test_c10_fr_05_what_a_transaction_event_is_answered_counts_for_the_cache(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": True})
    world.csms.on(
        "TransactionEvent",
        lambda request: request.response(id_token_info=world.csms.info(request, status="Blocked")),
    )
    await world.charge()
    await world.csms.drop()
    await trio.sleep(1)
    known = world.station.tokens.known(IdToken("DEADBEEF"), world.clock.now())
    assert known is not None
    assert known.info.verdict == "Blocked"


async def test_c11_the_cache_can_be_cleared_where_it_is_enabled(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert len(world.station.tokens.cache) == 1
    answer = await world.csms.call(world.v2.ClearCacheRequest())
    await trio.sleep(1)
    assert answer.status == "Accepted"  # C11.FR.03
    assert len(world.station.tokens.cache) == 0
    assert await world.set_variables(AuthCacheCtrlr__Enabled="false") == ["Accepted"]
    answer = await world.csms.call(world.v2.ClearCacheRequest())
    assert answer.status == "Rejected"  # C11.FR.04


async def test_a_token_that_the_version_cannot_carry_is_not_asked_about(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].present_token("X" * 100)
    await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == (0 if world.number == "2.0.1" else 1)
