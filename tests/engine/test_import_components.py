"""Importing a station of libocpp's 2.x: what of its component files becomes settings."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.cli import main
from pilotwire.engine.config import Config, load
from pilotwire.engine.station_model import check, device_model
from pilotwire.profiles.device_model import DeviceModel, Key
from pilotwire.profiles.network import priority_of, read_profile

REAL = Path(__file__).parents[3] / "shared" / "data" / "libocpp" / "component_config"
PASSWORD = "DEADBEEFDEADBEEF"


def legacy(**data: Any) -> str:
    given = {"messageTimeout": 30, "ocppInterface": "Wired0", "ocppTransport": "JSON", **data}
    return json.dumps([{"configurationSlot": 1, "connectionData": given}])


class Station:
    """A directory of component files, and what became of it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.files = folder / "component_config"
        self.output = folder / "config.toml"
        self.secrets = folder / "config.secrets.toml"
        self.capsys = capsys
        for name in ("standardized", "custom"):
            (self.files / name).mkdir(parents=True)
        self.add("SecurityCtrlr", Identity="CS-7", BasicAuthPassword=PASSWORD)
        self.add("EVSE", place={"evse_id": 1}, SupplyPhases=3)
        self.add("Connector", place={"evse_id": 1, "connector_id": 1}, ConnectorType="sType2")

    def add(self, name: str, place: dict[str, Any] | None = None, **values: Any) -> None:
        properties = {
            variable: {
                "variable_name": variable,
                "characteristics": {"dataType": kind_of(value), "supportsMonitoring": False},
                "attributes": [{"type": "Actual", "mutability": "ReadWrite", "value": value}],
            }
            for variable, value in values.items()
        }
        component = {"name": name, **(place or {}), "properties": properties}
        numbers = "_".join(str(number) for number in (place or {}).values())
        path = self.files / "standardized" / f"{name}_{numbers}.json"
        path.write_text(json.dumps(component))

    def run(self) -> int:
        return main(["import", str(self.files), "--output", str(self.output)])

    @property
    def config(self) -> Config:
        return load(Config, self.output, environment={}, checks=(check,))

    @property
    def model(self) -> DeviceModel:
        config = self.config
        return device_model(config.station, config.secrets.station.passwords)


def kind_of(value: Any) -> str:
    return {bool: "boolean", int: "integer", float: "decimal"}.get(type(value), "string")


