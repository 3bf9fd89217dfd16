"""The variables of the standard device model that Pilotwire knows (2.x part 2 chapter 2,
dm_components_vars).

Those of 1.6 that 2.x has no name for stand in the component `OCPP16LegacyCtrlr`.
"""

from ..device_model import Definition, Key
from .authorization import AUTHORIZATION
from .charging import CHARGING
from .communication import COMMUNICATION
from .features import FEATURES, UNSUPPORTED
from .monitoring import MONITORING
from .station import STATION
from .version_2 import VERSION_2

STANDARD: tuple[Definition, ...] = (
    *AUTHORIZATION,
    *CHARGING,
    *COMMUNICATION,
    *FEATURES,
    *MONITORING,
    *STATION,
    *VERSION_2,
)
"""What every station has."""
KNOWN: tuple[Definition, ...] = (*STANDARD, *UNSUPPORTED)
"""And what only the reference of 1.6's keys speaks of."""

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
        "OCPPCommCtrlr.FileTransferProtocols",
        "OCPPCommCtrlr.MessageTimeout[Default]",
        "SecurityCtrlr.AdditionalRootCertificateCheck",
        "SecurityCtrlr.CertificateEntries",
        "SecurityCtrlr.Identity",
        "SecurityCtrlr.SecurityProfile",
    )
)
"""Those that tell what the program can do, or what it finds: no file decides them."""

__all__ = ["FACTS", "KNOWN", "STANDARD"]
