"""One version's face of the central system, as tables: who answers what, what is held back when."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import msgspec

from ..family import OCPP_16, OCPP_21, OCPP_201, Version
from ..messages.base import Request, Response
from .local_lists import LocalListWords
from .station import CsmsStation
from .variables import VariableWords

AnyRequest = Request[Any]  # any action's: each has its own response type
Handler = Callable[[CsmsStation, Any], Response]  # Any: each entry takes its own request type


class CsmsFace(msgspec.Struct, frozen=True, eq=False):
    """How a version's messages meet the central system."""

    version: Version
    handlers: Mapping[type[AnyRequest], Handler]
    boots_with: type[AnyRequest]
    """The one request that a station may send before it is accepted."""
    asks_to_boot: AnyRequest
    """Asks for that request."""
    withheld: frozenset[type[AnyRequest]]
    """What is not sent to a station that is Pending."""
    triggered: Callable[[AnyRequest, Response], frozenset[str]]
    """The actions that a Pending station may send, having given this answer to our request."""
    new_password: Callable[[AnyRequest, Response], bytes | None]
    """The password that the station uses from now on, having given this answer to our request."""
    local_list: LocalListWords
    variables: VariableWords | None = None  # None: the version has no device model
    notified: Mapping[type[AnyRequest], Callable[[CsmsStation, Any], None]] = {}
    """What is done with those that are not answered (SEND); Any: each takes its own type."""


_MODULES = {OCPP_16: "v16.csms", OCPP_201: "v2.csms201", OCPP_21: "v2.csms21"}


@cache
def face_of(version: Version) -> CsmsFace | None:
    """The version's face, loaded when first asked for; None while there is none."""
    module = _MODULES.get(version)
    if module is None:
        return None
    face: CsmsFace = import_module(f"..{module}", __package__).FACE
    return face
