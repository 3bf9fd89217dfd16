"""The keys of [station.network]: its ways to a central system (2.x B09, B10)."""

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from .fields import Invalid, Settings
from .kinds import Identity, Seconds, SecondsOrNone, Slot, refuse_repeated


class NetworkProfile(Settings, frozen=True, kw_only=True):
    """One way to a central system (2.x NetworkConnectionProfile)."""

    slot: Annotated[Slot, Meta(description="Its configuration slot")] = 1
    url: Annotated[
        str,
        Meta(description="The central system's address; the station appends its identity"),
    ] = "ws://127.0.0.1:9310"
    security_profile: Annotated[
        int,
        Meta(
            ge=0,
            le=3,
            description="0 none, 1 password, 2 TLS and password, 3 TLS and client certificate",
        ),
    ] = 0
    identity: Annotated[
        Identity | None,
        Meta(description="The identity here, if not station.identity", examples=["CS-1"]),
    ] = None
    interface: Annotated[
        Annotated[str, Meta(min_length=1, max_length=15)] | None,
        Meta(description="Network interface to go out by", examples=["eth0"]),
    ] = None
    local_address: Annotated[
        str | None, Meta(description="Own IP address to connect from", examples=["192.0.2.10"])
    ] = None
    message_timeout_seconds: Annotated[
        Seconds, Meta(description="How long the answer to a message may take")
    ] = 30.0

    def __post_init__(self) -> None:
        self._check_url()
        if self.local_address is not None:
            try:
                ipaddress.ip_address(self.local_address)
            except ValueError as error:
                raise Invalid("local_address", "expected an IP address") from error

    def _check_url(self) -> None:
        try:
            parts = urlsplit(self.url)
            is_address = parts.scheme in ("ws", "wss") and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number, a bracket that does not close
            is_address = False
        if not is_address:
            raise Invalid("url", 'expected an address like "wss://csms.example/ocpp"')
        if parts.username is not None or parts.password is not None:
            raise Invalid(
                "url", "no name or password here: the password belongs in the secrets file"
            )
        if parts.query or parts.fragment:
            raise Invalid(
                "url", "expected an address without ? and #: the identity is appended to it"
            )
        scheme = "wss" if self.security_profile >= 2 else "ws"
        if self.security_profile > 0 and parts.scheme != scheme:
            raise Invalid("url", f"security profile {self.security_profile} needs {scheme}://")


class Network(Settings, frozen=True, kw_only=True):
    """How the station reaches its central system."""

    profiles: Annotated[
        tuple[NetworkProfile, ...], Meta(min_length=1, description="Ways to a central system")
    ] = (NetworkProfile(),)
    priority: Annotated[
        tuple[Slot, ...],
        Meta(description="Slots in the order in which they are tried; empty: that of the profiles"),
    ] = ()
    attempts: Annotated[
        int,
        Meta(
            ge=1,
            le=1000,
            description="Failed attempts after which the next slot is tried "
            "(NetworkProfileConnectionAttempts)",
        ),
    ] = 3
    retry_minimum_seconds: Annotated[
        Seconds, Meta(description="First wait before dialling again (RetryBackOffWaitMinimum)")
    ] = 5.0
    retry_random_seconds: Annotated[
        SecondsOrNone,
        Meta(description="The most that chance adds to a wait (RetryBackOffRandomRange)"),
    ] = 5.0
    retry_repeat_times: Annotated[
        int, Meta(ge=0, le=20, description="How often the wait doubles (RetryBackOffRepeatTimes)")
    ] = 5
    ping_seconds: Annotated[
        SecondsOrNone,
        Meta(description="Between two WebSocket pings; 0 sends none (WebSocketPingInterval)"),
    ] = 60.0
    connect_timeout_seconds: Annotated[
        Seconds, Meta(description="How long a dial may take, TLS and WebSocket handshake included")
    ] = 30.0

    def __post_init__(self) -> None:
        if not self.profiles:
            raise Invalid("profiles", "expected at least one")
        slots = [profile.slot for profile in self.profiles]
        refuse_repeated("profiles", (f"slot {slot}" for slot in slots))
        refuse_repeated("priority", (f"slot {slot}" for slot in self.priority))
        for slot in self.priority:
            if slot not in slots:
                raise Invalid("priority", f"no profile has slot {slot}")

    def in_order(self) -> tuple[NetworkProfile, ...]:
        """Give the profiles that are tried, in order; those without a priority are not."""
        if not self.priority:
            return self.profiles
        by_slot = {profile.slot: profile for profile in self.profiles}
        return tuple(by_slot[slot] for slot in self.priority)
