"""A station to talk to: facts go in, effects come out, and the scene keeps what was told."""

import itertools

import pytest

from pilotwire.machines.effects import Effect, ReportTransaction
from pilotwire.machines.events import (
    AuthorizationDecided,
    CablePlugged,
    EnergyFlowing,
    Event,
    IdToken,
    TokenPresented,
)
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station

ALICE = IdToken("A11CE")


class Scene:
    """A station and everything that it wanted done, in order."""

    def __init__(
        self, *connectors: int, fixed_cables: tuple[int, ...] = (), **settings: object
    ) -> None:
        ids = (f"tx{n}" for n in itertools.count(1))
        self.station = Station(
            Settings(**settings), connectors or (1,), lambda: next(ids), fixed_cables
        )
        self.effects: list[Effect] = []

    def __call__(self, *facts: Event, evse: int = 1) -> list[Effect]:
        """Take the facts one after the other; give what the last one asks for."""
        effects: list[Effect] = []
        for fact in facts:
            effects = self.station.handle(evse, fact)
            self.effects += effects
        return effects

    def authorize(
        self, id_token: IdToken = ALICE, parent: str | None = None, evse: int = 1
    ) -> list[Effect]:
        """Somebody shows a token, and it is accepted."""
        accepted = AuthorizationDecided(id_token, "Accepted", parent)
        return self(TokenPresented(id_token), accepted, evse=evse)

    def charge(self, id_token: IdToken = ALICE, parent: str | None = None) -> None:
        """Plug in, show a token, and let energy flow."""
        self(CablePlugged())
        self.authorize(id_token, parent)
        self(EnergyFlowing())

    @property
    def told(self) -> list[tuple[str, str, str | None]]:
        """What the transactions' records say so far: kind, trigger, reason."""
        return [
            (effect.kind, effect.trigger, effect.reason)
            for effect in self.effects
            if isinstance(effect, ReportTransaction)
        ]

    def reports(self, kind: str) -> list[ReportTransaction]:
        """The entries of this kind in the transactions' records."""
        told = [effect for effect in self.effects if isinstance(effect, ReportTransaction)]
        return [report for report in told if report.kind == kind]

    @property
    def last_report(self) -> ReportTransaction:
        return [e for e in self.effects if isinstance(e, ReportTransaction)][-1]


@pytest.fixture
def scene() -> type[Scene]:
    """Make a station: `scene(2, 1, ev_connection_timeout=30)` has EVSEs with 2 and 1 connectors."""
    return Scene


@pytest.fixture
def alice() -> IdToken:
    return ALICE
