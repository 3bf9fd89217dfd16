"""What the measured programs tell of themselves, one JSON object a line on standard output."""

import json
import os
import resource
from pathlib import Path
from typing import Any

WORKLOADS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("workloads.json").read_text()
)


def tell(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


def usage() -> dict[str, float]:
    """CPU seconds of all threads so far, and resident bytes."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {"cpu": spent.ru_utime + spent.ru_stime, "rss": pages * os.sysconf("SC_PAGESIZE")}
