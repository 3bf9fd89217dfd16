"""The master pass: whoever shows a token of its group may end any transaction (2.x C16)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from statemachine import State

from .chart import Chart, Timeout
from .effects import Effect, HideMasterPass, ShowMasterPass
from .events import ChoiceTimedOut, Event, IdToken, MasterPassShown

if TYPE_CHECKING:
    from .station import Station


class MasterPassChart(Chart["MasterPass"]):
    """Which transactions shall end, where a person can be asked.

    A master pass that is shown opens the choice; it closes with an answer, or when none comes.
    """

    __slots__ = ()

    idle = State(initial=True)
    choosing = State()

    master_pass_shown = idle.to(choosing) | choosing.to(choosing)
    transactions_chosen = choosing.to(idle)
    choice_timed_out = choosing.to(idle)

    timeouts: ClassVar[Mapping[str, Timeout]] = {
        "choosing": Timeout(ChoiceTimedOut(), "master_pass_timeout")
    }

    def on_enter_choosing(self, fact: MasterPassShown) -> None:
        self.emit(ShowMasterPass(fact.evse, fact.id_token, self.host.station.running))

    def on_exit_choosing(self, fact: Event) -> None:
        self.emit(HideMasterPass(self.host.shown_at))


class MasterPass:
    """The station's place for it: who showed one, and at which EVSE."""

    __slots__ = ("chart", "id_token", "shown_at", "station")

    def __init__(self, station: "Station") -> None:
        self.station = station
        self.chart = MasterPassChart(self)
        self.id_token: IdToken | None = None
        self.shown_at = 0

    evse_id = 0

    def seconds(self, setting: str) -> float:
        return self.station.seconds(setting)

    def handle(self, fact: Event) -> list[Effect]:
        """Take a fact about it. Raises NotAllowed where nobody is asked."""
        effects = self.chart.handle(fact)
        if isinstance(fact, MasterPassShown):
            self.id_token, self.shown_at = fact.id_token, fact.evse
        return effects
