"""Transactions as 2.0.1 and 2.1 tell them (functional block E), in literal frames."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from pilotwire.engine.central.central import Policy
from pilotwire.engine.central.events import TransactionChanged
from pilotwire.engine.central.store import Store
from pilotwire.profiles.csms import (
    CsmsStation,
    Place,
    Rules,
    SignedMeterValue,
    TokenBook,
    TransactionEvent,
    Transactions,
)
from pilotwire.profiles.csms.transaction_events import tell as keep_event

TOKEN = '"idToken":{"idToken":"GOOD","type":"ISO14443"}'


def event(kind, seq_no, *more, tx="tx-1", info="", trigger="Trigger", minute=None):
    fields = [
        f'"eventType":"{kind}"',
        f'"timestamp":"2026-01-02T03:{seq_no if minute is None else minute:02}:00Z"',
        f'"triggerReason":"{trigger}"',
        f'"seqNo":{seq_no}',
        f'"transactionInfo":{{"transactionId":"{tx}"{"," if info else ""}{info}}}',
        *more,
    ]
    return "{" + ",".join(fields) + "}"


def metered(value, context, minute, unit="Wh", multiplier=0):
    return (
        f'{{"timestamp":"2026-01-02T03:{minute:02}:00Z","sampledValue":[{{"value":{value},'
        f'"context":"{context}","unitOfMeasure":{{"unit":"{unit}","multiplier":{multiplier}}}}}]}}'
    )


def values(*readings):
    return f'"meterValue":[{",".join(readings)}]'


@pytest.fixture
def tell(station2):
    async def tell(*args, **more):
        return await station2.call(
            "TransactionEvent", event(*args, **{"trigger": "ChargingStateChanged", **more})
        )

    return tell


async def test_a_whole_charge(central, tell):
    begin = values(metered(1.5, "Transaction.Begin", 0, "kWh"))
    assert await tell("Started", 0, '"evse":{"id":2,"connectorId":1}', begin) == {}
    answer = await tell("Updated", 1, TOKEN, trigger="Authorized")
    assert answer == {  # E01.FR.12: with its group; nothing of a cost
        "idTokenInfo": {
            "status": "Accepted",
            "groupIdToken": {"idToken": "FAMILY", "type": "Central"},
        }
    }
    state = '"chargingState":"Charging","timeSpentCharging":7'
    assert await tell("Updated", 2, info=state) == {}
    running = central.transactions.running_at("CS-1", Place(2, 1))
    assert (running.charging_state, running.verdict) == ("Charging", "Accepted")
    end = values(metered(5, "Sample.Periodic", 2, "Wh", 3), metered(6500, "Transaction.End", 3))
    await tell("Ended", 3, TOKEN, end, info='"stoppedReason":"Remote"', trigger="StopAuthorized")

    (told,) = central.store.transactions()
    assert told.transaction_id == "tx-1"
    assert told.place == Place(2, 1)
    assert told.id_token.value == "GOOD"
    assert told.parent == "FAMILY"
    assert (told.meter_start, told.meter_stop) == (1500, 6500)
    assert told.charging_seconds == 7
    assert told.reason == "Remote"
    assert told.stop_token.value == "GOOD"
    assert not told.is_running
    assert told.missing_events == 0
    registers = [reading.watt_hours() for reading in central.store.meter_values(told)]
    assert registers == [1500, 5000, 6500]
    assert [e.seq_no for e in central.store.transaction_events(told)] == [0, 1, 2, 3]
    assert len(central.transactions) == 0


async def test_readings_are_kept_as_the_meter_signed_them(central, tell):
    signed = (
        '{"timestamp":"2026-01-02T03:00:00Z","sampledValue":[{"value":1500,'
        '"signedMeterValue":{"signedMeterData":"T0NNRnx7fQ==","signingMethod":"",'
        '"encodingMethod":"OCMF","publicKey":"a2V5"}}]}'
    )
    await tell("Started", 0, '"evse":{"id":1,"connectorId":1}', values(signed))
    (told,) = central.store.transactions()
    ((sample,),) = (reading.samples for reading in central.store.meter_values(told))
    assert sample.watt_hours() == 1500
    assert sample.signed == SignedMeterValue(
        data="T0NNRnx7fQ==", encoding_method="OCMF", public_key="a2V5"
    )


async def test_an_event_that_is_sent_again_is_answered_again_and_kept_once(central, tell):
    seen = []
    central.on_event(seen.append)
    place = '"evse":{"id":1}'
    first = await tell("Started", 0, place, TOKEN)
    await tell("Updated", 1)
    again = await tell("Started", 0, place, TOKEN)
    assert again == first
    await tell("Ended", 2)
    await tell("Ended", 2, info='"stoppedReason":"PowerLoss"')
    (told,) = central.store.transactions()
    assert (told.events, told.reason) == (3, "Local")
    kinds = [e.kind for e in seen if isinstance(e, TransactionChanged)]
    assert kinds == ["started", "updated", "ended"]


async def test_events_that_come_late_fill_in_and_undo_nothing(central, tell):
    await tell("Updated", 2, info='"chargingState":"SuspendedEV"')
    (told,) = central.store.transactions()
    assert told.missing_events is None  # not even the start is known
    await tell("Ended", 4)
    await tell("Updated", 1, TOKEN, '"offline":true', info='"chargingState":"Charging"')
    await tell("Started", 0, '"evse":{"id":1,"connectorId":2}', '"offline":true')
    (told,) = central.store.transactions()
    assert (told.place, told.id_token.value) == (Place(1, 2), "GOOD")
    assert told.charging_state == "SuspendedEV"  # of the highest seqNo that told one
    assert told.started_at.minute == 0
    assert told.ended_at.minute == 4
    assert told.missing_events == 1  # seqNo 3
    events = central.store.transaction_events(told)
    assert [(e.seq_no, e.is_offline) for e in events] == [
        (0, True),
        (1, True),
        (2, False),
        (4, False),
    ]
    assert len(central.transactions) == 0


async def test_seq_nos_may_begin_anywhere(central, tell):
    for seq_no, kind in ((40, "Started"), (41, "Updated"), (42, "Ended")):
        await tell(kind, seq_no)
    (told,) = central.store.transactions()
    assert told.missing_events == 0


async def test_the_evse_is_told_once_and_may_be_told_late(central, tell):
    await tell("Started", 0, TOKEN)
    await tell("Started", 0, TOKEN, tx="tx-2")  # neither has an EVSE yet: both run
    assert len(central.transactions) == 2
    await tell("Updated", 1, '"evse":{"id":2,"connectorId":1}')
    await tell("Updated", 2, '"evse":{"id":2}')
    await tell("Updated", 3)
    assert central.transactions.running_at("CS-1", Place(2, 1)).transaction_id == "tx-1"
    assert central.transactions.find("CS-1", "tx-1").place == Place(2, 1)
    assert len(central.transactions) == 2


async def test_the_next_start_at_an_evse_ends_what_was_never_ended(central, tell):
    await tell("Started", 0, '"evse":{"id":1,"connectorId":1}', TOKEN)
    await tell("Started", 0, '"evse":{"id":1,"connectorId":2}', TOKEN, tx="tx-2")
    assert len(central.transactions) == 1
    await tell("Ended", 1)  # it comes late, and ends its own
    assert central.transactions.running_at("CS-1", Place(1)).transaction_id == "tx-2"
    by_id = {each.transaction_id: each for each in central.store.transactions()}
    assert not by_id["tx-1"].is_running
    assert by_id["tx-2"].is_running


@pytest.mark.parametrize(
    ("token", "status"),
    [
        ('"idToken":{"idToken":"STRANGE","type":"eMAID"}', "Unknown"),
        ('"idToken":{"idToken":"","type":"NoAuthorization"}', "Accepted"),  # C02.FR.02
    ],
)
async def test_e05_fr_01_the_token_is_verified(tell, token, status):
    answer = await tell("Started", 0, '"evse":{"id":1}', token)
    assert answer["idTokenInfo"]["status"] == status


async def test_a_token_that_charges_elsewhere_is_told_so_where_the_policy_wants_it(
    make_central, connect, subprotocol
):
    central = make_central(Policy(allows_concurrent_transactions=False))
    station = await connect(central, subprotocol=subprotocol)

    async def tell(*args, **more):
        answer = await station.call("TransactionEvent", event(*args, trigger="Authorized", **more))
        return answer["idTokenInfo"]["status"]

    assert await tell("Started", 0, '"evse":{"id":1}', TOKEN) == "Accepted"
    assert await tell("Updated", 1, TOKEN) == "Accepted"
    assert await tell("Started", 0, '"evse":{"id":2}', TOKEN, tx="tx-2") == "ConcurrentTx"
    assert await tell("Started", 0, '"evse":{"id":2}', TOKEN, tx="tx-2") == "ConcurrentTx"
    assert await tell("Ended", 2, TOKEN) == "Accepted"
    assert await tell("Updated", 1, TOKEN, tx="tx-2") == "ConcurrentTx"
    assert await tell("Started", 0, '"evse":{"id":3}', TOKEN, tx="tx-3") == "Accepted"


async def test_two_stations_may_use_the_same_transaction_id(central, connect, subprotocol):
    for name in ("CS-1", "CS-2"):
        station = await connect(central, name, subprotocol=subprotocol)
        await station.call("TransactionEvent", event("Started", 0, trigger="CablePluggedIn"))
    assert {t.station_id for t in central.store.transactions()} == {"CS-1", "CS-2"}


async def test_what_runs_is_known_after_a_restart(make_central, connect, subprotocol):
    station = await connect(make_central(), subprotocol=subprotocol)
    start = event("Started", 0, '"evse":{"id":1}', TOKEN, trigger="Authorized")
    await station.call("TransactionEvent", start)
    await station.link.close()
    central = make_central()
    station = await connect(central, boots=False, subprotocol=subprotocol)
    await station.call("TransactionEvent", start)
    await station.call("TransactionEvent", event("Updated", 1, trigger="MeterValuePeriodic"))
    assert central.transactions.running_at("CS-1", Place(1)).events == 2


async def test_an_event_that_is_still_being_written_is_known(tmp_path):
    store = Store.open(tmp_path / "slow.sqlite")  # nothing is written before it runs
    now = datetime(2026, 1, 2, tzinfo=UTC)
    book = Transactions(store, lambda: 1)
    station = CsmsStation("CS-1", Rules(tokens=TokenBook()), book, lambda: now)
    for seq_no in (0, 1, 0, 1, 2, 0):
        told = TransactionEvent(
            kind="Updated", transaction_id="t", seq_no=seq_no, occurred_at=now, trigger="Trigger"
        )
        keep_event(station, told)
        store.submit(station.take_records())
    assert book.find("CS-1", "t").events == 3
    store.close()


async def test_what_is_missing_and_what_never_ended_is_logged(central, tell):
    with capture_logs() as logs:
        await tell("Started", 0, '"evse":{"id":1}')
        await tell("Ended", 3, tx="tx-2")
        await tell("Started", 0, '"evse":{"id":1}', tx="tx-3")
        await tell("Updated", 1, tx="tx-3")
        await tell("Ended", 4, tx="tx-3")
    warned = [(e["event"], e["transaction"], e.get("missing")) for e in logs if "transaction" in e]
    assert warned == [
        ("transaction_incomplete", "tx-2", None),  # not even its start was told
        ("transaction_never_stopped", "tx-1", None),
        ("transaction_incomplete", "tx-3", 2),
    ]
