"""Pilotwire's whole central system, measured: admission, handlers, transactions, its database.

python our_central.py DATABASE

DATABASE is a file, or "memory".
"""

import sys
from pathlib import Path

import trio
from marks import tell, usage
from ours import lines

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.store import Store
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central, Log
from pilotwire.engine.log import set_up


async def serve(database: str) -> None:
    settings = Central(port=0, max_connections_per_address=10_000)  # any port that is free
    store = Store.open(None if database == "memory" else Path(database))
    central = CentralSystem(settings, Clock(), store)
    async with trio.open_nursery() as nursery:
        tell(port=await nursery.start(central.run))
        async for _ in lines():
            tell(answered=central.counters().calls_received, **usage())
        nursery.cancel_scope.cancel()
    store.close()


if __name__ == "__main__":
    set_up(Log(level="warning"), sys.stderr)
    trio.run(serve, sys.argv[1])
