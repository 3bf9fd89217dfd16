"""What the station answers its CSMS: a request to its handler, the answer, and what follows it."""

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

import trio

from ...machines.effects import Effect
from ...profiles.context import Awaited, Deferred, Durable, KeepVariable, Kept
from ...profiles.errors import InternalError, NotSupported, SecurityError, Silence
from ...profiles.face import AnyRequest
from ..wire.session import Reply

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

_COMMIT_SECONDS = 10.0  # that an answer waits for the disk


class Answering:
    """Answers in the words of the version that is spoken."""

    __slots__ = ("_committed", "_committing", "_is_handling", "network", "station")

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network
        self._is_handling = False
        self._committing = 0  # answers that wait for the journal
        self._committed: trio.Event | None = None  # while somebody waits for it

    def answer(self, request: AnyRequest) -> Reply | Awaitable[Reply]:
        """Answer, at once or later; effects are performed once the answer is on its way."""
        face, context = self.network.face, self.station.context
        assert face is not None
        if self.station.tree.registration.is_in("rejected"):
            if not face.ANSWERS_WHEN_REJECTED:
                raise Silence
            raise SecurityError("the station was rejected")
        handler = face.HANDLERS.get(type(request))
        if handler is None:
            raise NotSupported(f"{request.action} is not supported")
        self._is_handling = True
        try:
            answer = handler(context, request)
        except BaseException:
            context.take_effects()
            raise
        finally:
            self._is_handling = False
        if isinstance(answer, Awaited):
            return self._await_hardware(answer)
        if isinstance(answer, Deferred):
            return self._await_vendor(answer)
        if isinstance(answer, Durable):
            return self._await_commit(answer)
        effects = context.take_effects()
        if isinstance(answer, Kept):
            return self._await_journal(answer, effects)
        variables = [effect for effect in effects if isinstance(effect, KeepVariable)]
        if not variables:
            return answer, partial(self.station.perform, effects)
        self.station.perform(variables)
        others = [effect for effect in effects if not isinstance(effect, KeepVariable)]
        self._committing += 1  # at once: what follows must not come before it
        return self._once_committed((answer, partial(self.station.perform, others)))

    async def _await_hardware(self, awaited: Awaited) -> Reply:
        watchers = self.station.watchers
        watch = watchers.expect(awaited.evse, awaited.connector, awaited.answers)
        self.station.perform(awaited.effects)
        fact = await watchers.wait(watch, awaited.seconds)
        return awaited.otherwise if fact is None else awaited.answers[type(fact)]

    async def _await_commit(self, durable: Durable) -> Reply:
        space: str = durable.space
        rows = {(space, key): value for key, value in durable.changes.items()}
        is_kept = await self.station.journal.keep(rows, durable.apply)
        return durable.response if is_kept else durable.otherwise

    async def _once_committed(self, reply: Reply) -> Reply:
        """Do not say that a variable is set before it stays so; a file that does not take it is
        told of elsewhere.
        """
        try:
            with trio.move_on_after(_COMMIT_SECONDS):
                await self.station.journal.committed()
        finally:
            self._committing -= 1
            if self._committed is not None:
                self._committed.set()
                self._committed = None
        return reply

    @property
    def comes_first(self) -> bool:
        """Say whether an answer is in the making, or waits for the disk: what follows from what it
        changes must not leave before it.
        """
        return self._is_handling or self._committing > 0

    async def until_committed(self) -> None:
        """Let answers that wait for the disk go before what follows from them."""
        while self._committing:
            if self._committed is None:
                self._committed = trio.Event()
            await self._committed.wait()

    async def _await_journal(self, kept: Kept, effects: list[Effect]) -> Reply:
        if not await self.station.variables.keep_first(kept.values, at_boot=kept.at_boot):
            return kept.otherwise
        return kept.response, partial(self.station.perform, effects)

    async def _await_vendor(self, deferred: Deferred) -> Reply:
        with trio.move_on_after(deferred.seconds):
            return deferred.response(await deferred.answer)
        raise InternalError(f"the vendor's handler gave no answer in {deferred.seconds:g} s")
