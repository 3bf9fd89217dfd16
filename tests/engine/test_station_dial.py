"""How a network profile is dialled: what it says, and what it leaves to the station."""

from pathlib import Path

import pytest
import trio
import trustme

from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Config, Network, Station
from pilotwire.engine.config.security import StationTls
from pilotwire.engine.station_dial import Dialler, reach_of
from pilotwire.engine.tls_files import StationCertificates
from pilotwire.engine.wire.link_errors import DialFailed
from pilotwire.profiles.device_model import DeviceModel
from pilotwire.profiles.network import PASSWORD, NetworkProfile
from pilotwire.profiles.standard import STANDARD

from .pki import ca_file, pair


def dialler(**network: object) -> Dialler:
    config = Config(
        station=Station(
            identity="CS-1",
            versions=("ocpp2.1", "ocpp2.0.1"),
            network=Network(**network),  # type: ignore[arg-type]  # each test its own
        )
    )
    model = DeviceModel(STANDARD)
    model.configure(PASSWORD, "the station's own")
    return Dialler(config, model)


def profile(**values: object) -> NetworkProfile:
    return NetworkProfile(slot=1, url="ws://csms.example", **values)  # type: ignore[arg-type]  # each test its own


def test_a_profile_that_says_little_takes_the_stations_identity_password_and_versions() -> None:
    dial = dialler(connect_timeout_seconds=7.0, ping_seconds=9.0).dial(profile(security_profile=1))
    assert (dial.url, dial.identity) == ("ws://csms.example", "CS-1")
    assert dial.password == b"the station's own"
    assert dial.subprotocols == ("ocpp2.1", "ocpp2.0.1")
    assert (dial.interface, dial.local_address) == (None, None)
    assert (dial.connect_timeout, dial.settings.ping_interval) == (7.0, 9.0)


def test_a_profile_has_its_own_identity_password_and_version() -> None:
    own = profile(identity="CS-2", password="its own", ocpp_version="OCPP20")
    dial = dialler().dial(own)
    assert (dial.identity, dial.password, dial.subprotocols) == ("CS-2", b"its own", ("ocpp2.0.1",))
    assert "its own" not in repr(dial)


def test_without_security_only_a_password_of_the_slots_own_is_told() -> None:
    assert dialler().dial(profile()).password is None
    assert dialler().dial(profile(password="its own")).password == b"its own"


def test_with_a_certificate_no_password_is_told() -> None:
    assert dialler().dial(profile(security_profile=3, password="its own")).password is None


def test_the_password_is_chosen_when_it_is_dialled() -> None:
    config = Config(station=Station())
    model = DeviceModel(STANDARD)
    dials = Dialler(config, model)
    assert dials.dial(profile(security_profile=1)).password is None
    model.configure(PASSWORD, "new")
    assert dials.dial(profile(security_profile=1)).password == b"new"


def test_only_profile_3_shows_the_stations_certificate(tmp_path: Path) -> None:
    ca = trustme.CA()
    chain, key = pair(tmp_path, ca.issue_cert("SERIAL-1"))
    tls = StationTls(ca_file=ca_file(tmp_path, ca), certificate_file=chain, key_file=key)
    dials = Dialler(Config(station=Station(tls=tls)), DeviceModel(STANDARD))
    contexts = [
        dials.dial(NetworkProfile(slot=1, url=url, security_profile=level)).ssl_context
        for url, level in [("ws://x", 1), ("wss://x", 2), ("wss://x", 3), ("wss://x", 2)]
    ]
    assert contexts[0] is None
    assert contexts[1] is contexts[3] is not contexts[2] is not None


def test_a_certificate_that_is_gone_is_a_dial_that_fails(tmp_path: Path) -> None:
    tls = StationTls(ca_file=tmp_path / "gone.pem")
    dials = Dialler(Config(station=Station(tls=tls)), DeviceModel(STANDARD))
    with pytest.raises(DialFailed, match="certificate authorities cannot be read"):
        dials.dial(NetworkProfile(slot=1, url="wss://x", security_profile=2))


WAYS = {"Wired0": "eth7", "Wireless0": "192.0.2.7", "Wireless1": "2001:db8::7"}


@pytest.mark.parametrize(
    ("word", "way"),
    [
        ("Wired0", ("eth7", None)),
        ("Wireless0", (None, "192.0.2.7")),
        ("Wireless1", (None, "2001:db8::7")),
        ("Any", (None, None)),
    ],
)
def test_the_way_out_is_what_the_configuration_says_of_its_word(
    word: str, way: tuple[str | None, str | None]
) -> None:
    dial = dialler(interfaces=WAYS).dial(profile(interface=word))
    assert (dial.interface, dial.local_address) == way


def test_without_any_way_in_the_configuration_the_host_finds_it() -> None:
    dial = dialler().dial(profile(interface="Wireless3"))
    assert (dial.interface, dial.local_address) == (None, None)


def test_any_way_can_be_a_certain_one() -> None:
    assert dialler(interfaces={"Any": "eth7"}).dial(profile()).interface == "eth7"


def test_a_way_that_the_configuration_does_not_know_is_a_dial_that_fails() -> None:
    with pytest.raises(DialFailed) as failure:
        dialler(interfaces=WAYS).dial(profile(interface="Wired3"))
    assert str(failure.value) == "station.network.interfaces does not say what Wired3 is"


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        ("nowhere0", "this host has no network interface nowhere0"),
        ("192.0.2.7", "this host has no address 192.0.2.7"),
    ],
)
async def test_a_way_that_is_not_there_is_a_dial_that_fails(way: str, reason: str) -> None:
    dials = dialler(interfaces={"Wired0": way})
    wanted = NetworkProfile(slot=1, url="ws://127.0.0.1:9", interface="Wired0")
    async with trio.open_nursery() as nursery:
        with pytest.raises(DialFailed) as failure:
            await dials.open_link(wanted, nursery)
    assert str(failure.value) == reason


async def test_the_reach_is_what_the_configuration_gives() -> None:
    station = Station(identity="CS-1", network=Network(interfaces={"Wired0": "eth0"}))
    clock = Clock(0.0)
    reach = reach_of(station, StationCertificates(station.tls), clock)
    assert (reach.has_csms_root(), reach.has_certificate()) == (False, False)
    assert (reach.identity, reach.subprotocols) == ("CS-1", station.versions)
    assert reach.interfaces == {"Wired0"}
    assert reach_of(Station(), StationCertificates(station.tls), clock).interfaces is None
