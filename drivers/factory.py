"""An integrator's own driver or display, named in the configuration as `package.module:factory`.

The module is imported like any other, with the rights of this program: whoever may write the
configuration may run code.
"""

import importlib
import inspect
from typing import cast

import msgspec

from .display import Display
from .driver import Driver


class EvseSetup(msgspec.Struct, frozen=True, kw_only=True):
    """What a factory is called with: the EVSE that its driver is for."""

    evse: int  # counted from 1
    connectors: int = 1
    energy_import: float = 0.0  # Wh, the register as it was last read, from the journal
    options: dict[str, str | bool | int | float | list[str]] = {}  # as configured


class DriverUnusable(Exception):
    """What was named gives no driver; `str()` is the line that says why."""


class DisplaySetup(msgspec.Struct, frozen=True, kw_only=True):
    """What a display's factory is called with."""

    evses: int  # how many the station has
    options: dict[str, str | bool | int | float | list[str]] = {}  # as configured


def make_driver(name: str, setup: EvseSetup) -> Driver:
    """Call `package.module:factory`. Raises DriverUnusable; a factory's ValueError becomes one."""
    driver = _make(name, setup)
    missing = _lacks_run(driver, "commands")
    if missing is None and not callable(getattr(driver, "read_meter", None)):
        missing = "def read_meter(self) is missing"
    if missing is not None:
        raise DriverUnusable(f"{name} gave {type(driver).__name__}, which is no driver: {missing}")
    return cast("Driver", driver)  # checked above as far as that goes


def make_display(name: str, setup: DisplaySetup) -> Display:
    """The same for a display."""
    display = _make(name, setup)
    missing = _lacks_run(display, "notices")
    for member in ("languages", "has_choice"):
        if missing is None and not hasattr(display, member):
            missing = f"{member} is missing"
    if missing is not None:
        raise DriverUnusable(
            f"{name} gave {type(display).__name__}, which is no display: {missing}"
        )
    return cast("Display", display)


def _make(name: str, setup: EvseSetup | DisplaySetup) -> object:
    module_name, _, factory_name = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except (ImportError, SyntaxError) as error:
        raise DriverUnusable(f"{module_name} cannot be imported: {error}") from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise DriverUnusable(f"{module_name} has no function or class {factory_name}")
    try:
        made: object = factory(setup)
    except ValueError as error:
        raise DriverUnusable(f"{name} refuses: {error}") from error
    return made


def _lacks_run(made: object, first: str) -> str | None:
    """Say what is wrong with its `run(first, report)`."""
    run = getattr(made, "run", None)
    if not inspect.iscoroutinefunction(run):
        return f"async def run(self, {first}, report) is missing"
    try:
        inspect.signature(run).bind(None, None)
    except TypeError:
        return f"run must take two arguments, {first} and report"
    return None
