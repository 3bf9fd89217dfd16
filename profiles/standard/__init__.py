"""The variables of the standard device model that Pilotwire knows (2.x part 2 chapter 2,
dm_components_vars).

Those of 1.6 that 2.x has no name for stand in the component `OCPP16LegacyCtrlr`.
"""

from ..device_model import Definition
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

__all__ = ["KNOWN", "STANDARD"]
