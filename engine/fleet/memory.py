"""How the processes of a fleet have their memory: in huge pages, where Linux gives them.

Thousands of stations are hundreds of megabytes that are touched all over, a little for each
message. In pages of 4 KiB a sixth of the processor's time goes by looking up where they are.
Python's own allocator does not ask for larger ones; that of glibc does, if it is told so before the
process starts.
"""

import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

_SWITCH = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_FIRST_GLIBC = (2, 35)  # that knows the tunable
_HUGE_PAGES = "glibc.malloc.hugetlb=1"  # madvise
_TUNABLES = "GLIBC_TUNABLES"
_ALLOCATOR = "PYTHONMALLOC"


def child_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the environment for a process of many stations: this one's (by default that of the
    process), and huge pages with it, unless it says itself how memory is had.
    """
    here = dict(os.environ if environment is None else environment)
    if _ALLOCATOR in here or not has_huge_pages():
        return here
    tunables = [each for each in here.get(_TUNABLES, "").split(":") if each]
    if not any(each.startswith("glibc.malloc.hugetlb=") for each in tunables):
        tunables.append(_HUGE_PAGES)
    return here | {_ALLOCATOR: "malloc", _TUNABLES: ":".join(tunables)}


def has_huge_pages(switch: Path = _SWITCH) -> bool:
    """Say whether the kernel gives huge pages to who asks, and this Python's C library can ask."""
    if not sys.platform.startswith("linux"):
        return False
    library, version = platform.libc_ver()
    if library != "glibc" or tuple(map(int, version.split(".")[:2])) < _FIRST_GLIBC:
        return False
    try:
        return "[never]" not in switch.read_text()
    except OSError:
        return False  # a kernel without them
