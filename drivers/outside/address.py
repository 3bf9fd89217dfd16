"""Where a hardware program and the station meet: a Unix socket or a TCP port, never the network
unless that is allowed, for nothing authenticates there.
"""

import ipaddress
from pathlib import Path

import msgspec


class UnixAddress(msgspec.Struct, frozen=True):
    """A Unix socket: its file's mode says who may talk to the station."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


class TcpAddress(msgspec.Struct, frozen=True):
    """A TCP port; port 0 lets the host choose one to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Say whether nobody from another machine can be there; a name is not looked up."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


Address = UnixAddress | TcpAddress


def parse_tcp(text: str, *, allow_remote: bool = False) -> TcpAddress:
    """Read `host:port` or `[::1]:port`. Raises ValueError, with what was expected."""
    host, colon, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    is_address = colon and bare and port.isascii() and port.isdigit() and 1 <= int(port) <= 65535
    if not is_address or (":" in bare and host == bare):
        raise ValueError('expected host:port, like "127.0.0.1:9401"')
    address = TcpAddress(bare, int(port))
    if not (address.is_loopback or allow_remote):
        raise ValueError(
            f"{bare} is not this machine's loopback, and nothing authenticates there: "
            "expected 127.0.0.1 or [::1], or allow_remote = true"
        )
    return address
