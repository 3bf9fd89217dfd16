"""What is published: a wheel and a source distribution, built once from this tree."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "machines", "profiles", "drivers")
SECONDS = 60


def run(
    *command: str | Path, directory: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=directory,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution, and the wheel out of it, as an installer would."""
    out = tmp_path_factory.mktemp("dist")
    built = run(
        sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, directory=out
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return out


@pytest.fixture(scope="module")
def wheel(published: Path) -> Path:
    (found,) = published.glob("pilotwire-*-py3-none-any.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install")
    done = run(*pip, "--no-deps", "--no-index", "--target", target, wheel, directory=target)
    assert done.returncode == 0, done.stderr
    return target


def files_of_packages() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_four_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {f"pilotwire/{name}" for name in files_of_packages()}
    assert names == expected | {
        f"pilotwire/engine/config/{name}.toml" for name in ("config", "fleet", "virtual")
    }
    assert {f"pilotwire/{package}/py.typed" for package in PACKAGES} <= names


def test_the_source_distribution_holds_what_a_build_and_a_test_need(published: Path) -> None:
    (sdist,) = published.glob("pilotwire-*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert files_of_packages() <= names
    assert {"pyproject.toml", "config.toml", "README.md", "LICENSE", "CHANGELOG.md"} <= names
    assert "tests/test_packaging.py" in names
    assert not [name for name in names if name.startswith((".venv", ".git/", "var/"))]


def test_the_wheel_is_imported_under_one_name(installed: Path, tmp_path: Path) -> None:
    program = "import pilotwire.engine.cli as m, sys; print(m.__file__, 'engine' in sys.modules)"
    done = run(sys.executable, "-c", program, directory=tmp_path, PYTHONPATH=str(installed))
    assert done.stdout == f"{installed}/pilotwire/engine/cli.py False\n", done.stderr


def test_the_wheel_brings_its_configuration(installed: Path, tmp_path: Path) -> None:
    program = (
        "from pilotwire.engine.config import Config, default_file, load\n"
        "file, directory = default_file()\n"
        "print(file, load(Config, file, directory=directory).station.directory)"
    )
    done = run(sys.executable, "-c", program, directory=tmp_path, PYTHONPATH=str(installed))
    file = installed / "pilotwire/engine/config/config.toml"
    assert done.stdout == f"{file} var/station\n", done.stderr
    assert file.read_bytes() == (ROOT / "config.toml").read_bytes()


def test_the_wheel_offers_the_command(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "pilotwire"
    done = run(command, "run", "--set", "a.b=1", directory=tmp_path, PYTHONPATH=str(installed))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert done.stderr.startswith("pilotwire: --set: a: unknown key")
