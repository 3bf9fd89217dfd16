"""The log of what happens: lines to read on a terminal, or one JSON object a line.

Peers choose part of what is logged, so no field is longer than 1 kB and none carries a control
character that a terminal would obey; a Secret shows as `***` because of its type.
"""

import errno
import json
import logging
import math
import sys
from collections.abc import Callable, MutableMapping
from datetime import datetime
from types import TracebackType
from typing import Any, TextIO, cast

import structlog

from .config import Log
from .secrets import Secret

MOST_BYTES = 1024  # of one field
_FIRST = ("timestamp", "level", "event")

# C0 and C1, the line separators, and what turns the direction of writing.
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0), 0x061C, 0x200E, 0x200F, 0x2028, 0x2029]
_CONTROLS += [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_ESCAPES = {code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in _CONTROLS}
_ESCAPES_IN_TRACEBACK = {code: text for code, text in _ESCAPES.items() if code != ord("\n")}

_DISK_TROUBLE = {errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC, errno.EROFS}

EventDict = MutableMapping[str, Any]  # structlog's own type


def set_up(
    settings: Log,
    stream: TextIO | None = None,
    now: Callable[[], datetime] | None = None,
    *,
    for_good: bool = False,
) -> None:
    """Send the log to `stream` (standard output), and there too what nobody caught.

    `for_good`: it is not set up again. Then what is below the level costs next to nothing, which
    shows where thousands of stations have something to say that nobody wants to hear.
    """
    out = sys.stdout if stream is None else stream
    is_terminal = out.isatty()
    as_json = settings.format == "json" or (settings.format == "auto" and not is_terminal)
    reconfigure = getattr(out, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")  # an odd character must not end a task
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True) if now is None else _stamp(now),
            structlog.processors.format_exc_info,
            _bounded,
            _as_json
            if as_json
            else structlog.dev.ConsoleRenderer(
                colors=is_terminal, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        # Any: structlog writes and flushes, and asks its file for nothing else.
        logger_factory=structlog.WriteLoggerFactory(cast("Any", _Output(out))),
        cache_logger_on_first_use=for_good,
    )
    logging.basicConfig(handlers=[_FromLibraries()], level=logging.WARNING, force=True)
    sys.excepthook = _log_uncaught


class _Output:
    """Lets lines go that a full or broken disk does not take: a station does not end for its log.

    The next line that is taken comes behind one that says how many are missing.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._missing = 0

    def write(self, line: str) -> None:
        try:
            if self._missing:
                missing = {"level": "warning", "event": "log_lines_missing", "lines": self._missing}
                self._out.write(f"{json.dumps(missing)}\n")
                self._out.flush()
                self._missing = 0
            self._out.write(line)
            self._out.flush()
        except OSError as error:
            if error.errno not in _DISK_TROUBLE:
                raise
            self._missing += 1

    def flush(self) -> None:
        """Each line is flushed as it is written."""


def _stamp(now: Callable[[], datetime]) -> structlog.typing.Processor:
    def stamp(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = now().isoformat()
        return event

    return stamp


# ---- what a field may be


def _bounded(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Make every field plain data that is short and harmless."""
    traceback = event.pop("exception", None)
    ordered = {key: event[key] for key in (*_FIRST, *event) if key in event}
    clean = {_text(str(key)): plain(value) for key, value in ordered.items()}
    if traceback is not None:
        clean["exception"] = str(traceback).translate(_ESCAPES_IN_TRACEBACK)
    return clean


def plain(value: object) -> object:
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case str():
            return _text(value)
        case Secret():
            return str(value)
        case dict():
            return _short({_text(str(key)): plain(below) for key, below in value.items()})
        case list() | tuple() | set() | frozenset():
            return _short([plain(below) for below in value])
    return _text(str(value) if isinstance(value, BaseException) else repr(value))


def _short(container: object) -> object:
    text = json.dumps(container)
    return container if len(text) <= MOST_BYTES else _text(text)


def _text(value: str) -> str:
    escaped = value[:MOST_BYTES].translate(_ESCAPES)
    encoded = escaped.encode(errors="backslashreplace")
    if len(value) <= MOST_BYTES and len(encoded) <= MOST_BYTES:
        return encoded.decode()
    return encoded[: MOST_BYTES - 3].decode(errors="ignore") + "…"


def _as_json(_logger: object, _method: str, event: EventDict) -> str:
    return json.dumps(event, ensure_ascii=True, allow_nan=False)


# ---- what others say


class _FromLibraries(logging.Handler):
    """Takes over the warnings of libraries that use the standard logging."""

    def emit(self, record: logging.LogRecord) -> None:
        level = "error" if record.levelno >= logging.ERROR else "warning"
        log = structlog.get_logger(record.name)
        getattr(log, level)(record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    structlog.get_logger().critical("uncaught error", exc_info=(kind, error, traceback))
