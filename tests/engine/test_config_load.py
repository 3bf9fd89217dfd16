"""Loading: what fits, what does not and how that is said, and who overrides whom."""

import os
from pathlib import Path
from typing import Annotated

import pytest
from msgspec import Meta, field

from pilotwire.engine.config import Config, ConfigError, Invalid, Settings, Station, load
from pilotwire.engine.secrets import Secret


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def read(file: Path, text: str = "", *overrides: str, **environment: str) -> Config:
    file.write_text(text)
    return load(Config, file, overrides=overrides, environment=environment)


def fault(file: Path, text: str = "", *overrides: str, **environment: str) -> str:
    """Give the one line of the error, without the directory of the test."""
    with pytest.raises(ConfigError) as caught:
        read(file, text, *overrides, **environment)
    line = str(caught.value)
    assert "\n" not in line
    return line.replace(f"{file.parent}{os.sep}", "")


def test_an_empty_file_gives_the_defaults_with_paths_beside_it(file: Path) -> None:
    config = read(file)
    assert config.station.versions == ("ocpp2.1", "ocpp2.0.1", "ocpp1.6")
    assert config.station.directory == file.parent / "var/station"
    assert config.central.database == file.parent / "var/central.sqlite"
    assert config.station.evses == Station().evses
    assert config.station.network == Station().network


def test_a_file_says_what_differs(file: Path) -> None:
    config = read(
        file,
        """
        [station]
        identity = "CS-7"
        versions = ["ocpp2.1", "ocpp1.6"]
        directory = "/srv/station"
        [[station.evses]]
        [[station.evses]]
        kind = "DC"
        max_watts = 150_000
        [station.network]
        priority = [2, 0]
        [[station.network.profiles]]
        slot = 0
        [[station.network.profiles]]
        slot = 2
        url = "wss://csms.example:443/ocpp/"
        security_profile = 2
        [[central.tokens]]
        value = "DEADBEEF"
        expires = 2030-01-01T00:00:00Z
        """,
    )
    assert config.station.identity == "CS-7"
    assert config.station.versions == ("ocpp2.1", "ocpp1.6")
    assert config.station.directory == Path("/srv/station")
    assert [evse.max_watts for evse in config.station.evses] == [None, 150_000.0]
    assert [profile.slot for profile in config.station.network.in_order()] == [2, 0]
    assert config.central.tokens[0].expires is not None


# ---- what does not fit


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[station]\nidentiti = 'X'", "station.identiti: unknown key; did you mean identity?"),
        ("[statoin]", "statoin: unknown key; did you mean station?"),
        ("[log]\nport = 1", "log.port: unknown key; did you mean central.port?"),
        (
            '[station]\nidentity = "CS-1\\n"',
            "station.identity: expected text of 1 to 48 characters, none of them a control "
            'character, got "CS-1\\n"',
        ),
        ("[central]\nport = 0", "central.port: expected an integer from 1 to 65535, got 0"),
        (
            "[central]\nport = '9310'",
            'central.port: expected an integer from 1 to 65535, got "9310"',
        ),
        (
            "[station.network]\nretry_minimum_seconds = nan",
            "station.network.retry_minimum_seconds: expected a number above 0, up to 86400, got",
        ),
        (
            "[simulator]\nfirst_arrival_seconds = inf",
            "simulator.first_arrival_seconds: expected a number of at least 0, got inf",
        ),
        (
            "[simulator]\ngap_seconds = [1, inf]",
            "simulator.gap_seconds: expected a range [least, most], got [1, inf]",
        ),
        ("[central]\nenabled = 1", "central.enabled: expected true or false, got 1"),
        ("central = 3", "central: expected a table, got 3"),
        (
            "[station]\nevses = 3",
            "station.evses: expected a list of tables ([[station.evses]]), got 3",
        ),
        (
            "[[station.evses]]\n[[station.evses]]\ndriver = 'simulatd'",
            'station.evses[2].driver: expected "simulated", "outside" or "package.module:factory", '
            'got "simulatd"',
        ),
        (
            "[[station.evses]]\nkind = 'DC'",
            "station.evses[1].max_watts: missing: a DC EVSE needs its most power, in W",
        ),
        ("[station]\nevses = []", "station.evses: expected at least one"),
        (
            "[station]\nversions = ['ocpp1.6', 'ocpp1.7']",
            'station.versions: expected a list that is not empty, each one of "ocpp1.6", '
            '"ocpp2.0.1", "ocpp2.1", got "ocpp1.7" in it',
        ),
        (
            "[station]\nversions = ['ocpp1.6', 'ocpp1.6']",
            "station.versions: ocpp1.6 stands there more than once",
        ),
        (
            "[[central.tokens]]\nparent = 'A'",
            "central.tokens[1].value: missing, expected text of 1 to 255 characters",
        ),
        (
            "[station.variables]\nA = 1",
            "station.variables: expected a name like TxCtrlr.TxStartPoint",
        ),
        ("[station.network]\npriority = [7]", "station.network.priority: no profile has slot 7"),
        (
            "[station]\nvendor = 'twenty-one-characters'",
            "station.vendor: expected at most 20 characters, as ocpp1.6 takes no more",
        ),
    ],
)
def test_what_does_not_fit_is_one_line_with_file_key_and_expectation(
    file: Path, text: str, line: str
) -> None:
    assert fault(file, text).startswith(f"config.toml: {line}")


