"""Functional block J: meter values, within a transaction (J02) and without one (J01)."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, cast

import msgspec
from msgspec import UNSET, UnsetType

from ...machines.meter import SignedReading
from ..csms.records import (
    MeterReading,
    Place,
    SampledValue,
    SignedMeterValue,
    bounded,
    in_utc,
)
from ..csms.station import CsmsStation
from ..measurands import Meaning, Reading, measured, readings
from ..messages.base import moment, moment_text
from ..report import Sample
from ..signed_values import key_text, signed_data
from .csms_handling import CsmsHandlers

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        MeterValuesRequest,
        MeterValuesResponse,
        MeterValueType,
        SampledValueType,
        SignedMeterValueType,
    )

_WITHOUT_A_WORD = frozenset({"Temperature"})  # 1.6 has it, MeasurandEnumType has not
_OF_THE_CAR = frozenset({"SoC"})
_DECIMALS = 3
_MARK = 0.125  # stands in a form where a number is to stand


def meter_values(v2: "Messages", samples: Iterable[Sample]) -> "tuple[MeterValueType, ...]":
    """Write readings; those of which nothing can be told are left out."""
    written: list[MeterValueType] = []
    for sample in samples:
        text = _plainly_written(v2, sample)
        if text is not None:
            written.append(cast("MeterValueType", msgspec.Raw(text)))  # it encodes as this does
            continue
        values = _sampled_values(v2, sample)
        if values:
            written.append(v2.MeterValueType(timestamp=moment(sample.time), sampled_value=values))
    return tuple(written)


# ---- as most are: without a signature, so that from one to the next only numbers differ


def _plainly_written(v2: "Messages", sample: Sample) -> bytes | None:
    """Give the JSON of a MeterValueType; None for what is not plain."""
    if sample.meter.signed is not None:
        return None
    numbers, meanings = measured(sample.meter, sample.measurands, sample.before)
    # What has the types is a module: its protocol does not say that it is hashable.
    form = _form(v2, sample.context, tuple(meanings))  # type: ignore[arg-type]
    if form is None:
        return None
    try:
        rounded = [round(1000 * number) / 1000 for number in numbers]  # with digits it takes long
    except (ValueError, OverflowError):  # not a number, or endless
        return None
    values = msgspec.json.encode(rounded)[1:-1].split(b",")
    return form % (moment_text(sample.time), *values)


@lru_cache(256)  # what stations tell: thousands share a form
def _form(v2: "Messages", context: str, meanings: tuple[Meaning, ...]) -> bytes | None:
    """Give the JSON with places for the time and the numbers; None where some are not told."""
    if not meanings or any(each.measurand in _WITHOUT_A_WORD for each in meanings):
        return None
    told = [
        _sampled_value(v2, context, Reading(m.measurand, _MARK, m.unit, m.phase)) for m in meanings
    ]
    values = msgspec.json.encode(told).replace(b"%", b"%%")
    marked = b'"value":' + msgspec.json.encode(_MARK)
    assert values.count(marked) == len(meanings)
    return b'{"timestamp":"%b","sampledValue":' + values.replace(marked, b'"value":%b') + b"}"


# ---- all


def _sampled_values(v2: "Messages", sample: Sample) -> "tuple[SampledValueType, ...]":
    return tuple(
        _sampled_value(v2, sample.context, told)
        for told in readings(sample.meter, sample.measurands, sample.before)
        if told.measurand not in _WITHOUT_A_WORD
    )


def _sampled_value(v2: "Messages", context: str, told: Reading) -> "SampledValueType":
    return v2.SampledValueType(
        value=round(told.value, _DECIMALS),
        context=context,  # type: ignore[arg-type]  # one of its words
        measurand=told.measurand,  # type: ignore[arg-type]  # so is this, see below
        phase=told.phase or UNSET,  # type: ignore[arg-type]  # and each phase
        location="EV" if told.measurand in _OF_THE_CAR else "Outlet",
        signed_meter_value=UNSET if told.signed is None else _signed(v2, told.signed),
        unit_of_measure=UNSET if told.unit is None else v2.UnitOfMeasureType(unit=told.unit),
    )


def _signed(v2: "Messages", signed: SignedReading) -> "SignedMeterValueType | UnsetType":
    """Write what the meter has signed, unless it is more than the version can carry."""
    data = signed_data(signed)
    if len(data) > _longest_data(v2.SignedMeterValueType):
        return UNSET
    return v2.SignedMeterValueType(
        signed_meter_data=data,
        encoding_method=signed.encoding_method,
        signing_method=signed.signing_method,
        public_key=key_text(signed.public_key),
    )


@cache
def _longest_data(kind: "type[SignedMeterValueType]") -> int:
    """Give the most characters of signedMeterData: 2.1 has room for more."""
    struct = msgspec.inspect.type_info(kind)
    assert isinstance(struct, msgspec.inspect.StructType)
    (field,) = (field for field in struct.fields if field.name == "signed_meter_data")
    assert isinstance(field.type, msgspec.inspect.StrType)
    return field.type.max_length or 0


# ---- the station's half


def meter_values_request(
    v2: "Messages", evse_id: int, samples: Iterable[Sample]
) -> "MeterValuesRequest | None":
    """Tell readings outside a transaction (J01.FR.02, J01.FR.14)."""
    values = meter_values(v2, samples)
    return v2.MeterValuesRequest(evse_id=evse_id, meter_value=values) if values else None


# ---- the central system's half


def csms_meter_values(
    v2: "Messages", station: CsmsStation, request: "MeterValuesRequest"
) -> "MeterValuesResponse":
    place = Place(evse=bounded(request.evse_id))  # 0: the station's main meter
    station.keep_meter_values(place, read_meter_values(request.meter_value))
    return request.response()  # J01.FR.18


def read_meter_values(
    values: "Iterable[MeterValueType] | UnsetType",
) -> tuple[MeterReading, ...]:
    if values is UNSET:
        return ()
    return tuple(
        MeterReading(in_utc(value.timestamp), tuple(map(_read_sample, value.sampled_value)))
        for value in values
    )


def _read_sample(sampled: "SampledValueType") -> SampledValue:
    unit = sampled.unit_of_measure
    return SampledValue(
        value=str(sampled.value),
        measurand=sampled.measurand or "Energy.Active.Import.Register",
        unit=None if unit is UNSET else unit.unit or None,
        multiplier=0 if unit is UNSET or unit.multiplier is UNSET else bounded(unit.multiplier),
        context=sampled.context or None,
        phase=sampled.phase or None,
        location=sampled.location or None,
        signed=_read_signed(sampled.signed_meter_value),
    )


def _read_signed(signed: "SignedMeterValueType | UnsetType") -> SignedMeterValue | None:
    if signed is UNSET:
        return None
    return SignedMeterValue(
        data=signed.signed_meter_data,
        encoding_method=signed.encoding_method,
        signing_method=signed.signing_method or None,
        public_key=signed.public_key or None,
    )


CSMS: CsmsHandlers = {"MeterValues": csms_meter_values}
