"""The one table from effect to deed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog

from ...machines.effects import (
    AcceptToken,
    AnnounceStation,
    AskAuthorization,
    AskSignature,
    AwaitDelivery,
    CloseContactor,
    CloseLink,
    DialCsms,
    Effect,
    HideMasterPass,
    IgnoreFact,
    KeepAvailability,
    KeepReservation,
    LockConnector,
    OpenContactor,
    RefuseToken,
    ReportConnector,
    ReportReservation,
    ReportResetFailure,
    ReportSecurityEvent,
    ReportTransaction,
    RestartEvse,
    RestartStation,
    SendBootNotification,
    SetLimit,
    ShowMasterPass,
    ShowMessages,
    StartTimer,
    StopTimer,
    UnlockConnector,
)
from ...profiles.context import (
    FollowMonitors,
    KeepVariable,
    Reconnect,
    SendRequests,
    SendTriggered,
    TrySecurityProfile,
)
from ...profiles.device_model import Key
from .effect_queue import EffectQueue
from .readings import DEPENDS_ON, TakeReading
from .restart import RESERVATIONS, kept_reservation

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


def _take_reading(station: "ChargingStation", effect: TakeReading, queue: EffectQueue) -> None:
    station.records[effect.evse - 1].take(effect, queue.hold)


def _ask_signature(station: "ChargingStation", effect: AskSignature, queue: EffectQueue) -> None:
    station.records[effect.evse - 1].sign_begin()


def _start_timer(station: "ChargingStation", effect: StartTimer, queue: EffectQueue) -> None:
    seconds = effect.seconds + station.chance.uniform(0.0, effect.random)
    station.timers.start(
        (effect.evse, type(effect.event)),
        seconds,
        lambda: station.deliver(effect.evse, effect.event),
    )


def _stop_timer(station: "ChargingStation", effect: StopTimer, queue: EffectQueue) -> None:
    station.timers.stop((effect.evse, type(effect.event)))


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


def _keep_reservation(
    station: "ChargingStation", effect: KeepReservation, queue: EffectQueue
) -> None:
    value = None if effect.made is None else kept_reservation(effect.made, station.clock.time())
    station.journal.put(RESERVATIONS, str(effect.evse), value)


def _keep_variable(station: "ChargingStation", effect: KeepVariable, queue: EffectQueue) -> None:
    station.variables.keep(effect)
    if effect.attribute != "Actual":
        return
    key = Key.parse(effect.key)
    station.network.variable_changed(key)
    station.security.variable_changed(key)
    if key in DEPENDS_ON:
        station.intervals_changed()


def _try_security_profile(
    station: "ChargingStation", effect: TrySecurityProfile, queue: EffectQueue
) -> None:
    station.network.slots.trial = effect


def _reconnect(station: "ChargingStation", effect: Reconnect, queue: EffectQueue) -> None:
    station.reconnect(is_first=effect.is_first)


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
    station.show(effect)


def _hide_master_pass(
    station: "ChargingStation", effect: HideMasterPass, queue: EffectQueue
) -> None:
    log.info("master_pass_over", evse=effect.evse)
    station.show(effect)


def _show_messages(station: "ChargingStation", effect: ShowMessages, queue: EffectQueue) -> None:
    station.tell_person(effect)


def _ignore(station: "ChargingStation", effect: IgnoreFact, queue: EffectQueue) -> None:
    log.debug("ignored", evse=effect.evse, fact=effect.event, states=",".join(effect.states))


def _dial(station: "ChargingStation", effect: DialCsms, queue: EffectQueue) -> None:
    station.network.dial(effect.slot)


def _close_link(station: "ChargingStation", effect: CloseLink, queue: EffectQueue) -> None:
    station.network.close()


def _boot(station: "ChargingStation", effect: SendBootNotification, queue: EffectQueue) -> None:
    station.network.registering.boot(effect.is_triggered)


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


def _await_delivery(station: "ChargingStation", effect: AwaitDelivery, queue: EffectQueue) -> None:
    station.resetting.await_delivery(effect)


def _restart_evse(station: "ChargingStation", effect: RestartEvse, queue: EffectQueue) -> None:
    station.resetting.restart_evse(effect)


def _restart_station(
    station: "ChargingStation", effect: RestartStation, queue: EffectQueue
) -> None:
    station.resetting.restart_station(effect)


def _report_reset_failure(
    station: "ChargingStation", effect: ReportResetFailure, queue: EffectQueue
) -> None:
    station.resetting.report_failure(effect)


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
    AskSignature: _ask_signature,
    AwaitDelivery: _await_delivery,
    CloseContactor: _command,
    CloseLink: _close_link,
    DialCsms: _dial,
    FollowMonitors: _follow_monitors,
    HideMasterPass: _hide_master_pass,
    IgnoreFact: _ignore,
    KeepAvailability: _keep_availability,
    KeepReservation: _keep_reservation,
    KeepVariable: _keep_variable,
    Reconnect: _reconnect,
    LockConnector: _command,
    OpenContactor: _command,
    RefuseToken: _refuse_token,
    ReportConnector: _report_connector,
    ReportReservation: _report_reservation,
    ReportResetFailure: _report_reset_failure,
    ReportSecurityEvent: _report_security_event,
    ReportTransaction: _report_transaction,
    RestartEvse: _restart_evse,
    RestartStation: _restart_station,
    SendBootNotification: _boot,
    SendRequests: _send_requests,
    SendTriggered: _send_triggered,
    SetLimit: _command,
    ShowMasterPass: _show_master_pass,
    ShowMessages: _show_messages,
    StartTimer: _start_timer,
    StopTimer: _stop_timer,
    TakeReading: _take_reading,
    TrySecurityProfile: _try_security_profile,
    UnlockConnector: _command,
}
