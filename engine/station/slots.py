"""What becomes of the network profiles while the station runs: which one is told as active, which
one worked last, and which ones an upgrade of the security profile leaves behind (2.x A05, B10).
"""

from typing import TYPE_CHECKING

import msgspec
import structlog

from ...profiles.context import TrySecurityProfile
from ...profiles.device_model import Key, Value
from ...profiles.network import (
    ACTIVE,
    MAY_DOWNGRADE,
    PRIORITY,
    SECURITY_PROFILE,
    NetworkProfile,
    filled_slots,
    is_filled,
    no_values,
    priority_of,
    read_profile,
    slots_of,
    tell,
    tell_first,
)
from ..journal.journal import VARIABLES

if TYPE_CHECKING:
    from .station import ChargingStation

log = structlog.get_logger()

_WORKED = ("network", "worked")  # in the journal: the profile that worked last


class _Worked(msgspec.Struct):
    """A profile that worked: whatever else is in its slot now has not."""

    slot: int
    url: str
    security_profile: int
    identity: str | None

    @classmethod
    def of(cls, profile: NetworkProfile) -> "_Worked":
        return cls(profile.slot, profile.url, profile.security_profile, profile.identity)


class Slots:
    """The slots of a station that runs."""

    __slots__ = ("station", "trial")

    def __init__(self, station: "ChargingStation") -> None:
        self.station = station
        self.trial: TrySecurityProfile | None = None

    def restore(self) -> None:
        """Know again which profile worked last, unless it has changed since (B10.FR.07)."""
        model = self.station.model
        self._mend_priority()
        tell_first(model, self.station.context.reach.identity)
        row = self.station.journal.get(*_WORKED)
        if row is None:
            return
        try:
            worked = msgspec.json.decode(row, type=_Worked)
        except msgspec.DecodeError:
            log.warning("last_network_profile_unreadable")
            return
        if worked.slot in slots_of(model):
            profile = read_profile(model, worked.slot)
            if profile is not None and _Worked.of(profile) == worked:
                self.station.tree.connection.worked = worked.slot

    def _mend_priority(self) -> None:
        """Dial what there is, when nothing of what was to be dialled is there any more."""
        model = self.station.model
        if any(is_filled(model, slot) for slot in priority_of(model)):
            return
        filled = filled_slots(model)
        if filled:
            log.warning("network_priority_leads_nowhere", slots=priority_of(model))
            model.configure(PRIORITY, tuple(str(slot) for slot in filled))
            self.station.context.apply_variables()

    def link_opened(self, profile: NetworkProfile) -> None:
        """Tell of the profile whose link stands, and remember that it worked."""
        model = self.station.model
        if model.integer(SECURITY_PROFILE) != profile.security_profile:
            self.station.security.variable_changed(SECURITY_PROFILE)
        model.configure(ACTIVE, profile.slot)
        tell(self.station.model, profile, self.station.context.reach.identity)  # A05.FR.06
        self.station.journal.put(*_WORKED, msgspec.json.encode(_Worked.of(profile)))
        if self.trial is not None and profile.security_profile < self.trial.security_profile:
            log.warning("security_profile_not_reached", wanted=self.trial.security_profile)
            self.station.network.start_soon(self._give_up, self.trial)
        self.trial = None

    async def _give_up(self, trial: TrySecurityProfile) -> None:
        """1.6 A05.FR.08: have the network profiles again that were there before."""
        await self.station.variables.keep_first(trial.undo)

    def profile_changed(self, slot: int) -> None:
        """Another profile is in a slot."""
        self.station.security.network_profile_changed(slot)
        self.station.tree.connection.forget(slot)

    @property
    def may_drop_lower(self) -> bool:
        """Say whether `drop_lower` may have something to do: the CSMS has set the priority."""
        return self.station.journal.get(VARIABLES["Actual"], str(PRIORITY)) is not None

    async def drop_lower(self) -> None:
        """Once the CSMS has accepted the station by a profile that it has asked for itself, have
        none with a lower security profile any more (A05.FR.06). What the configuration says stands.
        """
        if not self.may_drop_lower:
            return
        model = self.station.model
        active = model.integer(SECURITY_PROFILE)
        least = 2 if active == 3 and model.boolean(MAY_DOWNGRADE) else active
        profiles = [read_profile(model, slot, told=True) for slot in slots_of(model)]
        lower = [p.slot for p in profiles if p is not None and p.security_profile < least]
        if not lower:
            return
        values: dict[Key, Value | None] = {}
        for slot in lower:
            values |= no_values(slot)
        left = [slot for slot in priority_of(model) if slot not in lower]
        values[PRIORITY] = tuple(str(slot) for slot in left or [model.integer(ACTIVE)])
        if await self.station.variables.keep_first(values):
            log.info("network_profiles_dropped", slots=lower, security_profile=active)
