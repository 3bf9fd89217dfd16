"""The security profiles of the central system, over real sockets and real TLS (A00, A05, B01)."""

import json
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import trio
import trustme
from msgspec.structs import replace

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.engine.config.security import CentralTls, ServerCertificate
from pilotwire.engine.secrets import Secret
from pilotwire.engine.tls_files import server_tls
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link_errors import DialFailed, HttpRefused, LinkClosed
from pilotwire.engine.wire.tls import ClientTls, client_context

from ..pki import ca_file, pair, pem

PASSWORD = b"correct-horse-battery"
BOOT_16 = '[2,"b","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"One"%s}]'
BOOT_201 = (
    '[2,"b","BootNotification",{"reason":"PowerUp","chargingStation":'
    '{"vendorName":"Acme","model":"One","serialNumber":"%s"}}]'
)
DialAs = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def settings(tmp_path: Path, ca: trustme.CA) -> Central:
    kinds = trustme.KeyType
    pairs = [
        pair(tmp_path / kind.name, ca.issue_cert("localhost", key_type=kind))
        for kind in (kinds.ECDSA, kinds.RSA)
    ]
    return Central(
        port=0,
        database=tmp_path / "central.sqlite",
        tls=CentralTls(
            port=0,
            client_ca_file=ca_file(tmp_path, ca),
            organization="Operator",
            certificates=tuple(
                ServerCertificate(certificate_file=chain, key_file=key) for chain, key in pairs
            ),
        ),
    )


def opened(settings: Central, **more: Any) -> Any:
    return CentralSystem.open(settings, Clock(), tls=server_tls(settings.tls), **more)


@pytest.fixture
async def dial(nursery: trio.Nursery, ca: trustme.CA, tmp_path: Path) -> DialAs:
    async def dial(
        central: CentralSystem,
        profile: int,
        identity: str = "CS-1",
        version: str = "ocpp1.6",
        certificate: trustme.LeafCert | None = None,
        **changes: Any,
    ) -> Any:
        files: dict[str, str] = {}
        if certificate is not None:
            chain, key = pair(tmp_path / "station", certificate)
            files = {"certificate_file": str(chain), "key_file": str(key)}
        is_tls = profile >= 2
        fields = {
            "url": f"wss://localhost:{central.tls_port}"
            if is_tls
            else f"ws://localhost:{central.port}",
            "identity": identity,
            "subprotocols": (version,),
            "password": PASSWORD if profile in (1, 2) else None,
            "ssl_context": client_context(ClientTls(ca_pem=pem(ca), **files)) if is_tls else None,
        }
        return await open_link(nursery, Dial(**fields | changes))

    return dial


def of_station(ca: trustme.CA, serial: str, organization: str = "The Operator") -> Any:
    return ca.issue_cert("station", common_name=serial, organization_name=organization)


async def say(link: Any, frame: str) -> Any:
    await link.send(frame)
    return json.loads(await link.receive())


@pytest.fixture
def passwords() -> dict[str, Secret]:
    return {"CS-1": Secret(PASSWORD)}


async def test_both_ports_are_there_and_each_has_its_profiles(
    settings: Central, passwords: dict[str, Secret], dial: DialAs
) -> None:
    async with opened(settings, passwords=passwords) as central:
        assert central.port != central.tls_port
        assert (await say(await dial(central, 1), BOOT_16 % ""))[2]["status"] == "Accepted"
        secured = await dial(central, 2)
        assert (await say(secured, BOOT_16 % ""))[2]["status"] == "Accepted"
        assert secured.peer.is_tls


async def test_TC_A_02_CSMS_a_username_that_is_not_the_identity_is_refused(
    settings: Central, passwords: dict[str, Secret], dial: DialAs
) -> None:
    async with opened(settings, passwords=passwords) as central:
        for profile in (1, 2):
            with pytest.raises(HttpRefused, match="401"):  # A00.FR.204, A00.FR.207, A00.FR.324
                await dial(central, profile, username=b"CS-2")


async def test_TC_A_03_CSMS_a_wrong_password_is_refused(
    settings: Central, passwords: dict[str, Secret], dial: DialAs
) -> None:
    async with opened(settings, passwords=passwords) as central:
        for profile in (1, 2):
            with pytest.raises(HttpRefused, match="401"):
                await dial(central, profile, password=b"wrong-horse-battery")
        await dial(central, 2)


async def test_a00_fr_002_a_profile_that_is_fixed_is_the_only_one(
    settings: Central, passwords: dict[str, Secret], dial: DialAs, ca: trustme.CA
) -> None:
    fixed = replace(settings, security_profiles={"CS-1": 2})
    async with opened(fixed, passwords=passwords) as central:
        with pytest.raises(HttpRefused, match="401"):
            await dial(central, 1)
        with pytest.raises(HttpRefused, match="401"):
            await dial(central, 3, certificate=of_station(ca, "CS-1"))
        await dial(central, 2)


