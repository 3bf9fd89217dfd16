"""The station's face in 1.6: neutral reports and questions as its messages, and what the answers
mean.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import get_args

import msgspec
from msgspec import UNSET, UnsetType

from ...machines.events import IdToken, TransactionDeauthorized
from ...machines.station import Station
from ..context import Handlers, TxPoints, VendorAnswer
from ..device_model import Key
from ..face import NOTHING, AnyRequest, BootAnswer, Digest, Identity, StatusEvent
from ..family import OCPP_16
from ..measurands import MEASURANDS, readings
from ..messages import v16
from ..messages.base import Response, moment, timestamp
from ..report import (
    EventReport,
    MeterReport,
    Report,
    Sample,
    SecurityEventReport,
    TransactionReport,
)
from ..tokens import Proof, TokenInfo
from . import core, local_auth_list, remote_trigger, security, signed_values
from .numbering import connector_id
from .status import Face, connector_face, station_face
from .tokens import LONGEST_TAG, read_id_tag_info

VERSION = OCPP_16
HANDLERS: Handlers = {**core.STATION, **local_auth_list.STATION, **remote_trigger.STATION}
# 1.6 3.6, 4.8: a transaction runs from authorized and plugged until nobody is authorized any more;
# whether unplugging ends
# it is StopTransactionOnEVSideDisconnect's, and decided by the session.
TX_POINTS: TxPoints = (frozenset({"PowerPathClosed"}), frozenset({"Authorized"}))
# MeterValueSampleInterval and ClockAlignedDataInterval are those of StopTransaction's data, too.
ENDED_INTERVALS = (
    Key("SampledDataCtrlr", "TxUpdatedInterval"),
    Key("AlignedDataCtrlr", "Interval"),
)
NOTIFIES_EVENTS = TELLS_STATUS_BY_EVENT = False
BEGIN_APART = Key("OCPP16LegacyCtrlr", "StartTxnSampledData")  # signed meter values 3.3.4
ANSWERS_WHEN_REJECTED = False  # 1.6 4.2
CACHES_LISTED_TOKENS = False  # 1.6 3.5.3

_UNKNOWN_TRANSACTION = -1  # errata 3.18
_UNITS: dict[str, v16.UnitOfMeasure | UnsetType] = {
    "Hz": UNSET,  # errata 3.86
    "Celsius": "Celcius",  # J errata 2.1: every central system knows the schemas' old spelling
}
_WITHOUT_A_WORD = frozenset(MEASURANDS) - frozenset(get_args(v16.Measurand))  # 2.x has them
_REASONS: dict[str, v16.Reason] = {
    "DeAuthorized": "DeAuthorized",
    "EVDisconnected": "EVDisconnected",
    "EmergencyStop": "EmergencyStop",
    "HardReset": "HardReset",
    "ImmediateReset": "HardReset",
    "Local": "Local",
    "PowerLoss": "PowerLoss",
    "Reboot": "Reboot",
    "Remote": "Remote",
    "SoftReset": "SoftReset",
    "UnlockCommand": "UnlockCommand",
}


def boot(identity: Identity, reason: str) -> v16.BootNotificationRequest:
    return v16.BootNotificationRequest(
        charge_point_vendor=identity.vendor,
        charge_point_model=identity.model,
        charge_point_serial_number=_given(identity.serial_number),
        firmware_version=_given(identity.firmware_version),
        iccid=_given(identity.iccid),
        imsi=_given(identity.imsi),
        meter_serial_number=_given(identity.meter_serial_number),
        meter_type=_given(identity.meter_type),
    )


def read_boot(response: Response) -> BootAnswer:
    assert isinstance(response, v16.BootNotificationResponse)
    return BootAnswer(response.status, float(response.interval), response.current_time)


def heartbeat() -> v16.HeartbeatRequest:
    return v16.HeartbeatRequest()


def data_transfer(vendor_id: str, message_id: str | None, data: object) -> v16.DataTransferRequest:
    if data is not None and not isinstance(data, str):
        raise ValueError("the data of a DataTransfer is text here")
    return v16.DataTransferRequest(
        vendor_id=vendor_id, message_id=_given(message_id), data=UNSET if data is None else data
    )


def read_data_transfer(response: Response) -> VendorAnswer:
    assert isinstance(response, v16.DataTransferResponse)
    return response.status, None if response.data is UNSET else response.data


def read_time(response: Response) -> datetime:
    assert isinstance(response, v16.HeartbeatResponse)
    return response.current_time


def authorize(id_token: IdToken, proof: Proof | None = None) -> v16.AuthorizeRequest | None:
    if proof is not None and proof.chain is not None:
        return None  # nobody could validate it
    if not 0 < len(id_token.value) <= LONGEST_TAG:
        return None
    return v16.AuthorizeRequest(id_tag=id_token.value)


def read_authorization(id_token: IdToken, response: Response) -> TokenInfo:
    assert isinstance(response, v16.AuthorizeResponse)
    return read_id_tag_info(response.id_tag_info)


def list_conflict(station: Station) -> v16.StatusNotificationRequest:
    """1.6 3.5.2: the station's status, with this error."""
    face = station_face(station)
    return v16.StatusNotificationRequest(
        connector_id=0, status=face.status, error_code="LocalListConflict"
    )


