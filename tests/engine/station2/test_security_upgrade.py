"""A higher security profile, by the CSMS's wish (A05, 1.6 white paper A05)."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.wire.session import CallFailed
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import Reach

from .fuse import Fuse, PowerCut, fused_journal, next_disk
from .networks import Csms, Networks
from .world import Number

StartNetworks = Callable[..., Awaitable[Networks]]
PASSWORD = {"SecurityCtrlr.BasicAuthPassword": "correct-horse-battery"}
ATTEMPTS = "OCPPCommCtrlr.NetworkProfileConnectionAttempts"
PRIORITY = "OCPPCommCtrlr.NetworkConfigurationPriority"


def reach(*, root: bool = True, certificate: bool = True) -> Reach:
    return Reach(has_csms_root=lambda: root, has_certificate=lambda: certificate)


def speaks_16(station: Networks) -> None:
    for csms in station.csmses.values():
        csms.subprotocol = "ocpp1.6"


async def upgrade(station: Networks, profile: int, slot: int = 2) -> tuple[str, str]:
    """Have the CSMS set a network profile of this security profile, and prefer it."""
    await station.set_profile(
        slot, "b", security_profile=profile, ocpp_csms_url="wss://b.example/ocpp"
    )
    return await station.set_priority(slot, 1)


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 3), (1, 3)])
async def test_TC_A_19_CS_an_upgrade_that_is_accepted(  # A05.FR.04-06
    start_networks: StartNetworks, before: int, after: int, autojump_clock: MockClock
) -> None:
    scheme = "wss" if before >= 2 else "ws"
    station = await start_networks(
        reach=reach(), **Networks.slot(1, "a", SecurityProfile=before, OcppCsmsUrl=f"{scheme}://a")
    )
    assert await upgrade(station, after) == ("Accepted", "")
    assert await station.get("SecurityCtrlr.SecurityProfile") == str(before)
    await station.reset()
    await trio.sleep(1)
    assert station.slots() == [1, 2]
    assert station.csmses["b"].of("BootNotification")
    assert await station.get("SecurityCtrlr.SecurityProfile") == str(after)
    assert await station.get(PRIORITY) == "2"
    assert (await upgrade(station, before))[0] == "Rejected"


async def test_TC_A_20_CS_no_valid_root_of_the_csms(  # A05.FR.02
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(reach=reach(root=False))
    answer = await station.set_profile(2, "b", security_profile=2, ocpp_csms_url="wss://b.example")
    assert answer.status == "Accepted"
    assert await station.set_priority(2, 1) == ("Rejected", "InvalidNetworkConf")
    assert await station.get(PRIORITY) == "1"
    assert await station.get("SecurityCtrlr.SecurityProfile") == "1"
    await station.reset()
    await trio.sleep(1)
    assert station.slots() == [1, 1]


async def test_TC_A_21_CS_no_valid_certificate_of_the_station(  # A05.FR.03
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(reach=reach(certificate=False))
    answer = await station.set_profile(2, "b", security_profile=3, ocpp_csms_url="wss://b.example")
    assert answer.status == "Accepted"
    assert await station.set_priority(2, 1) == ("Rejected", "InvalidNetworkConf")
    assert await upgrade(station, 2) == ("Accepted", "")  # that one needs none


async def test_what_is_not_higher_needs_nothing(
    start_networks: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_networks(
        reach=reach(root=False, certificate=False),
        **Networks.slot(1, "a", SecurityProfile=3, OcppCsmsUrl="wss://a.example"),
    )
    assert await upgrade(station, 3) == ("Accepted", "")


# ---- power cuts


async def next_life(number: Number, journal: Journal, csmses: dict[str, Csms]) -> Networks:
    """Give a station that goes on from a journal, with the same central systems."""
    async with trio.open_nursery() as far:
        station = Networks(number, far, reach=reach(), **{ATTEMPTS: 1, **PASSWORD})
        station.journal = journal
        station.csmses = csmses
        await far.start(station.run)
        await trio.sleep(60)
        far.cancel_scope.cancel()
    return station


async def live_until_cut(
    number: Number, journal: Journal, fuse: Fuse, act: Callable[[Networks], Awaitable[None]]
) -> tuple[bool, dict[str, Csms]]:
    """Do this with a station, and say whether its power lasted."""
    lasted = True
    csmses: dict[str, Csms] = {}
    try:
        async with trio.open_nursery() as far:
            station = Networks(number, far, reach=reach(), **{ATTEMPTS: 1, **PASSWORD})
            csmses = station.csmses
            far.start_soon(fuse.blow)
            station.journal = journal
            await far.start(station.run)
            await trio.sleep(1)
            fuse.is_armed = True
            with suppress(CallFailed):
                await act(station)
            await trio.sleep(60)
            far.cancel_scope.cancel()
    except* PowerCut:
        lasted = False
    return lasted, csmses


async def upgrade_and_boot(station: Networks) -> None:
    await upgrade(station, 2)
    await station.reset()


async def change_security_profile(station: Networks) -> None:
    await station.now.csms.call(v16.ChangeConfigurationRequest(key="SecurityProfile", value="2"))


@pytest.mark.parametrize("is_16", [False, True])
@pytest.mark.parametrize("is_there", [True, False])
async def test_a_power_cut_at_any_step_of_an_upgrade_leaves_a_station_that_is_reached(
    is_16: bool, is_there: bool, autojump_clock: MockClock, tmp_path: Path
) -> None:
    number: Number = "2.1"
    for blows_at in range(200):
        folder = tmp_path / str(blows_at)
        folder.mkdir()
        fuse = Fuse(blows_at)

        async def act(station: Networks) -> None:
            if is_16:
                speaks_16(station)
                await station.drop("a")
                station.come_back("a")
                await trio.sleep(10)
            if not is_there:
                await station.drop("b")
            await (change_security_profile if is_16 else upgrade_and_boot)(station)

        journal = fused_journal(folder, fuse)
        lasted, csmses = await live_until_cut(number, journal, fuse, act)
        for csms in csmses.values():
            csms.forget()
        kept = Journal.open(next_disk(folder, folder / "next") / "journal.sqlite", inline=True)
        station = await next_life(number, kept, csmses)
        reached = [name for name, csms in csmses.items() if csms.of("BootNotification")]
        assert reached, f"not reached after step {blows_at}"
        assert set(station.slots()) <= {1, 2}
        kept.close()
        if lasted:
            break
    assert blows_at >= 8
    assert lasted


# ---- 1.6


@pytest.fixture
async def start_16(start_networks: StartNetworks) -> StartNetworks:
    async def start(**settings: Any) -> Networks:
        settings.setdefault("reach", reach())
        return await start_networks(speaks_16, **{**PASSWORD, **settings})

    return start


async def change(station: Networks, value: object) -> str:
    request = v16.ChangeConfigurationRequest(key="SecurityProfile", value=str(value))
    status = str((await station.now.csms.call(request)).status)
    await trio.sleep(1)
    return status


async def told(station: Networks) -> tuple[str, bool]:
    request = v16.GetConfigurationRequest(key=("SecurityProfile",))
    (key,) = (await station.now.csms.call(request)).configuration_key
    return key.value, key.readonly


async def test_1_6_a05_fr_05_06_07_an_upgrade_is_made_at_once(
    start_16: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_16()
    assert await told(station) == ("1", False)
    old = station.csmses["a"].link
    assert await change(station, 2) == "Accepted"
    assert old is not None
    assert old.closed is not None
    assert station.dials[-1].profile.url == "wss://a.example/ocpp"
    assert station.dials[-1].profile.security_profile == 2
    assert len(station.dials) == 2
    assert await told(station) == ("2", False)
    assert len(station.lives) == 1  # without a boot
    station.forget()
    await station.drop("a")
    station.come_back("a")
    await trio.sleep(60)
    assert {dialled.profile.security_profile for dialled in station.dials} == {2}


async def test_1_6_a05_a_network_profile_that_has_it_already_is_taken(
    start_16: StartNetworks, autojump_clock: MockClock
) -> None:
    second = Networks.slot(2, "b", SecurityProfile=2, OcppCsmsUrl="wss://b.example")
    station = await start_16(**second)
    assert await change(station, 2) == "Accepted"
    assert station.slots() == [1, 2]
    assert station.csmses["b"].actions()[0] == "BootNotification"


@pytest.mark.parametrize("value", ["0", "1", "-1", "4", "02", "two", ""])
async def test_1_6_a05_fr_01_what_is_not_higher_is_rejected(
    start_16: StartNetworks, value: str, autojump_clock: MockClock
) -> None:
    station = await start_16()
    assert await change(station, value) == "Rejected"
    await trio.sleep(5)
    assert station.slots() == [1]
    assert await told(station) == ("1", False)


@pytest.mark.parametrize(
    ("missing", "value"),
    [
        ({"SecurityCtrlr.BasicAuthPassword": "too-short"}, 2),  # 1.6 A05.FR.02
        ({"SecurityCtrlr.BasicAuthPassword": None}, 2),
        ({"reach": reach(root=False)}, 2),  # 1.6 A05.FR.03
        ({"reach": reach(root=False)}, 3),
        ({"reach": reach(certificate=False)}, 3),  # 1.6 A05.FR.04
    ],
)
async def test_1_6_a05_fr_02_03_04_without_what_it_needs_it_is_rejected(
    start_16: StartNetworks, missing: dict[str, Any], value: int, autojump_clock: MockClock
) -> None:
    station = await start_16(**missing)
    assert await change(station, value) == "Rejected"
    await trio.sleep(5)
    assert station.slots() == [1]


async def test_1_6_a05_from_none_to_a_password_keeps_the_scheme(
    start_16: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_16(**Networks.slot(1, "a", SecurityProfile=0))
    assert await change(station, 1) == "Accepted"
    assert station.dials[-1].profile.url == "ws://a.example/ocpp"
    assert await told(station) == ("1", False)


async def test_1_6_a05_fr_08_where_no_link_comes_about_it_falls_back(
    start_16: StartNetworks, autojump_clock: MockClock
) -> None:
    second = Networks.slot(2, "b", SecurityProfile=2, OcppCsmsUrl="wss://b.example")
    station = await start_16(**second, **{ATTEMPTS: 2})
    await station.drop("b")
    assert await change(station, 2) == "Accepted"
    await trio.sleep(20)
    assert station.slots() == [1, 2, 2, 1]
    assert await told(station) == ("1", False)
    station.forget()
    await station.now.csms.call(v16.ResetRequest(type="Soft"))
    await trio.sleep(20)
    assert station.slots() == [1]  # the old settings, not the new ones again


async def test_1_6_a05_without_an_empty_slot_it_is_rejected(
    start_16: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_16(**Networks.slot(2, "b", SecurityProfile=1))
    assert await change(station, 2) == "Rejected"


async def test_an_upgrade_is_a_reconfiguration_for_the_security_log(
    start_16: StartNetworks, autojump_clock: MockClock
) -> None:
    station = await start_16()
    with capture_logs() as logs:
        await change(station, 2)
    told_of = [line["tech_info"] for line in logs if line["event"] == "security_event"]
    assert told_of == [
        "NetworkConfiguration[2]",  # the new one
        "SecurityCtrlr.SecurityProfile",
        "NetworkConfiguration[1]",  # what is dropped
    ]
