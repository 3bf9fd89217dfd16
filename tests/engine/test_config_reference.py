"""The reference and the shipped config.toml say what the settings structs say."""

from pathlib import Path
from typing import Annotated

import pytest
import tomli
from msgspec import Meta

from pilotwire.engine.config import Config, Settings, default_file, load
from pilotwire.engine.config.__main__ import main
from pilotwire.engine.config.fields import describe, keys
from pilotwire.engine.config.reference import example, faults_of_example, markdown
from pilotwire.engine.config.shipped import shipped_file


def test_the_shipped_file_shows_every_key_and_what_it_means() -> None:
    assert faults_of_example(Config, shipped_file().read_text()) == []


def test_a_key_or_a_comment_that_is_missing_is_found() -> None:
    text = example(Config)
    assert faults_of_example(Config, text) == []
    assert faults_of_example(Config, text.replace("port = ", "prot = ")) == [
        "central.port: is not there",
        "central.tls.port: is not there",
        "api.port: is not there",
    ]
    without = text.replace("# Vendor (1.6 takes 20 characters).", "# Vendor.")
    assert [fault.split(":")[0] for fault in faults_of_example(Config, without)] == [
        "station.vendor"
    ]
    # A key of the same name in another table does not count.
    assert faults_of_example(Config, text.replace("[[station.evses]]", "[[station.evsess]]")) != []


def test_the_shipped_file_is_accepted_and_its_example_is_the_default(tmp_path: Path) -> None:
    load(Config, shipped_file(), environment={})
    file = tmp_path / "config.toml"
    file.write_text(example(Config))
    shown = load(Config, file, environment={}, directory=Path())
    file.write_text("")
    assert shown == load(Config, file, environment={}, directory=Path())


def test_what_the_example_comments_out_is_accepted_too(tmp_path: Path) -> None:
    unfit = ("max_watts", "/etc/pilotwire", "evse1.sock", "127.0.0.1:9401", "ttyS1")
    text = "\n".join(
        line.removeprefix("# ") if line.startswith("# [[") or " = " in line else line
        for line in example(Config).splitlines()
        if not any(word in line for word in unfit)
    )
    assert tomli.loads(text)["station"]["iccid"]
    file = tmp_path / "config.toml"
    file.write_text(text)
    config = load(Config, file, environment={})
    assert config.central.tokens[0].value == "DEADBEEF"
    assert config.station.custom_keys[0].key == "DoorLightSeconds"
    assert config.station.variables == {"OCPPCommCtrlr.HeartbeatInterval": 300}


def test_the_reference_tells_every_key_and_its_variable() -> None:
    text = markdown(Config)
    for key in keys(Config):
        assert f"| `{key.name}` | {key.values} |" in text
        assert f"`{key.environment}`" in text


def test_the_command_checks_what_is_committed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err
    assert main(["--chekc"]) == 2
    assert main(["--example"]) == 0
    assert capsys.readouterr().out == example(Config)


def test_without_a_file_here_the_shipped_one_is_used_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert default_file() == (shipped_file(), Path())
    Path("config.toml").touch()
    assert default_file() == (Path("config.toml"), Path())


class Undescribed(Settings, frozen=True, kw_only=True):
    """A table whose key says nothing of itself."""

    size: int = 1


def test_a_key_without_a_description_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError, match=r"Undescribed\.size has no description"):
        list(keys(Undescribed))


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (Annotated[int, Meta(ge=1)], "an integer of at least 1"),
        (Annotated[int, Meta(le=5)], "an integer of at most 5"),
        (Annotated[float, Meta(gt=0)], "a number above 0"),
        (Annotated[float, Meta(ge=0.5, le=2)] | None, "a number from 0.5 to 2"),
        (Annotated[str, Meta(max_length=5)], "text of at most 5 characters"),
        (
            Annotated[list[str], Meta(min_length=2)],
            "a list of at least 2 entries, each text",
        ),
        (str | bool, "text or true or false"),
        (dict[str, int], "a table"),
    ],
)
def test_types_in_words(annotation: object, words: str) -> None:
    assert set(describe(annotation).split(" or ")) == set(words.split(" or "))
