"""The keys of the trace rules, which a station, a central system and a fleet can hold live."""

import difflib
from typing import Annotated

from msgspec import Meta

from ...profiles.trace import RULES
from .fields import Invalid, Settings


class Trace(Settings, frozen=True, kw_only=True):
    """Every dialogue held to the trace rules while it runs (docs/trace-rules.md)."""

    enabled: Annotated[
        bool,
        Meta(description="Judge every message: costs about 0.2 ms of the processor each"),
    ] = False
    skip: Annotated[
        tuple[str, ...],
        Meta(description="Rules that do not judge", examples=[["status-flood"]]),
    ] = ()

    def __post_init__(self) -> None:
        for name in self.skip:
            if name not in RULES:
                near = difflib.get_close_matches(name, RULES, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise Invalid("skip", f"no rule is called {name!r}{hint}")

    @property
    def rules(self) -> list[str]:
        """Give the names of those that judge."""
        return [name for name in RULES if name not in self.skip]
