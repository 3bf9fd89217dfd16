"""A link whose frames go straight from the socket to the session, and back.

Theory of operation. A carrier (a socket of a pump, or a stream with its tasks) brings bytes as they
come. Whole, uncompressed, well-formed texts, as nearly all are, are handed over right here, one
after the other; what is posted meanwhile leaves together, in one send. wsproto reads all other
frames. Nothing waits in here: what the peer does not take is kept, and the carrier tells when it
takes more; a peer that takes nothing for too long is cut off. So a link needs no task of its own.
"""

from collections.abc import Iterable
from typing import Protocol

import trio
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from .alarms import Alarm, Alarms
from .compression import WORTHWHILE
from .frames import MASKED, TEXT, masked, masked_text, plain_text, text_frame
from .handshake import Opened
from .inbox import Inbox
from .link import (
    ABNORMAL,
    BAD_DATA,
    INTERNAL_ERROR,
    NORMAL,
    READ_AHEAD,
    TOO_BIG,
    UNSUPPORTED,
    LinkSettings,
    Peer,
    Receiver,
    Unwanted,
)
from .link_errors import LinkClosed
from .pings import Pings
from .uncommon import Uncommon, frame_of

_JOINED = 4096  # bytes of messages that wait for others, to leave with them

_OPEN = 0
_CLOSING = 1  # our close frame is on its way, the peer's has not come
_DEAF = 2  # nothing that comes is looked at any more: it only remains to end
_OVER = 3


class Carrier(Protocol):
    """What carries a link's bytes. It calls the link's `received`, `took`, `ended` and `left`."""

    @property
    def alarms(self) -> Alarms: ...

    def send(self, data: bytes, /) -> int:
        """Send as much as goes at once; gives how much.

        Raises `BlockingIOError` when nothing does, `OSError` when the connection is gone.
        """

    def watch(self, *, reads: bool, writes: bool) -> None:
        """Whether to read on, and whether something waits to be written."""

    def finish(self) -> None:
        """Nothing more will be sent: let the peer know, where there is a way."""

    def drop(self) -> None:
        """End the connection, and call `left` when it has gone."""


