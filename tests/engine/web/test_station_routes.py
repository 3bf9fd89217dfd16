"""The station as the API shows it, its messages, tokens and link."""

from typing import Any

import httpx
import msgspec
import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.config import Config, Log
from pilotwire.engine.web.app import create_app
from pilotwire.engine.web.watch import Watch
from pilotwire.machines.effects import RestartStation
from pilotwire.machines.events import FaultRaised, IdToken, ReservationMade
from pilotwire.profiles.messages import v16

from ..station.world import World
from .conftest import Api

TOKENS = "/api/tokens"


async def test_an_idle_station(autojump_clock: MockClock, api: Api) -> None:
    station = await api.get("/api/station")
    assert station["identity"] == "PILOTWIRE-1"
    assert (station["vendor"], station["model"]) == ("Vendor", "Model")
    assert station["clock"].startswith("2027-01-15T08:00:01")
    assert station["connection"] == {
        "state": "online",
        "slot": 1,
        "url": "ws://csms.example",
        "version": "ocpp1.6",
        "problem": "",
    }
    assert station["registration"] == "accepted"
    assert (station["status"], station["availability"]) == ("Available", "operative")
    assert station["reservation"] is None
    assert station["queued_reports"] == 0
    assert [evse["evse"] for evse in station["evses"]] == [1, 2]
    evse = station["evses"][0]
    assert (evse["session"], evse["energy"], evse["availability"]) == ("idle", "off", "operative")
    assert evse["connectors"] == [
        {
            "connector": 1,
            "status": "Available",
            "cable": "unplugged",
            "lock": "unlocked",
            "health": "ok",
            "availability": "operative",
            "is_operative": True,
            "fault": None,
        }
    ]
    assert (evse["transaction"], evse["session_energy_wh"], evse["power_watts"]) == (None, None, 0)


async def test_a_charge_with_its_transaction_and_readings(
    autojump_clock: MockClock, api: Api
) -> None:
    await api.world.charge(ev=Ev(name="mine", state_of_charge=50))
    await trio.sleep(3598)
    evse = await api.evse()
    transaction = evse["transaction"]
    kept = api.world.station.tree.evse(1).transaction
    assert kept is not None
    assert transaction == {
        "transaction_id": kept.transaction_id,
        "csms_transaction_id": "2",
        "state": "ongoing",
        "charging_state": "Charging",
        "connector": 1,
        "id_token": "***BEEF",
        "remote_start_id": None,
        "reservation_id": None,
    }
    assert (evse["session"], evse["energy"], evse["connector"]) == ("active", "charging", 1)
    assert (evse["connectors"][0]["lock"], evse["connectors"][0]["cable"]) == ("locked", "plugged")
    assert evse["power_watts"] == pytest.approx(11_040)
    assert evse["session_energy_wh"] == pytest.approx(11_040, rel=0.01)
    assert evse["session_energy_wh"] == evse["meter"]["energy_import"]
    assert evse["session_seconds"] == 3600
    assert evse["simulation"]["ev"]["name"] == "mine"
    assert evse["simulation"]["ev"]["state_of_charge"] > 65


async def test_a_session_that_is_over_has_no_readings(autojump_clock: MockClock, api: Api) -> None:
    await api.world.charge()
    api.world.drivers[0].unplug(at_car=True)
    await trio.sleep(1)
    evse = await api.evse()
    assert (evse["session"], evse["session_energy_wh"], evse["transaction"]) == ("idle", None, None)


async def test_a_fault_and_a_reservation(autojump_clock: MockClock, api: Api) -> None:
    station = api.world.station
    station.deliver(1, FaultRaised(1, "GroundFailure", "wet", "vendor", "E7"))
    station.deliver(2, ReservationMade(7, IdToken("CAFEBABE"), seconds=60))
    first, second = (await api.get("/api/station"))["evses"]
    assert first["connectors"][0]["health"] == "faulted"
    assert first["connectors"][0]["fault"] == {
        "error_code": "GroundFailure",
        "info": "wet",
        "vendor_id": "vendor",
        "vendor_error_code": "E7",
    }
    assert second["reservation"] == {
        "reservation_id": 7,
        "id_token": "***BABE",
        "connector": None,
    }
    assert second["connectors"][0]["status"] == "Reserved"


async def test_what_the_csms_puts_out_of_service(autojump_clock: MockClock, api: Api) -> None:
    await api.world.charge()
    await api.world.csms.call(v16.ChangeAvailabilityRequest(connector_id=0, type="Inoperative"))
    station = await api.get("/api/station")
    assert (station["availability"], station["is_operative"]) == ("change_scheduled", True)
    assert [evse["is_operative"] for evse in station["evses"]] == [True, False]
    assert station["evses"][1]["connectors"][0]["status"] == "Unavailable"


