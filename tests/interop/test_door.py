"""What stations of the field bring to the handshake, byte by byte (OCPP-J 3).

Not here, for want of the feature: a listener that forgives a missing `Connection: Upgrade` (4).
"""

import base64

import pytest
import trio
import trio.testing

from pilotwire.engine.wire.accept import (
    Acceptance,
    Acceptor,
    Admission,
    Applicant,
    basic_credentials,
)
from pilotwire.engine.wire.duplicates import Seats
from pilotwire.engine.wire.identity import connection_target
from pilotwire.engine.wire.link import Link
from pilotwire.profiles.family import OCPP_16, OCPP_21, OCPP_201
from pilotwire.profiles.v16.csms import password_of

CLOSE_WITHOUT_PROTOCOL = b"\x88"  # the first byte of a close frame


class Door:
    """A central system's door, and who came through it."""

    def __init__(self) -> None:
        self.entered: list[tuple[str, str | None]] = []
        acceptance = Acceptance(versions=(OCPP_21, OCPP_201, OCPP_16), path_prefix="/ocpp")
        self._acceptor = Acceptor(acceptance, self._admit, self._handle, Seats())

    async def _admit(self, applicant: Applicant) -> Admission:
        return "unknown" if applicant.identity == "STRANGER" else "authenticated"

    async def _handle(self, link: Link, applicant: Applicant) -> None:
        self.entered.append((applicant.identity, link.subprotocol))
        await trio.sleep_forever()

    async def knock(self, target: str, *headers: str) -> bytes:
        """Ask to be let in; give what is answered within a moment."""
        near, far = trio.testing.memory_stream_pair()
        lines = [
            f"GET {target} HTTP/1.1",
            "Host: csms",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: x3JJHMcDL1EzLkh9GBhXDw==",
            "Sec-WebSocket-Version: 13",
            *headers,
        ]
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._acceptor.serve, far)
            await near.send_all("\r\n".join([*lines, "", ""]).encode())
            answer = b""
            with trio.move_on_after(1):
                while chunk := await near.receive_some():
                    answer += chunk
            nursery.cancel_scope.cancel()
        return answer


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        ("ocpp1.6", "ocpp1.6"),
        ("ocpp1.6, ocpp1.5", "ocpp1.6"),
        (",ocpp2.0.1", "ocpp2.0.1"),  # an empty element
        ("ocpp1.6,ocpp2.0.1", "ocpp2.0.1"),
        ("ocpp1.5 , ocpp1.6", "ocpp1.6"),
    ],
)
async def test_pitfall_01_a_version_is_chosen_from_what_is_offered(
    autojump_clock: trio.testing.MockClock, door: Door, offered: str, agreed: str
) -> None:
    answer = await door.knock("/ocpp/CS-1", f"Sec-WebSocket-Protocol: {offered}")
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert f"Sec-WebSocket-Protocol: {agreed}\r\n".lower().encode() in answer.lower()
    assert door.entered == [("CS-1", agreed)]


@pytest.mark.parametrize(
    "header", [[], ["Sec-WebSocket-Protocol: ocpp1.5"], ["Sec-WebSocket-Protocol: OCPP1.6"]]
)
async def test_pitfall_01_without_a_common_version_the_handshake_is_completed_and_the_link_closed(
    autojump_clock: trio.testing.MockClock, door: Door, header: list[str]
) -> None:
    answer = await door.knock("/ocpp/CS-1", *header)
    head, _, frames = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"sec-websocket-protocol" not in head.lower()
    assert frames.startswith(CLOSE_WITHOUT_PROTOCOL)
    assert door.entered == []


async def test_pitfall_01_the_url_does_not_decide_the_version(
    autojump_clock: trio.testing.MockClock,
) -> None:
    door = Door()
    await door.knock("/ocpp/ocpp2.0.1", "Sec-WebSocket-Protocol: ocpp1.6")
    assert door.entered == [("ocpp2.0.1", "ocpp1.6")]


async def test_pitfall_01_each_connection_of_a_station_is_asked_anew(
    autojump_clock: trio.testing.MockClock, door: Door
) -> None:
    """Some stations probe with 1.6 for 3 s and come back with 2.0.1."""
    for version in ("ocpp1.6", "ocpp2.0.1", "ocpp1.6"):
        await door.knock("/ocpp/CS-1", f"Sec-WebSocket-Protocol: {version}")
    assert [version for _, version in door.entered] == ["ocpp1.6", "ocpp2.0.1", "ocpp1.6"]


@pytest.mark.parametrize("identity", ["RDAM 123", "RDAM|123", "CS-1_a", "Ü+1%", "a:b"])
async def test_pitfall_02_an_identity_comes_through_the_url_as_it_is(
    autojump_clock: trio.testing.MockClock, door: Door, identity: str
) -> None:
    target = connection_target("ws://csms/ocpp", identity)
    assert target.path.isascii()
    assert " " not in target.path
    await door.knock(target.path, "Sec-WebSocket-Protocol: ocpp1.6")
    assert door.entered == [(identity, "ocpp1.6")]


def test_pitfall_02_the_specification_s_example() -> None:
    assert connection_target("wss://c.example/ocppj", "RDAM 123").path == "/ocppj/RDAM%20123"
    assert connection_target("wss://c.example/ocppj/", "RDAM|123").path == "/ocppj/RDAM%7C123"


async def test_pitfall_02_an_absolute_uri_in_the_request_line_is_understood(
    autojump_clock: trio.testing.MockClock, door: Door
) -> None:
    await door.knock("http://10.0.0.1:9000/ocpp/CS-1", "Sec-WebSocket-Protocol: ocpp1.6")
    assert door.entered == [("CS-1", "ocpp1.6")]


@pytest.mark.parametrize(
    "target",
    ["/ocpp/STRANGER", "/ocpp/", "/ocpp", "/", "/ocpp/a/b", "/ocpp/a%2fb", "/ocpp/..", "/ocpp/%00"],
)
async def test_pitfall_02_who_is_not_known_gets_404(
    autojump_clock: trio.testing.MockClock, door: Door, target: str
) -> None:
    answer = await door.knock(target, "Sec-WebSocket-Protocol: ocpp1.6")
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert door.entered == []


def test_pitfall_03_an_authorization_key_is_bytes_that_need_not_be_text() -> None:
    """The specification's own example, OCPP-J 6.2.2."""
    password = password_of("0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF")
    header = b"Basic " + base64.b64encode(b"AL1000:" + password)
    assert header == b"Basic QUwxMDAwOgABAgMEBQYH////////////////"
    assert basic_credentials({b"authorization": header}) == (b"AL1000", password)


def test_pitfall_03_a_password_may_have_colons() -> None:
    header = b"Basic " + base64.b64encode(b"AL1000:a:b:c")
    assert basic_credentials({b"authorization": header}) == (b"AL1000", b"a:b:c")
    assert basic_credentials({b"authorization": b"basic " + base64.b64encode(b"X:")}) == (b"X", b"")


async def test_pitfall_04_a_request_without_connection_upgrade_is_refused(
    autojump_clock: trio.testing.MockClock, door: Door
) -> None:
    near, far = trio.testing.memory_stream_pair()
    request = (
        b"GET /ocpp/CS-1 HTTP/1.1\r\nHost: csms\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: x3JJHMcDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    async with trio.open_nursery() as nursery:
        nursery.start_soon(door._acceptor.serve, far)
        await near.send_all(request)
        with trio.fail_after(5):
            assert (await near.receive_some()).startswith(b"HTTP/1.1 400 ")
        nursery.cancel_scope.cancel()
    assert door.entered == []
