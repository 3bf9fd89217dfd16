"""A payload in a line: what a person wants to know of it first. For every action of every version.

Most of it is general: names and values in their order. The tables say what is shorter or idle.
"""

import re
from collections.abc import Iterator

from .escaping import harmless

_IDLE = frozenset({"timestamp", "currentTime", "customData", "errorCode=NoError", "generatedAt"})
_BARE = frozenset(  # the value says enough
    {
        "status", "registrationStatus", "connectorStatus", "action", "requestedMessage", "type",
        "eventType", "triggerReason", "chargingState", "reason", "errorCode", "model",
        "chargePointModel", "vendorName", "chargePointVendor", "idTokenInfo", "idTagInfo",
        "transactionInfo", "chargingStation", "evse", "component", "variable",
    }
)  # fmt: skip
_LABELS = {
    "connectorId": "connector",
    "evseId": "EVSE",
    "id": "EVSE",
    "idTag": "token",
    "idToken": "token",
    "parentIdTag": "parent",
    "groupIdToken": "group",
    "transactionId": "transaction",
    "meterStart": "meter",
    "meterStop": "meter",
    "reservationId": "reservation",
    "seqNo": "#",
}
_READINGS = ("meterValue", "transactionData")
_MEASURANDS = {
    "Energy.Active.Import.Register": "energy",
    "Power.Active.Import": "power",
    "Current.Import": "current",
    "Voltage": "voltage",
    "SoC": "SoC",
}
_UNITS = {"Percent": "%", "Celsius": "°C"}
_DEEPEST = 6
_MOST = 12  # facts that are looked for
_UUID = re.compile(r"\b([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.I)


def facts(payload: object) -> str:
    """Give them, harmless, on one line."""
    found: list[str] = []
    for fact in _of(payload, 0):
        found.append(fact)
        if len(found) == _MOST:
            break
    return ", ".join(found)


def brief(payload: object) -> str:
    """Give them for eyes only: of a transaction's long id its first digits, as the table shows."""
    return _UUID.sub(r"\1", facts(payload))


def _of(value: object, depth: int) -> Iterator[str]:
    match value:
        case dict() if depth < _DEEPEST:
            yield from _object(value, depth)
        case [] | dict() | None:  # a dict: it is too deep
            return
        case [dict() | list() as first, *others] if depth < _DEEPEST:
            yield from _of(first, depth + 1)
            if others:
                yield f"and {len(others)} more"
        case list():
            yield " ".join(_scalar(item) for item in value[:_MOST])
        case _:
            yield _scalar(value)


def _object(value: dict[str, object], depth: int) -> Iterator[str]:
    setting = _setting(value)
    if setting:
        yield setting
        return
    for key, item in value.items():
        if key in _IDLE or f"{key}={item}" in _IDLE:
            continue
        if key in _READINGS:
            yield from _readings(item)
        elif isinstance(item, dict | list) and key not in _LABELS:
            yield from _of(item, depth + 1)
        else:
            yield from _labelled(key, item, depth)


def _labelled(key: str, item: object, depth: int) -> Iterator[str]:
    label = "" if key in _BARE else _LABELS.get(key, harmless(key, 40)) + " "
    if isinstance(item, dict):  # idToken: its own first value is the one
        item = next(iter(item.values()), "")
    for fact in _of(item, depth + 1):
        yield f"{label}{fact}".replace("# ", "#")
        label = ""


def _setting(value: dict[str, object]) -> str:
    """Give `name=value` of a 1.6 key or a 2.x variable."""
    component, variable = value.get("component"), value.get("variable")
    if isinstance(component, dict) and isinstance(variable, dict):
        name = f"{_scalar(component.get('name'))}.{_scalar(variable.get('name'))}"
        values = [value[key] for key in ("attributeValue", "attributeStatus") if key in value]
    elif isinstance(value.get("key"), str) and "value" in value:
        name, values = _scalar(value["key"]), [value["value"]]
    else:
        return ""
    return "=".join([name, *(_scalar(each) for each in values)])


def _readings(meter_values: object) -> Iterator[str]:
    """Give the last readings, those of single phases left out."""
    last = meter_values[-1] if isinstance(meter_values, list) and meter_values else None
    samples = last.get("sampledValue") if isinstance(last, dict) else None
    for sample in samples if isinstance(samples, list) else ():
        if isinstance(sample, dict) and "phase" not in sample:
            yield _reading(sample)


def _reading(sample: dict[str, object]) -> str:
    measurand = str(sample.get("measurand", "Energy.Active.Import.Register"))
    unit = sample.get("unit", "")
    if isinstance(of_measure := sample.get("unitOfMeasure"), dict):
        unit = of_measure.get("unit", "")
    if not unit and measurand.startswith("Energy"):
        unit = "Wh"
    name = _MEASURANDS.get(measurand) or harmless(measurand, 40)
    shown = _UNITS.get(str(unit)) or _scalar(unit)
    return f"{name} {_scalar(sample.get('value'))} {shown}".rstrip()


def _scalar(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case dict() | list():
            return "…"
        case _:
            return harmless(str(value), 80)
