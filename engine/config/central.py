"""The embedded central system's keys of config.toml."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from .fields import Settings
from .kinds import Port, Text20, Versions, refuse_repeated


class AcceptedToken(Settings, frozen=True, kw_only=True):
    """One token that the embedded central system accepts."""

    value: Annotated[
        Text20,
        Meta(
            description="The token (idTag), compared without regard to case", examples=["DEADBEEF"]
        ),
    ]
    parent: Annotated[
        Text20 | None, Meta(description="Its parent or group token", examples=["FAMILY"])
    ] = None
    expires: Annotated[
        Annotated[datetime, Meta(tz=True)] | None,
        Meta(description="Until when it is accepted", examples=[datetime(2030, 1, 1, tzinfo=UTC)]),
    ] = None


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
    tokens: Annotated[tuple[AcceptedToken, ...], Meta(description="Tokens that it knows")] = ()

    def __post_init__(self) -> None:
        refuse_repeated("versions", self.versions)
        refuse_repeated("tokens", (token.value.lower() for token in self.tokens))
