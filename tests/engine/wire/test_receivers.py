"""What a receiver posts while messages are handed to it, over real sockets."""

import pytest

from .raw import CLOSE, ENDS, PING, PONG, TEXT, AnyLink, End, Frame, close_payload, joined


class Echo:
    """Answers each text with itself, many times."""

    def __init__(self, link: AnyLink, times: int) -> None:
        self.link, self.times = link, times

    def receive(self, text: str | bytes, /) -> None:
        for _ in range(self.times):
            self.link.post(text if isinstance(text, bytes) else text.encode())

    def end(self, failure: Exception | None, /) -> None: ...


@pytest.mark.parametrize("end", ENDS, ids=str)
@pytest.mark.parametrize("size", [10, 1000])
async def test_nothing_is_lost_or_overtaken_of_what_is_posted_in_answer(end: End, size: int):
    texts = [b"%d" % number * size for number in range(8)]
    async with joined(end) as (link, raw):
        link.attach(Echo(link, times=2))
        sent = [each for text in texts for each in ((TEXT, text), (PING, text[:1]))]
        await raw.send(*sent)
        heard = [await raw.heard() for _ in range(3 * len(texts))]
        await raw.send((CLOSE, close_payload(1000)))
        assert await raw.rest() == [Frame(CLOSE, close_payload(1000))]
    answers = [frame.payload for frame in heard if frame.first == TEXT]
    assert answers == [text for text in texts for _ in range(2)]
    assert [frame for frame in heard if frame.first == PONG] == [
        Frame(PONG, text[:1]) for text in texts
    ]
    if end.form != "reference":  # there a task sends the texts, and pongs need not wait for it
        assert heard == [
            Frame(first, payload)
            for text in texts
            for first, payload in ((TEXT, text), (TEXT, text), (PONG, text[:1]))
        ]
