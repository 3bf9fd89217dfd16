"""A rule about a dialogue: a small monitor with bounded memory, which sees each frame once."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from ..family import Role
from .dialogue import Dialogue
from .said import LinkChanged, Said
from .transactions import Transaction, TransactionTold

ALL = ("ocpp1.6", "ocpp2.0.1", "ocpp2.1")
V16 = ("ocpp1.6",)
V2 = ("ocpp2.0.1", "ocpp2.1")
V21 = ("ocpp2.1",)


class Blame(NamedTuple):
    """What is wrong, where another side than the one that speaks is to blame."""

    by: Role
    text: str


class Rule:
    """Judges a dialogue. Its docstring says what it holds; a text that it gives, what is wrong.

    No text holds a token, a password, or anything else of a payload but ids, numbers and words of
    the specification.
    """

    name: ClassVar[str]
    requirements: ClassVar[tuple[str, ...]]
    """Requirement ids of 2.x, and chapters of 1.6 and of OCPP-J."""
    versions: ClassVar[tuple[str, ...]] = ALL
    actions: ClassVar[frozenset[str] | None] = None
    """Of the calls whose frames it sees, and whose answers; None: all."""

    culprit: ClassVar[Role | None] = None
    """Who is to blame; None: whoever sent the frame that shows it."""

    def __init__(self, dialogue: Dialogue) -> None:
        self.dialogue = dialogue

    def hear(self, said: Said) -> Iterable[str | Blame]:
        """Judge a frame."""
        return ()

    def link_changed(self, change: LinkChanged) -> Iterable[str]:
        """Judge that the link opened or closed."""
        return ()


class TransactionRule(Rule):
    """Judges what is told of transactions; a message that is sent once more is told once."""

    actions = frozenset({"TransactionEvent", "StartTransaction", "StopTransaction", "MeterValues"})
    culprit: ClassVar[Role | None] = "station"  # 1.6's start is shown by the answer to it

    def hear(self, said: Said) -> Iterable[str | Blame]:
        dialogue = self.dialogue
        if dialogue.told is None or dialogue.is_retry:
            return ()
        return self.told(dialogue.told, dialogue.transactions.before(dialogue.told))

    def told(self, told: TransactionTold, before: Transaction | None) -> Iterable[str]:
        raise NotImplementedError