@pytest.mark.parametrize(
    "url",
    ["http://csms", "ws://", "csms.example", "ws://a:b@csms", "ws://csms:99999", "ws://csms?x=1"],
)
def test_an_address_that_no_station_can_dial_is_refused(file: Path, url: str) -> None:
    line = fault(file, f"[[station.network.profiles]]\nurl = '{url}'")
    assert line.startswith("config.toml: station.network.profiles[1].url: ")


def test_a_security_profile_with_tls_needs_wss(file: Path) -> None:
    text = "[[station.network.profiles]]\nsecurity_profile = 2\nurl = 'ws://csms'"
    assert fault(file, text).endswith("url: security profile 2 needs wss://")


def test_a_syntax_error_tells_line_and_column(file: Path) -> None:
    assert fault(file, "[station]\nidentity 'X'").startswith("config.toml:2:10: not TOML: Expected")


def test_a_file_that_is_not_text_or_not_there_is_told(file: Path) -> None:
    file.write_bytes(b"[station]\nidentity = '\xff'")
    with pytest.raises(ConfigError, match=r"config\.toml:2: not UTF-8 text"):
        load(Config, file, environment={})
    with pytest.raises(ConfigError, match=r"absent\.toml: cannot be read: No such file"):
        load(Config, file.with_name("absent.toml"), environment={})


def test_a_peculiar_value_is_shown_short_and_escaped(file: Path) -> None:
    line = fault(file, f"[log]\nlevel = '{'y' * 100}'")
    assert len(line) < 150
    assert line.endswith('…"')
    assert "\x1b" not in fault(file, '[log]\nlevel = "\\u001b[31m"')


# ---- overrides


def test_the_environment_overrides_the_file_and_set_overrides_both(file: Path) -> None:
    text = "[central]\nport = 1\nhost = 'a'\nheartbeat_seconds = 1"
    config = read(
        file,
        text,
        "central.port=3",
        PILOTWIRE_CENTRAL__PORT="2",
        PILOTWIRE_CENTRAL__HOST="b",
        UNRELATED="x",
    )
    assert (config.central.port, config.central.host) == (3, "b")
    assert config.central.heartbeat_seconds == 1


def test_values_are_toml_or_else_text(file: Path) -> None:
    config = read(
        file,
        "",
        'station.versions=["ocpp2.1", "ocpp1.6"]',
        "station.identity=CS=1 ?",
        "station.model=0042",
        "station.serial_number=42",
        "station.iccid='8931'",
        "central.enabled=false",
    )
    station = config.station
    assert station.versions == ("ocpp2.1", "ocpp1.6")
    assert (station.identity, station.model, station.serial_number) == ("CS=1 ?", "0042", "42")
    assert station.iccid == "8931"
    assert config.central.enabled is False


def test_text_with_a_second_line_sets_no_second_key(file: Path) -> None:
    text = "1\nenabled = false"
    assert fault(file, "", f"central.port={text}").startswith(
        "--set: central.port: expected an int"
    )


def test_places_in_lists_count_from_one_and_the_next_one_is_new(file: Path) -> None:
    config = read(
        file,
        "[[station.evses]]\nconnectors = 2",
        "station.evses[1].phases=1",
        PILOTWIRE_STATION__EVSES__2__CONNECTORS="3",
    )
    first, second = config.station.evses
    assert (first.connectors, first.phases, second.connectors) == (2, 1, 3)
    line = fault(file, "", "station.evses[2].phases=1")
    assert line == "--set: [2]: places count from 1, the last new one is 1"
    assert fault(file, "", "station.evses[0].phases=1").startswith("--set: [0]: places count from")


def test_a_whole_list_in_the_environment_comes_before_one_entry_of_it(file: Path) -> None:
    config = read(
        file,
        PILOTWIRE_STATION__EVSES__1__PHASES="1",
        PILOTWIRE_STATION__EVSES="[{connectors = 2}, {}]",
    )
    assert [(evse.connectors, evse.phases) for evse in config.station.evses] == [(2, 1), (1, 3)]


def test_an_error_in_an_override_names_the_variable_or_the_option(file: Path) -> None:
    line = fault(file, PILOTWIRE_CENTRAL__PORT="x")
    assert line.startswith("PILOTWIRE_CENTRAL__PORT: central.port: expected an integer")
    assert fault(file, "", "central.port=x").startswith("--set: central.port: expected an integer")
    assert fault(file, "", "station.versions=[]").startswith("--set: station.versions: expected")
    assert fault(file, "", "central.port").startswith("--set: central.port: expected key=value")
    line = fault(file, PILOTWIRE_STATION_IDENTITY="x")
    assert line.startswith(
        "PILOTWIRE_STATION_IDENTITY: station_identity: unknown key; did you mean"
    )


