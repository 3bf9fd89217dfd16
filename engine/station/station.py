"""The charging station: its tree of charts, and what serves it.

Whatever happens reaches `deliver`; the tree decides; what shall be done is performed in order, an
EVSE at a time.
"""

import random
import uuid
from collections.abc import Awaitable, Callable, Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal, Protocol

import structlog
import trio

from ...drivers.display import Display, Tidings
from ...drivers.driver import Driver
from ...machines.effects import (
    AcceptToken,
    Effect,
    IgnoreFact,
    RefuseToken,
    RestartStation,
    ShowMessages,
)
from ...machines.events import (
    ConnectRequested,
    Event,
    ReconnectRequested,
    ResetRequested,
    TransactionDeauthorized,
)
from ...machines.meter import MeterSample
from ...machines.settings import Settings
from ...machines.station import Station
from ...profiles.authorization import TokenBook
from ...profiles.context import (
    CustomTrigger,
    NetworkProfileHook,
    StationContext,
    VendorAnswer,
    VendorHandler,
)
from ...profiles.contracts import Certificates
from ...profiles.custom_keys import customization
from ...profiles.device_model import Catalogue, Definition, DeviceModel, Key
from ...profiles.face import Identity
from ...profiles.network import Reach, guard
from ...profiles.report import Sample
from ...profiles.standard import SIGNING
from ...profiles.standard.places import EvseBuild, places
from ...profiles.telemetry import telemetry
from ..clock import Clock
from ..journal.journal import CSMS_IDS, Journal
from ..wire.session import SessionClosed
from .aligned import AlignedReadings
from .display import DisplayTask
from .effect_queue import EffectQueue
from .evse import EvseTask
from .monitors import Monitors
from .network import Network, OpenLink
from .passwords import Passwords
from .perform import PERFORM
from .record import Record
from .resetting import ANSWER_PATIENCE, Resetting
from .restart import recall, restore
from .security import Security
from .security_log import SecurityLog
from .storage import Storage
from .timekeeping import Timekeeping
from .timers import Timers
from .variables import Variables
from .watch import Watchers

log = structlog.get_logger()


class OnMessage(Protocol):
    """Sees every frame of the station's link, for a display or a message log."""

    def __call__(self, direction: str, text: str | bytes, at: float, /) -> None: ...


class Chance(Protocol):
    """Draws numbers; random.Random does."""

    def uniform(self, a: float, b: float, /) -> float: ...


CallOutcome = Literal["answered", "refused", "timed out", "lost"]
"""What became of a call: an answer; a CALLERROR, or an answer that is none; silence; no link."""
OnCall = Callable[[str, float, float, CallOutcome], None]
"""Hears of every call of the station's when it has ended: its action, when it was asked (its wait
for those before it follows) and when it ended, on Trio's clock, and what became of it.
"""


