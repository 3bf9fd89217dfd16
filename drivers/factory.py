"""An integrator's own driver class, named in the configuration as `package.module:factory`.

The module is imported like any other, with the rights of this program: whoever may write the
configuration may run code.
"""

import importlib
import inspect
from typing import cast

import msgspec

from .driver import Driver


class EvseSetup(msgspec.Struct, frozen=True, kw_only=True):
    """What a factory is called with: the EVSE that its driver is for."""

    evse: int  # counted from 1
    connectors: int = 1
    energy_import: float = 0.0  # Wh, the register as it was last read, from the journal
    options: dict[str, str | bool | int | float | list[str]] = {}  # as configured


class DriverUnusable(Exception):
    """What was named gives no driver; `str()` is the line that says why."""


def make_driver(name: str, setup: EvseSetup) -> Driver:
    """Call `package.module:factory`. Raises DriverUnusable; a factory's ValueError becomes one."""
    module_name, _, factory_name = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except (ImportError, SyntaxError) as error:
        raise DriverUnusable(f"{module_name} cannot be imported: {error}") from error
    factory = getattr(module, factory_name, None)
    if not callable(factory):
        raise DriverUnusable(f"{module_name} has no function or class {factory_name}")
    try:
        driver = factory(setup)
    except ValueError as error:
        raise DriverUnusable(f"{name} refuses: {error}") from error
    if missing := _missing(driver):
        raise DriverUnusable(f"{name} gave {type(driver).__name__}, which is no driver: {missing}")
    return cast("Driver", driver)  # checked above as far as that goes


def _missing(driver: object) -> str | None:
    """Say what a driver must have and this has not."""
    run = getattr(driver, "run", None)
    if not inspect.iscoroutinefunction(run):
        return "async def run(self, commands, report) is missing"
    try:
        inspect.signature(run).bind(None, None)
    except TypeError:
        return "run must take two arguments, commands and report"
    if not callable(getattr(driver, "read_meter", None)):
        return "def read_meter(self) is missing"
    return None
