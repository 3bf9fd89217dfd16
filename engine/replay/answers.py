"""What the side that is replayed answers to the calls of the other: as it did in the recording.

The nth call of a kind gets the nth answer, later ones the last. Calls of one action are of
several kinds where the answer depends on the content: who is to be authorized, what a transaction
has come to, whose own message it is.
"""

from collections import Counter, defaultdict

import msgspec

from ...profiles.family import Role
from ...profiles.trace import Said
from ...profiles.trace.doings import token_of
from ...profiles.trace.said import within
from .recording import Recording

_TOKEN_INFO = ("idTagInfo", "idTokenInfo")  # of 1.6, of 2.x

Kind = tuple[object, ...]


class Answers:
    """Those of one side."""

    def __init__(self, recording: Recording, role: Role) -> None:
        self.asked: Counter[str] = Counter()
        """Actions that the other side has called."""
        self._given: Counter[Kind] = Counter()
        self._recorded: defaultdict[Kind, list[Said]] = defaultdict(list)
        self._tokens: dict[object, Said] = {}  # what was said of them, in whatever answer
        for step in recording.steps:
            call, answer = step.item, step.answer
            if not isinstance(call, Said) or answer is None or answer.by != role:
                continue
            token = token_of(call.payload)
            if token is not None and _of_token(answer):
                self._tokens.setdefault(token, answer)
            if step.is_repeat:
                continue
            for kind in {_kind(call), (call.action,)}:
                self._recorded[kind].append(answer)

    def holds(self, action: str) -> bool:
        return (action,) in self._recorded

    def to(self, call: Said) -> Said | None:
        """Give the recorded answer to a call that comes now; None: there is none of its kind."""
        self.asked[call.action] += 1
        kind = _kind(call)
        if kind not in self._recorded:
            known = self._tokens.get(token_of(call.payload))
            if call.action == "Authorize" and known is not None:
                return msgspec.structs.replace(known, payload=_of_token(known))
            kind = (call.action,)
        answers = self._recorded.get(kind)
        if answers is None:
            return None
        number = self._given[kind]
        self._given[kind] += 1
        return answers[min(number, len(answers) - 1)]


def _kind(call: Said) -> Kind:
    payload = call.payload
    match call.action:
        case "Authorize":
            return call.action, token_of(payload)
        case "StartTransaction":
            return call.action, _plain(payload, "connectorId")
        case "TransactionEvent":
            return call.action, _plain(payload, "eventType"), token_of(payload) is not None
        case "DataTransfer":
            return call.action, _plain(payload, "vendorId"), _plain(payload, "messageId")
    return (call.action,)


def _plain(payload: object, name: str) -> str | int | None:
    value = within(payload, name)
    return value if isinstance(value, str | int) else None


def _of_token(answer: Said) -> dict[str, object]:
    """Give what an answer says of a token, and nothing else."""
    payload = answer.payload
    if not isinstance(payload, dict):
        return {}
    return {name: payload[name] for name in _TOKEN_INFO if name in payload}
