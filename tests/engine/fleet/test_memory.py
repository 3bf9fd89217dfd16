"""Where the processes of a fleet have their memory."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from pilotwire.engine.fleet import memory
from pilotwire.engine.fleet.memory import child_environment, has_huge_pages

_COUNT = """
many = [[n] for n in range(400_000)]
lines = open("/proc/self/smaps_rollup").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("AnonHugePages")))
"""


@pytest.fixture
def willing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "has_huge_pages", lambda: True)


@pytest.mark.usefixtures("willing")
def test_huge_pages_are_asked_of_the_c_library() -> None:
    assert child_environment({"HOME": "/"}) == {
        "HOME": "/",
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    }


@pytest.mark.usefixtures("willing")
def test_other_tunables_stay_and_a_choice_of_ones_own_too() -> None:
    own = {"GLIBC_TUNABLES": "glibc.malloc.tcache_count=9"}
    both = "glibc.malloc.tcache_count=9:glibc.malloc.hugetlb=1"
    assert child_environment(own)["GLIBC_TUNABLES"] == both
    small = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"}
    assert child_environment(small)["GLIBC_TUNABLES"] == "glibc.malloc.hugetlb=0"
    chosen = {"PYTHONMALLOC": "pymalloc_debug"}
    assert child_environment(chosen) == chosen


def test_nothing_is_asked_where_there_are_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    switch = tmp_path / "enabled"
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert not has_huge_pages(switch)
    switch.write_text("always madvise [never]\n")
    assert not has_huge_pages(switch)
    switch.write_text("always [madvise] never\n")
    assert has_huge_pages(switch)
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.31"))
    assert not has_huge_pages(switch)
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not has_huge_pages(switch)


@pytest.mark.skipif(not has_huge_pages(), reason="the kernel or the C library has no huge pages")
def test_a_process_with_it_has_huge_pages() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _COUNT],
        env=child_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ended.stdout) > 4096  # KiB
