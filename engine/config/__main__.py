"""Write docs/configuration.md from the settings structs, or check it and config.toml (`--check`).

`--example` prints a configuration that shows every key.
"""

import sys
from pathlib import Path

from .reference import COMMAND, example, faults_of_example, markdown
from .settings import Config
from .shipped import shipped_file


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            _reference().write_text(markdown(Config), encoding="utf-8")
        case ["--check"]:
            pass
        case ["--example"]:
            sys.stdout.write(example(Config))
            return 0
        case _:
            sys.stderr.write(f"usage: {COMMAND} [--check | --example]\n")
            return 2
    faults = _faults()
    for fault in faults:
        sys.stderr.write(fault + "\n")
    return 1 if faults else 0


def _reference() -> Path:
    return shipped_file().parent / "docs" / "configuration.md"


def _faults() -> list[str]:
    faults = [
        f"{shipped_file()}: {fault}"
        for fault in faults_of_example(Config, shipped_file().read_text(encoding="utf-8"))
    ]
    reference = _reference()
    if not reference.exists() or reference.read_text(encoding="utf-8") != markdown(Config):
        faults.append(f"{reference}: stale; run: {COMMAND}")
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
