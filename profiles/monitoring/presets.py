"""The manufacturer's monitors: what the definitions of variables bring with them (2.x N03)."""

import functools

from ..device_model import Catalogue
from .monitor import Monitor


@functools.lru_cache(64)
def presets(catalogue: Catalogue) -> tuple[Monitor, ...]:
    """Give the hard-wired and the preconfigured monitors, numbered from 1, the hard-wired ones
    first. Stations of one build share them.
    """
    found = [
        (definition.key, preset)
        for definition in catalogue.definitions.values()
        for preset in definition.monitors
    ]
    found.sort(key=lambda each: not each[1].is_hard_wired)
    return tuple(
        Monitor(
            id=number,
            key=key,
            type=preset.type,
            value=preset.value,
            severity=preset.severity,
            origin="HardWiredMonitor" if preset.is_hard_wired else "PreconfiguredMonitor",
            transaction=preset.transaction,
        )
        for number, (key, preset) in enumerate(found, start=1)
    )
