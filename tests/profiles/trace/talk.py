"""A dialogue that is said line by line, for the rules to judge."""

import itertools
from datetime import UTC, datetime
from typing import Any

from pilotwire.profiles.family import Role
from pilotwire.profiles.trace import Item, Judge, LinkChanged, Said

START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC


class Talk:
    """A station of a version and its CSMS, who say what they are told to, a second apart."""

    def __init__(self, version: str = "2.0.1") -> None:
        self.version = version
        self.items: list[Item] = []
        self.at = START
        self._ids = (f"m{number}" for number in itertools.count())
        self._transactions = itertools.count(1)
        self._seq = 0
        self._meter = 1000

    # ---- frames

    def wait(self, seconds: float) -> None:
        self.at += seconds

    def say(self, by: Role, kind: Any, message_id: str, **more: Any) -> None:
        self.at += 1
        self.items.append(Said(by=by, kind=kind, message_id=message_id, at=self.at, **more))

    def ask(self, by: Role, action: str, payload: object = None, message_id: str = "") -> str:
        """Say a CALL; give its id."""
        message_id = message_id or next(self._ids)
        self.say(by, "CALL", message_id, action=action, payload=payload or {})
        return message_id

    def call(self, by: Role, action: str, payload: object = None, answer: object = None) -> str:
        """Say a CALL and its answer; give its id."""
        message_id = self.ask(by, action, payload)
        self.answer(by, message_id, answer)
        return message_id

    def answer(self, by: Role, message_id: str, payload: object = None) -> None:
        """Answer a call of this side."""
        other: Role = "csms" if by == "station" else "station"
        self.say(other, "CALLRESULT", message_id, payload=payload or {})

    def link(self, *, is_open: bool) -> None:
        self.at += 1
        self.items.append(LinkChanged(is_open=is_open, at=self.at))

    # ---- what a good pair says

    @property
    def now(self) -> str:
        return stamp(self.at)

    @property
    def is_16(self) -> bool:
        return self.version == "1.6"

    def boot(self, status: str = "Accepted", interval: int = 300, reason: str = "PowerUp") -> None:
        payload: object = {"chargePointVendor": "V", "chargePointModel": "M"}
        if not self.is_16:
            payload = {"reason": reason, "chargingStation": {"vendorName": "V", "model": "M"}}
        answer = {"status": status, "currentTime": self.now, "interval": interval}
        self.call("station", "BootNotification", payload, answer)

    def status(self, status: str = "Available", connector: int = 1) -> None:
        payload: dict[str, object] = {"connectorId": connector, "timestamp": self.now}
        if self.is_16:
            payload |= {"status": status, "errorCode": "NoError"}
        else:
            payload |= {"connectorStatus": status, "evseId": 1}
        self.call("station", "StatusNotification", payload)

    def heartbeat(self) -> None:
        self.call("station", "Heartbeat", {}, {"currentTime": self.now})

    def start(self, evse: int = 1) -> str:
        """Start a transaction; give its id."""
        number = next(self._transactions)
        if not self.is_16:
            self._seq = -1
            name = f"tx-{number}"
            self.event(name, "Started", "CablePluggedIn", evse=evse, state="EVConnected")
            return name
        payload = {
            "connectorId": evse,
            "idTag": "DEADBEEF",
            "meterStart": self._meter,
            "timestamp": self.now,
        }
        answer = {"transactionId": number, "idTagInfo": {"status": "Accepted"}}
        self.call("station", "StartTransaction", payload, answer)
        return str(number)

    def update(self, transaction: str, meter: int | None = None) -> None:
        self._meter += 100
        value = self._meter if meter is None else meter
        if not self.is_16:
            self.event(transaction, "Updated", "MeterValuePeriodic", meter=value)
            return
        sample = {"timestamp": self.now, "sampledValue": [{"value": str(value)}]}
        payload = {
            "connectorId": 1,
            "transactionId": int(transaction),
            "meterValue": [sample],
        }
        self.call("station", "MeterValues", payload)

    def stop(self, transaction: str) -> None:
        if not self.is_16:
            self.event(transaction, "Ended", "EVDeparted", reason="EVDisconnected")
            return
        payload = {
            "transactionId": int(transaction),
            "meterStop": self._meter,
            "timestamp": self.now,
        }
        self.call("station", "StopTransaction", payload)

    def event(
        self,
        transaction: str,
        kind: str,
        trigger: str,
        *,
        seq: int | None = None,
        evse: int | None = None,
        state: str | None = None,
        meter: int | None = None,
        reason: str | None = None,
        token: bool = False,
        remote: int | None = None,
        offline: bool | None = None,
        at: float | None = None,
    ) -> None:
        """Tell a TransactionEvent, the next in its order where `seq` does not say another."""
        self._seq = self._seq + 1 if seq is None else seq
        when = stamp(self.at if at is None else at)
        info = {
            "transactionId": transaction,
            "chargingState": state,
            "stoppedReason": reason,
            "remoteStartId": remote,
        }
        payload: dict[str, object] = {
            "eventType": kind,
            "timestamp": when,
            "triggerReason": trigger,
            "seqNo": self._seq,
            "transactionInfo": {key: value for key, value in info.items() if value is not None},
        }
        if evse is not None:
            payload["evse"] = {"id": evse, "connectorId": 1}
        if meter is not None:
            payload["meterValue"] = [{"timestamp": when, "sampledValue": [{"value": meter}]}]
        if token:
            payload["idToken"] = {"idToken": "DEADBEEF", "type": "ISO14443"}
        if offline is not None:
            payload["offline"] = offline
        self.call("station", "TransactionEvent", payload)

    # ---- judged

    def broken(self, *, is_complete: bool = True) -> set[str]:
        judge = Judge("CS-1", is_complete=is_complete)
        return {finding.rule for item in self.items for finding in judge.take(item)}


def stamp(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).isoformat().replace("+00:00", "Z")
