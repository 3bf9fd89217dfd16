"""The monitors that a station has: those of its manufacturer, and those that the CSMS sets,
replaces and clears (2.x N03 to N06).
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

import msgspec

from ..device_model import Key
from .monitor import LEAST_SEVERE, Monitor

Base = Literal["All", "FactoryDefault", "HardWiredOnly"]
BASES: tuple[Base, ...] = ("All", "FactoryDefault", "HardWiredOnly")
SetStatus = Literal["Accepted", "Rejected", "Duplicate"]
ClearStatus = Literal["Accepted", "Rejected", "NotFound"]

MOST_CUSTOM = 500  # that the CSMS may set: each costs memory, and time with each change
_FIRST_CUSTOM = 1001
_BASE, _LEVEL = "base", "level"
_CLEARED = "cleared "  # and the id of a preconfigured monitor
_NONE: frozenset[int] = frozenset()  # shared: there are thousands of books, and a set is large


class Answer(NamedTuple):
    """What became of a monitor that was to be set. `reason` is a standard reason code."""

    status: SetStatus
    monitor: Monitor | None = None  # as it is now
    replaced: Monitor | None = None
    reason: str = ""


class _Table(NamedTuple):
    by_id: Mapping[int, Monitor]
    of_key: Mapping[Key, tuple[Monitor, ...]]


class MonitorBook:
    """`fixed` are the hard-wired and the preconfigured ones, each with its id.

    What the CSMS changes comes out of `take_changes`, to be kept, and goes back in by `restore`.
    """

    __slots__ = ("_active", "_changes", "_cleared", "_custom", "_fixed", "base", "level")

    def __init__(self, fixed: Iterable[Monitor] = ()) -> None:
        self.base: Base = "All"
        self.level = LEAST_SEVERE
        self._fixed = _shared(tuple(fixed)).by_id
        self._custom: dict[int, Monitor] = {}
        self._cleared = _NONE  # preconfigured ones, until the next base
        self._changes: dict[str, bytes | None] = {}
        self._active = _table(())
        self._settle()

    # ---- what there is

    def __iter__(self) -> Iterator[Monitor]:
        """Give those that are active, the hard-wired ones first."""
        return iter(self._active.by_id.values())

    def __len__(self) -> int:
        return len(self._active.by_id)

    def get(self, monitor_id: int) -> Monitor | None:
        return self._active.by_id.get(monitor_id)

    def of(self, key: Key) -> tuple[Monitor, ...]:
        """Give those that watch this variable."""
        return self._active.of_key.get(key, ())

    # ---- what the CSMS does

    def set(self, wanted: Monitor, replaces: int | None = None) -> Answer:
        """Have this monitor, its id apart: in the place of another, or anew."""
        before = None
        if replaces is not None:
            before = self.get(replaces)
            if before is None:  # N04.FR.13
                return Answer("Rejected", reason="NotFound")
            if before.key != wanted.key:  # N04.FR.16
                return Answer("Rejected", reason="InvalidValue")
            if before.origin == "HardWiredMonitor":  # N04.FR.18
                return Answer("Rejected", reason="ReadOnly")
        if any(each.is_like(wanted) and each.id != replaces for each in self.of(wanted.key)):
            return Answer("Duplicate", reason="InvalidValue")  # N04.FR.10
        if before is None and len(self._custom) >= MOST_CUSTOM:
            return Answer("Rejected", reason="TooManyElements")
        number = self._new_id() if replaces is None else replaces  # N04.FR.11-12
        # N04.FR.15: whatever it was before, it is the CSMS's own now.
        monitor = msgspec.structs.replace(wanted, id=number, origin="CustomMonitor")
        self._hold(monitor)
        self._settle()
        return Answer("Accepted", monitor, before)

    def clear(self, monitor_id: int) -> ClearStatus:
        """Have a monitor no more (N06). A preconfigured one comes back with the next base."""
        monitor = self.get(monitor_id)
        if monitor is None:
            return "NotFound"  # N06.FR.02
        if monitor.origin == "HardWiredMonitor":
            return "Rejected"  # N06.FR.03
        if monitor.origin == "CustomMonitor":
            self._forget(monitor_id)
        if monitor_id in self._fixed:
            self._cleared |= {monitor_id}
            self._changes[f"{_CLEARED}{monitor_id}"] = _encode(self._fixed[monitor_id])
        self._settle()
        return "Accepted"

    def set_base(self, base: Base) -> None:
        """Choose which of the manufacturer's monitors are active (N03.FR.03-05)."""
        self.base = base
        self._changes[_BASE] = base.encode()
        if base != "All":
            for monitor_id in [*self._custom]:
                self._forget(monitor_id)
        for monitor_id in self._cleared:
            self._changes[f"{_CLEARED}{monitor_id}"] = None
        self._cleared = _NONE
        self._settle()

    def set_level(self, severity: int) -> bool:
        """Tell only of what is at least that severe; say whether there is such a level."""
        if not 0 <= severity <= LEAST_SEVERE:
            return False  # N05.FR.02
        self.level = severity
        self._changes[_LEVEL] = str(severity).encode()
        return True

    # ---- over a restart

    def take_changes(self) -> dict[str, bytes | None]:
        """Give what is to be kept by name, None for what is gone, once."""
        changes, self._changes = self._changes, {}
        return changes

    def restore(self, kept: Mapping[str, bytes], can_be: Callable[[Monitor], bool]) -> list[str]:
        """Take back what was kept, and give the names of what could not be.

        A monitor on a variable that cannot be monitored any more is removed (N04, remark), and one
        whose id is another's now gets a new one (N04.FR.19).
        """
        if not kept:
            return []
        displaced: list[Monitor] = []
        lost = [
            name
            for name, value in kept.items()
            if not self._restore(name, value, can_be, displaced)
        ]
        for name in lost:
            self._changes[name] = None
        for monitor in displaced:  # only now is it known which ids are free
            self._hold(msgspec.structs.replace(monitor, id=self._new_id()))
        self._settle()
        return lost

    def _restore(
        self,
        name: str,
        value: bytes,
        can_be: Callable[[Monitor], bool],
        displaced: list[Monitor],
    ) -> bool:
        text = value.decode(errors="replace")
        if name == _BASE:
            base = next((each for each in BASES if each == text), None)
            self.base = base or self.base
            return base is not None
        if name == _LEVEL:
            is_level = text.isdigit() and len(text) == 1
            self.level = int(text) if is_level else self.level
            return is_level
        try:
            monitor = msgspec.json.decode(value, type=Monitor)
        except ValueError:  # msgspec's are such, too
            return False
        if name.startswith(_CLEARED):
            is_there = self._fixed.get(monitor.id) == monitor
            if is_there:
                self._cleared |= {monitor.id}
            return is_there
        if name != str(monitor.id) or not can_be(monitor):
            return False
        if self._is_taken(monitor):
            displaced.append(monitor)
            return False
        self._custom[monitor.id] = monitor
        return True

    def _is_taken(self, monitor: Monitor) -> bool:
        fixed = self._fixed.get(monitor.id)
        if fixed is None:
            return False
        return fixed.key != monitor.key or fixed.origin == "HardWiredMonitor"

    # ---- within

    def _new_id(self) -> int:
        return max(_FIRST_CUSTOM - 1, *self._fixed, *self._custom) + 1

    def _hold(self, monitor: Monitor) -> None:
        self._custom[monitor.id] = monitor
        self._changes[str(monitor.id)] = _encode(monitor)

    def _forget(self, monitor_id: int) -> None:
        del self._custom[monitor_id]
        self._changes[str(monitor_id)] = None

    def _settle(self) -> None:
        """Find out which are active now."""
        own = [*self._custom.values()]
        active = [each for each in self._fixed.values() if self._stands(each, own)]
        # Of a fleet's stations most have only what all of them have.
        make = _table if own else _shared
        self._active = make((*(each for each in active if each.id not in self._custom), *own))

    def _stands(self, fixed: Monitor, own: Iterable[Monitor]) -> bool:
        if fixed.origin == "HardWiredMonitor":
            return True
        if self.base == "HardWiredOnly" or fixed.id in self._cleared:
            return False
        return not any(fixed.is_like(each) for each in own)


def _table(monitors: tuple[Monitor, ...]) -> _Table:
    in_order = sorted(monitors, key=_rank)
    of_key: dict[Key, tuple[Monitor, ...]] = {}
    for monitor in in_order:
        of_key[monitor.key] = (*of_key.get(monitor.key, ()), monitor)
    return _Table({each.id: each for each in in_order}, of_key)


_shared = functools.lru_cache(64)(_table)
"""For those that many stations have: neither is ever changed."""


def _rank(monitor: Monitor) -> tuple[bool, int]:
    return monitor.origin != "HardWiredMonitor", monitor.id


def _encode(monitor: Monitor) -> bytes:
    return msgspec.json.encode(monitor)
