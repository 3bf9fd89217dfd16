"""Who is let in: passwords, unknown stations, and those that fail too often (white paper A00).

A station's own certificate, or its password, lets it in (profiles 1 to 3). One that has no password
is let in only from this machine, unless the configuration allows others (profile 0). Who was let in
by one profile is not let in by a lower one any more (A05.FR.07), and who has a fixed one, by no
other (A00.FR.002).
"""

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from ..wire.accept import Admission, Applicant
from .passwords import Passwords

MAX_FAILURES = 10  # within the window
WINDOW_SECONDS = 60.0
BLOCK_SECONDS = 60.0
MAX_REMEMBERED = 10_000  # identities and addresses that failed

log = structlog.get_logger()


class FailureLimit:
    """Counts failures by name (an identity, an address) and says who is to wait."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` is monotonic time in s."""
        self._now = now
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._blocked_until: OrderedDict[str, float] = OrderedDict()

    def is_blocked(self, name: str) -> bool:
        until = self._blocked_until.get(name)
        if until is None:
            return False
        if until > self._now():
            return True
        del self._blocked_until[name]
        return False

    def note(self, name: str) -> None:
        now = self._now()
        failures = self._failures.setdefault(name, deque(maxlen=MAX_FAILURES))
        self._failures.move_to_end(name)
        failures.append(now)
        if len(failures) == MAX_FAILURES and now - failures[0] <= WINDOW_SECONDS:
            del self._failures[name]
            self._blocked_until[name] = now + BLOCK_SECONDS
            log.warning("blocked", name=name, seconds=BLOCK_SECONDS)
        for table in (self._failures, self._blocked_until):
            if len(table) > MAX_REMEMBERED:
                table.popitem(last=False)


class Gate:
    """Decides about those who ask to be let in."""

    def __init__(
        self,
        passwords: Passwords,
        *,
        is_known: Callable[[str], bool],
        serial_number: Callable[[str], str | None],
        accepts_unknown: bool,
        allows_unauthenticated: bool,
        now: Callable[[], float],
        least_profile: Callable[[str], int] = lambda station_id: 0,
        fixed_profiles: Mapping[str, int] | None = None,
        organization: str | None = None,
    ) -> None:
        """`organization`: whose certificates count, by their O (A00.FR.404); None: anyone's."""
        self.passwords = passwords
        self._is_known = is_known
        self._serial_number = serial_number
        self._accepts_unknown = accepts_unknown
        self._allows_unauthenticated = allows_unauthenticated
        self._least_profile = least_profile
        self._fixed_profiles = fixed_profiles or {}
        self._organization = organization
        self._limit = FailureLimit(now)

    async def admit(self, applicant: Applicant) -> Admission:
        """Answer an applicant at the listener."""
        names = (f"station {applicant.identity}", f"address {applicant.peer.address}")
        if any(self._limit.is_blocked(name) for name in names):
            return "blocked"
        admission = await self._judge(applicant)
        if admission in ("anonymous", "authenticated") and not self._suits(applicant):
            return "unauthorized"
        if admission == "unauthorized":
            log.warning("not_admitted", station=applicant.identity, address=applicant.peer.address)
            for name in names:
                self._limit.note(name)
        return admission

    def security_profile(self, applicant: Applicant) -> int:
        """Give the profile by which one comes who is let in."""
        if self._has_its_certificate(applicant):
            return 3
        if applicant.password is None or applicant.identity not in self.passwords:
            return 0
        return 2 if applicant.peer.is_tls else 1

    def _suits(self, applicant: Applicant) -> bool:
        """Whether it comes by a profile that is meant for it."""
        station_id, profile = applicant.identity, self.security_profile(applicant)
        fixed = self._fixed_profiles.get(station_id)
        least = self._least_profile(station_id)
        if (profile >= least) if fixed is None else (profile == fixed):
            return True
        log.warning(
            "other_security_profile",
            station=station_id,
            address=applicant.peer.address,
            security_profile=profile,
            expected=least if fixed is None else fixed,
        )
        return False

    async def _judge(self, applicant: Applicant) -> Admission:
        station_id = applicant.identity
        if self._has_its_certificate(applicant):
            return "authenticated"
        needs_password = station_id in self.passwords or not self._is_open_to(applicant)
        if needs_password or applicant.password is not None:
            # One way for the wrong password, none, and a station that is not known.
            is_named = applicant.username == station_id.encode()  # A00.FR.204, 303
            is_right = await self.passwords.is_right(station_id, applicant.password or b"")
            if is_named and is_right:
                return "authenticated"
        if needs_password:
            return "unauthorized"
        if not self._accepts_unknown and not self._is_known(station_id):
            return "unknown"
        return "anonymous"

    def _has_its_certificate(self, applicant: Applicant) -> bool:
        """A00.FR.405: a certificate that TLS found valid is the station's that it names.

        Of a station that has never booted nobody knows the serial number yet: when it boots, it is
        compared (B01.FR.11).
        """
        certificate = applicant.peer.certificate or {}
        name = subject_of(certificate, "commonName")
        if name is None:
            return False
        owner = subject_of(certificate, "organizationName") or ""
        if self._organization is not None and self._organization not in owner:
            return False
        serial_number = self._serial_number(applicant.identity)
        if serial_number is None and self._accepts_unknown:
            return applicant.identity not in self.passwords or name == applicant.identity
        return name in (applicant.identity, serial_number)

    def _is_open_to(self, applicant: Applicant) -> bool:
        """Whether a station without a password may come from there."""
        return self._allows_unauthenticated or is_this_machine(applicant.peer.address)


def subject_of(certificate: Mapping[str, Any], wanted: str) -> str | None:
    """An attribute of the subject, of a certificate as `ssl.SSLSocket.getpeercert` gives it."""
    for relative_name in certificate.get("subject", ()):
        for attribute, value in relative_name:
            if attribute == wanted:
                return str(value)
    return None


def is_this_machine(address: str) -> bool:
    """A loopback address, or none: a stream inside this process."""
    if not address:
        return True
    try:
        plain = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = plain.ipv4_mapped if isinstance(plain, ipaddress.IPv6Address) else None
    return (mapped or plain).is_loopback