@pytest.fixture
def station(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Station:
    return Station(tmp_path, capsys)


def test_who_the_station_is_becomes_settings_and_the_rest_stays_in_its_files(
    station: Station,
) -> None:
    station.add(
        "InternalCtrlr",
        ChargePointVendor="Maker",
        ChargePointModel="Post",
        ChargeBoxSerialNumber="B-1",
        SupportedOcppVersions="ocpp2.1,ocpp2.0.1,ocpp3",
        LogMessagesFormat="log,html,security",
        IFace="eth0",
        NetworkConnectionProfiles=legacy(ocppCsmsUrl="ws://csms.example/CS-7", securityProfile=1),
        Own=5,
    )
    assert station.run() == 0
    settings = station.config.station
    assert (settings.identity, settings.vendor, settings.model) == ("CS-7", "Maker", "Post")
    assert settings.serial_number == "B-1"
    assert settings.versions == ("ocpp2.1", "ocpp2.0.1")
    assert settings.network.interfaces == {"Any": "eth0"}
    assert station.config.message_log.formats == ("log", "html")
    assert not station.config.central.enabled
    assert station.model.integer(Key("InternalCtrlr", "Own")) == 5


def test_the_old_list_of_profiles_fills_its_slots_and_they_its_password(station: Station) -> None:
    url = "ws://csms.example/ocpp/CS-7"  # the identity is appended anew
    station.add(
        "InternalCtrlr",
        NetworkConnectionProfiles=legacy(ocppCsmsUrl=url, securityProfile=1, messageTimeout=9),
    )
    assert station.run() == 0
    (profile,) = station.config.station.network.profiles
    assert (profile.slot, profile.url) == (1, "ws://csms.example/ocpp")
    assert profile.message_timeout_seconds == 9
    assert PASSWORD not in station.output.read_text()
    assert stat.S_IMODE(station.secrets.stat().st_mode) == 0o600
    assert station.config.secrets.station.passwords[1].reveal().decode() == PASSWORD
    assert Key("InternalCtrlr", "NetworkConnectionProfiles") not in station.model


def test_slots_of_their_own_files_count_and_the_list_does_not(station: Station) -> None:
    station.add("InternalCtrlr", NetworkConnectionProfiles=legacy(ocppCsmsUrl="ws://old.example"))
    station.add("OCPPCommCtrlr", NetworkConfigurationPriority="3,2,1")
    station.add("NetworkConfiguration", place={"instance": "1"}, OcppCsmsUrl="")
    station.add(
        "NetworkConfiguration",
        place={"instance": "2"},
        OcppCsmsUrl="wss://two.example",
        SecurityProfile=2,
        BasicAuthPassword="of the second slot",
        Identity="CS-8",
        OcppVersion="OCPP21",
    )
    station.add(
        "NetworkConfiguration",
        place={"instance": "3"},
        OcppCsmsUrl="wss://three.example",
        SecurityProfile=3,
    )
    assert station.run() == 0
    model = station.model
    assert priority_of(model) == (3, 2)
    two, three = read_profile(model, 2), read_profile(model, 3)
    assert two is not None
    assert three is not None
    assert (two.url, two.identity, two.ocpp_version) == ("wss://two.example", "CS-8", "OCPP21")
    assert two.password == "of the second slot"
    assert (three.security_profile, three.password) == (3, None)  # it has a certificate
    assert read_profile(model, 1) is None


def test_evses_are_built_as_their_files_say(station: Station) -> None:
    station.add("NetworkConfiguration", place={"instance": "1"}, OcppCsmsUrl="ws://one.example")
    path = station.files / "custom" / "EVSE_2.json"
    power = {
        "variable_name": "Power",
        "characteristics": {"dataType": "decimal", "maxLimit": 150000},
        "attributes": [{"mutability": "ReadOnly"}],
    }
    phases = {
        "variable_name": "SupplyPhases",
        "characteristics": {"dataType": "integer"},
        "attributes": [{"mutability": "ReadOnly", "value": 0}],
    }
    component = {"name": "EVSE", "evse_id": 2, "properties": {"P": power, "S": phases}}
    path.write_text(json.dumps(component))
    for number in (1, 2):
        place = {"evse_id": 2, "connector_id": number}
        station.add("Connector", place=place, ConnectorType="cCCS2")
    assert station.run() == 0
    first, second = station.config.station.evses
    assert (first.connectors, first.kind, first.phases) == (1, "AC", 3)
    assert first.connector_types == ("sType2",)
    assert (second.connectors, second.kind, second.max_watts) == (2, "DC", 150_000)
    assert second.connector_types == ("cCCS2", "cCCS2")


@pytest.mark.parametrize(
    ("component", "values", "line"),
    [
        ("SecurityCtrlr", {"Identity": ""}, "SecurityCtrlr.Identity: missing"),
        ("InternalCtrlr", {}, "no network profile has an address that could be dialled"),
        (
            "InternalCtrlr",
            {"NetworkConnectionProfiles": "[{]"},
            "InternalCtrlr.NetworkConnectionProfiles: expected a list of network profiles: ",
        ),
        ("ClockCtrlr", {"TimeSource": 7, "DateTime": 9}, "standardized/ClockCtrlr_.json: "),
    ],
)
def test_what_cannot_be_imported_is_one_line(
    station: Station, component: str, values: dict[str, Any], line: str
) -> None:
    station.add(component, **values)
    assert station.run() == 2
    (told,) = station.capsys.readouterr().err.splitlines()
    assert told.startswith(f"pilotwire: {station.files}: {line}")
    assert not station.output.exists()


def test_what_does_not_fit_is_told_and_left_out(station: Station) -> None:
    station.add("InternalCtrlr", ChargePointModel="M" * 21)
    station.add("NetworkConfiguration", place={"instance": "1"}, OcppCsmsUrl="ws://one.example")
    station.add("NetworkConfiguration", place={"instance": "2"}, OcppCsmsUrl="two")
    assert station.run() == 0
    told = station.capsys.readouterr().err.splitlines()
    assert [line.split(": ")[2] for line in told] == [
        "InternalCtrlr.ChargePointModel",
        "NetworkConfiguration[2].OcppCsmsUrl",
    ]
    assert [profile.slot for profile in station.config.station.network.profiles] == [1]


@pytest.mark.skipif(not REAL.exists(), reason="libocpp's own component files are not here")
def test_libocpps_own_files_make_a_station(station: Station) -> None:
    assert main(["import", str(REAL), "--output", str(station.output)]) == 0
    config = station.config
    assert (config.station.identity, len(config.station.evses)) == ("cp001", 2)
    assert [profile.url for profile in config.station.network.profiles] == ["ws://localhost:9000"]
    assert config.secrets.station.passwords[1].reveal().decode() == PASSWORD
