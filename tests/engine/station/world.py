"""A whole station against a scripted central system: a link in memory, virtual time."""

import json
import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import trio

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.clock import Clock
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.link_errors import ConnectionRefused
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import Session
from pilotwire.machines.settings import Settings
from pilotwire.profiles.device_model import DeviceModel, Key, Value
from pilotwire.profiles.face import Identity
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import NetworkProfile, variable
from pilotwire.profiles.standard import STANDARD

from ...trace import Trace

START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC
Rule = Callable[[Any], Any]


class ScriptedCsms:
    """Answers as told: a friendly answer to everything, but for the rules of a test."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rules: dict[type, Rule] = {}
        self.received: list[Any] = []  # but for security events, which any boot brings
        self.security_events: list[Any] = []
        self.session: Session | None = None
        self.link: Link | None = None
        self.is_reachable = True
        self.links = 0
        self.next_transaction_id = 1

    def on(self, request: type, rule: Rule) -> None:
        """Answer these requests by the rule: it gives a response, an awaitable, or raises."""
        self.rules[request] = rule

    def answer(self, request: Any) -> Any:
        is_security_event = request.action == "SecurityEventNotification"
        (self.security_events if is_security_event else self.received).append(request)
        rule = self.rules.get(type(request))
        return self.friendly(request) if rule is None else rule(request)

    def friendly(self, request: Any) -> Any:
        accepted = v16.IdTagInfo(status="Accepted")
        match request:
            case v16.BootNotificationRequest():
                return boot_answer("Accepted", self.now)
            case v16.HeartbeatRequest():
                return v16.HeartbeatResponse(current_time=self.now)
            case v16.AuthorizeRequest():
                return v16.AuthorizeResponse(id_tag_info=accepted)
            case v16.StartTransactionRequest():
                self.next_transaction_id += 1
                return v16.StartTransactionResponse(
                    id_tag_info=accepted, transaction_id=self.next_transaction_id
                )
            case _:
                return type(request).response()

    @property
    def now(self) -> datetime:
        return self.clock.now().replace(microsecond=0)

    async def call(self, request: Any) -> Any:
        assert self.session is not None
        return await self.session.call(request)

    def of(self, *kinds: type) -> list[Any]:
        """What was received of these kinds."""
        return [request for request in self.received if isinstance(request, kinds)]

    def actions(self) -> list[str]:
        return [request.action for request in self.received]

    def statuses(self, connector_id: int) -> list[str]:
        told = self.of(v16.StatusNotificationRequest)
        return [request.status for request in told if request.connector_id == connector_id]

    def forget(self) -> None:
        self.received.clear()

    async def drop(self) -> None:
        """Be away: the link breaks, and no dial succeeds."""
        self.is_reachable = False
        if self.link is not None:
            await self.link.close(1001)

    def come_back(self) -> None:
        self.is_reachable = True


def boot_answer(status: Any, now: datetime, interval: int = 300) -> v16.BootNotificationResponse:
    return v16.BootNotificationResponse(status=status, current_time=now, interval=interval)


def invalid(request: v16.StartTransactionRequest) -> v16.StartTransactionResponse:
    """Start, but refuse the token."""
    info = v16.IdTagInfo(status="Invalid")
    return v16.StartTransactionResponse(id_tag_info=info, transaction_id=9)


class World:
    """A station with simulated EVSEs and its scripted central system."""

    def __init__(
        self,
        journal: Journal | None = None,
        connectors: tuple[int, ...] = (1, 1),
        drivers: list[Any] | None = None,
        variables: dict[str, Value] | None = None,
        model: DeviceModel | None = None,
    ) -> None:
        self.csms = ScriptedCsms(Clock(START))
        self.clock = Clock(START)
        self.journal = journal or Journal.open(None, inline=True)
        self.drivers = drivers or [SimulatedEvse() for _ in connectors]
        self.messages: list[tuple[str, Any]] = []
        self.trace = Trace(is_complete=journal is None)
        model = model or DeviceModel(STANDARD)
        if not model.value(variable(1, "OcppCsmsUrl")):
            model.configure(variable(1, "OcppCsmsUrl"), "ws://csms.example")
        for name, value in (variables or {}).items():
            model.configure(Key.parse(name), value)
        self.station = ChargingStation(
            identity=Identity(vendor="Vendor", model="Model", serial_number="S-1"),
            open_link=self.open_link,
            connectors=connectors,
            drivers=self.drivers,
            model=model,
            settings=Settings(),
            journal=self.journal,
            clock=self.clock,
            chance=random.Random(1),
            on_message=self._note,
        )

    def _note(self, direction: str, text: str | bytes, at: float) -> None:
        self.trace.frame(direction, text, at)
        self.messages.append((direction, json.loads(text)))

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        if not self.csms.is_reachable:
            raise ConnectionRefused("nobody there")
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        self.csms.links += 1
        self.csms.link = far
        self.csms.session = Session(far, OCPP_16, "csms", self.csms.answer)
        self.trace.link(is_open=True, at=trio.current_time())
        nursery.start_soon(self._talk, self.csms.session)
        return near

    async def _talk(self, session: Session) -> None:
        try:
            await session.run()
        finally:
            self.trace.link(is_open=False, at=trio.current_time())

    async def charge(self, evse: int = 1, token: str = "DEADBEEF", ev: Ev | None = None) -> None:
        """A car comes and charges."""
        self.drivers[evse - 1].plug_in(ev or Ev())
        await trio.sleep(1)
        self.drivers[evse - 1].present_token(token)
        await trio.sleep(1)
