"""The certificates that the configuration names: checked at the start, and put to use (A00)."""

import ssl
from datetime import datetime
from pathlib import Path

from .config.fields import Invalid
from .config.security import CentralTls, StationTls
from .config.settings import Config
from .wire.tls import ClientTls, ServerTls, client_context

WITH_CERTIFICATE = 3  # the security profile in which the station shows its own


def check(config: Config) -> None:
    """Raise Invalid, naming the key, for a file that cannot be used; SecretsFileError for a key
    that others can read.
    """
    station, central = config.station, config.central
    _check_authorities("station.tls.ca_file", station.tls.ca_file)
    if station.tls.certificate_file is not None and station.tls.key_file is not None:
        tls = "station.tls.certificate_file"
        _check_pair(tls, station.tls.certificate_file, station.tls.key_file)
    for place, profile in enumerate(station.network.profiles, 1):
        needs = profile.security_profile == WITH_CERTIFICATE
        if needs and station.tls.certificate_file is None:
            key = f"station.network.profiles[{place}].security_profile"
            raise Invalid(key, "3 needs station.tls.certificate_file")
    if not central.enabled:
        return
    _check_authorities("central.tls.client_ca_file", central.tls.client_ca_file)
    for place, pair in enumerate(central.tls.certificates, 1):
        key = f"central.tls.certificates[{place}].certificate_file"
        _check_pair(key, pair.certificate_file, pair.key_file)


def _check_authorities(key: str, path: Path | None) -> None:
    if path is None:
        return
    from . import certificates  # only here: it takes long to import, and few need it

    try:
        found = certificates.read_certificates(path)
    except certificates.Unusable as error:
        raise Invalid(key, str(error)) from error
    if not any(certificates.is_authority(each) for each in found):
        raise Invalid(key, f"{path} holds no certificate of an authority")


def _check_pair(key: str, certificate_file: Path, key_file: Path) -> None:
    from . import certificates

    try:
        certificates.check_pair(certificate_file, key_file)
    except certificates.Unusable as error:
        raise Invalid(key, str(error)) from error


class StationCertificates:
    """What the station has to show, and to trust by."""

    def __init__(self, settings: StationTls) -> None:
        self._settings = settings
        self._contexts: dict[tuple[bool, bool], ssl.SSLContext] = {}

    def context(self, security_profile: int, *, ignores_time: bool = False) -> ssl.SSLContext:
        """Give what a link of this profile is secured by."""
        kind = security_profile == WITH_CERTIFICATE, ignores_time
        if kind not in self._contexts:
            self._contexts[kind] = client_context(self._client_tls(*kind))
        return self._contexts[kind]

    def _client_tls(self, shows_own: bool, ignores_time: bool) -> ClientTls:
        settings = self._settings
        return ClientTls(
            ca_file=_name(settings.ca_file),
            certificate_file=_name(settings.certificate_file) if shows_own else None,
            key_file=_name(settings.key_file) if shows_own else None,
            ignores_time=ignores_time,
        )

    def has_csms_root(self, now: datetime) -> bool:
        """Say whether a root that the CSMS can be known by is there, and valid (A05.FR.02)."""
        return _any_valid(self._settings.ca_file, now, most=None)

    def has_own(self, now: datetime) -> bool:
        """Say whether the station has a certificate of its own that is valid (A05.FR.03)."""
        return _any_valid(self._settings.certificate_file, now, most=1)


def _any_valid(path: Path | None, now: datetime, most: int | None) -> bool:
    """Look at the file as it is now, at so many of its certificates."""
    if path is None:
        return False
    from . import certificates

    try:
        found = certificates.read_certificates(path)
    except certificates.Unusable:
        return False
    return any(certificates.is_valid(each, now) for each in found[:most])


def server_tls(settings: CentralTls) -> ServerTls | None:
    """Give the central system's side, None where it has no certificate."""
    if not settings.certificates:
        return None
    return ServerTls(
        certificates=tuple(
            (str(pair.certificate_file), str(pair.key_file)) for pair in settings.certificates
        ),
        client_ca_file=_name(settings.client_ca_file),
    )


def _name(path: Path | None) -> str | None:
    return None if path is None else str(path)
