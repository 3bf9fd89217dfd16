"""The central system reads, sets and gathers a station's variables (B05 to B08)."""

import json
from datetime import UTC, datetime

import pytest
import trio

from pilotwire.engine.central.errors import StationNotConnected
from pilotwire.engine.central.variables import (
    NoVariables,
    ReportIncomplete,
    ReportRefused,
    base_report,
    get_variables,
    report,
    set_variables,
)
from pilotwire.profiles.csms import MessageReported
from pilotwire.profiles.csms.variables import ReportedAttribute, ReportedVariable, VariableAnswer
from pilotwire.profiles.device_model import Key

AT = '"2026-01-02T03:04:05Z"'


async def heard(station):
    """The next CALL: its id, action and payload."""
    kind, message_id, action, payload = json.loads(await station.hear())
    assert kind == 2
    return message_id, action, payload


async def answer(station, message_id, payload):
    await station.link.send(json.dumps([3, message_id, payload]))


class Outcome:
    """What a call gave in the end."""

    def __init__(self, nursery, function, *args, **more):
        self.value = None
        self.error = None
        self._done = trio.Event()
        nursery.start_soon(self._run, function, args, more)

    async def _run(self, function, args, more):
        try:
            self.value = await function(*args, **more)
        except Exception as error:
            self.error = error
        self._done.set()

    async def __call__(self):
        with trio.fail_after(200):
            await self._done.wait()
        return self.value if self.error is None else self.error


async def test_b06_variables_are_asked_for_and_told_in_order(central, station2, nursery):
    names = ["TxCtrlr.TxStartPoint", "EVSE(1).Power", "Fan[left].Speed[max]"]
    found = Outcome(nursery, get_variables, central, "CS-1", names, "Target")
    message_id, action, payload = await heard(station2)
    assert (action, payload["getVariableData"]) == (
        "GetVariables",
        [
            {
                "component": {"name": "DeviceDataCtrlr"},
                "variable": {"name": "ItemsPerMessage", "instance": "GetVariables"},
            }
        ],
    )
    told = {**payload["getVariableData"][0], "attributeStatus": "Accepted", "attributeValue": "2"}
    await answer(station2, message_id, {"getVariableResult": [told]})
    message_id, _, payload = await heard(station2)
    first, second = payload["getVariableData"]  # B06.FR.05: no more than the station takes
    assert first == {
        "component": {"name": "TxCtrlr"},
        "variable": {"name": "TxStartPoint"},
        "attributeType": "Target",
    }
    results = [
        {**second, "attributeStatus": "Accepted", "attributeValue": "11000"},
        {
            **first,
            "attributeStatus": "Rejected",
            "attributeStatusInfo": {"reasonCode": "WriteOnly", "additionalInfo": "no"},
        },
    ]
    await answer(station2, message_id, {"getVariableResult": results})
    message_id, _, payload = await heard(station2)
    (third,) = payload["getVariableData"]
    assert third["component"] == {"name": "Fan", "instance": "left"}
    unknown = {**third, "attributeStatus": "UnknownComponent"}
    await answer(station2, message_id, {"getVariableResult": [unknown]})
    start, power, fan = await found()
    assert start == VariableAnswer(
        key=Key("TxCtrlr", "TxStartPoint"),
        attribute="Target",
        status="Rejected",
        reason="WriteOnly",
        info="no",
    )
    assert (power.key, power.value, power.is_accepted) == (Key("EVSE", "Power", evse=1), "11000", 1)
    assert (fan.status, fan.value, fan.is_accepted) == ("UnknownComponent", None, False)


async def test_b05_a_single_variable_is_set_without_a_question_before(central, station2, nursery):
    values = {"OCPPCommCtrlr.OfflineThreshold": 300}
    done = Outcome(nursery, set_variables, central, "CS-1", values)
    message_id, action, payload = await heard(station2)
    (item,) = payload["setVariableData"]
    assert (action, item["attributeValue"]) == ("SetVariables", "300")
    del item["attributeValue"]
    result = {**item, "attributeType": "Actual", "attributeStatus": "RebootRequired"}
    await answer(station2, message_id, {"setVariableResult": [result]})
    (told,) = await done()
    assert (told.status, told.is_accepted) == ("RebootRequired", True)


async def test_what_the_station_takes_is_asked_for_once(central, station2, nursery):
    for known in (False, True):
        values = {"A.B": True, "A.C": ("x", "y"), "A.D": datetime(2030, 1, 1, tzinfo=UTC)}
        done = Outcome(nursery, set_variables, central, "CS-1", values)
        if not known:
            message_id, action, payload = await heard(station2)
            assert action == "GetVariables"
            item = payload["getVariableData"][0]
            told = {**item, "attributeStatus": "Accepted", "attributeValue": "50"}
            await answer(station2, message_id, {"getVariableResult": [told]})
        message_id, _, payload = await heard(station2)
        items = payload["setVariableData"]
        assert [each.pop("attributeValue") for each in items] == [
            "true",
            "x,y",
            "2030-01-01T00:00:00Z",
        ]
        results = [{**each, "attributeStatus": "Accepted"} for each in items]
        await answer(station2, message_id, {"setVariableResult": results})
        assert [each.status for each in await done()] == ["Accepted"] * 3


