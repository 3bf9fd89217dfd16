"""What the station's host runs short of: room on the disk that its journal is on."""

import os
from collections.abc import Callable
from pathlib import Path

import trio

LOOK_SECONDS = 60.0
LOW_BYTES = 32_000_000  # below which the room is about to be gone; back at twice as much


async def watch_room(
    directory: Path, tell: Callable[[str], None], free: Callable[[Path], int] | None = None
) -> None:
    """Tell when the room gets low, once until it is not any more; until cancelled."""
    free = free or free_bytes
    is_low = False
    while True:
        left = free(directory)
        if left < LOW_BYTES and not is_low:
            is_low = True
            tell(f"{left // 1_000_000} MB free")
        elif left >= 2 * LOW_BYTES:
            is_low = False
        await trio.sleep(LOOK_SECONDS)


def free_bytes(directory: Path) -> int:
    """Give what a program without privileges may still write there."""
    status = os.statvfs(directory)
    return status.f_bavail * status.f_frsize
