"""Who speaks which 2.x: npm `ocpp-rpc` has schemas of 2.1 too, but looks for others by name."""

import pytest

from .program import OCPP, OCPP_RPC, Kind, need

SPOKEN = [(OCPP, "ocpp2.0.1"), (OCPP, "ocpp2.1"), (OCPP_RPC, "ocpp2.0.1")]


@pytest.fixture(params=SPOKEN, ids=[f"{kind.name}-{version}" for kind, version in SPOKEN])
def spoken(request: pytest.FixtureRequest) -> tuple[Kind, str]:
    found: tuple[Kind, str] = request.param
    need(found[0])
    return found


@pytest.fixture
def kind(spoken: tuple[Kind, str]) -> Kind:
    return spoken[0]


@pytest.fixture
def subprotocol(spoken: tuple[Kind, str]) -> str:
    return spoken[1]
