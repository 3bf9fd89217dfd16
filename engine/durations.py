"""Durations as people write them on a command line: 90s, 10m, 12h, 1d12h."""

import re

_PART = re.compile(r"(\d+(?:\.\d+)?)([dhms])")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_UNITS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0}


def seconds_of(text: str, *, may_be_plain: bool = False) -> float:
    """Read a duration like 30d, 12h, 90m, 45s or 1d12h; a plain number, where there may be one, is
    seconds. Gives s. Raises ValueError.
    """
    if may_be_plain and _PLAIN.fullmatch(text):
        seconds = float(text)
    else:
        parts = _PART.findall(text)
        seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
        if "".join(map("".join, parts)) != text:
            seconds = 0.0
    if not seconds:
        raise ValueError("expected a duration like 30d, 12h, 90m or 45s")
    return seconds
