"""Why the station boots, found out from how its last run ended (B01.FR.09)."""

from pathlib import Path

import pytest

from pilotwire.engine.boot_reason import begin, end, prepare
from pilotwire.engine.journal.journal import Journal


@pytest.fixture
def host(tmp_path: Path) -> Path:
    file = tmp_path / "boot_id"
    file.write_text("4f1c\n")
    return file


@pytest.fixture
def journal() -> Journal:
    return Journal.open(None, inline=True)


def test_the_first_start_ever_is_a_power_up(journal: Journal, host: Path) -> None:
    assert begin(journal, host) == "PowerUp"


def test_after_another_boot_of_the_host_it_is_one_too(journal: Journal, host: Path) -> None:
    begin(journal, host)
    end(journal)
    host.write_text("5a2d\n")
    assert begin(journal, host) == "PowerUp"


def test_a_program_that_was_stopped_in_order_was_restarted_here(
    journal: Journal, host: Path
) -> None:
    begin(journal, host)
    end(journal)
    assert begin(journal, host) == "LocalReset"


def test_one_that_ended_otherwise_had_an_error(journal: Journal, host: Path) -> None:
    begin(journal, host)
    assert begin(journal, host) == "ApplicationReset"
    end(journal)
    assert begin(journal, host) == "LocalReset"
    assert begin(journal, host) == "ApplicationReset"  # an end counts once


@pytest.mark.parametrize("reason", ["RemoteReset", "ScheduledReset"])
def test_a_boot_that_was_prepared_has_its_own_reason(
    journal: Journal, host: Path, reason: str
) -> None:
    begin(journal, host)
    prepare(journal, reason)
    end(journal)
    host.write_text("5a2d\n")
    assert begin(journal, host) == reason
    assert begin(journal, host) == "ApplicationReset"  # only that one boot


def test_a_boot_that_did_not_come_leaves_no_reason(journal: Journal, host: Path) -> None:
    begin(journal, host)
    prepare(journal, "RemoteReset")
    prepare(journal, None)
    host.write_text("5a2d\n")
    assert begin(journal, host) == "PowerUp"


def test_a_host_that_does_not_name_its_boots_leaves_it_open(
    journal: Journal, tmp_path: Path
) -> None:
    nowhere = tmp_path / "nowhere"
    assert begin(journal, nowhere) == "PowerUp"
    assert begin(journal, nowhere) == "Unknown"
    end(journal)
    assert begin(journal, nowhere) == "Unknown"
    prepare(journal, "RemoteReset")
    assert begin(journal, nowhere) == "RemoteReset"
