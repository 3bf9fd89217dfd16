"""Pages for people: the station, an EVSE, and their charts with the current states lit.

Rendered here and complete without script; a little script keeps them up to date by the news of
`/api/events`. Nothing on them comes from another machine.
"""

import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import MediaType, get
from litestar.params import FromPath
from litestar.response import Response
from markupsafe import Markup

from ..charts_command import CHARTS
from .charts import ChartView
from .errors import Refused, refusals
from .views import EvseView, StationView
from .watch import OnWatch

_NAMES = {"evse": "EVSE"}  # charts that are no plain words
_MESSAGES = 12  # that the first page shows
_SIZE = re.compile(r'width="(\d+)pt" height="(\d+)pt"')
_PIXELS = 0.93  # a point of a picture: so that the widest fits a page of 1280
_TYPES = {"css": "text/css", "js": "text/javascript"}


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(__package__, "pages"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def picture(chart: str) -> Markup:
    """Give a chart's SVG, drawn when the program was built: all at one scale, so that the texts of
    all are as large. Raises KeyError.
    """
    text = files(__package__).joinpath("pictures", f"{chart}.svg").read_text("utf-8")
    drawn = _SIZE.sub(_scaled, text[text.index("<svg") :], count=1)
    return Markup(drawn)  # ours: what the sources say, nothing from outside


def _scaled(size: re.Match[str]) -> str:
    width, height = (round(int(points) * _PIXELS) for points in size.groups())
    return f'width="{width}" height="{height}"'


def heading(chart: ChartView) -> str:
    """Name a chart as a reader would: an EVSE's, a connector's with its number."""
    name = _NAMES.get(chart.chart, chart.chart.replace("_", " ").capitalize())
    return f"{name} {chart.connector}" if chart.connector else name


@cache
def explanation(chart: str) -> str:
    """Say in a sentence what a chart decides."""
    return (CHARTS[chart].__doc__ or "").partition("\n\n")[0].replace("\n    ", " ")


def _page(name: str, **values: object) -> Response[str]:
    shared = {
        "picture": picture,
        "explanation": explanation,
        "heading": heading,
        "kwh": kilowatt_hours,
    }
    text = _templates().get_template(name).render(**shared, **values)
    return Response(text, media_type=MediaType.HTML, headers={"cache-control": "no-store"})


def kilowatt_hours(watt_hours: float | None) -> str:
    return "" if watt_hours is None else f"{watt_hours / 1000:.2f} kWh"


@get("/", include_in_schema=False, responses=refusals(503))
async def home(watch: OnWatch) -> Response[str]:
    station: StationView = watch.views.station()
    return _page(
        "home.html", station=station, messages=watch.messages.newest(_MESSAGES, None)[::-1]
    )


@get("/charts", include_in_schema=False, responses=refusals(503))
async def charts(watch: OnWatch) -> Response[str]:
    found = [chart for chart in watch.charts.all() if chart.evse == 0]
    return _page("charts.html", station=watch.views.station(), title="Station", charts=found)


@get("/evses/{evse:int}", include_in_schema=False, responses=refusals(404, 503))
async def evse_page(watch: OnWatch, evse: FromPath[int]) -> Response[str]:
    station = watch.views.station()
    if not 1 <= evse <= len(station.evses):
        raise Refused(404, f"there is no EVSE {evse}: there are {len(station.evses)}")
    view: EvseView = station.evses[evse - 1]
    found: list[ChartView] = [chart for chart in watch.charts.all() if chart.evse == evse]
    if not any(chart.chart == "transaction" for chart in found):
        absent = ChartView(chart="transaction", evse=evse, connector=0, states=[], last=None)
        found.insert(1, absent)
    return _page("evse.html", station=station, evse=view, charts=found)


@get("/api/charts", summary="Where every chart stands, and its last move", responses=refusals(503))
async def chart_views(watch: OnWatch) -> list[ChartView]:
    return watch.charts.all()


@get("/pages/{name:str}", include_in_schema=False, responses=refusals(404))
async def asset(name: FromPath[str]) -> Response[str]:
    kind = _TYPES.get(name.rpartition(".")[2])
    file = files(__package__).joinpath("pages", name)
    if kind is None or "/" in name or not file.is_file():
        raise Refused(404, f"there is no {name}")
    return Response(file.read_text("utf-8"), media_type=kind)


ROUTES = [home, charts, evse_page, chart_views, asset]
