"""How often Python looks for garbage while a fleet runs.

Stations are hundreds of live objects each, and the collector looks at all of them again and again:
as it is set by default, it took a third of a fleet's CPU, and stopped everything for seconds. What
it finds is what stations leave that reboot, and links that end.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 5_000  # new objects, before a look at them: with more, it stops everything for long
_OBJECTS_A_STATION = 400
_LEAST_LOOKS = 500


@contextmanager
def rare_collection(stations: int) -> Iterator[None]:
    """Look at each object once when it is young, and at everything only after as many new ones as
    the stations have, while the block lasts.
    """
    before = gc.get_threshold()
    looks = _LEAST_LOOKS + stations * _OBJECTS_A_STATION // _YOUNG
    gc.set_threshold(_YOUNG, looks, 0)
    try:
        yield
    finally:
        gc.set_threshold(*before)
