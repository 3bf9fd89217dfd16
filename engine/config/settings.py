"""The keys of config.toml. Units stand in the names; what is said here is what the reference shows.

`Config` is the root for one station with its central system; the loader takes any other root.
"""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, field

from ...drivers.outside.address import Address, UnixAddress, parse_tcp
from ...profiles.device_model import Key as DeviceModelKey
from ..secrets import Secret
from .central import Central
from .custom_key import CustomKey
from .display import Display
from .fields import Invalid, Settings
from .kinds import (
    BootReason,
    Identity,
    ModuleMember,
    Port,
    Seconds,
    Text20,
    Text25,
    Text50,
    VariableValue,
    Versions,
    refuse_repeated,
)
from .network import Network
from .security import SecurityLog, StationTls
from .simulator import Simulator
from .trace import Trace


class Evse(Settings, frozen=True, kw_only=True):
    """One EVSE; the first is EVSE 1."""

    connectors: Annotated[
        int, Meta(ge=1, le=16, description="Connectors; one of them is in use at a time")
    ] = 1
    driver: Annotated[
        str,
        Meta(
            pattern=r"^(simulated|outside|[\w.]+:\w+)$",
            title='"simulated", "outside" or "package.module:factory"',
            description="What stands for its hardware: a simulation, a program behind a socket, "
            "or an own driver (docs/drivers.md)",
        ),
    ] = "simulated"
    socket: Annotated[
        Path | None,
        Meta(
            description="The Unix socket of an outside driver",
            examples=[Path("/run/pilotwire/evse1.sock")],
        ),
    ] = None
    tcp: Annotated[
        str | None,
        Meta(
            description="The TCP address of an outside driver, in place of socket",
            examples=["127.0.0.1:9401"],
        ),
    ] = None
    dials: Annotated[
        bool,
        Meta(description="The station connects to the outside driver; otherwise it listens"),
    ] = False
    allow_remote: Annotated[
        bool,
        Meta(
            description="Let tcp go beyond this machine's loopback, where nothing authenticates "
            "the outside driver"
        ),
    ] = False
    options: Annotated[
        dict[str, VariableValue],
        Meta(description="What an own driver's factory gets", examples=[{"port": "/dev/ttyS1"}]),
    ] = field(default_factory=dict)
    kind: Annotated[Literal["AC", "DC"], Meta(description="The current that it delivers")] = "AC"
    allows_reset: Annotated[
        bool, Meta(description="The central system may reset it by itself (EVSE.AllowReset)")
    ] = True
    connector_types: Annotated[
        tuple[Text20, ...],
        Meta(
            description="Type of each connector, or of all of them (2.x ConnectorEnumType); empty: "
            "sType2 for AC, cCCS2 for DC",
            examples=[["sType2"]],
        ),
    ] = ()
    signed_meter: Annotated[
        bool, Meta(description="Its meter signs its readings (docs/drivers.md)")
    ] = False
    meter_key: Annotated[
        Path | None,
        Meta(
            description="The private key of a simulated meter that signs, in PEM; left out: a new "
            "one at each start",
            examples=[Path("/etc/pilotwire/meter1.pem")],
        ),
    ] = None
    max_amperes: Annotated[
        float, Meta(gt=0, le=2000, description="The most current a phase, in A")
    ] = 32.0
    phases: Annotated[Literal[1, 3], Meta(title="1 or 3", description="Phases of an AC EVSE")] = 3
    voltage: Annotated[
        float, Meta(gt=0, le=2000, description="Voltage from phase to neutral, in V")
    ] = 230.0
    max_watts: Annotated[
        Annotated[float, Meta(gt=0, le=5_000_000)] | None,
        Meta(description="The most power of a DC EVSE, in W", examples=[150_000.0]),
    ] = None

    def __post_init__(self) -> None:
        if self.kind == "DC" and self.max_watts is None:
            raise Invalid("max_watts", "missing: a DC EVSE needs its most power, in W")
        if self.kind == "AC" and self.max_watts is not None:
            raise Invalid("max_watts", "only for a DC EVSE: an AC one has max_amperes")
        if len(self.connector_types) not in (0, 1, self.connectors):
            raise Invalid("connector_types", "expected one for each connector, or one for all")
        self._check_outside()
        if self.meter_key and not (self.signed_meter and self.driver == "simulated"):
            raise Invalid("meter_key", 'only for driver = "simulated" with signed_meter')
        if self.options and ":" not in self.driver:
            raise Invalid("options", 'only for a driver "package.module:factory"')

    def _check_outside(self) -> None:
        if self.driver == "outside":
            self.outside_address()
            return
        for key in ("socket", "tcp", "dials", "allow_remote"):
            if getattr(self, key):
                raise Invalid(key, 'only for driver = "outside"')

    def outside_address(self) -> Address:
        """Give where an outside driver is met."""
        match self.socket, self.tcp:
            case Path() as path, None:
                return UnixAddress(path)
            case None, str() as text:
                try:
                    return parse_tcp(text, allow_remote=self.allow_remote)
                except ValueError as error:
                    raise Invalid("tcp", str(error)) from error
        raise Invalid("driver", '"outside" needs socket or tcp, and not both')


