"""Says one side of a recording to the other role, and compares what that answers.

The link is dialled, or awaited, when something is to be said, and closed where the log closes it.
Calls of the peer are answered as the log answers that action, in order. What the peer gives other
names than it did then, transactions, is called by its new name from there on.
"""

from collections import Counter
from collections.abc import Awaitable, Callable

import msgspec
import trio

from ...profiles.errors import ErrorCode
from ...profiles.family import Role
from ...profiles.trace import LinkChanged, Said
from ...profiles.trace.dialogue import other
from ...profiles.trace.said import within
from ..clock import Clock
from ..wire.link import Link
from ..wire.link_errors import LinkClosed
from .answers import Answers
from .compare import Difference, differences
from .hands import Hands
from .recording import Recording, Step
from .wire import ReplayWire

MeetPeer = Callable[[trio.Nursery], Awaitable[Link]]
"""Gives a link to the role that is replayed against, which lives in the nursery."""

_UNKNOWN: ErrorCode = "NotImplemented"
_REACTS_WITHIN = 3.0  # s of a clock that jumps, for what hands have done
_BOOT_PATIENCE = 60.0  # s in which a station that we play the CSMS of has to boot


class Options(msgspec.Struct, frozen=True, kw_only=True):
    role: Role
    """Whose side is said."""
    speed: float = 0.0
    """1: as it was recorded; 10: ten times as fast; 0: without waiting."""
    is_strict: bool = False
    timeout: float = 30.0  # s, for an answer


class Outcome(msgspec.Struct):
    """What came of a replay."""

    said: int = 0
    compared: int = 0
    unanswered_then: int = 0  # calls whose answer the log does not hold
    not_asked: Counter[str] = msgspec.field(default_factory=Counter)
    """Calls of the peer that the log holds and that did not come, by action."""
    lost_links: int = 0
    differences: list[Difference] = []
    steps: list[Step] = []
    """The recording, each call of the side that was said with the answer that came now."""


