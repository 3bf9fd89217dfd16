"""wss:// links, and what the dialler is told when TLS will not have it."""

import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import trio
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pilotwire.engine.wire.accept import Acceptance, Admission, Applicant, serve_links
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link import Link, LinkSettings
from pilotwire.engine.wire.link_errors import DialFailed, LinkClosed, TlsFailed
from pilotwire.engine.wire.tls import (
    ClientTls,
    ServerTls,
    TlsSettingsError,
    client_context,
    server_context,
)
from pilotwire.profiles.family import OCPP_16

SETTINGS = LinkSettings(handshake_timeout=1, close_timeout=0.5)
seen: list[Applicant] = []


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


def files(folder: Path, certificate: trustme.LeafCert) -> tuple[str, str]:
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    return str(chain), str(key)


def pem(ca: trustme.CA) -> str:
    return ca.cert_pem.bytes().decode()


async def admit(applicant: Applicant) -> Admission:
    seen.append(applicant)
    return "anonymous"


async def echo(link: Link, applicant: Applicant) -> None:
    try:
        while True:
            await link.send(await link.receive())
    except LinkClosed:
        return


@asynccontextmanager
async def serving(context: ssl.SSLContext) -> AsyncIterator[str]:
    acceptance = Acceptance(versions=(OCPP_16,), settings=SETTINGS)
    async with trio.open_nursery() as nursery:
        tcp = await trio.open_tcp_listeners(0, host="127.0.0.1")
        listeners = [trio.SSLListener(one, context, https_compatible=True) for one in tcp]
        await nursery.start(partial(serve_links, listeners, acceptance, admit, echo))
        yield f"wss://localhost:{tcp[0].socket.getsockname()[1]}"
        nursery.cancel_scope.cancel()


async def talk(url: str, context: ssl.SSLContext) -> None:
    dial = Dial(
        url=url,
        identity="CP",
        subprotocols=("ocpp1.6",),
        ssl_context=context,
        settings=SETTINGS,
    )
    failure: DialFailed | None = None
    async with trio.open_nursery() as nursery:
        try:
            link = await open_link(nursery, dial)
        except DialFailed as error:
            failure = error  # to be raised without an exception group
        else:
            await link.send("[]")
            assert await link.receive() == "[]"
            assert link.peer.is_tls
            await link.close()
    if failure is not None:
        raise failure


async def test_a_wss_link(ca: trustme.CA, tmp_path: Path):
    server = server_context(ServerTls(certificates=(files(tmp_path, ca.issue_cert("localhost")),)))
    async with serving(server) as url:
        await talk(url, client_context(ClientTls(ca_pem=pem(ca))))


async def test_profile_3_the_csms_sees_the_stations_certificate(ca: trustme.CA, tmp_path: Path):
    server = server_context(
        ServerTls(
            certificates=(files(tmp_path, ca.issue_cert("localhost")),),
            client_ca_pem=pem(ca),
            requires_client_certificate=True,
        )
    )
    chain, key = files(tmp_path, ca.issue_cert("station", common_name="SERIAL-1"))
    seen.clear()
    async with serving(server) as url:
        context = client_context(ClientTls(ca_pem=pem(ca), certificate_file=chain, key_file=key))
        await talk(url, context)
        certificate = seen[0].peer.certificate
        assert certificate is not None
        assert (("commonName", "SERIAL-1"),) in certificate["subject"]
        with pytest.raises(DialFailed):  # TLS 1.3 tells it only after the handshake
            await talk(url, client_context(ClientTls(ca_pem=pem(ca))))
        old = client_context(ClientTls(ca_pem=pem(ca)))
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises(TlsFailed) as failed:
            await talk(url, old)
        assert failed.value.kind in ("cipher", "client_certificate")


async def problem(url: str, context: ssl.SSLContext) -> TlsFailed:
    with pytest.raises(TlsFailed) as failed:
        await talk(url, context)
    return failed.value


