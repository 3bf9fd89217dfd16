"""Rules about frames: OCPP-J chapter 4, and payloads by their schemas."""

from collections.abc import Iterator
from typing import get_args

from ..errors import ErrorCode
from ..family import Role
from .dialogue import Dialogue, other
from .rule import V21, Blame, Rule
from .said import LinkChanged, Recent, Said, digest, objects, within

_IDS = 1024  # of a side that are remembered
_SOON = 5.0  # s in which no call is given up
_PATIENCE = 60.0  # s after which an answer is missing
_UNREADABLE_ID = "-1"  # OCPP-J 4.2.3: of a call whose id could not be read
_CODES: tuple[ErrorCode, ...] = get_args(ErrorCode)


class Readable(Rule):
    """Every frame is a message of OCPP-J."""

    name = "frame-readable"
    requirements = ("OCPP-J 4.1.3", "OCPP-J 4.2")

    def hear(self, said: Said) -> Iterator[str]:
        if said.kind == "unreadable":
            yield f"the {said.by} sent what is no message of OCPP-J"


class MessageIdLength(Rule):
    """A message id has 1 to 36 characters."""

    name = "message-id-length"
    requirements = ("OCPP-J 4.1.4",)

    def hear(self, said: Said) -> Iterator[str]:
        if said.kind != "unreadable" and not 1 <= len(said.message_id) <= 36:
            yield f"an id of {len(said.message_id)} characters"


class MessageIdUnique(Rule):
    """A message id is not used for another call; the same call may be sent again with its id."""

    name = "message-id-unique"
    requirements = ("OCPP-J 4.1.4",)

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._ids: dict[Role, Recent[str, int]] = {"station": Recent(_IDS), "csms": Recent(_IDS)}

    def hear(self, said: Said) -> Iterator[str]:
        if not said.is_request:
            return
        content = digest(said)
        known = self._ids[said.by].get(said.message_id)
        if known is not None and known != content:
            yield f"the {said.by} had this id for another message before"
        self._ids[said.by].keep(said.message_id, content)

    def link_changed(self, change: LinkChanged) -> Iterator[str]:
        if any(version.reads_number_ids for version in self.dialogue.versions):  # 1.6: of a link
            for ids in self._ids.values():
                ids.clear()
        yield from ()


class OneCall(Rule):
    """A side sends no CALL while its last one waits for its answer."""

    name = "one-call-outstanding"
    requirements = ("OCPP-J 4.1.1",)

    def hear(self, said: Said) -> Iterator[str]:
        if said.kind != "CALL" or said.at is None:
            return
        waiting = self.dialogue.open[said.by]
        last = next(reversed(waiting.values()), None)
        if last is None or last.at is None or said.at - last.at >= _SOON:
            return
        if last.message_id != said.message_id:
            yield f"{said.action} was sent while {last.action} {last.message_id} was unanswered"


class CallAnswered(Rule):
    """Every CALL is answered, as long as its link stands."""

    name = "call-answered"
    requirements = ("OCPP-J 4.1.1",)

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._waiting: Recent[tuple[Role, str], Said] = Recent(128)
        self._heard: set[tuple[Role, str]] = set()  # where the other side said something since

    def hear(self, said: Said) -> Iterator[Blame]:
        if said.at is None:
            return
        self._note(said)
        for key, call in list(self._waiting.items()):
            waited = said.at - (call.at or said.at)
            if waited < _PATIENCE:
                break
            del self._waiting[key]
            if self.dialogue.knows_links or key in self._heard:
                text = f"{call.action} {call.message_id} of the {key[0]} has no answer for 60 s"
                yield Blame(other(key[0]), text)
            self._heard.discard(key)
        if said.kind == "CALL" and self._is_owed(said):
            self._waiting.keep((said.by, said.message_id), said)

    def _note(self, said: Said) -> None:
        if said.kind == "CALL" and said.action == "BootNotification":
            self._clear()
        if not said.is_request:
            self._waiting.pop((other(said.by), said.message_id), None)
            self._heard.discard((other(said.by), said.message_id))
        for key, call in self._waiting.items():
            if key[0] != said.by and (said.at or 0) - (call.at or 0) > 1:
                self._heard.add(key)

    def _is_owed(self, call: Said) -> bool:
        """1.6 4.2: who is rejected is not answered, and answers not."""
        return self.dialogue.registration in (None, "Accepted") or call.action == "BootNotification"

    def _clear(self) -> None:
        self._waiting.clear()
        self._heard.clear()

    def link_changed(self, change: LinkChanged) -> Iterator[str]:
        if not change.is_open:
            self._clear()
        yield from ()


