"""What the CSMS has set counts until the configuration's own value changes."""

from pathlib import Path

import pytest
import trio

from pilotwire.engine.config import Config, load
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.kept_configuration import give_way
from pilotwire.engine.secrets import Secret
from pilotwire.engine.station_model import device_model

SLOT = "network profiles"
PROFILE = """
[station.network]
slots = [1, 2, 3]
[[station.network.profiles]]
slot = 1
url = "ws://one.example"
"""


@pytest.fixture
def journal() -> Journal:
    return Journal.open(None, inline=True)


@pytest.fixture
def start(tmp_path: Path, journal: Journal):
    """Start with this configuration, and say what the CSMS has set that still counts."""

    def start(text: str, passwords: dict[int, str] | None = None) -> dict[str, set[str]]:
        file = tmp_path / "config.toml"
        file.write_text(text)
        station = load(Config, file, environment={}).station
        secrets = {slot: Secret(word.encode()) for slot, word in (passwords or {}).items()}
        give_way(journal, device_model(station, secrets))
        return {space: set(journal.items(space)) for space in ("variables", "secrets", SLOT)}

    return start


def test_what_the_csms_set_counts_while_the_configuration_says_what_it_said(start, journal):
    text = '[station.variables]\n"OCPPCommCtrlr.HeartbeatInterval" = 300\n'
    start(text)
    journal.put("variables", "OCPPCommCtrlr.HeartbeatInterval", b"60")
    assert start(text)["variables"] == {"OCPPCommCtrlr.HeartbeatInterval"}
    other = text + '"TxCtrlr.EVConnectionTimeOut" = 30\n'
    assert start(other)["variables"] == {"OCPPCommCtrlr.HeartbeatInterval"}


@pytest.mark.parametrize("later", ["[station.variables]\n{} = 400", ""])
def test_a_value_that_the_configuration_changes_or_leaves_out_counts_again(start, journal, later):
    name = "OCPPCommCtrlr.HeartbeatInterval"
    start(f'[station.variables]\n"{name}" = 300\n')
    journal.put("variables", name, b"60")
    assert start(later.format(f'"{name}"'))["variables"] == set()


def test_a_slot_is_one_thing(start, journal):
    start(PROFILE)
    journal.put(SLOT, "1", b"{}")
    journal.put(SLOT, "2", b"{}")
    assert start(PROFILE)[SLOT] == {"1", "2"}
    assert start(PROFILE + "message_timeout_seconds = 9\n")[SLOT] == {"2"}


def test_what_the_csms_filled_stays_when_the_configuration_says_nothing_of_it(start, journal):
    start(PROFILE)
    journal.put(SLOT, "3", b"{}")
    assert start(PROFILE + '[[station.network.profiles]]\nslot = 2\nurl = "ws://two"\n')[SLOT] == {
        "3"
    }


def test_the_priority_of_the_csms_gives_way_to_a_new_one_of_the_configuration(start, journal):
    two = PROFILE + '[[station.network.profiles]]\nslot = 2\nurl = "ws://two"\n'
    name = "OCPPCommCtrlr.NetworkConfigurationPriority"
    start(two)
    journal.put("variables", name, b"2,1")
    assert start(two)["variables"] == {name}
    assert start(two.replace("slots", "priority = [2]\nslots"))["variables"] == set()


def test_a_password_of_the_csms_gives_way_to_a_new_one_and_the_old_is_not_kept(start, journal):
    start(PROFILE, {1: "the old password"})
    journal.put(SLOT, "1", b"{}")
    journal.put("secrets", "SecurityCtrlr.BasicAuthPassword", b"of the CSMS")
    kept = start(PROFILE, {1: "the old password"})
    assert kept[SLOT] == {"1"}
    kept = start(PROFILE, {1: "the new password"})
    assert (kept[SLOT], kept["secrets"]) == (set(), set())
    assert b"password" not in b"".join(journal.items("configuration").values()).replace(
        b"BasicAuthPassword", b""
    )


def test_a_damaged_note_of_what_was_said_changes_nothing(start, journal):
    start(PROFILE)
    journal.put(SLOT, "1", b"{}")
    journal.put("configuration", "variables", b"{")
    assert start(PROFILE + "message_timeout_seconds = 9\n")[SLOT] == {"1"}
    assert start(PROFILE)[SLOT] == set()


async def test_the_first_start_of_a_station_forgets_nothing(start, journal):
    journal.put("variables", "OCPPCommCtrlr.HeartbeatInterval", b"60")
    await trio.lowlevel.checkpoint()
    assert start("")["variables"] == {"OCPPCommCtrlr.HeartbeatInterval"}
