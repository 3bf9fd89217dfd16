"""A central system that misbehaves at a chosen moment, and that otherwise keeps a ledger of
transactions as a billing system would.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import trio

from pilotwire.engine.wire.link import Link, Peer, Receiver, Unwanted
from pilotwire.engine.wire.link_errors import ConnectionRefused, LinkClosed
from pilotwire.engine.wire.memory import memory_link_pair
from pilotwire.engine.wire.session import Session
from pilotwire.profiles.device_model import Value
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16
from pilotwire.profiles.network import NetworkProfile

from ..station.world import ScriptedCsms, World

Spoil = Callable[[str], str | None]
"""Gives what is to be sent in the place of an answer; None: nothing."""


def message_id(frame: str) -> str:
    found = msgspec.json.decode(frame)[1]
    assert isinstance(found, str)
    return found


class Ledger:
    """The transactions that a scripted central system was told of.

    A start told again is the same transaction; where a test lets none be repeated over one link,
    only if it comes over another.
    """

    def __init__(self, csms: ScriptedCsms) -> None:
        self._csms = csms
        self.repeats_over_a_link = True
        self._ids: dict[bytes, tuple[int, int]] = {}  # and the number of the link
        self.stops: dict[int, set[bytes]] = {}
        self.ends: dict[int, v16.StopTransactionRequest] = {}
        self.starts: dict[int, v16.StartTransactionRequest] = {}
        self.readings: dict[int, list[v16.MeterValue]] = {}
        csms.on(v16.StartTransactionRequest, self._start)
        csms.on(v16.StopTransactionRequest, self._stop)
        csms.on(v16.MeterValuesRequest, self._meter_values)

    def _start(self, request: v16.StartTransactionRequest) -> Any:
        key = msgspec.json.encode(request)
        response = self._csms.friendly(request)
        number, link = self._ids.get(key, (0, 0))
        if not number or (link == self._csms.links and not self.repeats_over_a_link):
            number = response.transaction_id
        self._ids[key] = (number, self._csms.links)
        self.starts[number] = request
        return msgspec.structs.replace(response, transaction_id=number)

    def _stop(self, request: v16.StopTransactionRequest) -> Any:
        self.stops.setdefault(request.transaction_id, set()).add(msgspec.json.encode(request))
        self.ends[request.transaction_id] = request
        return self._csms.friendly(request)

    def _meter_values(self, request: v16.MeterValuesRequest) -> Any:
        if isinstance(request.transaction_id, int):
            readings = self.readings.setdefault(request.transaction_id, [])
            readings += [value for value in request.meter_value if value not in readings]
        return self._csms.friendly(request)

    def check(self, transactions: int) -> None:
        """Every transaction was started once and stopped once, and nothing in it runs back."""
        assert len(self.starts) == transactions
        assert not self.stops.keys() ^ self.starts.keys()
        twice = [sorted(stops) for stops in self.stops.values() if len(stops) > 1]
        assert not twice, twice
        assert self.readings.keys() <= self.starts.keys()
        registers: dict[int, int] = {}
        for number, start in sorted(self.starts.items(), key=lambda each: each[1].timestamp):
            self._check_transaction(number)
            assert start.meter_start >= registers.get(start.connector_id, 0)
            registers[start.connector_id] = self.ends[number].meter_stop

    def _check_transaction(self, number: int) -> None:
        start, stop, between = self.starts[number], self.ends[number], self.readings.get(number, [])
        times = [start.timestamp, *(value.timestamp for value in between), stop.timestamp]
        assert times == sorted(times)
        registers = [*map(_register, between)]
        assert registers == sorted(registers)
        # Start and stop tell whole Wh, the readings three decimals.
        assert all(start.meter_start - 0.51 < r < stop.meter_stop + 0.51 for r in registers)
        assert start.meter_start <= stop.meter_stop


def _register(value: v16.MeterValue) -> float:
    for sampled in value.sampled_value:
        if sampled.measurand == "Energy.Active.Import.Register":
            return float(sampled.value)
    raise AssertionError(f"no register in {value}")


class FragileLink:
    """The central system's end of a link, of which a test decides frame by frame."""

    def __init__(self, link: Link, world: "FragileWorld") -> None:
        self.alarms = link.alarms
        self.gone = link.gone
        self._link = link
        self._world = world
        self._receiver: Receiver | None = None
        self._action = ""  # of the CALL that was received last
        self._is_dead = False

    @property
    def subprotocol(self) -> str | None:
        return self._link.subprotocol

    @property
    def peer(self) -> Peer:
        return self._link.peer

    @property
    def closed(self) -> LinkClosed | None:
        return self._link.closed

    def attach(self, receiver: Receiver | None) -> None:
        self._receiver = receiver
        self._link.attach(None if receiver is None else self)

    def end(self, failure: Exception | None, /) -> None:
        if self._receiver is not None:
            self._receiver.end(failure)

    def receive(self, text: str | bytes, /) -> None:
        kind, *rest = msgspec.json.decode(text)
        self._action = rest[1] if kind == 2 else ""
        self._world.frames += 1
        self._die("unseen")
        assert self._receiver is not None
        if not self._is_dead:
            self._receiver.receive(text)
        if self._is_dead:
            raise Unwanted(1001, "the test has closed it")

    def post(self, text: bytes) -> None:
        self._die("unanswered")
        spoil = self._world.spoil.get(self._action)
        answer = text.decode()
        spoilt = spoil(answer) if spoil else answer
        if spoilt is not None and not self._is_dead:
            self._link.post(spoilt.encode())
        self._die("answered")

    def _die(self, moment: str) -> None:
        if (self._world.frames, moment) == self._world.death:
            self._world.death = None
            self._is_dead = True

    def pause(self) -> None:
        self._link.pause()

    def resume(self) -> None:
        self._link.resume()

    async def send(self, text: bytes | str) -> None:
        await self._link.send(text)

    def set_ping_interval(self, seconds: float) -> None:
        self._link.set_ping_interval(seconds)

    async def ping(self, timeout: float) -> bool:
        return await self._link.ping(timeout)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self._link.close(code, reason)


class FragileWorld(World):
    """A station, and a central system that fails as the test says.

    `death` is the number of a frame that the central system receives, over all links, and when the
    link then breaks: "unseen", "unanswered" or "answered". `spoil` are answers to actions.
    """

    def __init__(self, *, variables: Mapping[str, Value] | None = None, **arguments: Any) -> None:
        self.frames = 0
        self.death: tuple[int, str] | None = None
        self.spoil: dict[str, Spoil] = {}
        sampled: dict[str, Value] = {"SampledDataCtrlr.TxUpdatedInterval": 60}
        super().__init__(variables={**sampled, **(variables or {})}, **arguments)
        # It has been accepted before: until then nobody charges there (1.6 4.2.1).
        self.journal.put("registration", "1", b"Accepted")
        self.ledger = Ledger(self.csms)

    def _note(self, direction: str, text: str | bytes, at: float) -> None:
        """What comes need not be JSON here."""

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        if not self.csms.is_reachable:
            raise ConnectionRefused("nobody there")
        near, far = await memory_link_pair(nursery, "ocpp1.6")
        self.csms.links += 1
        self.csms.link = FragileLink(far, self)
        self.csms.session = Session(self.csms.link, OCPP_16, "csms", self.csms.answer)
        nursery.start_soon(self.csms.session.run)
        return near
