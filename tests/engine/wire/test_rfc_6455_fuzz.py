"""Any bytes at all: both transports make the same of them, at both ends, and neither stumbles."""

from typing import NamedTuple

import pytest
import trio
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pilotwire.engine.wire.link import LinkSettings
from pilotwire.engine.wire.link_errors import LinkClosed

from .raw import CLOSE, PING, PONG, End, Form, Frame, Raw, Role, close_payload, joined

SMALL = LinkSettings(max_message_size=2_000, close_timeout=0.5)
ROLES: tuple[Role, ...] = ("client", "server")


class Outcome(NamedTuple):
    """What a link made of it."""

    texts: list[str]
    code: int
    answered: list[Frame]


PADDING = bytes(SMALL.max_message_size + 100)
"""It makes the last frame whole: of half a one, a transport may judge sooner or later."""


async def _outcome(end: End, wire: bytes, cut: int, padding: bytes) -> Outcome:
    texts: list[str] = []
    answered: list[Frame] = []
    async with joined(end, SMALL) as (link, raw):

        async def say() -> None:
            for at in range(0, len(wire), cut):
                await raw.send(wire[at : at + cut])
                await trio.lowlevel.checkpoint()
            await raw.send(padding)
            await raw.stream.send_eof()  # type: ignore[attr-defined]  # it is a socket's

        async def hear() -> None:
            answered.extend(await raw.rest())

        async with trio.open_nursery() as nursery:
            nursery.start_soon(say)
            nursery.start_soon(hear)
            try:
                while True:
                    texts.append(await link.receive())
            except LinkClosed as closed:
                code = closed.code
    return Outcome(texts, code, answered)


def outcome(form: Form, role: Role, wire: bytes, cut: int, padding: bytes = b"") -> Outcome:
    return trio.run(_outcome, End(form, role), wire, cut, padding)


class Masks(NamedTuple):
    """Frames as the peer of that role has to send them."""

    role: Role

    def frame(self, first: int, payload: bytes) -> bytes:
        peer: Role = "server" if self.role == "client" else "client"
        return Raw(trio.testing.memory_stream_pair()[0], peer).frame(first, payload)


message = st.tuples(st.text(max_size=200), st.lists(st.integers(1, 50), max_size=3))
control = st.sampled_from([PING, PONG]).flatmap(
    lambda first: st.tuples(st.just(first), st.binary(max_size=20))
)
conversation = st.lists(st.tuples(message, st.lists(control, max_size=2)), max_size=6)


def written(
    role: Role, messages: list[tuple[tuple[str, list[int]], list[tuple[int, bytes]]]]
) -> bytes:
    """The messages in fragments of those lengths, control frames between them, and a close."""
    masks, wire = Masks(role), b""
    for (text, lengths), controls in messages:
        rest = text.encode()
        first = 0x01
        for length in lengths:
            wire += masks.frame(first, rest[:length])
            first, rest = 0x00, rest[length:]
            wire += b"".join(masks.frame(*each) for each in controls)
        wire += masks.frame(0x80 | first, rest)
    return wire + masks.frame(CLOSE, close_payload(1000))


@pytest.mark.parametrize("role", ROLES)
@given(messages=conversation, cut=st.integers(1, 200))
@settings(max_examples=15, deadline=None)
def test_whatever_the_frames_the_messages_arrive(role: Role, messages, cut: int):
    wire = written(role, messages)
    texts = [text for (text, _), _ in messages]
    pongs = [
        Frame(PONG, payload)
        for (_, lengths), controls in messages
        for _ in lengths
        for first, payload in controls
        if first == PING
    ]
    expected = Outcome(texts, 1000, [*pongs, Frame(CLOSE, close_payload(1000))])
    assert outcome("stream", role, wire, cut) == expected
    assert outcome("pump", role, wire, cut) == expected
    assert outcome("reference", role, wire, cut) == expected


def alike(one: Outcome, other: Outcome) -> bool:
    """Whether both took the same messages for good, and ended for a reason of the same kind.

    A frame can break two rules: which of them is told, the order of looking decides. And a binary
    message that never ends is refused at its beginning, or not at all: then its peer ends the link.
    """
    unended: tuple[set[int], ...] = ({1003, 1000}, {1003, 1006})
    bad = {1002, 1003, 1007, 1009}
    codes = {one.code, other.code}
    return one.texts == other.texts and (len(codes) == 1 or codes <= bad or codes in unended)


@pytest.mark.parametrize("role", ROLES)
@given(
    messages=conversation,
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=3),
    cut=st.integers(1, 200),
)
@example(messages=[(("", []), [])], changes=[(0, 2)], cut=1)  # binary, and closed before its end
@settings(max_examples=60, deadline=None)
def test_both_transports_make_the_same_of_a_broken_stream(role: Role, messages, changes, cut: int):
    wire = bytearray(written(role, messages))
    for at, byte in changes:
        wire[at % len(wire)] = byte
    found = outcome("stream", role, bytes(wire), cut, PADDING)
    assert alike(found, outcome("reference", role, bytes(wire), cut, PADDING)), found


@pytest.mark.parametrize("role", ROLES)
@given(wire=st.binary(max_size=60), cut=st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_both_transports_make_the_same_of_garbage(role: Role, wire: bytes, cut: int):
    found = outcome("pump", role, wire, cut, PADDING)
    assert alike(found, outcome("reference", role, wire, cut, PADDING)), found
