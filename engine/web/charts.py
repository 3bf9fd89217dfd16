"""The charts of a station at work: where each stands, and how it came there last.

A chart keeps no history, so its states are compared before and after each fact: what it left, what
it entered, and the fact that was the cause.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from ...machines.diagram import transitions
from ...machines.events import Event
from ...machines.evse import Evse
from ...machines.station import Station
from ..charts_command import CHARTS
from .views import AnyChart

Place = tuple[str, int, int]
"""A chart's name among CHARTS, its EVSE (0: the station's), its connector (0: the EVSE's)."""

_NAMES = {chart: name for name, chart in CHARTS.items()}


class MoveView(Struct, frozen=True, kw_only=True):
    """A chart's last move: the fact that it followed from, and its own event, where one leads
    from a state that it left to one that it entered.
    """

    cause: str
    event: str
    left: list[str]
    entered: list[str]
    at: datetime


class ChartView(Struct, frozen=True, kw_only=True):
    """A chart as it stands. States have the names that `pilotwire charts` draws."""

    chart: str
    evse: int
    connector: int
    states: list[str]
    last: MoveView | None


class ChartWatch:
    """Follows the charts of one station."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._states: dict[Place, tuple[str, ...]] = {
            place: chart.configuration for place, chart in _charts(station)
        }
        self._moves: dict[Place, MoveView] = {}

    def follow(self, fact: Event, at: datetime) -> list[ChartView]:
        """Give the charts that a fact has moved; to be called after every fact."""
        moved = []
        now = dict(_charts(self._station))
        for place, chart in now.items():
            before = self._states.get(place)
            states = chart.configuration
            if before != states:
                self._states[place] = states
                self._moves[place] = _move(chart, before or (), states, fact, at)
                moved.append(self._view(place, states))
        for place in self._states.keys() - now.keys():  # a transaction that is over
            del self._states[place]
            self._moves.pop(place, None)
            moved.append(self._view(place, ()))
        return moved

    def all(self) -> list[ChartView]:
        """Give every chart as it stands."""
        return [self._view(place, chart.configuration) for place, chart in _charts(self._station)]

    def _view(self, place: Place, states: tuple[str, ...]) -> ChartView:
        name, evse, connector = place
        return ChartView(
            chart=name,
            evse=evse,
            connector=connector,
            states=list(states),
            last=self._moves.get(place),
        )


def _charts(station: Station) -> Iterator[tuple[Place, AnyChart]]:
    for chart in (
        station.connection.chart,
        station.registration,
        station.chart,
        station.reset.chart,
        station.reservation.chart,
        station.master_pass.chart,
    ):
        yield (_NAMES[type(chart)], 0, 0), chart
    for evse in station.evses:
        yield from _charts_of(evse)


def _charts_of(evse: Evse) -> Iterator[tuple[Place, AnyChart]]:
    number = evse.evse_id
    yield ("evse", number, 0), evse.chart
    for connector in evse.connectors:
        yield ("connector", number, connector.number), connector.chart
    if evse.transaction is not None:
        yield ("transaction", number, 0), evse.transaction.chart
    yield ("reservation", number, 0), evse.reservation.chart
    yield ("reset", number, 0), evse.reset.chart


def _move(
    chart: AnyChart, before: tuple[str, ...], after: tuple[str, ...], fact: Event, at: datetime
) -> MoveView:
    left = [state for state in before if state not in after]
    entered = [state for state in after if state not in before]
    events = (t.event for t in transitions(type(chart)) if t.source in left and t.target in entered)
    return MoveView(
        cause=type(fact).__name__, event=next(events, ""), left=left, entered=entered, at=at
    )
