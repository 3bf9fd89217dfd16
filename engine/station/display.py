"""The station's display at work: its task, and what it is told."""

from typing import TYPE_CHECKING

import structlog
import trio

from ...drivers.display import Display, Notice, Tidings, language_for
from ...machines.events import Event

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_NOTICES = 64  # a display that lets more wait misses some
_LONGEST_PAUSE = 60.0  # s


class DisplayTask:
    """The engine's side of a display. Nobody charges the worse for one that fails."""

    def __init__(self, station: "ChargingStation", display: Display) -> None:
        self.station = station
        self.display = display
        self._notices: trio.MemorySendChannel[Notice] | None = None

    def show(self, about: Tidings) -> None:
        """Have it shown, where the display is there."""
        if self._notices is None:
            return
        preferred = getattr(about, "languages", ())
        try:
            language = language_for(preferred, self.display.languages)
            self._notices.send_nowait(Notice(about, language))
        except trio.WouldBlock:
            log.warning("notice_not_shown", notice=type(about).__name__)

    async def run(self) -> None:
        """Run the display, anew when it fails, until cancelled."""
        pause = 1.0  # s
        while True:
            send, receive = trio.open_memory_channel[Notice](_NOTICES)
            self._notices = send
            began = trio.current_time()
            try:
                with send, receive:
                    await self.display.run(receive, self._report)
                log.warning("display_ended")
            except Exception:  # the supervisor of the display
                log.exception("display_failed")
            finally:
                self._notices = None
            if trio.current_time() - began > _LONGEST_PAUSE:
                pause = 1.0
            await trio.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _report(self, fact: Event) -> None:
        self.station.deliver(0, fact)
