"""Functional block D as dialogues: the local authorization list, sent and told."""

from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.journal.store import JournalError, Store
from pilotwire.profiles.device_model import Key

from .conftest import Start
from .power import PowerCycle
from .world import Number, World

SIZE = Key("LocalAuthListCtrlr", "Entries")


def entry(world: World, token: str, status: str | None = "Accepted", **more: Any) -> Any:
    """An AuthorizationData; without a status one that removes the token."""
    v2 = world.v2
    id_token = v2.IdTokenType(id_token=token, type="ISO14443")
    if status is None:
        return v2.AuthorizationData(id_token=id_token)
    info = v2.IdTokenInfoType(status=status, **more)
    return v2.AuthorizationData(id_token=id_token, id_token_info=info)


async def send_list(world: World, kind: str, version: int, *entries: Any) -> Any:
    more = {"local_authorization_list": entries} if entries else {}
    request = world.v2.SendLocalListRequest(version_number=version, update_type=kind, **more)
    return await world.csms.call(request)


async def version_of(world: World) -> int:
    answer = await world.csms.call(world.v2.GetLocalListVersionRequest())
    version: int = answer.version_number
    return version


async def starts_offline(world: World, *tokens: str) -> list[str]:
    """Give those that start a charge while the central system is away."""
    await world.csms.drop()
    started = []
    for token in tokens:
        await world.charge(token=token)
        if world.drivers[0].is_contactor_closed:
            started.append(token)
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)
    world.csms.come_back()
    await trio.sleep(60)
    return started


# ---- D01


async def test_TC_D_01_CS_a_full_list_is_taken(world: World, autojump_clock: MockClock) -> None:
    answer = await send_list(world, "Full", 3, entry(world, "ANNE"), entry(world, "BOB"))
    assert answer.status == "Accepted"  # D01.FR.02
    assert await version_of(world) == 3
    assert world.model.integer(SIZE) == 2  # D01.FR.12
    assert await starts_offline(world, "ANNE", "BOB", "CARL") == ["ANNE", "BOB"]


async def test_d01_fr_15_the_next_full_list_replaces_it(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 3, entry(world, "ANNE"), entry(world, "BOB"))
    assert (await send_list(world, "Full", 1, entry(world, "CARL"))).status == "Accepted"
    assert await version_of(world) == 1
    assert await starts_offline(world, "ANNE", "BOB", "CARL") == ["CARL"]


