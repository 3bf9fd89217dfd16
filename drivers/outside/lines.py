"""Bytes in, lines out; a line that is too long is dropped, and only it."""

from collections.abc import Iterator

TOO_LONG = None


class LineSplitter:
    """Cuts a stream of bytes at its line ends.

    A line is given without its end; `TOO_LONG` stands for one of more than `most` bytes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = bytearray()
        self._is_dropping = False

    def feed(self, data: bytes) -> Iterator[bytes | None]:
        """Take what came, and give the lines that are whole by now."""
        *ends, rest = data.split(b"\n")
        for end in ends:
            self._take(end)
            line = TOO_LONG if self._is_dropping else bytes(self._begun).removesuffix(b"\r")
            self._begun.clear()
            self._is_dropping = False
            yield line
        self._take(rest)

    def _take(self, part: bytes) -> None:
        if len(self._begun) + len(part) >= self._most:
            self._is_dropping = True
        if self._is_dropping:
            self._begun.clear()
        else:
            self._begun += part
