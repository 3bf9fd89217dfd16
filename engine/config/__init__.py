"""Configuration: config.toml, environment and `--set`, read into structs; secrets stand apart."""

from .fields import Invalid, Settings
from .load import load
from .settings import (
    AcceptedToken,
    Central,
    Config,
    Evse,
    Log,
    Network,
    NetworkProfile,
    Secrets,
    Simulator,
    Station,
    StationSecrets,
    Version,
)
from .shipped import default_file
from .source import ConfigError

__all__ = [
    "AcceptedToken",
    "Central",
    "Config",
    "ConfigError",
    "Evse",
    "Invalid",
    "Log",
    "Network",
    "NetworkProfile",
    "Secrets",
    "Settings",
    "Simulator",
    "Station",
    "StationSecrets",
    "Version",
    "default_file",
    "load",
]
