"""The embedded central system's keys of config.toml."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from msgspec import Meta, field

from .fields import Settings
from .kinds import Port, Text20, Text255, Versions, refuse_repeated
from .security import CentralTls


class AcceptedToken(Settings, frozen=True, kw_only=True):
    """One token that the embedded central system accepts."""

    value: Annotated[
        Text255,
        Meta(
            description="The token (1.6: idTag, 20 characters), compared without regard to case",
            examples=["DEADBEEF"],
        ),
    ]
    type: Annotated[
        Text20 | None,
        Meta(
            description="Its type in 2.x, like ISO14443, eMAID or KeyCode; left out: any",
            examples=["ISO14443"],
        ),
    ] = None
    parent: Annotated[
        Text255 | None, Meta(description="Its parent or group token", examples=["FAMILY"])
    ] = None
    expires: Annotated[
        Annotated[datetime, Meta(tz=True)] | None,
        Meta(description="Until when it is accepted", examples=[datetime(2030, 1, 1, tzinfo=UTC)]),
    ] = None
    blocked: Annotated[bool, Meta(description="It is known and refused")] = False
    evses: Annotated[
        tuple[Annotated[int, Meta(ge=1)], ...],
        Meta(
            description="The only EVSEs of any station where it may charge (2.x); empty: all",
            examples=[[1, 2]],
        ),
    ] = ()
    languages: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=8)], ...],
        Meta(
            max_length=2,
            description="The languages that its owner prefers (2.x), like de or en-US",
            examples=[["de", "en"]],
        ),
    ] = ()
    message: Annotated[
        Annotated[str, Meta(min_length=1, max_length=512)] | None,
        Meta(description="What its owner is shown (2.x)", examples=["Welcome back"]),
    ] = None

    def __post_init__(self) -> None:
        refuse_repeated("languages", self.languages)


class Central(Settings, frozen=True, kw_only=True):
    """The embedded central system."""

    enabled: Annotated[bool, Meta(description="Run it beside the station")] = True
    host: Annotated[
        str, Meta(min_length=1, description="Address to listen on; 0.0.0.0 for every interface")
    ] = "127.0.0.1"
    port: Annotated[Port, Meta(description="TCP port to listen on")] = 9310
    database: Annotated[Path, Meta(description="Its SQLite file; made when it is not there")] = (
        Path("var/central.sqlite")
    )
    heartbeat_seconds: Annotated[
        int, Meta(ge=1, le=86400, description="Heartbeat interval that it gives to stations")
    ] = 300
    max_connections: Annotated[
        int, Meta(ge=1, description="Stations that may be connected at a time")
    ] = 10_000
    max_connections_per_address: Annotated[
        int, Meta(ge=1, description="Of these, how many from one IP address")
    ] = 1_000
    versions: Annotated[
        Versions, Meta(description="Protocol versions that it accepts, the preferred one first")
    ] = ("ocpp2.1", "ocpp2.0.1", "ocpp1.6")
    accept_unknown_stations: Annotated[
        bool, Meta(description="Accept stations that it has not seen before")
    ] = True
    accept_unknown_tokens: Annotated[
        bool, Meta(description="Accept tokens that it does not know")
    ] = True
    allow_unauthenticated: Annotated[
        bool,
        Meta(description="Let stations without a password in from other machines too"),
    ] = False
    contract_roots: Annotated[
        Path | None,
        Meta(
            description="The root certificates (PEM) that contract certificates are verified with; "
            "without them none is accepted",
            examples=[Path("/etc/pilotwire/contract_roots.pem")],
        ),
    ] = None
    security_profiles: Annotated[
        dict[str, Annotated[int, Meta(ge=0, le=3)]],
        Meta(
            description="The one security profile that a station may come by; of another, the "
            "highest that it came by before and those above",
            examples=[{"CS-1": 2}],
        ),
    ] = field(default_factory=dict)
    tls: Annotated[CentralTls, Meta(description="TLS")] = CentralTls()
    tokens: Annotated[tuple[AcceptedToken, ...], Meta(description="Tokens that it knows")] = ()

    def __post_init__(self) -> None:
        refuse_repeated("versions", self.versions)
        refuse_repeated("tokens", (f"{each.value.lower()} {each.type}" for each in self.tokens))
