"""The one shape of refusals, and what a fault of ours looks like."""

import json

import pytest
from structlog.testing import capture_logs
from trio.testing import MockClock

from pilotwire.engine.web.errors import Problem, problem_of

from .conftest import Api


@pytest.mark.parametrize(
    ("message", "key", "field"),
    [
        ("Expected `int`, got `str`", "connector", "connector"),
        ("Object contains unknown field `nope`", "data", "nope"),
        ("Object missing required field `value`", "data", "value"),
        ("battery_wh of the car 'EV' must be above 0", "data", "battery_wh"),
        ("Expected `object`, got `array`", "data", None),
    ],
)
def test_the_field_at_fault_is_named(message: str, key: str, field: str | None) -> None:
    assert problem_of(message, key) == Problem(message, field)


def test_a_body_that_is_missing_is_said_to_be() -> None:
    assert problem_of("'data'", "data") == Problem("a JSON body is needed")


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/nowhere", b"", 404),
        ("GET", "/api/tokens", b"", 405),
        ("POST", "/api/tokens", b"{", 400),
        ("POST", "/api/tokens", b"\xff", 400),
        ("POST", "/api/tokens", b'{"value":"%s"}' % (b"x" * 70_000), 413),
        ("POST", "/api/evses/1/plug-in", b'{"battery_wh":1e999}', 400),
    ],
)
async def test_whatever_is_wrong_the_answer_has_one_shape(
    autojump_clock: MockClock, api: Api, method: str, path: str, content: bytes, status: int
) -> None:
    response = await api.client.request(method, path, content=content)
    assert response.status_code == status
    assert response.headers["content-type"].startswith("application/json")
    assert response.json().keys() == {"error", "field"}


async def test_a_bug_is_logged_and_not_told(
    autojump_clock: MockClock, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(api.world.station), "read_meter", lambda station, evse_id: 1 // 0)
    with capture_logs() as logs:
        response = await api.client.get("/api/station")
    assert response.status_code == 500
    assert response.json() == {"error": "internal error", "field": None}
    (entry,) = [entry for entry in logs if entry["event"] == "api_failed"]
    assert entry["path"] == "/api/station"
    assert isinstance(entry["exc_info"], ZeroDivisionError)


async def test_the_openapi_document_describes_every_route_and_its_refusals(
    autojump_clock: MockClock, api: Api
) -> None:
    document = await api.get("/schema")
    assert document["openapi"].startswith("3.")
    actions = (
        "plug-in unplug pause resume fault clear-fault hold-lock free-lock "
        "break-lock mend-lock suspend-ev resume-ev"
    )
    assert set(document["paths"]) == {
        "/api/station",
        "/api/messages",
        "/api/events",
        "/api/tokens",
        "/api/link/connect",
        "/api/link/disconnect",
        "/api/reset",
        "/api/data-transfer",
        "/metrics",
        "/api/charts",
        *(f"/api/evses/{{evse}}/{action}" for action in actions.split()),
    }
    problem = {"$ref": "#/components/schemas/Problem"}
    plug_in = document["paths"]["/api/evses/{evse}/plug-in"]["post"]
    for status in ("400", "404", "409"):
        assert plug_in["responses"][status]["content"]["application/json"]["schema"] == problem
    schemas = document["components"]["schemas"]
    assert set(schemas["Problem"]["properties"]) == {"error", "field"}
    assert {"connector", "battery_wh"} <= schemas["PlugIn"]["properties"].keys()
    assert "text/event-stream" in json.dumps(document["paths"]["/api/events"])
    parameters = [p["name"] for p in document["paths"]["/api/messages"]["get"]["parameters"]]
    assert sorted(parameters) == ["action", "limit"]
