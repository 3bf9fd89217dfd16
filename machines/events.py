"""What has happened: facts, in the past tense, that charts decide upon.

An event's snake_case name is the name of the transitions that it fires. Facts come from drivers,
handlers, timers and the local API; nobody changes a state in another way.
"""

from typing import Literal

import msgspec

AuthorizationVerdict = Literal[
    "Accepted",
    "Blocked",
    "ConcurrentTx",
    "Expired",
    "Invalid",
    "NoCredit",
    "NotAllowedTypeEVSE",
    "NotAtThisLocation",
    "NotAtThisTime",
    "Unknown",
]
"""2.x's AuthorizationStatusEnumType."""
TokenType = Literal[
    "Central", "eMAID", "ISO14443", "ISO15693", "KeyCode", "Local", "MacAddress", "NoAuthorization"
]


class Event(msgspec.Struct, frozen=True, tag=True, gc=False):
    """A fact. Equal facts are equal values, so an event also names the timer that will bring it."""


UNTYPED = ""
"""The type of a token that was named without one (1.6's idTag): it may be of any."""


class AdditionalInfo(msgspec.Struct, frozen=True, gc=False):
    """What goes with a token besides, as whoever uses it has agreed (2.x AdditionalInfoType)."""

    value: str
    type: str


class IdToken(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A driver's identification, as presented."""

    value: str
    type: TokenType | str = "ISO14443"
    additional_info: tuple[AdditionalInfo, ...] = ()

    def same_as(self, other: "IdToken | None") -> bool:
        """Say whether the two are equal: the value without regard to case (CiString), and the type
        where both have one, whatever goes with them besides (C01.FR.25).
        """
        if other is None or self.value.lower() != other.value.lower():
            return False
        return self.type == other.type or UNTYPED in (self.type, other.type)


def same_group(one: str | None, other: str | None) -> bool:
    """Say whether two tokens with these groups (parentIdTag, groupIdToken) are of one group."""
    return bool(one and other) and str(one).lower() == str(other).lower()


class PersonalMessage(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What the CSMS wants the person to read (2.x MessageContentType)."""

    content: str
    format: str = "UTF8"  # a 2.x MessageFormatEnumType word
    language: str | None = None  # RFC 5646


CertificateStatus = Literal[
    "Accepted",
    "SignatureError",
    "CertificateExpired",
    "CertificateRevoked",
    "NoCertificateAvailable",
    "CertChainError",
    "ContractCancelled",
]
"""2.x's AuthorizeCertificateStatusEnumType."""


class CertificateHash(msgspec.Struct, frozen=True):
    """By what an OCSP request names a certificate (2.x OCSPRequestDataType)."""

    hash_algorithm: Literal["SHA256", "SHA384", "SHA512"]
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str  # hexadecimal
    responder_url: str


class Contract(msgspec.Struct, frozen=True):
    """The contract certificate that a car shows (ISO 15118)."""

    chain: str  # PEM: the contract's certificate, then the sub-CAs that issued it
    hashes: tuple[CertificateHash, ...] = ()  # of them; empty: the station makes them


# ---- from the hardware of one EVSE


class CablePlugged(Event, frozen=True):
    """A cable now joins a connector of the EVSE and a car."""

    connector: int = 1


class CableUnplugged(Event, frozen=True):
    connector: int = 1


class BayOccupied(Event, frozen=True):
    """A car stands in the parking bay (TxStartPoint ParkingBayOccupancy)."""


class BayVacated(Event, frozen=True):
    """The parking bay is empty again."""


class EnergyFlowing(Event, frozen=True):
    """The car takes power."""


class SuspendedByEv(Event, frozen=True):
    """The contactor is closed and the car takes nothing."""


class SuspendedByEvse(Event, frozen=True):
    """The EVSE offers nothing: a limit of zero, a pause."""


class StoppedByEv(Event, frozen=True):
    """The car has ended the charge for good: ISO 15118's SessionStopReq(Terminate) (E15)."""


class ConnectorLocked(Event, frozen=True):
    connector: int = 1


class ConnectorUnlocked(Event, frozen=True):
    connector: int = 1


class LockFailed(Event, frozen=True):
    """The lock was told to close and does not hold the cable (G05)."""

    connector: int = 1


class UnlockFailed(Event, frozen=True):
    """The lock was told to open and holds."""

    connector: int = 1


class FaultRaised(Event, frozen=True):
    """The hardware reports an error that ends its use.

    `error_code` is a word of 1.6's ChargePointErrorCode.
    """

    connector: int = 1
    error_code: str = "OtherError"
    info: str = ""
    vendor_id: str = ""
    vendor_error_code: str = ""


class FaultCleared(Event, frozen=True):
    connector: int = 1


class SecurityEventHappened(Event, frozen=True):
    """Something that the security log is to tell (A04): tampering, a memory that is getting full, …

    `event` is a word of 2.x's appendix "Security Events", or one of the vendor's own; `tech_info`
    what a technician wants to know of it.
    """

    event: str
    tech_info: str = ""


class TokenPresented(Event, frozen=True):
    """Somebody showed an identification at this EVSE, or at the station's own reader.

    A car that does so by its contract shows an EMAID, and the certificate that proves it (C07).
    """

    id_token: IdToken
    contract: Contract | None = None


# ---- decisions about people


class AuthorizationDecided(Event, frozen=True):
    """What the CSMS, the local list, the cache or a rule says of a presented token."""

    id_token: IdToken
    verdict: AuthorizationVerdict
    parent: str | None = None  # parentIdTag, or the group's idToken
    offline: bool = False  # decided without the CSMS
    languages: tuple[str, ...] = ()  # that the person prefers, RFC 5646
    messages: tuple[PersonalMessage, ...] = ()  # for the person to read
    certificate_status: CertificateStatus | None = None  # of a contract


class MasterPassShown(Event, frozen=True):
    """Somebody showed a token of the master pass's group at this EVSE (0: at the station's own
    reader), and it was accepted (C16).
    """

    evse: int
    id_token: IdToken


class TransactionsChosen(Event, frozen=True):
    """Who has the master pass wants the transactions at these EVSEs ended."""

    evses: tuple[int, ...]


class ChoiceTimedOut(Event, frozen=True):
    """Who has the master pass chose nothing in time."""


class Authorized(Event, frozen=True):
    """This token may charge at this EVSE."""

    id_token: IdToken
    parent: str | None = None
    remote_start_id: int | None = None
    reservation_id: int | None = None


class StopRequested(Event, frozen=True):
    """Someone or something wants the session over. `reason` is a 2.x ReasonEnumType word."""

    reason: str = "Local"
    trigger: str = "StopAuthorized"  # a 2.x TriggerReasonEnumType word
    id_token: IdToken | None = None


class ConnectionTimedOut(Event, frozen=True):
    """A token was accepted and no cable came in time (ConnectionTimeOut, EVConnectionTimeOut)."""


class TransactionDeauthorized(Event, frozen=True):
    """The CSMS answered the start of the transaction with a token that is not accepted.

    Where MaxEnergyOnInvalidId lets the car draw some more, it comes when that is drawn (E05.FR.03).
    """

    verdict: AuthorizationVerdict = "Invalid"


# ---- energy and lock, decided by the EVSE from its regions


class EnergyAllowed(Event, frozen=True):
    """Session, health and limits all let the contactor close."""


class EnergyDenied(Event, frozen=True):
    """One of them no longer does."""


class LockNeeded(Event, frozen=True):
    """An active session holds the cable."""

    connector: int = 1


class LockReleased(Event, frozen=True):
    """Nothing holds the cable any more."""

    connector: int = 1


# ---- the signed reading that begins a transaction (TxStartPoint DataSigned)


class SignatureNeeded(Event, frozen=True):
    """All but the signed reading is there for a charge to begin."""


class SignedDataReceived(Event, frozen=True):
    """The meter has signed the reading of the beginning."""


class SignatureDropped(Event, frozen=True):
    """The session that it was for is over."""


# ---- transaction: its start and stop points


class StartPointReached(Event, frozen=True):
    trigger: str  # a 2.x TriggerReasonEnumType word


class StopPointReached(Event, frozen=True):
    trigger: str
    reason: str  # a 2.x ReasonEnumType word


class TransactionTouched(Event, frozen=True):
    """Something about the transaction changed that its record must tell.

    `charging_state` is what it tells of the energy, where that is not what the regions say by now.
    """

    trigger: str
    charging_state: str | None = None


# ---- availability, of the station, an EVSE or a connector


class OperativeRequested(Event, frozen=True):
    """Put it into service."""


class InoperativeRequested(Event, frozen=True):
    """Take it out of service, when no transaction uses it."""


class UseEnded(Event, frozen=True):
    """No transaction uses it any more."""


# ---- reset, of the station or an EVSE


class ResetRequested(Event, frozen=True):
    """Start anew: at once, or when nothing uses it any more."""

    is_on_idle: bool = False
    reason: str = "ImmediateReset"  # of the transactions that it ends: a ReasonEnumType word
    patience: float = 10.0  # s that the CSMS gets to take what they report
    boot_reason: str = "RemoteReset"  # why the station boots next: a BootReasonEnumType word


class ReportsDelivered(Event, frozen=True):
    """The CSMS has what was to be told before a reset, or has had its time."""


class ResetFinished(Event, frozen=True):
    """The EVSE's hardware has started anew, and says how things stand."""


class ResetTimedOut(Event, frozen=True):
    """It has not, in the time that it may take."""


# ---- reservation


class ReservationMade(Event, frozen=True):
    reservation_id: int
    id_token: IdToken
    seconds: float  # until it expires
    parent: str | None = None
    connector: int | None = None


class ReservationCancelled(Event, frozen=True):
    """The CSMS withdrew it."""


class ReservationExpired(Event, frozen=True):
    """Nobody came in time."""


class ReservationUsed(Event, frozen=True):
    """Its token (or its group's) came to charge."""


class ReservationLost(Event, frozen=True):
    """What it held can no longer be given: a fault, or out of service."""


# ---- link, connection and registration


class ConnectRequested(Event, frozen=True):
    """The station shall be online."""


class DisconnectRequested(Event, frozen=True):
    """The station shall be offline, until it is asked to connect again."""


class ReconnectRequested(Event, frozen=True):
    """The link that stands shall give way to a new one: something has changed that it goes by.

    `is_first` begins with the first network profile again, not with the one in use.
    """

    is_first: bool = False


class LinkOpened(Event, frozen=True):
    """A WebSocket to the CSMS stands, its subprotocol agreed.

    `is_new_csms` says that the one that registered the station is not at its other end.
    """

    is_new_csms: bool = False


class LinkFailed(Event, frozen=True):
    """A dial did not end in a link."""

    reason: str = ""


class LinkClosed(Event, frozen=True):
    """The link that stood is gone."""

    reason: str = ""


class BackOffElapsed(Event, frozen=True):
    """It is time to dial again."""


class RegistrationAccepted(Event, frozen=True):
    """The CSMS answered BootNotification with Accepted."""


class RegistrationPending(Event, frozen=True):
    interval: float  # s; 0 lets the station choose


class RegistrationRejected(Event, frozen=True):
    interval: float  # s; 0 lets the station choose


class RegistrationUnanswered(Event, frozen=True):
    """BootNotification brought an error or nothing."""


class RegistrationTriggered(Event, frozen=True):
    """The CSMS wants BootNotification now (TriggerMessage)."""


class RegistrationDue(Event, frozen=True):
    """It is time to send BootNotification (again)."""
