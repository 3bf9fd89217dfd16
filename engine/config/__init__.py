"""Configuration: config.toml, environment and `--set`, read into structs; secrets stand apart."""

from .fields import Invalid, Settings
from .load import load
from .settings import (
    AcceptedToken,
    Api,
    ApiSecrets,
    Central,
    CentralSecrets,
    Config,
    Evse,
    Log,
    MessageLog,
    Network,
    NetworkProfile,
    Secrets,
    Station,
    StationSecrets,
    Version,
)
from .shipped import default_file
from .simulator import Simulator
from .source import ConfigError

__all__ = [
    "AcceptedToken",
    "Api",
    "ApiSecrets",
    "Central",
    "CentralSecrets",
    "Config",
    "ConfigError",
    "Evse",
    "Invalid",
    "Log",
    "MessageLog",
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
