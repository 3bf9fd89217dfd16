"""From the configuration of an EVSE to the driver of its hardware."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256K1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pilotwire.drivers.driver import SigningDriver
from pilotwire.drivers.outside.evse import OutsideEvse
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.config import Config, ConfigError, load
from pilotwire.engine.hardware import drivers
from pilotwire.engine.journal.journal import Journal
from pilotwire.machines.meter import MeterSample


def now() -> datetime:
    return datetime(2027, 1, 15, tzinfo=UTC)


class PlainDriver:
    def __init__(self, setup: object) -> None: ...

    async def run(self, commands: object, report: object) -> None: ...

    def read_meter(self) -> MeterSample:
        return MeterSample(energy_import=0.0)


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
    made = drivers(config, Journal.open(None, inline=True), now)
    assert [type(driver) for driver in made] == [SimulatedEvse, OutsideEvse, OutsideEvse]
    assert config.station.evses[1].socket == tmp_path / "evse2.sock"


def test_a_meter_that_signs_is_one_of_its_own_key(tmp_path: Path) -> None:
    key = derive_private_key(7, SECP256K1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "meter.pem").write_bytes(pem)
    config = configured(
        tmp_path,
        """
        [[station.evses]]
        signed_meter = true
        meter_key = "meter.pem"
        [[station.evses]]
        signed_meter = true
        [[station.evses]]
        driver = "outside"
        socket = "evse3.sock"
        signed_meter = true
        """,
    )
    made = drivers(config, Journal.open(None, inline=True), now)
    assert all(isinstance(driver, SigningDriver) for driver in made)
    known, new, outside = (getattr(driver, "public_key") for driver in made)  # noqa: B009
    written = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert known == f"oca:base16:asn1:{written.hex()}"
    assert new not in (known, "")
    assert outside == ""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "No such file or directory"),
        (b"nonsense", "expected a private key in PEM, without a password"),
        ("rsa", "expected an elliptic key by one of secp192r1, "),
    ],
)
def test_a_meter_key_that_is_none_is_one_line(
    tmp_path: Path, content: bytes | str | None, problem: str
) -> None:
    if content == "rsa":
        key = generate_private_key(65537, 2048)
        content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if isinstance(content, bytes):
        (tmp_path / "meter.pem").write_bytes(content)
    config = configured(tmp_path, '[[station.evses]]\nsigned_meter = true\nmeter_key = "meter.pem"')
    with pytest.raises(ConfigError) as failure:
        drivers(config, Journal.open(None, inline=True), now)
    place = f"station.evses[1].meter_key: {tmp_path / 'meter.pem'}: "
    assert f"{place}{problem}" in str(failure.value)


def test_an_own_driver_must_sign_where_its_meter_is_said_to(tmp_path: Path) -> None:
    name = f"{__name__}:PlainDriver"
    config = configured(tmp_path, f'[[station.evses]]\nsigned_meter = true\ndriver = "{name}"')
    with pytest.raises(ConfigError, match="has no sign_meter, which signed_meter asks for"):
        drivers(config, Journal.open(None, inline=True), now)


def test_an_own_driver_that_cannot_be_made_is_one_line_with_its_key(tmp_path: Path) -> None:
    config = configured(tmp_path, '[[station.evses]]\ndriver = "no_such_charger:make"')
    with pytest.raises(ConfigError) as failure:
        drivers(config, Journal.open(None, inline=True), now)
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
        (
            'meter_key = "a.pem"',
            'meter_key: only for driver = "simulated" with signed_meter',
        ),
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
