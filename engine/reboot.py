"""A reset that boots the host: by a command of the operator's, tried again when it fails
(OCPPCommCtrlr.ResetRetries).
"""

import subprocess
from collections.abc import Sequence

import structlog
import trio

log = structlog.get_logger()

COMMAND_SECONDS = 60.0  # that the command may take
_GOODBYE_SECONDS = 120.0  # that the host then gets to stop this program


async def reboot(command: Sequence[str], retries: int, stopping: trio.Event) -> bool:
    """Boot the host; say whether it is about to. It ends this program when it does."""
    for attempt in range(1, retries + 2):
        if await _succeeds(command, attempt):
            with trio.move_on_after(_GOODBYE_SECONDS):
                await stopping.wait()
                return True
            log.error("host_runs_on", seconds=_GOODBYE_SECONDS)
            return False
    return False


async def _succeeds(command: Sequence[str], attempt: int) -> bool:
    problem = f"no end in {COMMAND_SECONDS:g} s"
    with trio.move_on_after(COMMAND_SECONDS):
        try:
            await trio.run_process(command, stdin=subprocess.DEVNULL, check=True)
            return True
        except OSError as error:
            problem = str(error.strerror)
        except subprocess.CalledProcessError as error:
            problem = f"exit code {error.returncode}"
    log.error("reset_command_failed", attempt=attempt, problem=problem)
    return False