class AnswerToCall(Rule):
    """An answer has the id of a CALL of the other side, and comes once."""

    name = "answer-to-call"
    requirements = ("OCPP-J 4.1.4", "OCPP-J 4.2.2")

    def __init__(self, dialogue: Dialogue) -> None:
        super().__init__(dialogue)
        self._answered: dict[Role, Recent[str, bool]] = {
            "station": Recent(_IDS),
            "csms": Recent(_IDS),
        }
        self._spoiled: set[Role] = set()  # who sent what could not be read, and may be answered

    def hear(self, said: Said) -> Iterator[str]:
        if said.kind == "unreadable":
            self._spoiled.add(said.by)
        if said.is_request or said.kind in ("unreadable", "CALLRESULTERROR"):
            return
        asker = other(said.by)
        if self.dialogue.call is not None:
            self._answered[said.by].keep(said.message_id, True)
            return
        is_of_broken = said.kind == "CALLERROR" and asker in self._spoiled
        if is_of_broken or said.message_id == _UNREADABLE_ID:
            self._spoiled.discard(asker)
        elif said.message_id in self._answered[said.by]:
            yield "the call was answered before"
        elif self.dialogue.calls[asker] and said.message_id not in self.dialogue.sends[asker]:
            yield f"the {asker} has no call with this id under way"


class SendUnanswered(Rule):
    """A SEND is not answered."""

    name = "send-unanswered"
    requirements = ("OCPP-J 2.1 4.2.4",)
    versions = V21

    def hear(self, said: Said) -> Iterator[str]:
        sends = self.dialogue.sends[other(said.by)]
        if said.kind in ("CALLRESULT", "CALLERROR") and said.message_id in sends:
            yield f"the {said.by} answered a SEND"


class ErrorCodeSpelled(Rule):
    """The code of a CALLERROR is one of the version, as it spells it."""

    name = "error-code-known"
    requirements = ("OCPP-J 4.2.3", "OCPP-J 4.3")

    def hear(self, said: Said) -> Iterator[str]:
        if said.kind not in ("CALLERROR", "CALLRESULTERROR"):
            return
        versions = self.dialogue.versions
        if not any(said.error == version.word(code) for version in versions for code in _CODES):
            yield f"the {said.by} answered with the code {said.error[:60]!r}"


class ErrorDescriptionLength(Rule):
    """The description of a CALLERROR has at most 255 characters."""

    name = "error-description-length"
    requirements = ("OCPP-J 4.2.3",)

    def hear(self, said: Said) -> Iterator[str]:
        if len(said.description) > 255:
            yield f"a description of {len(said.description)} characters"


class ActionKnown(Rule):
    """The action is one of the version."""

    name = "action-known"
    requirements = ("OCPP-J 4.2.1",)

    def hear(self, said: Said) -> Iterator[str]:
        if said.is_request and not any(said.action in v.actions() for v in self.dialogue.versions):
            yield f"the {said.by} sent {said.action[:60]!r}, which is no action"


class RightSide(Rule):
    """Each side sends its own actions only."""

    name = "action-of-its-side"
    requirements = ("OCPP-J 4.2.1",)

    def hear(self, said: Said) -> Iterator[str]:
        if not said.is_request:
            return
        versions = [v for v in self.dialogue.versions if said.action in v.actions()]
        if versions and not any(v.sends(said.by, said.action) for v in versions):
            yield f"the {said.by} sent {said.action}, which is the other side's"


class RequestValid(Rule):
    """The payload of a CALL or SEND is what its schema says."""

    name = "request-valid"
    requirements = ("OCPP-J 4.2.1",)

    def hear(self, said: Said) -> Iterator[str]:
        if said.is_request and self.dialogue.problem is not None:
            yield f"{said.action}: {self.dialogue.problem}"


class ResponseValid(Rule):
    """The payload of a CALLRESULT is what its schema says."""

    name = "response-valid"
    requirements = ("OCPP-J 4.2.2",)

    def hear(self, said: Said) -> Iterator[str]:
        call = self.dialogue.call
        if said.kind == "CALLRESULT" and call is not None and self.dialogue.problem is not None:
            yield f"answer to {call.action}: {self.dialogue.problem}"


class PasswordUntold(Rule):
    """A station tells nobody its password: not when asked for a variable, not in a report."""

    name = "password-untold"
    requirements = ("B06.FR.09", "1.6 security white paper A00")
    actions = frozenset({"GetConfiguration", "GetVariables", "NotifyReport"})

    def hear(self, said: Said) -> Iterator[str]:
        if said.by != "station":
            return
        for key in objects(said.payload, "configurationKey"):
            if key.get("key") == "AuthorizationKey" and key.get("value"):
                yield "GetConfiguration.conf tells AuthorizationKey"
        for result in objects(said.payload, "getVariableResult"):
            if _is_password(result) and result.get("attributeValue"):
                yield "GetVariablesResponse tells BasicAuthPassword"
        for data in objects(said.payload, "reportData"):
            attributes = objects(data, "variableAttribute")
            if _is_password(data) and any(each.get("value") for each in attributes):
                yield "NotifyReport tells BasicAuthPassword"


def _is_password(data: dict[str, object]) -> bool:
    return within(data, "variable", "name") == "BasicAuthPassword"


RULES: tuple[type[Rule], ...] = (
    Readable,
    MessageIdLength,
    MessageIdUnique,
    OneCall,
    CallAnswered,
    AnswerToCall,
    SendUnanswered,
    ErrorCodeSpelled,
    ErrorDescriptionLength,
    ActionKnown,
    RightSide,
    RequestValid,
    ResponseValid,
    PasswordUntold,
)
