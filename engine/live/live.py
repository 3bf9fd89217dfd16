"""Shows a running station: on a terminal as a display, elsewhere as lines in the log."""

import sys
from typing import TextIO

import trio

from ...machines.events import Event
from ..config.settings import Config
from ..station.station import ChargingStation
from .display import Central, Display
from .lines import LogLines
from .observer import Observer
from .terminal import Terminal


class Live:
    """What a person sees. `message` and `change` are the station's `on_message` and `on_change`."""

    def __init__(self, config: Config, stream: TextIO | None = None) -> None:
        """Choose by what `stream` (standard output) is, and by `[log] format`."""
        self._config = config
        out = sys.stdout if stream is None else stream
        terminal = None if config.log.format == "json" else Terminal.of(out)
        self._view: Display | LogLines
        if terminal is None:
            self._view = LogLines(config.log)
        else:
            self._view = Display(config.log, terminal)

    def watch_station(self, station: ChargingStation) -> None:
        """Show this station from now on; a reboot makes a new one."""
        self._view.watch(Observer(self._config, station))

    def watch_central(self, central: Central | None) -> None:
        """Show the embedded central system too."""
        if isinstance(self._view, Display):
            self._view.central = central

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        """See a frame of the station's link."""
        self._view.message(direction, text, at)

    def change(self, evse_id: int, fact: Event) -> None:
        """See what happened, once the station has decided upon it."""
        self._view.change(evse_id, fact)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Show it until cancelled; a terminal is then as it was before."""
        await self._view.run(task_status=task_status)
