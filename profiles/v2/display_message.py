"""Functional block O: messages on the station's display."""

from .csms_handling import CsmsHandlers, keep

# ---- the central system's half

CSMS: CsmsHandlers = {"NotifyDisplayMessages": keep}
