"""Text in cells of a fixed width: always a rich Text, never markup, for a stranger may have written
it.
"""

from rich.text import Text


def cell(text: str, width: int, style: str = "", *, is_right: bool = False) -> Text:
    """Give the text in exactly this many columns, cut with `…` where it is longer."""
    shown = Text(text, style=style, no_wrap=True, end="")
    shown.truncate(max(0, width), overflow="ellipsis")
    padding = max(0, width - shown.cell_len)
    if is_right:
        shown.pad_left(padding)
    else:
        shown.pad_right(padding)
    return shown


def spread(left: Text, right: Text, width: int) -> Text:
    """Give one text at the left end of a line and the other at the right; the left one counts
    more.
    """
    line = Text("", no_wrap=True, end="")
    line.append_text(left)
    gap = width - left.cell_len - right.cell_len
    if gap > 0:
        line.append(" " * gap).append_text(right)
    return fitted(line, width)


def fitted(line: Text, width: int) -> Text:
    line.truncate(width, overflow="ellipsis")
    return line


def joined(parts: "list[tuple[str, str]]", gap: str = "  ") -> Text:
    """Join texts and their styles, the empty ones left out."""
    line = Text("", no_wrap=True, end="")
    for text, style in parts:
        if text:
            line.append(gap if line else "").append(text, style=style)
    return line
