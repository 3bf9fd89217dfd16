"""The keys of [station.network]: its ways to a central system (2.x B09, B10)."""

from typing import Annotated, Literal

from msgspec import Meta, field

from ...profiles.network import INTERFACES, address_problem
from .fields import Invalid, Settings
from .kinds import Identity, Seconds, SecondsOrNone, Slot, Version, refuse_repeated
from .source import shown

Interface = Literal[
    "Wired0",
    "Wired1",
    "Wired2",
    "Wired3",
    "Wireless0",
    "Wireless1",
    "Wireless2",
    "Wireless3",
    "Any",
]
_WORDS = f"one of {', '.join(INTERFACES)}"


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
        Interface,
        Meta(description="The way out: what station.network.interfaces says of this word"),
    ] = "Any"
    ocpp_version: Annotated[
        Version | None,
        Meta(
            description="The only version that is offered there, if not all of station.versions",
            examples=["ocpp2.0.1"],
        ),
    ] = None
    message_timeout_seconds: Annotated[
        float, Meta(ge=1, le=86400, description="How long the answer to a message may take")
    ] = 30.0

    def __post_init__(self) -> None:
        problem = address_problem(self.url, self.security_profile)
        if problem is not None:
            raise Invalid("url", problem)


class Network(Settings, frozen=True, kw_only=True):
    """How the station reaches its central system."""

    profiles: Annotated[
        tuple[NetworkProfile, ...],
        Meta(
            description="Ways to a central system, at first start: what a central system sets "
            "counts until what stands here is changed"
        ),
    ] = (NetworkProfile(),)
    slots: Annotated[
        tuple[Slot, ...],
        Meta(
            description="Slots that a central system may fill, besides those of the profiles; "
            "at least two there must be"
        ),
    ] = (1, 2)
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

    interfaces: Annotated[
        dict[str, Annotated[str, Meta(min_length=1, max_length=45)]],
        Meta(
            description="Network interface, or own IP address, for each of Wired0 to Wired3, "
            "Wireless0 to Wireless3 and Any; without any, the host finds the way",
            examples=[{"Wired0": "eth0", "Wireless0": "192.0.2.10"}],
        ),
    ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        slots = [profile.slot for profile in self.profiles]
        refuse_repeated("profiles", (f"slot {slot}" for slot in slots))
        refuse_repeated("priority", (f"slot {slot}" for slot in self.priority))
        for slot in self.priority:
            if slot not in slots:
                raise Invalid("priority", f"no profile has slot {slot}")
        refuse_repeated("slots", (f"slot {slot}" for slot in self.slots))
        if len(self.all_slots) < 2:
            raise Invalid("slots", "expected two slots at least, those of the profiles counted")
        for word in self.interfaces:
            if word not in INTERFACES:
                raise Invalid("interfaces", f"expected {_WORDS} as the key, got {shown(word)}")

    @property
    def all_slots(self) -> tuple[int, ...]:
        """Give the slots that the station has, filled or not."""
        return tuple(sorted({*self.slots, *(profile.slot for profile in self.profiles)}))

    def in_order(self) -> tuple[NetworkProfile, ...]:
        """Give the profiles that are tried, in order; those without a priority are not."""
        if not self.priority:
            return self.profiles
        by_slot = {profile.slot: profile for profile in self.profiles}
        return tuple(by_slot[slot] for slot in self.priority)
