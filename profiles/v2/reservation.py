"""Functional block H: reservations, and what became of one (H04)."""

from .csms_handling import CsmsHandlers, keep

# ---- the central system's half

CSMS: CsmsHandlers = {"ReservationStatusUpdate": keep}
