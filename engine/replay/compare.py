"""How two answers differ: what must differ anyway, times and ids, is not looked at."""

from collections.abc import Iterator

import msgspec

from ...profiles.trace import Said
from ...profiles.trace.transactions import moment
from ..live.escaping import harmless
from ..live.redaction import HIDDEN, redacted

IGNORED = frozenset({"transactionId", "requestId", "customData"})
"""Members that are not compared, besides whatever is a date-time in both answers."""
IGNORED_WORDS = f"message ids, date-times, {', '.join(sorted(IGNORED))}, error descriptions"


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as it was recorded. The values may be shown."""

    place: str
    action: str
    path: str
    recorded: str
    found: str


def differences(
    call: Said, recorded: Said, found: Said | None, *, is_strict: bool = False
) -> Iterator[Difference]:
    """Give how the answer that was found differs from the recorded one; None: there was none."""
    for path, was, now in _answers(recorded, found, is_strict):
        yield Difference(call.place, call.action, path, _shown(was), _shown(now))


_NOTHING = object()


def _answers(
    recorded: Said, found: Said | None, is_strict: bool
) -> Iterator[tuple[str, object, object]]:
    if found is None:
        yield "answer", recorded.kind, "no answer"
        return
    if recorded.kind != found.kind:
        yield "answer", _word(recorded), _word(found)
        return
    if recorded.kind == "CALLERROR":
        if recorded.error != found.error:
            yield "code", recorded.error, found.error
        if is_strict and recorded.description != found.description:
            yield "description", recorded.description, found.description
        return
    # Redacted, both of them: a log holds no secrets, and what is shown of a live answer neither.
    yield from _values(
        "$", redacted(recorded.payload), redacted(found.payload), is_strict=is_strict
    )


def _word(answer: Said) -> str:
    return f"{answer.kind} {answer.error}" if answer.error else answer.kind


def _values(
    path: str, was: object, now: object, *, is_strict: bool
) -> Iterator[tuple[str, object, object]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for name in [*was, *(name for name in now if name not in was)]:
            if is_strict or name not in IGNORED:
                inner = was.get(name, _NOTHING), now.get(name, _NOTHING)
                yield from _values(f"{path}.{name}", *inner, is_strict=is_strict)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for number, inner in enumerate(zip(was, now, strict=True)):
            yield from _values(f"{path}[{number}]", *inner, is_strict=is_strict)
    elif was != now and not _is_alike(was, now, is_strict):
        yield path, was, now


def _is_alike(was: object, now: object, is_strict: bool) -> bool:
    if isinstance(was, str) and was.startswith(HIDDEN) and now is not _NOTHING:
        return True  # the log does not tell it
    both_times = moment(was) is not None and moment(now) is not None
    return both_times and not is_strict


def _shown(value: object) -> str:
    if value is _NOTHING:
        return "nothing"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return harmless(text, 80)
