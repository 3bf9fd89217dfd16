"""What a central system has answered is on disk, whatever happens next."""

import json
import sqlite3

import trio

from pilotwire.engine.central.central import Policy
from pilotwire.engine.central.events import TransactionChanged
from pilotwire.engine.central.store import Store

START = '{"connectorId":1,"idTag":"GOOD","meterStart":1,"timestamp":"2026-01-02T03:00:00Z"}'
OTHER = START.replace("03:00", "04:00")
STOP = '{{"transactionId":{},"meterStop":5,"timestamp":"2026-01-02T05:00:00Z"}}'


async def test_a_restart_keeps_transactions_and_never_gives_an_id_again(
    make_central, connect, tmp_path
):
    path = tmp_path / "restart.sqlite"
    store = Store.open(path, is_inline=True)
    station = await connect(make_central(store=store))
    first = await station.call("StartTransaction", START)
    await station.link.close()
    store.close()

    store = Store.open(path, is_inline=True)
    draws = iter([first["transactionId"], first["transactionId"], 4711])
    policy = Policy(draw_transaction_id=lambda: next(draws))
    station = await connect(make_central(policy, store), boots=False)
    assert await station.call("StartTransaction", START) == first
    assert (await station.call("StartTransaction", OTHER))["transactionId"] == 4711
    assert await station.call("StopTransaction", STOP.format(first["transactionId"])) == {}
    assert [told.is_running for told in store.transactions()] == [True, False]
    await station.link.close()
    store.close()


async def test_a_message_is_answered_when_a_thread_has_written_it(
    make_central, connect, tmp_path, nursery
):
    store = Store.open(tmp_path / "threaded.sqlite")
    await nursery.start(store.run)
    central = make_central(store=store)
    kept = []
    central.on_event(lambda event: kept.append(event) if type(event) is TransactionChanged else 0)
    station = await connect(central)
    idle = tasks_of_central()
    frames = [f'[2,"{number}","StartTransaction",{START}]' for number in range(3)]
    for frame in frames:
        await station.link.send(frame)
    answers = [json.loads(await station.hear()) for _ in frames]
    assert [answer[:2] for answer in answers] == [[3, "0"], [3, "1"], [3, "2"]]  # in their order
    (transaction,) = store.transactions()  # repeats: there is one
    assert {str(answer[2]["transactionId"]) for answer in answers} == {transaction.transaction_id}
    assert [event.kind for event in kept] == ["started"]
    assert idle == tasks_of_central() == ["CentralSystem.accept"]  # a connection is one task
    await station.link.close()
    nursery.cancel_scope.cancel()


async def test_a_message_that_a_thread_cannot_write_is_an_internal_error(
    make_central, connect, tmp_path, nursery
):
    path = tmp_path / "threaded.sqlite"
    store = Store.open(path)
    await nursery.start(store.run)
    central = make_central(store=store)
    station = await connect(central)
    with sqlite3.connect(path) as intruder:
        intruder.execute(
            "CREATE TRIGGER full BEFORE INSERT ON transactions BEGIN"
            " SELECT RAISE(ABORT, 'no room'); END"
        )
    intruder.close()
    refused = json.loads(await station.say(f'[2,"1","StartTransaction",{START}]'))
    assert refused[:3] == [4, "1", "InternalError"]
    assert len(central.transactions) == 0
    await station.link.close()
    nursery.cancel_scope.cancel()


def tasks_of_central() -> list[str]:
    """The tasks that serve stations, by name."""
    names, roots = [], [trio.lowlevel.current_root_task()]
    while roots:
        task = roots.pop()
        children = [child for nursery in task.child_nurseries for child in nursery.child_tasks]
        roots += children
        names += [
            child.name.rpartition("central.")[2]
            for child in children
            if ".central.central." in child.name
        ]
    return names


async def test_what_cannot_be_kept_is_not_answered_and_can_be_sent_again(
    make_central, connect, tmp_path
):
    path = tmp_path / "full.sqlite"
    store = Store.open(path, is_inline=True)
    central = make_central(store=store)
    station = await connect(central)
    intruder = sqlite3.connect(path)
    intruder.execute(
        "CREATE TRIGGER full BEFORE INSERT ON transactions BEGIN"
        " SELECT RAISE(ABORT, 'no room'); END"
    )
    intruder.commit()
    refused = json.loads(await station.say(f'[2,"1","StartTransaction",{START}]'))
    assert refused[:3] == [4, "1", "InternalError"]
    # Nothing is held of it: no phantom that runs on the token.
    assert len(central.transactions) == 0
    intruder.execute("DROP TRIGGER full")
    intruder.commit()
    intruder.close()
    answer = await station.call("StartTransaction", START)
    assert [told.transaction_id for told in store.transactions()] == [str(answer["transactionId"])]
    await station.link.close()
    store.close()
