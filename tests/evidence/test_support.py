"""That the page of what is supported counts what it says it counts."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import support


def test_a_list_of_numbers_may_have_ranges_and_keeps_their_width() -> None:
    assert list(support.numbers("01 03-05")) == ["01", "03", "04", "05"]
    assert list(support.numbers("009-011")) == ["009", "010", "011"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("# E12.FR.05", ["E12.FR.05"]),
        ("# B06.FR.06-07, B06.FR.09", ["B06.FR.06", "B06.FR.07", "B06.FR.09"]),
        ("async def test_e12_fr_05_the_middle_goes_first(", ["E12.FR.05"]),
        ("def test_f02_fr_25_26_and_b03_fr_05_none(", ["F02.FR.25", "F02.FR.26", "B03.FR.05"]),
        ("# 1.6 A05.FR.02", []),  # of another document
        ("# XE12.FR.05 E12.FR", []),
    ],
)
def test_a_requirement_is_named_by_its_id_or_in_a_tests_name(text: str, ids: list[str]) -> None:
    assert list(support.named(text)) == ids


def test_what_is_neither_named_nor_excused_is_open() -> None:
    evidence = support.Evidence(frozenset({"E12.FR.01"}), frozenset({"E12.FR.02"}), {})
    counted = support.count(["E12.FR.01", "E12.FR.02", "E12.FR.03", "P01.FR.02"], evidence)
    assert counted.covered == ("E12.FR.01", "E12.FR.02")
    assert counted.tested == ("E12.FR.02",)
    assert counted.not_applicable == ("P01.FR.02",)
    assert counted.open == ("E12.FR.03",)
    assert counted.percent == 66


def test_no_requirement_that_is_excused_is_unknown() -> None:
    known = {each for case in support.use_cases() for each in case.requirements}
    assert set(support.declared()["not_applicable"]) - known == set()


def test_every_requirement_and_test_case_is_held_or_excused() -> None:
    evidence = support.gathered()
    assert support.open_requirements(evidence) == []
    assert support.open_test_cases(evidence) == []
