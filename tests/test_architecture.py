"""What holds for every source file, whatever it does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "machines", "profiles", "drivers")
MOST_LINES = 800
VERSION = re.compile(r"(?<![\d.])(1\.6|2\.0\.1|2\.1)(?![\d.])|ocpp[12]\.")

# Where a foreign bug ends, is logged, and the rest goes on (or goes on unwrapped from its nursery).
SUPERVISORS = {
    "engine/station/display.py",  # of a display
    "engine/station/evse.py",  # of a driver
    "engine/station/signer.py",  # of a driver
    "engine/wire/accept.py",  # of a connection
    "engine/wire/direct_link.py",  # carries what a receiver raised to whoever runs it
    "engine/wire/reference_link.py",  # the same, and what ended a link out of its nursery
    "engine/wire/session.py",  # of a message handler
}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, f"no sources in {folders}"
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def places(found: dict[Path, list[int]]) -> list[str]:
    return [f"{name_of(path)}:{line}" for path, lines in found.items() for line in lines]


def lines_with(paths: list[Path], kinds: type[ast.AST] | tuple[type[ast.AST], ...]) -> list[str]:
    return places(
        {path: [n.lineno for n in nodes(path) if isinstance(n, kinds)] for path in paths}  # type: ignore[attr-defined]  # the kinds given have one
    )


def test_machines_and_profiles_wait_for_nothing() -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    # The generator of messages is a program of its own and as synchronous as the rest.
    assert lines_with(sources("machines", "profiles"), waiting) == []


def version_strings(source: str) -> list[int]:
    """Give the lines of version strings in code; docstrings and comments may speak of versions."""
    tree = ast.parse(source)
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and VERSION.search(node.value)
    ]


def test_no_version_is_named_below_the_families() -> None:
    found = {
        path: version_strings(path.read_text(encoding="utf-8"))
        for path in sources("engine", "machines")
        if not name_of(path).startswith(("engine/config/", "engine/fleet/settings.py"))
    }
    assert places(found) == []


def test_the_search_for_versions_finds_them_in_code_only() -> None:
    assert version_strings('"""1.6"""\nx = 1  # 2.1\ny = "ocpp2.0.1"\nif y == "2.1": ...') == [3, 4]
    assert version_strings('x = "0.1.0"\ny = "1.60"\nz = "12.1"\nw = "127.0.0.1"') == []


def test_no_file_is_too_long_to_read() -> None:
    written = [
        path
        for path in sources(*PACKAGES, "tests")
        if not name_of(path).startswith("profiles/messages/v")  # generated
    ]
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in written}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES} == {}


def hides_everything(node: ast.AST) -> bool:
    """Is this an `except` that takes any error and does not raise one again?"""
    if not isinstance(node, ast.ExceptHandler):
        return False
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    is_wide = any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException"))
        for kind in kinds
    )
    return is_wide and not isinstance(node.body[-1], ast.Raise)


def test_only_supervisors_catch_every_error() -> None:
    found = {
        path: [node.lineno for node in nodes(path) if hides_everything(node)]  # type: ignore[attr-defined]  # an except has a line
        for path in sources(*PACKAGES)
        if name_of(path) not in SUPERVISORS
    }
    assert places(found) == []


@pytest.mark.parametrize("name", sorted(SUPERVISORS))
def test_a_supervisor_that_is_named_is_one(name: str) -> None:
    assert any(hides_everything(node) for node in nodes(ROOT / name))


def reads_the_host_clock(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="time"), attr="time" | "time_ns" | "localtime"):
            return True
        case ast.Attribute(attr="utcnow" | "today"):
            return True
        case ast.Attribute(
            value=ast.Name(id="datetime") | ast.Attribute(attr="datetime"), attr="now"
        ):
            return True
        case ast.ImportFrom(module="time"):
            return True
    return False


def test_only_the_clock_asks_the_host_for_the_time() -> None:
    found = {
        path: [node.lineno for node in nodes(path) if reads_the_host_clock(node)]  # type: ignore[attr-defined]  # attributes and imports have a line
        for path in sources(*PACKAGES)
        if name_of(path) != "engine/clock.py"
    }
    assert places(found) == []
    assert any(reads_the_host_clock(node) for node in nodes(ROOT / "engine/clock.py"))