async def test_a05_fr_07_who_has_come_by_a_higher_profile_comes_by_no_lower_one(
    settings: Central, passwords: dict[str, Secret], dial: DialAs
) -> None:
    async with opened(settings, passwords=passwords) as central:
        await (await dial(central, 1)).close()
        await (await dial(central, 2)).close()
        with pytest.raises(HttpRefused, match="401"):
            await dial(central, 1)
    async with opened(settings, passwords=passwords) as central:  # it is remembered
        with pytest.raises(HttpRefused, match="401"):
            await dial(central, 1)
        await central.set_security_profile("CS-1", 1)
        await dial(central, 1)


async def test_a00_fr_405_the_serial_number_is_that_of_the_certificate(
    settings: Central, dial: DialAs, ca: trustme.CA
) -> None:
    async with opened(settings) as central:
        station = await dial(central, 3, certificate=of_station(ca, "S-1"), version="ocpp2.0.1")
        assert (await say(station, BOOT_201 % "S-1"))[2]["status"] == "Accepted"
        await station.close()
        # Now that its serial number is known, nobody else's certificate does.
        with pytest.raises(HttpRefused, match="401"):
            await dial(central, 3, certificate=of_station(ca, "S-2"), version="ocpp2.0.1")


@pytest.mark.parametrize(
    ("version", "boot"),
    [
        ("ocpp2.0.1", BOOT_201 % "S-2"),
        ("ocpp2.1", BOOT_201 % "S-2"),
        ("ocpp1.6", BOOT_16 % ',"chargePointSerialNumber":"S-2"'),
        ("ocpp1.6", BOOT_16 % ""),
    ],
)
async def test_b01_fr_12_another_serial_number_than_the_certificates_ends_the_connection(
    settings: Central, dial: DialAs, ca: trustme.CA, version: str, boot: str
) -> None:
    async with opened(settings) as central:
        station = await dial(central, 3, certificate=of_station(ca, "S-1"), version=version)
        answer = await say(station, boot)  # B01.FR.11
        assert answer[:3] == [4, "b", "SecurityError"]
        with pytest.raises(LinkClosed) as closed:
            await station.receive()
        assert closed.value.code == 1008
        assert [row.registration for row in central.store.stations()] == [None]


async def test_a00_fr_404_a_certificate_of_another_operator_does_not_let_in(
    settings: Central, dial: DialAs, ca: trustme.CA
) -> None:
    closed = replace(settings, accept_unknown_stations=False)
    async with opened(closed, passwords={"CS-1": Secret(PASSWORD)}) as central:
        with pytest.raises(HttpRefused, match="401"):
            await dial(central, 3, certificate=of_station(ca, "CS-1", "Somebody Else"))
        await dial(central, 3, certificate=of_station(ca, "CS-1"))


async def test_a00_fr_407_a_certificate_of_an_unknown_authority_ends_the_connection(
    settings: Central, dial: DialAs
) -> None:
    async with opened(settings) as central:
        with pytest.raises(DialFailed):
            await dial(central, 3, certificate=of_station(trustme.CA(), "CS-1"))
        assert not central.connections


async def test_ten_failures_shut_out_for_a_minute_over_tls_too(
    settings: Central, passwords: dict[str, Secret], dial: DialAs
) -> None:
    async with opened(settings, passwords=passwords) as central:
        for _ in range(10):
            with pytest.raises(HttpRefused, match="401"):
                await dial(central, 2, password=b"guess-guess-guess")
        with pytest.raises(HttpRefused, match="429"):
            await dial(central, 2)


OPENSSL_SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "AES128-GCM-SHA256",
    "AES256-GCM-SHA384",
}


async def s_client(port: int, *options: str) -> str:
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options]
    done = await trio.run_process(
        command, stdin=b"", capture_stdout=True, capture_stderr=True, check=False
    )
    return (done.stdout + done.stderr).decode(errors="replace")


@pytest.mark.parametrize("suite", sorted(OPENSSL_SUITES))
async def test_a00_fr_318_openssl_agrees_upon_each_suite(settings: Central, suite: str) -> None:
    async with opened(settings) as central:
        with trio.fail_after(20):
            said = await s_client(central.tls_port, "-tls1_2", "-cipher", suite)
    assert f"Cipher is {suite}" in said
    assert "Compression: NONE" in said  # A00.FR.321, A00.FR.424


@pytest.mark.parametrize(
    "options",
    [
        ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
        ("-tls1", "-cipher", "ALL:@SECLEVEL=0"),
        ("-tls1_2", "-cipher", "AES128-SHA"),
        ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA"),
    ],
)
async def test_a00_fr_315_322_old_versions_and_weak_suites_are_refused(
    settings: Central, options: tuple[str, ...]
) -> None:
    async with opened(settings) as central:
        with trio.fail_after(20):
            said = await s_client(central.tls_port, *options)
    assert "Cipher is (NONE)" in said


async def test_a00_fr_314_tls_1_3_is_spoken(settings: Central) -> None:
    async with opened(settings) as central:
        with trio.fail_after(20):
            said = await s_client(central.tls_port, "-tls1_3")
    assert "TLSv1.3, Cipher is TLS_AES_" in said


def test_ssl_offers_what_the_suites_need() -> None:
    context = client_context(ClientTls())
    assert {cipher["name"] for cipher in context.get_ciphers()} >= OPENSSL_SUITES
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
