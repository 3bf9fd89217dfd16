"""What this machine allows: open files, and local ports towards one central system."""

import ipaddress
import math
import resource
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from ..failure import Failure

_SPARE_FILES = 200  # for everything but the stations' sockets
_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_PORTS = 28_000  # of Linux, where that file cannot be read
_FIRST = int(ipaddress.IPv4Address("127.0.0.1"))
_SHARE = 0.8  # of the ports: some are still closing


class TooMany(Failure):
    """The machine does not let so many stations run."""

    exit_code = 2


def make_room(stations: int, *, files_each: int = 1) -> None:
    """Raise the limit of open files as far as these stations need it.

    Raises TooMany, naming how many fit, where the system forbids it.
    """
    needed = stations * files_each + _SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, needed))  # root may
        except (ValueError, OSError) as error:
            fits = max(0, (hard - _SPARE_FILES) // files_each)
            raise TooMany(
                f"{stations} stations need {needed} open files and this system allows {hard}: "
                f"{fits} stations fit; use more machines, or raise the limit (ulimit -n)"
            ) from error
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def local_address(target: str, number: int) -> str | None:
    """Give the address that a station dials from: a system has too few local ports for many
    thousands towards one port of one address, but loopback has many addresses. None: the system
    chooses, as for the first of them.
    """
    share = number // _ports()
    return _address(_FIRST + share) if share and _is_loopback(target) else None


@cache
def _address(number: int) -> str:
    return str(ipaddress.IPv4Address(number))


@cache
def _is_loopback(target: str) -> bool:
    """Say whether it is this machine by IP version 4."""
    host = urlsplit(target).hostname or ""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.version == 4 and address.is_loopback


def check_ports(target: str, stations: int) -> None:
    """Raise TooMany where this machine has too few local ports for these stations."""
    if _is_loopback(target):
        return
    ports = _ports()
    if stations > ports:
        raise TooMany(
            f"{stations} stations need as many local ports towards {target} and this system has "
            f"{ports}: use more machines, or widen net.ipv4.ip_local_port_range"
        )


@cache
def _ports() -> int:
    """Count the local ports that may be used towards one address and port."""
    try:
        first, last = _PORT_RANGE.read_text().split()
    except (OSError, ValueError):
        return math.floor(_USUAL_PORTS * _SHARE)
    return max(1, math.floor((int(last) - int(first) + 1) * _SHARE))
