"""What a request of the CSMS has the station send: TriggerMessage (1.6 5.17, 2.x F06), and the
requests that an answer has promised.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog

from ...machines.events import RegistrationTriggered
from ...profiles.context import SendRequests, SendTriggered
from ...profiles.device_model import Key
from ...profiles.face import AnyRequest
from ..wire.session import CallFailed
from .readings import TakeReading

if TYPE_CHECKING:
    from .network import Network
    from .station import ChargingStation

log = structlog.get_logger()

_MOST_PROMISES = 8  # a whole report of the device model is one; more of them would fill the memory


class Triggered:
    """Sends what was asked for, out of its turn."""

    __slots__ = ("_promises", "network", "station")

    def __init__(self, station: "ChargingStation", network: "Network") -> None:
        self.station = station
        self.network = network
        self._promises = 0  # of requests in order, that are not all sent

    @property
    def has_promised_enough(self) -> bool:
        return self._promises >= _MOST_PROMISES

    def send(self, effect: SendTriggered) -> None:
        match effect.what:
            case "Boot":
                self.station.deliver(0, RegistrationTriggered())
            case "Heartbeat":
                self.network.registering.send_heartbeat()
            case "Status":
                self.network.statuses.tell_again(effect.evse, effect.connector, effect.of_all)
            case "MeterValues":
                self.network.start_soon(self._send_meter_values, effect)
            case "Transaction":
                for evse_id in self._evses(effect):
                    self.station.perform_in_turn(evse_id, TakeReading(evse_id, "triggered"))

    def send_requests(self, effect: SendRequests) -> None:
        self.network.start_soon(self._send_in_order, effect.requests)

    async def _send_in_order(self, requests: Iterable[AnyRequest]) -> None:
        self._promises += 1
        try:
            await self.network.registering.until_answered()
            for request in requests:
                await self.network.call(request)
        except CallFailed as failure:
            log.warning("promise_failed", action=request.action, reason=str(failure))
        finally:
            self._promises -= 1

    def _evses(self, effect: SendTriggered) -> list[int]:
        every = [evse.evse_id for evse in self.station.tree.evses]
        return [effect.evse] if effect.evse else every

    async def _send_meter_values(self, effect: SendTriggered) -> None:
        await self.network.registering.until_answered()
        for evse_id in self._evses(effect):
            await self._send_meter_value(evse_id, effect.connector, effect.measurands)

    async def _send_meter_value(self, evse_id: int, connector: int, measurands: Key) -> None:
        """Tell a reading; connector 0 is the one in use."""
        station, face = self.station, self.network.face
        assert face is not None
        samples = station.triggered_samples(evse_id, measurands)
        if not samples:
            return
        transaction = station.tree.evse(evse_id).transaction
        csms_id = None
        if transaction is not None and connector in (0, transaction.connector):
            connector = transaction.connector
            csms_id = station.csms_transaction(transaction.transaction_id)
        request = face.meter_values(station.tree, evse_id, connector or 1, samples, csms_id)
        if request is None:
            return
        try:
            await self.network.call(request)
        except CallFailed as failure:
            log.warning("meter_values_failed", evse=evse_id, reason=str(failure))
