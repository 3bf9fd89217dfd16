"""One station of a fleet over the whole run: the same station as the daemon's, its power, its cars.

A station object lives from boot to boot; what stays is here: the hardware, the journal, the seed.
"""

import random
from functools import partial
from typing import TYPE_CHECKING

import trio

from ...drivers.simulator import SimulatedEvse
from ...drivers.visitors import receive_visitors
from ...machines.events import (
    Event,
    LinkClosed,
    LinkFailed,
    LinkOpened,
    RegistrationAccepted,
    ResetRequested,
)
from ...machines.settings import Settings
from ...profiles.device_model import Key
from ...profiles.face import Identity
from ...profiles.network import NetworkProfile, Reach
from ..clock import Clock
from ..hardware import simulated_hardware
from ..station.station import ChargingStation, OnMessage
from ..trace.watch import StationTrace
from ..wire.dial import open_link
from ..wire.link import Link
from .line import Line
from .plan import Deed, Member
from .quirks import misbehave, spoil

if TYPE_CHECKING:
    from .worker import Worker


_BOOT_REASONS = {
    "blackout": "PowerUp",
    "restart": "ApplicationReset",
    "firmware": "FirmwareUpdate",
    "power_cut": "PowerUp",
}


class _Chance:
    """Draws by a seed. A station draws seldom, and random.Random is 3 KB."""

    __slots__ = ("_drawn", "_seed")

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._drawn = 0

    def uniform(self, a: float, b: float, /) -> float:
        self._drawn += 1
        return random.Random(f"{self._seed} {self._drawn}").uniform(a, b)


