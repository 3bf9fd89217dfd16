"""Why a CALL of ours brought no response."""

from collections.abc import Mapping
from typing import Any

from ...profiles.errors import ErrorCode, Fault


class CallFailed(Exception):
    """A CALL of ours brought no response."""


class CallTimeout(CallFailed):
    """No answer came in time."""


class SessionClosed(CallFailed):
    """The link ended, before or while the CALL was under way."""


class CallRefused(CallFailed):
    """The peer answered with a CALLERROR. `code` is 2.x's word, `word` what the peer wrote."""

    def __init__(
        self, code: ErrorCode, word: str, description: str, details: Mapping[str, Any]
    ) -> None:
        super().__init__(f"{word}: {description}" if description else word)
        self.code = code
        self.word = word
        self.description = description
        self.details = details  # any JSON object, by the specification


class InvalidAnswer(CallFailed):
    """The peer's answer is not what its schema says."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