async def test_b05_fr_13_nothing_is_sent_for_a_variable_named_twice(central, station2):
    with pytest.raises(ValueError, match="named twice"):
        await set_variables(central, "CS-1", {"A.B": 1, "a.b": 2})


async def test_b07_a_report_is_gathered_from_its_parts(central, station2, nursery):
    found = Outcome(nursery, base_report, central, "CS-1")
    message_id, action, payload = await heard(station2)
    assert (action, payload["reportBase"]) == ("GetBaseReport", "FullInventory")
    number = payload["requestId"]
    await answer(station2, message_id, {"status": "Accepted"})
    speed = (
        '"component":{"name":"Fan","evse":{"id":1}},"variable":{"name":"Speed"},'
        '"variableAttribute":[{"value":"5"},{"type":"Target","value":"","mutability":"WriteOnly",'
        '"persistent":true,"constant":true}],"variableCharacteristics":{"dataType":"OptionList",'
        '"supportsMonitoring":true,"unit":"RPM","minLimit":1,"maxLimit":9,"valuesList":"5, 6"}'
    )
    plain = (
        '"component":{"name":"Fan"},"variable":{"name":"Mode","instance":"i"},'
        '"variableAttribute":[{"mutability":"WriteOnly"}]'
    )

    def told(seq, more, data):
        return (
            f'{{"requestId":{number},"generatedAt":{AT},"seqNo":{seq},"tbc":{more},'
            f'"reportData":[{{{data}}}]}}'
        )

    # B07.FR.10: numbered; a central system takes them in any order.
    assert await station2.call("NotifyReport", told(1, "false", plain)) == {}
    assert await station2.call("NotifyReport", told(0, "true", speed)) == {}
    fan, mode = await found()
    assert fan == ReportedVariable(
        key=Key("Fan", "Speed", evse=1),
        attributes=(
            ReportedAttribute(
                type="Actual", value="5", mutability="ReadWrite", persistent=False, constant=False
            ),
            ReportedAttribute(
                type="Target", value="", mutability="WriteOnly", persistent=True, constant=True
            ),
        ),
        type="OptionList",
        unit="RPM",
        minimum=1,
        maximum=9,
        options=("5", "6"),
        supports_monitoring=True,
    )
    assert (fan.value(), fan.value("Target"), fan.value("MinSet")) == ("5", "", None)
    assert (mode.key, mode.value(), mode.type) == (Key("Fan", "Mode", "i"), None, None)
    assert len(central.store.reports("CS-1", MessageReported)) == 2
    assert not central.connections["CS-1"].station.report_takers


async def test_b08_a_report_in_part_names_components_and_criteria(central, station2, nursery):
    names = ["EVSE(1)", "Fan[left].Speed"]
    found = Outcome(nursery, report, central, "CS-1", names, ("Problem",))
    message_id, action, payload = await heard(station2)
    assert action == "GetReport"
    assert payload["componentCriteria"] == ["Problem"]
    assert payload["componentVariable"] == [
        {"component": {"name": "EVSE", "evse": {"id": 1}}},
        {"component": {"name": "Fan", "instance": "left"}, "variable": {"name": "Speed"}},
    ]
    await answer(station2, message_id, {"status": "EmptyResultSet"})
    assert await found() == []


@pytest.mark.parametrize("status", ["Rejected", "NotSupported"])
async def test_b07_a_report_that_is_refused_is_none(central, station2, nursery, status):
    found = Outcome(nursery, base_report, central, "CS-1", "SummaryInventory")
    message_id, _, _ = await heard(station2)
    await answer(station2, message_id, {"status": status})
    error = await found()
    assert isinstance(error, ReportRefused)
    assert error.status == status


async def test_a_report_that_stops_is_not_waited_for_for_ever(
    autojump_clock, central, station2, nursery
):
    found = Outcome(nursery, base_report, central, "CS-1", part_seconds=20)
    message_id, _, _ = await heard(station2)
    await answer(station2, message_id, {"status": "Accepted"})
    error = await found()
    assert isinstance(error, ReportIncomplete)
    assert "no further part within 20 s" in str(error)
    assert trio.current_time() < 25


async def test_a_station_that_goes_ends_its_report(autojump_clock, central, station2, nursery):
    found = Outcome(nursery, base_report, central, "CS-1")
    message_id, _, payload = await heard(station2)
    await answer(station2, message_id, {"status": "Accepted"})
    part = f'{{"requestId":{payload["requestId"]},"generatedAt":{AT},"seqNo":0,"tbc":true}}'
    await station2.call("NotifyReport", part)
    await station2.link.close(1000)
    error = await found()
    assert isinstance(error, ReportIncomplete)
    assert str(error) == "the report of CS-1 is not whole: the station is gone"
    assert trio.current_time() < 10


async def test_there_is_no_device_model_in_1_6(central, station):
    with pytest.raises(NoVariables, match="without a device model"):
        await get_variables(central, "CS-1", ["A.B"])
    with pytest.raises(StationNotConnected):
        await base_report(central, "CS-2")
