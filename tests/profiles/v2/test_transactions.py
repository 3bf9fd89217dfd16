"""TransactionEvent out of a report, and what its answer means."""

from typing import Any, Literal

import pytest

from pilotwire.machines.events import IdToken, TransactionDeauthorized
from pilotwire.machines.meter import MeterSample
from pilotwire.machines.settings import Settings
from pilotwire.machines.station import Station
from pilotwire.profiles.messages import of
from pilotwire.profiles.messages.base import encode
from pilotwire.profiles.report import News, Sample, TransactionReport
from pilotwire.profiles.v2.face import Face
from pilotwire.profiles.v2.transactions import read_transaction_event, transaction_event

V201 = of("2.0.1")
TOKEN = IdToken("DEADBEEF")
METER = MeterSample(energy_import=1234.56789, temperature=40.0)


def a_report(*news: News, **changes: Any) -> TransactionReport:
    fields: dict[str, Any] = {
        "transaction_id": "tx-1",
        "kind": "Started",
        "trigger": "Authorized",
        "time": 1_800_000_000.9,
        "evse": 2,
        "connector": 1,
        "seq_no": 0,
        "id_token": TOKEN,
        "remote_start_id": 5,
        "reservation_id": 6,
        "charging_state": "EVConnected",
        "news": news,
    }
    return TransactionReport(**{**fields, **changes})


def an_answer(status: Any = "Accepted", **more: Any) -> Any:
    return V201.TransactionEventResponse(id_token_info=V201.IdTokenInfoType(status=status, **more))


def test_what_is_no_news_is_not_told_again() -> None:
    event = transaction_event(V201, a_report())
    assert not any((event.evse, event.id_token, event.reservation_id))
    assert not event.transaction_info.remote_start_id
    told = transaction_event(V201, a_report("evse", "id_token", "remote_start", "reservation"))
    assert told.evse
    assert told.id_token
    assert (told.reservation_id, told.transaction_info.remote_start_id) == (6, 5)


def test_the_same_report_always_gives_the_same_bytes(face: Face) -> None:
    report = a_report("evse", samples=(Sample(1.0, "Transaction.Begin", METER, ("Voltage",)),))
    station = Station(Settings(), (1, 1), lambda: "tx")
    once, again = face.report(station, report, None), face.report(station, report, None)
    assert once is not None
    assert again is not None
    assert encode(once) == encode(again)


def test_time_is_in_whole_seconds_of_utc() -> None:
    assert b'"timestamp":"2027-01-15T08:00:00Z"' in encode(transaction_event(V201, a_report()))


def test_a_reading_that_2_x_has_no_word_for_is_left_out() -> None:
    names = ("Temperature", "Energy.Active.Import.Register")
    both = a_report(samples=(Sample(1.0, "Trigger", METER, names),))
    (value,) = transaction_event(V201, both).meter_value or ()
    assert [v.measurand for v in value.sampled_value] == ["Energy.Active.Import.Register"]
    assert value.sampled_value[0].value == 1234.568
    only = a_report(samples=(Sample(1.0, "Trigger", METER, names[:1]),))
    assert not transaction_event(V201, only).meter_value


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Local", "Local"),
        ("HardReset", "ImmediateReset"),  # asked for while 1.6 was spoken
        ("UnlockCommand", "Other"),
        ("ImmediateReset", "ImmediateReset"),
    ],
)
def test_reasons_of_1_6_are_told_in_2_x_words(reason: str, told: str) -> None:
    event = transaction_event(V201, a_report(kind="Ended", reason=reason))
    assert event.transaction_info.stopped_reason == told


def test_a_token_too_long_for_the_version_is_cut_short() -> None:
    report = a_report("id_token", id_token=IdToken("X" * 50, "EVCCID"))
    old = transaction_event(V201, report).id_token
    new = transaction_event(of("2.1"), report).id_token
    assert old
    assert (len(old.id_token), old.type) == (36, "Central")
    assert new
    assert (len(new.id_token), new.type) == (50, "EVCCID")


def test_e05_a_refused_token_deauthorizes_what_it_began() -> None:
    digest = read_transaction_event(a_report("id_token"), an_answer("NoCredit"))
    assert digest.facts == (TransactionDeauthorized("NoCredit"),)
    assert digest.token is not None
    assert digest.token[0] == TOKEN


@pytest.mark.parametrize("kind", ["Updated", "Ended"])
def test_a_refused_token_that_stops_deauthorizes_nothing(kind: Literal["Updated", "Ended"]) -> None:
    report = a_report("stop_token", kind=kind, stop_token=IdToken("OTHER"))
    digest = read_transaction_event(report, an_answer("Invalid"))
    assert digest.facts == ()
    assert digest.token is not None
    assert digest.token[0].value == "OTHER"


def test_c03_fr_02_a_central_token_is_not_learned() -> None:
    report = a_report("id_token", id_token=IdToken("X", "Central"))
    assert read_transaction_event(report, an_answer()).token is None


def test_an_answer_without_a_token_tells_the_cost_at_most() -> None:
    answer = V201.TransactionEventResponse(total_cost=3.5)
    digest = read_transaction_event(a_report(), answer)
    assert (digest.total_cost, digest.token, digest.facts) == (3.5, None, ())
