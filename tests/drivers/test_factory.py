"""An integrator's own driver, by the name of its factory."""

import sys
from pathlib import Path

import pytest

from pilotwire.drivers.factory import DriverUnusable, EvseSetup, make_driver
from pilotwire.drivers.simulator import SimulatedEvse

MODULE = """
from pilotwire.drivers.simulator import SimulatedEvse

def make(setup):
    if "port" not in setup.options:
        raise ValueError("options.port is missing")
    return SimulatedEvse(energy_import=setup.energy_import)

class NoRun:
    def __init__(self, setup): pass
    def read_meter(self): ...

class PlainRun(NoRun):
    def run(self, commands, report): ...

class WrongRun(NoRun):
    async def run(self, commands): ...

class NoMeter:
    def __init__(self, setup): pass
    async def run(self, commands, report): ...

NUMBER = 5
"""


@pytest.fixture
def charger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an importable module with factories, right and wrong."""
    (tmp_path / "my_charger.py").write_text(MODULE)
    (tmp_path / "broken_charger.py").write_text("def make(")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("my_charger", "broken_charger"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return "my_charger"


def test_the_factory_gets_what_is_known_of_its_evse(charger: str) -> None:
    setup = EvseSetup(evse=2, energy_import=42.0, options={"port": "/dev/ttyS1"})
    driver = make_driver(f"{charger}:make", setup)
    assert isinstance(driver, SimulatedEvse)
    assert driver.read_meter().energy_import == 42.0


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("no_such_charger:make", "no_such_charger cannot be imported: No module named"),
        ("broken_charger:make", "broken_charger cannot be imported: '(' was never closed"),
        ("my_charger:mak", "my_charger has no function or class mak"),
        ("my_charger:NUMBER", "my_charger has no function or class NUMBER"),
        ("my_charger:make", "my_charger:make refuses: options.port is missing"),
        ("my_charger:NoRun", "gave NoRun, which is no driver: async def run"),
        ("my_charger:PlainRun", "gave PlainRun, which is no driver: async def run"),
        ("my_charger:WrongRun", "gave WrongRun, which is no driver: run must take two arguments"),
        ("my_charger:NoMeter", "gave NoMeter, which is no driver: def read_meter"),
    ],
)
def test_what_gives_no_driver_is_one_clear_line(charger: str, name: str, line: str) -> None:
    with pytest.raises(DriverUnusable) as failure:
        make_driver(name, EvseSetup(evse=1))
    assert line in str(failure.value)
    assert "\n" not in str(failure.value)
