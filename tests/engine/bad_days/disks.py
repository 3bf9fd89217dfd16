"""Disks under virtual time: slow ones, full ones, and what is on them when the power goes."""

import random
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
import trio

T = TypeVar("T")


@contextmanager
def full_disk() -> Iterator[None]:
    """Meanwhile no file of this process grows beyond 1 kB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def slow_disk(monkeypatch: pytest.MonkeyPatch, seconds: Callable[[], float]) -> None:
    """Have what runs in a thread take so long, on Trio's clock: threads know no virtual time."""

    async def run_slowly(
        function: Callable[..., T], *arguments: Any, abandon_on_cancel: bool, limiter: object
    ) -> T:
        await trio.sleep(seconds())
        return function(*arguments)

    monkeypatch.setattr(trio.to_thread, "run_sync", run_slowly)


def picture(path: Path) -> Path:
    """Copy a journal as it is on the disk at this instant."""
    copy = path.with_name(f"{path.name}+")
    for suffix in ("", "-wal"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            shutil.copyfile(part, copy.with_name(copy.name + suffix))
    return copy


def some_time(chance: random.Random) -> float:
    """A commit's: mostly short, sometimes much longer than anything that people do."""
    return chance.choice([0.001, 0.01, 0.2, 3.0])
