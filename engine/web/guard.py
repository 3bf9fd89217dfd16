"""Who may use the API: with a token, whoever has it; without one, this machine, and no web page in
its browser.

A page can have a browser ask any address, in its own name (DNS rebinding: a foreign Host) or in
another's (a foreign Origin). Programs send no Origin, and the Host that they dialled.
"""

import hmac
import ipaddress
from urllib.parse import urlsplit

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from ..secrets import Secret
from .errors import Problem


class Guard:
    """An ASGI application that lets through to another one what may pass."""

    def __init__(self, app: ASGIApp, token: Secret | None, *, checks_host: bool) -> None:
        self._app = app
        self._token = token
        self._checks_host = checks_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Other kinds are the server's own (lifespan), and WebSockets, for which there is no route.
        refusal = self._refusal(scope) if scope["type"] == ScopeType.HTTP else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await _refuse(send, *refusal)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        host, origin = _header(scope, b"host"), _header(scope, b"origin")
        if self._checks_host and not _is_this_machine(host):
            return 403, "this API is for this machine: the Host header must name it"
        if origin is not None and urlsplit(origin).netloc != host:
            return 403, "web pages of other origins may not use this API"
        if self._token is not None and not self._token_fits(_header(scope, b"authorization")):
            return 401, "a bearer token is needed: Authorization: Bearer …"
        return None

    def _token_fits(self, header: str | None) -> bool:
        assert self._token is not None
        scheme, _, given = (header or "").partition(" ")
        is_same = hmac.compare_digest(given.strip().encode("latin-1"), self._token.reveal())
        return is_same and scheme.lower() == "bearer"


def _header(scope: Scope, name: bytes) -> str | None:
    values = [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]
    return ", ".join(values) if values else None


def _is_this_machine(host: str | None) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname if host else None
        return name == "localhost" or ipaddress.ip_address(name or "").is_loopback
    except ValueError:  # a bracket that does not close, a name
        return False


async def _refuse(send: Send, status: int, error: str) -> None:
    headers = [(b"content-type", b"application/json")]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = msgspec.json.encode(Problem(error))
    await send({"type": "http.response.body", "body": body, "more_body": False})
