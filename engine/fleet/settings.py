"""The keys of fleet.toml: which stations, how they behave, what happens to them, what is enough.

Read as strictly as config.toml, by the same loader.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from ..config.fields import Invalid, Settings
from ..config.kinds import (
    Port,
    Seconds,
    SecondsOrNone,
    Text20,
    Text50,
    VariableValue,
    Versions,
    refuse_repeated,
)
from ..config.network import NetworkProfile
from ..config.settings import Evse
from ..config.simulator import Simulator
from ..config.trace import Trace
from ..secrets import Secret
from .fault_settings import Fault

MOST_STATIONS = 1_000_000
PATTERNS: dict[str, tuple[float, ...]] = {
    # How many cars come in each hour of a day, compared with the busiest.
    "even": (1.0,) * 24,
    "home": (
        *(0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.3),
        *(0.3, 0.3, 0.3, 0.4, 0.6, 0.9, 1.0, 1.0, 0.9, 0.8, 0.6, 0.4),
    ),
    "work": (
        *(0.02, 0.02, 0.02, 0.02, 0.05, 0.2, 0.5, 0.9, 1.0, 0.8, 0.4, 0.3),
        *(0.3, 0.4, 0.3, 0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.02, 0.02, 0.02),
    ),
    "motorway": (
        *(0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
        *(1.0, 0.9, 0.9, 0.9, 1.0, 1.0, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2),
    ),
}

Share = Annotated[float, Meta(ge=0, le=1)]


class Quirks(Settings, frozen=True, kw_only=True):
    """What these stations do that good ones do not."""

    answer_delay_seconds: Annotated[
        SecondsOrNone, Meta(description="They take so long for every answer")
    ] = 0.0
    reconnect_every_seconds: Annotated[
        SecondsOrNone, Meta(description="They drop their link and dial again so often; 0: never")
    ] = 0.0
    boot_on_every_link: Annotated[
        bool, Meta(description="They register anew whenever a link opens")
    ] = False
    clock_offset_seconds: Annotated[
        float, Meta(ge=-31_536_000, le=31_536_000, description="Their clocks are off by so much")
    ] = 0.0


class Group(Settings, frozen=True, kw_only=True):
    """A group of stations that are alike."""

    name: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9_-]{1,30}$",
            title="1 to 30 letters, digits, _ and -",
            description="Its name in reports",
        ),
    ] = "stations"
    weight: Annotated[
        float, Meta(gt=0, description="How many of the stations are of it, compared with others")
    ] = 1.0
    identity: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=48,
            description="Its stations' identities: {number} is a station's number in the fleet, "
            "{number:06} with leading zeros",
        ),
    ] = "PW-{number:06}"
    versions: Annotated[
        Versions, Meta(description="Protocol versions that they offer, the preferred one first")
    ] = ("ocpp2.1", "ocpp2.0.1", "ocpp1.6")
    vendor: Annotated[Text20, Meta(description="Vendor")] = "Pilotwire"
    model: Annotated[Text20, Meta(description="Model")] = "Fleet"
    firmware_version: Annotated[Text50, Meta(description="Firmware version")] = "1.0"
    security_profile: Annotated[
        Literal[0, 1, 2],
        Meta(
            title="0, 1 or 2",
            description="0 none, 1 password, 2 TLS and password; the password of a group stands "
            "among the secrets",
        ),
    ] = 0
    evses: Annotated[
        tuple[Evse, ...], Meta(min_length=1, description="The EVSEs of each station")
    ] = (Evse(), Evse())
    variables: Annotated[
        dict[str, VariableValue],
        Meta(
            description="Device-model variables",
            examples=[{"OCPPCommCtrlr.HeartbeatInterval": 300}],
        ),
    ] = field(default_factory=dict)
    arrivals: Annotated[
        Literal["even", "home", "work", "motorway", "custom"],
        Meta(description="When cars come through a day; custom: as hourly says"),
    ] = "even"
    hourly: Annotated[
        tuple[Share, ...],
        Meta(
            description="For custom arrivals: 24 numbers, how many cars come in each hour, "
            "compared with the busiest"
        ),
    ] = ()
    visitors: Annotated[
        Simulator, Meta(description="The cars that come, in the busiest hour (seed: the fleet's)")
    ] = Simulator()
    quirks: Annotated[Quirks, Meta(description="What these stations do wrong")] = Quirks()

    def __post_init__(self) -> None:
        try:
            written = self.identity.format(number=MOST_STATIONS)
            other = self.identity.format(number=1)
        except (IndexError, KeyError, ValueError) as error:
            raise Invalid("identity", "expected text with {number} or {number:06}") from error
        if written == other:
            raise Invalid("identity", "needs {number}, by which its stations differ")
        if not re.fullmatch(r"[A-Za-z0-9*\-_=+|@.]{1,48}", written):
            raise Invalid("identity", "expected letters, digits and *-_=+|@. only, 48 at most")
        if any(evse.driver != "simulated" for evse in self.evses):
            raise Invalid("evses", "a fleet's EVSEs are simulated")
        if self.arrivals == "custom":
            if len(self.hourly) != 24 or not any(self.hourly):
                raise Invalid("hourly", "expected 24 numbers from 0 to 1, not all of them 0")
        elif self.hourly:
            raise Invalid("hourly", 'only for arrivals = "custom"')

    @property
    def by_hour(self) -> tuple[float, ...]:
        return self.hourly if self.arrivals == "custom" else PATTERNS[self.arrivals]


class Phase(Settings, frozen=True, kw_only=True):
    """A part of the run; they follow each other. The first brings the stations up."""

    kind: Annotated[
        Literal["ramp", "steady", "storm", "blackout", "restart", "firmware"],
        Meta(
            description="ramp: stations start; steady: nothing happens to them; storm: links "
            "break all at once; blackout: power fails and returns; restart: stations boot again, "
            "batch by batch; firmware: the same, with a new firmware version"
        ),
    ]
    seconds: Annotated[
        SecondsOrNone,
        Meta(
            description="How long it lasts (steady), or how long power or a rebooting station is "
            "away (blackout, restart, firmware)"
        ),
    ] = 0.0
    per_second: Annotated[
        Annotated[float, Meta(gt=0, le=100_000)] | None,
        Meta(
            description="Stations that start, break or reboot each second; storm and blackout "
            "without it: all at once",
            examples=[100.0],
        ),
    ] = None
    share: Annotated[
        Annotated[float, Meta(gt=0, le=1)],
        Meta(description="The share of the stations that it concerns"),
    ] = 1.0
    firmware_version: Annotated[
        Text50 | None, Meta(description="The new version (firmware)", examples=["2.0"])
    ] = None

    def __post_init__(self) -> None:
        if self.kind == "steady" and not self.seconds:
            raise Invalid("seconds", "missing: how long the steady phase lasts")
        if self.kind in ("restart", "firmware") and self.per_second is None:
            raise Invalid("per_second", "missing: how many stations reboot each second")
        if (self.firmware_version is None) is (self.kind == "firmware"):
            problem = "missing" if self.kind == "firmware" else 'only for kind = "firmware"'
            raise Invalid("firmware_version", problem)
        if self.kind in ("ramp", "storm") and self.seconds:
            raise Invalid("seconds", f'a {self.kind} takes no time of its own: add a "steady"')


class Thresholds(Settings, frozen=True, kw_only=True):
    """What is good enough; what is not makes the exit code 1. Absent: not judged."""

    error_percent: Annotated[
        Annotated[float, Meta(ge=0, le=100)] | None,
        Meta(description="Calls that fail, at most, in % of all", examples=[0.1]),
    ] = None
    never_connected: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(description="Stations that never come online, at most"),
    ] = 0
    still_queued: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(
            description="Reports that stations still have to tell at the end, at most",
            examples=[0],
        ),
    ] = None
    broken_rules: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        Meta(
            description="How often trace rules are broken, at most; with trace.enabled",
            examples=[0],
        ),
    ] = None
    boot_p99_seconds: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        Meta(description="From the dial to the acceptance, 99 of 100 times", examples=[2.0]),
    ] = None
    p99_milliseconds: Annotated[
        dict[str, Annotated[float, Meta(gt=0)]],
        Meta(
            description="An action's answer comes within, 99 of 100 times; * is every action",
            examples=[{"*": 500.0, "Heartbeat": 100.0}],
        ),
    ] = field(default_factory=dict)


class Metrics(Settings, frozen=True, kw_only=True):
    """Figures for Prometheus while it runs."""

    port: Annotated[
        Port | None, Meta(description="TCP port of /metrics; absent: none", examples=[9312])
    ] = None
    host: Annotated[str, Meta(min_length=1, description="Address to listen on")] = "127.0.0.1"


class Report(Settings, frozen=True, kw_only=True):
    """What is written at the end."""

    html: Annotated[
        Path | None, Meta(description="A page to read, whole in one file", examples=["fleet.html"])
    ] = Path("var/fleet/report.html")
    json: Annotated[
        Path | None, Meta(description="The same figures for programs", examples=["fleet.json"])
    ] = Path("var/fleet/report.json")


class FleetSecrets(Settings, frozen=True, kw_only=True):
    """Where secrets are: a file that only its owner may read, or the environment; never here."""

    file: Annotated[
        Path | None,
        Meta(description="The secrets file; without this key secrets.toml beside the fleet's file"),
    ] = None
    passwords: Annotated[
        dict[str, Secret], Meta(description="The password of each group's stations, by its name")
    ] = field(default_factory=dict)


class Fleet(Settings, frozen=True, kw_only=True):
    """A fleet: how many stations, against which central system, for how long."""

    target: Annotated[
        str,
        Meta(
            description="The central system's address (stations append their identities), or "
            '"embedded" for one of our own in a process beside'
        ),
    ] = "embedded"
    stations: Annotated[
        int, Meta(ge=1, le=MOST_STATIONS, description="How many, all groups together")
    ] = 100
    seed: Annotated[
        int, Meta(description="Makes chance repeat itself: the same seed, the same cars")
    ] = 1
    duration_seconds: Annotated[
        Annotated[float, Meta(gt=0)] | None,
        Meta(
            description="How long it runs, at most; absent: until its phases are over",
            examples=[600.0],
        ),
    ] = None
    begins_at: Annotated[
        datetime,
        Meta(tz=True, description="The time of day at which a virtual run begins (--virtual)"),
    ] = datetime(2026, 1, 1, tzinfo=UTC)
    workers: Annotated[
        int,
        Meta(ge=0, le=1024, description="Processes that share the stations; 0: one a processor"),
    ] = 1
    journal: Annotated[
        Literal["memory", "disk"],
        Meta(description="Where stations keep what must not be lost: a file each, or nowhere"),
    ] = "memory"
    directory: Annotated[
        Path, Meta(description="Directory of those files; made when it is not there")
    ] = Path("var/fleet")
    day_seconds: Annotated[
        Seconds, Meta(description="How long a day of arrivals takes; 86400 is a real one")
    ] = 86400.0
    heartbeat_seconds: Annotated[
        int,
        Meta(ge=1, le=86400, description="Heartbeat interval that the embedded system gives"),
    ] = 300
    connect_timeout_seconds: Annotated[
        Seconds, Meta(description="How long a dial may take, TLS and WebSocket handshake included")
    ] = 30.0
    message_timeout_seconds: Annotated[
        Seconds, Meta(description="How long the answer to a message may take")
    ] = 30.0
    groups: Annotated[tuple[Group, ...], Meta(min_length=1, description="Groups of stations")] = (
        Group(),
    )
    phases: Annotated[
        tuple[Phase, ...], Meta(min_length=1, description="What happens, in this order")
    ] = (Phase(kind="ramp", per_second=100.0), Phase(kind="steady", seconds=60.0))
    faults: Annotated[tuple[Fault, ...], Meta(description="What goes wrong now and then")] = ()
    thresholds: Annotated[Thresholds, Meta(description="What is good enough")] = Thresholds()
    metrics: Annotated[Metrics, Meta(description="Figures for Prometheus")] = Metrics()
    trace: Annotated[Trace, Meta(description="The trace rules")] = Trace()
    report: Annotated[Report, Meta(description="What is written at the end")] = Report()
    secrets: Annotated[FleetSecrets, Meta(description="Where secrets are")] = FleetSecrets()

    def __post_init__(self) -> None:
        refuse_repeated("groups", (group.name for group in self.groups))
        identities = [group.identity.format(number=1) for group in self.groups]
        refuse_repeated("groups", (f"the identity {each}" for each in identities))
        if self.phases[0].kind != "ramp":
            raise Invalid("phases[1].kind", 'expected "ramp": first the stations start')
        self._check_faults()
        if self.thresholds.broken_rules is not None and not self.trace.enabled:
            raise Invalid("thresholds.broken_rules", "needs trace.enabled = true")
        if self.target != "embedded":
            for group in self.groups:
                self._check_target(group)
        for name in self.secrets.passwords:
            if name not in {group.name for group in self.groups}:
                raise Invalid("secrets.passwords", f"no group is called {name}")
        for group in self.groups:
            if group.security_profile and group.name not in self.secrets.passwords:
                problem = f"the group {group.name} has none, and a security profile that needs one"
                raise Invalid("secrets.passwords", problem)

    def _check_faults(self) -> None:
        names = {group.name for group in self.groups}
        for number, fault in enumerate(self.faults, start=1):
            unknown = next((name for name in fault.groups if name not in names), None)
            if unknown is not None:
                raise Invalid(f"faults[{number}].groups", f"no group is called {unknown}")

    def _check_target(self, group: Group) -> None:
        try:
            NetworkProfile(url=self.target, security_profile=group.security_profile)
        except Invalid as error:
            raise Invalid("target", error.problem) from error
