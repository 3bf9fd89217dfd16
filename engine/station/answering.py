"""What the station answers its CSMS: a request to its handler, the answer, and what follows it."""

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

import trio

from ...profiles.context import Awaited, Deferred, Durable
from ...profiles.errors import InternalError, NotSupported, SecurityError, Silence
from ...profiles.face import AnyRequest
from ..wire.session import Reply

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation


class Answering:
    """Answers in the words of the version that is spoken."""

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network

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
        try:
            answer = handler(context, request)
        except BaseException:
            context.take_effects()
            raise
        if isinstance(answer, Awaited):
            return self._await_hardware(answer)
        if isinstance(answer, Deferred):
            return self._await_vendor(answer)
        if isinstance(answer, Durable):
            return self._await_commit(answer)
        effects = context.take_effects()
        return answer, partial(self.station.perform, effects)

    async def _await_hardware(self, awaited: Awaited) -> Reply:
        watchers = self.station.watchers
        watch = watchers.expect(awaited.evse, awaited.connector, awaited.answers)
        self.station.perform(awaited.effects)
        fact = await watchers.wait(watch, awaited.seconds)
        return awaited.otherwise if fact is None else awaited.answers[type(fact)]

    async def _await_commit(self, durable: Durable) -> Reply:
        journal, committed = self.station.journal, trio.Event()
        before = {key: journal.get(durable.space, key) for key in durable.changes}
        is_kept = False

        def then(succeeded: bool) -> None:
            nonlocal is_kept
            is_kept = succeeded
            if succeeded:
                durable.apply()
            else:  # the journal will try again, and shall then write what still holds
                journal.put_all(durable.space, before)
            committed.set()

        journal.put_all(durable.space, durable.changes, then)
        await committed.wait()
        return durable.response if is_kept else durable.otherwise

    async def _await_vendor(self, deferred: Deferred) -> Reply:
        with trio.move_on_after(deferred.seconds):
            return deferred.response(await deferred.answer)
        raise InternalError(f"the vendor's handler gave no answer in {deferred.seconds:g} s")
