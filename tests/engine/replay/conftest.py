"""Fixtures of the tests of replays."""

from collections.abc import Iterator

import pytest

from ...logs import log_as_before


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """The command sets the log up for its own program."""
    with log_as_before():
        yield
