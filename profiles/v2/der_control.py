"""Functional block R of 2.1: a station that feeds the grid, and its controls."""

from .csms_handling import CsmsHandlers, keep

# ---- the central system's half

CSMS: CsmsHandlers = {
    "NotifyDERAlarm": keep,
    "NotifyDERStartStop": keep,
    "ReportDERControl": keep,
}
