"""The messages between the station and a hardware program: one JSON object a line, version 1.

Facts and commands are those of the seam, spelled alike; here stands what fits in them. Everything
that a program sends is checked: an unknown message, field or word is a `NotUnderstood`.
"""

from functools import reduce
from operator import or_
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, field
from msgspec.structs import asdict

from ...machines import events
from ...machines.effects import Command
from ...machines.meter import MeterSample, SignedReading
from ..driver import SigningContext
from ..hardware import FaultCode

VERSION = 1
MAX_LINE = 16_384  # bytes, its end included

M = TypeVar("M")
Number = Annotated[int, Meta(ge=1)]
Amount = Annotated[float, Meta(ge=0)]


class NotUnderstood(Exception):
    """A line of the program means nothing here; `str()` names what is wrong in it."""


class Hello(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The first line of each side: the protocol's version, and which EVSE is meant."""

    version: int = field(name="pilotwire-driver")
    evse: Number
    connectors: int = 0  # from the station: how many the EVSE has
    ping_seconds: float = 0.0  # from the station: between two of its pings
    new_meter: bool = False  # from the program: its meter was exchanged, its register begins anew
    # From the program: the key by which its meter signs, as printed on it.
    public_key: Annotated[str, Meta(max_length=1800)] = ""


class Message(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """What a program sends after its hello; the class's name is the field `type`."""


class _AtConnector(Message, frozen=True, kw_only=True):
    connector: Number = 1


class CablePlugged(_AtConnector, frozen=True):
    """A cable now joins this connector and a car."""


class CableUnplugged(_AtConnector, frozen=True):
    """It no longer does."""


class ConnectorLocked(_AtConnector, frozen=True):
    """The lock holds the cable."""


class ConnectorUnlocked(_AtConnector, frozen=True):
    """The lock has let the cable go."""


class LockFailed(_AtConnector, frozen=True):
    """The lock was told to close and does not hold the cable."""


class UnlockFailed(_AtConnector, frozen=True):
    """The lock was told to open and holds."""


class FaultRaised(_AtConnector, frozen=True):
    """An error that ends the connector's use."""

    error_code: FaultCode
    info: Annotated[str, Meta(max_length=50)] = ""
    vendor_id: Annotated[str, Meta(max_length=255)] = ""
    vendor_error_code: Annotated[str, Meta(max_length=50)] = ""


class FaultCleared(_AtConnector, frozen=True):
    """The error is over."""


class SecurityEventHappened(Message, frozen=True, kw_only=True):
    """Something for the security log: "TamperDetectionActivated" when the case was opened, …"""

    event: Annotated[str, Meta(min_length=1, max_length=50)]
    tech_info: Annotated[str, Meta(max_length=255)] = ""


class BayOccupied(Message, frozen=True):
    """A car stands in the bay."""


class BayVacated(Message, frozen=True):
    """The bay is empty."""


class EnergyFlowing(Message, frozen=True):
    """The contactor is closed and the car takes power."""


class SuspendedByEv(Message, frozen=True):
    """The contactor is closed and the car takes nothing."""


class SuspendedByEvse(Message, frozen=True):
    """The contactor is closed and nothing is offered: a limit of 0, a pause of the hardware's."""


class StoppedByEv(Message, frozen=True):
    """The car has ended the charge for good."""


class IdToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An identification, as read."""

    value: Annotated[str, Meta(min_length=1, max_length=255)]
    type: Annotated[str, Meta(min_length=1, max_length=20)] = "ISO14443"


class CertificateHash(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By what an OCSP request names a certificate."""

    hash_algorithm: Literal["SHA256", "SHA384", "SHA512"]
    issuer_name_hash: Annotated[str, Meta(max_length=128)]
    issuer_key_hash: Annotated[str, Meta(max_length=128)]
    serial_number: Annotated[str, Meta(max_length=40)]
    responder_url: Annotated[str, Meta(max_length=512)]


class Contract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A car's contract certificate: the chain in PEM, and what an OCSP responder is asked of it."""

    chain: Annotated[str, Meta(min_length=1, max_length=10_000)]
    hashes: Annotated[tuple[CertificateHash, ...], Meta(max_length=4)] = ()


class TokenPresented(Message, frozen=True):
    """Somebody showed an identification here, or a car its contract."""

    id_token: IdToken
    contract: Contract | None = None


class MeterRead(Message, frozen=True, kw_only=True):
    """A reading of the meter; what the hardware does not measure is left out."""

    energy_import: Amount  # Wh
    energy_import_phases: tuple[Amount, ...] = ()  # Wh
    energy_export: Amount | None = None  # Wh
    energy_reactive_import: Amount | None = None  # varh
    energy_reactive_export: Amount | None = None  # varh
    energy_apparent_import: Amount | None = None  # VAh
    energy_apparent_export: Amount | None = None  # VAh
    power_import: float | None = None  # W
    power_import_phases: tuple[float, ...] = ()  # W
    power_export: float | None = None  # W
    power_reactive_import: float | None = None  # var
    power_reactive_export: float | None = None  # var
    power_factor: Annotated[float, Meta(ge=-1, le=1)] | None = None
    current_import: tuple[float, ...] = ()  # A
    current_export: tuple[float, ...] = ()  # A
    voltage: tuple[float, ...] = ()  # V
    frequency: Amount | None = None  # Hz
    power_offered: Amount | None = None  # W
    current_offered: Amount | None = None  # A
    state_of_charge: Annotated[float, Meta(ge=0, le=100)] | None = None  # %
    temperature: float | None = None  # °C

    def sample(self) -> MeterSample:
        return MeterSample(**{name: getattr(self, name) for name in MeterRead.__struct_fields__})


class ReadingSigned(MeterRead, frozen=True, kw_only=True):
    """The answer to SignReading: a reading, and the meter's signature on it."""

    number: Number
    data: bytes
    encoding_method: Annotated[str, Meta(min_length=1, max_length=50)]
    signing_method: Annotated[str, Meta(max_length=50)] = ""
    covers_begin: bool = False

    def signed(self, public_key: str) -> MeterSample:
        """Give the reading with its signature."""
        signed = SignedReading(
            data=self.data,
            encoding_method=self.encoding_method,
            signing_method=self.signing_method,
            public_key=public_key,
            covers_begin=self.covers_begin,
        )
        return msgspec.structs.replace(self.sample(), signed=signed)


class ReadingNotSigned(Message, frozen=True, kw_only=True):
    """The other answer to SignReading."""

    number: Number
    why: Annotated[str, Meta(max_length=200)] = ""


class Ready(Message, frozen=True):
    """All has been said of how things stand; the EVSE may be used."""


class Ping(Message, frozen=True):
    """Is the station there? It answers Pong."""


class Pong(Message, frozen=True):
    """The program is there."""


_SEAM: dict[type[Message], type[events.Event]] = {
    BayOccupied: events.BayOccupied,
    BayVacated: events.BayVacated,
    CablePlugged: events.CablePlugged,
    CableUnplugged: events.CableUnplugged,
    ConnectorLocked: events.ConnectorLocked,
    ConnectorUnlocked: events.ConnectorUnlocked,
    EnergyFlowing: events.EnergyFlowing,
    FaultCleared: events.FaultCleared,
    FaultRaised: events.FaultRaised,
    LockFailed: events.LockFailed,
    SecurityEventHappened: events.SecurityEventHappened,
    StoppedByEv: events.StoppedByEv,
    SuspendedByEv: events.SuspendedByEv,
    SuspendedByEvse: events.SuspendedByEvse,
    UnlockFailed: events.UnlockFailed,
}
FROM_PROGRAM: tuple[type[Message], ...] = (
    *_SEAM,
    TokenPresented,
    MeterRead,
    ReadingSigned,
    ReadingNotSigned,
    Ready,
    Ping,
    Pong,
)

_hello = msgspec.json.Decoder(Hello)
_message: "msgspec.json.Decoder[Message]" = msgspec.json.Decoder(reduce(or_, FROM_PROGRAM))


def fact_of(message: Message) -> events.Event | None:
    """Give the seam's fact that a message is; None when it is none."""
    if isinstance(message, TokenPresented):
        return _presented(message)
    kind = _SEAM.get(type(message))
    return kind(**asdict(message)) if kind is not None else None


def _presented(message: TokenPresented) -> events.TokenPresented:
    id_token, contract = message.id_token, message.contract
    presented = events.IdToken(id_token.value, id_token.type)
    if contract is None:
        return events.TokenPresented(presented)
    hashes = tuple(events.CertificateHash(**asdict(each)) for each in contract.hashes)
    return events.TokenPresented(presented, events.Contract(contract.chain, hashes))


def read_hello(line: bytes) -> Hello:
    """Raises NotUnderstood."""
    return _read(_hello, line)


def read_message(line: bytes) -> Message:
    """Raises NotUnderstood."""
    return _read(_message, line)


def _read(decoder: "msgspec.json.Decoder[M]", line: bytes) -> M:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotUnderstood(str(error)) from error


# ---- from the station


class Error(msgspec.Struct, frozen=True, tag=True):
    """What was wrong with a line of the program, counted from 1, or why the talk ends."""

    problem: str
    line: int | None = None


class SignReading(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Have the meter sign a reading: to be answered with its number."""

    number: int
    context: SigningContext
    transaction_id: str | None = None
    id_token: IdToken | None = None


FromStation = Hello | Command | SignReading | Error | Ping | Pong


def written(message: FromStation) -> bytes:
    return msgspec.json.encode(message) + b"\n"
