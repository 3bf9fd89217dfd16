"""TLS contexts for both sides: OpenSSL's TLS as it is (A00.FR.317, A00.FR.420), 1.2 or later, with
OCPP's suites (A00.FR.318-319, A00.FR.421-422).
"""

import ssl

import msgspec
import trio

CIPHERS = ":".join(
    [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
    ]
)
"""Of TLS 1.2. Those of 1.3 are all good and cannot be chosen."""


_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)  # X509_V_FLAG_NO_CHECK_TIME, which ssl has no name for


class TlsSettingsError(ValueError):
    """A certificate or key that cannot be used. Never names the key's content."""


class ClientTls(msgspec.Struct, frozen=True, kw_only=True):
    """A station's side. Without `ca_pem` and `ca_file` the system's authorities count."""

    ca_pem: str | None = None
    ca_file: str | None = None
    certificate_file: str | None = None
    """The station's own chain, for security profile 3."""
    key_file: str | None = None
    ignores_time: bool = False
    """Whoever dials judges by himself whether the server's certificate is of the time."""


class ServerTls(msgspec.Struct, frozen=True, kw_only=True):
    """A CSMS's side."""

    certificates: tuple[tuple[str, str | None], ...]
    """Files of (chain, key): one ECDSA and one RSA pair serve every station (A00.FR.318)."""
    client_ca_pem: str | None = None
    client_ca_file: str | None = None
    requires_client_certificate: bool = False


def client_context(tls: ClientTls) -> ssl.SSLContext:
    """Verifies path and host name: by the SAN, by the CN only where there is no SAN."""
    context = _context(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = True  # A00.FR.312 knows the CN only
    if tls.ca_pem is None and tls.ca_file is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        _trust(context, tls.ca_pem, tls.ca_file)
    if tls.ignores_time:
        context.verify_flags |= _NO_CHECK_TIME
    if tls.certificate_file is not None:
        _identify(context, tls.certificate_file, tls.key_file)
    return context


def server_context(tls: ServerTls) -> ssl.SSLContext:
    """Asks for a client certificate when it knows who may have signed one."""
    context = _context(ssl.PROTOCOL_TLS_SERVER)
    for certificate_file, key_file in tls.certificates:
        _identify(context, certificate_file, key_file)
    if tls.client_ca_pem is not None or tls.client_ca_file is not None:
        _trust(context, tls.client_ca_pem, tls.client_ca_file)
        required = tls.requires_client_certificate
        context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
    elif tls.requires_client_certificate:
        raise TlsSettingsError("client certificates are required, and no authority is named")
    return context


async def shake_hands(stream: trio.SSLStream[trio.SocketStream]) -> None:
    """The TLS handshake. When it fails, the peer is sent the alert that tells it why.

    Raises `ssl.SSLError`, or `trio.BrokenResourceError` when the connection ended.
    """
    try:
        await stream.do_handshake()
    except trio.BrokenResourceError as error:
        if not isinstance(error.__cause__, ssl.SSLError):
            raise
        await _send_alert(stream)
        raise error.__cause__ from None  # it is the cause: named twice, the chain would have no end


async def _send_alert(stream: trio.SSLStream[trio.SocketStream]) -> None:
    """Trio leaves the alert where OpenSSL put it."""
    alert = stream._outgoing.read()
    try:
        await stream.transport_stream.send_all(alert)
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        return  # the peer has gone: nobody to tell


def _context(protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # A00.FR.313-314, A00.FR.416-417
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return context


def _trust(context: ssl.SSLContext, pem: str | None, file: str | None) -> None:
    try:
        context.load_verify_locations(cafile=file, cadata=pem)
    except (OSError, ssl.SSLError) as error:
        raise TlsSettingsError(f"the certificate authorities cannot be read: {error}") from error


def _identify(context: ssl.SSLContext, certificate_file: str, key_file: str | None) -> None:
    try:
        # The empty password keeps OpenSSL from asking for one at the terminal.
        context.load_cert_chain(certificate_file, key_file, password=lambda: "")
    except (OSError, ssl.SSLError) as error:
        raise TlsSettingsError(f"{certificate_file} cannot be used: {error}") from error
