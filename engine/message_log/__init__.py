"""The message log: every OCPP message of the station's link, in files for people and for tools."""

from .message_log import MessageLog, SessionDirectory
from .sessions import KeepsSessionLogs

__all__ = ["KeepsSessionLogs", "MessageLog", "SessionDirectory"]
