"""A client of the local API, for commands that ask one thing and end: no event loop."""

import http.client
import json
import os
import ssl
from collections.abc import Iterator
from contextlib import closing
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlencode, urlsplit

from ..failure import Failure

TOKEN_VARIABLE = "PILOTWIRE_SECRETS__API__TOKEN"  # the daemon's own: one environment serves both
_ANSWER_SECONDS = 10.0
_SILENCE_SECONDS = 40.0  # on a stream whose heartbeat comes every 15 s

Json = Any  # as the API answers it


class WrongUsage(Failure):
    """What was asked for does not fit."""

    exit_code: ClassVar[int] = 2


class Client:
    """The API at one address. Every method raises Failure where it does not get its answer."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self._parts = _parts(url)
        self._headers: dict[str, str | bytes] = {"Accept": "application/json"}
        token = token or os.environ.get(TOKEN_VARIABLE)
        if token:
            self._headers["Authorization"] = f"Bearer {token}".encode()

    def get(self, path: str, **query: object) -> Json:
        given = {name: value for name, value in query.items() if value is not None}
        return self._ask("GET", f"{path}?{urlencode(given)}" if given else path)

    def post(self, path: str, **fields: object) -> Json:
        """Ask for something to be done; fields that are None are left out."""
        given = {name: value for name, value in fields.items() if value is not None}
        return self._ask("POST", path, json.dumps(given).encode())

    def messages(self, limit: int, action: str | None = None) -> Iterator[Json]:
        """Give the last messages, the newest last."""
        yield from self.get("/api/messages", limit=limit, action=action)

    def follow(self, limit: int, action: str | None = None) -> Iterator[Json]:
        """Give the last messages, and then each as it comes, without end."""
        news = self.news()
        next(news)  # whatever comes from here on is in the news, so none is missed between the two
        known: set[tuple[str, ...]] = set()
        for message in self.messages(limit, action):
            known.add(_name(message))
            yield message
        for event, message in news:
            is_wanted = action is None or message.get("action", "").lower() == action.lower()
            if event == "message" and is_wanted and _name(message) not in known:
                yield message

    def news(self) -> Iterator[tuple[str, Json]]:
        """Give the events as they come: their names and data."""
        with closing(self._connection(_SILENCE_SECONDS)) as connection:
            response = self._send(connection, "GET", "/api/events")
            if response.status != 200:
                raise self._refusal(response.status, self._read(response))
            yield from self._events(response)

    def _events(self, response: http.client.HTTPResponse) -> Iterator[tuple[str, Json]]:
        name = ""
        while line := self._line(response):
            field, _, value = line.decode(errors="replace").rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, self._decoded(value)
        raise Failure(f"the news from {self.url} ended: it stopped, or dropped a slow reader")

    def _line(self, response: http.client.HTTPResponse) -> bytes:
        try:
            return response.readline()
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error

    # ---- one request

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Json:
        with closing(self._connection(_ANSWER_SECONDS)) as connection:
            response = self._send(connection, method, path, body)
            answer = self._read(response)
        if response.status != 200:
            raise self._refusal(response.status, answer)
        return answer

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
        return http.client.HTTPConnection(host, port, timeout=seconds)

    def _send(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None = None,
    ) -> http.client.HTTPResponse:
        headers = dict(self._headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, self._parts.path.rstrip("/") + path, body, headers)
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error

    def _read(self, response: http.client.HTTPResponse) -> Json:
        try:
            return self._decoded(response.read())
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error

    def _decoded(self, text: str | bytes) -> Json:
        try:
            return json.loads(text)
        except ValueError as error:
            raise Failure(f"{self.url} is not Pilotwire's API: its answer is no JSON") from error

    # ---- what goes wrong

    def _unreachable(self, error: Exception) -> Failure:
        if isinstance(error, ConnectionRefusedError):
            return Failure(f"nothing runs at {self.url}; start it with: pilotwire run")
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return Failure(f"{self.url}: {reason}")

    def _refusal(self, status: int, answer: Json) -> Failure:
        if not isinstance(answer, dict) or "error" not in answer:
            return Failure(f"{self.url} is not Pilotwire's API: it answers {status}")
        field = answer.get("field")
        line = f"{field}: {answer['error']}" if field else str(answer["error"])
        if status == 401:
            return Failure(f"{line} (set {TOKEN_VARIABLE}, or give --token-file)")
        return WrongUsage(line) if status == 400 else Failure(line)


def _name(message: Json) -> tuple[str, ...]:
    """Tell a message from all others."""
    return message["time"], message["direction"], message["message_id"], message["kind"]


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that does not close
        is_address = False
    if not is_address:
        raise WrongUsage(f'--url: expected an address like "http://127.0.0.1:9311", got "{url}"')
    return parts
