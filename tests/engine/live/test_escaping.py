"""What others wrote does nothing to the terminal."""

import pytest

from pilotwire.engine.live.escaping import harmless


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [bold]text[/bold]", "plain [bold]text[/bold]"),
        ("Zoë 充电", "Zoë 充电"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\u202edef\u2066", "abc\\u202edef\\u2066"),
        ("in\u200bvisible\u00ad\ufeff", "in\\u200bvisible\\xad\\ufeff"),
        ("line\u2028break", "line\\u2028break"),
        ("\ud800", "\\ud800"),
        ("a\u0301\u0301\u0301\u0301b", "a\u0301\u0301b"),
    ],
)
def test_what_is_not_printable_is_escaped(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_a_long_text_is_cut() -> None:
    assert harmless("x" * 50, 10) == "x" * 9 + "…"
    assert harmless("\x1b" * 50, 3) == "\\x1b\\x1b…"
