"""Those who look on at a station at work: the display or the log, the local API."""

from typing import Protocol

from ..machines.events import Event
from .station.station import CallOutcome, ChargingStation, OnCall


class Onlooker(Protocol):
    """Sees the station that runs, its messages, and what happens there."""

    def watch_station(self, station: ChargingStation) -> None:
        """Look at this station from now on; a reboot makes a new one."""
        ...

    def message(self, direction: str, text: str | bytes, at: float, /) -> None:
        """See a frame of the station's link (the station's `on_message`)."""
        ...

    def change(self, evse_id: int, fact: Event, /) -> None:
        """See what happened, once the station has decided upon it (its `on_change`)."""
        ...


class Onlookers:
    """Several of them, as one; each sees everything before the next does."""

    def __init__(self, *onlookers: Onlooker) -> None:
        self._onlookers = list(onlookers)
        self._counting: OnCall | None = None

    def add(self, onlooker: Onlooker) -> None:
        self._onlookers.append(onlooker)

    def count_calls(self, on_call: OnCall) -> None:
        """Have calls counted when they have ended."""
        self._counting = on_call

    def watch_station(self, station: ChargingStation) -> None:
        for onlooker in self._onlookers:
            onlooker.watch_station(station)

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        for onlooker in self._onlookers:
            onlooker.message(direction, text, at)

    def change(self, evse_id: int, fact: Event) -> None:
        for onlooker in self._onlookers:
            onlooker.change(evse_id, fact)

    def call(self, action: str, began: float, ended: float, outcome: CallOutcome) -> None:
        """Take note of a call of the station's (its `on_call`)."""
        if self._counting is not None:
            self._counting(action, began, ended, outcome)
