"""The station's device model out of config.toml: variables, keys of its own, what it is."""

from pathlib import Path

import pytest

from pilotwire.engine.config import Config, ConfigError, load
from pilotwire.engine.config.fields import Invalid
from pilotwire.engine.secrets import Secret
from pilotwire.engine.station_model import check, device_model
from pilotwire.profiles.device_model import DeviceModel, Key
from pilotwire.profiles.network import (
    PASSWORD,
    NetworkProfile,
    priority_of,
    read_profile,
    slots_of,
)
from pilotwire.profiles.v16.configuration import Configuration
from pilotwire.profiles.v16.configuration_keys import Facts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def model_of(file: Path, text: str) -> DeviceModel:
    file.write_text(text)
    return device_model(load(Config, file, environment={}, checks=(check,)).station)


OWN = """
[[station.custom_keys]]
key = "DoorLightSeconds"
type = "integer"
default = 60
minimum = 0
maximum = 3600
unit = "s"
reboot_required = true
meaning = "How long the light at the door stays on"

[[station.custom_keys]]
key = "Board"
type = "OptionList"
default = "B7"
options = ["B7", "B8"]
access = "ReadOnly"
"""


def test_keys_of_ones_own_are_variables_and_keys(file: Path) -> None:
    model = model_of(file, OWN)
    definition = model.definition(Key("CustomizationCtrlr", "DoorLightSeconds"))
    assert (definition.minimum, definition.maximum, definition.unit) == (0, 3600, "s")
    assert definition.reboot_required
    configuration = Configuration(model, Facts(1, ("Core",)))
    light, board = configuration.find("doorlightseconds"), configuration.find("BOARD")
    assert light is not None
    assert board is not None
    assert configuration.change(light, "10") == "RebootRequired"
    assert configuration.change(board, "B8") == "Rejected"
    assert configuration.read(board) == ("Board", True, "B7")


