"""docs/device-model.md says what is so: its example runs, its file is read."""

import re
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.factory import EvseSetup, make_driver
from pilotwire.engine.config.source import ConfigError
from pilotwire.engine.hardware import extend
from pilotwire.profiles.component_files import ComponentFile, with_components
from pilotwire.profiles.device_model import DeviceModel, Key
from pilotwire.profiles.standard import STANDARD
from pilotwire.profiles.standard.places import EvseBuild, places

from .station2.device_model import base_report, get, name_of, put, wanted
from .station2.world import World

GUIDE = (Path(__file__).parents[2] / "docs" / "device-model.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The example's driver, made as config.toml's line says."""
    module = types.ModuleType("cooled")
    exec(compile(block("python"), "cooled.py", "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "cooled", module)
    (name,) = re.findall(r'^    driver = "(.*)"$', GUIDE, re.MULTILINE)
    return make_driver(name, EvseSetup(evse=1))


async def test_the_fan_is_read_and_set(
    driver: Any, autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    speed = "CoolingFan(1).Speed"
    world = World("2.1", connectors=(1,), drivers=[driver], reboots=True)
    await nursery.start(world.live)
    await trio.sleep(1)
    assert await get(world, speed) == [("Accepted", "1500")]
    assert await put(world, speed, 2000, attribute_type="Target") == ("Accepted", "")
    assert await get(world, speed) == [("Accepted", "2000")]
    refused = ("Rejected", "ValueOutOfRange")
    assert await put(world, speed, 100, attribute_type="Target") == refused
    assert await put(world, speed, 9000, attribute_type="Target") == refused
    assert await put(world, speed, 2000) == ("Rejected", "ReadOnly")
    (fan,) = [i for i in await base_report(world, "FullInventory") if name_of(i) == speed]
    assert [(a.type, a.value) for a in fan.variable_attribute] == [
        ("Actual", "2000"),
        ("Target", "2000"),
    ]
    await world.csms.call(world.v2.ResetRequest(type="Immediate"))
    await trio.sleep(60)
    assert len(world.outcomes) == 1
    item = wanted(world, speed, attribute_type="Target")
    assert await get(world, speed, item) == [("Accepted", "2000")] * 2
    assert not world.violations


def test_what_a_driver_adds_twice_is_told_with_its_evse(driver: Any) -> None:
    with pytest.raises(ConfigError, match=r"evses\[2\]\.driver: extend_model: CoolingFan\(1\)"):
        extend(DeviceModel(STANDARD), [driver, driver])


def test_the_file_is_read() -> None:
    files = [ComponentFile("custom/Fan.json", block("json").encode())]
    model = DeviceModel(with_components(places((EvseBuild(),)), files))
    speed = Key("CoolingFan", "Speed", evse=1)
    assert (model.value(speed), model.value(speed, "Target")) == (0, 1500)
    assert model.definition(speed).monitors
