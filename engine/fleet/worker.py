"""A process's share of the fleet: its stations, the course of the run, and the counting."""

import resource
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import trio

from ...drivers.visitors import VisitorSettings
from ...profiles.device_model import DeviceModel
from ...profiles.network import NetworkProfile
from ..clock import Clock
from ..config.network import Network
from ..config.network import NetworkProfile as ConfiguredProfile
from ..config.security import StationTls
from ..config.settings import Station
from ..failure import Failure
from ..journal.journal import Journal
from ..station.timers import Timers
from ..station_dial import CLOSE_TIMEOUT
from ..station_model import device_model
from ..tls_files import StationCertificates
from ..trace.watch import TraceWatch
from ..wire.dial import Dial
from ..wire.link import LinkSettings
from ..wire.pump import Pump, pumping
from .garbage import rare_collection
from .loopback import local_address
from .plan import Course, Member, members, shard, share_at
from .settings import Fleet, Group
from .station import FleetStation
from .tally import Tally

if TYPE_CHECKING:
    from .virtual import World

_MOST_TICKS = 2000  # of a virtual run
_REAL_DAY = 86_400.0  # s
_TOGETHER_SECONDS = 0.01
_PACE = 0.005  # s between two looks at the timers of all stations
_PREPARED = 100  # stations, before others get their turn
_TOGETHER = 8  # deeds that are late, before stations get their turn


