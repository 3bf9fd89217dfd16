"""What charts cost: time an event, bytes an instance, and the time to build a fleet's charts.

Run: python bench/charts.py. The bare engine is python-statemachine itself, without the memo.
"""

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence

from pilotwire.machines.chart import bare_engine
from pilotwire.machines.effects import Effect
from pilotwire.machines.events import (
    AuthorizationDecided,
    CablePlugged,
    CableUnplugged,
    EnergyFlowing,
    Event,
    IdToken,
    LockNeeded,
    LockReleased,
    SuspendedByEv,
    TokenPresented,
)
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station

EVSES = 10_000
ROUNDS = 20_000
ENGINE_ROUNDS = 100
TOKEN = IdToken("DEADBEEF")
CHARGE: Sequence[Event] = (
    CablePlugged(),
    TokenPresented(TOKEN),
    AuthorizationDecided(TOKEN, "Accepted"),
    EnergyFlowing(),
    SuspendedByEv(),
    EnergyFlowing(),
    TokenPresented(TOKEN),
    CableUnplugged(),
)
LOCKING: Sequence[Event] = (CablePlugged(), LockNeeded(), LockReleased(), CableUnplugged())


def station(evses: int = 1) -> Station:
    return Station(Settings(), [1] * evses, lambda: "transaction")


def microseconds(
    handle: Callable[[Event], list[Effect]], facts: Sequence[Event], rounds: int
) -> float:
    """Give the time of one event, the best of five runs."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(rounds):
            for fact in facts:
                handle(fact)
        best = min(best, time.perf_counter() - began)
    return best / rounds / len(facts) * 1e6


def build() -> tuple[Station, float]:
    """Build the charts and what they stand in for many EVSEs; give the milliseconds it took."""
    gc.collect()
    began = time.perf_counter()
    built = station(EVSES)
    return built, (time.perf_counter() - began) * 1e3


def bytes_allocated() -> float:
    """Give the bytes that an EVSE with all of its charts takes, as the allocator sees it."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    built = station(EVSES)
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(built.evses) == EVSES
    return (after - before) / EVSES


def main() -> None:
    connector = station().evse(1).connectors[0].chart
    quick = microseconds(connector.handle, LOCKING, ROUNDS)
    slow = microseconds(bare_engine(connector), LOCKING, ENGINE_ROUNDS)
    tree = station()
    whole = microseconds(lambda fact: tree.handle(1, fact), CHARGE, ROUNDS // 4)
    built, milliseconds = min((build() for _ in range(5)), key=lambda each: each[1])
    print(f"an event through a chart, with its effects   {quick:8.2f} us")
    print(
        f"the same through the bare engine             {slow:8.2f} us   ({slow / quick:.0f} times)"
    )
    print(f"an event through the whole tree              {whole:8.2f} us")
    print(f"a chart                                      {sys.getsizeof(connector):8d} bytes")
    print(f"an EVSE, its connector, 3 charts and all     {bytes_allocated():8.0f} bytes")
    print(f"charts of {len(built.evses)} EVSEs built                {milliseconds:8.1f} ms")


if __name__ == "__main__":
    main()
