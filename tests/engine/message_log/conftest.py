"""Frames as a link brings them, and a recorder that writes them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pilotwire.engine.log_file import Rotation
from pilotwire.engine.message_log.entries import Frame
from pilotwire.engine.message_log.formats import FileFormat, Formats
from pilotwire.engine.message_log.recorder import Began, Item, Layout, Recorder

START = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC


class Talk:
    """What station and central system say, for a recorder."""

    def __init__(self) -> None:
        self.items: list[Item] = [Began("CS-1", 0.0, START, (1, 2, 2))]

    def frame(self, direction: str, content: object, at: float) -> None:
        text = content if isinstance(content, str) else json.dumps(content)
        self.items.append(Frame(direction, text, at, START + at))

    def sent(self, content: object, at: float = 0.0) -> None:
        self.frame("sent", content, at)

    def received(self, content: object, at: float = 0.0) -> None:
        self.frame("received", content, at)

    def take(self) -> list[Item]:
        items, self.items = self.items, []
        return items


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def recorder_of(tmp_path: Path) -> Callable[..., Recorder]:
    """Make a recorder of these formats, in the test's directory."""

    def made(
        *formats: FileFormat,
        sessions: bool = False,
        rotation: Rotation | None = None,
        max_sessions: int = 0,
        shows_tokens: bool = False,
    ) -> Recorder:
        layout = Layout(
            directory=tmp_path,
            formats=tuple(Formats.ALL[name] for name in formats),
            has_sessions=sessions,
            rotation=rotation or Rotation(),
            max_sessions=max_sessions,
            shows_tokens=shows_tokens,
        )
        return Recorder(layout)

    return made
