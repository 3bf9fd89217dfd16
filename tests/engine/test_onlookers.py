"""Several onlookers as one, and the API that costs nothing when it is off."""

import subprocess
import sys

from pilotwire.engine.onlookers import Onlookers
from pilotwire.engine.station.station import ChargingStation
from pilotwire.machines.events import BayOccupied, Event


class Notes:
    def __init__(self, name: str, book: list[tuple[object, ...]]) -> None:
        self.name = name
        self.book = book

    def watch_station(self, station: ChargingStation) -> None:
        self.book.append((self.name, station))

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        self.book.append((self.name, direction, text, at))

    def change(self, evse_id: int, fact: Event) -> None:
        self.book.append((self.name, evse_id, fact))


def test_each_sees_everything_before_the_next() -> None:
    book: list[tuple[object, ...]] = []
    onlookers = Onlookers(Notes("display", book))
    onlookers.add(Notes("api", book))
    station = object.__new__(ChargingStation)
    onlookers.watch_station(station)
    onlookers.message("sent", "[]", 1.5)
    onlookers.change(2, BayOccupied())
    assert book == [
        ("display", station),
        ("api", station),
        ("display", "sent", "[]", 1.5),
        ("api", "sent", "[]", 1.5),
        ("display", 2, BayOccupied()),
        ("api", 2, BayOccupied()),
    ]


def test_the_daemon_without_the_api_imports_none_of_it() -> None:
    program = (
        "import sys, pilotwire.engine.run\n"
        "print(sorted({'litestar', 'hypercorn', 'anyio'} & sys.modules.keys()))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert ended.stdout == "[]\n", ended.stderr
