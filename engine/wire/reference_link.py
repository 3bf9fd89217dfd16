"""A link over trio-websocket: the reference that `direct_link` is held against, and the station's.

Theory of operation. It lives in its owner's nursery, as a few tasks: trio-websocket's reader, one
that hands its messages over, one that writes and one that pings. No send is ever cancelled, as a
half-written frame would ruin the stream: a peer that does not read gets the link cut instead.
"""

from collections import deque
from collections.abc import Awaitable, Callable

import trio
import wsproto.utilities
from trio_websocket import ConnectionClosed

from .alarms import Alarms
from .inbox import Inbox
from .link import (
    ABNORMAL,
    INTERNAL_ERROR,
    NORMAL,
    READ_AHEAD,
    READ_BYTES,
    TOO_BIG,
    UNSUPPORTED,
    LinkSettings,
    Peer,
    Receiver,
    Unwanted,
    close_when_cancelled,
    peer_of,
)
from .link_errors import HandshakeFailed, LinkClosed
from .websocket import Connection


class ReferenceLink:
    """A link over trio-websocket."""

    def __init__(
        self, websocket: Connection, stream: trio.abc.Stream, settings: LinkSettings
    ) -> None:
        self.subprotocol: str | None = None
        self.peer = Peer()
        self.settings = settings
        self.alarms = Alarms()
        self.gone = trio.Event()
        self.life = trio.CancelScope()  # around its tasks
        self._websocket = websocket
        self._stream = stream
        self._ending: LinkClosed | None = None
        self._failure: Exception | None = None  # of the receiver
        self._receiver: Receiver | None = None
        self._inbox: Inbox | None = None
        self._has_heard_all = False
        self._is_paused = False
        self._resumed = trio.Event()
        self._unsent: deque[bytes] = deque()
        self._posted = trio.Event()
        self._drained = trio.Event()
        self._ping_interval = settings.ping_interval
        self._ping_interval_changed = trio.Event()

    def open(self, life: trio.CancelScope) -> None:
        """The handshake is done."""
        self.subprotocol = self._websocket.subprotocol
        self.peer = peer_of(self._stream)
        self.life = life

    @property
    def closed(self) -> LinkClosed | None:
        if self._ending is None and (reason := self._websocket.closed) is not None:
            self._ending = LinkClosed(reason.code, reason.reason or "")
        return self._ending

    def _over(self) -> LinkClosed:
        return self.closed or LinkClosed(ABNORMAL, "")

    # ---- messages in

    def attach(self, receiver: Receiver | None) -> None:
        inbox, self._inbox = self._inbox, None
        self._receiver = receiver
        if receiver is None:
            return
        if inbox is not None:
            inbox.empty_into(receiver)
        if self._has_heard_all:
            receiver.end(self._failure)

    async def receive(self) -> str:
        message = await self._its_inbox().next(lambda: self._has_heard_all)
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

    def resume(self) -> None:
        self._is_paused = False
        self._resumed.set()
        self._resumed = trio.Event()

    async def hand_over(self) -> None:
        """Give every message to the receiver."""
        try:
            while True:
                while self._is_paused:
                    await self._resumed.wait()
                while len(self._unsent) >= READ_AHEAD:
                    await self._drained.wait()
                message = await self._websocket.get_message()
                if isinstance(message, bytes):
                    raise Unwanted(UNSUPPORTED, "binary frames are not OCPP-J")
                self._give(message)
        except ConnectionClosed:
            self._hear_no_more()
        except Unwanted as unwanted:
            if self.closed is None:
                self._ending = LinkClosed(unwanted.code, unwanted.reason, by_us=True)
            self._hear_no_more()
            with trio.move_on_after(self.settings.close_timeout):
                await self._say_goodbye(unwanted.code, unwanted.reason)
            self.life.cancel()

    def _hear_no_more(self) -> None:
        if self._has_heard_all:
            return
        self._has_heard_all = True
        if self._receiver is not None:
            self._receiver.end(self._failure)

    def _give(self, message: str) -> None:
        receiver = self._receiver or self._its_inbox()
        try:
            receiver.receive(message)
        except Unwanted:
            raise
        except Exception as error:  # the receiver's: it hears of it at the end
            self._failure = error
            raise Unwanted(INTERNAL_ERROR, "") from error

    # ---- messages out

    def post(self, text: bytes) -> None:
        if self.closed is not None:
            raise self._over()
        self._unsent.append(text)
        self._posted.set()

    async def send(self, text: bytes | str) -> None:
        self.post(text.encode() if isinstance(text, str) else text)
        while self._unsent and not self.gone.is_set():
            drained = self._drained
            await drained.wait()
        if self._unsent:
            raise self._over()

    async def write(self) -> None:
        """Send what is posted."""
        while True:
            while self._unsent:
                if not await self._has_written(self._unsent[0].decode()):
                    return
                self._unsent.popleft()
            self._wake_senders()
            self._posted = trio.Event()
            await self._posted.wait()

    async def _has_written(self, text: str) -> bool:
        with trio.move_on_after(self.settings.send_timeout) as patience:
            try:
                await self._websocket.send_message(text)
            except (ConnectionClosed, wsproto.utilities.LocalProtocolError):
                return False
        if patience.cancelled_caught:
            await self._cut("the peer does not read")
        return not patience.cancelled_caught

    def _wake_senders(self) -> None:
        self._drained.set()
        self._drained = trio.Event()

    # ---- pings

    async def ping(self, timeout: float) -> bool:
        with trio.move_on_after(timeout):
            try:
                await self._websocket.ping()
            except (ConnectionClosed, wsproto.utilities.LocalProtocolError):
                return False
            return True
        return False

    def set_ping_interval(self, seconds: float) -> None:
        """Ping this often from now on; 0 is never (WebSocketPingInterval)."""
        self._ping_interval = seconds
        self._ping_interval_changed.set()
        self._ping_interval_changed = trio.Event()

    async def ping_regularly(self) -> None:
        while True:
            changed = self._ping_interval_changed
            with trio.move_on_after(self._ping_interval or float("inf")) as interval:
                await changed.wait()
            if not interval.cancelled_caught:
                continue
            if not await self.ping(self.settings.pong_timeout):
                await self._cut("the peer does not answer pings")
                return

    # ---- its end

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        if self.closed is None:
            self._ending = LinkClosed(code, reason, by_us=True)
        deadline = trio.current_time() + self.settings.close_timeout
        with trio.CancelScope(shield=True, deadline=deadline):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._say_goodbye, code, reason)
                await self.gone.wait()
                nursery.cancel_scope.cancel()
        self.life.cancel()
        with trio.CancelScope(shield=True):
            await self.gone.wait()

    async def _say_goodbye(self, code: int, reason: str) -> None:
        while self._unsent:  # in its turn
            drained = self._drained
            await drained.wait()
        try:
            await self._websocket.aclose(code, reason)
        except wsproto.utilities.LocalProtocolError:
            await trio.aclose_forcefully(self._stream)  # it was closing already

    async def _cut(self, reason: str) -> None:
        """Drop the connection without a closing handshake."""
        if self.closed is None:
            self._ending = LinkClosed(ABNORMAL, reason, by_us=True)
        self.life.cancel()  # the reader may be stuck where no closed socket wakes it
        await trio.aclose_forcefully(self._stream)

    def left(self) -> None:
        self.gone.set()
        self._hear_no_more()
        self._wake_senders()


