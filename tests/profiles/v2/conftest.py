"""Fixtures: the station's face in 2.0.1 and in 2.1."""

import pytest

from pilotwire.profiles.faces import FACES
from pilotwire.profiles.v2.face import Face


@pytest.fixture(params=["ocpp2.0.1", "ocpp2.1"])
def face(request: pytest.FixtureRequest) -> Face:
    found = FACES[request.param]
    assert isinstance(found, Face)
    return found
