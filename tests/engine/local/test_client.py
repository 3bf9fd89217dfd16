"""The client against servers that are not what it expects."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pilotwire.engine.failure import Failure
from pilotwire.engine.local.client import Client, WrongUsage


@contextmanager
def server(
    status: int, body: bytes, kind: str = "application/json"
) -> Iterator[tuple[str, list[str]]]:
    """A server that gives everybody the same answer; gives its address and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(size).decode()
            token = self.headers.get("Authorization", "-")
            asked.append(f"{self.command} {self.path} {token} {sent}")
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}", asked
        finally:
            http.shutdown()
            thread.join()


def test_it_asks_with_its_token_and_without_what_is_not_given() -> None:
    with server(200, b"[]") as (url, asked):
        client = Client(f"{url}/behind/a/proxy/", token="s3cret-ü")
        assert client.get("/api/messages", limit=3, action=None) == []
        client.post("/api/tokens", value="A", evse=None)
    assert asked[0] == "GET /behind/a/proxy/api/messages?limit=3 Bearer s3cret-Ã¼ "
    assert asked[1].startswith("POST /behind/a/proxy/api/tokens ")
    assert asked[1].endswith('{"value": "A"}')


@pytest.mark.parametrize(
    ("status", "body", "kind", "line"),
    [
        (400, b'{"error": "too big", "field": "limit"}', WrongUsage, "limit: too big"),
        (409, b'{"error": "no"}', Failure, "no"),
        (404, b'{"detail": "Not Found"}', Failure, "{url} is not Pilotwire's API: it answers 404"),
        (200, b"<html>", Failure, "{url} is not Pilotwire's API: its answer is no JSON"),
        (500, b"", Failure, "{url} is not Pilotwire's API: its answer is no JSON"),
    ],
)
def test_every_other_answer_is_a_failure_of_one_line(
    status: int, body: bytes, kind: type[Failure], line: str
) -> None:
    with server(status, body) as (url, _), pytest.raises(Failure) as caught:
        Client(url).get("/api/station")
    assert type(caught.value) is kind
    assert str(caught.value) == line.format(url=url)


def test_news_that_end_are_a_failure_and_what_came_is_given() -> None:
    text = b': heartbeat\n\nevent: message\ndata: {"action":"X"}\n\n'
    with server(200, text, "text/event-stream") as (url, _):
        news = Client(url).news()
        assert next(news) == ("message", {"action": "X"})
        with pytest.raises(Failure, match="ended"):
            next(news)


def test_news_that_are_refused_say_why() -> None:
    body = b'{"error": "too many listen already", "field": null}'
    with server(503, body) as (url, _), pytest.raises(Failure, match=r"^too many listen already$"):
        next(Client(url).news())


def test_a_server_that_hangs_up_is_told_in_one_line() -> None:
    with server(200, b"", "text/plain") as (url, _):
        client = Client(url.replace("http:", "https:"))  # it does not speak TLS
        with pytest.raises(Failure) as caught:
            client.get("/api/station")
    assert str(caught.value).startswith("https://127.0.0.1:")
    assert "\n" not in str(caught.value)
