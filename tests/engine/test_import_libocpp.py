"""Importing a configuration of libocpp: what becomes of each key, and of files that are none."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.cli import main
from pilotwire.engine.config import Config, load
from pilotwire.engine.station_model import device_model
from pilotwire.profiles.device_model import DeviceModel, Key

REAL = Path(__file__).parents[3] / "shared" / "data" / "libocpp" / "config16"
EXAMPLE: dict[str, dict[str, Any]] = {
    "Internal": {
        "ChargePointId": "CS 7",
        "CentralSystemURI": "csms.example:8180/ocpp/CS%207",
        "ChargeBoxSerialNumber": "B-1",
        "ChargePointModel": "Post",
        "ChargePointVendor": "Maker",
        "FirmwareVersion": "1.2",
        "RetryBackoffWaitMinimum": 3,
        "LogMessagesFormat": ["log", "session_logging", "html"],
        "IFace": "eth0",
    },
    "Core": {
        "AuthorizeRemoteTxRequests": False,
        "ConnectorPhaseRotation": "0.RST,1.RST,2.TSR",
        "HeartbeatInterval": 900,
        "MeterValuesSampledData": "Energy.Active.Import.Register,SoC",
        "NumberOfConnectors": 2,
        "WebsocketPingInterval": 20,
    },
    "Security": {"SecurityProfile": 1, "AuthorizationKey": "0123456789ABCDEF"},
    "Custom": {"DoorLight": 60, "Colours": ["red", "green"], "Name": "Ä", "Ratio": 0.5, "Is": True},
}


class Imported:
    """The outcome of one `pilotwire import`."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.source = folder / "ocpp-config.json"
        self.output = folder / "config.toml"
        self.secrets = folder / "config.secrets.toml"
        self.code = -1
        self.lines: list[str] = []

    def run(self, content: object, *options: str) -> "Imported":
        text = content if isinstance(content, str) else json.dumps(content)
        self.source.write_text(text)
        return self.run_file(self.source, *options)

    def run_file(self, source: Path, *options: str) -> "Imported":
        self.code = main(["import", str(source), "--output", str(self.output), *options])
        lines = self.capsys.readouterr().err.splitlines()
        self.lines = [line.removeprefix(f"pilotwire: {source}: ") for line in lines]
        return self

    @property
    def config(self) -> Config:
        return load(Config, self.output, environment={})

    @property
    def model(self) -> DeviceModel:
        return device_model(self.config.station)


@pytest.fixture
def imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Imported:
    return Imported(tmp_path, capsys)


