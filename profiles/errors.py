"""The codes of CALLERROR and CALLRESULTERROR: what calls for which, how each version spells them.

OCPP-J 1.6 4.2.3, OCPP-J 2.0.1 and 2.1 4.3. Inside the engine a code is always the word of 2.x.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

ErrorCode = Literal[
    "FormatViolation",
    "GenericError",
    "InternalError",
    "MessageTypeNotSupported",
    "NotImplemented",
    "NotSupported",
    "OccurrenceConstraintViolation",
    "PropertyConstraintViolation",
    "ProtocolError",
    "RpcFrameworkError",
    "SecurityError",
    "TypeConstraintViolation",
]
Fault = Literal[
    "unreadable",
    "bad_frame",
    "bad_message_id",
    "unknown_message_type",
    "too_deep",
    "id_in_progress",
    "id_reused",
    "unknown_action",
    "wrong_side",
    "missing_field",
    "unknown_field",
    "wrong_type",
    "bad_value",
    "wrong_count",
    "malformed",
]
"""What can be wrong with a received frame; from "missing_field" on, with its payload."""

_COLUMNS = ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")
_ROWS: dict[Fault, tuple[ErrorCode | None, ErrorCode | None, ErrorCode | None]] = {
    # What is wrong with a received frame -> the code it is answered with; None is silence.
    #                       1.6                   2.0.1                 2.1
    "unreadable": (None, "RpcFrameworkError", "RpcFrameworkError"),
    "bad_frame": ("FormatViolation", "RpcFrameworkError", "RpcFrameworkError"),
    "bad_message_id": ("FormatViolation", "RpcFrameworkError", "RpcFrameworkError"),
    "unknown_message_type": (None, "MessageTypeNotSupported", None),
    "too_deep": ("FormatViolation", "FormatViolation", "FormatViolation"),
    "id_in_progress": ("GenericError", "RpcFrameworkError", "RpcFrameworkError"),
    "id_reused": ("GenericError", "RpcFrameworkError", "RpcFrameworkError"),
    "unknown_action": ("NotImplemented", "NotImplemented", "NotImplemented"),
    "wrong_side": ("NotSupported", "NotSupported", "NotSupported"),
    "missing_field": (
        "ProtocolError",
        "OccurrenceConstraintViolation",
        "OccurrenceConstraintViolation",
    ),
    "unknown_field": ("FormatViolation", "FormatViolation", "FormatViolation"),
    "wrong_type": (
        "TypeConstraintViolation",
        "TypeConstraintViolation",
        "TypeConstraintViolation",
    ),
    "bad_value": (
        "PropertyConstraintViolation",
        "PropertyConstraintViolation",
        "PropertyConstraintViolation",
    ),
    "wrong_count": (
        "OccurrenceConstraintViolation",
        "OccurrenceConstraintViolation",
        "OccurrenceConstraintViolation",
    ),
    "malformed": ("FormatViolation", "FormatViolation", "FormatViolation"),
}
FAULTS: dict[str, Mapping[Fault, ErrorCode | None]] = {
    version: {fault: row[column] for fault, row in _ROWS.items()}
    for column, version in enumerate(_COLUMNS)
}
"""By subprotocol: fault -> code."""

DESCRIPTIONS: dict[Fault, str] = {
    "unreadable": "The message is not a JSON array",
    "bad_frame": "The message is not a valid RPC frame",
    "bad_message_id": "The message id is not a string of at most 36 characters",
    "unknown_message_type": "The message type is not supported",
    "too_deep": "The message is nested too deeply",
    "id_in_progress": "A call with this message id is still being handled",
    "id_reused": "Another call had this message id",
    "unknown_action": "The action is not known",
    "wrong_side": "The action is not one that this side answers",
    "missing_field": "A required field is missing",
    "unknown_field": "A field is not one of this message",
    "wrong_type": "A field has the wrong type",
    "bad_value": "A field has a value that is not allowed",
    "wrong_count": "A list has too few or too many elements",
    "malformed": "The payload is not well-formed JSON",
}

SPELLED: dict[str, Mapping[ErrorCode, str]] = {
    # 1.6 keeps its two misspelled words for ever (J errata 5.1 and 5.2) and lacks two codes.
    "ocpp1.6": {
        "FormatViolation": "FormationViolation",
        "OccurrenceConstraintViolation": "OccurenceConstraintViolation",
        "RpcFrameworkError": "GenericError",
        "MessageTypeNotSupported": "NotSupported",
    },
    "ocpp2.0.1": {},
    "ocpp2.1": {},
}
"""By subprotocol: those codes that the version writes in another way."""

_UNDERSTOOD: dict[str, ErrorCode] = {
    "FormatViolation": "FormatViolation",
    "FormationViolation": "FormatViolation",
    "GenericError": "GenericError",
    "InternalError": "InternalError",
    "MessageTypeNotSupported": "MessageTypeNotSupported",
    "NotImplemented": "NotImplemented",
    "NotSupported": "NotSupported",
    "OccurenceConstraintViolation": "OccurrenceConstraintViolation",
    "OccurrenceConstraintViolation": "OccurrenceConstraintViolation",
    "PropertyConstraintViolation": "PropertyConstraintViolation",
    "ProtocolError": "ProtocolError",
    "RpcFrameworkError": "RpcFrameworkError",
    "SecurityError": "SecurityError",
    "TypeConstraintViolation": "TypeConstraintViolation",
}


def understood(word: str) -> ErrorCode:
    """The code that a peer of any version means; a word that no version has is a GenericError."""
    return _UNDERSTOOD.get(word, "GenericError")


class RemoteError(Exception):
    """The peer's message is answered with a CALLERROR. A handler raises one of the kinds below.

    `description` and `details` go to the peer: no secrets, nothing of the payload.
    """

    code: ClassVar[ErrorCode] = "GenericError"

    def __init__(self, description: str = "", details: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.details: Mapping[str, Any] = details or {}  # any JSON object, by the specification


class Silence(Exception):
    """The peer's CALL is not answered at all: raised by a handler where OCPP wants it so.

    1.6 4.2: a rejected station does not respond.
    """


class ActionNotImplemented(RemoteError):
    """The action is not known here."""

    code = "NotImplemented"


class NotSupported(RemoteError):
    """The action is known, and not supported."""

    code = "NotSupported"


class InternalError(RemoteError):
    """The action could not be carried out here."""

    code = "InternalError"


class SecurityError(RemoteError):
    """The peer may not do this, or not yet (before the BootNotification was accepted)."""

    code = "SecurityError"


class FormatViolation(RemoteError):
    code = "FormatViolation"


class PropertyConstraintViolation(RemoteError):
    """A field holds what the action cannot take."""

    code = "PropertyConstraintViolation"


class OccurrenceConstraintViolation(RemoteError):
    """A field is there that may not be, or is not there that must be."""

    code = "OccurrenceConstraintViolation"


class TypeConstraintViolation(RemoteError):
    code = "TypeConstraintViolation"
