"""The console at a terminal: its prompt, an interruption, and its end."""

from collections.abc import Sequence

import pytest

from pilotwire.engine.cli_local import commands
from pilotwire.engine.local.console import PROMPT, converse


class Terminal:
    """A person at a terminal, who types these lines; an exception is a key that raises it."""

    def __init__(self, *keys: str | BaseException) -> None:
        self._keys = list(keys)
        self.prompts: list[str] = []

    def isatty(self) -> bool:
        return True

    def input(self, prompt: str) -> str:
        self.prompts.append(prompt)
        key = self._keys.pop(0)
        if isinstance(key, BaseException):
            raise key
        return key


def converse_at(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, code: int = 0
) -> tuple[int, list[list[str]]]:
    """Give the console's exit code, and the commands that it executed, each with this result."""
    executed: list[list[str]] = []

    def execute(words: Sequence[str]) -> int:
        executed.append(list(words))
        return code

    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("builtins.input", terminal.input)
    return converse(commands, execute, ["--url", "here"]), executed


def test_lines_are_commands_with_the_console_s_options(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal("plug 2 --name 'my car'", "", "help plug", "?", EOFError())
    assert converse_at(terminal, monkeypatch) == (
        0,
        [["plug", "2", "--name", "my car", "--url", "here"], ["plug", "--help"], ["--help"]],
    )
    assert terminal.prompts == [PROMPT] * 5


def test_what_is_unknown_is_said_and_not_executed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal("frob", "run", "console", "--help", "quit")
    assert converse_at(terminal, monkeypatch) == (0, [])
    assert [line.split(";")[0] for line in capsys.readouterr().err.splitlines()] == [
        f'Received unknown command "{word}"' for word in ("frob", "run", "console", "--help")
    ]


def test_an_interruption_leaves_the_line_and_not_the_console(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal(KeyboardInterrupt(), "status", "exit", "plug")
    code, executed = converse_at(terminal, monkeypatch, code=130)
    assert code == 0  # mistakes were seen by who made them
    assert executed == [["status", "--url", "here"]]
