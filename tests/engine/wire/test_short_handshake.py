"""What the short way takes for a server's consent, wsproto takes for the same."""

import pytest
from websockets.utils import accept_key
from wsproto.connection import ConnectionType
from wsproto.events import AcceptConnection, Request
from wsproto.handshake import H11Handshake

from pilotwire.engine.wire.short_handshake import Consent, consent, new_key, request

OFFERED = ("ocpp2.0.1", "ocpp1.6")
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPTED = b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # as RFC 6455 1.3 has it
GOOD = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    b"Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n"
)


def by_wsproto(answer: bytes) -> Consent:
    client = H11Handshake(ConnectionType.CLIENT)
    client.send(Request(host="h", target="/CP", subprotocols=list(OFFERED)))
    client._nonce = KEY
    client.receive_data(answer)
    (event,) = client.events()
    assert isinstance(event, AcceptConnection)
    rest, _ = client._h11_connection.trailing_data
    return Consent(event.subprotocol, rest)


def test_the_request_is_as_wsproto_reads_it():
    key = new_key()
    asked = request(
        "csms.example:80", "/ocpp/CP", OFFERED, [(b"Authorization", b"Basic eA==")], key
    )
    assert asked is not None
    server = H11Handshake(ConnectionType.SERVER)
    server.receive_data(asked)
    (event,) = server.events()
    assert isinstance(event, Request)
    assert (event.host, event.target) == ("csms.example:80", "/ocpp/CP")
    assert event.subprotocols == list(OFFERED)
    assert (b"authorization", b"Basic eA==") in event.extra_headers
    answer = server.send(AcceptConnection(subprotocol="ocpp1.6"))
    assert consent(answer, OFFERED, key) == Consent("ocpp1.6", b"")


def test_no_two_handshakes_have_one_key():
    assert len({new_key() for _ in range(100)}) == 100
    assert accept_key(KEY.decode()).encode() == ACCEPTED


@pytest.mark.parametrize(
    ("host", "path", "offered"),
    [("h", "/a b", OFFERED), ("h\r\n", "/", OFFERED), ("é", "/", OFFERED), ("h", "/", ())],
)
def test_parts_that_are_not_plain_are_left_to_wsproto(
    host: str, path: str, offered: tuple[str, ...]
):
    assert request(host, path, offered, [], KEY) is None


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        GOOD + b"\x81\x02[]",
        GOOD.replace(b"Switching Protocols", b""),
        GOOD.replace(b"Upgrade: websocket", b"UPGRADE:WebSocket"),
        GOOD.replace(b"Sec-WebSocket-Protocol: ocpp1.6\r\n", b""),
        GOOD.replace(b"\r\n\r\n", b"\r\nServer: Apache/2 (Unix)\r\nDate: today\r\n\r\n"),
    ],
)
def test_consent_is_what_wsproto_takes_for_it(answer: bytes):
    assert consent(answer, OFFERED, KEY) == by_wsproto(answer)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (b"HTTP/1.1 101", b"HTTP/1.0 101"),
        (b"HTTP/1.1 101", b"HTTP/1.1 200"),
        (b"101 Switching", b"101Switching"),
        (b"\r\n\r\n", b"\r\n"),
        (b"Upgrade: websocket\r\n", b""),
        (b"Upgrade: websocket", b"Upgrade: h2c"),
        (b"Upgrade: websocket", b"Upgrade : websocket"),
        (b"Connection: Upgrade\r\n", b""),
        (b"Connection: Upgrade", b"Connection: keep-alive, Upgrade"),
        (b"Connection: Upgrade", b"Connection: Upgrade\r\n and more"),
        (b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", b"wrong"),
        (b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", b""),
        (b"ocpp1.6", b"ocpp2.1"),
        (b"ocpp1.6", b"ocpp1.6\r\nSec-WebSocket-Protocol: ocpp2.0.1"),
        (b"ocpp1.6", b"ocpp1.6\r\nSec-WebSocket-Extensions: permessage-deflate"),
        (b"ocpp1.6", b"ocpp1.6\r\nTransfer-Encoding: chunked"),
        (b"ocpp1.6", b"ocpp1.6\r\nX-Other: \xff"),
    ],
)
def test_all_else_is_left_to_wsproto(part: bytes, instead: bytes):
    assert consent(GOOD.replace(part, instead), OFFERED, KEY) is None


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_a_part_of_it_is_no_consent(length: int):
    assert consent(GOOD[:length], OFFERED, KEY) is None


@pytest.mark.parametrize("instead", [b"wrong", accept_key("").encode()])
def test_the_proof_must_stand_where_it_belongs(instead: bytes):
    elsewhere = GOOD.replace(ACCEPTED, instead)
    elsewhere = elsewhere.replace(b"\r\n\r\n", b"\r\nServer: " + ACCEPTED + b"\r\n\r\n")
    assert consent(elsewhere, OFFERED, KEY) is None
