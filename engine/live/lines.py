"""A running station as lines in the log: messages, changes of EVSEs, sessions that ended."""

import msgspec
import structlog
import trio

from ...machines.events import Event
from ..config.settings import Log
from ..log import MOST_BYTES
from .facts import facts
from .frames import FrameReader, Message
from .observer import Observer
from .redaction import mask
from .snapshot import EvseSnapshot, SessionSummary

log = structlog.get_logger()

_ANSWERS = (b"[3", "[3")  # how a CALLRESULT begins


class LogLines:
    """Writes them. What the level or `[log] messages` leaves out is not even looked at."""

    def __init__(self, settings: Log) -> None:
        self._tells_tokens = settings.level == "debug"
        self._tells_changes = settings.level in ("debug", "info")
        self._tells_messages = settings.messages and self._tells_changes
        self._reader = FrameReader(shows_tokens=self._tells_tokens)
        self._observer: Observer | None = None

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        task_status.started()
        await trio.sleep_forever()

    def watch(self, observer: Observer) -> None:
        self._observer = observer

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        if self._tells_messages:
            self._tell_message(self._reader.read(direction, text, at))
        if self._tells_changes and direction == "sent" and text[:2] in _ANSWERS:
            self._tell_changes()  # what the CSMS asked for may have changed something

    def change(self, evse_id: int, fact: Event) -> None:
        if self._tells_changes:
            self._tell_changes()

    def _tell_message(self, message: Message) -> None:
        fields: dict[str, object] = {
            "direction": message.direction,
            "type": message.kind,
            "action": message.action,
            "message_id": message.message_id,
        }
        if message.latency is not None:
            fields["latency_ms"] = round(message.latency * 1000, 1)
        if message.error:
            log.warning("message", **fields, error=message.error)
        else:
            log.info("message", **fields, **_content(message.payload))

    def _tell_changes(self) -> None:
        if self._observer is None:
            return
        for evse, session in self._observer.changes():
            if evse is not None:
                self._tell_evse(evse)
            if session is not None and session.transaction_id is not None:
                self._tell_session(session)

    def _tell_evse(self, evse: EvseSnapshot) -> None:
        fields: dict[str, object] = {
            "evse": evse.evse,
            "connector": evse.connector,
            "status": evse.status,
            "session": evse.session,
            "energy": evse.energy,
            # Before the contactor has obeyed, the meter still shows what is over already.
            "power_w": _rounded(evse.power_watts) if evse.energy != "off" else None,
            "energy_wh": _rounded(evse.session_wh),
            "transaction": evse.transaction_id,
        }
        if evse.fault:
            fields["fault"] = evse.fault
        log.info("evse", **{name: value for name, value in fields.items() if value is not None})

    def _tell_session(self, session: SessionSummary) -> None:
        token = session.token
        log.info(
            "session_ended",
            evse=session.evse,
            energy_wh=_rounded(session.energy_wh),
            duration_s=_rounded(session.seconds),
            transaction=session.transaction_id,
            csms_transaction=session.csms_transaction_id,
            token=token if token is None or self._tells_tokens else mask(token),
        )


def _content(payload: object) -> dict[str, object]:
    """Give the payload, or what matters of one that is longer than a field of the log may be."""
    if len(msgspec.json.encode(payload)) <= MOST_BYTES:
        return {"payload": payload}
    return {"summary": facts(payload)}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)
