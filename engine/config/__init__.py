"""Configuration: config.toml, environment and `--set`, read into structs; secrets stand apart."""

from .central import AcceptedToken, Central
from .fields import Invalid, Settings
from .kinds import Version
from .load import load
from .network import Network, NetworkProfile
from .settings import (
    Api,
    ApiSecrets,
    CentralSecrets,
    Config,
    Evse,
    Log,
    MessageLog,
    Secrets,
    Station,
    StationSecrets,
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
