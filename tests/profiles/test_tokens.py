"""Tables of tokens: told apart by value and type."""

from pilotwire.machines.events import UNTYPED
from pilotwire.profiles.tokens import TokenTable


def test_a_token_without_a_type_is_that_of_any_type() -> None:
    table: TokenTable[str] = TokenTable()
    table.put("a", "KeyCode", "code")
    table.put("a", "ISO14443", "card")
    assert len(table) == 2
    assert (table.find("a", "KeyCode"), table.find("a", "ISO14443")) == ("code", "card")
    assert table.find("a", UNTYPED) == "code"
    assert table.find("a", "Local") is None
    table.put("a", UNTYPED, "any")  # takes the place of all
    assert [*table.values()] == ["any"]
    assert table.find("a", "Local") == "any"
    table.put("a", "Local", "own")
    assert [*table.values()] == ["own"]


def test_what_is_removed_is_gone() -> None:
    table: TokenTable[str] = TokenTable()
    table.put("a", "KeyCode", "code")
    assert table.remove("a", "Local") == []
    assert table.remove("b", "Local") == []
    assert table.remove("a", UNTYPED) == ["code"]
    assert len(table) == 0
    assert table.find("a", UNTYPED) is None
    table.put("a", "KeyCode", "code")
    table.clear()
    assert len(table) == 0
