"""The rules explained: for `pilotwire check --list`, and as docs/trace-rules.md.

python -m pilotwire.engine.trace.reference [--check]
"""

import sys
from collections.abc import Iterable

import msgspec

from ...profiles.family import VERSIONS
from ...profiles.trace import RULES, Rule
from ..config.shipped import shipped_file
from ..failure import Failure

FILE = shipped_file().parent / "docs" / "trace-rules.md"


def explain(names: Iterable[str], *, as_json: bool = False) -> str:
    """Give each rule's name, what it holds, its versions and its requirements."""
    chosen = [RULES[name] for name in names]
    if as_json:
        told = [
            {
                "rule": rule.name,
                "holds": meaning(rule),
                "versions": [each.removeprefix("ocpp") for each in rule.versions],
                "requirements": rule.requirements,
            }
            for rule in chosen
        ]
        return msgspec.json.format(msgspec.json.encode(told), indent=2).decode() + "\n"
    return "\n".join(
        f"{rule.name}\n  {meaning(rule)}\n  {_versions(rule)}: {', '.join(rule.requirements)}\n"
        for rule in chosen
    )


def meaning(rule: type[Rule]) -> str:
    return " ".join((rule.__doc__ or "").split())


def page() -> str:
    lines = [
        _HEAD,
        "| Rule | What it holds | Versions | Requirements |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{rule.name}` | {meaning(rule)} | {_versions(rule)} | {', '.join(rule.requirements)} |"
        for rule in RULES.values()
    ]
    return "\n".join(lines) + "\n"


def _versions(rule: type[Rule]) -> str:
    if len(rule.versions) == len(VERSIONS):
        return "all"
    return ", ".join(each.removeprefix("ocpp") for each in rule.versions)


def main(arguments: list[str]) -> int:
    """Write the page, or compare with it; give the exit code."""
    if "--check" not in arguments:
        try:
            FILE.write_text(page(), encoding="utf-8")
        except OSError as error:
            raise Failure(f"{FILE}: cannot be written: {error.strerror}") from error
        return 0
    try:
        is_fresh = FILE.read_text(encoding="utf-8") == page()
    except OSError:
        is_fresh = False
    if not is_fresh:
        sys.stderr.write(f"pilotwire: {FILE}: stale or missing (make generate writes it)\n")
    return 0 if is_fresh else 1


_HEAD = """\
<!-- Written by `python -m pilotwire.engine.trace.reference`: do not edit. -->

# Trace rules

What must hold in any dialogue of a station with its central system. `pilotwire check LOG…` holds
message logs to them ([how](trace.md)), the station and the central system count what breaks them
while they run, and so do the tests of this project.

Versions are told by the messages themselves: a rule of one version judges once no other is
possible.
"""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
