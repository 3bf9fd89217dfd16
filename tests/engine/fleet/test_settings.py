"""fleet.toml is read as strictly as config.toml."""

from pathlib import Path

import pytest

from pilotwire.engine.config import ConfigError, load
from pilotwire.engine.config.shipped import shipped_file
from pilotwire.engine.fleet.settings import Fleet


def read(tmp_path: Path, text: str) -> Fleet:
    file = tmp_path / "fleet.toml"
    file.write_text(text)
    return load(Fleet, file, environment={})


def test_the_shipped_fleet_is_a_fleet() -> None:
    fleet = load(Fleet, shipped_file("fleet.toml"), environment={})
    assert fleet.stations == 100
    assert [group.name for group in fleet.groups] == ["street", "motorway"]
    assert [phase.kind for phase in fleet.phases] == ["ramp", "steady", "storm", "steady"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("station = 5", "station: unknown key; did you mean stations?"),
        ("stations = 0", "stations: expected an integer from 1 to 1000000, got 0"),
        ('target = "http://a"', "target: expected an address like"),
        ('[[groups]]\nidentity = "CS"', "groups[1].identity: needs {number}"),
        ('[[groups]]\nidentity = "CS {number}"', "groups[1].identity: expected letters, digits"),
        ('[[groups]]\nidentity = "{name}"', "groups[1].identity: expected text with {number}"),
        ('[[groups]]\nname = "a"\n[[groups]]\nname = "a"', "groups: a stands there more than once"),
        ('[[groups]]\narrivals = "custom"', "groups[1].hourly: expected 24 numbers"),
        ("[[groups]]\nhourly = [1.0]", 'groups[1].hourly: only for arrivals = "custom"'),
        (
            '[[groups]]\n[[groups.evses]]\ndriver = "a.b:c"',
            "groups[1].evses: a fleet's EVSEs are simulated",
        ),
        ('[[phases]]\nkind = "steady"\nseconds = 1', 'phases[1].kind: expected "ramp"'),
        ('[[phases]]\nkind = "ramp"\n[[phases]]\nkind = "steady"', "phases[2].seconds: missing"),
        (
            '[[phases]]\nkind = "ramp"\n[[phases]]\nkind = "restart"',
            "phases[2].per_second: missing",
        ),
        (
            '[[phases]]\nkind = "ramp"\n[[phases]]\nkind = "firmware"\nper_second = 1',
            "phases[2].firmware_version: missing",
        ),
        ('[[phases]]\nkind = "flood"', "phases[1].kind: expected one of"),
        ("thresholds.broken_rules = 0", "thresholds.broken_rules: needs trace.enabled = true"),
        ("[[groups]]\nsecurity_profile = 1", "secrets.passwords: the group stations has none"),
        ('[secrets.passwords]\nstations = "geheim"', "a secret is never written here"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert problem in str(error.value)
    assert "\n" not in str(error.value)


def test_a_groups_password_stands_among_the_secrets(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('[passwords]\nstations = "0123456789abcdef"')
    secrets.chmod(0o600)
    fleet = read(tmp_path, 'target = "ws://127.0.0.1:1"\n[[groups]]\nsecurity_profile = 1')
    assert fleet.secrets.passwords["stations"].reveal() == b"0123456789abcdef"
    assert "0123456789abcdef" not in repr(fleet)
