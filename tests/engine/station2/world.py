"""A whole station against a scripted CSMS that speaks 2.0.1 or 2.1 (or 1.6, for changes between
them): links in memory, virtual time, every frame checked by the official schemas.
"""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import trio

from pilotwire.drivers.ev import Ev
from pilotwire.drivers.hardware import EvseHardware
from pilotwire.drivers.simulator import SimulatedEvse
from pilotwire.engine.clock import Clock
from pilotwire.engine.hardware import extend
from pilotwire.engine.journal.journal import Journal
from pilotwire.engine.station.station import ChargingStation
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.link_errors import ConnectionRefused
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import Session
from pilotwire.machines.effects import RestartStation
from pilotwire.machines.settings import Settings
from pilotwire.profiles.device_model import Definition, DeviceModel, Key, Value
from pilotwire.profiles.face import Identity
from pilotwire.profiles.family import VERSIONS
from pilotwire.profiles.messages import of, v16
from pilotwire.profiles.network import NetworkProfile, variable
from pilotwire.profiles.standard import SLOTS, standard

from ...trace import Trace
from .schemas import problem

START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC
Rule = Callable[[Any], Any]
Number = Literal["2.0.1", "2.1"]


class ScriptedCsms:
    """Answers as told: a friendly answer to everything, but for the rules of a test."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rules: dict[str, Rule] = {}
        self.received: list[Any] = []  # but for security events, which any boot brings
        self.security_events: list[Any] = []
        self.session: Session | None = None
        self.link: Link | None = None
        self.is_reachable = True

    def on(self, action: str, rule: Rule) -> None:
        """Answer this action by the rule: it gives a response, an awaitable, or raises."""
        self.rules[action] = rule

    def answer(self, request: Any) -> Any:
        is_security_event = request.action == "SecurityEventNotification"
        (self.security_events if is_security_event else self.received).append(request)
        rule = self.rules.get(request.action)
        return self.friendly(request) if rule is None else rule(request)

    def friendly(self, request: Any) -> Any:
        response = request.response
        match request.action:
            case "BootNotification":
                return response(status="Accepted", current_time=self.now, interval=300)
            case "Heartbeat":
                return response(current_time=self.now)
            case "Authorize" if isinstance(request, v16.AuthorizeRequest):
                return response(id_tag_info=v16.IdTagInfo(status="Accepted"))
            case "Authorize":
                return response(id_token_info=self.info(request))
            case "TransactionEvent" if request.id_token:
                return response(id_token_info=self.info(request))
            case "StartTransaction":
                return response(id_tag_info=v16.IdTagInfo(status="Accepted"), transaction_id=7)
            case _:
                return response()

    def info(self, request: Any, status: str = "Accepted", **more: Any) -> Any:
        """An idTokenInfo in the words of the request's version."""
        number: Number = "2.1" if type(request).__module__.endswith("v21") else "2.0.1"
        return of(number).IdTokenInfoType(status=status, **more)  # type: ignore[arg-type]

    @property
    def now(self) -> Any:
        return self.clock.now().replace(microsecond=0)

    async def call(self, request: Any) -> Any:
        assert self.session is not None
        return await self.session.call(request)

    def of(self, *actions: str) -> list[Any]:
        """What was received of these actions."""
        return [request for request in self.received if request.action in actions]

    def actions(self) -> list[str]:
        return [request.action for request in self.received]

    def events(self, *kinds: str) -> list[Any]:
        """The transaction events, those of these kinds."""
        told = self.of("TransactionEvent")
        return [event for event in told if not kinds or event.event_type in kinds]

    def statuses(self, evse: int = 1, connector: int = 1) -> list[str]:
        """What was told of a connector, as statuses or as events (2.1 G01)."""
        told = [each for request in self.received for each in _statuses(request)]
        return [status for place, status in told if place == (evse, connector)]

    def forget(self) -> None:
        self.received.clear()

    async def drop(self) -> None:
        """Be away: the link breaks, and no dial succeeds."""
        self.is_reachable = False
        if self.link is not None:
            await self.link.close(1001)

    def come_back(self) -> None:
        self.is_reachable = True


def _statuses(request: Any) -> Iterator[tuple[tuple[int, int], str]]:
    if request.action == "StatusNotification":
        yield (request.evse_id, request.connector_id), request.connector_status
    elif request.action == "NotifyEvent":
        for data in request.event_data:
            names = (data.component.name, data.variable.name)
            if names == ("Connector", "AvailabilityState") and not data.variable_monitoring_id:
                place = data.component.evse
                yield (place.id, place.connector_id), data.actual_value