def test_a_variable_can_be_set_for_a_key_of_ones_own(file: Path) -> None:
    own = '[station.variables]\n"CustomizationCtrlr.Board" = "B8"\n' + OWN
    assert model_of(file, own).string(Key("CustomizationCtrlr", "Board")) == "B8"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            '"Board"',
            '"HEARTBEATinterval"',
            "station.custom_keys[2].key: HeartbeatInterval is a standard key; give yours another"
            " name",
        ),
        (
            '"Board"',
            '"doorLIGHTseconds"',
            "station.custom_keys: doorlightseconds stands there more than once",
        ),
        (
            "default = 60",
            "default = 3601",
            "station.custom_keys[1].default: expected at most 3600",
        ),
        (
            "default = 60",
            'default = "60"',
            "station.custom_keys[1].default: expected a whole number",
        ),
        (
            '"DoorLightSeconds"',
            '"Door[1]"',
            "station.custom_keys[1].key: expected 1 to 50 letters, digits, dots, dashes and"
            ' underscores, got "Door[1]"',
        ),
        ("minimum = 0", "minimum = 9999", "station.custom_keys[1].maximum: expected at least the"),
        ('type = "integer"\n', "", "station.custom_keys[1].type: missing, expected one of"),
    ],
)
def test_a_key_that_cannot_be_is_one_line(file: Path, old: str, new: str, line: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        model_of(file, OWN.replace(old, new))
    assert str(refusal.value).startswith(f"{file}: {line}")


@pytest.mark.parametrize(
    ("variable", "line"),
    [
        ('"TxCtrlr.Nonsense" = 1', "TxCtrlr.Nonsense: no such variable"),
        (
            '"TxCtrlr.EVConnectionTimeOut" = 0',
            "TxCtrlr.EVConnectionTimeOut: expected at least 1",
        ),
        (
            '"OCPPCommCtrlr.MessageTimeout[Default]" = 5',
            "OCPPCommCtrlr.MessageTimeout[Default]: each network profile has its own:"
            " message_timeout_seconds",
        ),
    ],
)
def test_a_variable_that_does_not_fit_is_one_line(file: Path, variable: str, line: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        model_of(file, f"[station.variables]\n{variable}\n")
    assert str(refusal.value) == f"{file}: station.variables.{line}"


def test_a_variable_that_an_option_sets_is_named_with_the_option(file: Path) -> None:
    file.touch()
    override = 'station.variables."TxCtrlr.Nonsense"=1'
    with pytest.raises(ConfigError) as refusal:
        load(Config, file, environment={}, overrides=(override,), checks=(check,))
    told = "--set: station.variables.TxCtrlr.Nonsense: no such variable"
    assert str(refusal.value) == told


def test_the_model_says_what_the_station_is(file: Path) -> None:
    text = """
    [station]
    identity = "CS-1"
    vendor = "Maker"
    meter_type = "EM"
    [[station.network.profiles]]
    security_profile = 1
    identity = "CS-2"
    """
    model = model_of(file, text)
    assert model.string(Key("SecurityCtrlr", "Identity")) == "CS-2"
    assert model.integer(Key("SecurityCtrlr", "SecurityProfile")) == 1
    assert model.string(Key("ChargingStation", "VendorName")) == "Maker"
    assert model.string(Key("OCPP16LegacyCtrlr", "MeterType")) == "EM"
    assert model.string(Key("DataLink", "ICCID")) == ""


PROFILES = """
[station]
identity = "CS-1"
[station.network]
priority = [5, 0]
attempts = 7
[[station.network.profiles]]
slot = 0
url = "ws://zero.example"
[[station.network.profiles]]
slot = 5
url = "wss://five.example"
security_profile = 2
interface = "Wired1"
ocpp_version = "ocpp2.1"
message_timeout_seconds = 12.5
identity = "CS-5"
"""


def test_network_profiles_fill_the_slots_of_the_model(file: Path) -> None:
    model = model_of(file, PROFILES)
    assert slots_of(model) == (0, 1, 2, 5)
    assert priority_of(model) == (5, 0)
    assert read_profile(model, 1) is None
    assert read_profile(model, 0) == NetworkProfile(slot=0, url="ws://zero.example")
    assert read_profile(model, 5) == NetworkProfile(
        slot=5,
        url="wss://five.example",
        security_profile=2,
        interface="Wired1",
        ocpp_version="OCPP21",
        message_timeout=13,
        identity="CS-5",
    )
    assert model.integer(Key("OCPPCommCtrlr", "NetworkProfileConnectionAttempts")) == 7
    assert model.string(Key("SecurityCtrlr", "Identity")) == "CS-5"
    assert model.integer(Key("SecurityCtrlr", "SecurityProfile")) == 2


def test_passwords_are_of_their_slots_and_the_first_ones_is_the_stations(file: Path) -> None:
    file.write_text(PROFILES)
    station = load(Config, file, environment={}).station
    model = device_model(station, {0: Secret(b"zero"), 5: Secret(b"five")})
    zero, five = read_profile(model, 0), read_profile(model, 5)
    assert zero is not None
    assert five is not None
    assert (zero.password, five.password) == ("zero", "five")
    assert model.value(PASSWORD) == "five"


@pytest.mark.parametrize(
    ("slot", "password", "line"),
    [
        (3, b"secret", "secrets.station.passwords.3: there is no slot 3"),
        (5, b"secret" * 20, "secrets.station.passwords.5: expected at most 64 characters"),
    ],
)
def test_a_password_that_does_not_fit_is_one_line_without_it(
    file: Path, slot: int, password: bytes, line: str
) -> None:
    file.write_text(PROFILES)
    station = load(Config, file, environment={}).station
    with pytest.raises(Invalid) as refusal:
        device_model(station, {slot: Secret(password)})
    assert str(refusal.value) == line


def test_network_settings_are_variables_unless_a_variable_says_it(file: Path) -> None:
    text = """
    [station.network]
    ping_seconds = 0.5
    retry_repeat_times = 2
    [station.variables]
    "OCPPCommCtrlr.RetryBackOffRepeatTimes" = 9
    """
    model = model_of(file, text)
    assert model.integer(Key("OCPPCommCtrlr", "WebSocketPingInterval")) == 1  # not 0: that is none
    assert model.integer(Key("OCPPCommCtrlr", "RetryBackOffRepeatTimes")) == 9


# ---- components out of files


FAN = """
{
  "name": "CoolingFan",
  "properties": {
    "FanSpeed": {
      "variable_name": "Speed",
      "characteristics": {"dataType": "integer", "unit": "RPM", "supportsMonitoring": true},
      "attributes": [{"type": "Actual", "mutability": "ReadWrite", "value": %s}]
    }
  }
}
"""


def test_components_of_files_are_part_of_the_model(file: Path) -> None:
    (file.parent / "components/custom").mkdir(parents=True)
    (file.parent / "components/custom/Fan.json").write_text(FAN % 2000)
    text = '[station]\ndevice_model = "components"\n'
    speed = Key("CoolingFan", "Speed")
    assert model_of(file, text).integer(speed) == 2000
    mine = text + '[station.variables]\n"CoolingFan.Speed" = 3000\n'
    assert model_of(file, mine).integer(speed) == 3000


def test_a_component_file_that_does_not_fit_is_told_with_its_place(file: Path) -> None:
    (file.parent / "components/custom").mkdir(parents=True)
    (file.parent / "components/custom/Fan.json").write_text(FAN % '"fast"')
    with pytest.raises(ConfigError) as refusal:
        model_of(file, '[station]\ndevice_model = "components"\n')
    assert str(refusal.value) == (
        f"{file}: station.device_model: custom/Fan.json: properties.FanSpeed: "
        "value: expected a whole number"
    )


def test_where_every_cable_is_fixed_unlocking_is_no_setting(file: Path) -> None:
    text = '[[station.evses]]\nkind = "DC"\nmax_watts = 50000.0\n'
    unlocks = Key("OCPPCommCtrlr", "UnlockOnEVSideDisconnect")
    model = model_of(file, text)
    assert not model.boolean(unlocks)
    assert model.definition(unlocks).mutability == "ReadOnly"
    assert model.string(Key.parse("Connector(1,1).ConnectorType")) == "cCCS2"
    assert model.definition(Key.parse("EVSE(1).Power")).maximum == 50_000


def test_connector_types_are_one_for_all_or_one_each(file: Path) -> None:
    text = '[[station.evses]]\nconnectors = 3\nconnector_types = ["sType2", "s309-1P-16A"]\n'
    with pytest.raises(ConfigError, match="expected one for each connector, or one for all"):
        model_of(file, text)
