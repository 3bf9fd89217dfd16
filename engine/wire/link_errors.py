"""What can be wrong with a link: the world's fault, to be tried again.

LinkError
    DialFailed: no link came about
        HostNotFound
        ConnectionRefused: also unreachable, and a bind that failed
        TlsFailed: `kind` says what it was about
        DialTimedOut
        HandshakeFailed: something that is not a WebSocket, or too slow
            HttpRefused: `status` says how
            NoSubprotocol: none of the offered versions was agreed upon
    LinkClosed: a link that was there has ended

Messages are plain, and hold no credentials.
"""

from typing import Literal

TlsProblem = Literal["certificate", "version", "cipher", "client_certificate", "other"]


class LinkError(Exception):
    """The link failed."""


class DialFailed(LinkError):
    """No link came about."""


class HostNotFound(DialFailed):
    """The name service does not know the host."""


class ConnectionRefused(DialFailed):
    """No TCP connection came about."""


class DialTimedOut(DialFailed):
    """No TCP connection, or no TLS session, came about in time."""


class TlsFailed(DialFailed):
    """The TLS handshake failed. `kind` tells which security event it is."""

    def __init__(self, kind: TlsProblem, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class HandshakeFailed(DialFailed):
    """The peer did not complete the WebSocket handshake."""


class HttpRefused(HandshakeFailed):
    """The peer answered with another HTTP status than 101. Redirects are not followed."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the server answered with HTTP status {status}")
        self.status = status

    @property
    def refuses_credentials(self) -> bool:
        return self.status in (401, 403)


class NoSubprotocol(HandshakeFailed):
    """The server agreed to none of the offered subprotocols."""


class LinkClosed(LinkError):
    """The link has ended, with this close code (1006: without a close frame)."""

    def __init__(self, code: int, reason: str, *, by_us: bool = False) -> None:
        super().__init__(f"closed with {code}" + (f" ({reason})" if reason else ""))
        self.code = code
        self.reason = reason
        self.by_us = by_us