async def test_a_reset_waits_where_it_shall(autojump_clock: MockClock, api: Api) -> None:
    await api.world.charge()
    assert await api.post("/api/reset", evse=2, on_idle=True) == {"is_scheduled": False}
    assert await api.post("/api/reset", evse=1, on_idle=True) == {"is_scheduled": True}
    assert await api.post("/api/reset", on_idle=True) == {"is_scheduled": True}
    refused = await api.refusal("/api/reset", {"evse": 3}, 404)
    assert refused == {"error": "there is no EVSE 3", "field": "evse"}
    assert await api.post("/api/reset") == {"is_scheduled": False}
    await trio.sleep(1)
    assert api.world.station.resetting.outcome == RestartStation("LocalReset")


async def test_a_vendor_s_own_message(autojump_clock: MockClock, api: Api) -> None:
    def answer(request: v16.DataTransferRequest) -> v16.DataTransferResponse:
        return v16.DataTransferResponse(status="Accepted", data=f"{request.message_id} taken")

    api.world.csms.on(v16.DataTransferRequest, answer)
    told = await api.post("/api/data-transfer", vendor_id="com.example", message_id="Door")
    assert told == {"status": "Accepted", "data": "Door taken"}
    no_text = {"vendor_id": "com.example", "data": {"door": 1}}
    assert (await api.refusal("/api/data-transfer", no_text))["field"] == "data"  # 1.6 has text
    await api.world.csms.drop()
    await trio.sleep(1)
    refused = await api.refusal("/api/data-transfer", {"vendor_id": "com.example"}, 409)
    assert refused["error"] == "no link stands"


async def test_reports_that_wait_are_counted(autojump_clock: MockClock, api: Api) -> None:
    await api.world.csms.drop()
    await trio.sleep(1)
    await api.world.charge()
    station = await api.get("/api/station")
    # Unknown tokens may not charge offline; a cable that is in is told once the link stands.
    assert station["connection"]["state"] in ("backing_off", "failing_over", "dialling")
    assert station["connection"]["version"] is None
    assert station["connection"]["problem"] != ""
    assert station["queued_reports"] == len(api.world.journal)


async def test_there_may_be_no_station_yet(autojump_clock: MockClock) -> None:
    app = create_app(Watch(Config()), Config())
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]  # ASGI by another name
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for path in ("/api/station", "/api/events"):
            response = await client.get(path)
            assert (response.status_code, response.json()["error"]) == (503, "the station starts")


async def test_after_a_reboot_the_new_station_is_shown(
    autojump_clock: MockClock, nursery: trio.Nursery, api: Api
) -> None:
    await api.world.charge()
    rebooted = World(connectors=(1, 1, 1))
    api.look_at(rebooted)
    await nursery.start(rebooted.station.run)
    station = await api.get("/api/station")
    assert [evse["session"] for evse in station["evses"]] == ["idle"] * 3


# ---- tokens


async def test_the_station_finds_the_evse_that_a_token_means(
    autojump_clock: MockClock, api: Api
) -> None:
    await api.post("/api/evses/2/plug-in")
    assert await api.post(TOKENS, value="DEADBEEF") == {"evse": 2}
    await trio.sleep(1)
    assert (await api.evse(2))["energy"] == "charging"
    assert await api.post(TOKENS, value="deadbeef") == {"evse": 2}  # and so it ends
    await trio.sleep(1)
    assert (await api.evse(2))["session"] == "finishing"


@pytest.mark.parametrize("place", [{"evse": 1}, {"evses": [1]}])
async def test_a_token_at_an_evse_stays_there(
    autojump_clock: MockClock, api: Api, place: dict[str, Any]
) -> None:
    await api.post("/api/evses/2/plug-in")
    assert await api.post(TOKENS, value="DEADBEEF", type="Central", **place) == {"evse": 1}
    await trio.sleep(1)
    assert [(await api.evse(n))["session"] for n in (1, 2)] == ["token_first", "plugged_first"]


async def test_a_reader_of_several_evses_takes_the_one_that_is_meant_or_free(
    autojump_clock: MockClock, api: Api
) -> None:
    await api.world.charge(1, token="FIRST")
    assert await api.post(TOKENS, value="SECOND", evses=[1, 2]) == {"evse": 2}
    assert await api.post(TOKENS, value="FIRST", evses=[2, 1]) == {"evse": 1}


async def test_a_token_for_which_there_is_no_evse(autojump_clock: MockClock, api: Api) -> None:
    for number, token in ((1, "FIRST"), (2, "SECOND")):
        await api.world.charge(number, token=token)
    problem = await api.refusal(TOKENS, {"value": "THIRD"}, 409)
    assert problem["error"] == "no EVSE is free for this token"


