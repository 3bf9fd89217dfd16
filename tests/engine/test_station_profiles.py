"""Where the station's network profiles come from: config.toml, component files, libocpp's list."""

import json
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.config import Config, ConfigError, load
from pilotwire.engine.station_model import check, device_model
from pilotwire.profiles.device_model import DeviceModel
from pilotwire.profiles.legacy_profiles import LEGACY_PROFILES
from pilotwire.profiles.network import priority_of, read_profile, slots_of

LEGACY = [
    {
        "configurationSlot": 2,
        "connectionData": {
            "messageTimeout": 30,
            "ocppCsmsUrl": "ws://legacy.example",
            "ocppInterface": "Wired0",
            "ocppTransport": "JSON",
            "ocppVersion": "OCPP20",
            "securityProfile": 1,
        },
    }
]


class Files:
    """A directory of component files, and a config.toml that names it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "standardized").mkdir()

    def add(self, name: str, instance: str = "", **values: Any) -> None:
        """Add a component with variables of these values."""
        properties = {
            variable: {
                "variable_name": variable,
                "characteristics": {"dataType": "string", "supportsMonitoring": True},
                "attributes": [{"type": "Actual", "mutability": "ReadWrite", "value": value}],
            }
            for variable, value in values.items()
        }
        component = {"name": name, "instance": instance, "properties": properties}
        path = self.directory / "standardized" / f"{name}_{instance}.json"
        path.write_text(json.dumps(component))

    def model(self, text: str = "") -> DeviceModel:
        file = self.directory / "config.toml"
        file.write_text(f'[station]\ndevice_model = "{self.directory}"\n{text}')
        return device_model(load(Config, file, environment={}, checks=(check,)).station)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


FROM_FILES = "[station.network]\nprofiles = []\n"


def test_a_component_file_is_another_slot(files: Files) -> None:
    files.add("NetworkConfiguration", "7", OcppCsmsUrl="ws://seven.example", MessageTimeout=9)
    model = files.model()
    assert slots_of(model) == (1, 2, 7)
    seven = read_profile(model, 7)
    assert seven is not None
    assert (seven.url, seven.message_timeout) == ("ws://seven.example", 9)
    assert priority_of(model) == (1,)  # as config.toml says


def test_without_profiles_in_the_configuration_those_of_files_are_dialled(files: Files) -> None:
    files.add("NetworkConfiguration", "2", OcppCsmsUrl="ws://two.example")
    files.add("NetworkConfiguration", "5", OcppCsmsUrl="ws://five.example")
    assert priority_of(files.model(FROM_FILES)) == (2, 5)
    files.add("OCPPCommCtrlr", NetworkConfigurationPriority="5,2")
    assert priority_of(files.model(FROM_FILES)) == (5, 2)


def test_libocpps_list_is_taken_over_and_gone(files: Files) -> None:
    files.add("InternalCtrlr", NetworkConnectionProfiles=json.dumps(LEGACY), Other="stays")
    model = files.model(FROM_FILES)
    profile = read_profile(model, 2)
    assert profile is not None
    assert profile.url == "ws://legacy.example"
    assert priority_of(model) == (2,)
    assert LEGACY_PROFILES not in model
    assert LEGACY_PROFILES._replace(variable="Other") in model


def test_libocpps_list_does_not_count_beside_profiles_of_the_configuration(files: Files) -> None:
    files.add("InternalCtrlr", NetworkConnectionProfiles=json.dumps(LEGACY))
    model = files.model()
    assert read_profile(model, 2) is None
    assert LEGACY_PROFILES not in model


def test_a_station_without_any_address_does_not_start(files: Files) -> None:
    files.add("InternalCtrlr", NetworkConnectionProfiles="")
    with pytest.raises(ConfigError) as refusal:
        files.model(FROM_FILES)
    told = f"{files.directory}/config.toml: station.network.profiles: no slot has an address"
    assert str(refusal.value) == told


def test_a_list_that_is_none_is_one_line(files: Files) -> None:
    files.add("InternalCtrlr", NetworkConnectionProfiles="[{]")
    with pytest.raises(ConfigError) as refusal:
        files.model(FROM_FILES)
    told = "station.device_model: InternalCtrlr.NetworkConnectionProfiles: expected a list of"
    assert told in str(refusal.value)
