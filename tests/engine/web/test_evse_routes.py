"""Hands and faults for a simulated EVSE, over the API."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.engine.config import Config
from pilotwire.machines.effects import Command
from pilotwire.machines.meter import MeterSample

from ..station.world import World
from .conftest import Api

PLUG = "/api/evses/1/plug-in"


async def charge(api: Api) -> None:
    await api.post(PLUG)
    await api.post("/api/tokens", value="DEADBEEF", evse=1)
    await trio.sleep(1)
    assert (await api.evse())["energy"] == "charging"


async def test_a_car_is_plugged_in_as_described(autojump_clock: MockClock, api: Api) -> None:
    evse = await api.post(PLUG, name="mine", battery_wh=40_000, state_of_charge=71.5, phases=1)
    ev = evse["simulation"]["ev"]
    assert (ev["name"], ev["battery_wh"], ev["state_of_charge"]) == ("mine", 40_000, 71.5)
    assert (ev["phases"], ev["target_percent"]) == (1, 100)
    assert evse["session"] == "plugged_first"
    assert evse["simulation"]["is_occupied"] is True
    assert evse == await api.evse()


async def test_a_body_may_be_left_out(autojump_clock: MockClock, api: Api) -> None:
    response = await api.client.post(PLUG)
    assert response.status_code == 200
    assert response.json()["simulation"]["ev"]["name"] == "EV"


@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", None]
)
async def test_json_is_json_whatever_a_program_calls_it(
    autojump_clock: MockClock, api: Api, kind: str | None
) -> None:
    headers = {} if kind is None else {"content-type": kind}  # the second is what `curl -d` says
    response = await api.client.post(PLUG, content=b'{"name": "mine"}', headers=headers)
    assert response.status_code == 200, response.text
    assert response.json()["simulation"]["ev"]["name"] == "mine"


async def test_a_cable_at_the_second_connector(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World(connectors=(2,), drivers=None)
    api = Api(world, Config())
    await nursery.start(world.station.run)
    await trio.sleep(1)
    async with api.client:
        problem = await api.refusal(PLUG, {"connector": 2}, 409)
        assert problem["error"] == "there is no connector 2"  # of that hardware


async def test_the_lock_holds_the_cable_but_not_at_the_car(
    autojump_clock: MockClock, api: Api
) -> None:
    await charge(api)
    problem = await api.refusal("/api/evses/1/unplug", {}, 409)
    assert problem == {"error": "the lock of connector 1 holds the cable", "field": None}
    evse = await api.post("/api/evses/1/unplug", at_car=True, leave=False)
    assert (evse["session"], evse["simulation"]["ev"]) == ("idle", None)
    assert evse["simulation"]["is_occupied"] is True


async def test_a_pause_and_its_end(autojump_clock: MockClock, api: Api) -> None:
    await charge(api)
    paused = await api.post("/api/evses/1/pause")
    assert (paused["energy"], paused["power_watts"]) == ("suspended_evse", 0)
    assert paused["simulation"]["is_paused"] is True
    problem = await api.refusal("/api/evses/1/pause", status=409)
    assert problem["error"] == "the EVSE is paused already"
    assert (await api.post("/api/evses/1/resume"))["energy"] == "charging"


async def test_a_car_that_takes_no_power(autojump_clock: MockClock, api: Api) -> None:
    await charge(api)
    assert (await api.post("/api/evses/1/suspend-ev"))["energy"] == "suspended_ev"
    assert (await api.post("/api/evses/1/resume-ev"))["energy"] == "charging"


async def test_a_fault_comes_and_goes(autojump_clock: MockClock, api: Api) -> None:
    fault = {"error_code": "GroundFailure", "info": "wet", "vendor_id": "v", "connector": 1}
    connector = (await api.post("/api/evses/2/fault", **fault))["connectors"][0]
    assert (connector["status"], connector["health"]) == ("Faulted", "faulted")
    assert connector["fault"] == {
        "error_code": "GroundFailure",
        "info": "wet",
        "vendor_id": "v",
        "vendor_error_code": "",
    }
    connector = (await api.post("/api/evses/2/clear-fault"))["connectors"][0]
    assert (connector["status"], connector["fault"]) == ("Available", None)
    await api.refusal("/api/evses/2/clear-fault", {}, 409)


async def test_a_jammed_lock_holds_until_it_is_free(autojump_clock: MockClock, api: Api) -> None:
    await charge(api)
    await api.post("/api/evses/1/hold-lock")
    await api.post("/api/tokens", value="DEADBEEF", evse=1)
    await trio.sleep(1)
    assert (await api.evse())["connectors"][0]["lock"] == "stuck"
    await api.refusal("/api/evses/1/unplug", {}, 409)
    await api.post("/api/evses/1/free-lock", connector=1)
    await api.refusal("/api/evses/1/free-lock", {}, 409)


async def test_a_broken_lock_is_a_fault_until_the_cable_is_out(
    autojump_clock: MockClock, api: Api
) -> None:
    await api.post("/api/evses/1/break-lock")
    await api.post("/api/evses/1/plug-in")
    await api.post("/api/tokens", value="DEADBEEF", evse=1)
    await trio.sleep(1)
    connector = (await api.evse())["connectors"][0]
    assert (connector["lock"], connector["fault"]["error_code"]) == (
        "unlocked",
        "ConnectorLockFailure",
    )
    await api.post("/api/evses/1/unplug")
    assert (await api.evse())["connectors"][0]["fault"] is None
    await api.post("/api/evses/1/mend-lock")
    await api.refusal("/api/evses/1/mend-lock", {}, 409)


@pytest.mark.parametrize(
    ("action", "body", "status", "field"),
    [
        ("plug-in", {"battery_wh": -1}, 400, "battery_wh"),
        ("plug-in", {"state_of_charge": 101}, 400, "state_of_charge"),
        ("plug-in", {"phases": 2}, 400, "phases"),
        ("plug-in", {"connector": 0}, 400, "connector"),
        ("plug-in", {"colour": "red"}, 400, "colour"),
        ("plug-in", ["red"], 400, None),
        ("unplug", {"at_car": "perhaps"}, 400, "at_car"),
        ("unplug", {}, 409, None),
        ("fault", {"error_code": "NoError"}, 400, "error_code"),
        ("fault", {"error_code": "GroundFailure", "info": "x" * 51}, 400, "info"),
        ("fault", {"error_code": "GroundFailure", "connector": 2}, 409, None),
        ("resume", None, 409, None),
        ("suspend-ev", None, 409, None),
        ("hold-lock", {"connector": 2}, 409, None),
    ],
)
async def test_what_does_not_fit_or_cannot_be_done(
    autojump_clock: MockClock, api: Api, action: str, body: Any, status: int, field: str | None
) -> None:
    before = await api.evse()
    problem = await api.refusal(f"/api/evses/1/{action}", body, status)
    assert problem["field"] == field
    assert problem["error"]
    assert await api.evse() == before


@pytest.mark.parametrize(
    "action",
    [
        "plug-in",
        "unplug",
        "pause",
        "resume",
        "fault",
        "clear-fault",
        "hold-lock",
        "free-lock",
        "suspend-ev",
        "resume-ev",
    ],
)
async def test_an_evse_that_is_not_there(autojump_clock: MockClock, api: Api, action: str) -> None:
    for number in ("3", "0"):
        problem = await api.refusal(f"/api/evses/{number}/{action}", {}, 404)
        assert problem == {"error": f"there is no EVSE {number}", "field": "evse"}
    await api.refusal(f"/api/evses/one/{action}", {}, 404)


class RealEvse:
    """Hardware that is there, and does nothing."""

    async def run(self, commands: "trio.MemoryReceiveChannel[Command]", report: Any) -> None:
        async for _ in commands:
            pass

    def read_meter(self) -> MeterSample:
        return MeterSample(energy_import=1234.0)


async def test_hardware_that_is_not_simulated_is_shown_and_not_touched(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    world = World(connectors=(1,), drivers=[RealEvse()])
    api = Api(world, Config())
    await nursery.start(world.station.run)
    async with api.client:
        problem = await api.refusal(PLUG, {}, 409)
        assert problem["error"] == "EVSE 1 is not simulated"
        evse = await api.evse()
    assert evse["simulation"] is None
    assert evse["meter"] == {"energy_import": 1234.0}
    assert evse["power_watts"] is None
