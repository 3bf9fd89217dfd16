"""The manufacturer's monitors."""

from pilotwire.profiles.device_model import Definition, DeviceModel, Key, PresetMonitor
from pilotwire.profiles.monitoring.monitor import Monitor
from pilotwire.profiles.monitoring.presets import presets

LEVEL, STATE = Key("Thing", "Level"), Key("Thing", "State")
SOFT = PresetMonitor(type="UpperThreshold", value=7, severity=4, transaction=True)
HARD = PresetMonitor(type="Delta", value=1, severity=3, is_hard_wired=True)


def test_they_are_numbered_and_the_hard_wired_ones_come_first() -> None:
    model = DeviceModel(
        (
            Definition(key=LEVEL, type="integer", default=0, meaning="", monitors=(SOFT, HARD)),
            Definition(key=STATE, type="string", default="", meaning="", monitors=(HARD,)),
        )
    )
    assert presets(model.catalogue) == (
        Monitor(id=1, key=LEVEL, type="Delta", value=1, severity=3, origin="HardWiredMonitor"),
        Monitor(id=2, key=STATE, type="Delta", value=1, severity=3, origin="HardWiredMonitor"),
        Monitor(
            id=3,
            key=LEVEL,
            type="UpperThreshold",
            value=7,
            severity=4,
            origin="PreconfiguredMonitor",
            transaction=True,
        ),
    )
    assert presets(model.catalogue) is presets(model.catalogue)
