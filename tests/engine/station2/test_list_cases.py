"""The test cases of Part 6 for the local list, and for authorization offline (TC_C), each as its
dialogue.
"""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from .conftest import Start
from .people import (
    AUTHORIZED,
    INVALID,
    OFFLINE,
    PRE_AUTHORIZE,
    asked,
    cached,
    is_charging,
    listed,
    plug_in,
    present,
    says,
    told,
    triggers,
)
from .world import World

# ---- the local list, online


async def test_TC_C_27_CS_a_listed_token_charges_without_being_asked_about(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**PRE_AUTHORIZE, **AUTHORIZED})
    await listed(world, "DEADBEEF")
    await present(world)
    assert asked(world) == []  # C14.FR.02, C14.FR.04
    (started,) = world.csms.events()
    assert (started.trigger_reason, started.id_token.id_token) == ("Authorized", "DEADBEEF")
    await plug_in(world)
    assert is_charging(world)


@pytest.mark.parametrize("status", INVALID)
async def test_TC_C_28_CS_one_that_is_listed_as_invalid_is_asked_about(
    start: Start, autojump_clock: MockClock, status: str
) -> None:
    await is_asked_about_though_listed(await start(variables=PRE_AUTHORIZE), status)


async def test_TC_C_29_CS_so_is_a_blocked_one(start: Start, autojump_clock: MockClock) -> None:
    await is_asked_about_though_listed(await start(variables=PRE_AUTHORIZE), "Blocked")


async def test_TC_C_30_CS_and_an_expired_one(start: Start, autojump_clock: MockClock) -> None:
    await is_asked_about_though_listed(await start(variables=PRE_AUTHORIZE), "Expired")


async def is_asked_about_though_listed(world: World, status: str) -> None:
    await listed(world, "DEADBEEF", status=status)
    says(world, status)
    await plug_in(world)
    await present(world)
    await trio.sleep(30)
    assert asked(world) == ["DEADBEEF"]  # C14.FR.03
    assert world.csms.events() == []


async def test_TC_C_31_CS_and_charges_where_the_csms_knows_better_than_the_list(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=PRE_AUTHORIZE)
    await listed(world, "DEADBEEF", status="Invalid")
    await world.charge()
    assert asked(world) == ["DEADBEEF"]
    assert is_charging(world)


async def test_TC_C_58_CS_where_the_list_is_trusted_an_invalid_token_is_refused_at_once(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={**PRE_AUTHORIZE, "LocalAuthListCtrlr.DisablePostAuthorize": True}
    )
    await listed(world, "DEADBEEF", status="Invalid")
    await world.charge()
    await trio.sleep(30)
    assert asked(world) == []
    assert not is_charging(world)


# ---- offline


async def offline_start(world: World, token: str = "DEADBEEF") -> None:
    """A car comes while the CSMS is away; the station is back before it goes."""
    await world.csms.drop()
    await world.charge(token=token)
    await trio.sleep(5)


async def back(world: World) -> None:
    world.csms.come_back()
    await trio.sleep(60)


async def test_TC_C_21_CS_offline_a_listed_token_charges(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=OFFLINE)
    await listed(world, "DEADBEEF")
    await offline_start(world)
    assert is_charging(world)  # C13.FR.02-03, C13.FR.05
    await back(world)
    assert asked(world) == []
    assert all(event.offline for event in world.csms.events() if event.id_token)
    assert world.csms.events("Started")[0].offline
    await present(world)
    assert told(world, "StopAuthorized").event_type == "Ended"


async def test_TC_C_22_CS_offline_one_that_is_listed_as_invalid_does_not(
    start: Start, autojump_clock: MockClock
) -> None:
    await stays_away(await start(variables=OFFLINE), "Invalid")


async def test_TC_C_23_CS_nor_one_that_is_blocked(start: Start, autojump_clock: MockClock) -> None:
    await stays_away(await start(variables=OFFLINE), "Blocked")


async def test_TC_C_24_CS_nor_one_that_has_expired(start: Start, autojump_clock: MockClock) -> None:
    await stays_away(await start(variables=OFFLINE), "Expired")


async def stays_away(world: World, status: str) -> None:
    await world.set_variables(TxCtrlr__TxStartPoint="ParkingBayOccupancy,PowerPathClosed")
    await listed(world, "DEADBEEF", status=status)
    await world.csms.drop()
    world.drivers[0].park()
    await trio.sleep(1)
    await present(world)
    await back(world)
    assert set(triggers(world)) <= {"EVDetected"}
    assert not is_charging(world)
    assert world.drivers[0].shown.reason == status


