"""A fleet on many machines, through a Dask cluster: shards of stations out, what they counted back.

Dask's client lives in threads of its own; it is asked from a thread of Trio's.
"""

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import trio

from ..failure import Failure
from .loopback import make_room
from .process import WorkerOrders, decode, encode, worker_of
from .settings import Fleet
from .tally import Totals

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_SECONDS = 10
_LOOK_SECONDS = 0.5  # between two looks whether to end


class ClusterFailed(Failure):
    """The cluster cannot do it."""


async def work_on_cluster(
    address: str, fleet: Fleet, target: str, stopping: trio.Event
) -> list[Totals]:
    """Have every worker of the cluster run its share, until the course is over or `stopping`.

    Raises ClusterFailed.
    """
    client = await trio.to_thread.run_sync(_connected, address)
    name = f"pilotwire-{id(client)}"
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_pass_on, client, name, stopping)
            # Not abandoned when cancelled: what the workers counted is waited for.
            with trio.CancelScope(shield=True):
                found = await trio.to_thread.run_sync(partial(_gather, client, fleet, target, name))
            nursery.cancel_scope.cancel()
    finally:
        with trio.CancelScope(shield=True):
            await trio.to_thread.run_sync(client.close)
    return found


def _connected(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterFailed("a cluster needs Dask: pip install 'pilotwire[distributed]'") from error
    try:
        return Client(address, timeout=_CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterFailed(f"no Dask scheduler at {address}: {error}") from error


async def _pass_on(client: "Client", name: str, stopping: trio.Event) -> None:
    """Tell the workers that the run is to end."""
    await stopping.wait()
    await trio.to_thread.run_sync(partial(_set, client, name))


def _set(client: "Client", name: str) -> None:
    from distributed import Event

    Event(name, client=client).set()  # type: ignore[no-untyped-call]


def _gather(client: "Client", fleet: Fleet, target: str, name: str) -> list[Totals]:
    hosts = sorted(client.scheduler_info(n_workers=-1)["workers"])
    if not hosts:
        raise ClusterFailed("the Dask cluster has no workers")
    futures = [
        client.submit(
            work,
            encode(WorkerOrders(fleet, target, place, len(hosts))),
            name,
            workers=[host],
            pure=False,
            key=f"{name}-{place}",
        )
        for place, host in enumerate(hosts)
    ]
    try:
        answers = client.gather(futures)  # type: ignore[no-untyped-call]
    except Exception as error:
        # Whatever a worker of the cluster raised comes here as itself.
        raise ClusterFailed(f"a worker of the cluster failed: {error}") from error
    return [msgspec.json.decode(answer, type=Totals) for answer in answers]


# ---- on a worker of the cluster


def work(orders: bytes, stop_event: str) -> bytes:
    """Run a share of the fleet and give its totals; called by Dask, in a thread of its worker."""
    read = decode(orders)
    assert isinstance(read, WorkerOrders)
    make_room(read.fleet.stations // read.workers + 1)
    return trio.run(_work, read, stop_event)


async def _work(orders: WorkerOrders, stop_event: str) -> bytes:
    worker = worker_of(orders)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_cancel_when_told, stop_event, nursery.cancel_scope)
        await worker.run()
        nursery.cancel_scope.cancel()
    return msgspec.json.encode(worker.tally.totals())


async def _cancel_when_told(name: str, scope: trio.CancelScope) -> None:
    from distributed import Event, get_client

    event = await trio.to_thread.run_sync(lambda: Event(name, client=get_client()))  # type: ignore[no-untyped-call]
    while not await trio.to_thread.run_sync(event.is_set):  # noqa: ASYNC110
        await trio.sleep(_LOOK_SECONDS)
    scope.cancel()
