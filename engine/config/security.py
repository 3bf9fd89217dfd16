"""The keys of [station.security_log], [station.tls] and [central.tls]: where security events are
kept (A04), and the certificates of both sides (A00).
"""

from pathlib import Path
from typing import Annotated

from msgspec import Meta

from .fields import Invalid, Settings
from .kinds import Port


class SecurityLog(Settings, frozen=True, kw_only=True):
    """The log of security events: security.log in the station's directory."""

    max_file_bytes: Annotated[
        int,
        Meta(ge=4096, description="Size at which the file gives way to a new one"),
    ] = 1_000_000
    max_files: Annotated[int, Meta(ge=1, le=1000, description="Old files that are kept")] = 4


class StationTls(Settings, frozen=True, kw_only=True):
    """The station's certificates, in PEM, for security profiles 2 and 3."""

    ca_file: Annotated[
        Path | None,
        Meta(
            description="Authorities that may have signed a central system's certificate; without "
            "it those of the host's system count, and no CSMS can raise the profile to 2 or 3",
            examples=[Path("/etc/ssl/pilotwire/csms-root.pem")],
        ),
    ] = None
    certificate_file: Annotated[
        Path | None,
        Meta(
            description="The station's own certificate and what lies between it and its root",
            examples=[Path("/etc/ssl/pilotwire/station.pem")],
        ),
    ] = None
    key_file: Annotated[
        Path | None,
        Meta(
            description="Its private key, not encrypted, which only its owner may read",
            examples=[Path("/etc/ssl/pilotwire/station.key")],
        ),
    ] = None

    def __post_init__(self) -> None:
        if (self.certificate_file is None) != (self.key_file is None):
            missing = "key_file" if self.key_file is None else "certificate_file"
            raise Invalid(missing, "missing: a certificate and its key belong together")


class ServerCertificate(Settings, frozen=True, kw_only=True):
    """One certificate of the central system."""

    certificate_file: Annotated[
        Path,
        Meta(
            description="The certificate and what lies between it and its root",
            examples=[Path("/etc/ssl/pilotwire/central.pem")],
        ),
    ]
    key_file: Annotated[
        Path,
        Meta(
            description="Its private key, not encrypted, which only its owner may read",
            examples=[Path("/etc/ssl/pilotwire/central.key")],
        ),
    ]


class CentralTls(Settings, frozen=True, kw_only=True):
    """TLS of the embedded central system; without a certificate there is none."""

    port: Annotated[
        Port | None,
        Meta(
            description="TCP port for TLS; without it TLS is on central.port, and nothing else is",
            examples=[9312],
        ),
    ] = None
    client_ca_file: Annotated[
        Path | None,
        Meta(
            description="Authorities that may have signed a station's certificate, for security "
            "profile 3",
            examples=[Path("/etc/ssl/pilotwire/stations-root.pem")],
        ),
    ] = None
    organization: Annotated[
        str | None,
        Meta(
            description="What the O of a station's certificate must contain",
            examples=["Example Charging"],
        ),
    ] = None
    certificates: Annotated[
        tuple[ServerCertificate, ...],
        Meta(description="An ECDSA and an RSA one serve every station"),
    ] = ()

    def __post_init__(self) -> None:
        for key in ("port", "client_ca_file", "organization"):
            if getattr(self, key) is not None and not self.certificates:
                raise Invalid(key, "only with certificates")