class World:
    """A station with simulated EVSEs and its scripted CSMS. `subprotocol` is what is agreed upon
    at the next link. One that `reboots` starts anew where a reset ends its run, with what the
    journal kept; its CSMS and its hardware stay.
    """

    def __init__(
        self,
        number: Number = "2.0.1",
        journal: Journal | None = None,
        connectors: tuple[int, ...] = (1, 1),
        variables: dict[str, Value] | None = None,
        drivers: list[Any] | None = None,
        own_variables: tuple[Definition, ...] = (),
        reboots: bool = False,
        boot_reason: str = "PowerUp",
        slots: tuple[int, ...] = SLOTS,
        **more: Any,
    ) -> None:
        self.number = number
        self.v2: Any = of(number)  # 2.0.1 or 2.1: tests read both
        self.subprotocol = f"ocpp{number}"
        self.tells_status_by = "NotifyEvent" if number == "2.1" else "StatusNotification"
        self.clock = Clock(START)
        self.csms = ScriptedCsms(Clock(START))
        self.journal = journal or Journal.open(None, inline=True)
        self.drivers = drivers or [
            SimulatedEvse(EvseHardware(connectors=count)) for count in connectors
        ]
        self.messages: list[tuple[str, Any]] = []
        self.violations: list[str] = []
        self.trace = Trace(is_complete=journal is None)
        self.outcomes: list[RestartStation] = []
        self.reboots = reboots
        self._called: dict[str, str] = {}
        self._power = trio.CancelScope()
        self._connectors = connectors
        self._variables = variables or {}
        self._own_variables = own_variables
        self._slots = slots
        self._more = more
        self.switch_on(boot_reason)

    def switch_on(self, boot_reason: str) -> None:
        """Make the station, with what the journal has kept of its last run."""
        model = DeviceModel((*standard(self._slots), *self._own_variables))
        model.configure(variable(1, "OcppCsmsUrl"), "ws://csms.example")
        extend(model, self.drivers)
        for name, value in self._variables.items():
            model.configure(Key.parse(name), value)
        self.model = model
        self.station = ChargingStation(
            identity=Identity(
                vendor="Vendor",
                model="Model",
                serial_number="S-1",
                firmware_version="1.2",
                iccid="89310000000000000001",
            ),
            open_link=self.open_link,
            connectors=self._connectors,
            drivers=self.drivers,
            model=model,
            settings=Settings(),
            journal=self.journal,
            clock=self.clock,
            chance=random.Random(1),
            on_message=self._note,
            boot_reason=boot_reason,
            **self._more,
        )

    def _note(self, direction: str, text: str | bytes, at: float) -> None:
        self.trace.frame(direction, text, at)
        frame = json.loads(text)
        self.messages.append((direction, frame))
        if frame[0] == 2 and direction == "received":
            self._called[frame[1]] = frame[2]
        elif frame[0] == 2:
            self._check(f"{frame[2]}Request", frame[3])
        elif frame[0] == 3 and direction == "sent":
            self._check(f"{self._called[frame[1]]}Response", frame[2])

    def _check(self, schema: str, payload: dict[str, Any]) -> None:
        found = problem(self.subprotocol, schema, payload)
        if found is not None:
            self.violations.append(found)

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        if not self.csms.is_reachable:
            raise ConnectionRefused("nobody there")
        near, far = await memory_link_pair(nursery, self.subprotocol)
        self.csms.link = far
        version = VERSIONS[self.subprotocol]
        self.csms.session = Session(far, version, "csms", self.csms.answer)
        self.trace.link(is_open=True, at=trio.current_time())
        nursery.start_soon(self._talk, self.csms.session)
        return near

    async def _talk(self, session: Session) -> None:
        try:
            await session.run()
        finally:
            self.trace.link(is_open=False, at=trio.current_time())

    async def live(self, *, task_status: trio.TaskStatus[None]) -> None:
        """Run the station, and note for what it wants to boot again."""
        while True:
            boot_reason = "PowerUp"
            with trio.CancelScope() as self._power:
                outcome = await self.station.run(task_status=task_status)
                self.outcomes.append(outcome)
                boot_reason = outcome.boot_reason
            if not (self.reboots or self._power.cancelled_caught):
                return
            task_status = trio.TASK_STATUS_IGNORED
            self.switch_on(boot_reason)

    async def cut_power(self) -> None:
        """Have no power for an instant, and boot again."""
        self._power.cancel()
        await trio.sleep(1)

    async def charge(self, evse: int = 1, token: str = "DEADBEEF", ev: Ev | None = None) -> None:
        """A car comes and charges."""
        self.drivers[evse - 1].plug_in(ev or Ev())
        await trio.sleep(1)
        self.drivers[evse - 1].present_token(token)
        await trio.sleep(1)

    async def set_variables(self, **values: object) -> list[str]:
        """Set variables from the CSMS, `Component__Variable=value`; give the statuses."""
        v2 = self.v2
        items = tuple(
            v2.SetVariableDataType(
                component=v2.ComponentType(name=name.split("__")[0]),
                variable=v2.VariableType(name=name.split("__")[1]),
                attribute_value=str(value),
            )
            for name, value in values.items()
        )
        answer = await self.csms.call(v2.SetVariablesRequest(set_variable_data=items))
        return [result.attribute_status for result in answer.set_variable_result]


def journal_in(directory: Path) -> Journal:
    return Journal.open(directory / "journal.sqlite", inline=True)