class Replay:
    """One run."""

    def __init__(
        self,
        recording: Recording,
        options: Options,
        meet: MeetPeer,
        clock: Clock,
        hands: Hands | None = None,
    ) -> None:
        """`hands` do at a station of ours what was done at the recorded one."""
        self.outcome = Outcome()
        self._clock = clock
        self._recording = recording
        self._options = options
        self._meet = meet
        self._wire: ReplayWire | None = None
        self._hands = hands
        self._answers = Answers(recording, options.role)  # of all links
        self._acted_on: ReplayWire | None = None
        self._met = 0  # links of a station, when we are the CSMS
        self._closed = 0  # those that the log has closed
        self._renamed: dict[object, object] = {}
        self._booted = trio.Event()
        self._arrived = trio.Event()  # a station, when we are the CSMS

    async def run(self) -> Outcome:
        """Say all of it. Raises Failure or LinkError where the peer cannot be met."""
        started = trio.current_time()
        async with trio.open_nursery() as nursery:
            if self._options.role == "csms":
                nursery.start_soon(self._receive_station, nursery)
            for number, step in enumerate(self._recording.steps):
                await self._pace(step, started)
                if self._hands is not None and self._hands.has_part_in(number):
                    await self._let_act(self._hands, number, nursery)
                if isinstance(step.item, LinkChanged):
                    await self._change_link(step.item)
                    self.outcome.steps.append(step)
                elif isinstance(step.item, Said):
                    self.outcome.steps.append(await self._do(step, step.item, nursery))
            if self._hands is not None:
                await trio.sleep(_REACTS_WITHIN)
            await self._hang_up()
            nursery.cancel_scope.cancel()
        self._count_missing()
        return self.outcome

    async def _pace(self, step: Step, started: float) -> None:
        at = getattr(step.item, "at", None)
        if self._options.speed and at is not None:
            due = started + (at - self._recording.began) / self._options.speed
            await trio.sleep_until(due)

    async def _let_act(self, hands: Hands, number: int, nursery: trio.Nursery) -> None:
        """Have done what was done for the station to say this, and let it react."""
        wire = await self._ready(nursery)
        if wire is not self._acted_on:
            await trio.sleep(_REACTS_WITHIN)  # it has only just come, or booted
            self._acted_on = wire
        hands.do(number)
        await trio.sleep(_REACTS_WITHIN)

    async def _do(self, step: Step, said: Said, nursery: trio.Nursery) -> Step:
        if said.by != self._options.role or not said.is_request:
            return step
        try:
            wire = await self._ready(nursery)
            if said.kind == "SEND":
                await wire.send(said.action, self._translated(said.payload))
                self.outcome.said += 1
                return step
            return await self._ask(wire, step, said)
        except LinkClosed:
            self.outcome.lost_links += 1
            self._compare(step, said, None)
            return msgspec.structs.replace(step, answer=None)

    async def _ask(self, wire: ReplayWire, step: Step, said: Said) -> Step:
        self.outcome.said += 1
        payload = self._translated(said.payload)
        answer = await wire.call(said.action, payload, self._options.timeout)
        if step.answer is not None and answer is not None:
            self._learn(step.answer.payload, answer.payload)
        self._compare(step, said, answer)
        return msgspec.structs.replace(step, answer=answer)

    def _compare(self, step: Step, said: Said, answer: Said | None) -> None:
        if step.is_repeat:
            return
        if step.answer is None:
            self.outcome.unanswered_then += 1
            return
        self.outcome.compared += 1
        found = differences(said, step.answer, answer, is_strict=self._options.is_strict)
        self.outcome.differences.extend(found)

    # ---- the link

    async def _ready(self, nursery: trio.Nursery) -> ReplayWire:
        """Give a link that stands: a new one is dialled, or a station's is awaited."""
        if self._options.role == "csms":
            if not self._booted.is_set() and self._answers.holds("BootNotification"):
                with trio.move_on_after(_BOOT_PATIENCE):
                    await self._booted.wait()
            while (wire := self._standing) is None:
                await self._arrived.wait()
            return wire
        if self._standing is None:
            self._wire = ReplayWire(await self._meet(nursery), "station", self._reply)
            nursery.start_soon(self._wire.run)
        assert self._wire is not None
        return self._wire

    @property
    def _standing(self) -> ReplayWire | None:
        wire = self._wire
        return wire if wire is not None and wire.link.closed is None else None

    async def _receive_station(self, nursery: trio.Nursery) -> None:
        """Serve the station whenever it comes."""
        while True:
            self._wire = ReplayWire(await self._meet(nursery), "csms", self._reply)
            self._met += 1
            self._arrived.set()
            await self._wire.run()
            self._arrived = trio.Event()

    async def _change_link(self, change: LinkChanged) -> None:
        """Close it where the log does, unless the station has left by itself, as for a reset."""
        if change.is_open:
            return
        self._closed += 1
        if self._hands is not None:
            await trio.sleep(_REACTS_WITHIN)
        if self._options.role == "station" or self._met <= self._closed:
            await self._hang_up()

    async def _hang_up(self) -> None:
        if self._wire is not None:
            await self._wire.link.close()
            self._wire = None

    # ---- the peer's calls

    def _reply(self, call: Said) -> list[object]:
        answer = self._answers.to(call)
        if answer is None:
            word = self._recording.version.word(_UNKNOWN)
            return [4, call.message_id, word, "the recording answers no such call", {}]
        if answer.kind == "CALLERROR":
            return [4, call.message_id, answer.error, answer.description, {}]
        if call.action == "BootNotification":
            self._booted.set()
        self._learn_started(call)
        return [3, call.message_id, self._at_present(answer.payload)]

    def _at_present(self, payload: object) -> object:
        """Give an answer with the time that it is now, lest a station's clock be set to the
        log's.
        """
        if isinstance(payload, dict) and "currentTime" in payload:
            now = self._clock.now().replace(microsecond=0).isoformat()
            return payload | {"currentTime": now.replace("+00:00", "Z")}
        return payload

    def _count_missing(self) -> None:
        recorded = Counter(
            step.item.action
            for step in self._recording.steps
            if isinstance(step.item, Said)
            and step.is_call_of(other(self._options.role))
            and not step.is_repeat
        )
        self.outcome.not_asked = recorded - self._answers.asked

    # ---- names

    def _learn(self, then: object, now: object) -> None:
        """1.6: the central system numbers transactions."""
        self._rename(within(then, "transactionId"), within(now, "transactionId"))

    def _learn_started(self, call: Said) -> None:
        """2.x: the station names them. The nth start at an EVSE now is the nth start then."""
        name = within(call.payload, "transactionInfo", "transactionId")
        if not isinstance(name, str) or within(call.payload, "eventType") != "Started":
            return
        if name in self._renamed.values():
            return  # told once more
        starts = [
            said.payload
            for said in (step.item for step in self._recording.steps if not step.is_repeat)
            if isinstance(said, Said)
            and said.by == other(self._options.role)
            and within(said.payload, "eventType") == "Started"
        ]
        waiting = [
            start
            for start in starts
            if isinstance(then := within(start, "transactionInfo", "transactionId"), str)
            and then not in self._renamed
        ]
        evse = within(call.payload, "evse", "id")
        same = [start for start in waiting if within(start, "evse", "id") == evse]
        for start in (same or waiting)[:1]:
            self._rename(within(start, "transactionInfo", "transactionId"), name)

    def _rename(self, then: object, now: object) -> None:
        if isinstance(then, int | str) and isinstance(now, int | str):
            self._renamed[then] = now

    def _translated(self, payload: object) -> object:
        """Give the payload with its transactions called as they are now."""
        if isinstance(payload, dict):
            return {
                name: self._renamed.get(value, value)
                if name == "transactionId" and isinstance(value, int | str)
                else self._translated(value)
                for name, value in payload.items()
            }
        if isinstance(payload, list):
            return [self._translated(each) for each in payload]
        return payload
