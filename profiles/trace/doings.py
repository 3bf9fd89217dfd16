"""What people, cars and hardware did at a station, as its own messages tell it.

A recorded dialogue does not say when a cable was plugged in or a token shown; it says what the
station made of it. This reads it back, so that a station without cars can be put through the same.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from .said import Item, Said, objects, within
from .transactions import mark_of_retry


class Token(NamedTuple):
    value: str
    type: str


class Doing(msgspec.Struct, frozen=True):
    """Something that was done at an EVSE (1.6: connector)."""

    evse: int


class PluggedIn(Doing, frozen=True):
    connector: int = 1


class Unplugged(Doing, frozen=True):
    pass


class TokenShown(Doing, frozen=True):
    token: Token


class EvSuspended(Doing, frozen=True):
    """The car takes no power for now."""


class EvResumed(Doing, frozen=True):
    pass


class Faulted(Doing, frozen=True):
    connector: int
    error_code: str  # a 1.6 ChargePointErrorCode word


class FaultCleared(Doing, frozen=True):
    connector: int


def doings(items: Sequence[Item]) -> list[list[Doing]]:
    """Give, for each item, what was done for the station to say it; answers stand behind calls."""
    reader = _Reader(items)
    return [list(reader.read(place)) for place in range(len(items))]


_NOT_DONE_HERE = frozenset({  # stops that follow from what the CSMS said
    "Remote", "DeAuthorized", "HardReset", "SoftReset", "ImmediateReset", "UnlockCommand",
    "MasterPass",
})  # fmt: skip
_EV_GONE = ("EVDeparted", "EVCommunicationLost")
_SUSPENDED_BY_EV = "SuspendedEV"
_WITH_CABLE = frozenset({"EVConnected", "Charging", "SuspendedEV", "SuspendedEVSE"})


class _Place(msgspec.Struct):
    """An EVSE, as far as the dialogue has come."""

    is_plugged: bool = False
    token: Token | None = None  # whose session it is, or shall be
    is_remote: bool = False  # it was started from afar
    is_suspended: bool = False
    faulted: int = 0  # connector


class _Event(NamedTuple):
    """A station's message about a transaction, in 2.x's words."""

    name: str  # the transaction's; "" where it has none yet
    kind: str
    evse: int
    trigger: str
    charging_state: str
    token: Token | None
    reason: str
    is_remote: bool


class _Reader:
    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._places: dict[int, _Place] = {}
        self._evses = dict(_transactions(items))
        self._remote_tokens: set[str] = set()  # 1.6: started with them from afar
        self._told: set[int] = set()  # of transactions

    def read(self, number: int) -> Iterator[Doing]:
        said = self._items[number]
        if not isinstance(said, Said) or said.kind != "CALL" or self._is_retry(said):
            return
        if said.by == "csms":
            if said.action == "RemoteStartTransaction" and self._is_accepted(number):
                self._will_start(said)
            return
        event = self._event(said)
        if event is not None:
            yield from self._of_transaction(event)
        elif said.action == "Authorize":
            yield from self._authorized(number, said)
        else:
            for evse, connector, status, error_code in _statuses(said):
                yield from self._became(evse, connector, status, error_code)

    def _is_retry(self, said: Said) -> bool:
        mark = mark_of_retry(said)
        if mark in self._told:
            return True
        if mark is not None:
            self._told.add(mark)
        return False

    def _is_accepted(self, number: int) -> bool:
        answer = self._items[number + 1] if number + 1 < len(self._items) else None
        return isinstance(answer, Said) and within(answer.payload, "status") == "Accepted"

    def _will_start(self, said: Said) -> None:
        """1.6: a transaction is started from afar. Without a cable its connector is Preparing."""
        token = token_of(said.payload)
        if token is not None:
            self._remote_tokens.add(token.value)
            place = self._place(_number(within(said.payload, "connectorId")))
            place.token, place.is_remote = token, True

    def _place(self, evse: int) -> _Place:
        return self._places.setdefault(evse, _Place())

    # ---- tokens

    def _authorized(self, number: int, said: Said) -> Iterator[Doing]:
        """A token was shown, at the EVSE at which it starts or stops something after this."""
        token = token_of(said.payload)
        if token is None or token.value in self._remote_tokens:
            return
        event = self._next_with(token, number)
        if event is None:
            yield from self._came_to_nothing(token)
        elif isinstance(event, int):  # it was shown before the cable was plugged in
            self._place(event).token = token
            yield TokenShown(event, token)
        elif event.kind == "Ended" or event.trigger == "StopAuthorized":
            self._place(event.evse).token = None
            yield TokenShown(event.evse, token)
        elif self._place(event.evse).token is None:
            self._place(event.evse).token = token
            yield TokenShown(event.evse, token)

    def _next_with(self, token: Token, number: int) -> _Event | int | None:
        """Give what starts or stops with it, or the connector that waits for the cable (1.6)."""
        for item in self._items[number + 1 :]:
            if not isinstance(item, Said) or item.kind != "CALL" or item.by != "station":
                continue
            if item.action == "Authorize" and token_of(item.payload) == token:
                return None
            event = self._event(item)
            if event is not None and event.token == token and not event.is_remote:
                return event
            for evse, _, status, _ in _statuses(item):
                place = self._place(evse)
                if status == "Preparing" and not place.is_plugged and place.token is None:
                    return evse
        return None

    def _came_to_nothing(self, token: Token) -> Iterator[Doing]:
        """Show it where a car waits for one, or else where nothing goes on that it might end."""
        free = [(not each.is_plugged, n) for n, each in self._places.items() if each.token is None]
        if free or not self._places:
            yield TokenShown(min(free)[1] if free else 1, token)

    # ---- transactions

    def _event(self, said: Said) -> _Event | None:
        payload = said.payload
        match said.action:
            case "TransactionEvent":
                info = within(payload, "transactionInfo")
                name = _text(within(info, "transactionId"))
                return _Event(
                    name,
                    _text(within(payload, "eventType")),
                    self._evses.get(name, 1),
                    _text(within(payload, "triggerReason")),
                    _text(within(info, "chargingState")),
                    token_of(payload),
                    _text(within(info, "stoppedReason")),
                    within(info, "remoteStartId") is not None,
                )
            case "StartTransaction":
                token, evse = token_of(payload), _number(within(payload, "connectorId"))
                is_remote = token is not None and token.value in self._remote_tokens
                return _Event("", "Started", evse, "", "EVConnected", token, "", is_remote)
            case "StopTransaction":
                name = str(within(payload, "transactionId"))
                reason = _text(within(payload, "reason")) or "Local"
                evse = self._evses.get(name, 1)
                return _Event(name, "Ended", evse, "", "", token_of(payload), reason, False)
        return None

    def _of_transaction(self, event: _Event) -> Iterator[Doing]:
        place = self._place(event.evse)
        if event.kind == "Ended":
            yield from self._ended(event, place)
            return
        place.is_remote = place.is_remote or event.is_remote
        if event.trigger == "StopAuthorized":
            yield from self._shown_to_stop(event, place)
            return
        starts = event.kind == "Started" and not event.trigger  # 1.6 starts with a token
        is_shown = starts or event.trigger == "Authorized"
        if is_shown and event.token and place.token is None and not place.is_remote:
            place.token = event.token
            yield TokenShown(event.evse, event.token)
        if starts and place.is_remote and event.token is not None:
            self._remote_tokens.discard(event.token.value)
        if event.trigger in _EV_GONE:
            yield from self._unplug(event.evse)
        elif event.trigger == "CablePluggedIn" or event.charging_state in _WITH_CABLE:
            yield from self._plug_in(event.evse)
        yield from self._charging(event.evse, event.charging_state)

    def _ended(self, event: _Event, place: _Place) -> Iterator[Doing]:
        if event.reason == "EVDisconnected" or event.trigger in _EV_GONE:
            yield from self._unplug(event.evse)
        elif event.reason == "Local" or event.trigger == "StopAuthorized":
            yield from self._shown_to_stop(event, place)
        elif event.reason not in _NOT_DONE_HERE and event.trigger != "RemoteStop":
            yield from self._unplug(event.evse)  # whatever it was, it ended the charge
        place.token, place.is_remote = None, False

    def _shown_to_stop(self, event: _Event, place: _Place) -> Iterator[Doing]:
        token = event.token or place.token
        if (place.token is not None and token is not None) or (
            place.is_remote and token is not None
        ):
            yield TokenShown(event.evse, token)
        place.token, place.is_remote = None, False

    # ---- connectors

    def _became(self, evse: int, connector: int, status: str, error_code: str) -> Iterator[Doing]:
        place = self._place(evse)
        if status == "Faulted":
            place.faulted = connector
            yield Faulted(evse, connector, error_code)
            return
        if place.faulted:
            connector_at_fault, place.faulted = place.faulted, 0
            yield FaultCleared(evse, connector_at_fault)
        match status:
            case "Available":
                if place.token is not None and place.is_remote:
                    self._remote_tokens.discard(place.token.value)
                place.token, place.is_remote = None, False
                yield from self._unplug(evse)
            case "Preparing" if place.token is None:  # else the token was first, and waits
                yield from self._plug_in(evse)
            case "Occupied":
                yield from self._plug_in(evse, connector)
            case "Charging" | "SuspendedEV" | "SuspendedEVSE":
                yield from self._plug_in(evse)
                yield from self._charging(evse, status)

    def _plug_in(self, evse: int, connector: int = 1) -> Iterator[Doing]:
        place = self._place(evse)
        if not place.is_plugged:
            place.is_plugged, place.is_suspended = True, False
            yield PluggedIn(evse, connector)

    def _unplug(self, evse: int) -> Iterator[Doing]:
        place = self._place(evse)
        if place.is_plugged:
            place.is_plugged = False
            yield Unplugged(evse)

    def _charging(self, evse: int, state: str) -> Iterator[Doing]:
        place = self._place(evse)
        if state == _SUSPENDED_BY_EV and not place.is_suspended:
            place.is_suspended = True
            yield EvSuspended(evse)
        elif state == "Charging" and place.is_suspended:
            place.is_suspended = False
            yield EvResumed(evse)


def _transactions(items: Sequence[Item]) -> Iterator[tuple[str, int]]:
    """Give each transaction's name and EVSE (1.6: connector)."""
    starts: dict[str, int] = {}
    for item in items:
        if not isinstance(item, Said):
            continue
        if item.action == "StartTransaction" and item.kind == "CALL":
            starts[item.message_id] = _number(within(item.payload, "connectorId"))
        elif item.kind == "CALLRESULT" and item.message_id in starts:
            yield str(within(item.payload, "transactionId")), starts[item.message_id]
        elif item.action == "TransactionEvent" and within(item.payload, "evse") is not None:
            name = _text(within(item.payload, "transactionInfo", "transactionId"))
            yield name, _number(within(item.payload, "evse", "id"))


