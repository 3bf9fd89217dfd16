"""Functional block E: transactions, told in numbered events.

E01 to E12 are one message, TransactionEvent; when it is sent is decided by the charts. E14 asks
after a transaction.
"""

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from ...machines.events import Event, IdToken, PersonalMessage, TransactionDeauthorized
from ..context import StationContext
from ..csms.records import Place, bounded, bounded_if_told, in_utc
from ..csms.station import CsmsStation
from ..csms.transaction_events import TransactionEvent, tell
from ..face import NOTHING, Digest
from ..messages.base import moment
from ..report import TransactionReport
from ..tokens import UNASKED
from .authorization import (
    id_token_info,
    read_id_token,
    read_message,
    read_token_info,
    shortened,
)
from .csms_handling import CsmsHandlers
from .handling import Handlers, given
from .meter_values import meter_values, read_meter_values

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        EVSEType,
        GetTransactionStatusRequest,
        GetTransactionStatusResponse,
        TransactionEventRequest,
        TransactionEventResponse,
        TransactionType,
    )

_REASONS = {
    # 1.6's words for what 2.x calls otherwise, or not at all.
    "HardReset": "ImmediateReset",
    "SoftReset": "ImmediateReset",
    "UnlockCommand": "Other",
}

# ---- the station's half


def transaction_event(v2: "Messages", report: TransactionReport) -> "TransactionEventRequest":
    """Write a report. What is told once is told by the report that is the first to know it."""
    id_token = _presented(report)
    return v2.TransactionEventRequest(
        event_type=report.kind,
        timestamp=moment(report.time),
        trigger_reason=report.trigger,  # type: ignore[arg-type]  # one of its words: see the report
        seq_no=report.seq_no,
        transaction_info=_transaction_info(v2, report),
        meter_value=meter_values(v2, report.samples) or UNSET,
        offline=True if report.offline else UNSET,  # E04.FR.03
        number_of_phases_used=given(report.phases_used),  # E02.FR.18
        # E01.FR.13
        reservation_id=given(report.reservation_id) if "reservation" in report.news else UNSET,
        evse=_evse(v2, report) if "evse" in report.news else UNSET,
        id_token=UNSET if id_token is None else shortened(v2, id_token),
    )


def _transaction_info(v2: "Messages", report: TransactionReport) -> "TransactionType":
    reason = None if report.reason is None else _REASONS.get(report.reason, report.reason)
    return v2.TransactionType(
        transaction_id=report.transaction_id,
        charging_state=report.charging_state,  # type: ignore[arg-type]  # one of its words
        stopped_reason=UNSET if reason is None else reason,  # type: ignore[arg-type]  # E06.FR.08
        time_spent_charging=_whole(report.seconds_charging),
        # F01.FR.25, F02.FR.01
        remote_start_id=given(report.remote_start_id) if "remote_start" in report.news else UNSET,
    )


def _presented(report: TransactionReport) -> IdToken | None:
    """Give the token that somebody has just presented (E01.FR.10, E07.FR.02)."""
    if "stop_token" in report.news:
        return report.stop_token
    return report.id_token if "id_token" in report.news else None


def _evse(v2: "Messages", report: TransactionReport) -> "EVSEType":
    return v2.EVSEType(id=report.evse, connector_id=report.connector)  # E01.FR.16


def _whole(seconds: float | None) -> int | UnsetType:
    return UNSET if seconds is None else round(seconds)


def read_transaction_event(
    report: TransactionReport, response: "TransactionEventResponse"
) -> Digest:
    """Give what the answer means."""
    cost = None if response.total_cost is UNSET else response.total_cost
    messages = _messages(response)
    if response.id_token_info is UNSET:
        is_plain = cost is None and not messages
        return NOTHING if is_plain else Digest(total_cost=cost, messages=messages)
    info = read_token_info(response.id_token_info)
    about = _presented(report) or report.id_token
    facts: tuple[Event, ...] = ()
    is_of_driver = about is not None and about.same_as(report.id_token)
    if info.verdict != "Accepted" and is_of_driver and report.kind != "Ended":
        facts = (TransactionDeauthorized(info.verdict),)  # E05.FR.02, E05.FR.09-10
    is_kept = about is not None and about.type not in UNASKED
    return Digest(
        token=(about, info) if about is not None and is_kept else None,  # C10.FR.05
        facts=facts,
        total_cost=cost,
        messages=messages,
    )


def _messages(response: "TransactionEventResponse") -> tuple[PersonalMessage, ...]:
    """Give what the CSMS has to say, in as many languages as it says it."""
    first, more = response.updated_personal_message, response.updated_personal_message_extra
    if first is UNSET and more is UNSET:
        return ()
    told = (*(() if first is UNSET else (first,)), *(() if more is UNSET else more))
    return tuple(map(read_message, told))


def get_transaction_status(
    v2: "Messages", context: StationContext, request: "GetTransactionStatusRequest"
) -> "GetTransactionStatusResponse":
    """Tell whether a transaction runs, and whether more of it (or of any) is to be told (E14)."""
    if request.transaction_id is UNSET:
        return request.response(messages_in_queue=context.reports_waiting(None) > 0)  # E14.FR.06
    runs = context.station.find_transaction(request.transaction_id) is not None
    return request.response(
        messages_in_queue=context.reports_waiting(request.transaction_id) > 0,
        ongoing_indicator=runs,
    )


STATION: Handlers = {"GetTransactionStatus": get_transaction_status}


# ---- the central system's half


def csms_transaction_event(
    v2: "Messages", station: CsmsStation, request: "TransactionEventRequest"
) -> "TransactionEventResponse":
    """Keep an event, and say of its token, if it tells one, whether it is valid (E01.FR.12).

    Always answered, whatever it tells (J02.FR.19). No totalCost: it is not known here, and 0 would
    mean that the charge was free (I03.FR.04).
    """
    info = tell(station, _read_event(request), read_meter_values(request.meter_value))
    if info is None:
        return request.response()
    return request.response(id_token_info=id_token_info(v2, info))


def _read_event(request: "TransactionEventRequest") -> TransactionEvent:
    about, id_token = request.transaction_info, request.id_token
    return TransactionEvent(
        kind=request.event_type,
        transaction_id=about.transaction_id,
        seq_no=bounded(request.seq_no),
        occurred_at=in_utc(request.timestamp),
        trigger=request.trigger_reason,
        is_offline=request.offline is True,
        place=_read_place(request.evse),
        id_token=None if id_token is UNSET else read_id_token(id_token),
        charging_state=about.charging_state or None,
        reason=about.stopped_reason or None,
        reservation_id=bounded_if_told(request.reservation_id),
        remote_start_id=bounded_if_told(about.remote_start_id),
        phases_used=bounded_if_told(request.number_of_phases_used),
        charging_seconds=bounded_if_told(about.time_spent_charging),
    )


def _read_place(evse: "EVSEType | UnsetType") -> Place | None:
    if evse is UNSET:
        return None
    return Place(bounded(evse.id), bounded_if_told(evse.connector_id) or 0)


CSMS: CsmsHandlers = {"TransactionEvent": csms_transaction_event}
