"""The station's face in 2.0.1 and 2.1: neutral reports and questions as their messages.

One implementation for both: what it is given, the version's own structs, makes the difference.
"""

from collections.abc import Hashable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from ...machines.events import IdToken
from ...machines.station import Station
from ..context import Handlers, TxPoints, VendorAnswer
from ..device_model import Key
from ..face import NOTHING, AnyRequest, BootAnswer, Digest, Identity, StatusEvent
from ..family import Version
from ..messages.base import Response
from ..report import (
    EventReport,
    MeterReport,
    Report,
    Sample,
    SecurityEventReport,
    TransactionReport,
)
from ..tokens import Proof, TokenInfo
from . import (
    authorization,
    availability,
    data_transfer,
    local_auth_list,
    meter_values,
    monitoring,
    network_profile,
    provisioning,
    remote_control,
    reports,
    reset,
    security,
    transactions,
    variables,
)
from .status import Status, connector_status

if TYPE_CHECKING:
    from ..messages.v2 import Messages

_BLOCKS = (
    authorization.STATION,
    availability.STATION,
    data_transfer.STATION,
    local_auth_list.STATION,
    monitoring.STATION,
    network_profile.STATION,
    remote_control.STATION,
    reports.STATION,
    reset.STATION,
    transactions.STATION,
    variables.STATION,
)
_STATION = 0  # as an EVSE's number


class Face:
    """2.0.1 or 2.1, as the station speaks it; what its methods are for says `StationFace`."""

    TX_POINTS: TxPoints | None = None  # TxCtrlr.TxStartPoint and TxStopPoint say
    ENDED_INTERVALS = (
        Key("SampledDataCtrlr", "TxEndedInterval"),
        Key("AlignedDataCtrlr", "TxEndedInterval"),
    )
    NOTIFIES_EVENTS = True
    BEGIN_APART: Key | None = None
    ANSWERS_WHEN_REJECTED = True  # B03.FR.08
    CACHES_LISTED_TOKENS = True  # C10.FR.01

    def __init__(
        self, version: Version, v2: "Messages", *, tells_status_by_event: bool = False
    ) -> None:
        self.VERSION = version
        self.TELLS_STATUS_BY_EVENT = tells_status_by_event
        self.HANDLERS: Handlers = {
            v2.ACTIONS[action]: partial(handler, v2)
            for block in _BLOCKS
            for action, handler in block.items()
        }
        self._v2 = v2

    def boot(self, identity: Identity, reason: str) -> AnyRequest:
        return provisioning.boot_notification(self._v2, identity, reason)

    def read_boot(self, response: Response) -> BootAnswer:
        return provisioning.read_boot(_as(response))

    def heartbeat(self) -> AnyRequest:
        return availability.heartbeat(self._v2)

    def data_transfer(self, vendor_id: str, message_id: str | None, data: object) -> AnyRequest:
        return data_transfer.request(self._v2, vendor_id, message_id, data)

    def read_data_transfer(self, response: Response) -> VendorAnswer:
        return data_transfer.read(_as(response))

    def read_time(self, response: Response) -> datetime:
        return availability.read_time(_as(response))

    def authorize(self, id_token: IdToken, proof: Proof | None = None) -> AnyRequest | None:
        return authorization.authorize(self._v2, id_token, proof)

    def read_authorization(self, id_token: IdToken, response: Response) -> TokenInfo:
        return authorization.read_authorization(_as(response))

    def list_conflict(self, station: Station) -> AnyRequest | None:
        return None

    def look(self, station: Station, evse: int, connector: int) -> Hashable:
        """Give a connector's status; the station as a whole has none to tell."""
        if evse == _STATION:
            return None
        return connector_status(station.evse(evse).connectors[connector - 1])

    def status(
        self,
        station: Station,
        evse: int,
        connector: int,
        look: Hashable,
        time: datetime,
        event: StatusEvent | None,
    ) -> AnyRequest | None:
        if evse == _STATION:
            return None
        status = cast("Status", look)
        if event is not None:
            return availability.availability_event(
                self._v2, evse, connector, status, time.timestamp(), event
            )
        return availability.status_notification(self._v2, evse, connector, status, time)

    def meter_values(
        self,
        station: Station,
        evse: int,
        connector: int,
        samples: tuple[Sample, ...],
        csms_id: str | None,
    ) -> AnyRequest | None:
        return meter_values.meter_values_request(self._v2, evse, samples)

    def report(self, station: Station, report: Report, csms_id: str | None) -> AnyRequest | None:
        if isinstance(report, EventReport):
            return monitoring.notify_event(self._v2, report)
        if isinstance(report, SecurityEventReport):
            return security.security_event_notification(self._v2, report)
        if isinstance(report, MeterReport):
            return meter_values.meter_values_request(self._v2, report.evse, report.samples)
        return transactions.transaction_event(self._v2, report)

    def digest(self, report: Report, response: Response) -> Digest:
        if not isinstance(report, TransactionReport):
            return NOTHING
        return transactions.read_transaction_event(report, _as(response))


def _as(response: Response) -> Any:  # the session has decoded it as the answer to what was asked
    return response
