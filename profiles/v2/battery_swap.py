"""Functional block S of 2.1: batteries that are swapped (S01 to S03)."""

from .csms_handling import CsmsHandlers, keep

# ---- the central system's half

CSMS: CsmsHandlers = {"BatterySwap": keep}
