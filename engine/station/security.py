"""The station's security events (A04): which stand in the log, and of which the CSMS is told.

Theory of operation. Whatever happens comes as a fact through the tree. Every event is logged; one
that is critical is journalled too, as a notice, so that its delivery is guaranteed. Of what a peer
can cause any number, one of each kind is logged, and then no more than one line a minute, which
counts the rest.
"""

from typing import TYPE_CHECKING

import msgspec
import structlog

from ...machines.effects import ReportSecurityEvent
from ...machines.events import SecurityEventHappened
from ...profiles import security_events
from ...profiles.device_model import Key
from ...profiles.report import SecurityEventReport
from ..wire.happenings import Invalid
from ..wire.link_errors import HttpRefused, LinkError, TlsFailed, TlsProblem
from .security_log import SecurityLog

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

GUARD_SECONDS = 60.0  # between two lines about events of one kind that a peer causes
_GUARDED = frozenset(
    {
        security_events.AUTHENTICATION_FAILED,
        security_events.INVALID_MESSAGES,
        security_events.REPLAY,
    }
)
_DISABLED = Key("OCPP16LegacyCtrlr", "DisableSecurityEventNotifications")
_REPORTED_STEP = Key("ClockCtrlr", "TimeAdjustmentReportingThreshold")
_SPACE = "security log"  # in the journal
_WRITTEN = "written"  # whether a run has written a line
_TLS_EVENTS: dict[TlsProblem, str] = {
    "certificate": security_events.INVALID_CSMS_CERTIFICATE,  # A00.FR.310, A00.FR.413
    "version": security_events.INVALID_TLS_VERSION,  # A00.FR.316, A00.FR.419
    "cipher": security_events.INVALID_TLS_CIPHER_SUITE,  # A00.FR.323, A00.FR.426
    "client_certificate": security_events.AUTHENTICATION_FAILED,
}
_SCHEDULED_BOOTS = frozenset({"PowerUp", "Triggered", "Unknown", ""})


class _Held(msgspec.Struct):
    """Events of one kind that the log does not tell one by one."""

    count: int = 0
    tech_info: str = ""  # of the last


class Security:
    """Takes security events; `log` is None where nobody keeps one."""

    __slots__ = ("_held", "_troubles", "log", "station")

    def __init__(self, station: "ChargingStation", log: SecurityLog | None) -> None:
        self.station = station
        self.log = log
        self._held: dict[str, _Held] = {}
        self._troubles: dict[int, str] = {}  # by slot: the event of dials that fail

    # ---- where events come from

    def happened(self, event: str, tech_info: str = "") -> None:
        """Tell the tree of an event of the engine's own."""
        self.station.deliver(0, SecurityEventHappened(event, tech_info))

    def begin(self) -> None:
        """The station has booted."""
        if self.log is not None:
            self.log.on_vanished = self._log_vanished
            if self.station.journal.get(_SPACE, _WRITTEN) is not None:
                self.log.expect()
        reason = self.station.boot_reason
        self.happened(security_events.STARTUP, reason)
        if reason not in _SCHEDULED_BOOTS:
            self.happened(security_events.RESET, reason)

    def _log_vanished(self) -> None:
        self.happened(security_events.LOG_CLEARED)

    def saw_invalid(self, invalid: Invalid) -> None:
        """Take a frame that broke the protocol; what stood in it is told nowhere."""
        is_replay = invalid.fault == "id_reused"
        event = security_events.REPLAY if is_replay else security_events.INVALID_MESSAGES
        self.happened(event, invalid.fault)

    def clock_stepped(self, step: float) -> None:
        """Take the seconds, either way, by which the CSMS has set the clock."""
        if abs(step) > self.station.model.integer(_REPORTED_STEP):
            self.happened(security_events.SETTING_TIME, f"by {step:+.0f} s")

    def memory_is_low(self, tech_info: str) -> None:
        self.happened(security_events.MEMORY_EXHAUSTION, tech_info)

    def variable_changed(self, key: Key) -> None:
        if key.component == "SecurityCtrlr":
            self.happened(security_events.RECONFIGURATION, str(key))

    def network_profile_changed(self, slot: int) -> None:
        self.happened(security_events.RECONFIGURATION, f"NetworkConfiguration[{slot}]")

    def dial_failed(self, slot: int, error: LinkError) -> None:
        """Take why no link came about: told once, and again when it is another reason, or has
        worked meanwhile (A00.FR.316, A00.FR.419).
        """
        event = _event_of(error)
        if event is not None and self._troubles.get(slot) != event:
            self._troubles[slot] = event
            self.happened(event, f"slot {slot}: {error}")

    def link_opened(self, slot: int) -> None:
        self._troubles.pop(slot, None)

    # ---- what becomes of them

    def report(self, effect: ReportSecurityEvent) -> None:
        """Log it, and have the CSMS told where it is critical."""
        if effect.event in _GUARDED:
            self._log_guarded(effect)
        else:
            self._log(effect.event, effect.tech_info)
        is_told = security_events.is_critical(effect.event)
        if not is_told or self.station.model.boolean(_DISABLED):
            return
        report = SecurityEventReport(
            event=effect.event,
            time=self.station.clock.time(),
            tech_info=effect.tech_info,
            is_critical=True,
        )
        self.station.journal.append(report)

    def _log_guarded(self, effect: ReportSecurityEvent) -> None:
        held = self._held.get(effect.event)
        if held is not None:
            held.count += 1
            held.tech_info = effect.tech_info
            return
        self._log(effect.event, effect.tech_info)
        self._guard(effect.event)

    def _guard(self, event: str) -> None:
        self._held[event] = _Held()
        name = ("security event", event)
        self.station.timers.start(name, GUARD_SECONDS, lambda: self._release(event))

    def _release(self, event: str) -> None:
        held = self._held.pop(event)
        if held.count:
            self._log(event, f"{held.count} in {GUARD_SECONDS:g} s, the last: {held.tech_info}")
            self._guard(event)

    def _log(self, event: str, tech_info: str) -> None:
        log.info("security_event", type=event, tech_info=tech_info)
        if self.log is None:
            return
        if self.station.journal.get(_SPACE, _WRITTEN) is None:
            self.station.journal.put(_SPACE, _WRITTEN, b"1")
        is_critical = security_events.is_critical(event)
        self.log.write(self.station.clock.now(), event, tech_info, is_critical=is_critical)


def _event_of(error: LinkError) -> str | None:
    match error:
        case TlsFailed(kind=kind):
            return _TLS_EVENTS.get(kind)
        case HttpRefused(refuses_credentials=True):
            return security_events.AUTHENTICATION_FAILED
    return None
