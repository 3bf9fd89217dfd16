"""Vendors' handlers as the configuration names them."""

from pathlib import Path
from typing import Any

import pytest

from pilotwire.engine.config import Config, load
from pilotwire.engine.config.source import ConfigError
from pilotwire.engine.vendors import vendor_handlers


def answer(message_id: str | None, data: Any) -> Any:
    return "Accepted", data


NOT_A_FUNCTION = 7


def test_a_function_is_found_by_its_name() -> None:
    assert vendor_handlers({"com.example": f"{__name__}:answer"}) == {"com.example": answer}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("no.such.module:answer", "no.such.module cannot be imported: No module named 'no'"),
        (f"{__name__}:nothing", f"{__name__} has no function nothing"),
        (f"{__name__}:NOT_A_FUNCTION", f"{__name__} has no function NOT_A_FUNCTION"),
    ],
)
def test_one_that_is_not_there_is_named(name: str, problem: str) -> None:
    with pytest.raises(ConfigError) as fault:
        vendor_handlers({"com.example": name})
    assert str(fault.value) == f'configuration: station.vendor_handlers."com.example": {problem}'


def test_the_configuration_names_them(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[station.vendor_handlers]\n"com.example" = "my.messages:answer"\n')
    station = load(Config, file, environment={}).station
    assert station.vendor_handlers == {"com.example": "my.messages:answer"}
    file.write_text('[station.vendor_handlers]\n"com.example" = "answer"\n')
    with pytest.raises(ConfigError, match=r"package\.module:function"):
        load(Config, file, environment={})