# ---- variables of the device model


def test_variables_are_passed_on_as_given_quoted_or_not(file: Path) -> None:
    config = read(
        file,
        """
        [station.variables]
        "OCPPCommCtrlr.HeartbeatInterval" = 300
        TxCtrlr.TxStartPoint = ["EVConnected", "Authorized"]
        "DeviceDataCtrlr.ItemsPerMessage[GetReport]" = 4
        """,
        "station.variables.AuthCtrlr.Enabled=true",
        "station.variables.DeviceDataCtrlr.BytesPerMessage[GetReport]=1000",
        PILOTWIRE_STATION__VARIABLES__AlignedDataCtrlr__Interval="900",
    )
    assert config.station.variables == {
        "OCPPCommCtrlr.HeartbeatInterval": 300,
        "TxCtrlr.TxStartPoint": ["EVConnected", "Authorized"],
        "DeviceDataCtrlr.ItemsPerMessage[GetReport]": 4,
        "AuthCtrlr.Enabled": True,
        "DeviceDataCtrlr.BytesPerMessage[GetReport]": 1000,
        "AlignedDataCtrlr.Interval": 900,
    }


def test_a_check_from_outside_names_the_source_of_what_it_refuses(file: Path) -> None:
    def refuse(config: Config) -> None:
        raise Invalid("station.identity", "is taken")

    file.write_text("[station]\nidentity = 'A'")
    with pytest.raises(ConfigError, match=r"config\.toml: station\.identity: is taken"):
        load(Config, file, environment={}, checks=[refuse])
    with pytest.raises(ConfigError, match=r"^--set: station\.identity: is taken"):
        load(Config, file, environment={}, checks=[refuse], overrides=["station.identity=B"])


# ---- secrets


def secrets_file(file: Path, text: str, mode: int = 0o600) -> Path:
    path = file.with_name("secrets.toml")
    path.write_text(text)
    path.chmod(mode)
    return path


def test_passwords_come_from_the_file_beside_it_and_the_environment_wins(file: Path) -> None:
    secrets_file(file, "[station.passwords]\n1 = 'from file'\n2 = 'other'")
    config = read(file, PILOTWIRE_SECRETS__STATION__PASSWORDS__2="0042")
    assert config.secrets.station.passwords == {1: Secret(b"from file"), 2: Secret(b"0042")}
    assert "from file" not in repr(config)


def test_a_secrets_file_that_is_named_must_be_there(file: Path) -> None:
    file.write_text("[secrets]\nfile = 'mine.toml'")
    with pytest.raises(Exception, match=r"mine\.toml: cannot be read"):
        load(Config, file, environment={})
    file.with_name("mine.toml").write_text("[station.passwords]\n1 = 'a'")
    file.with_name("mine.toml").chmod(0o600)
    config = load(Config, file, environment={})
    assert config.secrets.station.passwords[1].reveal() == b"a"


@pytest.mark.parametrize(
    "text",
    [
        "[station]\npassword = 'hunter2'",
        "[secrets.station.passwords]\n1 = 'hunter2'",
        "[station.variables]\n'SecurityCtrlr.BasicAuthPassword' = 'hunter2'",
        "[[station.network.profiles]]\nauthorization_key = 'hunter2'",
    ],
)
def test_a_secret_in_the_configuration_is_refused_without_showing_it(file: Path, text: str) -> None:
    line = fault(file, text)
    assert line.startswith("config.toml: ")
    assert line.endswith("put it into the secrets file or the environment")
    assert "hunter2" not in line


def test_a_secret_on_the_command_line_is_refused(file: Path) -> None:
    line = fault(file, "", "secrets.station.passwords.1=hunter2")
    assert line.startswith("--set: secrets.station.passwords.1: a secret is never written here")


def test_a_fault_in_the_secrets_file_names_its_key_and_not_its_value(file: Path) -> None:
    secrets_file(file, "[station.passwords]\n1 = 424242")
    assert fault(file) == "secrets.toml: station.passwords.1: expected a secret"
    secrets_file(file, "[station.passwords]\none = 'a'")
    assert fault(file) == "secrets.toml: station.passwords.one: expected an integer as the key"
    secrets_file(file, "[station]\npasword = 'a'")
    assert fault(file) == "secrets.toml: station.pasword: unknown key; did you mean passwords?"


# ---- another root


class Fleet(Settings, frozen=True, kw_only=True):
    """A root that the loader has never seen."""

    stations: Annotated[int, Meta(ge=1, description="How many")]
    names: Annotated[dict[str, int], Meta(description="Names")] = field(default_factory=dict)


def test_the_loader_takes_any_root(file: Path) -> None:
    file.write_text("stations = 1000")
    assert load(Fleet, file, environment={}) == Fleet(stations=1000)
    file.write_text("")
    with pytest.raises(ConfigError, match="stations: missing, expected an integer of at least 1"):
        load(Fleet, file, environment={})
