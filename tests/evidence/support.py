"""What of OCPP is held by code and tests: counted from the sources, written to docs/support.md.

A requirement is covered where its id stands: at the branch that obeys it (`# E12.FR.05`) or in the
test that asserts it (`test_e12_fr_05_…`, or as a comment). A test case of Part 6 is covered by the
test of its name (`test_TC_E_04_CS_…`). A name may hold several. Run it to write the page, with
`--check` to compare.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pilotwire.profiles.csms import face_of
from pilotwire.profiles.faces import FACES
from pilotwire.profiles.family import VERSIONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "support.md"
CODE = ("engine", "machines", "profiles", "drivers")
BLOCKS = {
    "A": "Security",
    "B": "Provisioning",
    "C": "Authorization",
    "D": "Local authorization list",
    "E": "Transactions",
    "F": "Remote control",
    "G": "Availability",
    "J": "Meter values",
    "N": "Monitoring",
    "P": "Data transfer",
}
# "1.6 A05.FR.02" is a requirement of another document: the security white paper of 1.6.
_ID = re.compile(r"(?<!1\.6 )\b([A-S]\d\d)\.FR\.(\d{2,3})(?:-(\d{2,3}))?")
_TEST = re.compile(r"def (test_(?!1_6_)\w+)")  # but for those of the white paper
_ID_IN_NAME = re.compile(r"([a-s]\d\d)_fr_(\d{2,3}(?:_\d{2,3})*)(?=_|\b)")  # f02_fr_25_26
_CASE = re.compile(r"TC_[A-Z]_\d+(?=_CS(?:_|\b))")
_SENT = re.compile(r"\b(?:\w+\.)?(\w+)Request\(")


# ---- what there is


class UseCase(NamedTuple):
    name: str
    title: str
    requirements: tuple[str, ...]  # of the station


class Evidence(NamedTuple):
    in_code: frozenset[str]
    in_tests: frozenset[str]
    cases: Mapping[str, tuple[str, ...]]  # TC_E_04 -> files of tests


def numbers(text: str) -> Iterator[str]:
    """Give the numbers of a list such as "01 03-05"."""
    for part in text.split():
        first, _, last = part.partition("-")
        for number in range(int(first), int(last or first) + 1):
            yield f"{number:0{len(first)}}"


@cache
def declared() -> dict[str, Any]:  # as TOML gives it: tables of tables and of texts
    return tomllib.loads((Path(__file__).with_name("requirements.toml")).read_text("utf-8"))


def use_cases() -> Iterator[UseCase]:
    for name, case in declared()["use_cases"].items():
        found = tuple(f"{name}.FR.{number}" for number in numbers(case.get("station", "")))
        yield UseCase(name, case["title"], found)


def test_cases(profile: str) -> tuple[str, ...]:
    return tuple(sorted(declared()["test_cases"][profile].split()))


# ---- what the sources say


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.parent != Path(__file__).parent:  # which names requirements as examples
                yield path


def named(text: str) -> Iterator[str]:
    """Give the requirements that a source names."""
    for use_case, first, last in _ID.findall(text):
        for number in numbers(f"{first}-{last}" if last else first):
            yield f"{use_case}.FR.{number}"
    for name in _TEST.findall(text):
        for use_case, found in _ID_IN_NAME.findall(name):
            for number in found.split("_"):
                yield f"{use_case.upper()}.FR.{number}"


def gathered() -> Evidence:
    in_code = {each for path in sources(*CODE) for each in named(path.read_text("utf-8"))}
    in_tests: set[str] = set()
    cases: dict[str, list[str]] = {}
    for path in sources("tests"):
        text = path.read_text("utf-8")
        in_tests.update(named(text))
        file = path.relative_to(ROOT).as_posix()
        for case in (case for name in _TEST.findall(text) for case in _CASE.findall(name)):
            files = cases.setdefault(case, [])
            if file not in files:
                files.append(file)
    every = {name: tuple(files) for name, files in cases.items()}
    return Evidence(frozenset(in_code), frozenset(in_tests), every)


# ---- what that amounts to


class Count(NamedTuple):
    every: tuple[str, ...]
    tested: tuple[str, ...]
    covered: tuple[str, ...]
    not_applicable: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Covered, of those that apply; whole per cent, rounded down."""
        apply = len(self.every) - len(self.not_applicable)
        return 100 * len(self.covered) // apply if apply else 100


def count(requirements: Iterable[str], evidence: Evidence) -> Count:
    every = tuple(requirements)
    reasons = declared()["not_applicable"]
    found = evidence.in_code | evidence.in_tests
    not_applicable = tuple(r for r in every if r in reasons)
    apply = [r for r in every if r not in reasons]
    return Count(
        every,
        tuple(r for r in apply if r in evidence.in_tests),
        tuple(r for r in apply if r in found),
        not_applicable,
        tuple(r for r in apply if r not in found),
    )


def open_requirements(evidence: Evidence) -> list[str]:
    """Give what is neither covered nor said not to apply."""
    return [each for case in use_cases() for each in count(case.requirements, evidence).open]


def open_test_cases(evidence: Evidence) -> list[str]:
    excused = declared()["test_cases_not_applicable"]
    return [
        each
        for profile in declared()["test_cases"]
        for each in test_cases(profile)
        if each not in evidence.cases and each not in excused
    ]


