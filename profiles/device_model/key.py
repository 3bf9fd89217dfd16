"""A variable's name and place (2.x part 1 chapter 4.1.3)."""

import re
from functools import lru_cache
from typing import NamedTuple

_EXAMPLES = "TxCtrlr.TxStartPoint, EVSE(1).Power or NetworkConfiguration[1].OcppCsmsUrl"
_NAMES = 1024  # that are remembered
_NUMBER = "([1-9][0-9]{0,8})"
_TEXT = re.compile(
    r"([^.\[\]()]+)"  # component
    r"(?:\[([^\]]+)\])?"
    rf"(?:\({_NUMBER}(?:,{_NUMBER})?\))?"
    r"\.([^\[\]]+)"  # variable
    r"(?:\[(.+)\])?",
    re.DOTALL,
)


class Key(NamedTuple):
    """A variable: its component, perhaps one of several (`component_instance`) or one of an EVSE or
    a connector, its name, and perhaps its instance. EVSE 0 is the station.

    As text: `TxCtrlr.TxStartPoint`, `NetworkConfiguration[1].OcppCsmsUrl`, `EVSE(1).Power`,
    `Connector(1,2).AvailabilityState`, `OCPPCommCtrlr.MessageTimeout[Default]`.
    """

    component: str
    variable: str
    instance: str = ""
    component_instance: str = ""
    evse: int = 0
    connector: int = 0

    def __str__(self) -> str:
        component = self.component
        if self.component_instance:
            component += f"[{self.component_instance}]"
        if self.connector:
            component += f"({self.evse},{self.connector})"
        elif self.evse:
            component += f"({self.evse})"
        instance = f"[{self.instance}]" if self.instance else ""
        return f"{component}.{self.variable}{instance}"

    @classmethod
    def parse(cls, text: str) -> "Key":
        """Read it back. Raises ValueError."""
        return _parsed(text)

    @property
    def of_component(self) -> "Key":
        """The component alone: the same for all its variables."""
        return self._replace(variable="", instance="")

    def lowered(self) -> "Key":
        """Give it as names are compared: without regard to case."""
        return self._replace(
            component=self.component.lower(),
            variable=self.variable.lower(),
            instance=self.instance.lower(),
            component_instance=self.component_instance.lower(),
        )


@lru_cache(_NAMES)
def _parsed(text: str) -> Key:
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"expected a name like {_EXAMPLES}, got {text!r}")
    component, component_instance, evse, connector, variable, instance = found.groups("")
    return Key(
        component, variable, instance, component_instance, int(evse or 0), int(connector or 0)
    )
