"""Why the station boots, as BootNotification tells it (B01.FR.09): found out when the program
starts, from what the journal keeps of the run before.

The host's own boot has an id: with another one there was no power, or the host was booted. With the
same one the program alone has ended: in order, or by an error of its own.
"""

from pathlib import Path

from .journal.journal import Journal

HOST = Path("/proc/sys/kernel/random/boot_id")
_SPACE = "boot"  # in the journal
_HOST = "host"  # the id of the host's boot in which the last run was
_ENDED = "ended"  # whether it ended in order
_WANTED = "wanted"  # the reason that the boot will have which it has prepared


def begin(journal: Journal, host: Path = HOST) -> str:
    """Give the reason of this start, a 2.x BootReasonEnumType word, and note that a run begins."""
    kept = journal.items(_SPACE)
    now = _read(host)
    reason = "PowerUp"
    if _WANTED in kept:
        reason = kept[_WANTED].decode(errors="replace")
    elif _HOST in kept and kept[_HOST] == now:
        reason = "LocalReset" if _ENDED in kept else "ApplicationReset"
    if not now and _HOST in kept and _WANTED not in kept:
        reason = "Unknown"
    journal.put(_SPACE, _HOST, now)
    journal.put(_SPACE, _ENDED, None)
    journal.put(_SPACE, _WANTED, None)
    return reason


def end(journal: Journal) -> None:
    """Note that the run ends in order."""
    journal.put(_SPACE, _ENDED, b"in order")


def prepare(journal: Journal, reason: str | None) -> None:
    """Note the reason of the next start where the host is about to boot; None: it is not."""
    journal.put(_SPACE, _WANTED, None if reason is None else reason.encode())


def _read(host: Path) -> bytes:
    try:
        return host.read_bytes().strip()
    except OSError:  # not every system has it
        return b""
