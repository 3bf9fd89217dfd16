"""The one table from effect to deed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog

from ...machines.effects import (
    AcceptToken,
    AnnounceStation,
    AskAuthorization,
    CloseContactor,
    CloseLink,
    DialCsms,
    Effect,
    HideMasterPass,
    IgnoreFact,
    KeepAvailability,
    LockConnector,
    OpenContactor,
    RefuseToken,
    ReportConnector,
    ReportReservation,
    ReportSecurityEvent,
    ReportTransaction,
    SendBootNotification,
    SetLimit,
    ShowMasterPass,
    StartTimer,
    StopTimer,
    UnlockConnector,
)
from ...profiles.context import (
    FollowMonitors,
    KeepVariable,
    RestartStation,
    SendRequests,
    SendTriggered,
)
from ...profiles.device_model import Key
from ..journal.journal import VARIABLES
from .evse import EffectQueue
from .record import DEPENDS_ON

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

Deed = Callable[["ChargingStation", Any, EffectQueue], None]  # each takes its own kind of effect


def _command(station: "ChargingStation", effect: Any, queue: EffectQueue) -> None:
    station.evses[effect.evse - 1].command(effect)


def _report_transaction(
    station: "ChargingStation", effect: ReportTransaction, queue: EffectQueue
) -> None:
    release = queue.hold()

    def answered(is_kept: bool) -> None:
        station.storage.answered(effect, is_kept)
        release()

    station.storage.asked(effect)
    station.records[effect.evse - 1].write(effect, answered)
    station.monitors.transaction_changed(effect)


def _start_timer(station: "ChargingStation", effect: StartTimer, queue: EffectQueue) -> None:
    seconds = effect.seconds + station.chance.uniform(0.0, effect.random)
    station.timers.start(
        station.timer_name(effect.evse, type(effect.event)),
        seconds,
        lambda: station.deliver(effect.evse, effect.event),
    )


def _stop_timer(station: "ChargingStation", effect: StopTimer, queue: EffectQueue) -> None:
    station.timers.stop(station.timer_name(effect.evse, type(effect.event)))


def _ask_authorization(
    station: "ChargingStation", effect: AskAuthorization, queue: EffectQueue
) -> None:
    station.network.asking.ask(effect)


def _report_connector(
    station: "ChargingStation", effect: ReportConnector, queue: EffectQueue
) -> None:
    station.network.statuses.look(effect.evse, effect.connector)
    station.monitors.place_changed(effect.evse, effect.connector)


def _keep_availability(
    station: "ChargingStation", effect: KeepAvailability, queue: EffectQueue
) -> None:
    value = None if effect.operative else b"Inoperative"
    station.journal.put("availability", f"{effect.evse}.{effect.connector}", value)


def _keep_variable(station: "ChargingStation", effect: KeepVariable, queue: EffectQueue) -> None:
    station.journal.put(VARIABLES[effect.attribute], effect.key, effect.value.encode())
    if effect.attribute != "Actual":
        return
    station.network.variable_changed(effect.key)
    station.security.variable_changed(effect.key)
    if Key.parse(effect.key) in DEPENDS_ON:
        station.intervals_changed()


def _accept_token(station: "ChargingStation", effect: AcceptToken, queue: EffectQueue) -> None:
    log.info("token_accepted", evse=effect.evse)
    station.tell_person(effect)


def _refuse_token(station: "ChargingStation", effect: RefuseToken, queue: EffectQueue) -> None:
    log.info("token_refused", evse=effect.evse, reason=effect.reason)
    station.tell_person(effect)


def _show_master_pass(
    station: "ChargingStation", effect: ShowMasterPass, queue: EffectQueue
) -> None:
    log.info("master_pass_shown", evse=effect.evse, running=effect.running)


def _hide_master_pass(
    station: "ChargingStation", effect: HideMasterPass, queue: EffectQueue
) -> None:
    log.info("master_pass_over", evse=effect.evse)


def _ignore(station: "ChargingStation", effect: IgnoreFact, queue: EffectQueue) -> None:
    log.debug("ignored", evse=effect.evse, fact=effect.event, states=",".join(effect.states))


def _dial(station: "ChargingStation", effect: DialCsms, queue: EffectQueue) -> None:
    station.network.dial(effect.slot)


def _close_link(station: "ChargingStation", effect: CloseLink, queue: EffectQueue) -> None:
    station.network.close()


def _boot(station: "ChargingStation", effect: SendBootNotification, queue: EffectQueue) -> None:
    station.network.registering.boot()


def _announce(station: "ChargingStation", effect: AnnounceStation, queue: EffectQueue) -> None:
    station.network.registering.announce(effect.afresh)


def _send_triggered(station: "ChargingStation", effect: SendTriggered, queue: EffectQueue) -> None:
    station.network.triggered.send(effect)


def _send_requests(station: "ChargingStation", effect: SendRequests, queue: EffectQueue) -> None:
    station.network.triggered.send_requests(effect)


def _follow_monitors(
    station: "ChargingStation", effect: FollowMonitors, queue: EffectQueue
) -> None:
    station.monitors.follow(effect)


def _restart(station: "ChargingStation", effect: RestartStation, queue: EffectQueue) -> None:
    station.restart(effect)


def _report_reservation(
    station: "ChargingStation", effect: ReportReservation, queue: EffectQueue
) -> None:
    log.info("reservation_ended", reservation=effect.reservation_id, outcome=effect.outcome)


def _report_security_event(
    station: "ChargingStation", effect: ReportSecurityEvent, queue: EffectQueue
) -> None:
    station.security.report(effect)


PERFORM: dict[type[Effect], Deed] = {
    AcceptToken: _accept_token,
    AnnounceStation: _announce,
    AskAuthorization: _ask_authorization,
    CloseContactor: _command,
    CloseLink: _close_link,
    DialCsms: _dial,
    FollowMonitors: _follow_monitors,
    HideMasterPass: _hide_master_pass,
    IgnoreFact: _ignore,
    KeepAvailability: _keep_availability,
    KeepVariable: _keep_variable,
    LockConnector: _command,
    OpenContactor: _command,
    RefuseToken: _refuse_token,
    ReportConnector: _report_connector,
    ReportReservation: _report_reservation,
    ReportSecurityEvent: _report_security_event,
    ReportTransaction: _report_transaction,
    RestartStation: _restart,
    SendBootNotification: _boot,
    SendRequests: _send_requests,
    SendTriggered: _send_triggered,
    SetLimit: _command,
    ShowMasterPass: _show_master_pass,
    StartTimer: _start_timer,
    StopTimer: _stop_timer,
    UnlockConnector: _command,
}
