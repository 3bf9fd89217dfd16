"""Chance that can be repeated."""

import os
import random

import pytest
import trio._core._run


@pytest.fixture
def seed(monkeypatch: pytest.MonkeyPatch) -> int:
    """A seed for the test; Trio's order of tasks depends on it too."""
    seed = int(os.environ.get("PILOTWIRE_TEST_SEED", random.randrange(1_000_000)))
    print(f"seed {seed} (PILOTWIRE_TEST_SEED={seed} repeats it)")
    monkeypatch.setattr(trio._core._run, "_r", random.Random(seed))
    monkeypatch.setattr(trio._core._run, "_ALLOW_DETERMINISTIC_SCHEDULING", True)
    return seed
