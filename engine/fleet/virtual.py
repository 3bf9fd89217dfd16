"""A fleet in virtual time: stations and a central system in one task scheduler, without a socket, a
thread or any chance but the seed's. Days pass in seconds, and the same seed brings the same bytes.
"""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

import trio

from ...profiles.family import VERSIONS
from ..central.central import CentralSystem, Policy
from ..central.store import Store
from ..clock import Clock
from ..config import Central
from ..durations import seconds_of
from ..station.station import OnMessage
from ..wire.identity import chosen_version
from ..wire.link import NORMAL, close_when_cancelled
from ..wire.link_errors import NoSubprotocol
from .faults import LineFaults
from .fleet_log import FleetLog
from .line import Carriage, Line, SimulatedLink
from .plan import Deed, Member
from .run import FleetUnusable, Run, Show, cancel_when
from .settings import Fleet
from .tally import Tally
from .worker import Worker

_TARGET = "ws://memory"
_LARGEST_ID = 2**31 - 1


def duration(text: str) -> float:
    """Read a duration like 30d, 12h, 90m, 45s or 1d12h (gives s). Raises FleetUnusable."""
    try:
        return seconds_of(text)
    except ValueError as error:
        raise FleetUnusable(f"--virtual {text}: {error}") from error


def check(fleet: Fleet) -> None:
    """Raise FleetUnusable for what has no place in a virtual world."""
    for is_wrong, problem in (
        (fleet.target != "embedded", 'target: only "embedded"'),
        (fleet.workers != 1, "workers: only 1"),
        (fleet.journal != "memory", 'journal: only "memory"'),
        (fleet.metrics.port is not None, "metrics.port: there is nobody to ask"),
        (
            any(group.security_profile for group in fleet.groups),
            "security_profile: only 0, links in memory have neither passwords nor TLS",
        ),
    ):
        if is_wrong:
            raise FleetUnusable(f"with --virtual, {problem}")


# ---- the world


class World:
    """What there is in place of sockets and the host's clock."""

    def __init__(self, fleet: Fleet, nursery: trio.Nursery, log: FleetLog | None) -> None:
        """Lines and the central system live in the nursery."""
        self.clock = Clock(fleet.begins_at.timestamp())
        self.store = Store.open(None)
        self._fleet = fleet
        self._nursery = nursery
        self._log = log
        self._began_at = trio.current_time()
        self._carriage = Carriage()
        self._faults: dict[int, LineFaults] = {}
        self._transactions = random.Random(f"transactions {fleet.seed}")
        draw = _draws(random.Random(f"central {fleet.seed}"))
        settings = Central(heartbeat_seconds=fleet.heartbeat_seconds)
        self.central = CentralSystem(
            settings, self.clock, self.store, policy=Policy(draw_transaction_id=draw)
        )
        nursery.start_soon(self._carriage.run)

    def new_transaction_id(self) -> str:
        return str(UUID(bytes=self._transactions.randbytes(16), version=4))  # E01.FR.08

    def on_message(self, member: Member) -> OnMessage | None:
        return None if self._log is None else self._log.of(member)

    def note_deed(self, deed: Deed, member: Member) -> None:
        """Tell the log what is done to a station."""
        drawn = deed.away_seconds or deed.step_seconds
        self._note(member, f"{deed.kind} {drawn:.3f} s" if drawn else deed.kind)

    def _note(self, member: Member, what: str) -> None:
        if self._log is not None:
            self._log.note(member, what)

    async def open_line(self, member: Member, nursery: trio.Nursery) -> Line:
        """Dial: the station's end lives in the nursery. Raises NoSubprotocol."""
        await trio.lowlevel.checkpoint()
        accepted = [VERSIONS[name] for name in self.central.settings.versions]
        version = chosen_version(member.group.versions, accepted)
        if version is None:
            raise NoSubprotocol("the server agreed to none of the offered subprotocols")
        line = Line(version.subprotocol, self._carriage, self._faults_of(member))
        if self._log is not None:
            self._log.link_changed(member, is_open=True)
            line.station.on_end = partial(self._log.link_changed, member, is_open=False)
        settings = self.central.policy.link
        line.central.set_ping_interval(settings.ping_interval, settings.pong_timeout)
        nursery.start_soon(close_when_cancelled, line.station)
        self._nursery.start_soon(self._serve, line.central, member.identity)
        return line

    async def _serve(self, link: SimulatedLink, identity: str) -> None:
        await self.central.accept(link, identity)
        link.hang_up(NORMAL, "")

    def _faults_of(self, member: Member) -> LineFaults:
        found = self._faults.get(member.number)
        if found is None:
            faults = [fault for fault in self._fleet.faults if fault.concerns(member.group.name)]
            found = self._faults[member.number] = LineFaults(
                faults,
                random.Random(f"line {self._fleet.seed} {member.number}"),
                lambda: trio.current_time() - self._began_at,
                lambda what: self._note(member, what),
            )
        return found


def _draws(chance: random.Random) -> Callable[[], int]:
    return lambda: chance.randint(1, _LARGEST_ID)


class VirtualRun(Run):
    """A run in a virtual world."""

    def __init__(self, fleet: Fleet, log: Path | None = None) -> None:
        """Raises FleetUnusable."""
        check(fleet)
        super().__init__(fleet)
        self.target = "embedded, virtual"
        self.world: World | None = None
        """There from the beginning of the run on, and still at its end."""
        self._log_file = log

    async def go(self, show: Show, stopping: trio.Event) -> Tally:
        self._began_at = trio.current_time()
        with FleetLog.open(self._log_file, self.fleet) as log:
            async with trio.open_nursery() as beside:
                world = self.world = World(self.fleet, beside, log)
                worker = self._workers = Worker(self.fleet, _TARGET, self.course, world=world)
                beside.start_soon(show, self)
                beside.start_soon(cancel_when, stopping, beside.cancel_scope)
                await worker.run()
                beside.cancel_scope.cancel()
        return self.tally()
