"""Bytes in, lines out."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pilotwire.drivers.outside.lines import TOO_LONG, LineSplitter


def test_lines_come_whole_however_the_bytes_are_cut() -> None:
    splitter = LineSplitter(10)
    assert list(splitter.feed(b"ab")) == []
    assert list(splitter.feed(b"c\nd\r\n\ne")) == [b"abc", b"d", b""]
    assert list(splitter.feed(b"\n")) == [b"e"]


def test_a_line_that_is_too_long_is_dropped_and_the_next_is_read() -> None:
    splitter = LineSplitter(10)
    assert list(splitter.feed(b"123456789\n")) == [b"123456789"]  # 10 with its end
    assert list(splitter.feed(b"1234567890")) == []
    assert list(splitter.feed(b"x" * 50)) == []
    assert list(splitter.feed(b"x\nok\n")) == [TOO_LONG, b"ok"]


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_cuts_change_nothing(data: bytes, places: list[int]) -> None:
    cuts = [0, *sorted(min(place, len(data)) for place in places), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(cuts)]
    splitter = LineSplitter(10)
    cut = [line for piece in pieces for line in splitter.feed(piece)]
    assert cut == list(LineSplitter(10).feed(data))
    assert len(cut) == data.count(b"\n")
