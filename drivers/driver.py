"""The seam to an EVSE's hardware: commands go down, facts come up, the meter is read when needed.

An integrator writes one class with this shape; the simulator is one. `run` is a task of the EVSE:
it lives as long as the EVSE does, and when it raises, the EVSE is Faulted, the exception is logged,
and `run` is started anew.
"""

import math
from collections.abc import Callable
from typing import Literal, Protocol, runtime_checkable

import msgspec
import trio

from ..machines.effects import Command
from ..machines.events import Event, IdToken
from ..machines.meter import MeterSample

Report = Callable[[Event], None]
SigningContext = Literal["Transaction.Begin", "Transaction.End", "Sample.Periodic", "Sample.Clock"]


class Driver(Protocol):
    """One EVSE's hardware."""

    async def run(self, commands: "trio.MemoryReceiveChannel[Command]", report: Report) -> None:
        """Obey `commands` in order and `report` what happens, until cancelled.

        Facts that a driver reports: CablePlugged, CableUnplugged, BayOccupied, BayVacated,
        EnergyFlowing, SuspendedByEv, SuspendedByEvse, StoppedByEv, ConnectorLocked,
        ConnectorUnlocked, LockFailed, UnlockFailed, FaultRaised, FaultCleared, TokenPresented,
        SecurityEventHappened.

        It begins by reporting how things stand (is a cable in, is there a fault), for the station
        may remember otherwise; a fact that tells it nothing new does no harm. Between
        CloseContactor and OpenContactor it says which of the three facts about energy holds.
        `report` may be called at any time by any task of the event loop, and queues the fact; never
        call it from another thread. On cancellation, leave the contactor open.
        """
        ...

    def read_meter(self) -> MeterSample:
        """Give this instant's reading without waiting: a value polled before, or a computed one."""
        ...


class PromptDriver:
    """Base of hardware that obeys at once and waits for nothing, as the simulated one does.

    The engine calls these four in its own tasks, so that thousands of such EVSEs need none of their
    own. What they raise is as if `run` raised it. A subclass that overrides `run` gets its task.
    """

    __slots__ = ()

    def begin(self, report: Report, wake_at: Callable[[float], None]) -> None:
        """Report how things stand. `wake_at` asks for `wake` at a time of Trio's clock, in place of
        the one asked for before; infinity is never.
        """
        raise NotImplementedError

    def obey(self, command: Command) -> None:
        raise NotImplementedError

    def wake(self) -> None:
        """The time has come that was asked for."""
        raise NotImplementedError

    def end(self) -> None:
        """What began is over; leave the contactor open."""
        raise NotImplementedError

    async def run(self, commands: "trio.MemoryReceiveChannel[Command]", report: Report) -> None:
        """Do the same in a task of its own, until cancelled or until the commands end."""
        sleep = trio.CancelScope(deadline=math.inf)

        def wake_at(time: float) -> None:
            sleep.deadline = time

        self.begin(report, wake_at)
        try:
            while True:
                try:
                    with sleep:
                        command = await commands.receive()
                except trio.EndOfChannel:
                    return
                is_time, sleep = sleep.cancelled_caught, trio.CancelScope(deadline=sleep.deadline)
                if is_time:
                    sleep.deadline = math.inf
                    self.wake()
                else:
                    self.obey(command)
        finally:
            self.end()


class SigningRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed reading is for."""

    context: SigningContext
    transaction_id: str | None = None  # None: none runs yet, or none at all
    id_token: IdToken | None = None  # whose transaction it is, where that is known


@runtime_checkable
class SigningDriver(Driver, Protocol):
    """Hardware whose meter signs its readings."""

    @property
    def public_key(self) -> str:
        """The meter's key as printed on it, after how it is written: `oca:base16:asn1:3059…`.

        "" while it is not known.
        """
        ...

    async def sign_meter(self, request: SigningRequest) -> MeterSample:
        """Give a reading whose `signed` is the meter's own signature on it.

        One request at a time. It may take as long as the meter does; after 30 s it is cancelled,
        and what was to be reported is reported without. A reading without `signed` says that the
        meter does not sign this one. The same record may be given twice for one beginning.
        """
        ...