class Station(Settings, frozen=True, kw_only=True):
    """The charging station."""

    identity: Annotated[Identity, Meta(description="Its name at the central system")] = (
        "PILOTWIRE-1"
    )
    versions: Annotated[
        Versions, Meta(description="Protocol versions that it offers, the preferred one first")
    ] = ("ocpp2.1", "ocpp2.0.1", "ocpp1.6")
    vendor: Annotated[Text50, Meta(description="Vendor (1.6 takes 20 characters)")] = "Pilotwire"
    model: Annotated[Text20, Meta(description="Model")] = "Simulated"
    serial_number: Annotated[Text25, Meta(description="Serial number")] = "PW-0001"
    firmware_version: Annotated[Text50, Meta(description="Firmware version")] = "0.1.0"
    iccid: Annotated[
        Text20 | None, Meta(description="ICCID of the SIM card", examples=["89310000000000000001"])
    ] = None
    imsi: Annotated[
        Text20 | None, Meta(description="IMSI of the SIM card", examples=["204000000000001"])
    ] = None
    meter_serial_number: Annotated[
        Text25 | None, Meta(description="Serial number of the main meter", examples=["M-0001"])
    ] = None
    meter_type: Annotated[
        Text25 | None, Meta(description="Type of the main meter", examples=["EM340"])
    ] = None
    directory: Annotated[
        Path, Meta(description="Directory of what survives a restart; made when it is not there")
    ] = Path("var/station")
    boot_reason: Annotated[
        BootReason,
        Meta(
            description="Why it boots, as BootNotification tells it; auto: found out from how the "
            "last run ended, and whether the host has booted since"
        ),
    ] = "auto"
    reset_command: Annotated[
        tuple[Annotated[str, Meta(min_length=1)], ...],
        Meta(
            description="Command, with its arguments, that boots the host for a reset of the whole "
            "station; empty: only the station boots anew",
            examples=[["systemctl", "reboot"]],
        ),
    ] = ()
    device_model: Annotated[
        Path | None,
        Meta(
            description="Directory of component files, in its folders standardized and custom "
            "(docs/device-model.md)",
            examples=[Path("/etc/pilotwire/components")],
        ),
    ] = None
    evses: Annotated[tuple[Evse, ...], Meta(description="Its EVSEs")] = (Evse(),)
    network: Annotated[Network, Meta(description="Its way to the central system")] = Network()
    display: Annotated[Display, Meta(description="What people read at the station")] = Display()
    contract_roots: Annotated[
        Path | None,
        Meta(
            description="The root certificates (PEM) that the contract certificates of cars are "
            "validated with",
            examples=[Path("/etc/pilotwire/contract_roots.pem")],
        ),
    ] = None
    tls: Annotated[StationTls, Meta(description="Certificates")] = StationTls()
    security_log: Annotated[SecurityLog, Meta(description="The log of security events")] = (
        SecurityLog()
    )
    variables: Annotated[
        dict[str, VariableValue],
        Meta(
            description="Device-model variables (what a central system sets counts until what "
            "stands here is changed), by names like "
            '"TxCtrlr.TxStartPoint", "OCPPCommCtrlr.MessageAttempts[TransactionEvent]" or '
            '"Connector(1,2).ConnectorType"',
            examples=[{"OCPPCommCtrlr.HeartbeatInterval": 300}],
        ),
    ] = field(default_factory=dict)
    custom_keys: Annotated[
        tuple[CustomKey, ...], Meta(description="Configuration keys of its own")
    ] = ()
    vendor_handlers: Annotated[
        dict[Annotated[str, Meta(min_length=1, max_length=255)], ModuleMember],
        Meta(
            description="Python functions that answer the DataTransfer of vendors, by vendorId "
            "(docs/vendors.md)",
            examples=[{"com.example": "my_charger.messages:answer"}],
        ),
    ] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse_repeated("versions", self.versions)
        if "ocpp1.6" in self.versions and len(self.vendor) > 20:
            raise Invalid("vendor", "expected at most 20 characters, as ocpp1.6 takes no more")
        if not self.evses:
            raise Invalid("evses", "expected at least one")
        refuse_repeated("custom_keys", (custom.key.lower() for custom in self.custom_keys))
        for name in self.variables:
            try:
                DeviceModelKey.parse(name)
            except ValueError as error:
                raise Invalid("variables", str(error)) from error


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach what listens at this address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, which may mean anything
        return False