async def test_TC_C_25_CS_the_list_counts_before_the_cache_and_before_the_unknown(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={**OFFLINE, "AuthCtrlr.OfflineTxForUnknownIdEnabled": True})
    await cached(world)
    await listed(world, "DEADBEEF", status="Invalid")
    await offline_start(world)
    assert not is_charging(world)  # C13.FR.01, C14.FR.01
    await back(world)
    assert world.csms.events() == []


async def test_TC_C_26_CS_offline_an_unknown_token_charges_until_the_csms_refuses_it(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            **OFFLINE,
            "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
            "TxCtrlr.StopTxOnInvalidId": False,
        }
    )
    await offline_start(world, "STRANGE")
    assert is_charging(world)  # C13.FR.04, C15.FR.08
    assert len(world.station.tokens.cache) == 0  # C15.FR.01
    says(world, "Invalid")
    await back(world)
    events = world.csms.events()
    assert events[0].offline  # C15.FR.02
    states = [
        event.transaction_info.charging_state
        for event in events
        if event.trigger_reason == "ChargingStateChanged"
    ]
    assert states == ["Charging", "SuspendedEVSE"]  # C15.FR.06
    assert not is_charging(world)
    await present(world, "STRANGE")
    assert told(world, "StopAuthorized").event_type == "Ended"


def refused_afterwards(**more: Any) -> dict[str, Any]:
    return {
        **OFFLINE,
        "AuthCtrlr.OfflineTxForUnknownIdEnabled": True,
        **{f"TxCtrlr.{name}": value for name, value in more.items()},
    }


async def test_TC_C_15_CS_a_refused_token_gets_some_energy_and_its_transaction_goes_on(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables=refused_afterwards(StopTxOnInvalidId=False, MaxEnergyOnInvalidId=10_000)
    )
    await cached(world)
    await offline_start(world)
    before = world.station.read_meter(1).energy_import
    says(world, "Invalid")
    await back(world)
    assert is_charging(world)  # C15.FR.07
    assert "Deauthorized" not in triggers(world)
    await trio.sleep(7200)
    assert not is_charging(world)
    drawn = world.station.read_meter(1).energy_import - before
    assert 10_000 <= drawn < 11_000
    assert world.csms.events("Ended") == []


async def test_TC_C_16_CS_a_refused_token_is_stopped(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables=refused_afterwards(StopTxOnInvalidId=True))
    await cached(world)
    await offline_start(world)
    says(world, "Invalid")
    await back(world)
    stop = told(world, "Deauthorized")
    assert stop.event_type == "Ended"  # C15.FR.04
    assert stop.transaction_info.stopped_reason == "DeAuthorized"
    assert not is_charging(world)
    assert world.drivers[0].is_locked()  # C15.FR.05: until its owner comes
    await present(world)
    assert not world.drivers[0].is_locked()


async def test_TC_C_17_CS_or_gets_no_energy(start: Start, autojump_clock: MockClock) -> None:
    world = await start(variables=refused_afterwards(StopTxOnInvalidId=False))
    await cached(world)
    await offline_start(world)
    says(world, "Invalid")
    await back(world)
    states = [event.transaction_info.charging_state for event in world.csms.events()]
    assert states[-1] == "SuspendedEVSE"
    assert "Deauthorized" not in triggers(world)
    assert not is_charging(world)
    assert world.csms.events("Ended") == []


async def test_TC_C_18_CS_is_stopped_even_where_some_energy_is_allowed(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables=refused_afterwards(StopTxOnInvalidId=True, MaxEnergyOnInvalidId=500)
    )
    await cached(world)
    await offline_start(world)
    says(world, "Invalid")
    await back(world)
    await trio.sleep(600)
    stop = told(world, "Deauthorized")
    assert not stop.offline
    assert not is_charging(world)


async def test_c15_fr_03_without_a_stop_point_for_it_the_refused_transaction_goes_on_without_energy(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables=refused_afterwards(StopTxOnInvalidId=True, TxStopPoint=("EVConnected",))
    )
    await cached(world)
    await offline_start(world)
    says(world, "Invalid")
    await back(world)
    event = told(world, "Deauthorized")
    assert event.event_type == "Updated"
    assert event.transaction_info.charging_state in ("EVConnected", "SuspendedEVSE")
    assert not is_charging(world)
