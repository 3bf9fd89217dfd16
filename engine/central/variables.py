"""Reads, sets and gathers the variables of stations' device models (2.x B05 to B08).

    power = (await get_variables(central, "CS-1", ["EVSE(1).Power"]))[0].value
    await set_variables(central, "CS-1", {"OCPPCommCtrlr.OfflineThreshold": 300})
    variables = await base_report(central, "CS-1")

Names are those of docs/device-model.md. All of these raise ValueError for what is no name,
`NoVariables` for a station whose version has no device model, and what `issue_command` raises.
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import trio

from ...profiles.csms.variables import (
    AnyRequest,
    Criterion,
    Gathering,
    ReportBase,
    ReportedVariable,
    ReportPart,
    Setting,
    VariableAnswer,
    VariableWords,
    name_of,
    refuse_repeated,
)
from ...profiles.device_model import AttributeType, Key, Value, text_of
from .connection import Connection
from .errors import CommandNotSent
from .events import CentralEvent, StationGone

if TYPE_CHECKING:
    from .central import CentralSystem

T = TypeVar("T")

PART_SECONDS = 60.0  # that the next part of a report may take
_ITEMS = {
    "GetVariables": Key("DeviceDataCtrlr", "ItemsPerMessage", "GetVariables"),
    "SetVariables": Key("DeviceDataCtrlr", "ItemsPerMessage", "SetVariables"),
}


class NoVariables(CommandNotSent):
    """The station speaks a version that has no device model."""

    def __init__(self, station_id: str) -> None:
        super().__init__(f"{station_id} speaks a version without a device model")


class ReportRefused(Exception):
    """The station sends no report; `status` is what it answered: NotSupported or Rejected."""

    def __init__(self, station_id: str, status: str) -> None:
        super().__init__(f"{station_id} sends no report: {status}")
        self.station_id = station_id
        self.status = status


class ReportIncomplete(Exception):
    """The report has ended before it was whole; `variables` is what has come."""

    def __init__(self, station_id: str, why: str, variables: list[ReportedVariable]) -> None:
        super().__init__(f"the report of {station_id} is not whole: {why}")
        self.station_id = station_id
        self.variables = variables


# ---- getting and setting


async def get_variables(
    central: "CentralSystem",
    station_id: str,
    names: Iterable[str | Key],
    attribute: AttributeType = "Actual",
) -> list[VariableAnswer]:
    """Ask for an attribute of each of these variables; the answers are in the names' order.

    They go in as many messages as the station wants them to (B06.FR.05).
    """
    connection, words = _words(central, station_id)
    keys = [Key.parse(name) if isinstance(name, str) else name for name in names]
    most = await _most(central, connection, words, "GetVariables", len(keys))
    found: list[VariableAnswer] = []
    for part in _cut([(key, attribute) for key in keys], most):
        response = await central.issue_command(station_id, words.get(part))
        found += _in_order([key for key, _ in part], words.read_get(response))
    return found


async def set_variables(
    central: "CentralSystem",
    station_id: str,
    values: Mapping[str, Value] | Mapping[Key, Value],
    attribute: AttributeType = "Actual",
) -> list[VariableAnswer]:
    """Set an attribute of each of these variables; the answers are in their order.

    They go in as many messages as the station wants them to (B05.FR.11). Raises ValueError for a
    variable that is named twice (B05.FR.13).
    """
    connection, words = _words(central, station_id)
    settings = [
        Setting(Key.parse(name) if isinstance(name, str) else name, attribute, text_of(value))
        for name, value in values.items()
    ]
    refuse_repeated((each.key, each.attribute) for each in settings)
    most = await _most(central, connection, words, "SetVariables", len(settings))
    found: list[VariableAnswer] = []
    for part in _cut(settings, most):
        response = await central.issue_command(station_id, words.set(part))
        found += _in_order([each.key for each in part], words.read_set(response))
    return found


async def _most(
    central: "CentralSystem",
    connection: Connection,
    words: VariableWords,
    action: str,
    wanted: int,
) -> int:
    """Say how many variables one request may name; a station is asked once, where it matters."""
    if wanted <= 1:
        return 1
    if action not in connection.most_items:
        ask = words.get([(_ITEMS[action], "Actual")])
        (answer,) = words.read_get(await central.issue_command(connection.station_id, ask))
        told = answer.value or ""
        connection.most_items[action] = max(1, int(told)) if told.isdecimal() else 1
    return connection.most_items[action]


def _cut(items: Sequence[T], most: int) -> Iterable[Sequence[T]]:
    return (items[start : start + most] for start in range(0, len(items), most))


def _in_order(keys: Sequence[Key], answers: Sequence[VariableAnswer]) -> list[VariableAnswer]:
    """Give the answers in the order of what was asked: a station may answer in any."""
    places = {key.lowered(): place for place, key in enumerate(keys)}
    return sorted(answers, key=lambda each: places.get(each.key.lowered(), len(keys)))


# ---- reports


async def base_report(
    central: "CentralSystem",
    station_id: str,
    base: ReportBase = "FullInventory",
    *,
    part_seconds: float = PART_SECONDS,
) -> list[ReportedVariable]:
    """Have the station report what it has (B07), and give the whole report.

    `part_seconds` is how long the next part may take. Raises ReportRefused, ReportIncomplete.
    """
    _, words = _words(central, station_id)
    return await _report(
        central, station_id, lambda number: words.base_report(number, base), part_seconds
    )


async def report(
    central: "CentralSystem",
    station_id: str,
    names: Iterable[str | Key] = (),
    criteria: Sequence[Criterion] = (),
    *,
    part_seconds: float = PART_SECONDS,
) -> list[ReportedVariable]:
    """Have the station report these variables, or those of components like `EVSE(1)`, of components
    that meet one of the criteria (B08); nothing found is an empty list. Raises as `base_report`.
    """
    _, words = _words(central, station_id)
    keys = [name_of(name) if isinstance(name, str) else name for name in names]
    return await _report(
        central, station_id, lambda number: words.report(number, keys, criteria), part_seconds
    )


async def _report(
    central: "CentralSystem",
    station_id: str,
    ask: Callable[[int], AnyRequest],
    part_seconds: float,
) -> list[ReportedVariable]:
    connection, words = _words(central, station_id)
    takers = connection.station.report_takers
    request_id = _unused(takers)
    waiting = _Waiting(connection)
    stop_watching = central.on_event(waiting.see)
    takers[request_id] = waiting.take
    try:
        response = await central.issue_command(station_id, ask(request_id))
        status = words.read_status(response)
        if status == "EmptyResultSet":
            return []
        if status != "Accepted":
            raise ReportRefused(station_id, status)
        return await waiting.whole(part_seconds)
    finally:
        stop_watching()
        del takers[request_id]


class _Waiting:
    """Waits for the parts of a report."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._gathering = Gathering()
        self._is_gone = False
        self._news = trio.Event()

    def take(self, part: ReportPart) -> None:
        self._gathering.add(part)
        self._news.set()

    def see(self, event: CentralEvent) -> None:
        if isinstance(event, StationGone) and event.station_id == self._connection.station_id:
            self._is_gone = True
            self._news.set()

    async def whole(self, part_seconds: float) -> list[ReportedVariable]:
        """Give the report once it is whole. Raises ReportIncomplete."""
        station_id, gathering = self._connection.station_id, self._gathering
        while not gathering.is_complete:
            if self._is_gone:
                raise ReportIncomplete(station_id, "the station is gone", gathering.variables)
            with trio.move_on_after(part_seconds) as patience:
                await self._news.wait()
            if patience.cancelled_caught:
                why = f"no further part within {part_seconds:g} s"
                raise ReportIncomplete(station_id, why, gathering.variables)
            self._news = trio.Event()
        return gathering.variables


def _unused(takers: Mapping[int, object]) -> int:
    while (number := random.randrange(1, 2**31)) in takers:
        pass
    return number


def _words(central: "CentralSystem", station_id: str) -> tuple[Connection, VariableWords]:
    connection = central.connection(station_id)
    if connection.face.variables is None:
        raise NoVariables(station_id)
    return connection, connection.face.variables
