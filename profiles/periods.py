"""Moments that return: at an interval, by the clock on the wall."""

DAY = 86_400  # s


def next_aligned(after: float, interval: float) -> float:
    """Give the next moment (s since 1970, UTC) after this one at a multiple of the interval (s).

    Multiples are counted from midnight (2.x J01.FR.14); those of intervals longer than a day from
    1970 on.
    """
    if interval > DAY:
        return (after // interval + 1) * interval
    second_of_day = after % DAY
    return after - second_of_day + min(DAY, (second_of_day // interval + 1) * interval)
