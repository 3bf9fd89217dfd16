"""What the engine must know of an OCPP version to put it on a wire, as data.

Subprotocol names: OCPP-J 3.1.2. Who sends which action: the messages of each version's part 2.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from .errors import FAULTS, SPELLED, ErrorCode, Fault

if TYPE_CHECKING:
    from .messages.base import Request

Role = Literal["station", "csms"]
Actions = Mapping[str, "type[Request[Any]]"]  # each request class has its own response type


@cache
def _load(module: str) -> Actions:
    """The messages of one version, imported when they are first needed."""
    actions: Actions = import_module(f".messages.{module}", __package__).ACTIONS
    return actions


class Version(msgspec.Struct, frozen=True, eq=False):
    """An OCPP version on the wire. Compared by identity: there is one of each."""

    subprotocol: str
    actions: Callable[[], Actions]
    """Action -> request class. The first call imports the messages."""
    station_actions: frozenset[str]
    """Those that a station sends; a CSMS sends the others, and both send `shared_actions`."""
    faults: Mapping[Fault, ErrorCode | None]
    spelled: Mapping[ErrorCode, str]
    identity_pattern: str
    """What a station's identity in the connection URL must match, whole."""
    shared_actions: frozenset[str] = frozenset({"DataTransfer"})
    has_unconfirmed: bool = False
    """Whether SEND (6) and CALLRESULTERROR (5) are message types."""
    reads_number_ids: bool = False
    """Whether a message id that is a JSON number can be echoed in a CALLERROR."""

    def word(self, code: ErrorCode) -> str:
        """How this version writes the code."""
        return self.spelled.get(code, code)

    def sends(self, role: Role, action: str) -> bool:
        """Whether that role sends the action."""
        if action in self.shared_actions:
            return True
        return (action in self.station_actions) == (role == "station")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STATION_16 = _words(
    """Authorize BootNotification DiagnosticsStatusNotification FirmwareStatusNotification
    Heartbeat LogStatusNotification MeterValues SecurityEventNotification SignCertificate
    SignedFirmwareStatusNotification StartTransaction StatusNotification StopTransaction"""
)
_STATION_201 = _words(
    """Authorize BootNotification ClearedChargingLimit FirmwareStatusNotification
    Get15118EVCertificate GetCertificateStatus Heartbeat LogStatusNotification MeterValues
    NotifyChargingLimit NotifyCustomerInformation NotifyDisplayMessages NotifyEVChargingNeeds
    NotifyEVChargingSchedule NotifyEvent NotifyMonitoringReport NotifyReport
    PublishFirmwareStatusNotification ReportChargingProfiles ReservationStatusUpdate
    SecurityEventNotification SignCertificate StatusNotification TransactionEvent"""
)
_STATION_21 = _STATION_201 | _words(
    """BatterySwap ClosePeriodicEventStream GetCertificateChainStatus NotifyDERAlarm
    NotifyDERStartStop NotifyPeriodicEventStream NotifyPriorityCharging NotifySettlement
    OpenPeriodicEventStream PullDynamicScheduleUpdate ReportDERControl VatNumberValidation"""
)
# Any printable text but '/': 1.6 has no rule, and a real one is "RDAM 123" (OCPP-J 1.6 3.1.1).
_IDENTITY_16 = r"[^\x00-\x1f\x7f-\x9f/\\]{1,255}"
# identifierString without ':' (OCPP-J 2.0.1 3.1.1).
_IDENTITY_2 = r"[A-Za-z0-9*\-_=+|@.]{1,48}"

OCPP_16 = Version(
    subprotocol="ocpp1.6",
    actions=partial(_load, "v16"),
    station_actions=_STATION_16,
    faults=FAULTS["ocpp1.6"],
    spelled=SPELLED["ocpp1.6"],
    identity_pattern=_IDENTITY_16,
    reads_number_ids=True,
)
OCPP_201 = Version(
    subprotocol="ocpp2.0.1",
    actions=partial(_load, "v201"),
    station_actions=_STATION_201,
    faults=FAULTS["ocpp2.0.1"],
    spelled=SPELLED["ocpp2.0.1"],
    identity_pattern=_IDENTITY_2,
)
OCPP_21 = Version(
    subprotocol="ocpp2.1",
    actions=partial(_load, "v21"),
    station_actions=_STATION_21,
    faults=FAULTS["ocpp2.1"],
    spelled=SPELLED["ocpp2.1"],
    identity_pattern=_IDENTITY_2,
    has_unconfirmed=True,
)
VERSIONS: Mapping[str, Version] = {v.subprotocol: v for v in (OCPP_16, OCPP_201, OCPP_21)}
"""By subprotocol, the oldest first."""