# ---- the page


def page() -> str:
    evidence = gathered()
    parts = (_head(), _messages(), _blocks(evidence), _by_use_case(evidence))
    rest = (_not_applicable(), _cases(evidence))
    return "\n".join(line for part in (*parts, *rest) for line in (*part, "")).rstrip() + "\n"


def _head() -> Iterator[str]:
    yield "# What is supported"
    yield ""
    yield "Made by `make generate` from the sources and the tests: a requirement counts where its"
    yield "id stands at the code that obeys it or in the test that asserts it. It cannot be edited."


def _messages() -> Iterator[str]:
    yield "## Messages, by version"
    yield ""
    yield "● station and central system · ○ the central system only. The central system sends every"
    yield "message of its side; here stand those that the station answers."
    yield ""
    versions = tuple(VERSIONS)
    yield f"| Message | {' | '.join(v.removeprefix('ocpp') for v in versions)} |"
    yield f"| --- |{' :-: |' * len(versions)}"
    actions = sorted({action for v in VERSIONS.values() for action in v.actions()})
    for action in actions:
        yield f"| {action} | {' | '.join(_mark(v, action) for v in versions)} |"


def _mark(subprotocol: str, action: str) -> str:
    version = VERSIONS[subprotocol]
    request = version.actions().get(action)
    if request is None:
        return ""
    if version.sends("csms", action) and request in FACES[subprotocol].HANDLERS:
        return "●"
    if version.sends("station", action):
        face = face_of(version)
        is_taken = request in face.handlers or request in face.notified
        if action in _sent(subprotocol) and is_taken:
            return "●"
        return "○" if is_taken else ""
    return ""


@cache
def _sent(subprotocol: str) -> frozenset[str]:
    folder = "profiles/v16" if subprotocol == "ocpp1.6" else "profiles/v2"
    texts = (path.read_text("utf-8") for path in sources(folder))
    return frozenset(action for text in texts for action in _SENT.findall(text))


def _blocks(evidence: Evidence) -> Iterator[str]:
    yield "## Requirements of the station, by functional block of 2.0.1"
    yield ""
    yield "Per cent are of the requirements that apply."
    yield ""
    yield "| Block | requirements | do not apply | covered | of these in a test | open |"
    yield "| --- | --: | --: | --: | --: | --: |"
    for letter, title in BLOCKS.items():
        every = [r for case in use_cases() if case.name[0] == letter for r in case.requirements]
        yield _row(f"{letter} {title}", count(every, evidence))
    everything = [r for case in use_cases() for r in case.requirements]
    yield _row("**All**", count(everything, evidence))


def _row(title: str, counted: Count) -> str:
    covered = f"{len(counted.covered)} ({counted.percent} %)"
    return (
        f"| {title} | {len(counted.every)} | {len(counted.not_applicable)} | {covered} "
        f"| {len(counted.tested)} | {len(counted.open)} |"
    )


def _by_use_case(evidence: Evidence) -> Iterator[str]:
    yield "## By use case"
    yield ""
    yield "| Use case | covered | do not apply | open |"
    yield "| --- | --: | --: | --- |"
    for case in use_cases():
        counted = count(case.requirements, evidence)
        is_open = " ".join(each.rpartition(".")[2] for each in counted.open)
        yield (
            f"| {case.name} {case.title} | {len(counted.covered)} "
            f"| {len(counted.not_applicable)} | {is_open} |"
        )


def _not_applicable() -> Iterator[str]:
    yield "## What does not apply, and why"
    yield ""
    by_reason: dict[str, list[str]] = {}
    for table in ("not_applicable", "test_cases_not_applicable"):
        for each, reason in declared()[table].items():
            by_reason.setdefault(reason, []).append(each)
    for reason, ids in sorted(by_reason.items(), key=lambda item: item[1]):
        yield f"- {', '.join(ids)}: {reason}."


def _cases(evidence: Evidence) -> Iterator[str]:
    yield "## Test cases of Part 6"
    excused = declared()["test_cases_not_applicable"]
    for profile in declared()["test_cases"]:
        every = test_cases(profile)
        held = [each for each in every if each in evidence.cases]
        is_open = [each for each in every if each not in evidence.cases and each not in excused]
        yield ""
        title = profile.replace("_", " ").capitalize()
        yield f"**{title}**: {len(held)} of {len(every)} are tests by their id,"
        yield f"{sum(each in excused for each in every)} do not apply, {len(is_open)} are open."
        yield from [", ".join(is_open) + "."] if is_open else []
    by_file: dict[tuple[str, ...], list[str]] = {}
    for case, files in sorted(evidence.cases.items()):
        by_file.setdefault(files, []).append(case)
    yield ""
    for files, cases in sorted(by_file.items()):
        where = ", ".join(f"[{Path(file).name}](../{file})" for file in files)
        yield f"- {where}: {', '.join(cases)}"


def main(arguments: list[str]) -> int:
    made = page()
    if arguments == ["--check"]:
        if PAGE.exists() and PAGE.read_text("utf-8") == made:
            return 0
        print("docs/support.md is stale: run `make generate`", file=sys.stderr)
        return 1
    if arguments:
        print("usage: support.py [--check]", file=sys.stderr)
        return 2
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
