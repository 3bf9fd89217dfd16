"""Local Auth List Management of OCPP 1.6 as dialogues: 3.5.2 to 3.5.4, 4.1, 5.10 and 5.15."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.profiles.messages import v16

from .spoken import PowerCycle, change
from .world import World


def entry(tag: str, status: str | None = "Accepted", **more: Any) -> v16.AuthorizationData:
    """An AuthorizationData; without a status one that removes the tag."""
    if status is None:
        return v16.AuthorizationData(id_tag=tag)
    info = v16.IdTagInfo(status=status, **more)  # type: ignore[arg-type]  # one of its words
    return v16.AuthorizationData(id_tag=tag, id_tag_info=info)


async def send_list(world: World, kind: Any, version: int, *entries: v16.AuthorizationData) -> str:
    request = v16.SendLocalListRequest(
        list_version=version, update_type=kind, local_authorization_list=entries
    )
    answer = await world.csms.call(request)
    status: str = answer.status
    return status


async def version_of(world: World) -> int:
    answer = await world.csms.call(v16.GetLocalListVersionRequest())
    version: int = answer.list_version
    return version


async def get(world: World, *keys: str) -> dict[str, tuple[str, bool]]:
    answer = await world.csms.call(v16.GetConfigurationRequest(key=keys))
    return {item.key: (item.value, item.readonly) for item in answer.configuration_key}


async def starts(world: World, *tags: str) -> list[str]:
    """Give those that start a charge."""
    started = []
    for tag in tags:
        await world.charge(token=tag)
        if world.drivers[0].is_contactor_closed:
            started.append(tag)
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)
    return started


async def starts_offline(world: World, *tags: str) -> list[str]:
    await world.csms.drop()
    started = await starts(world, *tags)
    world.csms.come_back()
    await trio.sleep(60)
    return started


def refusing(request: v16.AuthorizeRequest) -> v16.AuthorizeResponse:
    return v16.AuthorizeResponse(id_tag_info=v16.IdTagInfo(status="Blocked"))


# ---- the keys


async def test_9_2_the_keys_of_the_profile(world: World, autojump_clock: MockClock) -> None:
    keys = await get(
        world,
        "LocalAuthListEnabled",
        "LocalAuthListMaxLength",
        "SendLocalListMaxLength",
        "SupportedFeatureProfiles",
    )
    assert keys["LocalAuthListEnabled"] == ("true", False)
    assert keys["LocalAuthListMaxLength"] == ("10000", True)
    assert keys["SendLocalListMaxLength"] == ("250", True)
    assert "LocalAuthListManagement" in keys["SupportedFeatureProfiles"][0].split(",")


# ---- 5.15 Send Local List


async def test_5_15_a_full_list_replaces_the_one_before(
    world: World, autojump_clock: MockClock
) -> None:
    assert await send_list(world, "Full", 5, entry("ANNE"), entry("BOB")) == "Accepted"
    assert await send_list(world, "Full", 3, entry("CARL"), entry("BOB", "Blocked")) == "Accepted"
    assert await version_of(world) == 3
    assert await starts_offline(world, "ANNE", "BOB", "carl") == ["carl"]


async def test_5_15_a_difference_adds_changes_and_removes(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry("ANNE"), entry("BOB"), entry("CARL"))
    difference = (entry("BOB", None), entry("CARL", "Expired"), entry("DORA"))
    assert await send_list(world, "Differential", 2, *difference) == "Accepted"
    assert await version_of(world) == 2
    assert await starts_offline(world, "ANNE", "BOB", "CARL", "DORA") == ["ANNE", "DORA"]


async def test_5_15_a_difference_to_another_version_is_a_mismatch(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 4, entry("ANNE"))
    for version in (3, 4):
        assert await send_list(world, "Differential", version, entry("BOB")) == "VersionMismatch"
    assert await starts_offline(world, "ANNE", "BOB") == ["ANNE"]
    assert await send_list(world, "Full", 3, entry("BOB")) == "Accepted"  # as it shall do then
    assert await version_of(world) == 3


@pytest.mark.parametrize("version", [7, 0])
async def test_5_10_an_emptied_list_has_version_0(
    world: World, autojump_clock: MockClock, version: int
) -> None:
    await send_list(world, "Full", 5, entry("ANNE"))
    # errata 3.52: not with 0; central systems empty it so all the same.
    assert await send_list(world, "Full", version) == "Accepted"
    assert await version_of(world) == 0
    assert await starts_offline(world, "ANNE") == []
    assert await send_list(world, "Differential", 1, entry("BOB")) == "Accepted"
    assert await version_of(world) == 1


async def test_5_10_at_first_the_list_is_empty(world: World, autojump_clock: MockClock) -> None:
    assert await version_of(world) == 0


@pytest.mark.parametrize("version", [0, -1])
async def test_errata_3_52_a_list_has_another_version_than_0_and_minus_1(
    world: World, autojump_clock: MockClock, version: int
) -> None:
    await send_list(world, "Full", 5, entry("ANNE"))
    assert await send_list(world, "Full", version, entry("BOB")) == "Failed"
    assert await version_of(world) == 5


async def test_6_41_a_list_that_names_a_tag_twice_or_says_nothing_of_one_changes_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry("ANNE"))
    assert await send_list(world, "Full", 2, entry("BOB"), entry("bob")) == "Failed"
    assert await send_list(world, "Full", 2, entry("BOB"), entry("CARL", None)) == "Failed"
    assert await version_of(world) == 1
    assert await starts_offline(world, "ANNE", "BOB") == ["ANNE"]


async def test_9_2_3_a_list_that_is_too_long_changes_nothing(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World(variables={"LocalAuthListCtrlr.ItemsPerMessage": 2})
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await send_list(world, "Full", 1, entry("ANNE"))
    three = (entry("BOB"), entry("CARL"), entry("DORA"))
    assert await send_list(world, "Full", 2, *three) == "Failed"
    assert await version_of(world) == 1


async def test_9_2_1_a_list_that_is_switched_off_is_not_supported(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 5, entry("ANNE"))
    await change(world, LocalAuthListEnabled=False)
    assert await version_of(world) == -1
    assert await send_list(world, "Full", 6, entry("BOB")) == "NotSupported"
    assert await starts_offline(world, "ANNE") == []
    await change(world, LocalAuthListEnabled=True)
    assert await version_of(world) == 5


async def test_3_5_2_the_list_outlives_a_power_cut(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    power = PowerCycle(tmp_path)

    async def install(world: World) -> None:
        await send_list(world, "Full", 5, entry("ANNE", parent_id_tag="FAMILY"))

    async def use(world: World) -> None:
        assert await version_of(world) == 5
        assert await starts_offline(world, "ANNE") == ["ANNE"]

    await power.powered(install)
    await power.powered(use)


# ---- what it decides


async def test_3_5_local_pre_authorize_starts_a_listed_tag_without_asking(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry("ANNE"), entry("BOB", "Blocked"))
    await change(world, LocalPreAuthorize=True)
    assert await starts(world, "ANNE") == ["ANNE"]
    assert not world.csms.of(v16.AuthorizeRequest)
    assert await starts(world, "BOB") == ["BOB"]  # it has been asked about: it may have changed
    assert len(world.csms.of(v16.AuthorizeRequest)) == 1


async def test_3_5_3_the_list_says_before_the_cache(
    world: World, autojump_clock: MockClock
) -> None:
    await starts(world, "ANNE")  # and is cached
    await send_list(world, "Full", 1, entry("ANNE", "Blocked"))
    assert await starts_offline(world, "ANNE") == []


async def test_3_5_3_a_listed_tag_is_not_added_to_the_cache(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry("ANNE"))
    await starts(world, "ANNE", "BOB")
    assert len(world.station.tokens.cache) == 1


async def test_3_5_4_who_is_listed_as_not_valid_is_no_unknown_one(
    world: World, autojump_clock: MockClock
) -> None:
    await change(world, AllowOfflineTxForUnknownId=True)
    past = world.csms.now - timedelta(days=1)
    await send_list(
        world,
        "Full",
        1,
        entry("ANNE", "Invalid"),
        entry("BOB", "Blocked"),
        entry("CARL", "Expired"),
        entry("DORA", expiry_date=past),
        entry("EMIL", "ConcurrentTx"),  # a valid one (3.5.2)
    )
    tags = ("ANNE", "BOB", "CARL", "DORA", "EMIL", "FRED")
    assert await starts_offline(world, *tags) == ["EMIL", "FRED"]


async def test_3_10_a_listed_tag_of_the_group_stops_without_being_asked_about(
    world: World, autojump_clock: MockClock
) -> None:
    family = [entry(tag, parent_id_tag="FAMILY") for tag in ("ANNE", "BOB")]
    await send_list(world, "Full", 1, *family)
    await change(world, LocalPreAuthorize=True)
    await world.charge(token="ANNE")
    world.drivers[0].present_token("BOB")
    await trio.sleep(1)
    assert not world.drivers[0].is_contactor_closed
    assert not world.csms.of(v16.AuthorizeRequest)
    (stop,) = world.csms.of(v16.StopTransactionRequest)
    assert stop.id_tag == "BOB"


# ---- conflicts


def conflicts(world: World) -> list[tuple[int, str]]:
    told = world.csms.of(v16.StatusNotificationRequest)
    return [(r.connector_id, r.status) for r in told if r.error_code == "LocalListConflict"]


async def test_3_5_2_a_start_that_contradicts_the_list_is_told(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry("ANNE"))
    await change(world, LocalPreAuthorize=True)

    def invalid(request: v16.StartTransactionRequest) -> v16.StartTransactionResponse:
        info = v16.IdTagInfo(status="Invalid")
        return v16.StartTransactionResponse(id_tag_info=info, transaction_id=9)

    world.csms.on(v16.StartTransactionRequest, invalid)
    await world.charge(token="ANNE")
    assert conflicts(world) == [(0, "Available")]
    assert await version_of(world) == 1


async def test_3_5_2_so_is_an_authorization_that_does(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry("ANNE", "Invalid"), entry("BOB", "Blocked"))
    await starts(world, "ANNE")
    assert conflicts(world) == [(0, "Available")] * 2  # the answer to the start says so again
    world.csms.on(v16.AuthorizeRequest, refusing)
    world.csms.forget()
    await starts(world, "BOB", "CARL")
    assert conflicts(world) == []