class ChargingStation:
    """A charging station at work.

    `connectors` and `drivers` are one an EVSE. `on_change` is called after everything that
    happened, for whoever shows the station. The station takes `journal`, `clock`, `timers` and
    chance from its owner, so that thousands can share them. `fixed_cables` are the EVSEs whose
    cables stay at the station.
    """

    __slots__ = (
        "_own_effects",
        "_own_timers",
        "aligned",
        "boot_reason",
        "chance",
        "clock",
        "context",
        "contract_roots",
        "display",
        "evses",
        "identity",
        "journal",
        "model",
        "monitors",
        "network",
        "on_call",
        "on_change",
        "on_message",
        "passwords",
        "records",
        "resetting",
        "security",
        "storage",
        "timekeeping",
        "timers",
        "tokens",
        "tree",
        "variables",
        "watchers",
    )

    def __init__(
        self,
        *,
        identity: Identity,
        open_link: OpenLink,
        connectors: Iterable[int],
        drivers: Iterable[Driver],
        model: DeviceModel,
        settings: Settings,
        journal: Journal,
        clock: Clock,
        timers: Timers | None = None,
        chance: Chance | None = None,
        new_transaction_id: Callable[[], str] | None = None,
        vendor_handlers: Mapping[str, VendorHandler] | None = None,
        custom_triggers: Mapping[str, CustomTrigger] | None = None,
        accept_network_profile: NetworkProfileHook | None = None,
        is_reset_allowed: Callable[[int], bool] | None = None,
        reach: Reach | None = None,
        on_message: OnMessage | None = None,
        on_change: Callable[[int, Event], None] | None = None,
        on_call: OnCall | None = None,
        boot_reason: str = "PowerUp",
        fixed_cables: Container[int] = (),
        contract_roots: Callable[[], Certificates] = tuple,
        display: Display | None = None,
        security_log: SecurityLog | None = None,
    ) -> None:
        self.identity = identity
        self.model = model
        self.journal = journal
        self.clock = clock
        self.chance: Chance = chance or random.Random()
        self.on_message = on_message
        self.on_change = on_change
        self.contract_roots = contract_roots
        self.display = None if display is None else DisplayTask(self, display)
        self.on_call = on_call
        self._own_timers = Timers() if timers is None else None
        self.timers = (timers or self._own_timers or Timers()).part()
        settings.has_master_pass_ui = display is not None and display.has_choice  # C16.FR.01-02
        new_id = new_transaction_id or _new_transaction_id
        self.tree = Station(settings, connectors, new_id, fixed_cables)
        self.evses = [EvseTask(self, n, driver) for n, driver in enumerate(drivers, start=1)]
        self.records = [Record(self, evse.evse_id) for evse in self.evses]
        self.aligned = AlignedReadings(self)
        self.storage = Storage(self)
        self.variables = Variables(self)
        self.timekeeping = Timekeeping(self)
        self.watchers = Watchers()
        self.tokens = TokenBook(model, journal.items("tokens"), journal.items("local_list"))
        _complete(model, self.evses, self.tree)
        model.complete(*customization(vendor_handlers or (), custom_triggers or ()))
        self.monitors = Monitors(self)
        self.context = StationContext(
            self.tree,
            model,
            self.tokens,
            self.csms_transaction,
            vendor_handlers or {},
            custom_triggers or {},
            now=clock.now,
            read_meter=self.read_meter,
            public_key=self.public_key,
            reports_waiting=self.reports_waiting,
            has_promised_enough=self.has_promised_enough,
            monitors=self.monitors.book,
            accept_network_profile=accept_network_profile,
            is_reset_allowed=is_reset_allowed,
            reach=reach,
        )
        model.observe(telemetry(tuple(len(e.connectors) for e in self.tree.evses)), self.context)
        self.security = Security(self, security_log)
        self.passwords = Passwords(self)
        guard(model, self.context.reach)
        self.network = Network(self, open_link)
        self.boot_reason = boot_reason
        self.resetting = Resetting(self)
        self._own_effects = EffectQueue(self)
        recall(self)

    async def run(
        self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> RestartStation:
        """Serve until cancelled, or until the CSMS wants the station to boot again; give that."""
        try:
            self._begin()
            task_status.started()
            tasks = list(self._tasks())
            if tasks:
                await self._run_beside(tasks)
            else:  # as thousands do
                await self.network.run()
        finally:
            self.timers.end()
            for evse in self.evses:
                evse.end()
        assert self.resetting.outcome is not None
        return self.resetting.outcome

    def _begin(self) -> None:
        """Do all that follows from power, up to the wish for a link."""
        for effects in restore(self):
            self.perform(effects)
        self.monitors.start()
        self.security.begin()
        for evse in self.evses:
            if evse.is_prompt:
                evse.begin()
        self.aligned.start()
        self.deliver(0, ConnectRequested())

    def _tasks(self) -> Iterator[Callable[[], Awaitable[None]]]:
        """Give what needs tasks of its own."""
        if self._own_timers is not None:
            yield self._own_timers.run
        for evse in self.evses:
            if not evse.is_prompt:
                yield evse.run
            if evse.signer.can_sign:
                yield evse.signer.run
        if self.display is not None:
            yield self.display.run

    async def _run_beside(self, tasks: Iterable[Callable[[], Awaitable[None]]]) -> None:
        async with trio.open_nursery() as nursery:
            for task in tasks:
                nursery.start_soon(task)
            await self.network.run()
            nursery.cancel_scope.cancel()

    def reconnect(self, *, is_first: bool) -> None:
        """Give the link that stands up for a new one, once the last answer has left it."""
        fact = ReconnectRequested(is_first)
        self.timers.start("reconnect", ANSWER_PATIENCE, lambda: self.deliver(0, fact))

    def cut_power(self) -> None:
        """Have `run` end at once, with nothing told and nothing more done."""
        self.resetting.end(RestartStation(boot_reason="PowerUp"))

    async def stop(self, reason: str, patience: float) -> None:
        """Have `run` end: end transactions for this reason, let nobody new start, and send what
        waits for at most `patience` seconds.
        """
        self.deliver(0, ResetRequested(False, reason, patience, "LocalReset"))
        with trio.move_on_after(patience):
            await self.resetting.until_due()

    # ---- what happens, and what follows

    def deliver(self, evse_id: int, fact: Event) -> None:
        """Let the tree decide upon a fact of an EVSE (0: of the station), and perform what
        follows.
        """
        effects = self.tree.handle(evse_id, fact)
        self.watchers.see(evse_id, fact)
        if effects:
            self.perform(effects)
        if self.on_change is not None:
            self.on_change(evse_id, fact)

    def deliver_to_transaction(self, transaction_id: str, fact: Event) -> None:
        """Deliver a fact about a transaction, if it still runs."""
        evse = self.tree.find_transaction(transaction_id)
        if evse is None:
            return
        settings = self.tree.settings
        energy = 0.0 if settings.stop_on_invalid_id else settings.max_energy_on_invalid_id
        if isinstance(fact, TransactionDeauthorized) and energy > 0:
            # E05.FR.03, 1.6 9.1.14: enough to drive away with comes first.
            record = self.records[evse.evse_id - 1]
            record.when_drawn(energy, lambda: self._deliver_late(transaction_id, fact))
        else:
            self.deliver(evse.evse_id, fact)

    def _deliver_late(self, transaction_id: str, fact: Event) -> None:
        evse = self.tree.find_transaction(transaction_id)
        if evse is not None:
            self.deliver(evse.evse_id, fact)

    def perform(self, effects: Iterable[Effect]) -> None:
        """Perform effects, those of each EVSE in order behind what already waits there."""
        touched: dict[int, EffectQueue] = {}
        for effect in effects:
            if type(effect) is IgnoreFact:  # a word for the log, which waits for nothing
                self.perform_one(effect, self._own_effects)
                continue
            evse_id: int = getattr(effect, "evse", 0)
            queue = touched[evse_id] = self._queue(evse_id)
            queue.add(effect)
        for queue in touched.values():
            queue.work()

    def perform_in_turn(self, evse_id: int, effect: Effect) -> None:
        """Perform an effect of an EVSE (0: of the station) behind what waits there."""
        queue = self._queue(evse_id)
        queue.add(effect)
        queue.work()

    def _queue(self, evse_id: int) -> EffectQueue:
        return self.evses[evse_id - 1].effects if evse_id else self._own_effects

    def perform_one(self, effect: Effect, queue: EffectQueue) -> None:
        PERFORM[type(effect)](self, effect, queue)

    # ---- what parts of the station ask of it

    def csms_transaction(self, transaction_id: str) -> str | None:
        """Give the CSMS's own id of a transaction, where it has given one."""
        kept = self.journal.get(CSMS_IDS, transaction_id)
        return None if kept is None else kept.decode()

    def reports_waiting(self, transaction_id: str | None) -> int:
        """Count the reports of a transaction, or of everything, that wait for their delivery."""
        if transaction_id is None:
            return self.journal.waiting_in("transactions")
        return self.journal.waiting_for(transaction_id)

    def intervals_changed(self) -> None:
        """Read meters at the intervals that hold now."""
        self.aligned.start()
        for record in self.records:
            record.intervals_changed()

    async def transfer_data(
        self, vendor_id: str, message_id: str | None = None, data: object = None
    ) -> VendorAnswer:
        """Tell the CSMS what OCPP has no message for, and give its status and data.

        1.6 4.3, P02; `data` is text in 1.6, any JSON in 2.x. Raises ValueError for other data, and
        CallFailed, also where no link stands.
        """
        face = self.network.face
        if face is None:
            raise SessionClosed("no link stands")
        request = face.data_transfer(vendor_id, message_id, data)
        return face.read_data_transfer(await self.network.call(request))

    def integer(self, name: str) -> int:
        """Give an integer variable by its name."""
        return self.model.integer(Key.parse(name))

    def keep_total_cost(self, evse_id: int, cost: float) -> None:
        """Keep what the CSMS says that a transaction costs so far, at the EVSE where it runs.

        A report of an earlier run may be about an EVSE that the station no longer has.
        """
        if evse_id <= len(self.records):
            self.records[evse_id - 1].total_cost = cost

    def tell_person(self, notice: AcceptToken | RefuseToken | ShowMessages) -> None:
        """Tell whoever stands there, where the EVSE's hardware can and at the station's display."""
        if 1 <= notice.evse <= len(self.evses):
            self.evses[notice.evse - 1].tell(notice)
        self.show(notice)

    def show(self, notice: Tidings) -> None:
        """Have the station's display show it, where there is one."""
        if self.display is not None:
            self.display.show(notice)

    def public_key(self, evse_id: int) -> str:
        """Give the key of an EVSE's meter."""
        return self.evses[evse_id - 1].signer.public_key

    def has_promised_enough(self) -> bool:
        """Say whether what was promised already keeps the link busy."""
        return self.network.triggered.has_promised_enough

    def read_meter(self, evse_id: int) -> MeterSample:
        return self.evses[evse_id - 1].read_meter()

    def triggered_samples(self, evse_id: int, measurands: Key) -> tuple[Sample, ...]:
        return self.records[evse_id - 1].triggered(measurands)


def _complete(model: DeviceModel, tasks: list[EvseTask], tree: Station) -> None:
    """Have variables for the EVSEs and connectors that the model's maker did not speak of."""
    built = tuple(
        EvseBuild(len(evse.connectors), signs=task.signer.can_sign)
        for evse, task in zip(tree.evses, tasks, strict=True)
    )
    model.complete(*_lacking(model.catalogue, built))


@lru_cache(64)  # builds of stations
def _lacking(catalogue: Catalogue, built: tuple[EvseBuild, ...]) -> tuple[Definition, ...]:
    """Give a build's variables that the model may have to be completed by."""
    signing = SIGNING if any(evse.signs for evse in built) else ()
    return tuple(each for each in (*signing, *places(built)) if _is_lacking(catalogue, each))


def _is_lacking(catalogue: Catalogue, wanted: Definition) -> bool:
    found = catalogue.find(wanted.key)
    if found is None:
        return True
    standing = catalogue.definitions[found]
    has_default = standing.default is not None or wanted.default is None
    return standing.type != wanted.type or not has_default


def _new_transaction_id() -> str:
    return str(uuid.uuid4())  # E01.FR.08
