"""An EVSE whose hardware is a program behind a socket: a driver that passes on and remembers.

While no program is there and ready, every connector is Faulted, and commands are remembered; a
program that comes gets the limit, the locks and an open contactor, tells how things stand, and is
then taken into service. The contactor closes again only by a new command of the station's.
"""

import structlog
import trio

from ...machines.effects import (
    CloseContactor,
    Command,
    LockConnector,
    OpenContactor,
    SetLimit,
    UnlockConnector,
)
from ...machines.events import CablePlugged, CableUnplugged, FaultCleared, FaultRaised, UnlockFailed
from ...machines.meter import MeterSample
from ..driver import Report
from .conversation import Conversation, Refused
from .door import Door, DoorError
from .messages import (
    VERSION,
    Hello,
    Message,
    MeterRead,
    NotUnderstood,
    ReadingNotSigned,
    ReadingSigned,
    Ready,
    fact_of,
)

log = structlog.get_logger()

PING_SECONDS = 5.0
_OTHER_REGISTERS = (
    "energy_export",
    "energy_reactive_import",
    "energy_reactive_export",
    "energy_apparent_import",
    "energy_apparent_export",
)


class OutsideEvse:
    """A `Driver` whose hardware is outside.

    `energy_import` (Wh) is the register's last known value, which stands until the first reading.
    """

    def __init__(
        self,
        door: Door,
        *,
        evse_id: int,
        connectors: int = 1,
        energy_import: float = 0.0,
        ping_seconds: float = PING_SECONDS,
    ) -> None:
        self._door = door
        self._hello = Hello(
            version=VERSION, evse=evse_id, connectors=connectors, ping_seconds=ping_seconds
        )
        self._sample = MeterSample(energy_import=energy_import)
        self._limit: SetLimit | None = None
        self._locks: dict[int, LockConnector | UnlockConnector] = {}
        self._program: Program | None = None
        self._report: Report = _nobody

    @property
    def is_ready(self) -> bool:
        """Say whether a program serves the EVSE."""
        return self._program is not None and self._program.is_ready

    def read_meter(self) -> MeterSample:
        """Give the program's last reading; without a program, only its registers."""
        return self._sample

    async def run(self, commands: "trio.MemoryReceiveChannel[Command]", report: Report) -> None:
        """Pass on what is said until cancelled, or until the commands end. Raises DoorError."""
        self._report = report
        self._fault("no program yet")
        problem: DoorError | None = None

        async def serve() -> None:
            nonlocal problem
            try:
                await self._door.serve(self._meet)
            except DoorError as error:
                problem = error  # raised below, so that it comes as itself and not in a group
                nursery.cancel_scope.cancel()

        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(serve)
                async for command in commands:
                    self._obey(command)
                nursery.cancel_scope.cancel()
        finally:
            self._report = _nobody
            self._part()
        if problem is not None:
            raise problem

    # ---- down

    def _obey(self, command: Command) -> None:
        match command:
            case SetLimit():
                self._limit = command
            case LockConnector() | UnlockConnector():
                self._locks[command.connector] = command
            case CloseContactor() if not self.is_ready:
                return  # the fault that this is has not reached the charts yet
        if self._program is not None:
            self._program.conversation.say(command)
        elif isinstance(command, UnlockConnector):
            self._report(UnlockFailed(command.connector))

    def _bring_up(self, conversation: Conversation) -> None:
        """Bring a program to where the station's commands are; the contactor stays open."""
        conversation.say(OpenContactor(self._hello.evse))
        if self._limit is not None:
            conversation.say(self._limit)
        for lock in self._locks.values():
            conversation.say(lock)

    # ---- up

    async def _meet(self, stream: trio.abc.Stream) -> None:
        await Conversation(stream, self._hello, self).run()

    def parted(self, conversation: Conversation) -> None:
        if self._program is not None and self._program.conversation is conversation:
            log.warning("hardware_lost", evse=self._hello.evse, why=conversation.ending)
            self._part()
            self._fault(conversation.ending)
        else:
            log.warning("hardware_refused", evse=self._hello.evse, why=conversation.ending)

    def greeted(self, conversation: Conversation, hello: Hello) -> None:
        if self._program is not None:
            raise Refused(f"EVSE {self._hello.evse} has its program already")
        self._program = Program(conversation, hello)
        conversation.farewell = OpenContactor(self._hello.evse)
        log.info("hardware_connected", evse=self._hello.evse)
        self._bring_up(conversation)

    def _part(self) -> None:
        """Go on without a program: its meter's registers are all that still holds."""
        self._program = None
        self._sample = MeterSample(
            energy_import=self._sample.energy_import,
            **{name: getattr(self._sample, name) for name in _OTHER_REGISTERS},
        )

    def _fault(self, why: str) -> None:
        for connector in self._numbers():
            self._report(FaultRaised(connector, "InternalError", f"hardware: {why}"[:50]))

    def heard(self, message: Message) -> None:
        program = self._program
        assert program is not None  # a conversation tells nothing before its hello
        connector = getattr(message, "connector", 1)
        if connector not in self._numbers():
            raise NotUnderstood(
                f"connector {connector} of {type(message).__name__}: "
                f"this EVSE has {self._hello.connectors}"
            )
        if isinstance(message, ReadingSigned | ReadingNotSigned):
            raise NotUnderstood(f"no reading {message.number} is to be signed")
        if isinstance(message, MeterRead):
            self._sample = program.read(message.sample(), self._sample)
        elif isinstance(message, Ready):
            self._take_into_service(program)
        else:
            self._pass_up(program, message)

    def _pass_up(self, program: "Program", message: Message) -> None:
        fact = fact_of(message)
        assert fact is not None, message
        match fact:
            case CablePlugged(connector=connector) | CableUnplugged(connector=connector):
                program.cables_told.add(connector)
            case FaultRaised(connector=connector):
                program.faulted.add(connector)
            case FaultCleared(connector=connector):
                program.faulted.discard(connector)
                if not program.is_ready:
                    return  # until then the connector is Faulted whatever the program says
        self._report(fact)

    def _take_into_service(self, program: "Program") -> None:
        if not program.has_read:
            raise NotUnderstood("Ready: a MeterRead must come before it")
        for connector in self._numbers():
            if connector not in program.cables_told:
                raise NotUnderstood(
                    "Ready: CablePlugged or CableUnplugged must come before it, "
                    f"for connector {connector}"
                )
        if program.is_ready:
            return
        program.is_ready = True
        for connector in self._numbers():
            if connector not in program.faulted:
                self._report(FaultCleared(connector))

    def _numbers(self) -> range:
        return range(1, self._hello.connectors + 1)


class Program:
    """What the program that is connected has told of its hardware so far."""

    def __init__(self, conversation: Conversation, hello: Hello) -> None:
        self.conversation = conversation
        self.public_key = hello.public_key
        self.is_ready = False
        self.has_read = False
        self.cables_told: set[int] = set()
        self.faulted: set[int] = set()
        self._has_new_meter = hello.new_meter

    def read(self, sample: MeterSample, last: MeterSample) -> MeterSample:
        """Take a reading. Raises NotUnderstood for a register that runs back."""
        if not self._has_new_meter:
            for name in ("energy_import", *_OTHER_REGISTERS):
                before, now = getattr(last, name), getattr(sample, name)
                if before is not None and now is not None and now < before:
                    raise NotUnderstood(
                        f"{name} of MeterRead: {now:g} is less than {before:g}, "
                        "and a register never runs back"
                    )
        self.has_read, self._has_new_meter = True, False
        return sample


def _nobody(fact: object) -> None:
    """Take a fact while the driver is not run."""
