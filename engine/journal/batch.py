"""What one commit writes: the difference between the journal's file and what is known in memory."""

from collections.abc import Callable

import msgspec

Then = Callable[[bool], None]  # told whether it was committed


class Numbering(msgspec.Struct, frozen=True):
    """Where the numbering of a transaction's reports stands."""

    next_seq_no: int = 0
    has_ended: bool = False


class Batch(msgspec.Struct):
    """Changes that wait for their commit, and who is to be told of it, in order."""

    reports: dict[int, bytes] = msgspec.field(default_factory=dict)  # new ones, number -> JSON
    bodies: dict[int, bytes] = msgspec.field(default_factory=dict)  # changed ones, as JSON
    attempts: dict[int, int] = msgspec.field(default_factory=dict)  # number -> transmissions
    gone: set[int] = msgspec.field(default_factory=set)  # numbers
    numberings: dict[str, Numbering | None] = msgspec.field(default_factory=dict)
    values: dict[tuple[str, str], bytes | None] = msgspec.field(default_factory=dict)
    thens: list[Then] = msgspec.field(default_factory=list)

    def __bool__(self) -> bool:
        return self.has_changes or bool(self.thens)

    @property
    def has_changes(self) -> bool:
        return bool(
            self.reports
            or self.gone
            or self.values
            or self.attempts
            or self.bodies
            or self.numberings
        )

    def forget(self, number: int) -> None:
        """Have this report no more: one that never came to the file needs no deletion there."""
        self.attempts.pop(number, None)
        self.bodies.pop(number, None)
        if self.reports.pop(number, None) is None:
            self.gone.add(number)

    def change(self, number: int, body: bytes) -> None:
        """Have this report kept in other words."""
        changed = self.reports if number in self.reports else self.bodies
        changed[number] = body

    def absorb(self, later: "Batch") -> None:
        """Add what changed after this batch, as if both had been one from the start."""
        self.reports.update(later.reports)
        for number, body in later.bodies.items():
            self.change(number, body)
        self.attempts.update(later.attempts)
        for number in later.gone:
            self.forget(number)
        self.numberings.update(later.numberings)
        self.values.update(later.values)
        self.thens.extend(later.thens)
