"""Ports for programs that tests start."""

import secrets
import socket

_FIRST, _LAST = 20_000, 32_000  # below those that systems give to who dials


def free_port() -> int:
    """Give a port where nobody listens, and which nobody gets who dials meanwhile."""
    while True:
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
