"""The display of a running station on a terminal: painted when something changed, or flows.

While it is on, the lines of the log go into it; what was worth a warning is said once more after
it, where it stays.
"""

import io
from collections import OrderedDict, deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol, get_args

import structlog
import trio
from rich.console import Console
from rich.text import Text

from ...machines.events import Event
from ...profiles.device_model import Key
from ..config.settings import Log
from .drawing import draw
from .facts import brief
from .frames import FrameReader, Message
from .observer import Observer
from .picture import (
    ConnectionState,
    Exchange,
    LogRecord,
    Picture,
    RegistrationState,
    Row,
    StationPicture,
    Totals,
)
from .snapshot import EvseSnapshot
from .terminal import Terminal

log = structlog.get_logger()

_HEARTBEAT = Key("OCPPCommCtrlr", "HeartbeatInterval")
_SHORTEST = 0.25  # s between two paintings
_FLOWING = 1.0  # s between two paintings when only numbers run on
_MOST_ROWS = 200
_MOST_WARNINGS = 50
_CONNECTION_STATES: tuple[ConnectionState, ...] = get_args(ConnectionState)
_REGISTRATION_STATES: tuple[RegistrationState, ...] = get_args(RegistrationState)
_REFUSALS = ("Rejected", "Invalid", "Blocked", "Expired", "ConcurrentTx", "NotSupported", "Unknown")


class Central(Protocol):
    """What is shown of the embedded central system."""

    port: int

    @property
    def connections(self) -> Collection[str]: ...


