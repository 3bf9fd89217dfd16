"""How the station dials a network profile: made anew for each dial, from what the profile and the
device model say at that moment.
"""

import ipaddress
import ssl
from collections.abc import Mapping

import trio

from ..profiles.device_model import DeviceModel, Value
from ..profiles.network import PASSWORD, NetworkProfile, Reach
from ..profiles.passwords import revealed
from .clock import Clock
from .config.settings import Config, Station
from .station.timekeeping import EARLIEST
from .tls_files import StationCertificates
from .wire.dial import Dial, open_link
from .wire.link import Link, LinkSettings
from .wire.link_errors import DialFailed
from .wire.tls import TlsSettingsError

CLOSE_TIMEOUT = 2.0  # s that the peer gets to close the link in order


def reach_of(station: Station, certificates: StationCertificates, clock: Clock) -> Reach:
    """Say what the station has to reach a central system by."""
    interfaces = station.network.interfaces
    return Reach(
        has_csms_root=lambda: certificates.has_csms_root(clock.now()),
        has_certificate=lambda: certificates.has_own(clock.now()),
        identity=station.identity,
        subprotocols=station.versions,
        interfaces=frozenset(interfaces) if interfaces else None,
    )


class Dialler:
    """Opens the links of one station."""

    def __init__(
        self,
        config: Config,
        model: DeviceModel,
        certificates: StationCertificates | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._station = config.station
        self._model = model
        self._clock = clock
        self._certificates = certificates or StationCertificates(config.station.tls)

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        """Open a link that lives in the nursery. Raises LinkError."""
        return await open_link(nursery, self.dial(profile))

    def dial(self, profile: NetworkProfile) -> Dial:
        """Say whom to dial, as whom, and how. Raises DialFailed where there is no way out."""
        network = self._station.network
        interface, local_address = _way_out(network.interfaces, profile.interface)
        return Dial(
            url=profile.url,
            identity=profile.identity or self._station.identity,
            subprotocols=profile.offers(self._station.versions),
            password=self._password(profile),
            local_address=local_address,
            interface=interface,
            ssl_context=self._tls(profile),
            certificate_time=self._certificate_time(),
            connect_timeout=network.connect_timeout_seconds,
            settings=LinkSettings(ping_interval=network.ping_seconds, close_timeout=CLOSE_TIMEOUT),
        )

    def _tls(self, profile: NetworkProfile) -> ssl.SSLContext | None:
        if not profile.url.startswith("wss:"):
            return None
        try:
            ignores_time = self._certificate_time() is not None
            return self._certificates.context(profile.security_profile, ignores_time=ignores_time)
        except TlsSettingsError as error:
            raise DialFailed(str(error)) from error

    def _certificate_time(self) -> float | None:
        """Give the time that certificates are judged by (s since 1970) where the host's clock was
        not set: the station's, which goes on from the last that was known.
        """
        if self._clock is None or self._clock.host_time() >= EARLIEST:
            return None
        return max(self._clock.time(), EARLIEST)

    def _password(self, profile: NetworkProfile) -> bytes | None:
        """Give the slot's own password, or the station's; chosen with each dial."""
        if profile.security_profile == 3:
            return None  # a certificate takes its place
        password: Value | None = profile.password
        if password is None and profile.security_profile > 0:
            password = self._model.value(PASSWORD)
        return revealed(password) if isinstance(password, str) and password else None


def _way_out(interfaces: Mapping[str, str], word: str) -> tuple[str | None, str | None]:
    """Give the host's interface, or the own address to dial from, that stands for a word."""
    if not interfaces or (word == "Any" and word not in interfaces):
        return None, None
    if word not in interfaces:
        raise DialFailed(f"station.network.interfaces does not say what {word} is")
    way = interfaces[word]
    try:
        return None, str(ipaddress.ip_address(way))
    except ValueError:
        return way, None
