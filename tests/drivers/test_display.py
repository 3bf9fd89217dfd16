"""A person's language at a display (C01.FR.08-13), and an integrator's own display."""

import sys
from pathlib import Path

import pytest

from pilotwire.drivers.display import language_for
from pilotwire.drivers.factory import DisplaySetup, DriverUnusable, make_display

MODULE = """
class Screen:
    languages = ("en",)
    has_choice = False
    def __init__(self, setup): self.setup = setup
    async def run(self, notices, report): ...

class NoRun:
    languages = ()
    has_choice = False
    def __init__(self, setup): pass

class Dumb(NoRun):
    async def run(self, notices): ...

class Silent:
    has_choice = False
    def __init__(self, setup): pass
    async def run(self, notices, report): ...
"""


@pytest.mark.parametrize(
    ("preferred", "available", "chosen"),
    [
        (("de", "fr"), ("en", "fr", "de"), "de"),  # C01.FR.08
        (("nl", "fr"), ("en", "fr"), "fr"),  # C01.FR.09
        (("nl", "it"), ("fr", "en-GB"), "en-GB"),  # C01.FR.13
        ((), ("fr", "en"), "en"),
        (("DE-at",), ("en", "de"), "de"),
        (("en-US",), ("en-GB", "en-us"), "en-us"),
        (("nl",), ("fr", "it"), "fr"),
        (("nl",), (), "en"),
    ],
)
def test_c01_fr_08_the_language_that_suits_the_person(
    preferred: tuple[str, ...], available: tuple[str, ...], chosen: str
) -> None:
    assert language_for(preferred, available) == chosen


@pytest.fixture
def screens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "my_screens.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_screens", raising=False)
    return "my_screens"


def test_the_factory_gets_what_is_known_of_the_station(screens: str) -> None:
    setup = DisplaySetup(evses=2, options={"port": "/dev/ttyS2"})
    display = make_display(f"{screens}:Screen", setup)
    assert display.languages == ("en",)
    assert display.setup == setup  # type: ignore[attr-defined]  # the class above


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("NoRun", "async def run(self, notices, report) is missing"),
        ("Dumb", "run must take two arguments, notices and report"),
        ("Silent", "languages is missing"),
    ],
)
def test_what_is_no_display_is_told_in_a_line(screens: str, name: str, line: str) -> None:
    with pytest.raises(DriverUnusable) as error:
        make_display(f"{screens}:{name}", DisplaySetup(evses=1))
    assert str(error.value) == f"{screens}:{name} gave {name}, which is no display: {line}"