async def test_a_token_that_may_end_a_charge_is_asked_about(
    autojump_clock: MockClock, api: Api
) -> None:
    family = v16.IdTagInfo(status="Accepted", parent_id_tag="FAMILY")
    answer = v16.AuthorizeResponse(id_tag_info=family)
    api.world.csms.on(v16.AuthorizeRequest, lambda request: answer)
    for number, token in ((1, "FIRST"), (2, "SECOND")):
        await api.world.charge(number, token=token)
    assert await api.post(TOKENS, value="THIRD") == {"evse": 0}
    await trio.sleep(1)
    assert (await api.evse(1))["session"] == "finishing"


async def test_a_car_shows_its_contract(autojump_clock: MockClock, api: Api) -> None:
    shown = {"value": "NLPWRC12345678", "type": "eMAID", "contract": "PEM", "evse": 1}
    assert await api.post(TOKENS, **shown) == {"evse": 1}
    await trio.sleep(1)
    assert api.world.drivers[0].shown.reason == "Invalid"  # plug and charge is off


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (None, 400, None),
        ({}, 400, "value"),
        ({"value": "A", "contract": ""}, 400, "contract"),
        ({"value": ""}, 400, "value"),
        ({"value": "A\n"}, 400, "value"),
        ({"value": 7}, 400, "value"),
        ({"value": "A", "evse": 0}, 400, "evse"),
        ({"value": "A", "evse": "one"}, 400, "evse"),
        ({"value": "A", "evse": 1, "evses": [2]}, 400, "evses"),
        ({"value": "A", "evse": 3}, 404, "evse"),
        ({"value": "A", "evses": [1, 3]}, 404, "evses"),
        ({"value": "A", "evsee": 1}, 400, "evsee"),
        (["A"], 400, None),
    ],
)
async def test_a_token_that_does_not_fit(
    autojump_clock: MockClock, api: Api, body: Any, status: int, field: str | None
) -> None:
    assert (await api.refusal(TOKENS, body, status))["field"] == field


# ---- messages


async def test_messages_come_newest_last_with_tokens_masked(
    autojump_clock: MockClock, api: Api
) -> None:
    await api.world.charge()
    messages = await api.get("/api/messages")
    assert [m["action"] for m in messages][:2] == ["BootNotification", "BootNotification"]
    assert [m["time"] for m in messages] == sorted(m["time"] for m in messages)
    question, answer = await api.get("/api/messages", action="authorize")
    assert (question["direction"], question["kind"]) == ("sent", "CALL")
    assert question["payload"] == {"idTag": "***BEEF"}
    assert question["summary"] == "token ***BEEF"
    assert (answer["direction"], answer["kind"]) == ("received", "CALLRESULT")
    assert answer["message_id"] == question["message_id"]
    assert answer["latency_seconds"] >= 0
    assert await api.get("/api/messages", limit=2) == messages[-2:]


async def test_a_password_that_the_csms_sets_is_not_shown(
    autojump_clock: MockClock, api: Api
) -> None:
    request = v16.ChangeConfigurationRequest(key="AuthorizationKey", value="0123456789abcdef")
    await api.world.csms.call(request)
    text = msgspec.json.encode(await api.get("/api/messages", limit=1000)).decode()
    assert "AuthorizationKey" in text
    assert "0123456789abcdef" not in text


async def test_tokens_are_shown_where_the_log_is_for_debugging(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World()
    api = Api(world, Config(log=Log(level="debug")))
    await nursery.start(world.station.run)
    await trio.sleep(1)
    await world.charge()
    async with api.client:
        assert (await api.evse())["transaction"]["id_token"] == "DEADBEEF"
        assert (await api.get("/api/messages", action="Authorize"))[0]["payload"] == {
            "idTag": "DEADBEEF"
        }


@pytest.mark.parametrize("limit", ["0", "1001", "many", "-1"])
async def test_a_limit_that_does_not_fit(autojump_clock: MockClock, api: Api, limit: str) -> None:
    response = await api.client.get("/api/messages", params={"limit": limit})
    assert response.status_code == 400
    assert response.json()["field"] == "limit"


# ---- the link


async def test_the_link_is_cut_and_comes_back(autojump_clock: MockClock, api: Api) -> None:
    for _ in range(2):  # to ask for what is so already does no harm
        assert (await api.post("/api/link/disconnect"))["state"] == "offline"
    await trio.sleep(3600)
    assert api.world.csms.links == 1
    assert (await api.post("/api/link/connect"))["state"] == "dialling"
    await trio.sleep(1)
    assert (await api.post("/api/link/connect"))["state"] == "online"
    assert api.world.csms.links == 2
