"""How long it takes to import the messages of each OCPP version, and all of them.

    python -m bench.imports [runs]

Each import is made in a fresh interpreter, with msgspec loaded before the clock starts and the
bytecode compiled, as it is where pilotwire is installed.
"""

import os
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory

VERSIONS = ("v16", "v201", "v21")

PROBE = """
import sys, time
import pilotwire.profiles.messages.base
started = time.perf_counter()
for version in sys.argv[1:]:
    __import__("pilotwire.profiles.messages." + version)
print((time.perf_counter() - started) * 1000)
"""


def milliseconds(versions: tuple[str, ...], bytecode: str) -> float:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *versions],
        env={**settings, "PYTHONPYCACHEPREFIX": bytecode},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with TemporaryDirectory() as bytecode:
        milliseconds(VERSIONS, bytecode)
        for versions in (*((version,) for version in VERSIONS), VERSIONS):
            times = [milliseconds(versions, bytecode) for _ in range(runs)]
            print(f"{'+'.join(versions):14} {median(times):6.1f} ms (best {min(times):.1f})")


if __name__ == "__main__":
    main()
