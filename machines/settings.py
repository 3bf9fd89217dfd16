"""What charts need to know of the station's configuration: a typed view of its variables.

Whoever changes a variable keeps it current; a chart reads it anew with each event.
"""

from typing import Literal

import msgspec

TxPoint = Literal[
    "ParkingBayOccupancy",
    "EVConnected",
    "Authorized",
    "PowerPathClosed",
    "EnergyTransfer",
    "DataSigned",
]


class Settings(msgspec.Struct, kw_only=True):
    """Neutral names, 2.x words; every duration in seconds."""

    ev_connection_timeout: float = 60.0  # s, TxCtrlr.EVConnectionTimeOut, 1.6 ConnectionTimeOut
    tx_start_points: frozenset[TxPoint] = frozenset({"PowerPathClosed"})
    tx_stop_points: frozenset[TxPoint] = frozenset({"Authorized", "EVConnected"})
    sign_readings: bool = False  # without it, no start point DataSigned is reached (E01.FR.04)
    stop_on_ev_side_disconnect: bool = True  # False matters where EVConnected is no stop point
    stop_on_invalid_id: bool = True
    max_energy_on_invalid_id: float = 0.0  # Wh, 0: none
    unlock_on_ev_side_disconnect: bool = True  # matters where the stop goes with the cable
    authorization_enabled: bool = True  # False: everybody may charge (AuthCtrlr.Enabled)
    master_pass_group: str = ""  # whose tokens end any transaction and begin none; "": none
    has_master_pass_ui: bool = False  # who shows one is asked which transactions to end
    master_pass_timeout: float = 60.0  # s, for the answer
    reset_timeout: float = 30.0  # s that an EVSE's hardware gets to start anew
    reset_retries: int = 0  # tries after the first
    boot_retry: float = 60.0  # s, where the CSMS names no interval
    network_priority: tuple[int, ...] = (1,)  # slots
    connection_attempts: int = 3  # dials of a network profile before the next one
    retry_minimum: float = 3.0  # s
    retry_random: float = 10.0  # s
    retry_repeat_times: int = 3

    def seconds(self, setting: str) -> float:
        """Give a duration by its name, for charts that name their timeouts' lengths."""
        value: float = getattr(self, setting)
        return value
