"""From the configuration of an EVSE to the driver of its hardware."""

from pathlib import Path

import pytest

from pilotwire.drivers.outside.evse import OutsideEvse
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.config import Config, ConfigError, load
from pilotwire.engine.hardware import drivers
from pilotwire.engine.journal.journal import Journal


def configured(tmp_path: Path, text: str) -> Config:
    file = tmp_path / "config.toml"
    file.write_text(text)
    return load(Config, file, environment={})


def test_each_evse_gets_the_driver_that_it_names(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        """
        [[station.evses]]
        [[station.evses]]
        driver = "outside"
        socket = "evse2.sock"
        connectors = 2
        [[station.evses]]
        driver = "outside"
        tcp = "127.0.0.1:9401"
        dials = true
        """,
    )
    made = drivers(config, Journal.open(None, inline=True))
    assert [type(driver) for driver in made] == [SimulatedEvse, OutsideEvse, OutsideEvse]
    assert config.station.evses[1].socket == tmp_path / "evse2.sock"


def test_an_own_driver_that_cannot_be_made_is_one_line_with_its_key(tmp_path: Path) -> None:
    config = configured(tmp_path, '[[station.evses]]\ndriver = "no_such_charger:make"')
    with pytest.raises(ConfigError) as failure:
        drivers(config, Journal.open(None, inline=True))
    assert str(failure.value).startswith(
        "configuration: station.evses[1].driver: no_such_charger cannot be imported: "
    )


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ('driver = "outside"', 'driver: "outside" needs socket or tcp, and not both'),
        (
            'driver = "outside"\nsocket = "a"\ntcp = "127.0.0.1:9401"',
            'driver: "outside" needs socket or tcp, and not both',
        ),
        ('driver = "outside"\ntcp = "0.0.0.0:9401"', "tcp: 0.0.0.0 is not this machine's loopback"),
        ('driver = "outside"\ntcp = "here"', "tcp: expected host:port"),
        ('socket = "a"', 'socket: only for driver = "outside"'),
        ("dials = true", 'dials: only for driver = "outside"'),
        ("options = {a = 1}", 'options: only for a driver "package.module:factory"'),
    ],
)
def test_keys_that_do_not_go_together_are_refused(tmp_path: Path, keys: str, line: str) -> None:
    with pytest.raises(ConfigError) as failure:
        configured(tmp_path, f"[[station.evses]]\n{keys}")
    assert f"station.evses[1].{line}" in str(failure.value)


def test_remote_tcp_may_be_allowed(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        '[[station.evses]]\ndriver = "outside"\ntcp = "192.0.2.7:9401"\nallow_remote = true',
    )
    assert str(config.station.evses[0].outside_address()) == "192.0.2.7:9401"
