"""Reports to journal, and a disk that is full."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Literal

import pytest

from pilotwire.profiles.report import MeterReport, TransactionReport

Kind = Literal["Started", "Updated", "Ended"]


@pytest.fixture
def transaction_report() -> Callable[..., TransactionReport]:
    def make(
        transaction_id: str = "tx", kind: Kind = "Updated", trigger: str = "MeterValuePeriodic"
    ) -> TransactionReport:
        return TransactionReport(
            transaction_id=transaction_id, kind=kind, trigger=trigger, time=1.75e9, evse=1
        )

    return make


@pytest.fixture
def meter_report() -> Callable[..., MeterReport]:
    def make(evse: int = 1) -> MeterReport:
        return MeterReport(evse=evse, connector=1, time=1.75e9, samples=())

    return make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def full_disk() -> Callable[[], AbstractContextManager[None]]:
    """Meanwhile no file of this process grows beyond 1 kB: a write further on fails with EFBIG."""

    @contextmanager
    def fill() -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return fill
