"""What dialogues about monitoring share: monitors set and reported, events heard."""

from typing import Any

import trio

from pilotwire.profiles.device_model import Key
from pilotwire.profiles.v2.addressing import component_of, key_of, variable_of

from .world import World


def wanted(
    world: World,
    name: str,
    type_: str = "Delta",
    value: float = 1.0,
    severity: int = 5,
    **more: Any,
) -> Any:
    """A SetMonitoringDataType on the variable of this name, `EVSE(1).Power` say."""
    key = Key.parse(name)
    return world.v2.SetMonitoringDataType(
        component=component_of(world.v2, key),
        variable=variable_of(world.v2, key),
        type=type_,  # type: ignore[arg-type]  # the test's own
        value=value,
        severity=severity,
        **more,
    )


async def set_monitors(world: World, *items: Any) -> list[Any]:
    request = world.v2.SetVariableMonitoringRequest(set_monitoring_data=items)
    answer = await world.csms.call(request)
    return list(answer.set_monitoring_result)


async def monitor(world: World, name: str, *arguments: Any, **more: Any) -> int:
    """Set a monitor, and give its id."""
    (result,) = await set_monitors(world, wanted(world, name, *arguments, **more))
    assert result.status == "Accepted"
    assert not result.status_info
    number: int = result.id
    return number


async def clear(world: World, *ids: int) -> list[str]:
    answer = await world.csms.call(world.v2.ClearVariableMonitoringRequest(id=ids))
    assert [result.id for result in answer.clear_monitoring_result] == [*ids]
    return [result.status for result in answer.clear_monitoring_result]


async def set_base(world: World, base: str) -> str:
    answer = await world.csms.call(world.v2.SetMonitoringBaseRequest(monitoring_base=base))  # type: ignore[arg-type]
    status: str = answer.status
    return status


async def set_level(world: World, severity: int) -> str:
    answer = await world.csms.call(world.v2.SetMonitoringLevelRequest(severity=severity))
    status: str = answer.status
    return status


async def reported(
    world: World, *names: str, criteria: tuple[Any, ...] = (), request_id: int = 1
) -> list[tuple[str, Any]]:
    """Ask for a report of monitors, and give each with its variable's name; [] for none.

    A name is one of a variable, or of a component followed by a dot.
    """
    v2, before = world.v2, len(world.csms.of("NotifyMonitoringReport"))
    filters: dict[str, Any] = {}
    if names:
        filters["component_variable"] = tuple(_filter(world, name) for name in names)
    if criteria:
        filters["monitoring_criteria"] = criteria
    request = v2.GetMonitoringReportRequest(request_id=request_id, **filters)
    answer = await world.csms.call(request)
    await trio.sleep(1)
    parts = world.csms.of("NotifyMonitoringReport")[before:]
    assert (answer.status == "EmptyResultSet") == (not parts)
    assert [part.seq_no for part in parts] == [*range(len(parts))]
    assert [part.tbc is True for part in parts] == [True] * (len(parts) - 1) + [False] * bool(parts)
    assert {part.request_id for part in parts} <= {request_id}
    return [
        (str(key_of(data.component, data.variable)), each)
        for part in parts
        for data in part.monitor
        for each in data.variable_monitoring
    ]


def _filter(world: World, name: str) -> Any:
    v2, is_component = world.v2, name.endswith(".")
    key = Key.parse(f"{name}x" if is_component else name)
    return v2.ComponentVariableType(
        component=component_of(v2, key),
        **({} if is_component else {"variable": variable_of(v2, key)}),
    )


def notices(world: World) -> list[Any]:
    """The NotifyEvent requests heard so far, without those that tell a connector's status (G01)."""
    return [request for request in world.csms.of("NotifyEvent") if not _is_status(request)]


def _is_status(request: Any) -> bool:
    (data, *_) = request.event_data
    return data.variable.name == "AvailabilityState" and not data.variable_monitoring_id


def events(world: World, name: str = "") -> list[Any]:
    """The eventData heard so far, those of this variable."""
    told = [data for request in notices(world) for data in request.event_data]
    return [data for data in told if name in ("", str(key_of(data.component, data.variable)))]


def values(world: World, name: str = "") -> list[str]:
    return [event.actual_value for event in events(world, name)]
