"""[simulator] gives the visitors what it says, and refuses what they would refuse."""

from pathlib import Path

import pytest

from pilotwire.drivers.visitors import CARS, VisitorSettings
from pilotwire.engine.config import Config, ConfigError, Simulator, load


def test_without_keys_visitors_come_as_usual() -> None:
    assert Simulator().scenario() == VisitorSettings()


def test_every_setting_of_visitors_has_its_key() -> None:
    assert set(VisitorSettings.__struct_fields__) <= set(Simulator.__struct_fields__)


def test_keys_reach_the_visitors() -> None:
    name = CARS[1].ev.name
    simulator = Simulator(
        tokens=("A", "B"), cars={name: 2.0, CARS[0].ev.name: 0.0}, gap_seconds=(1.0, 2.0)
    )
    scenario = simulator.scenario()
    assert [token.value for token in scenario.tokens] == ["A", "B"]
    assert [(kind.ev.name, kind.weight) for kind in scenario.cars] == [(name, 2.0)]
    assert scenario.gap_seconds == (1.0, 2.0)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("gap_seconds", "[5, 2]"),
        ("gap_seconds", "[1]"),
        ("arrival_percent", "[0, 101]"),
        ("pull_share", "1.5"),
        ("tokens", "[]"),
        ("cars", "{tractor = 1}"),
        ("cars", f'{{"{CARS[0].ev.name}" = 0}}'),
    ],
)
def test_what_visitors_cannot_do_names_its_key(tmp_path: Path, key: str, value: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[simulator]\n{key} = {value}")
    with pytest.raises(ConfigError) as caught:
        load(Config, file, environment={})
    assert str(caught.value).startswith(f"{file}: simulator.{key}: ")
