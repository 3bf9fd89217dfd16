"""What shall be done: imperatives that charts emit and the engine performs, in the order given.

Those of the first part go to an EVSE's driver as they stand; the engine performs the rest.
"""

from typing import Literal

import msgspec

from .events import (
    CertificateStatus,
    Contract,
    Event,
    IdToken,
    PersonalMessage,
    ReservationMade,
)


class Effect(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Something to do. `evse` is the EVSE that it concerns, 0 the station."""


# ---- commands to an EVSE's driver


class CloseContactor(Effect, frozen=True):
    """Let the car draw power."""

    evse: int


class OpenContactor(Effect, frozen=True):
    evse: int


class LockConnector(Effect, frozen=True):
    """Hold the cable. The driver answers with ConnectorLocked or LockFailed."""

    evse: int
    connector: int = 1


class UnlockConnector(Effect, frozen=True):
    """Let the cable go. The driver answers with ConnectorUnlocked or UnlockFailed."""

    evse: int
    connector: int = 1


class SetLimit(Effect, frozen=True):
    """Offer at most this much; None is the hardware's own limit, 0 pauses."""

    evse: int
    amperes: float | None = None  # A a phase
    watts: float | None = None  # W, all phases


class AcceptToken(Effect, frozen=True, omit_defaults=True):
    """Tell the person at the EVSE (0: at the station's own reader) that the token is accepted."""

    evse: int
    id_token: IdToken
    languages: tuple[str, ...] = ()  # that the person prefers, RFC 5646
    messages: tuple[PersonalMessage, ...] = ()  # for the person to read
    certificate_status: CertificateStatus | None = None  # of a contract: for the car


class RefuseToken(Effect, frozen=True, omit_defaults=True):
    """Tell the person at the EVSE that this token does nothing here, and why.

    `reason` is a 2.x AuthorizationStatusEnumType word, or Faulted, Inoperative, MasterPass,
    Occupied, Reserved.
    """

    evse: int
    id_token: IdToken
    reason: str
    languages: tuple[str, ...] = ()
    messages: tuple[PersonalMessage, ...] = ()
    certificate_status: CertificateStatus | None = None


class ShowMessages(Effect, frozen=True):
    """Tell the person at the EVSE what the CSMS has to say during the charge."""

    evse: int
    messages: tuple[PersonalMessage, ...]


Command = (
    CloseContactor
    | OpenContactor
    | LockConnector
    | UnlockConnector
    | SetLimit
    | AcceptToken
    | RefuseToken
    | ShowMessages
)

# ---- time


class StartTimer(Effect, frozen=True):
    """Bring `event` to this EVSE (0: the station) after that time; a running one starts anew."""

    evse: int
    event: Event
    seconds: float
    random: float = 0.0  # s; up to this much is added, drawn at random


class StopTimer(Effect, frozen=True):
    evse: int
    event: Event


# ---- reset


class AwaitDelivery(Effect, frozen=True):
    """Bring ReportsDelivered when the CSMS has all reports, or that time (s) is over."""

    evse: int
    seconds: float


class RestartEvse(Effect, frozen=True):
    """Start the EVSE's hardware anew; when it says how things stand, bring ResetFinished."""

    evse: int


class RestartStation(Effect, frozen=True):
    """Boot again. `boot_reason` is the 2.x BootReasonEnumType word to be told then."""

    boot_reason: str


class ReportResetFailure(Effect, frozen=True):
    """The EVSE's hardware has not come back from its reset."""

    evse: int


# ---- questions and reports


class AskAuthorization(Effect, frozen=True):
    """Find out whether this token may charge; the answer comes back as AuthorizationDecided.

    `groups` are those of the charges which the token may end, if it is of the same.
    """

    evse: int
    id_token: IdToken
    groups: tuple[str, ...] = ()
    contract: Contract | None = None  # that proves the token


class AskSignature(Effect, frozen=True):
    """Have the meter sign the reading of the beginning; it comes back as SignedDataReceived."""

    evse: int


class ShowMasterPass(Effect, frozen=True):
    """Let whoever has the master pass, at this EVSE, choose which transactions to end (C16.FR.01).

    `running` are the EVSEs where one runs. The choice comes back as TransactionsChosen.
    """

    evse: int
    id_token: IdToken
    running: tuple[int, ...]


class HideMasterPass(Effect, frozen=True):
    """The choice is made, or there was none in time."""

    evse: int


class IgnoreFact(Effect, frozen=True):
    """A fact that changes nothing where things stand: hardware may repeat itself. For the log."""

    evse: int
    event: str
    states: tuple[str, ...]


class ReportConnector(Effect, frozen=True):
    """The connector's state, as regions show it, may look different to the CSMS now."""

    evse: int
    connector: int


class ReportTransaction(Effect, frozen=True):
    """An entry of the transaction's record: journalled before what follows it is performed."""

    evse: int
    transaction_id: str
    kind: Literal["Started", "Updated", "Ended"]
    trigger: str  # a 2.x TriggerReasonEnumType word
    reason: str | None = None  # a 2.x ReasonEnumType word, on Ended
    connector: int = 0  # 0: none yet
    id_token: IdToken | None = None  # whose transaction it is
    stop_token: IdToken | None = None  # who ended it, when somebody did
    parent: str | None = None
    remote_start_id: int | None = None
    reservation_id: int | None = None
    charging_state: str = "Idle"  # a 2.x ChargingStateEnumType word


class ReportSecurityEvent(Effect, frozen=True):
    """Write it into the security log, and tell the CSMS where it is critical (A04)."""

    event: str
    tech_info: str = ""


class ReportReservation(Effect, frozen=True):
    """A reservation ended otherwise than by its use or the CSMS's own word."""

    reservation_id: int
    outcome: Literal["Expired", "Removed"]


class KeepAvailability(Effect, frozen=True):
    """Make the requested availability durable (B11.FR.05, 1.6 5.2: it survives a restart)."""

    evse: int
    connector: int
    operative: bool


class KeepReservation(Effect, frozen=True):
    """Make the reservation durable, or its end (None): it survives a restart (B01.FR.13)."""

    evse: int
    made: ReservationMade | None


# ---- link and registration


class DialCsms(Effect, frozen=True):
    """Open a link with the network profile in this slot."""

    slot: int


class CloseLink(Effect, frozen=True):
    """End the link that stands, or the dial under way."""


class SendBootNotification(Effect, frozen=True):
    """Register; the answer comes back as one of the Registration… facts."""

    is_triggered: bool = False  # the CSMS has asked for it


class AnnounceStation(Effect, frozen=True):
    """The accepted station is online: start the heartbeat, send the queue, report the connectors.

    `afresh` says that the CSMS has just accepted it: then every connector is reported
    (1.6 errata 3.22, B01.FR.05), else those that look different from what was last said.
    """

    afresh: bool = True