class Api(Settings, frozen=True, kw_only=True):
    """The local API, over HTTP: what the station does, and hands for its simulated EVSEs."""

    enabled: Annotated[bool, Meta(description="Serve it")] = True
    host: Annotated[
        str,
        Meta(
            min_length=1,
            description="Address to listen on; one that other machines reach needs a token among "
            "the secrets",
        ),
    ] = "127.0.0.1"
    port: Annotated[Port, Meta(description="TCP port to listen on")] = 9311


class Log(Settings, frozen=True, kw_only=True):
    """The log of what happens, on standard output."""

    format: Annotated[
        Literal["auto", "console", "json"],
        Meta(description="Lines to read, or one JSON object a line; auto: to read on a terminal"),
    ] = "auto"
    level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least that is logged")
    ] = "info"
    messages: Annotated[bool, Meta(description="Log every OCPP message")] = True


class MessageLog(Settings, frozen=True, kw_only=True):
    """Files of every OCPP message, secrets left out."""

    formats: Annotated[
        tuple[Literal["log", "html", "json", "session", "console"], ...],
        Meta(
            description="log: text; html: a page to read (recommended); json: one object a line; "
            "session: a page for each charging session; console: lines in the log; empty: nothing"
        ),
    ] = ()
    directory: Annotated[Path, Meta(description="Where they are; made when it is not there")] = (
        Path("var/messages")
    )
    max_file_bytes: Annotated[
        int,
        Meta(ge=0, description="Size at which a file gives way to a new one; 0: never"),
    ] = 5_000_000
    max_files: Annotated[
        int, Meta(ge=1, le=1000, description="Old files of each format that are kept")
    ] = 5
    date_suffix: Annotated[
        bool, Meta(description="Name old files by their moment, not by a number")
    ] = False
    max_sessions: Annotated[
        int, Meta(ge=0, description="Sessions whose pages are kept; 0: all of them")
    ] = 200
    shows_tokens: Annotated[
        bool, Meta(description="Write tokens in full, not only their last characters")
    ] = False
    flush_seconds: Annotated[
        Seconds, Meta(description="How long a message may wait for the disk")
    ] = 1.0

    def __post_init__(self) -> None:
        refuse_repeated("formats", self.formats)


class StationSecrets(Settings, frozen=True, kw_only=True):
    """The station's passwords."""

    passwords: Annotated[
        dict[int, Secret],
        Meta(description="The basic-authentication password of each network slot"),
    ] = field(default_factory=dict)


class CentralSecrets(Settings, frozen=True, kw_only=True):
    """The stations' passwords at the embedded central system."""

    passwords: Annotated[
        dict[str, Secret], Meta(description="The password of each station, by identity")
    ] = field(default_factory=dict)


class ApiSecrets(Settings, frozen=True, kw_only=True):
    """The secret of the local API."""

    token: Annotated[
        Secret | None, Meta(description="The bearer token without which nobody may use it")
    ] = None


class Secrets(Settings, frozen=True, kw_only=True):
    """Where secrets are: a file that only its owner may read, or the environment; never here."""

    file: Annotated[
        Path | None,
        Meta(
            description="The secrets file; without this key secrets.toml beside config.toml, "
            "when it is there",
            examples=["/etc/pilotwire/secrets.toml"],
        ),
    ] = None
    station: Annotated[StationSecrets, Meta(description="The station's passwords")] = (
        StationSecrets()
    )
    central: Annotated[CentralSecrets, Meta(description="Passwords of stations")] = CentralSecrets()
    api: Annotated[ApiSecrets, Meta(description="The token of the local API")] = ApiSecrets()


class Config(Settings, frozen=True, kw_only=True):
    """One charging station, its central system, and its simulated surroundings."""

    station: Annotated[Station, Meta(description="The charging station")] = Station()
    central: Annotated[Central, Meta(description="The embedded central system")] = Central()
    simulator: Annotated[Simulator, Meta(description="The simulated EVSEs")] = Simulator()
    api: Annotated[Api, Meta(description="The local API")] = Api()
    log: Annotated[Log, Meta(description="The log")] = Log()
    message_log: Annotated[MessageLog, Meta(description="The log of messages")] = MessageLog()
    trace: Annotated[Trace, Meta(description="The trace rules")] = Trace()
    secrets: Annotated[Secrets, Meta(description="Where secrets are")] = Secrets()

    def __post_init__(self) -> None:
        is_open = self.api.enabled and not is_loopback(self.api.host)
        if is_open and self.secrets.api.token is None:
            raise Invalid(
                "api.host", "other machines reach that address: secrets.api.token must be set first"
            )
