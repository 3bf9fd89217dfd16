"""How a hardware program and the station come together: the station listens, or it dials."""

import errno
import os
import socket
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import trio

from .address import Address, UnixAddress

RETRY_SECONDS = 2.0  # between two dials
DIAL_SECONDS = 5.0  # that one may take
_BACKLOG = 4

Meet = Callable[[trio.abc.Stream], Awaitable[None]]


class DoorError(Exception):
    """No program can come in; `str()` is the line that says why."""


class Door(Protocol):
    """Gives the connections of programs, one after the other or at the same time."""

    async def serve(self, meet: Meet) -> None:
        """Let `meet` talk over every connection until cancelled. `meet` closes it."""
        ...


class ListeningDoor:
    """The station listens, and programs connect. Raises DoorError when it cannot."""

    def __init__(self, address: Address) -> None:
        self._address = address

    async def serve(
        self, meet: Meet, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Serve; `task_status` gives the port (0 for a Unix socket)."""
        try:
            listeners = await self._listen()
        except OSError as error:
            raise DoorError(f"{self._address}: cannot listen: {error.strerror or error}") from error
        name = listeners[0].socket.getsockname()
        try:
            task_status.started(name[1] if isinstance(name, tuple) else 0)
            await trio.serve_listeners(meet, listeners)
        finally:
            if isinstance(self._address, UnixAddress):
                self._address.path.unlink(missing_ok=True)

    async def _listen(self) -> list[trio.SocketListener]:
        if isinstance(self._address, UnixAddress):
            return [await _listen_unix(self._address.path)]
        host, port = self._address.host, self._address.port
        return list(await trio.open_tcp_listeners(port, host=host, backlog=_BACKLOG))


async def _listen_unix(path: Path) -> trio.SocketListener:
    await _remove_stale(path)
    listening = trio.socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        await listening.bind(str(path))
        os.chmod(path, 0o600)  # before anybody can connect
        listening.listen(_BACKLOG)
    except BaseException:
        listening.close()
        raise
    return trio.SocketListener(listening)


async def _remove_stale(path: Path) -> None:
    """Remove a socket file that nobody listens on. Raises OSError for anything else there."""
    if not _is_socket(path):
        return
    try:
        stream = await trio.open_unix_socket(str(path))
    except ConnectionRefusedError:
        os.unlink(path)
        return
    await stream.aclose()
    raise OSError(errno.EADDRINUSE, "another program listens there")


def _is_socket(path: Path) -> bool:
    """Say whether a socket file stands there. Raises OSError when it is another kind of file."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    if not stat.S_ISSOCK(mode):
        raise OSError(errno.EEXIST, "something that is no socket stands there")
    return True


class DiallingDoor:
    """The program listens, and the station connects, again and again."""

    def __init__(self, address: Address) -> None:
        self._address = address

    async def serve(self, meet: Meet) -> None:
        while True:
            stream = await self._dial()
            if stream is not None:
                await meet(stream)
            await trio.sleep(RETRY_SECONDS)

    async def _dial(self) -> trio.SocketStream | None:
        """Give a connection; None when nobody is there (the EVSE is Faulted until one is)."""
        try:
            with trio.move_on_after(DIAL_SECONDS):
                if isinstance(self._address, UnixAddress):
                    return await trio.open_unix_socket(str(self._address.path))
                return await trio.open_tcp_stream(self._address.host, self._address.port)
        except OSError:
            return None
        return None
