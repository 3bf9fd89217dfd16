"""Runs the rules over a dialogue: each frame is seen once, in constant memory a station."""

from collections.abc import Collection, Iterable

from ..family import Version
from . import envelope_rules, reading_rules, registration_rules, transaction_rules
from .dialogue import Dialogue
from .rule import Blame, Rule
from .said import Finding, Gap, Item, LinkChanged, Said

RULES: dict[str, type[Rule]] = {
    rule.name: rule
    for rules in (
        envelope_rules.RULES,
        registration_rules.RULES,
        transaction_rules.RULES,
        reading_rules.RULES,
    )
    for rule in rules
}
"""By name."""


class Judge:
    """Judges what one station and its CSMS say, by the rules of these names.

    `versions` are those that they may speak; those that their messages rule out are dropped.
    `is_complete` says that the two had never spoken before.
    """

    def __init__(
        self,
        station: str,
        names: Collection[str] = RULES.keys(),
        *,
        versions: Iterable[Version] | None = None,
        is_complete: bool = False,
    ) -> None:
        self.dialogue = Dialogue(station, versions, is_complete=is_complete)
        self._names = names
        self._make_rules()

    def _make_rules(self) -> None:
        self._rules = [rule(self.dialogue) for name, rule in RULES.items() if name in self._names]
        self._applying: list[Rule] = []
        self._by_action: dict[str, list[Rule]] = {}
        self._versions: tuple[Version, ...] = ()

    def take(self, item: Item) -> list[Finding]:
        """Judge what comes next, and give what is wrong with it."""
        match item:
            case Said():
                return self._hear(item)
            case LinkChanged():
                return self._change_link(item)
            case Gap():
                self.dialogue.missed(item)
                self._make_rules()
                return []

    def _hear(self, said: Said) -> list[Finding]:
        dialogue = self.dialogue
        dialogue.begin(said)
        call = dialogue.call
        action = call.action if call is not None else said.action
        findings = [
            self._found(rule, said, told)
            for rule in self._concerned(action)
            for told in rule.hear(said)
        ]
        dialogue.end(said)
        return findings

    def _found(self, rule: Rule, said: Said, told: str | Blame) -> Finding:
        by = told.by if isinstance(told, Blame) else rule.culprit or said.by
        return Finding(
            rule=rule.name,
            station=self.dialogue.station,
            by=by,
            message_id=said.message_id,
            at=said.at,
            place=said.place,
            text=told.text if isinstance(told, Blame) else told,
        )

    def _change_link(self, change: LinkChanged) -> list[Finding]:
        self.dialogue.link_changed(change)
        return [
            Finding(
                rule=rule.name,
                station=self.dialogue.station,
                by=None,
                message_id="",
                at=change.at,
                place=change.place,
                text=text,
            )
            for rule in self._rules
            for text in rule.link_changed(change)
        ]

    def _concerned(self, action: str) -> list[Rule]:
        """Give the rules for the version as far as it is known, and for the action."""
        if self._versions is not self.dialogue.versions:
            self._versions = self.dialogue.versions
            spoken = {version.subprotocol for version in self._versions}
            self._applying = [rule for rule in self._rules if spoken <= set(rule.versions)]
            self._by_action = {}
        known = self._by_action.get(action)
        if known is not None:
            return known
        found = [rule for rule in self._applying if rule.actions is None or action in rule.actions]
        if any(action in version.actions() for version in self._versions):
            self._by_action[action] = found  # of known actions only, which are few
        return found