async def test_a_certificate_that_does_not_verify(ca: trustme.CA, tmp_path: Path):
    stranger = trustme.CA()
    long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    trusting = client_context(ClientTls(ca_pem=pem(ca)))
    for certificate, told in [
        (stranger.issue_cert("localhost"), "self-signed|unable to get|self signed"),
        (ca.issue_cert("elsewhere"), "[Hh]ostname"),
        (ca.issue_cert("localhost", not_after=long_ago), "expired"),
    ]:
        server = server_context(ServerTls(certificates=(files(tmp_path, certificate),)))
        async with serving(server) as url:
            failed = await problem(url, trusting)
        assert failed.kind == "certificate"
        with pytest.raises(TlsFailed, match=told):
            raise failed


async def test_a00_fr_313_tls_1_1_is_refused(ca: trustme.CA, tmp_path: Path):
    server = server_context(ServerTls(certificates=(files(tmp_path, ca.issue_cert("localhost")),)))
    server.minimum_version = ssl.TLSVersion.TLSv1_3
    old = client_context(ClientTls(ca_pem=pem(ca)))
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    async with serving(server) as url:
        assert (await problem(url, old)).kind == "version"
    assert server_context(ServerTls(certificates=())).minimum_version == ssl.TLSVersion.TLSv1_2
    assert client_context(ClientTls()).minimum_version == ssl.TLSVersion.TLSv1_2


async def test_no_common_cipher_suite(ca: trustme.CA, tmp_path: Path):
    server = server_context(ServerTls(certificates=(files(tmp_path, ca.issue_cert("localhost")),)))
    server.maximum_version = ssl.TLSVersion.TLSv1_2
    server.set_ciphers("AES256-SHA")
    async with serving(server) as url:
        assert (await problem(url, client_context(ClientTls(ca_pem=pem(ca))))).kind == "cipher"


@pytest.mark.parametrize(
    "suite",
    [
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
    ],
)
async def test_a00_fr_318_every_suite_of_ocpp_is_offered(
    suite: str, ca: trustme.CA, tmp_path: Path
):
    rsa, ecdsa = tmp_path / "rsa", tmp_path / "ecdsa"
    rsa.mkdir()
    ecdsa.mkdir()
    kinds = trustme.KeyType
    pairs = (
        files(rsa, ca.issue_cert("localhost", key_type=kinds.RSA)),
        files(ecdsa, ca.issue_cert("localhost", key_type=kinds.ECDSA)),
    )
    station = client_context(ClientTls(ca_pem=pem(ca)))
    station.maximum_version = ssl.TLSVersion.TLSv1_2
    station.set_ciphers(suite)
    async with serving(server_context(ServerTls(certificates=pairs))) as url:
        await talk(url, station)


# ---- the CN


def self_signed(common_name: str, folder: Path) -> tuple[str, str]:
    """A certificate without a SAN, which is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, key_file = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(chain), str(key_file)


async def test_a00_fr_312_the_cn_counts_where_there_is_no_san(tmp_path: Path):
    pair = self_signed("localhost", tmp_path)
    async with serving(server_context(ServerTls(certificates=(pair,)))) as url:
        await talk(url, client_context(ClientTls(ca_file=pair[0])))


async def test_a_wrong_cn_does_not_pass(tmp_path: Path):
    pair = self_signed("elsewhere", tmp_path)
    async with serving(server_context(ServerTls(certificates=(pair,)))) as url:
        failed = await problem(url, client_context(ClientTls(ca_file=pair[0])))
    assert failed.kind == "certificate"


# ---- settings


def test_settings_that_cannot_be_used(ca: trustme.CA, tmp_path: Path):
    chain, key = files(tmp_path, ca.issue_cert("localhost"))
    with pytest.raises(TlsSettingsError, match="no authority"):
        server_context(ServerTls(certificates=((chain, key),), requires_client_certificate=True))
    with pytest.raises(TlsSettingsError, match=r"missing\.pem"):
        client_context(ClientTls(certificate_file=str(tmp_path / "missing.pem")))
    with pytest.raises(TlsSettingsError, match="authorities"):
        client_context(ClientTls(ca_pem="nonsense"))
    other = files(tmp_path, trustme.CA().issue_cert("x"))[1]
    (tmp_path / "chain.pem").write_bytes(ca.issue_cert("y").cert_chain_pems[0].bytes())
    with pytest.raises(TlsSettingsError, match=r"chain\.pem"):
        client_context(ClientTls(certificate_file=chain, key_file=other))
