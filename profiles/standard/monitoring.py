"""What monitoring is configured by: MonitoringCtrlr (2.x part 2, 2.13)."""

from ..device_model import Definition, Key
from ..monitoring.book import BASES
from ..monitoring.monitor import LEAST_SEVERE
from .define import boolean, integer, request_limits

_QUEUED = 4  # Error, and what is more severe

ENABLED = Key("MonitoringCtrlr", "Enabled")
OFFLINE_SEVERITY = Key("MonitoringCtrlr", "OfflineQueuingSeverity")
STATUS_BY_EVENT = Key("MonitoringCtrlr", "AvailabilityByEvent")  # not of the standard
ACTIVE_BASE = (
    Key("MonitoringCtrlr", "ActiveMonitoringBase"),
    Key("MonitoringCtrlr", "MonitoringBase"),
)
ACTIVE_LEVEL = (
    Key("MonitoringCtrlr", "ActiveMonitoringLevel"),
    Key("MonitoringCtrlr", "MonitoringLevel"),
)
"""Each has two names in the appendix."""


MONITORING: tuple[Definition, ...] = (
    boolean(
        "MonitoringCtrlr.Available",
        True,
        "The station can monitor variables",
        mutability="ReadOnly",
    ),
    boolean(str(ENABLED), True, "Tell the CSMS what monitors find"),
    integer(
        str(OFFLINE_SEVERITY),
        _QUEUED,
        "Keep for the CSMS what monitors of this severity or a graver one find while offline; 0 is "
        "the gravest",
        maximum=LEAST_SEVERE,
    ),
    boolean(
        str(STATUS_BY_EVENT),
        True,
        "Tell a connector's availability by NotifyEvent where the version prefers that (2.1), else "
        "by StatusNotification",
    ),
    *(
        Definition(
            key=key,
            type="OptionList",
            default="All",
            meaning="Which of the manufacturer's monitors are active",
            mutability="ReadOnly",
            options=BASES,
        )
        for key in ACTIVE_BASE
    ),
    *(
        integer(
            str(key),
            LEAST_SEVERE,
            "Tell only what monitors of this severity or a graver one find",
            mutability="ReadOnly",
            maximum=LEAST_SEVERE,
        )
        for key in ACTIVE_LEVEL
    ),
    *request_limits("MonitoringCtrlr", "ClearVariableMonitoring", "SetVariableMonitoring"),
)
