"""The root certificates that contract certificates are validated with, from a file (2.x C07)."""

from pathlib import Path

from ..profiles.contracts import Certificates, read_certificates
from .config.source import ConfigError


def read_contract_roots(path: Path | None, key: str) -> Certificates:
    """Read the file that this key of the configuration names; none without one. Raises
    ConfigError.
    """
    if path is None:
        return ()
    try:
        return read_certificates(path.read_bytes())
    except OSError as error:
        raise ConfigError(str(path), key, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(str(path), key, "expected one PEM certificate or more") from error
