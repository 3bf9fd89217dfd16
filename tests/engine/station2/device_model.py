"""What dialogues about the device model have in common: items of requests, and answers in short."""

from typing import Any

import trio

from pilotwire.profiles.device_model import Key

from .world import World


def component(
    world: World, name: str, evse: int = 0, connector: int = 0, instance: str = ""
) -> Any:
    v2 = world.v2
    more: dict[str, Any] = {"instance": instance} if instance else {}
    if connector:
        more["evse"] = v2.EVSEType(id=evse, connector_id=connector)
    elif evse:
        more["evse"] = v2.EVSEType(id=evse)
    return v2.ComponentType(name=name, **more)


def place_of(world: World, name: str) -> dict[str, Any]:
    """Component and variable of a message, by the name of a variable."""
    key = Key.parse(name)
    more = {"instance": key.instance} if key.instance else {}
    return {
        "component": component(
            world, key.component, key.evse, key.connector, key.component_instance
        ),
        "variable": world.v2.VariableType(name=key.variable, **more),
    }


def wanted(world: World, name: str, **more: Any) -> Any:
    return world.v2.GetVariableDataType(**place_of(world, name), **more)


def setting(world: World, name: str, value: object, **more: Any) -> Any:
    place = place_of(world, name)
    return world.v2.SetVariableDataType(**place, attribute_value=str(value), **more)


async def get_results(world: World, *items: Any) -> list[Any]:
    answer = await world.csms.call(world.v2.GetVariablesRequest(get_variable_data=items))
    assert len(answer.get_variable_result) == len(items)  # B06.FR.01
    for item, result in zip(items, answer.get_variable_result, strict=True):
        assert (result.component, result.variable) == (item.component, item.variable)  # B06.FR.02
        # B06.FR.03, B06.FR.11
        assert result.attribute_type == (item.attribute_type or "Actual")
    return list(answer.get_variable_result)


async def get(world: World, *names: Any, **more: Any) -> list[tuple[str, Any]]:
    """Ask for variables by name, or as items; give status and value of each, None for no value."""
    items = [wanted(world, each, **more) if isinstance(each, str) else each for each in names]
    results = await get_results(world, *items)
    return [
        (r.attribute_status, r.attribute_value if isinstance(r.attribute_value, str) else None)
        for r in results
    ]


async def set_results(world: World, *items: Any) -> list[Any]:
    answer = await world.csms.call(world.v2.SetVariablesRequest(set_variable_data=items))
    assert len(answer.set_variable_result) == len(items)  # B05.FR.01
    for item, result in zip(items, answer.set_variable_result, strict=True):
        assert (result.component, result.variable) == (item.component, item.variable)  # B05.FR.02
        # B05.FR.03, B05.FR.12
        assert result.attribute_type == (item.attribute_type or "Actual")
    return list(answer.set_variable_result)


async def put(world: World, name: str, value: object, **more: Any) -> tuple[str, str]:
    """Set a variable; give its status, and the reason code where there is one."""
    (result,) = await set_results(world, setting(world, name, value, **more))
    info = result.attribute_status_info
    return result.attribute_status, info.reason_code if info else ""


async def report(world: World, request: Any) -> list[Any]:
    """Ask for a report; give what it says, having looked at its parts."""
    world.csms.forget()
    world.messages.clear()
    answer = await world.csms.call(request)
    assert answer.status == "Accepted"  # B07.FR.01, B08.FR.01
    assert not answer.status_info
    await trio.sleep(1)
    frames = [frame[0] for direction, frame in world.messages if direction == "sent"]
    parts = world.csms.of("NotifyReport")
    assert frames == [3, *[2] * len(parts)]  # the answer comes first
    assert [part.seq_no for part in parts] == list(range(len(parts)))  # B07.FR.10, B08.FR.14
    assert [part.tbc for part in parts] == [*[True] * (len(parts) - 1), False]
    assert {part.request_id for part in parts} == {request.request_id}  # B07.FR.04, B08.FR.04
    items = [item for part in parts for item in part.report_data]
    assert all(item.variable_characteristics for item in items)  # B08.FR.12
    return items


async def base_report(world: World, base: str, request_id: int = 7) -> list[Any]:
    request = world.v2.GetBaseReportRequest(request_id=request_id, report_base=base)
    return await report(world, request)


def name_of(item: Any) -> str:
    """The name of a variable that a report tells."""
    place = item.component.evse
    key = Key(
        item.component.name,
        item.variable.name,
        item.variable.instance or "",
        item.component.instance or "",
        place.id if place else 0,
        (place.connector_id or 0) if place else 0,
    )
    return str(key)
