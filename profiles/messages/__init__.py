"""The typed messages of OCPP 1.6, 2.0.1 and 2.1, generated from the official schemas.

Code for one version imports its module. Code for both 2.0.1 and 2.1 answers with
`request.response(...)` and takes everything else from `of(version)`.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, cast

if TYPE_CHECKING:
    from .base import Request
    from .v2 import Messages

Version = Literal["1.6", "2.0.1", "2.1"]

_MODULES: Final[Mapping[Version, str]] = {"1.6": ".v16", "2.0.1": ".v201", "2.1": ".v21"}


def of(version: Literal["2.0.1", "2.1"]) -> "Messages":
    """The structs of a 2.x version by name: `of(version).ResetRequest(type="OnIdle")`."""
    return cast("Messages", import_module(_MODULES[version], __name__))


def actions(version: Version) -> "Mapping[str, type[Request[Any]]]":  # Any: each its own response
    """The request struct of each action; the version's module is imported when first asked for."""
    table: Mapping[str, type[Request[Any]]] = import_module(_MODULES[version], __name__).ACTIONS
    return table
