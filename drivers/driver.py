"""The seam to an EVSE's hardware: commands go down, facts come up, the meter is read when somebody needs it.

An integrator writes one class with this shape; the simulator is one. `run` is a task of the EVSE: it lives as long
as the EVSE does, and when it raises, the EVSE is Faulted, the exception is logged, and `run` is started anew.
"""

from collections.abc import Callable
from typing import Protocol

import trio

from ..machines.effects import Command
from ..machines.events import Event
from ..machines.meter import MeterSample

Report = Callable[[Event], None]


class Driver(Protocol):
    """One EVSE's hardware."""

    async def run(self, commands: "trio.MemoryReceiveChannel[Command]", report: Report) -> None:
        """Obey `commands` in order and `report` what happens, until cancelled.

        `report` may be called from this task or its children at any time, never from another thread. Facts that a
        driver reports: CablePlugged, CableUnplugged, BayOccupied, BayVacated, EnergyFlowing, SuspendedByEv,
        SuspendedByEvse, ConnectorLocked, ConnectorUnlocked, UnlockFailed, FaultRaised, FaultCleared, TokenPresented.
        On cancellation, leave the contactor open.
        """
        ...

    def read_meter(self) -> MeterSample:
        """Give the reading of this instant without waiting: the register of a bus that is polled, or a computed one."""
        ...