# ---- the life of a link


Handshake = Callable[[], Awaitable[None]]
"""Completes the handshake."""


async def start_reference_link(
    nursery: trio.Nursery,
    stream: trio.abc.Stream,
    connection: Connection,
    handshake: Handshake,
    settings: LinkSettings,
) -> ReferenceLink:
    """Shake hands on the stream, and run the link in the nursery until it ends.

    The stream is closed whatever happens. Raises `LinkError`.
    """
    link = ReferenceLink(connection, stream, settings)
    await nursery.start(_run, link, stream, connection, handshake)
    nursery.start_soon(close_when_cancelled, link)
    return link


async def _run(
    link: ReferenceLink,
    stream: trio.abc.Stream,
    connection: Connection,
    handshake: Handshake,
    task_status: trio.TaskStatus[None],
) -> None:
    failure: Exception | None = None
    try:
        async with trio.open_nursery() as tasks:
            tasks.start_soon(connection.read)
            try:
                await _shake_hands(connection, handshake, link.settings)
            except Exception as error:  # carried out of the nursery unwrapped
                failure = error
                tasks.cancel_scope.cancel()
            else:
                link.open(tasks.cancel_scope)
                task_status.started()
                await trio.lowlevel.checkpoint_if_cancelled()
                # From here on only the link's end ends it: a cancelled owner closes it first.
                tasks.cancel_scope.shield = True
                for task in (link.hand_over, link.write, link.ping_regularly, link.alarms.run):
                    tasks.start_soon(task)
                await connection.shut.wait()
                with trio.move_on_after(link.settings.close_timeout):
                    await connection.ended.wait()
                    await _linger(stream, link)
                tasks.cancel_scope.cancel()
    finally:
        link.left()
        await trio.aclose_forcefully(stream)
    if failure is not None:
        raise failure


async def _shake_hands(
    connection: Connection, handshake: Handshake, settings: LinkSettings
) -> None:
    """Complete the handshake, unless the reader ends or time runs out before."""
    failure: Exception | None = None
    is_done = False
    with trio.move_on_after(settings.handshake_timeout) as patience:
        async with trio.open_nursery() as race:
            race.start_soon(_cancel_at_end, connection, race.cancel_scope)
            try:
                await handshake()
                is_done = True
            except Exception as error:  # carried out of the nursery unwrapped
                failure = error
            race.cancel_scope.cancel()
    if failure is not None:
        raise failure
    if is_done:
        return
    if patience.cancelled_caught:
        raise HandshakeFailed("the WebSocket handshake took too long")
    raise connection.handshake_failure()


async def _cancel_at_end(connection: Connection, scope: trio.CancelScope) -> None:
    await connection.ended.wait()
    scope.cancel()


async def _linger(stream: trio.abc.Stream, link: ReferenceLink) -> None:
    """Read a too large message on, so that the peer's kernel lets it see our close frame."""
    if link.closed is None or link.closed.code != TOO_BIG:
        return
    try:
        while await stream.receive_some(READ_BYTES):
            pass
    except (trio.BrokenResourceError, trio.ClosedResourceError):
        return  # it was not to be
