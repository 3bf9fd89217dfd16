"""Commands in 2.0.1 and 2.1: every request that a CSMS sends, typed; and which are refused."""

import json

import pytest
import trio
from hypothesis import HealthCheck, Phase, given, settings

from pilotwire.engine.central.errors import WrongVersion
from pilotwire.profiles.family import OCPP_21, OCPP_201
from pilotwire.profiles.messages import of, v16, v21, v201
from pilotwire.profiles.messages.base import decode, encode

from .payloads import Payloads, schema_of

COMMANDS = [
    pytest.param(version, action, id=f"{version.subprotocol}-{action}")
    for version in (OCPP_201, OCPP_21)
    for action in sorted(version.actions())
    if version.sends("csms", action)
]


def an_example(schema):
    """One payload of the schema: the simplest."""
    found = []

    @settings(
        max_examples=1,
        phases=[Phase.generate],
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(Payloads(schema).of(schema))
    def take(payload):
        found.append(payload)

    take()
    return found[0]


@pytest.mark.parametrize(("version", "action"), COMMANDS)
async def test_a_command_and_its_typed_answer(central, connect, version, action):
    station = await connect(central, subprotocol=version.subprotocol)
    payload = an_example(schema_of(version, f"{action}Request"))
    answer = an_example(schema_of(version, f"{action}Response"))
    request = decode(version.actions()[action], json.dumps(payload).encode())
    heard = []

    async def command():
        heard.append(await central.issue_command("CS-1", request))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(command)
        kind, message_id, sent_action, sent = json.loads(await station.hear())
        assert (kind, sent_action) == (2, action)
        assert sent == json.loads(encode(request))
        await station.link.send(json.dumps([3, message_id, answer]))
    assert type(heard[0]) is request.response
    assert heard[0] == decode(request.response, json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("subprotocol", "request_"),
    [
        ("ocpp2.0.1", v21.ResetRequest(type="Immediate")),
        ("ocpp2.0.1", v21.GetTariffsRequest(evse_id=0)),
        ("ocpp2.1", v201.ResetRequest(type="Immediate")),
        ("ocpp2.1", v16.ResetRequest(type="Soft")),
        ("ocpp2.1", v21.HeartbeatRequest()),
    ],
)
async def test_a_request_of_another_version_or_side_is_refused_by_name(
    central, connect, subprotocol, request_
):
    await connect(central, subprotocol=subprotocol)
    with pytest.raises(WrongVersion, match=f"CS-1 speaks {subprotocol}.*{type(request_).__name__}"):
        await central.issue_command("CS-1", request_)


@pytest.mark.parametrize(("status", "counts"), [("Accepted", True), ("RebootRequired", False)])
async def test_a01_fr_03_a_new_password_counts_once_it_is_accepted(
    central, station2, subprotocol, status, counts
):
    v2 = of(subprotocol.removeprefix("ocpp"))
    component, variable = (
        v2.ComponentType(name="SecurityCtrlr"),
        v2.VariableType(name="BasicAuthPassword"),
    )
    item = v2.SetVariableDataType(
        component=component, variable=variable, attribute_value="a-new-password"
    )
    seen = []
    central.on_event(seen.append)
    async with trio.open_nursery() as nursery:
        request = v2.SetVariablesRequest(set_variable_data=(item,))
        nursery.start_soon(central.issue_command, "CS-1", request)
        message_id = json.loads(await station2.hear())[1]
        result = v2.SetVariableResultType(
            attribute_status=status, component=component, variable=variable
        )
        answer = encode(v2.SetVariablesResponse(set_variable_result=(result,))).decode()
        await station2.link.send(f'[3,"{message_id}",{answer}]')
    assert (central.store.station("CS-1").password_hash is not None) is counts
    # A01.FR.09: and who looks on does not see it.
    assert seen
    assert all("a-new-password" not in event.text for event in seen if hasattr(event, "text"))
