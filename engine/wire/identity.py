"""The connection URL (OCPP-J 3.1.1): an endpoint URL, '/', and the percent-encoded identity."""

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

import msgspec

from ...profiles.family import Version

_ENDPOINTS = 64  # that are remembered


class Target(msgspec.Struct, frozen=True):
    """Where to dial, and what to ask for there."""

    host: str
    port: int
    is_tls: bool
    path: str
    host_header: str


def connection_target(url: str, identity: str) -> Target:
    """The endpoint URL with the identity appended. Raises `ValueError` for what is no such URL."""
    if not identity:
        raise ValueError("the identity is empty")
    endpoint, query = _endpoint(url)
    path = f"{endpoint.path}/{quote(identity, safe='')}{query}"
    return msgspec.structs.replace(endpoint, path=path)


@lru_cache(_ENDPOINTS)
def _endpoint(url: str) -> tuple[Target, str]:
    """The target without an identity, and what stands behind that. Many stations dial one URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss"):
        raise ValueError(f"not a ws:// or wss:// URL: scheme {parts.scheme!r}")
    if not parts.hostname:
        raise ValueError("the URL has no host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("the URL must not carry a password: set it beside the URL")
    is_tls = parts.scheme == "wss"
    standard_port = 443 if is_tls else 80
    port = parts.port or standard_port
    try:
        name = parts.hostname.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("the URL's host can be no host's name") from error
    host = f"[{name}]" if ":" in name else name
    target = Target(
        host=name,
        port=port,
        is_tls=is_tls,
        path=quote(parts.path.rstrip("/"), safe="/%:@"),
        host_header=host if port == standard_port else f"{host}:{port}",
    )
    return target, f"?{parts.query}" if parts.query else ""


def requested_identity(request_target: str, path_prefix: str) -> str | None:
    """The identity that a request asks for, decoded once; None when the path is not ours.

    Tolerates an absolute URI in the request line, as some stations send it.
    """
    try:
        path = urlsplit(request_target).path
    except ValueError:
        return None
    prefix = path_prefix.rstrip("/") + "/"
    if not path.startswith(prefix):
        return None
    try:
        identity = unquote(path[len(prefix) :], errors="strict")
    except UnicodeDecodeError:
        return None
    return identity if _is_plain(identity) else None


def _is_plain(identity: str) -> bool:
    """Nothing that is a path, ends a string or cannot be seen."""
    return (
        0 < len(identity) <= 255
        and identity.isprintable()
        and not {"/", "\\"} & set(identity)
        and identity.strip(".") != ""
        and ".." not in identity
    )


def suits(identity: str, version: Version) -> bool:
    """Whether stations of that version may have the identity."""
    return re.fullmatch(version.identity_pattern, identity) is not None


def chosen_version(offered: Iterable[str], preferred: Iterable[Version]) -> Version | None:
    """The first of ours that the station offers; names are compared as they stand."""
    names = set(offered)
    return next((version for version in preferred if version.subprotocol in names), None)
