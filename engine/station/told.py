"""What the reports of an EVSE's transaction have told, so that each tells what is new (E 1.5)."""

from typing import Literal

import trio

from ...machines.effects import ReportTransaction
from ...machines.meter import MeterSample
from ...profiles.report import News

_LEAST_CURRENT = 0.5  # A; a phase that carries less is not used

_NEWS: tuple[News, ...] = ("evse", "id_token", "stop_token", "remote_start", "reservation")
_PRESENTING = frozenset({"Authorized", "RemoteStart", "StopAuthorized"})  # a token, perhaps again

Moment = Literal["connected", "charging"]
_NO_MOMENT: frozenset[Moment] = frozenset()  # shared, as is the other: a set is large
_BOTH_MOMENTS: frozenset[Moment] = frozenset({"connected", "charging"})


class Told:
    """Of one transaction after the other: `clear` begins the next."""

    __slots__ = ("_before", "_begin_is_due", "_charged", "_charging_since", "_news", "_phases")

    def __init__(self) -> None:
        self._news: dict[News, object] = {}
        self._before: object = None  # what the report before knew: mostly the same
        self._begin_is_due = _NO_MOMENT
        self._phases: int | None = None
        self._charged = 0.0  # s in which energy has flowed, up to…
        self._charging_since: float | None = None  # …this moment of Trio's clock, where it flows

    def clear(self) -> None:
        self._news.clear()
        self._before = None
        self._begin_is_due = _BOTH_MOMENTS
        self._phases = self._charging_since = None
        self._charged = 0.0

    def news(self, effect: ReportTransaction, trigger: str) -> tuple[News, ...]:
        """Give what the report is the first to tell. A token is presented anew with each
        authorization (E02.FR.20) and with each stop (E07.FR.02), and a cable may be put in
        elsewhere (E01.FR.16).
        """
        if trigger in ("Authorized", "RemoteStart"):
            self._news.pop("id_token", None)
        if trigger == "StopAuthorized":
            self._news.pop("stop_token", None)
        known = (
            effect.connector or None,
            effect.id_token,
            effect.stop_token,
            effect.remote_start_id,
            effect.reservation_id,
        )
        if trigger not in _PRESENTING and known == self._before:
            return ()
        self._before = known
        new: dict[News, object] = {
            name: value
            for name, value in zip(_NEWS, known, strict=True)
            if value is not None and self._news.get(name) != value
        }
        self._news.update(new)
        return tuple(new)

    def phases(self, charging_state: str, meter: MeterSample) -> int | None:
        """Count the phases in use, where the meter tells them and they changed (E02.FR.18-19)."""
        currents = meter.current_import
        if charging_state != "Charging" or len(currents) < 3:
            return None
        phases = len([each for each in currents if each > _LEAST_CURRENT])
        if phases in (0, self._phases):
            return None
        self._phases = phases
        return phases

    def seconds_charging(self, charging_state: str) -> float:
        """Give the time in which energy has flowed; from now on it is in this state."""
        now = trio.current_time()
        if self._charging_since is not None:
            self._charged += now - self._charging_since
        self._charging_since = now if charging_state == "Charging" else None
        return self._charged

    def is_begin_due(self, effect: ReportTransaction) -> bool:
        """Say whether the readings of the beginning go with this report.

        Where the cable comes after the start, they are told as soon as the connector is known
        (TC_J_08), and when charging starts (E01.FR.17).
        """
        if not effect.connector:
            return False
        is_charging = effect.charging_state == "Charging"
        return "connected" in self._begin_is_due or (
            "charging" in self._begin_is_due and is_charging
        )

    def begin_told(self, effect: ReportTransaction) -> None:
        """They went with this report."""
        self._begin_is_due -= {"connected"}
        if effect.kind == "Started" or effect.charging_state == "Charging":
            self._begin_is_due = _NO_MOMENT
