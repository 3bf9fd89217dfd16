"""The versions as data."""

import subprocess
import sys

import pytest

from pilotwire.profiles.family import OCPP_16, OCPP_21, OCPP_201, VERSIONS, Version


@pytest.mark.parametrize(("version", "count"), [(OCPP_16, 39), (OCPP_201, 64), (OCPP_21, 91)])
def test_every_action_of_the_version_is_there(version: Version, count: int):
    assert len(version.actions()) == count


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_every_station_action_is_one_of_the_version(version: Version):
    assert version.station_actions <= set(version.actions())
    assert version.shared_actions <= set(version.actions())
    assert not version.station_actions & version.shared_actions


@pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
def test_each_action_has_a_sender(version: Version):
    for action in version.actions():
        senders = [role for role in ("station", "csms") if version.sends(role, action)]
        assert len(senders) == (2 if action == "DataTransfer" else 1), action


@pytest.mark.parametrize(
    ("action", "sender"),
    [
        ("BootNotification", "station"),
        ("Reset", "csms"),
        ("ReportDERControl", "station"),
        ("UsePriorityCharging", "csms"),
        ("NotifyPriorityCharging", "station"),
        ("AFRRSignal", "csms"),
        ("NotifyAllowedEnergyTransfer", "csms"),
        ("NotifyWebPaymentStarted", "csms"),
        ("AdjustPeriodicEventStream", "csms"),
        ("RequestBatterySwap", "csms"),
        ("BatterySwap", "station"),
    ],
)
def test_who_sends_what_in_2_1(action: str, sender: str):
    assert OCPP_21.sends("station", action) is (sender == "station")
    assert OCPP_21.sends("csms", action) is (sender == "csms")


def test_only_2_1_has_unconfirmed_messages():
    unconfirmed = {
        name: [a for a, request in version.actions().items() if request.response is None]
        for name, version in VERSIONS.items()
    }
    assert unconfirmed == {
        "ocpp1.6": [],
        "ocpp2.0.1": [],
        "ocpp2.1": ["NotifyPeriodicEventStream"],
    }
    assert [name for name, v in VERSIONS.items() if v.has_unconfirmed] == ["ocpp2.1"]


def test_choosing_1_6_imports_no_messages_of_2_x():
    program = (
        "import sys\n"
        "from pilotwire.profiles.family import OCPP_16\n"
        "assert not [m for m in sys.modules if '.messages.v' in m]\n"
        "OCPP_16.actions()\n"
        "print([m.rpartition('.')[2] for m in sys.modules if '.messages.v' in m])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "['v16']\n"
