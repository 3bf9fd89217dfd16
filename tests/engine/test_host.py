from pathlib import Path

import trio
from trio.testing import MockClock

from pilotwire.engine.host import LOOK_SECONDS, LOW_BYTES, free_bytes, watch_room


async def test_low_room_is_told_once_until_there_is_plenty_again(
    autojump_clock: MockClock,
) -> None:
    rooms = iter([9, 0.5, 0.4, 1.5, 0.5, 2.5, 0.1])
    told: list[str] = []
    with trio.move_on_after(LOOK_SECONDS * 6.5):
        await watch_room(Path(), told.append, lambda _: int(next(rooms) * LOW_BYTES))
    assert told == ["16 MB free", "3 MB free"]


def test_the_room_of_a_directory_is_known(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0