class DirectLink:
    """A link over a carrier."""

    __slots__ = (
        "_ahead",
        "_batch",
        "_carrier",
        "_deflate",
        "_drained",
        "_drops_when_sent",
        "_ending",
        "_failure",
        "_gone",
        "_has_told_end",
        "_inbox",
        "_is_client",
        "_is_held",
        "_is_paused",
        "_needed",
        "_only_text",
        "_patience",
        "_pings",
        "_progress_at",
        "_receiver",
        "_rest",
        "_state",
        "_uncommon",
        "_unsent",
        "alarms",
        "peer",
        "settings",
        "subprotocol",
    )

    def __init__(
        self,
        carrier: Carrier,
        opened: Opened,
        settings: LinkSettings,
        peer: Peer,
        *,
        is_client: bool,
    ) -> None:
        self.subprotocol = opened.subprotocol
        self.peer = peer
        self.settings = settings
        self.alarms = carrier.alarms
        self._carrier = carrier
        self._deflate = opened.deflate
        self._is_client = is_client
        self._only_text = plain_text if is_client else masked_text
        self._state = _OPEN
        self._gone: trio.Event | None = None  # made when somebody wants to know
        self._ending: LinkClosed | None = None
        self._failure: Exception | None = None  # of the receiver
        # what comes
        self._receiver: Receiver | None = None
        self._has_told_end = False  # to the receiver
        self._inbox: Inbox | None = None
        self._rest: bytearray | None = None  # a frame's beginning, or what waits while held
        self._needed = 0  # bytes of it before it is worth a look
        self._uncommon: Uncommon | None = None
        self._is_paused = False
        self._is_held = False  # nothing is handed over
        # what leaves
        self._batch: bytes | None = None  # posted while what came is handed over
        self._unsent: bytearray | None = None
        self._ahead = 0  # messages handed over while something was unsent
        self._progress_at = 0.0  # when the peer last took something of it
        self._patience: Alarm | None = None
        self._drained: trio.Event | None = None
        self._drops_when_sent = False
        self._pings: Pings | None = None
        if settings.ping_interval:
            self.set_ping_interval(settings.ping_interval)

    @property
    def closed(self) -> LinkClosed | None:
        return self._ending

    @property
    def gone(self) -> trio.Event:
        if self._gone is None:
            self._gone = trio.Event()
            if self._state == _OVER:
                self._gone.set()
        return self._gone

    def _over(self) -> LinkClosed:
        ending = self._ending
        if ending is None:
            return LinkClosed(ABNORMAL, "")
        return LinkClosed(ending.code, ending.reason, by_us=ending.by_us)

    # ---- messages in

    def attach(self, receiver: Receiver | None) -> None:
        inbox, self._inbox = self._inbox, None
        self._receiver = receiver
        if receiver is None:
            return
        if inbox is not None:
            try:
                inbox.empty_into(receiver)
            except Exception as error:  # as in `received`
                self._blame(error)
        self._has_told_end = False
        if self._state >= _DEAF:
            self._hear_no_more()

    async def receive(self) -> str:
        message = await self._its_inbox().next(lambda: self._state >= _DEAF)
        if message is None:
            raise self._over()
        return message

    def _its_inbox(self) -> Inbox:
        if self._inbox is None:
            assert self._receiver is None, "its messages go to another"
            self._receiver = self._inbox = Inbox(self)
        return self._inbox

    def pause(self) -> None:
        self._is_paused = True
        self._decide()

    def resume(self) -> None:
        self._is_paused = False
        self._decide()

    @property
    def is_reading(self) -> bool:
        return not self._is_held

    def _decide(self) -> None:
        """Hold, or go on with what has come meanwhile."""
        is_far_ahead = self._unsent is not None and self._ahead >= READ_AHEAD
        is_held = self._state >= _DEAF or is_far_ahead or (self._is_paused and self._state == _OPEN)
        if is_held == self._is_held:
            return
        self._is_held = is_held
        if is_held and self._pings is not None:
            self._pings.is_excused = True
        if not is_held and self._batch is None:
            self._needed = 0
            self.received(b"")
        self._watch()

    def _watch(self) -> None:
        if self._state == _OVER:
            return
        # One that is deaf reads on, to see the end, and so that the peer gets to see our close.
        reads = not self._is_held or self._state == _DEAF
        self._carrier.watch(reads=reads, writes=self._unsent is not None)

    def received(self, data: bytes) -> None:
        """Bytes have come."""
        text = None
        if self._rest is None and self._uncommon is None and not self._is_held:
            text = self._only_text(data, self.settings.max_message_size)
        elif self._state >= _DEAF:
            return
        elif self._rest is not None:
            self._rest += data
            if self._is_held or len(self._rest) < self._needed:
                return
            data = bytes(self._rest)
            self._rest = None
        left = b""
        self._batch = b""
        try:
            if text is None:
                left = data[self._take(data) :]
            else:
                self._hand_over(text)
        except Exception as error:  # the receiver's: it hears of it at the end
            self._blame(error)
        batch = self._batch
        self._batch = None
        if batch:
            self._transmit(batch)
        if self._state >= _DEAF:
            self._end_when_sent()
        elif left:
            self._rest = bytearray(left)

    def _take(self, data: bytes) -> int:
        """Hand over what the data holds; gives how far it has been read."""
        size, at = len(data), 0
        expected = 0 if self._is_client else MASKED
        while not self._is_held:
            uncommon = self._uncommon
            if uncommon is not None and uncommon.to_come:
                piece = data[at : at + uncommon.to_come]
                if not piece:
                    break
                at += len(piece)
                self._heed(uncommon, uncommon.read(piece))
                continue
            # the head of a frame
            if size - at < 2:
                self._needed = 2
                break
            second = data[at + 1]
            length = second & 0x7F
            begin = at + 2
            is_common = data[at] == TEXT and uncommon is None and second & MASKED == expected
            if length > 125:
                least, begin = (126, at + 4) if length == 126 else (1 << 16, at + 10)
                if size < begin:
                    self._needed = begin - at
                    break
                length = int.from_bytes(data[at + 2 : begin], "big")
                is_common = is_common and least <= length <= self.settings.max_message_size
            if second & MASKED:
                begin += 4
            end = begin + length if is_common else begin
            if size < end:
                self._needed = end - at
                break
            if not is_common:
                self._begin_uncommon(data[at:begin], length)
                at = begin
                continue
            payload = data[begin:end]
            if expected:
                payload = masked(payload, data[begin - 4 : begin])
            at = end
            if payload.isascii():
                self._hand_over(payload)
                if at == size:
                    break
                continue
            try:
                text = payload.decode()
            except UnicodeDecodeError:
                self._fail(BAD_DATA, "not UTF-8")
            else:
                self._hand_over(text)
        return at

    def _hand_over(self, text: str | bytes) -> None:
        if self._is_paused:
            return  # we are closing: whoever paused wants no more
        receiver = self._receiver or self._its_inbox()
        receiver.receive(text)
        if self._unsent is not None:
            self._count_ahead()

    def _count_ahead(self) -> None:
        self._ahead += 1
        if self._ahead >= READ_AHEAD:
            self._decide()

    # ---- uncommon frames

    def _begin_uncommon(self, head: bytes, length: int) -> None:
        uncommon = self._uncommon
        if uncommon is None:
            largest = self.settings.max_message_size
            uncommon = self._uncommon = Uncommon(self._is_client, self._deflate, largest)
        self._heed(uncommon, uncommon.begin(head, length))
        if uncommon.is_too_big and self._state < _DEAF:
            self._fail(TOO_BIG, "message too big")

    def _heed(self, uncommon: Uncommon, events: Iterable[Event]) -> None:
        for event in events:
            self._heed_event(uncommon, event)
            if self._state >= _DEAF:
                return
        if uncommon.is_done:
            self._uncommon = None

    def _heed_event(self, uncommon: Uncommon, event: Event) -> None:
        match event:
            case TextMessage():
                text = uncommon.text(event)
                if text is not None:
                    self._hand_over(text)
            case BytesMessage():
                self._fail(UNSUPPORTED, "binary frames are not OCPP-J")
            case Ping():
                if self._state == _OPEN:
                    self._emit(event.response())
                if self._unsent is not None:
                    self._count_ahead()
            case Pong(payload=payload):
                if self._pings is not None:
                    self._pings.answer(bytes(payload))
            case CloseConnection() if uncommon.has_closed:
                self._answer_close(event)
            case CloseConnection(code=code, reason=reason):  # wsproto's word for what is wrong
                self._fail(code, reason or "")

    # ---- messages out

    def post(self, text: bytes) -> None:
        if self._state != _OPEN:
            raise self._over()
        if self._deflate is not None and len(text) >= WORTHWHILE:
            message = TextMessage(data=text.decode())
            frame = frame_of(message, self._is_client, self._deflate)
        else:
            frame = text_frame(text, self._is_client)
        batch = self._batch
        if batch is None:
            self._transmit(frame)
        elif not batch:
            self._batch = frame
        elif len(batch) < _JOINED:
            self._batch = batch + frame
        else:
            self._batch = frame
            self._transmit(batch)

    async def send(self, text: bytes | str) -> None:
        self.post(text.encode() if isinstance(text, str) else text)
        await trio.lowlevel.checkpoint()
        while self._unsent is not None:
            if self._state == _OVER:
                raise self._over()
            if self._drained is None:
                self._drained = trio.Event()
            await self._drained.wait()

    def _emit(self, event: Event) -> None:
        """Send what is not a message."""
        frame = frame_of(event, self._is_client)
        if self._batch is None:
            self._transmit(frame)
        else:
            self._batch += frame

    def _transmit(self, data: bytes) -> None:
        if self._unsent is not None:
            self._unsent += data
            return
        try:
            sent = self._carrier.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.ended()
            return
        if sent == len(data):
            return
        self._unsent = bytearray(data[sent:])
        self._ahead = 0
        self._progress_at = trio.current_time()
        if self._patience is None:
            self._patience = self.alarms.after(self.settings.send_timeout, self._out_of_patience)
        self._watch()

    @property
    def unsent(self) -> bytearray:
        """What waits for the peer to take it."""
        return bytearray() if self._unsent is None else self._unsent

    def took(self, sent: int) -> None:
        """The peer has taken so much of what waits."""
        assert self._unsent is not None
        self._progress_at = trio.current_time()
        del self._unsent[:sent]
        if self._unsent:
            return
        self._unsent = None
        self._wake_senders()
        self._watch()
        self._decide()
        if self._state >= _DEAF:
            self._end_when_sent()

    def _wake_senders(self) -> None:
        if self._drained is not None:
            self._drained.set()
            self._drained = None

    def _out_of_patience(self) -> None:
        """One alarm sees to all that waits, one after the other: most does so for an instant."""
        self._patience = None
        if self._unsent is None or self._state == _OVER:
            return
        end = self._progress_at + self.settings.send_timeout
        if trio.current_time() >= end:
            self.cut("the peer does not read")
        else:
            self._patience = self.alarms.at(end, self._out_of_patience)

    # ---- pings

    async def ping(self, timeout: float) -> bool:
        return self._state == _OPEN and await self._its_pings().ask(timeout)

    def set_ping_interval(self, seconds: float) -> None:
        """Ping this often from now on; 0 is never (WebSocketPingInterval)."""
        if self._state == _OPEN:
            self._its_pings().set_interval(seconds)

    def _its_pings(self) -> Pings:
        if self._pings is None:
            self._pings = Pings(self, self.settings.pong_timeout)
        return self._pings

    def send_ping(self, payload: bytes) -> None:
        self._emit(Ping(payload=payload))

    # ---- its end

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        if self._state == _OPEN:
            self._ending = LinkClosed(code, reason, by_us=True)
            self._shut(_CLOSING)
            self._emit(CloseConnection(code=code, reason=reason))
            self._decide()
        with trio.CancelScope(shield=True):
            await self.gone.wait()

    def _answer_close(self, event: CloseConnection) -> None:
        """The peer has closed, or answered our close."""
        if self._state == _OPEN:
            self._ending = LinkClosed(event.code, event.reason or "")
            self._emit(event.response())
        self._drops_when_sent = not self._is_client  # RFC 6455 7.1.1: the server goes first
        self._shut(_DEAF)
        self._end_when_sent()

    def _fail(self, code: int, reason: str) -> None:
        """RFC 6455 7.1.7: tell the peer, and listen no longer."""
        if self._ending is None:
            self._ending = LinkClosed(code, reason, by_us=True)
        if self._state == _OPEN:
            self._emit(CloseConnection(code=code, reason=reason))
        self._shut(_DEAF)
        self._end_when_sent()

    def _blame(self, error: Exception) -> None:
        """What a receiver raised ends the link."""
        if isinstance(error, Unwanted):
            self._fail(error.code, error.reason)
        else:
            self._failure = error
            self._fail(INTERNAL_ERROR, "")

    def _shut(self, state: int) -> None:
        """The link is open no longer. Whatever the peer does, it comes to an end."""
        if self._state == _OPEN:
            if self._pings is not None:
                self._pings.end()
            self.alarms.after(self.settings.close_timeout, self._drop)
        self._state = state
        if state == _DEAF:
            self._hear_no_more()

    def _hear_no_more(self) -> None:
        self._rest = self._uncommon = None
        self._is_held = True
        if self._receiver is not None and not self._has_told_end:
            self._has_told_end = True
            self._receiver.end(self._failure)

    def _end_when_sent(self) -> None:
        if self._unsent is not None or self._batch is not None or self._state == _OVER:
            return
        if self._drops_when_sent:
            self._drop()
        else:
            self._carrier.finish()

    def cut(self, reason: str) -> None:
        """Drop the connection without a closing handshake."""
        if self._ending is None:
            self._ending = LinkClosed(ABNORMAL, reason, by_us=True)
        self._drop()

    def ended(self) -> None:
        """The connection has ended."""
        self._drop()

    def _drop(self) -> None:
        if self._state == _OVER:
            return
        if self._ending is None:
            self._ending = LinkClosed(ABNORMAL, "")
        self._state = _DEAF
        self._hear_no_more()
        self._carrier.drop()

    def left(self) -> None:
        """The carrier has dropped the connection."""
        if self._ending is None:
            self._ending = LinkClosed(ABNORMAL, "")
        self._state = _OVER
        self._hear_no_more()
        if self._pings is not None:
            self._pings.end()
        if self._patience is not None:
            self._patience.off()
        self._wake_senders()
        if self._gone is not None:
            self._gone.set()
