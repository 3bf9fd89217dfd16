"""Fixtures of the tests of replays."""

import logging
import sys
from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """The command sets the log up for its own program."""
    hook, root = sys.excepthook, logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    sys.excepthook = hook
    root.handlers[:] = handlers
    root.setLevel(level)
