"""The versions that a station can speak, each imported when it is first spoken."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import cast

from .face import StationFace

_MODULES = {"ocpp1.6": ".v16.face", "ocpp2.0.1": ".v2.v201", "ocpp2.1": ".v2.v21"}


class _Faces(Mapping[str, StationFace]):
    def __getitem__(self, subprotocol: str) -> StationFace:
        return _face(subprotocol)

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


@cache
def _face(subprotocol: str) -> StationFace:
    module = import_module(_MODULES[subprotocol], __package__)
    return cast("StationFace", getattr(module, "FACE", module))  # a module can be a face


FACES: Mapping[str, StationFace] = _Faces()
"""By subprotocol."""