def _statuses(said: Said) -> Iterator[tuple[int, int, str, str]]:
    """Give what is told of connectors: EVSE, connector, status, and the code of a fault."""
    payload = said.payload
    if said.action == "StatusNotification":
        connector = _number(within(payload, "connectorId"), 0)
        evse = within(payload, "evseId")
        if evse is None and connector:
            code = _text(within(payload, "errorCode"))
            yield connector, 1, _text(within(payload, "status")), code
        elif evse is not None:
            yield _number(evse), connector or 1, _text(within(payload, "connectorStatus")), ""
    elif said.action == "NotifyEvent":
        for event in objects(payload, "eventData"):
            connector = _number(within(event, "component", "evse", "connectorId"), 0)
            if within(event, "variable", "name") == "AvailabilityState" and connector:
                evse = within(event, "component", "evse", "id")
                yield _number(evse), connector, _text(event.get("actualValue")), ""


def token_of(payload: object) -> Token | None:
    """Give the token that a request holds; None also for NoAuthorization, which has no value."""
    value, kind = within(payload, "idTag"), "ISO14443"
    if value is None:
        value, kind = (
            within(payload, "idToken", "idToken"),
            _text(within(payload, "idToken", "type")),
        )
    return Token(value, kind) if isinstance(value, str) and value and kind else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object, otherwise: int = 1) -> int:
    return value if isinstance(value, int) and value >= 0 else otherwise
