"""What the API knows: the station that runs now, its last messages, and who listens for news."""

from litestar.di import NamedDependency

from ...machines.events import Event
from ..config import Config
from ..live.observer import Observer
from ..metrics import Metrics
from ..station.station import ChargingStation
from .charts import ChartWatch
from .errors import Refused
from .feed import Feed
from .messages import RecentMessages
from .views import StationView, Views, lasting


class Watch:
    """Watches a station, and the next one after a reboot. `message` and `change` are the station's
    `on_message` and `on_change`.
    """

    def __init__(self, config: Config) -> None:
        self.feed = Feed()
        self.metrics = Metrics()
        self._config = config
        self._shows_tokens = config.log.level == "debug"
        self.messages = RecentMessages(shows_tokens=self._shows_tokens)
        self._observer: Observer | None = None
        self._views: Views | None = None
        self._charts: ChartWatch | None = None
        self._told: dict[int, object] = {}

    # ---- what happens

    def watch_station(self, station: ChargingStation) -> None:
        """Show this station from now on."""
        self.metrics.watch_station(station)
        self._observer = Observer(self._config, station)
        self._views = Views(self._observer, shows_tokens=self._shows_tokens)
        self._charts = ChartWatch(station.tree)
        self._told.clear()

    def change(self, evse_id: int, fact: Event) -> None:
        observer, views = self._observer, self._views
        if observer is None or views is None:
            return
        observer.note(fact)
        views.follow()
        self._tell()
        for chart in self.charts.follow(fact, observer.station.clock.now()):
            self.feed.publish("chart", chart)

    def message(self, direction: str, text: str | bytes, at: float) -> None:
        observer = self._observer
        if observer is None:
            return
        view = self.messages.add(direction, text, at, observer.moment)
        self.feed.publish("message", view)
        self._tell()  # an answer may have brought the CSMS's id of a transaction

    def _tell(self) -> None:
        """Tell the listeners what looks different from what they were told last."""
        if not self.feed.has_readers or self._views is None:
            return
        for key, (event, view, look) in _looks(self._views.station()).items():
            if self._told.get(key) != look:
                self._told[key] = look
                self.feed.publish(event, view)

    def greeting(self) -> StationView:
        """Give what a listener is told first: everything; then come the changes from it."""
        station = self.views.station()
        self._told = {key: look for key, (_, _, look) in _looks(station).items()}
        return station

    # ---- what is asked

    @property
    def station(self) -> ChargingStation:
        """The station that runs now. Raises Refused before there is one."""
        if self._observer is None:
            raise Refused(503, "the station starts")
        return self._observer.station

    @property
    def views(self) -> Views:
        """What can be seen of it. Raises Refused before there is one."""
        if self._views is None:
            raise Refused(503, "the station starts")
        return self._views

    @property
    def charts(self) -> ChartWatch:
        """Its charts. Raises Refused before there is one."""
        if self._charts is None:
            raise Refused(503, "the station starts")
        return self._charts


def _looks(station: StationView) -> dict[int, tuple[str, object, object]]:
    """Give event, data, and what of them makes a change: of the station (0) and of each EVSE."""
    looks: dict[int, tuple[str, object, object]] = {0: ("station", station, lasting(station))}
    for evse in station.evses:
        looks[evse.evse] = "evse", evse, lasting(evse)
    return looks


OnWatch = NamedDependency[Watch]  # a handler's parameter `watch`
