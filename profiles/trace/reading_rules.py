"""Rules about meters and connectors: functional blocks J and G, 1.6 chapters 4.7 and 4.9."""

from collections import deque
from collections.abc import Iterator

from .dialogue import Dialogue
from .rule import V16, Rule
from .said import LinkChanged, Recent, Said, objects, within
from .transactions import moment

_REGISTER = "Energy.Active.Import.Register"
_METERS = 64  # readings that are remembered, by place, phase and location
_ROUNDED = 1.0  # Wh: some messages tell whole Wh, others parts
_FLOOD, _FLOOD_SECONDS = 10, 10.0

# 1.6 4.9: what may follow a status. Brief ones may be left out (MinimumStatusDuration), so
# Preparing is passed through on the way from Available, and Finishing on the way back.
_CHARGING = {"Charging", "SuspendedEV", "SuspendedEVSE"}
_NEXT: dict[str, set[str]] = {
    "Available": {"Preparing", *_CHARGING, "Reserved", "Unavailable", "Finishing"},
    "Preparing": {"Available", *_CHARGING, "Finishing", "Unavailable"},
    "Charging": {"Available", *_CHARGING, "Finishing", "Unavailable", "Preparing"},
    "SuspendedEV": {"Available", *_CHARGING, "Finishing", "Unavailable", "Preparing"},
    "SuspendedEVSE": {"Available", *_CHARGING, "Finishing", "Unavailable", "Preparing"},
    "Finishing": {"Available", "Preparing", "Reserved", "Unavailable", *_CHARGING},
    "Reserved": {"Available", "Preparing", "Unavailable", *_CHARGING},
    "Unavailable": {"Available", "Preparing", *_CHARGING, "Finishing"},
}


class MeterForward(Rule):
    """The register of imported energy does not run back."""

    name = "meter-forward"
    requirements = ("J02.FR.01", "1.6 4.7")
    actions = frozenset({"TransactionEvent", "StartTransaction", "StopTransaction", "MeterValues"})

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._last: Recent[tuple[object, ...], tuple[float, float]] = Recent(_METERS)

    def hear(self, said: Said) -> Iterator[str]:
        if said.kind != "CALL" or self.dialogue.is_retry:
            return
        evse = self._evse(said)
        if evse is None:
            return
        for key, at, watt_hours in _registers(said):
            last = self._last.get((evse, *key))
            if last is not None and (at < last[0] or (at == last[0] and at.is_integer())):
                continue  # an older one, told again or late; whole seconds do not tell which is
            if last is not None and watt_hours < last[1] - _ROUNDED:
                yield (
                    f"the register of EVSE {evse} went back from {last[1]:g} Wh "
                    f"to {watt_hours:g} Wh"
                )
            self._last.keep((evse, *key), (at, watt_hours))

    def _evse(self, said: Said) -> object:
        """Give the EVSE, or in 1.6 the connector, that is metered."""
        payload = said.payload
        named = (
            within(payload, "connectorId")
            or within(payload, "evseId")
            or within(payload, "evse", "id")
        )
        if named is not None:
            return named
        told = self.dialogue.told
        return None if told is None else self.dialogue.transactions.evse_of(told.transaction_id)


def _registers(said: Said) -> Iterator[tuple[tuple[object, ...], float, float]]:
    payload = said.payload
    for whole in ("meterStart", "meterStop"):
        at, value = moment(within(payload, "timestamp")), within(payload, whole)
        if at is not None and isinstance(value, int):
            yield (None, None), at, float(value)
    readings = objects(payload, "meterValue") + objects(payload, "transactionData")
    for reading in readings:
        at = moment(reading.get("timestamp"))
        for sample in objects(reading, "sampledValue"):
            watt_hours = _watt_hours(sample)
            if at is not None and watt_hours is not None:
                location = sample.get("location")
                place = None if location == "Outlet" else location
                yield (sample.get("phase"), place), at, watt_hours


def _watt_hours(sample: dict[str, object]) -> float | None:
    if sample.get("measurand", _REGISTER) != _REGISTER or sample.get("format") == "SignedData":
        return None
    value = sample.get("value")
    try:
        number = float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None
    if number is None:
        return None
    unit = within(sample, "unitOfMeasure", "unit") or sample.get("unit") or "Wh"
    power = within(sample, "unitOfMeasure", "multiplier")
    exponent = power if isinstance(power, int) and abs(power) < 20 else 0
    return number * (1000.0 if unit == "kWh" else 1.0) * 10.0**exponent


class StatusPlausible(Rule):
    """A connector's status follows the one before as the table of 4.9 has it."""

    name = "status-plausible"
    requirements = ("1.6 4.9",)
    versions = V16
    actions = frozenset({"StatusNotification", "BootNotification"})

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._last: Recent[object, str] = Recent(_METERS)

    def hear(self, said: Said) -> Iterator[str]:
        if said.action == "BootNotification":
            self._last.clear()
        connector, status = within(said.payload, "connectorId"), within(said.payload, "status")
        if said.kind != "CALL" or not isinstance(status, str) or not connector:
            return
        last = self._last.get(connector)
        self._last.keep(connector, status)
        if last is None or status in (last, "Faulted") or last not in _NEXT:
            return
        if status not in _NEXT[last]:
            yield f"connector {connector} went from {last} to {status}"

    def link_changed(self, change: LinkChanged) -> Iterator[str]:
        self._last.clear()  # what happened offline is not told
        yield from ()


class StatusOfStation(Rule):
    """Connector 0, the station, is Available, Unavailable or Faulted."""

    name = "status-of-connector-0"
    requirements = ("1.6 4.9",)
    versions = V16
    actions = frozenset({"StatusNotification"})

    def hear(self, said: Said) -> Iterator[str]:
        status = within(said.payload, "status")
        if said.kind != "CALL" or within(said.payload, "connectorId") != 0:
            return
        if status not in ("Available", "Unavailable", "Faulted"):
            yield f"connector 0 is {str(status)[:40]}"


class NoFlood(Rule):
    """A connector's status is not told more than ten times in ten seconds."""

    name = "status-flood"
    requirements = ("1.6 4.9", "G01.FR.01")
    actions = frozenset({"StatusNotification"})

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._told: Recent[object, deque[float]] = Recent(_METERS)

    def hear(self, said: Said) -> Iterator[str]:
        if said.kind != "CALL" or said.at is None:
            return
        place = within(said.payload, "evseId"), within(said.payload, "connectorId")
        told = self._told.get(place)
        if told is None:
            told = deque(maxlen=_FLOOD + 1)
            self._told.keep(place, told)
        told.append(said.at)
        if len(told) > _FLOOD and said.at - told[0] < _FLOOD_SECONDS:
            told.clear()
            yield f"connector {place[1]} told its status more than 10 times in 10 s"


RULES: tuple[type[Rule], ...] = (MeterForward, StatusPlausible, StatusOfStation, NoFlood)