class Worker:
    """Runs the stations whose number, divided by `workers`, leaves `place`."""

    def __init__(
        self,
        fleet: Fleet,
        target: str,
        course: Course,
        *,
        place: int = 0,
        workers: int = 1,
        world: "World | None" = None,
    ) -> None:
        """`world`: a virtual one, in place of sockets and the host's clock."""
        self.fleet = fleet
        self.target = target
        self.course = shard(course, place, workers)
        self.world = world
        self.clock = Clock() if world is None else world.clock
        self.timers = Timers(_PACE if world is None else 0.0)
        self.pump: Pump | None = None
        """Of the stations' links."""
        self.tally = Tally()
        self.trace = TraceWatch(fleet.trace.rules) if fleet.trace.enabled else None
        if self.trace is not None:
            self.tally.broken = self.trace.broken
        mine = [each for each in members(fleet) if each.number % workers == place]
        self.stations = {each.number: FleetStation(self, each) for each in mine}
        self._drivers = [each for station in self.stations.values() for each in station.drivers]
        self._journals = [station.journal for station in self.stations.values()]
        self.online = 0
        """Stations whose link stands. They count it: it would take long to ask them all."""
        self.tally.stations = len(mine)
        if world is not None:
            self.tally.tick_seconds = max(1, int(course.seconds) // _MOST_TICKS)
        self._cpu_before = _cpu_seconds()
        self._scenarios = {group.name: group.visitors.scenario() for group in fleet.groups}
        self._certificates = StationCertificates(StationTls())
        self._models = {group.name: _model(fleet, target, group) for group in fleet.groups}

    @property
    def elapsed(self) -> float:
        """Give the time of the run (s since its beginning)."""
        return trio.current_time() - self.tally.began_at

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Make the stations, go through the course (`task_status` hears when it begins), then end
        in order; also when cancelled.
        """
        pump = pumping() if self.world is None else nullcontext()
        with rare_collection(len(self.stations)):
            if self.world is None:
                await self._prepare()
            self.tally.began_at = trio.current_time()
            task_status.started()
            async with pump as self.pump:
                await self._follow_course()

    async def _prepare(self) -> None:
        """Make the stations, so that those of a steep ramp need only be put under power."""
        for number, station in enumerate(self.stations.values()):
            station.prepare()
            if number % _PREPARED == 0:
                await trio.lowlevel.checkpoint()

    async def _follow_course(self) -> None:
        async with trio.open_nursery() as always:
            always.start_soon(self.timers.run)
            always.start_soon(self._look)
            try:
                async with trio.open_nursery() as alive:
                    for number, deed in enumerate(self.course.deeds):
                        await self._until(self.tally.began_at + deed.at, number)
                        station = self.stations[deed.station]
                        if self.world is not None:
                            self.world.note_deed(deed, station.member)
                        station.undergo(deed, alive)
                    await trio.sleep_until(self.tally.began_at + self.course.seconds)
                    alive.cancel_scope.cancel()
            finally:
                self._finish()
            always.cancel_scope.cancel()

    async def _until(self, due: float, number: int) -> None:
        """Wait until the next deed. In a world of its own that is exact; a host wakes for those of
        some milliseconds together, as waking costs more than most deeds do, and what many stations
        do at once costs each of them less.
        """
        if self.world is not None:
            await trio.sleep_until(due)
        elif due > trio.current_time():
            await trio.sleep_until(due + _TOGETHER_SECONDS)
        elif number % _TOGETHER == 0:
            await trio.lowlevel.checkpoint()

    async def _look(self) -> None:
        """Note how things stand, once a tick; and how late this looks, as every timer would."""
        due = self.tally.began_at
        while True:
            due += self.tally.tick_seconds
            await trio.sleep_until(due)
            self.tally.lateness.add(trio.current_time() - due)
            self._note()

    @property
    def charging(self) -> int:
        """Count the EVSEs whose car takes power."""
        return sum(driver.is_taking_power for driver in self._drivers)

    def _note(self) -> None:
        second = self.tally.second_at(trio.current_time())
        second.online = self.online
        second.charging = self.charging
        second.queued = self._queued()

    def _queued(self) -> int:
        return sum(map(len, self._journals))

    def _finish(self) -> None:
        self.tally.still_queued = self._queued()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.tally.peak_memory_mib = usage.ru_maxrss / 1024
        self.tally.cpu_seconds = _cpu_seconds() - self._cpu_before

    # ---- what stations ask for

    def scenario(self, group: Group) -> VisitorSettings:
        return self._scenarios[group.name]

    def model(self, group: Group) -> DeviceModel:
        """Give the model that the group's stations begin with."""
        return self._models[group.name]

    def dial(self, member: Member, profile: NetworkProfile) -> Dial:
        """Give how this station reaches a central system."""
        group = member.group
        secret = self.fleet.secrets.passwords.get(group.name)
        password = profile.password.encode() if profile.password else None
        if password is None and secret is not None and profile.security_profile:
            password = secret.reveal()
        return Dial(
            url=profile.url,
            identity=profile.identity or member.identity,
            subprotocols=profile.offers(group.versions),
            password=password,
            local_address=local_address(profile.url, member.number),
            ssl_context=self._certificates.context(profile.security_profile)
            if profile.url.startswith("wss:")
            else None,
            connect_timeout=self.fleet.connect_timeout_seconds,
            settings=LinkSettings(close_timeout=CLOSE_TIMEOUT),
        )

    def open_journal(self, member: Member) -> Journal:
        if self.fleet.journal == "memory":
            return Journal.open(None)
        try:
            self.fleet.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failure(f"{self.fleet.directory}: cannot be made: {error.strerror}") from error
        return Journal.open(self.fleet.directory / f"{member.number:06}.sqlite", inline=True)

    def share_now(self, group: Group) -> float:
        """Give how many cars come now, of the busiest hour's."""
        return share_at(group, self.elapsed * _REAL_DAY / self.fleet.day_seconds)

    # ---- what stations tell

    def link_lost(self, reason: str) -> None:
        self.tally.failures[reason or "closed"] += 1


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _model(fleet: Fleet, target: str, group: Group) -> DeviceModel:
    """Make the model that a group's stations begin with."""
    profile = ConfiguredProfile(
        url=target,
        security_profile=group.security_profile,
        message_timeout_seconds=max(1.0, fleet.message_timeout_seconds),
    )
    station = Station(
        identity="fleet",
        versions=group.versions,
        vendor=group.vendor,
        model=group.model,
        evses=group.evses,
        network=Network(profiles=(profile,)),
        variables=group.variables,
        directory=Path(),
    )
    return device_model(station)
