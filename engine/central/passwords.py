"""Stations' passwords, kept as salted hashes (white paper A01.FR.08), and how they are checked.

Theory of operation. A hash is scrypt's: slow by design, so it is computed in a thread, a few at a
time. A password that is configured, or was right before, is held as a keyed digest under a key that
lives as long as the process: a fleet that reconnects all at once costs nothing. Whatever is not
right by that goes through one hash, the station's or nobody's, so that neither time nor answer
tells which stations exist.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping

import trio

from ..secrets import Secret

# OCPP's passwords are random and of 16 bytes or more: this is for those that are not.
_N, _R, _P = 2**13, 8, 1
_SALT_BYTES = 16
_DIGEST_BYTES = 32


def hashed(password: bytes) -> str:
    """A salted hash of the password, as text."""
    salt = os.urandom(_SALT_BYTES)
    return f"scrypt${_N}${_R}${_P}${salt.hex()}${_derive(password, salt, _N, _R, _P).hex()}"


def is_match(password: bytes, password_hash: str) -> bool:
    """Whether the hash is the password's; slow."""
    _, n, r, p, salt, digest = password_hash.split("$")
    derived = _derive(password, bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(derived, bytes.fromhex(digest))


def _derive(password: bytes, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(
        password, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=_DIGEST_BYTES
    )


class Passwords:
    """The stations' password hashes."""

    def __init__(self, *, is_inline: bool = False) -> None:
        """`is_inline`: without threads, for virtual time."""
        self._hashes: dict[str, str] = {}
        self._proven: dict[str, bytes] = {}
        self._key = os.urandom(_DIGEST_BYTES)
        self._nobodys = hashed(os.urandom(_SALT_BYTES))
        self._limiter = None if is_inline else trio.CapacityLimiter(2)

    def __contains__(self, station_id: str) -> bool:
        return station_id in self._hashes

    def __len__(self) -> int:
        return len(self._hashes)

    def put_all(self, passwords: Mapping[str, Secret]) -> None:
        """Passwords that the configuration holds."""
        for station_id, password in passwords.items():
            self._hashes[station_id] = self._nobodys
            self._proven[station_id] = self._digest(password.reveal())

    def put(self, station_id: str, password_hash: str) -> None:
        """The station has this password from now on, and no other (A01.FR.03)."""
        self._hashes[station_id] = password_hash
        self._proven.pop(station_id, None)

    async def is_right(self, station_id: str, password: bytes) -> bool:
        digest = self._digest(password)
        if hmac.compare_digest(self._proven.get(station_id, b""), digest):
            return True
        password_hash = self._hashes.get(station_id)
        matches = await self._compare(password, password_hash or self._nobodys)
        # The hash may have been changed while we computed.
        if not matches or password_hash is None or self._hashes.get(station_id) != password_hash:
            return False
        self._proven[station_id] = digest
        return True

    def _digest(self, password: bytes) -> bytes:
        return hmac.digest(self._key, password, "sha256")

    async def _compare(self, password: bytes, password_hash: str) -> bool:
        if self._limiter is None:
            return is_match(password, password_hash)
        return await trio.to_thread.run_sync(
            is_match, password, password_hash, limiter=self._limiter
        )
