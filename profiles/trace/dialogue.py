"""What all rules know of a dialogue: its version, its open calls, its registration, its link.

Versions are told by elimination: a dialogue speaks those whose messages it has used.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from ..family import OCPP_16, VERSIONS, Role, Version
from ..messages.base import InvalidPayload, decode
from .said import Gap, LinkChanged, Recent, Said, within
from .transactions import Transactions, TransactionTold, told_by

_OPEN = 64  # calls of a side that wait for their answer
Registration = Literal["asked", "Accepted", "Pending", "Rejected"]

REPORTING = {
    "GetBaseReport": "NotifyReport",
    "GetReport": "NotifyReport",
}
"""Requests that a pending station answers with another message (B02)."""
_NAMED_OTHERWISE = {
    "SignChargePointCertificate": "SignCertificate",
    "SignChargingStationCertificate": "SignCertificate",
    "SignV2GCertificate": "SignCertificate",
    "SignV2G20Certificate": "SignCertificate",
    "SignCombinedCertificate": "SignCertificate",
}


def other(role: Role) -> Role:
    return "csms" if role == "station" else "station"


def triggered_by(call: Said) -> str | None:
    """Give the action that a TriggerMessage asks for."""
    if call.action not in ("TriggerMessage", "ExtendedTriggerMessage"):
        return None
    wanted = within(call.payload, "requestedMessage")
    if not isinstance(wanted, str) or wanted == "CustomTrigger":
        return None
    return _NAMED_OTHERWISE.get(wanted, wanted)


class Dialogue:
    """A station and its CSMS. `is_complete`: they had never spoken before the trace begins."""

    def __init__(
        self,
        station: str,
        versions: Iterable[Version] | None = None,
        *,
        is_complete: bool = False,
    ) -> None:
        self.station = station
        self._possible = tuple(versions or VERSIONS.values())
        self.versions = self._possible
        self._family: bool | None = None  # of what was spoken last: whether it is 1.6
        self.is_complete = is_complete
        self.knows_links = False
        self.opened_at: float | None = None  # of the link that stands
        self.closed_at: float | None = None  # of the one before it
        self.registration: Registration | None = None  # None: not known
        self.triggered: set[str] = set()
        """What a station that is not accepted may send, as it was asked for it."""
        self.open: dict[Role, Recent[str, Said]] = {"station": Recent(_OPEN), "csms": Recent(_OPEN)}
        self.sends: dict[Role, Recent[str, bool]] = {
            "station": Recent(_OPEN),
            "csms": Recent(_OPEN),
        }
        self.calls: dict[Role, int] = {"station": 0, "csms": 0}
        self.call: Said | None = None  # that the frame answers
        self.told: TransactionTold | None = None  # what the frame tells of a transaction
        self.is_retry = False  # it is the transaction's message before, once more
        self.transactions = Transactions()
        self.problem: str | None = None  # what is wrong with the payload of the frame

    # ---- a frame, before and after the rules see it

    def begin(self, said: Said) -> None:
        self.call = None
        if not said.is_request and said.kind != "unreadable":
            self.call = self.open[other(said.by)].pop(said.message_id, None)
        self.problem = self._judge(said)
        self.told = told_by(said, self.call)
        self.is_retry = self.told is not None and self.transactions.is_retry(self.told)
        if said.kind == "CALL" and said.action == "BootNotification" and not self.knows_links:
            for calls in self.open.values():  # a station that boots most likely comes anew
                calls.clear()

    def end(self, said: Said) -> None:
        if said.kind == "CALL":
            self.calls[said.by] += 1
            self.open[said.by].keep(said.message_id, said)
            if said.by == "station":
                self._said_by_station(said)
        elif said.kind == "SEND":
            self.sends[said.by].keep(said.message_id, True)
        elif said.kind == "CALLRESULT" and self.call is not None:
            self._answered(said, self.call)
        if self.told is not None and not self.is_retry:
            self.transactions.note(self.told)

    def link_changed(self, change: LinkChanged) -> None:
        if not change.is_open or self.opened_at is not None:
            # When a link opens after one has closed, its first call may have been seen already.
            for calls in self.open.values():
                calls.clear()
        self.knows_links = True
        if change.is_open:
            self.opened_at = change.at
            self.versions = self._possible  # another link, another version
        else:
            self.closed_at, self.opened_at = change.at, None

    def missed(self, _: Gap) -> None:
        """Forget whatever the missing messages may have changed."""
        self.is_complete = False
        for calls in self.open.values():
            calls.clear()
        self.calls = {"station": 0, "csms": 0}
        self.registration = None
        self.triggered.clear()
        self.transactions = Transactions()

    def may_send(self, said: Said) -> bool:
        """Say whether a station may send this, registered as it is (B01 to B03, 1.6 4.2)."""
        if said.action == "BootNotification" or self.registration in (None, "Accepted"):
            return True
        return self.registration != "Rejected" and said.action in self.triggered

    # ---- registration

    def _said_by_station(self, said: Said) -> None:
        if said.action != "BootNotification":
            return
        if "BootNotification" in self.triggered:
            self.triggered.discard("BootNotification")
        else:
            self.registration = "asked"

    def _answered(self, answer: Said, call: Said) -> None:
        status = within(answer.payload, "status")
        if call.action == "BootNotification" and answer.by == "csms":
            if status in ("Accepted", "Pending", "Rejected"):
                self.registration = status
                self.triggered.clear()
        elif answer.by == "station" and status == "Accepted":
            wanted = triggered_by(call) or REPORTING.get(call.action)
            if wanted is not None and (wanted == "BootNotification" or self._waits()):
                self.triggered.add(wanted)

    def _waits(self) -> bool:
        return self.registration not in (None, "Accepted")

    # ---- which version it is

    def _judge(self, said: Said) -> str | None:
        """Say what is wrong with a payload in every version that it may be; rule those versions
        out where only another takes it.
        """
        action = said.action if said.is_request else (self.call.action if self.call else "")
        if not action or said.kind not in ("CALL", "SEND", "CALLRESULT"):
            return None
        raw = msgspec.json.encode(said.payload)
        versions = self.versions
        if said.by == "station" and action == "BootNotification" and said.is_request:
            versions = self._possible  # a station may boot with another version
        problems = {each: _problem(each, said, action, raw) for each in versions}
        good = tuple(each for each in versions if problems[each] is None)
        if good:
            self._speak(good)
            return None
        known = [each for each in versions if action in each.actions()]
        return problems[known[-1]] if known else None

    def _speak(self, versions: tuple[Version, ...]) -> None:
        self.versions = versions
        if len({version is OCPP_16 for version in versions}) != 1:
            return
        family = versions[0] is OCPP_16
        if self._family is not None and family is not self._family:
            # Transactions go on under other names, and begin in the middle.
            self.transactions = Transactions()
            self.is_complete = False
        self._family = family


def _problem(version: Version, said: Said, action: str, raw: bytes) -> str | None:
    request = version.actions().get(action)
    if request is None:
        return f"{action} is no action of {version.subprotocol}"
    payload_type = request if said.is_request else request.response
    if payload_type is None:
        return None
    try:
        decode(payload_type, raw)
    except InvalidPayload as problem:
        return str(problem)
    return None