def changed(**groups: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The example with other keys; one that is None is left out."""
    result = {}
    for group in EXAMPLE | groups:
        both = EXAMPLE.get(group, {}) | groups.get(group, {})
        result[group] = {key: value for key, value in both.items() if value is not None}
    return result


def test_a_configuration_is_carried_over(imported: Imported) -> None:
    imported.run(EXAMPLE)
    assert (imported.code, imported.lines) == (0, [])
    station = imported.config.station
    assert (station.identity, station.vendor, station.model) == ("CS 7", "Maker", "Post")
    assert (station.serial_number, station.firmware_version) == ("B-1", "1.2")
    assert [evse.connectors for evse in station.evses] == [1, 1]
    assert station.network.retry_minimum_seconds == 3
    assert station.network.ping_seconds == 20
    (profile,) = station.network.profiles
    assert (profile.url, profile.security_profile) == ("ws://csms.example:8180/ocpp", 1)
    assert station.network.interfaces == {"Any": "eth0"}
    assert imported.config.message_log.formats == ("log", "session", "html")
    model = imported.model
    assert model.boolean(Key("AuthCtrlr", "AuthorizeRemoteStart")) is False
    assert model.integer(Key("OCPPCommCtrlr", "HeartbeatInterval")) == 900
    assert model.members(Key("SampledDataCtrlr", "TxUpdatedMeasurands"))[1:] == ("SoC",)
    assert model.members(Key("OCPP16LegacyCtrlr", "ConnectorPhaseRotation"))[2] == "2.TSR"


def test_the_station_goes_to_its_central_system_and_makes_up_no_cars(imported: Imported) -> None:
    config = imported.run(EXAMPLE).config
    assert not config.central.enabled
    assert not config.simulator.visitors


def test_keys_of_ones_own_keep_their_types(imported: Imported) -> None:
    model = imported.run(EXAMPLE).model
    values = {
        key.variable: (model.definition(key).type, model.value(key))
        for key in model
        if key.component == "CustomizationCtrlr" and not key.instance
    }
    assert values == {
        "DoorLight": ("integer", 60),
        "Colours": ("MemberList", ("red", "green")),
        "Name": ("string", "Ä"),
        "Ratio": ("decimal", 0.5),
        "Is": ("boolean", True),
    }


def test_the_password_is_nowhere_but_in_a_file_of_its_own(imported: Imported) -> None:
    imported.run(EXAMPLE)
    assert "0123456789ABCDEF" not in imported.output.read_text() + "".join(imported.lines)
    assert stat.S_IMODE(imported.secrets.stat().st_mode) == 0o600
    password = imported.config.secrets.station.passwords[1]
    assert password.reveal() == b"0123456789ABCDEF"


@pytest.mark.parametrize(
    ("uri", "profile", "url"),
    [
        ("csms.example/ocpp", 0, "ws://csms.example/ocpp"),
        ("csms.example/ocpp/CS%207", 0, "ws://csms.example/ocpp"),
        ("csms.example/ocpp/CS 7", 0, "ws://csms.example/ocpp"),
        ("csms.example/ocpp/", 1, "ws://csms.example/ocpp/"),
        ("csms.example/ocpp", 2, "wss://csms.example/ocpp"),
        ("wss://csms.example/CS%207", 3, "wss://csms.example"),
        ("[::1]:9000/a", 0, "ws://[::1]:9000/a"),
    ],
)
def test_the_address_gets_its_scheme_and_loses_the_identity(
    imported: Imported, uri: str, profile: int, url: str
) -> None:
    security = {"SecurityProfile": profile, "AuthorizationKey": None}
    imported.run(changed(Internal={"CentralSystemURI": uri}, Security=security))
    assert imported.config.station.network.profiles[0].url == url


def test_a_scheme_against_the_security_profile_is_named(imported: Imported) -> None:
    imported.run(changed(Internal={"CentralSystemURI": "wss://csms.example"}))
    assert imported.lines == [
        "Internal.CentralSystemURI: ws:// takes the place of wss://: SecurityProfile"
    ]
    assert imported.config.station.network.profiles[0].url == "ws://csms.example"


@pytest.mark.parametrize(
    ("groups", "line"),
    [
        ({"Core": {"HartbeatInterval": 5}}, "Core.HartbeatInterval: no such key"),
        ({"Cores": {"A": 1}}, "Cores: no such profile"),
        (
            {"Core": {"HeartbeatInterval": "soon"}},
            'Core.HeartbeatInterval: expected a whole number, got "soon"',
        ),
        (
            {"Core": {"HeartbeatInterval": -1}},
            "Core.HeartbeatInterval: expected at least 1, got -1",
        ),
        (
            {"Core": {"AuthorizeRemoteTxRequests": "false"}},
            'Core.AuthorizeRemoteTxRequests: expected true or false, got "false"',
        ),
        (
            {"Core": {"ConnectorPhaseRotation": "3.RST"}},
            "Core.ConnectorPhaseRotation: expected connectors up to 2 and rotations, like"
            ' 0.RST,1.RST, got "3.RST"',
        ),
        (
            {"Core": {"NumberOfConnectors": 0}},
            "Core.NumberOfConnectors: a station has one EVSE at least",
        ),
        (
            {"Core": {"GetConfigurationMaxKeys": 7}},
            "Core.GetConfigurationMaxKeys: decided by the station itself: 100",
        ),
        (
            {"Internal": {"ChargePointVendor": "x" * 21}},
            f'Internal.ChargePointVendor: expected text of 1 to 20 characters, got "{"x" * 21}"',
        ),
        ({"Internal": {"IMSI": 7}}, "Internal.IMSI: expected text of 1 to 20 characters, got 7"),
        ({"Internal": {"UseTPM": False}}, "Internal.UseTPM: keys in a TPM are not supported"),
        (
            {"Internal": {"LogMessagesFormat": ["log", "security"]}},
            "Internal.LogMessagesFormat: no such format here: security",
        ),
        (
            {"Internal": {"ConnectorEvseIds": "DE*A*1,DE*A*2"}},
            "Internal.ConnectorEvseIds: EVSEs are numbered, their names are not kept; it names 2",
        ),
        (
            {"Internal": {"ChargePointSerialNumber": "P-1"}},
            "Internal.ChargeBoxSerialNumber: ChargePointSerialNumber counts: P-1",
        ),
        (
            {"CostAndPrice": {"Language": "en"}},
            "CostAndPrice.Language: prices and their display are not supported",
        ),
        (
            {"Security": {"SecurityProfile": 4}},
            "Security.SecurityProfile: expected an integer from 0 to 3, got 4",
        ),
        (
            {"Security": {"AuthorizationKey": "short"}},
            "Security.AuthorizationKey: kept, but shorter than the 16 bytes that OCPP asks for",
        ),
        (
            {"Security": {"AuthorizationKey": None}},
            "Security.AuthorizationKey: missing: profile 1 needs one",
        ),
        (
            {"Security": {"SecurityProfile": 0}},
            "Security.AuthorizationKey: security profile 0 has no password",
        ),
        (
            {"Custom": {"Nested": {"a": 1}}},
            "Custom.Nested: expected text, a number, true, false or a list of text",
        ),
        (
            {"Custom": {"ResetRetries": 1}},
            "Custom.ResetRetries: cannot be a key of the station's own: key: ResetRetries is a"
            " standard key; give yours another name",
        ),
        ({"Custom": {"doorlight": 1}}, "Custom.doorlight: stands there more than once"),
        ({"Custom": {"A b": 1}}, "Custom.A b: cannot be a key of the station's own: "),
        ({"Security": {"AuthorizationKey": 5}}, "Security.AuthorizationKey: expected text that"),
        (
            {"Internal": {"SupportedMeasurands": ["SoC"]}},
            "Internal.SupportedMeasurands: decided by the station itself: Energy.Active.Import",
        ),
        (
            {"Internal": {"HeartbeatInterval": 5}},
            "Internal.HeartbeatInterval: Core.HeartbeatInterval says it too, and counts",
        ),
    ],
)
def test_what_is_not_carried_over_is_named_and_why(
    imported: Imported, groups: dict[str, dict[str, Any]], line: str
) -> None:
    imported.run(changed(**groups))
    assert imported.code == 0
    assert [told for told in imported.lines if told.startswith(line)]
    assert imported.config.station.identity == "CS 7"  # the rest is there, and is accepted


@pytest.mark.parametrize(("keys", "got"), [(None, "null"), ([1], "[1]"), (7, "7")])
def test_a_profile_that_is_no_object_is_named(imported: Imported, keys: object, got: str) -> None:
    imported.run(EXAMPLE | {"Core": keys})
    assert imported.code == 0
    assert f"Core: expected an object, got {got}" in imported.lines


def test_null_is_as_good_as_absent(imported: Imported) -> None:
    imported.run(EXAMPLE | {"Reservation": {"ReserveConnectorZeroSupported": None}})
    assert (imported.code, imported.lines) == (0, [])


def test_a_whole_profile_may_be_missing(imported: Imported) -> None:
    imported.run({"Internal": EXAMPLE["Internal"]})
    assert (imported.code, imported.lines) == (0, [])
    assert len(imported.config.station.evses) == 1


def test_names_of_evses_count_them_where_nothing_else_does(imported: Imported) -> None:
    groups = changed(
        Internal={"ConnectorEvseIds": "A*1,A*2,A*3"}, Core={"NumberOfConnectors": None}
    )
    assert len(imported.run(groups).config.station.evses) == 3


def test_rotation_of_the_message_log_is_carried_over(imported: Imported) -> None:
    rotation = {
        "LogRotation": True,
        "LogRotationMaximumFileSize": 1000,
        "LogRotationMaximumFileCount": 3,
        "LogRotationDateSuffix": True,
    }
    log = imported.run(changed(Internal=rotation)).config.message_log
    assert (log.max_file_bytes, log.max_files, log.date_suffix) == (1000, 3, True)


def test_a_message_log_that_is_off_stays_off(imported: Imported) -> None:
    log = imported.run(changed(Internal={"LogMessages": False})).config.message_log
    assert log.formats == ()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("{", "not JSON: "),
        ("", "not JSON: "),
        ("[1, 2]", "not a configuration of libocpp, which has Internal, Core and the like: [1, 2]"),
        ('{"a": 1}', 'not a configuration of libocpp, which has Internal, Core and the like: "a"'),
        ('{"Internal": 5}', "Internal.ChargePointId: missing"),
        (json.dumps(changed(Internal={"ChargePointId": None})), "Internal.ChargePointId: missing"),
        (
            json.dumps(changed(Internal={"CentralSystemURI": 5})),
            "Internal.CentralSystemURI: cannot be 5",
        ),
        (
            json.dumps(changed(Internal={"CentralSystemURI": ""})),
            'Internal.CentralSystemURI: expected an address like "wss://csms.example/ocpp"',
        ),
    ],
)
def test_a_file_that_is_none_is_a_line(imported: Imported, content: str, line: str) -> None:
    imported.run(content)
    assert imported.code == 2
    assert imported.lines[-1].startswith(line)
    assert not imported.output.exists()


def test_a_password_in_the_address_is_refused_and_not_shown(imported: Imported) -> None:
    imported.run(changed(Internal={"CentralSystemURI": "me:hidden1@csms.example"}))
    assert imported.code == 2
    assert "hidden1" not in "".join(imported.lines)


def test_a_file_that_is_not_there_is_a_line(imported: Imported) -> None:
    imported.run_file(imported.folder / "absent.json")
    assert (imported.code, imported.lines) == (2, ["cannot be read: No such file or directory"])


@pytest.mark.parametrize("name", ["config.toml", "config.secrets.toml"])
def test_what_is_there_is_replaced_only_by_force(imported: Imported, name: str) -> None:
    there = imported.folder / name
    there.write_text("mine")
    imported.run(EXAMPLE)
    assert imported.code == 2
    assert imported.lines == [f"pilotwire: {there}: is there already; --force replaces it"]
    assert there.read_text() == "mine"
    imported.run(EXAMPLE, "--force")
    assert imported.code == 0
    assert imported.config.secrets.station.passwords[1].reveal() == b"0123456789ABCDEF"
    assert stat.S_IMODE(imported.secrets.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_a_line(imported: Imported) -> None:
    imported.source.write_text(json.dumps(EXAMPLE))
    output = imported.folder / "absent" / "config.toml"
    assert main(["import", str(imported.source), "--output", str(output)]) == 1
    assert "cannot be written: No such file" in imported.capsys.readouterr().err


def test_any_text_survives_toml(imported: Imported) -> None:
    text = 'quote " backslash \\ tab \t line \n delete \x7f ü 字'
    model = imported.run(changed(Custom={"Text": text})).model
    assert model.string(Key("CustomizationCtrlr", "Text")) == text


@pytest.mark.skipif(not REAL.exists(), reason="libocpp's own configurations are not here")
@pytest.mark.parametrize("name", ["config.json", "config-docker.json", "config-full.json"])
def test_a_configuration_of_libocpp_itself_runs(imported: Imported, name: str) -> None:
    source = REAL / name
    imported.run_file(source)
    assert imported.code == 0
    config = imported.config
    given = json.loads(source.read_text())
    assert config.station.identity == "cp001"
    assert len(config.station.evses) == given["Core"]["NumberOfConnectors"]
    assert (
        imported.model.integer(Key("TxCtrlr", "EVConnectionTimeOut"))
        == (given["Core"]["ConnectionTimeOut"])
    )
    assert bool(config.secrets.station.passwords) == (given["Security"]["SecurityProfile"] == 1)
    named = {line.partition(": ")[0] for line in imported.lines}
    assert "Core.SupportedFeatureProfiles" in named
    assert not [line for line in imported.lines if "no such key" in line]
