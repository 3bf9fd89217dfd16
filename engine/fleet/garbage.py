"""How often Python looks for garbage while a fleet runs.

Stations are hundreds of live objects each, and the collector looks at all of them again and again:
as it is set by default, it took a third of a fleet's CPU, and stopped everything for seconds. What
it finds is what stations leave that reboot, and links that end.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG = 50_000  # new objects, before a look at them: each is looked at twice before it is old
_YOUNG_LOOKS = 5  # before a look at those that were kept
_OBJECTS_A_STATION = 400
_LEAST_LOOKS = 10


@contextmanager
def rare_collection(stations: int) -> Iterator[None]:
    """Look at everything only after as many new objects as the stations have, while the block
    lasts.
    """
    before = gc.get_threshold()
    looks = _LEAST_LOOKS + stations * _OBJECTS_A_STATION // (_YOUNG * _YOUNG_LOOKS)
    gc.set_threshold(_YOUNG, _YOUNG_LOOKS, looks)
    try:
        yield
    finally:
        gc.set_threshold(*before)
