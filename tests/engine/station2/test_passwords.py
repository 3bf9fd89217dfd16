"""The password of HTTP Basic authentication, changed by the CSMS (A01)."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import trio
from structlog.testing import capture_logs
from trio.testing import MockClock

from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.message_log.entries import EntryReader, Frame
from pilotwire.engine.station.security_log import SecurityLog
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.link_errors import HttpRefused
from pilotwire.engine.wire.session import CallFailed
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import PASSWORD, NetworkProfile
from pilotwire.profiles.passwords import revealed

from .fuse import Fuse, fused_journal, live, next_disk, watch_frames
from .world import Number, World, journal_in

OLD, NEW = "first-horse-battery", "second-horse-battery+|@.=:*_-"
KEY = bytes(range(0xF0, 0xF0 + 16)) + b"\x00\xff\x80\n"
StartGuarded = Callable[..., Awaitable["Guarded"]]


class Guarded(World):
    """A station, and a CSMS that lets it in by one password only."""

    def __init__(self, *arguments: Any, expected: str | bytes = OLD, **settings: Any) -> None:
        self.expected = expected.encode() if isinstance(expected, str) else expected
        self.shown: list[bytes] = []
        variables = {
            "SecurityCtrlr.BasicAuthPassword": OLD,
            "NetworkConfiguration[1].SecurityProfile": 1,
            "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
            **settings.pop("variables", {}),
        }
        super().__init__(*arguments, variables=variables, **settings)

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        kept = profile.password or self.model.string(PASSWORD)
        self.shown.append(revealed(kept))
        if self.csms.is_reachable and self.shown[-1] != self.expected:
            raise HttpRefused(401)
        return await super().open_link(profile, nursery)

    async def change(self, text: str) -> str:
        """Have the CSMS set the password, and go by the new one when it is told Accepted."""
        if self.subprotocol == "ocpp1.6":
            request = v16.ChangeConfigurationRequest(key="AuthorizationKey", value=text)
            status = str((await self.csms.call(request)).status)
        else:
            (status,) = await self.set_variables(SecurityCtrlr__BasicAuthPassword=text)
        if status == "Accepted":
            is_16 = self.subprotocol == "ocpp1.6"
            self.expected = bytes.fromhex(text) if is_16 else text.encode()  # A01.FR.03
        return status


@pytest.fixture
async def start(
    number: Number, autojump_clock: MockClock, nursery: trio.Nursery
) -> AsyncIterator[StartGuarded]:
    worlds: list[Guarded] = []

    async def start(is_16: bool = False, **settings: Any) -> Guarded:
        world = Guarded(number, **settings)
        worlds.append(world)
        if is_16:
            world.subprotocol = "ocpp1.6"
        await nursery.start(world.live)
        await trio.sleep(1)
        return world

    yield start
    assert [violation for world in worlds for violation in world.violations] == []


async def test_TC_A_09_CS_a_new_password_is_accepted_and_used(
    start: StartGuarded, autojump_clock: MockClock, tmp_path: Path
) -> None:
    path = tmp_path / "security.log"
    log = SecurityLog(path, max_bytes=10_000, max_files=1, inline=True)
    world = await start(security_log=log)
    with capture_logs() as logs:
        assert await world.change(NEW) == "Accepted"  # A01.FR.01-02
        await trio.sleep(2)
    assert world.shown == [OLD.encode(), NEW.encode()]
    assert world.station.tree.is_online
    assert await world.change(OLD) == "Accepted"
    await trio.sleep(2)
    assert world.shown[2:] == [OLD.encode()]
    # A01.FR.11-12: the change is logged, the password is not.
    lines = [json.loads(line) for line in security_log_text(path).splitlines()]
    assert [(line["type"], line["techInfo"]) for line in lines if not line["critical"]] == [
        ("ReconfigurationOfSecurityParameters", "SecurityCtrlr.BasicAuthPassword")
    ] * 2
    assert NEW not in security_log_text(path)
    assert NEW not in repr(logs)


def security_log_text(path: Path) -> str:
    return path.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "x" * 15,  # A00.FR.205
        "x" * 65,
        "no-exclamation-marks!",
        "no spaces in passwords",
        "keine-Umlaute-äöüäöü",
        "",
    ],
)
async def test_TC_A_10_CS_a_password_that_does_not_fit_is_rejected_and_the_old_one_used(
    start: StartGuarded, autojump_clock: MockClock, text: str
) -> None:
    world = await start()
    status = await world.change(text) if text else "Rejected"
    assert status == "Rejected"
    assert world.station.tree.is_online
    await world.csms.drop()
    world.csms.come_back()
    await trio.sleep(20)
    assert set(world.shown) == {OLD.encode()}
    assert world.station.tree.is_online


@pytest.mark.parametrize("text", ["x" * 16, "x" * 64])
async def test_a00_fr_205_from_16_to_64_characters_are_accepted(
    start: StartGuarded, autojump_clock: MockClock, text: str
) -> None:
    world = await start()
    assert await world.change(text) == "Accepted"
    await trio.sleep(2)
    assert world.shown[-1] == text.encode()


async def test_the_password_is_read_by_nobody(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    world = await start()
    v2 = world.v2
    item = v2.GetVariableDataType(
        component=v2.ComponentType(name="SecurityCtrlr"),
        variable=v2.VariableType(name="BasicAuthPassword"),
    )
    answer = await world.csms.call(v2.GetVariablesRequest(get_variable_data=(item,)))
    (result,) = answer.get_variable_result
    assert (result.attribute_status, bool(result.attribute_value)) == ("Rejected", False)
    await world.csms.call(v2.GetBaseReportRequest(request_id=1, report_base="FullInventory"))
    await trio.sleep(5)
    assert world.csms.of("NotifyReport")
    assert OLD not in repr(world.messages)


async def test_what_is_journalled_of_it_is_apart_from_what_may_be_read(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    world = await start()
    await world.change(NEW)
    await trio.sleep(2)
    assert world.journal.items("secrets") == {"SecurityCtrlr.BasicAuthPassword": NEW.encode()}
    assert NEW.encode() not in world.journal.items("variables").values()
    assert world.journal.items("replaced passwords") == {}  # the new one has worked


async def test_a01_fr_10_the_file_that_keeps_it_is_its_owners_alone(
    start: StartGuarded, autojump_clock: MockClock, tmp_path: Path
) -> None:
    world = await start(journal=journal_in(tmp_path))
    await world.change(NEW)
    await trio.sleep(2)
    modes = {mode_of(file) & 0o077 for file in journal_files(tmp_path)}
    assert modes == {0}
    world.journal.close()


def journal_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("journal.sqlite*"))


def mode_of(file: Path) -> int:
    return file.stat().st_mode


async def test_other_variables_of_the_same_request_are_set_too(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    world = await start()
    world.expected = NEW.encode()
    assert await world.set_variables(
        OCPPCommCtrlr__HeartbeatInterval=77,
        SecurityCtrlr__BasicAuthPassword=NEW,
        Nonsense__Variable=1,
    ) == ["Accepted", "Accepted", "UnknownComponent"]
    await trio.sleep(2)
    assert world.station.integer("OCPPCommCtrlr.HeartbeatInterval") == 77
    assert world.shown[-1] == NEW.encode()


async def test_nothing_is_sent_anew_and_nothing_is_lost_over_the_change(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    world = await start()
    await world.charge()
    world.csms.forget()
    await world.change(NEW)
    await trio.sleep(130)
    assert "BootNotification" not in world.csms.actions()
    events = world.csms.events()
    assert [event.event_type for event in events] == ["Updated"] * len(events)
    seq = [event.seq_no for event in events]
    assert seq == [*range(seq[0], seq[0] + len(seq))]


async def test_a_slot_with_a_password_of_its_own_goes_by_the_new_one_too(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    own = "the-slots-own-password"
    world = await start(expected=own, variables={"NetworkConfiguration[1].BasicAuthPassword": own})
    await world.change(NEW)
    await trio.sleep(2)
    assert world.shown == [own.encode(), NEW.encode()]


async def test_in_profile_3_the_link_stays(start: StartGuarded, autojump_clock: MockClock) -> None:
    world = await start(variables={"NetworkConfiguration[1].SecurityProfile": 3})
    assert await world.change(NEW) == "Accepted"
    await trio.sleep(60)
    assert len(world.shown) == 1


# ---- the answer that got lost


async def test_the_old_password_is_tried_too_until_one_of_them_has_worked(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    world = await start()
    (status,) = await world.set_variables(SecurityCtrlr__BasicAuthPassword=NEW)
    assert status == "Accepted"  # which this CSMS never hears: it goes by the old one
    await trio.sleep(30)
    assert world.shown == [OLD.encode(), NEW.encode(), OLD.encode()]
    assert world.station.tree.is_online
    assert world.journal.items("replaced passwords") == {}
    await world.csms.drop()
    world.csms.come_back()
    await trio.sleep(30)
    assert set(world.shown[3:]) == {OLD.encode()}


async def test_a_power_cut_at_any_step_of_a_change_locks_nobody_out(
    number: Number, autojump_clock: MockClock, tmp_path: Path
) -> None:
    steps = 0
    for blows_at in range(100):
        folder = tmp_path / str(blows_at)
        folder.mkdir()
        fuse = Fuse(blows_at)
        world = Guarded(number, fused_journal(folder, fuse))
        watch_frames(world, fuse)

        async def change(world: Any, fuse: Fuse = fuse) -> None:
            fuse.is_armed = True
            with suppress(CallFailed):  # the answer that never came
                await world.change(NEW)

        lasted = await live(world, change, 20, fuse)
        journal = Journal.open(next_disk(folder, folder / "next") / "journal.sqlite", inline=True)
        again = Guarded(number, journal, expected=world.expected)
        assert await live(again, wait, 60)
        assert again.csms.of("BootNotification"), f"locked out after step {blows_at}"
        assert again.shown[-1] == world.expected
        journal.close()
        if lasted:
            steps = blows_at
            break
    assert steps >= 5  # commits of the password, the frame, what follows


async def wait(world: World) -> None:
    await trio.sleep(1)


# ---- 1.6


async def test_1_6_a01_the_authorization_key_is_written_in_hexadecimal(
    start: StartGuarded, autojump_clock: MockClock, tmp_path: Path
) -> None:
    path = tmp_path / "security.log"
    log = SecurityLog(path, max_bytes=10_000, max_files=1, inline=True)
    world = await start(is_16=True, security_log=log)
    assert await world.change(KEY.hex().upper()) == "Accepted"  # 1.6 A01.FR.01-03
    await trio.sleep(2)
    assert world.shown == [OLD.encode(), KEY]
    assert world.station.tree.is_online
    assert "ReconfigurationOfSecurityParameters" in security_log_text(path)  # 1.6 A01.FR.11
    assert KEY.hex() not in security_log_text(path).lower()  # 1.6 A01.FR.12
    world.subprotocol = "ocpp2.0.1"  # the same password, whatever is spoken
    await world.csms.drop()
    world.csms.come_back()
    await trio.sleep(20)
    assert world.shown[-1] == KEY
    assert world.station.tree.is_online


@pytest.mark.parametrize(
    "value", ["00" * 15, "00" * 21, "0" * 33, "zz" * 16, "not-hexadecimal-at-all", OLD]
)
async def test_1_6_a00_fr_205_what_is_no_key_is_rejected(
    start: StartGuarded, autojump_clock: MockClock, value: str
) -> None:
    world = await start(is_16=True)
    assert await world.change(value) == "Rejected"
    await trio.sleep(5)
    assert world.shown == [OLD.encode()]


async def test_1_6_the_authorization_key_is_not_told(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    world = await start(is_16=True)
    await world.change(KEY.hex())
    await trio.sleep(2)
    asked = await world.csms.call(v16.GetConfigurationRequest(key=("AuthorizationKey",)))
    (key,) = asked.configuration_key
    assert (key.key, bool(key.value)) == ("AuthorizationKey", False)
    told = await world.csms.call(v16.GetConfigurationRequest())
    assert KEY.hex() not in repr(told)


# ---- logs


@pytest.mark.parametrize(
    "frame",
    [
        [2, "1", "ChangeConfiguration", {"key": "AuthorizationKey", "value": KEY.hex()}],
        [2, "1", "ChangeConfiguration", {"key": "authorizationkey", "value": KEY.hex()}],
        [
            2,
            "1",
            "SetVariables",
            {
                "setVariableData": [
                    {
                        "component": {"name": "SecurityCtrlr"},
                        "variable": {"name": "BasicAuthPassword"},
                        "attributeValue": KEY.hex(),
                    }
                ]
            },
        ],
        [
            2,
            "1",
            "SetVariables",
            {
                "setVariableData": [
                    {
                        "component": {"name": "NetworkConfiguration", "instance": "2"},
                        "variable": {"name": "BasicAuthPassword"},
                        "attributeValue": KEY.hex(),
                    }
                ]
            },
        ],
        [
            2,
            "1",
            "SetNetworkProfile",
            {"configurationSlot": 2, "connectionData": {"basicAuthPassword": KEY.hex()}},
        ],
    ],
)
def test_no_frame_shows_a_password_in_the_message_log(frame: Any) -> None:
    reader = EntryReader((1,))
    entry = reader.read(Frame("received", json.dumps(frame), 0.0, 0.0))
    assert KEY.hex() not in repr(entry)
    assert KEY.hex() not in str(entry)


async def test_an_old_password_is_not_shown_to_another_csms(
    start: StartGuarded, autojump_clock: MockClock
) -> None:
    world = await start(
        variables={
            "NetworkConfiguration[2].OcppCsmsUrl": "ws://other.example",
            "NetworkConfiguration[2].SecurityProfile": 1,
        }
    )
    await world.change(NEW)
    await trio.sleep(2)
    assert world.journal.items("replaced passwords") == {"2": OLD.encode()}
    v2 = world.v2
    data = v2.NetworkConnectionProfileType(
        ocpp_version="OCPP20",
        ocpp_transport="JSON",
        ocpp_csms_url="ws://yet-another.example",
        message_timeout=30,
        security_profile=1,
        ocpp_interface="Wired0",
    )
    request = v2.SetNetworkProfileRequest(configuration_slot=2, connection_data=data)
    assert (await world.csms.call(request)).status == "Accepted"
    assert world.journal.items("replaced passwords") == {}
