"""Text of others, made harmless for a terminal: whatever is not printable is written as an escape.

That covers control characters and so ANSI sequences, what turns the direction of writing, and what
cannot be seen.
"""

import unicodedata

_MOST_MARKS = 2  # combining marks on a letter; a pile of them would cover the lines above


def harmless(text: str, most: int = 200) -> str:
    """Give the text on one line, at most this many characters of it, with `…` where it was cut."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    if short.isascii() and short.isprintable():
        return short
    return "".join(_characters(short))


def _characters(text: str) -> "list[str]":
    shown: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            shown.append(character if character.isprintable() else _escape(character))
    return shown


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
