"""The variables of the standard device model that Pilotwire knows (2.x part 2 chapter 2,
dm_components_vars).

Those of 1.6 that 2.x has no name for stand in the component `OCPP16LegacyCtrlr`.
"""

import functools

from ..device_model import Definition, Key
from .authorization import AUTHORIZATION
from .charging import CHARGING
from .communication import COMMUNICATION
from .features import FEATURES, UNSUPPORTED
from .monitoring import MONITORING
from .network import network_profiles
from .signing import SIGNING
from .station import STATION
from .version_2 import VERSION_2

SLOTS = (1, 2)  # of network profiles, where nobody says otherwise (B09.FR.06)


@functools.lru_cache(64)
def standard(slots: tuple[int, ...] = SLOTS) -> tuple[Definition, ...]:
    """Give what every station has, with these slots of network profiles."""
    return (
        *AUTHORIZATION,
        *CHARGING,
        *COMMUNICATION,
        *FEATURES,
        *MONITORING,
        *network_profiles(slots),
        *STATION,
        *VERSION_2,
    )


STANDARD: tuple[Definition, ...] = standard()
"""What every station has."""
KNOWN: tuple[Definition, ...] = (*STANDARD, *SIGNING, *UNSUPPORTED)
"""And what only some have, or only the reference of 1.6's keys speaks of."""

FACTS: tuple[Key, ...] = tuple(
    Key.parse(name)
    for name in (
        "AuthCacheCtrlr.Available",
        "AuthCacheCtrlr.Storage",
        "ClockCtrlr.DateTime",
        "LocalAuthListCtrlr.Available",
        "LocalAuthListCtrlr.Entries",
        "LocalAuthListCtrlr.Storage",
        "LocalAuthListCtrlr.SupportsExpiryDateTime",
        "MonitoringCtrlr.ActiveMonitoringBase",
        "MonitoringCtrlr.ActiveMonitoringLevel",
        "MonitoringCtrlr.Available",
        "OCPPCommCtrlr.ActiveNetworkProfile",
        "OCPPCommCtrlr.FileTransferProtocols",
        "OCPPCommCtrlr.MessageTimeout[Default]",
        "SecurityCtrlr.AdditionalRootCertificateCheck",
        "SecurityCtrlr.CertificateEntries",
        "SecurityCtrlr.Identity",
        "SecurityCtrlr.SecurityProfile",
    )
)
"""Those that tell what the program can do, or what it finds: no file decides them."""

__all__ = ["FACTS", "KNOWN", "SIGNING", "SLOTS", "STANDARD", "standard"]
