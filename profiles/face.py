"""A station's face: what its neutral reports and questions look like in one version, and what the
answers mean.

Each version has a module of this shape; the engine talks through it and never sees a version.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from ..machines.events import Event, IdToken, PersonalMessage
from ..machines.station import Station
from .context import Handlers, TxPoints, VendorAnswer
from .device_model import Key
from .family import Version
from .messages.base import Request, Response
from .report import Report, Sample
from .tokens import Proof, TokenInfo

AnyRequest = Request[Any]  # each request class has its own response type


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What BootNotification tells of the station."""

    vendor: str
    model: str
    serial_number: str | None = None
    firmware_version: str | None = None
    iccid: str | None = None
    imsi: str | None = None
    meter_serial_number: str | None = None
    meter_type: str | None = None


class BootAnswer(NamedTuple):
    status: Literal["Accepted", "Pending", "Rejected"]
    interval: float  # s
    time: datetime


class Digest(NamedTuple):
    """What the answer to a report means. `csms_id` is the CSMS's own id of the transaction, where
    it gives one.
    """

    csms_id: str | None = None
    token: tuple[IdToken, TokenInfo] | None = None
    facts: tuple[Event, ...] = ()
    total_cost: float | None = None  # so far, taxes included, in the CSMS's currency
    messages: tuple[PersonalMessage, ...] = ()  # for the person who charges


NOTHING = Digest()


class StatusEvent(NamedTuple):
    """What an event has that tells a status, where the version prefers one (2.1 G01)."""

    event_id: int
    severity: int
    cause: int | None = None  # the event of the fault


class StationFace(Protocol):
    """A version, as the station speaks it."""

    @property
    def VERSION(self) -> Version: ...

    @property
    def HANDLERS(self) -> Handlers:
        """What the station answers."""
        ...

    @property
    def TX_POINTS(self) -> TxPoints | None:
        """The start and stop points that the version fixes; None where they are configured."""
        ...

    @property
    def ENDED_INTERVALS(self) -> tuple[Key, Key]:
        """The variables that say how often the readings for a transaction's end are taken: the
        sampled ones, and the clock-aligned ones.
        """
        ...

    @property
    def NOTIFIES_EVENTS(self) -> bool:
        """Whether the version tells what monitors find."""
        ...

    @property
    def TELLS_STATUS_BY_EVENT(self) -> bool:
        """Whether the version would rather tell a connector's status as an event."""
        ...

    @property
    def BEGIN_APART(self) -> Key | None:
        """The variable that lists readings of a transaction's beginning which its start has no room
        for, so that they are told right after it; None where it has.
        """
        ...

    @property
    def ANSWERS_WHEN_REJECTED(self) -> bool:
        """Whether a rejected station answers the CSMS (with SecurityError), or keeps silent."""
        ...

    @property
    def CACHES_LISTED_TOKENS(self) -> bool:
        """Whether what the CSMS says of a token of the local list is cached as well."""
        ...

    def boot(self, identity: Identity, reason: str) -> AnyRequest: ...

    def read_boot(self, response: Response) -> BootAnswer: ...

    def heartbeat(self) -> AnyRequest: ...

    def data_transfer(self, vendor_id: str, message_id: str | None, data: object) -> AnyRequest:
        """Tell the CSMS what OCPP has no message for (1.6 4.3, P02).

        Raises ValueError for data that the version cannot carry.
        """
        ...

    def read_data_transfer(self, response: Response) -> VendorAnswer: ...

    def read_time(self, response: Response) -> datetime:
        """Give the CSMS's time out of its answer to a heartbeat."""
        ...

    def authorize(self, id_token: IdToken, proof: Proof | None = None) -> AnyRequest | None:
        """Give the question; None for a token, or a proof of it, that the version cannot carry."""
        ...

    def read_authorization(self, id_token: IdToken, response: Response) -> TokenInfo: ...

    def list_conflict(self, station: Station) -> AnyRequest | None:
        """Tell that CSMS and local list contradict each other; None where nobody is told."""
        ...

    def look(self, station: Station, evse: int, connector: int) -> Hashable:
        """Give what the CSMS would be told of a connector (0, 0: the station); equal looks need no
        telling.
        """
        ...

    def status(
        self,
        station: Station,
        evse: int,
        connector: int,
        look: Hashable,
        time: datetime,
        event: StatusEvent | None,
    ) -> AnyRequest | None:
        """Tell a look, as this event where there is one. None where the version tells nothing of
        it.
        """
        ...

    def meter_values(
        self,
        station: Station,
        evse: int,
        connector: int,
        samples: tuple[Sample, ...],
        csms_id: str | None,
    ) -> AnyRequest | None:
        """Tell readings out of their turn (TriggerMessage). None where the version has no words
        for any of them.
        """
        ...

    def report(self, station: Station, report: Report, csms_id: str | None) -> AnyRequest | None:
        """Give a report's message; None where the version tells nothing of it."""
        ...

    def digest(self, report: Report, response: Response) -> Digest: ...