class Display:
    """The display and what it remembers."""

    def __init__(self, settings: Log, terminal: Terminal) -> None:
        self.central: Central | None = None
        self._terminal = terminal
        self._shows_messages = settings.messages
        self._reader = FrameReader(shows_tokens=settings.level == "debug")
        self._observer: Observer | None = None
        self._rows: deque[Row] = deque(maxlen=_MOST_ROWS)
        self._open: OrderedDict[tuple[str, str], Exchange] = OrderedDict()
        self._totals = Totals()
        self._warnings: deque[dict[str, Any]] = deque(maxlen=_MOST_WARNINGS)  # structlog's type
        self._has_changed = True
        self._painted_totals = self._totals
        self._has_power = False  # in what was painted last

    # ---- what happens

    def watch(self, observer: Observer) -> None:
        self._observer = observer
        self._has_changed = True

    def change(self, evse_id: int, fact: Event) -> None:
        self._has_changed = True
        if self._observer is not None:
            self._observer.note(fact)
        self._follow()

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        self._has_changed = True
        self._totals.messages += 1
        observer = self._observer
        if observer is not None and direction == "received":
            observer.last_heard = at
        if self._shows_messages and observer is not None:
            self._show(self._reader.read(direction, text, at), observer.moment(at))
        if direction == "sent":
            self._follow()

    def _follow(self) -> None:
        if self._observer is None:
            return
        for _, session in self._observer.changes():
            if session is not None and session.transaction_id is not None:
                self._totals.sessions += 1
                self._totals.energy_wh += session.energy_wh

    def _show(self, message: Message, time: datetime) -> None:
        asked = "received" if message.direction == "sent" else "sent"
        call = self._open.pop((asked, message.message_id), None)
        if message.kind in ("CALL", "SEND", "unreadable") or call is None:
            call = _new_exchange(message, time)
            self._rows.append(call)
        if message.kind == "CALL":
            self._open[message.direction, message.message_id] = call
            if len(self._open) > _MOST_ROWS:
                self._open.popitem(last=False)
        elif message.kind != "SEND":
            call.error = message.error
            call.latency = message.latency
            call.answer = brief(message.payload)
            call.is_refusal = call.answer.startswith(_REFUSALS)

    # ---- the log

    @contextmanager
    def _log_in_rows(self) -> Iterator[None]:
        """Have the log's lines in the display; afterwards repeat the warnings."""
        processors = structlog.get_config()["processors"]
        structlog.configure(processors=[*processors[:-1], self._take])
        try:
            yield
        finally:
            structlog.configure(processors=processors)
            for event in self._warnings:
                self._terminal.stream.write(f"{processors[-1](None, '', event)}\n")
            self._terminal.stream.flush()

    def _take(self, _logger: object, _method: str, event: Any) -> Any:  # structlog's own types
        if event.get("level") in ("warning", "error", "critical"):
            self._warnings.append(dict(event))
        shown = [f"{k} {v}" for k, v in event.items() if k not in ("timestamp", "level", "event")]
        record = LogRecord(
            time=self._moment(event),
            level=str(event.get("level", "info")),
            event=str(event.get("event", "")).replace("_", " "),
            fields=", ".join(shown).replace("\n", " "),
        )
        self._rows.append(record)
        self._has_changed = True
        raise structlog.DropEvent

    def _moment(self, event: Any) -> datetime:
        """Give the station's time, or the line's own while there is no station yet."""
        if self._observer is not None:
            return self._observer.station.clock.now()
        return datetime.fromisoformat(event["timestamp"])

    # ---- painting

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        try:
            with self._log_in_rows():
                async with self._terminal.opened() as canvas:
                    task_status.started()
                    while True:
                        await canvas.paint(self.lines(*self._terminal.size()))
                        await self._until_due()
        finally:
            self._say_farewell()

    def _say_farewell(self) -> None:
        totals = self._painted_totals
        log.info(
            "display_ended",
            sessions=totals.sessions,
            energy_wh=round(totals.energy_wh, 1),
            messages=totals.messages,
            queued=totals.queued,
        )

    async def _until_due(self) -> None:
        """Wait until there is something new to see."""
        painted, size = trio.current_time(), self._terminal.size()
        self._has_changed = False
        while True:
            await trio.sleep(_SHORTEST)
            runs_on = trio.current_time() >= painted + _FLOWING and self._runs_on()
            if self._has_changed or runs_on or self._terminal.size() != size:
                return

    def _runs_on(self) -> bool:
        return self._has_power or (self._observer is not None and self._observer.has_session)

    def lines(self, width: int, height: int) -> list[str]:
        """Draw it as it is now."""
        picture = self.picture()
        texts = [Text("starts", end="")] if picture is None else draw(picture, width, height)
        console = Console(
            file=io.StringIO(),
            width=width,
            force_terminal=True,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        with console.capture() as captured:
            for text in texts:
                console.print(text, overflow="crop", no_wrap=True, crop=True)
        return captured.get().splitlines()

    def picture(self) -> Picture | None:
        """Give what is to be shown; None before there is a station."""
        observer = self._observer
        if observer is None:
            return None
        evses = [observer.snapshot(evse) for evse in observer.station.tree.evses]
        self._has_power = any(evse.power_watts for evse in evses)
        self._painted_totals = self._totals_now(observer, evses)
        return Picture(
            station=_station(observer),
            evses=evses,
            rows=list(self._rows),
            totals=self._painted_totals,
            central=_central(self.central),
        )

    def _totals_now(self, observer: Observer, evses: list[EvseSnapshot]) -> Totals:
        """Give the counts with those of the sessions that are on."""
        running = [evse.session_wh or 0.0 for evse in evses if evse.transaction_id is not None]
        return Totals(
            sessions=self._totals.sessions + len(running),
            energy_wh=self._totals.energy_wh + sum(running),
            messages=self._totals.messages,
            queued=len(observer.station.journal),
        )


def _new_exchange(message: Message, time: datetime) -> Exchange:
    is_call = message.kind in ("CALL", "SEND")
    return Exchange(
        time=time,
        direction=message.direction,
        action=message.action or message.kind,
        message_id=message.message_id,
        asked=brief(message.payload) if is_call else "",
    )


def _station(observer: Observer) -> StationPicture:
    station = observer.station
    session = station.network.session
    chart = station.tree.connection.chart
    profile = observer.profile
    return StationPicture(
        identity=observer.identity,
        connection=next(state for state in _CONNECTION_STATES if chart.is_in(state)),
        url=profile.url if profile is not None else "",
        slot=station.tree.connection.slot,
        version="" if session is None else session.version.subprotocol,
        registration=next(
            state for state in _REGISTRATION_STATES if station.tree.registration.is_in(state)
        ),
        heartbeat_seconds=station.model.integer(_HEARTBEAT),
        last_heard=None if observer.last_heard is None else observer.moment(observer.last_heard),
        problem=observer.link_problem,
    )


def _central(central: Central | None) -> str:
    if central is None:
        return ""
    count = len(central.connections)
    return f"central :{central.port}, {count} station{'' if count == 1 else 's'}"
