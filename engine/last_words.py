"""Background writers: what is left when they are cancelled is still written, for a bounded time."""

from collections.abc import Awaitable, Callable

import trio


async def write_until_cancelled(
    write: Callable[[trio.CancelScope], Awaitable[None]],
    end: Callable[[], None],
    *,
    closing_seconds: float,
    task_status: trio.TaskStatus[None],
) -> None:
    """Run `write`, shielded by the scope that it gets and must enter. When this is cancelled, call
    `end`, after which `write` returns soon; if not, its scope ends it after `closing_seconds`.
    """
    patience = trio.CancelScope(shield=True)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(write, patience)
        task_status.started()
        try:
            await trio.sleep_forever()
        finally:
            end()
            patience.deadline = trio.current_time() + closing_seconds