class FleetStation:
    """A member of the fleet at work."""

    __slots__ = (
        "_deed",
        "_dialled_at",
        "_firmware",
        "_has_begun",
        "_line",
        "_prepared",
        "_trace",
        "_transactions",
        "drivers",
        "is_online",
        "journal",
        "member",
        "station",
        "was_online",
        "worker",
    )

    def __init__(self, worker: "Worker", member: Member) -> None:
        self.worker = worker
        self.member = member
        self.is_online = False
        self.was_online = False
        self._firmware = member.group.firmware_version
        self.drivers = [SimulatedEvse(simulated_hardware(evse)) for evse in member.group.evses]
        self.journal = worker.open_journal(member)
        self.station: ChargingStation | None = None  # under power
        self._prepared: ChargingStation | None = None  # for the first boot
        watch = worker.trace
        self._trace = None if watch is None else StationTrace(watch, member.identity)
        self._line: Line | None = None  # in a virtual world
        self._dialled_at = 0.0
        self._has_begun = False
        self._deed: Deed | None = None  # why it is, or goes, down
        self._transactions = [""] * len(self.drivers)  # the last at each EVSE

    # ---- what happens to it

    def undergo(self, deed: Deed, nursery: trio.Nursery) -> None:
        """Do to it what the course of the run says. One that is down already misses it."""
        match deed.kind:
            case "ramp":
                self._begin(nursery)
            case "storm" | "loss" if self.station is not None:
                self._drop_link(self.station)
            case "half_open" if self._line is not None:
                self._line.fall_silent()
            case "clock_jump" if self.station is not None:
                clock = self.station.clock
                clock.set(clock.time() + deed.step_seconds)
            case "blackout" | "power_cut" if self.station is not None:
                self._deed = deed
                if self._line is not None:
                    self._line.cut_power()
                self.station.cut_power()
            case "restart" | "firmware" if self.station is not None:
                self._deed = deed
                reset = ResetRequested(reason="Reboot", boot_reason=_BOOT_REASONS[deed.kind])
                self.station.deliver(0, reset)

    def _drop_link(self, station: ChargingStation) -> None:
        """Break it, as when a router goes."""
        if self._line is None:
            station.network.close()
        else:
            self._line.drop()

    def _begin(self, nursery: trio.Nursery) -> None:
        """Put it under power for the first time, and let cars come."""
        if self._has_begun:
            return
        self._has_begun = True
        nursery.start_soon(self._live)
        group, worker = self.member.group, self.worker
        if not group.visitors.visitors:
            return
        chance = random.Random(f"cars {worker.fleet.seed} {self.member.number}")
        for driver in self.drivers:
            cars = partial(
                receive_visitors,
                driver,
                worker.scenario(group),
                seed=chance.getrandbits(32),
                pace=partial(worker.share_now, group),
            )
            nursery.start_soon(cars)

    def prepare(self) -> None:
        """Make the station of its first boot: there is more time for it now than then."""
        self._prepared = self._build("PowerUp")

    async def _live(self) -> None:
        """Run from boot to boot, until cancelled."""
        boot_reason = "PowerUp"
        while True:
            self.station, self._prepared = self._prepared or self._build(boot_reason), None
            boot_reason = (await self.station.run()).boot_reason
            self.station = None
            self._note_link(is_online=False)
            deed, self._deed = self._deed, None
            if deed is not None:
                boot_reason = _BOOT_REASONS[deed.kind]
                self._firmware = deed.firmware_version or self._firmware
                await trio.sleep(deed.away_seconds)

    # ---- making it

    def _build(self, boot_reason: str) -> ChargingStation:
        group, worker, world = self.member.group, self.worker, self.worker.world
        model = worker.model(group).copy()
        model.configure(Key("ChargingStation", "FirmwareVersion"), self._firmware)
        station = ChargingStation(
            identity=Identity(
                vendor=group.vendor,
                model=group.model,
                serial_number=f"{self.member.number:06}",
                firmware_version=self._firmware,
            ),
            open_link=self._open_link,
            reach=Reach(identity=self.member.identity, subprotocols=group.versions),
            connectors=[evse.connectors for evse in group.evses],
            drivers=self.drivers,
            model=model,
            settings=Settings(),
            journal=self.journal,
            clock=Clock(worker.clock.time() + group.quirks.clock_offset_seconds),
            timers=worker.timers,
            chance=_Chance(f"{worker.fleet.seed} {self.member.number} {boot_reason}"),
            new_transaction_id=world.new_transaction_id if world else None,
            on_message=self._on_message(),
            on_change=self._changed,
            on_call=worker.tally.call_ended,
            boot_reason=boot_reason,
        )
        spoil(station, group.quirks)
        if self._trace is not None:
            self._trace.watch_station(station)
        return station

    def _on_message(self) -> OnMessage | None:
        """Give who sees the frames: the log of a virtual run, the trace rules, both or nobody."""
        world, trace = self.worker.world, self._trace
        logs = world.on_message(self.member) if world else None
        if trace is None:
            return logs
        if logs is None:
            return trace.message

        def both(direction: str, text: str | bytes, at: float, /) -> None:
            logs(direction, text, at)
            trace.message(direction, text, at)

        return both

    async def _open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        self._dialled_at = trio.current_time()
        link = await self._open(profile, nursery)
        self.worker.tally.dials.add(trio.current_time() - self._dialled_at)
        return link

    async def _open(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        world = self.worker.world
        if world is None:
            dial = self.worker.dial(self.member, profile)
            return await open_link(nursery, dial, self.worker.pump)
        self._line = await world.open_line(self.member, nursery)
        return self._line.station

    # ---- what is measured

    def _changed(self, evse_id: int, fact: Event) -> None:
        if self._trace is not None:
            self._trace.change(evse_id, fact)
        if evse_id:
            self._count_transaction(evse_id)
            return
        if self.station is not None:
            self._note_link(is_online=self.station.tree.is_online)
        if isinstance(fact, RegistrationAccepted):
            self.worker.tally.boots.add(trio.current_time() - self._dialled_at)
        elif isinstance(fact, LinkFailed | LinkClosed):
            self.worker.link_lost(fact.reason)
        elif isinstance(fact, LinkOpened):
            self._link_opened()

    def _link_opened(self) -> None:
        if not self.was_online:
            self.was_online = True
            self.worker.tally.ever_online += 1
        if self.station is not None:
            misbehave(self.station, self.member.group.quirks)

    def _note_link(self, *, is_online: bool) -> None:
        self.worker.online += is_online - self.is_online
        self.is_online = is_online

    def _count_transaction(self, evse_id: int) -> None:
        transaction = self.station.tree.evse(evse_id).transaction if self.station else None
        if transaction is None or transaction.transaction_id == self._transactions[evse_id - 1]:
            return
        self._transactions[evse_id - 1] = transaction.transaction_id
        self.worker.tally.transactions += 1
