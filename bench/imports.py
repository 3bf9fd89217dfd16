"""How long it takes to import the messages of each OCPP version, and all of them.

    python -m bench.imports [runs]

Each import is made in a fresh interpreter, with msgspec loaded before the clock starts.
"""

import subprocess
import sys
from statistics import median

VERSIONS = ("v16", "v201", "v21")

PROBE = """
import sys, time
import pilotwire.profiles.messages.base
started = time.perf_counter()
for version in sys.argv[1:]:
    __import__("pilotwire.profiles.messages." + version)
print((time.perf_counter() - started) * 1000)
"""


def milliseconds(versions: tuple[str, ...]) -> float:
    command = [sys.executable, "-c", PROBE, *versions]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    for versions in (*((version,) for version in VERSIONS), VERSIONS):
        times = [milliseconds(versions) for _ in range(runs)]
        print(f"{'+'.join(versions):14} {median(times):6.1f} ms (best {min(times):.1f})")


if __name__ == "__main__":
    main()
