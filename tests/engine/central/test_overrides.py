"""A user's own answers."""

import msgspec
import pytest
import trio

from pilotwire.profiles.errors import SecurityError
from pilotwire.profiles.messages.v16 import (
    AuthorizeRequest,
    AuthorizeResponse,
    DataTransferRequest,
    DataTransferResponse,
    HeartbeatRequest,
    IdTagInfo,
    StartTransactionRequest,
    StatusNotificationResponse,
)

START = '{"connectorId":1,"idTag":"GOOD","meterStart":1,"timestamp":"2026-01-02T03:00:00Z"}'


async def test_an_answer_of_the_users_own(central, station):
    def transfer(known, request, answer_by_default):
        assert known.station_id == "CS-1"
        return DataTransferResponse(status="Accepted", data=request.data[::-1])

    central.override(DataTransferRequest, transfer)
    assert await station.call("DataTransfer", '{"vendorId":"v","data":"abc"}') == {
        "status": "Accepted",
        "data": "cba",
    }


async def test_an_answer_that_changes_the_default_and_what_is_kept_all_the_same(central, station):
    def block(known, request, answer_by_default):
        answer = answer_by_default()
        return msgspec.structs.replace(answer, id_tag_info=IdTagInfo(status="Blocked"))

    central.override(StartTransactionRequest, block)
    answer = await station.call("StartTransaction", START)
    assert answer["idTagInfo"] == {"status": "Blocked"}
    (kept,) = central.store.transactions()
    assert kept.transaction_id == str(answer["transactionId"])


async def test_what_is_not_answered_by_default_is_not_kept(central, station):
    def refuse(known, request, answer_by_default):
        raise SecurityError("not here")

    central.override(StartTransactionRequest, refuse)
    assert await station.say(f'[2,"1","StartTransaction",{START}]') == (
        '[4,"1","SecurityError","not here",{}]'
    )
    assert central.store.transactions() == []


async def test_an_answer_may_take_its_time(autojump_clock, central, station):
    async def ask_elsewhere(known, request, answer_by_default):
        await trio.sleep(3)
        return AuthorizeResponse(id_tag_info=IdTagInfo(status="Expired"))

    central.override(AuthorizeRequest, ask_elsewhere)
    answer = await station.call("Authorize", '{"idTag":"GOOD"}')
    assert answer["idTagInfo"] == {"status": "Expired"}


async def test_an_async_answer_may_use_the_default(autojump_clock, central, station):
    async def first_wait(known, request, answer_by_default):
        await trio.sleep(1)
        return answer_by_default()

    central.override(StartTransactionRequest, first_wait)
    answer = await station.call("StartTransaction", START)
    assert central.store.transactions()[0].transaction_id == str(answer["transactionId"])


async def _raise_later():
    await trio.sleep(1)
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "broken",
    [
        lambda known, request, answer_by_default: 1 / 0,
        lambda known, request, answer_by_default: _raise_later(),
        lambda known, request, answer_by_default: StatusNotificationResponse(),
    ],
    ids=["raises", "raises later", "answers something else"],
)
async def test_a_broken_override_is_an_internal_error_and_the_connection_lives(
    autojump_clock, central, station, broken, capsys
):
    central.override(HeartbeatRequest, broken)
    assert await station.say('[2,"1","Heartbeat",{}]') == '[4,"1","InternalError","",{}]'
    answer = await station.call("Authorize", '{"idTag":"GOOD"}')
    assert answer["idTagInfo"]["status"] == "Accepted"
    assert "Heartbeat" in capsys.readouterr().out  # it is in the log