async def test_TC_D_02_CS_a_difference_adds_and_changes(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"), entry(world, "BOB"))
    answer = await send_list(
        world, "Differential", 2, entry(world, "bob", "Blocked"), entry(world, "CARL")
    )
    assert answer.status == "Accepted"
    assert await version_of(world) == 2
    assert await starts_offline(world, "ANNE", "BOB", "CARL") == ["ANNE", "CARL"]


async def test_TC_D_03_CS_a_difference_removes(world: World, autojump_clock: MockClock) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"), entry(world, "BOB"))
    answer = await send_list(world, "Differential", 2, entry(world, "ANNE", None))
    assert answer.status == "Accepted"
    assert await version_of(world) == 2
    assert await starts_offline(world, "ANNE", "BOB") == ["BOB"]


async def test_TC_D_04_CS_a_full_list_of_nobody_empties_it(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"))
    assert (await send_list(world, "Full", 2)).status == "Accepted"
    assert await version_of(world) == 2
    assert await starts_offline(world, "ANNE") == []


async def test_TC_D_05_CS_a_difference_of_nobody_moves_the_version(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"))
    assert (await send_list(world, "Differential", 2)).status == "Accepted"
    assert await version_of(world) == 2
    assert await starts_offline(world, "ANNE") == ["ANNE"]


async def test_TC_D_06_CS_an_older_difference_is_a_mismatch(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 2, entry(world, "ANNE"))
    for version in (1, 2):  # D01.FR.19
        answer = await send_list(world, "Differential", version, entry(world, "BOB"))
        assert answer.status == "VersionMismatch"
    assert await version_of(world) == 2
    assert await starts_offline(world, "ANNE", "BOB") == ["ANNE"]


async def test_TC_D_07_CS_the_list_outlives_a_power_cut(
    number: Number, tmp_path: Path, autojump_clock: MockClock
) -> None:
    power = PowerCycle(number, tmp_path)

    async def install(world: World) -> None:
        await send_list(world, "Full", 1, entry(world, "ANNE"), entry(world, "BOB"))
        await send_list(world, "Differential", 2, entry(world, "BOB", None), entry(world, "CARL"))

    async def use(world: World) -> None:
        assert await version_of(world) == 2  # D01.FR.10
        assert world.model.integer(SIZE) == 2
        assert await starts_offline(world, "ANNE", "BOB", "CARL") == ["ANNE", "CARL"]

    await power.powered(install)
    await power.powered(use)


async def test_d01_fr_06_a_list_that_names_a_token_twice_changes_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"))
    for kind in ("Full", "Differential"):
        answer = await send_list(world, kind, 2, entry(world, "BOB"), entry(world, "bob"))
        assert (answer.status, answer.status_info.reason_code) == ("Failed", "InvalidValue")
    assert await version_of(world) == 1
    assert await starts_offline(world, "ANNE", "BOB") == ["ANNE"]


async def test_d01_fr_11_a_list_that_is_too_long_changes_nothing(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "LocalAuthListCtrlr.ItemsPerMessage": 2,
            "LocalAuthListCtrlr.BytesPerMessage": 400,
        }
    )
    await send_list(world, "Full", 1, entry(world, "ANNE"))
    three = [entry(world, name) for name in ("BOB", "CARL", "DORA")]
    answer = await send_list(world, "Full", 2, *three)
    assert (answer.status, answer.status_info.reason_code) == ("Failed", "TooManyElements")
    message = world.v2.MessageContentType(format="UTF8", content="x" * 400)
    answer = await send_list(world, "Full", 2, entry(world, "BOB", personal_message=message))
    assert (answer.status, answer.status_info.reason_code) == ("Failed", "TooLargeElement")
    assert await version_of(world) == 1
    assert await starts_offline(world, "ANNE", "BOB") == ["ANNE"]


@pytest.mark.parametrize("version", [0, -1])
async def test_d01_fr_18_no_list_has_a_version_below_1(
    world: World, autojump_clock: MockClock, version: int
) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"))
    assert (await send_list(world, "Full", version)).status == "Failed"
    assert await version_of(world) == 1


async def test_d01_fr_13_a_list_that_is_switched_off_is_not_changed(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"))
    assert await world.set_variables(LocalAuthListCtrlr__Enabled="false") == ["Accepted"]
    answer = await send_list(world, "Full", 2, entry(world, "BOB"))
    assert (answer.status, answer.status_info.reason_code) == ("Failed", "NotEnabled")
    assert await world.set_variables(LocalAuthListCtrlr__Enabled="true") == ["Accepted"]
    assert await version_of(world) == 1


async def test_d01_fr_09_nothing_that_the_csms_says_elsewhere_changes_the_list(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 1, entry(world, "ANNE"))
    world.csms.on(
        "Authorize",
        lambda request: request.response(id_token_info=world.csms.info(request, "Blocked")),
    )
    await world.charge(token="ANNE")
    assert not world.drivers[0].is_contactor_closed
    world.drivers[0].unplug()
    assert await starts_offline(world, "ANNE") == ["ANNE"]
    await world.csms.call(world.v2.ClearCacheRequest())
    assert await version_of(world) == 1


async def test_a_list_that_the_disk_does_not_take_is_refused_and_does_not_count(
    start: Start, autojump_clock: MockClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, inline=True)
    world = await start(journal=journal)
    await send_list(world, "Full", 1, entry(world, "ANNE"))

    def fail(store: Store, batch: Any) -> None:
        raise JournalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", fail)
        answer = await send_list(world, "Full", 2, entry(world, "BOB"))
    assert (answer.status, answer.status_info.reason_code) == ("Failed", "InternalError")
    assert await version_of(world) == 1
    journal.put("else", "where", b"1")  # the disk has space again
    kept = journal.items("local_list")
    assert set(kept) == {"", "anne ISO14443"}
    assert kept[""] == b"1"


# ---- D02


async def test_TC_D_08_CS_the_version_is_told(world: World, autojump_clock: MockClock) -> None:
    assert await version_of(world) == 0  # D02.FR.02
    await send_list(world, "Full", 17, entry(world, "ANNE"))
    assert await version_of(world) == 17  # D02.FR.01


async def test_TC_D_10_CS_a_list_that_is_switched_off_has_no_version(
    world: World, autojump_clock: MockClock
) -> None:
    await send_list(world, "Full", 17, entry(world, "ANNE"))
    await world.set_variables(LocalAuthListCtrlr__Enabled="false")
    assert await version_of(world) == 0  # D02.FR.03


async def test_a_list_that_is_damaged_on_the_disk_counts_as_none(
    number: Number, tmp_path: Path, autojump_clock: MockClock
) -> None:
    power = PowerCycle(number, tmp_path)

    async def install(world: World) -> None:
        await send_list(world, "Full", 3, entry(world, "ANNE"))
        world.journal.put("local_list", "anne ISO14443", b"\xff")

    async def look(world: World) -> None:
        assert await version_of(world) == 0
        assert await starts_offline(world, "ANNE") == []
        assert (await send_list(world, "Full", 4, entry(world, "BOB"))).status == "Accepted"
        assert set(world.journal.items("local_list")) == {"", "bob ISO14443"}

    await power.powered(install)
    await power.powered(look)