def look(station: Station, evse: int, connector: int) -> Hashable:
    if evse == 0:
        return station_face(station)
    return connector_face(station.evse(evse).connectors[connector - 1])


def status(
    station: Station,
    evse: int,
    connector: int,
    look: Hashable,
    time: datetime,
    event: StatusEvent | None,
) -> v16.StatusNotificationRequest:
    assert isinstance(look, Face)
    return v16.StatusNotificationRequest(
        connector_id=connector_id(station, evse, connector) if evse else 0,
        status=look.status,
        error_code=look.error_code,
        info=_given(look.info[:50]),
        vendor_id=_given(look.vendor_id[:255]),
        vendor_error_code=_given(look.vendor_error_code[:50]),
        timestamp=timestamp(time),
    )


def meter_values(
    station: Station, evse: int, connector: int, samples: tuple[Sample, ...], csms_id: str | None
) -> v16.MeterValuesRequest:
    return v16.MeterValuesRequest(
        connector_id=connector_id(station, evse, connector) if evse else 0,
        meter_value=_meter_values(samples),
        transaction_id=UNSET if csms_id is None else int(csms_id),
    )


def report(station: Station, report: Report, csms_id: str | None) -> AnyRequest | None:
    if isinstance(report, EventReport):
        return None  # 1.6 knows no monitors
    if isinstance(report, SecurityEventReport):
        return security.security_event_notification(report)
    if isinstance(report, MeterReport):
        return meter_values(station, report.evse, report.connector, report.samples, None)
    if report.kind == "Started":
        return _start(station, report)
    transaction_id = str(_UNKNOWN_TRANSACTION) if csms_id is None else csms_id
    if report.kind == "Ended":
        return _stop(report, int(transaction_id))
    if not report.samples:
        return None  # 1.6 tells changes of a transaction by StatusNotification alone
    return meter_values(station, report.evse, report.connector, report.samples, transaction_id)


def digest(report: Report, response: Response) -> Digest:
    if isinstance(response, v16.StartTransactionResponse):
        info = read_id_tag_info(response.id_tag_info)
        facts = () if info.verdict == "Accepted" else (TransactionDeauthorized(info.verdict),)
        return Digest(str(response.transaction_id), _told(report, "id_token", info), facts)
    if isinstance(response, v16.StopTransactionResponse) and response.id_tag_info is not UNSET:
        return Digest(token=_told(report, "stop_token", read_id_tag_info(response.id_tag_info)))
    return NOTHING


def _told(report: Report, whose: str, info: TokenInfo) -> tuple[IdToken, TokenInfo] | None:
    id_token: IdToken | None = getattr(report, whose, None)
    return None if id_token is None else (id_token, info)


def _start(station: Station, report: TransactionReport) -> v16.StartTransactionRequest:
    return v16.StartTransactionRequest(
        connector_id=connector_id(station, report.evse, report.connector),
        id_tag=report.id_token.value[:LONGEST_TAG] if report.id_token else "",
        meter_start=round(report.meter or 0.0),
        timestamp=moment(report.time),
        reservation_id=UNSET if report.reservation_id is None else report.reservation_id,
    )


def _stop(report: TransactionReport, transaction_id: int) -> v16.StopTransactionRequest:
    return v16.StopTransactionRequest(
        transaction_id=transaction_id,
        meter_stop=round(report.meter or 0.0),
        timestamp=moment(report.time),
        id_tag=report.stop_token.value[:LONGEST_TAG] if report.stop_token else UNSET,
        reason=_REASONS.get(report.reason or "Local", "Other"),
        transaction_data=_meter_values(report.samples) if report.samples else UNSET,
    )


def _meter_values(samples: Iterable[Sample]) -> tuple[v16.MeterValue, ...]:
    return tuple(
        v16.MeterValue(timestamp=moment(sample.time), sampled_value=tuple(_sampled_values(sample)))
        for sample in samples
    )


def _sampled_values(sample: Sample) -> Iterable[v16.SampledValue]:
    for reading in readings(sample.meter, sample.measurands, sample.before):
        if reading.measurand in _WITHOUT_A_WORD:
            continue
        told = v16.SampledValue(
            value=f"{reading.value:.3f}".rstrip("0").rstrip("."),
            context=sample.context,
            measurand=reading.measurand,  # type: ignore[arg-type]  # each is one of 1.6's words
            phase=reading.phase or UNSET,  # type: ignore[arg-type]  # so is each phase
            location="Outlet",
            unit=_unit(reading.unit),
        )
        yield told
        if reading.signed is not None:  # signed meter values 3.1
            signed = signed_values.write(reading.signed)
            yield msgspec.structs.replace(told, value=signed, format="SignedData")


def _unit(unit: str | None) -> v16.UnitOfMeasure | UnsetType:
    if unit is None:
        return UNSET
    return _UNITS.get(unit, unit)  # type: ignore[arg-type]  # all others are 1.6's


def _given(text: str | None) -> str | UnsetType:
    return text or UNSET
