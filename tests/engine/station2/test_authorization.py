"""Functional block C as dialogues."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.drivers.ev import Ev
from pilotwire.engine.journal.store import JournalError, Store
from pilotwire.machines.events import IdToken, TokenPresented

from .conftest import Start
from .world import World, journal_in


def tell(world: World, **info: Any) -> None:
    """Answer every Authorize with this idTokenInfo."""
    world.csms.on(
        "Authorize",
        lambda request: request.response(
            id_token_info=world.csms.info(request, **{"status": "Accepted", **info})
        ),
    )


def group(world: World, name: str) -> Any:
    return world.v2.IdTokenType(id_token=name, type="Central")


async def test_c01_fr_02_a_token_is_asked_about_with_its_type(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].present_token("04AABBCC", "ISO15693")
    await trio.sleep(1)
    (asked,) = world.csms.of("Authorize")
    assert (asked.id_token.id_token, asked.id_token.type) == ("04AABBCC", "ISO15693")


async def test_a_token_that_is_not_accepted_starts_nothing(
    world: World, autojump_clock: MockClock
) -> None:
    for status in ("Blocked", "NoCredit", "NotAtThisTime", "Unknown"):
        tell(world, status=status)
        await world.charge()
        world.drivers[0].unplug()
        await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 4
    assert not world.csms.events()


async def test_c01_fr_21_a_token_charges_only_at_the_evses_named(
    world: World, autojump_clock: MockClock
) -> None:
    tell(world, evse_id=(2,))
    await world.charge(evse=1)
    assert not world.csms.events()
    await world.charge(evse=2)
    assert world.csms.events()[0].evse.id == 2


async def test_c02_fr_01_a_start_button_needs_no_authorization(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    world.station.deliver(1, TokenPresented(IdToken("", "NoAuthorization")))
    await trio.sleep(1)
    assert not world.csms.of("Authorize")
    (started,) = world.csms.events("Started")
    assert (started.id_token.id_token, started.id_token.type) == ("", "NoAuthorization")
    assert len(world.station.tokens.cache) == 0  # C02.FR.03


async def test_c09_fr_03_another_token_of_the_group_stops(
    world: World, autojump_clock: MockClock
) -> None:
    tell(world, group_id_token=group(world, "FAMILY"))
    await world.charge(token="MUM")
    world.drivers[0].present_token("DAD")
    await trio.sleep(1)
    (ended,) = world.csms.events("Ended")
    assert ended.id_token.id_token == "DAD"  # E07.FR.02
    assert ended.trigger_reason == "StopAuthorized"


async def test_c12_a_token_of_the_cache_starts_without_being_asked_about(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": True})
    await world.charge()
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(1)
    await world.charge()
    assert len(world.csms.of("Authorize")) == 1
    assert len(world.csms.events("Started")) == 2
    assert world.csms.events("Started")[1].id_token.id_token == "DEADBEEF"  # C12.FR.02


async def test_c10_fr_13_the_cache_forgets_when_the_csms_said_so(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": True})
    tell(world, cache_expiry_date_time=world.csms.now + timedelta(seconds=100))
    world.csms.on(
        "TransactionEvent", lambda request: request.response()
    )  # says nothing new of the token
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(90)  # EVConnectionTimeOut has passed
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(90)
    assert len(world.csms.of("Authorize")) == 1
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 2


async def test_c10_fr_05_what_a_transaction_event_is_answered_counts_for_the_cache(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": True})
    world.csms.on(
        "TransactionEvent",
        lambda request: request.response(id_token_info=world.csms.info(request, status="Blocked")),
    )
    await world.charge()
    await world.csms.drop()
    await trio.sleep(1)
    known = world.station.tokens.known(IdToken("DEADBEEF"), world.clock.now())
    assert known is not None
    assert known.info.verdict == "Blocked"


async def test_c11_the_cache_can_be_cleared_where_it_is_enabled(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert len(world.station.tokens.cache) == 1
    answer = await world.csms.call(world.v2.ClearCacheRequest())
    await trio.sleep(1)
    assert answer.status == "Accepted"  # C11.FR.03
    assert len(world.station.tokens.cache) == 0
    assert await world.set_variables(AuthCacheCtrlr__Enabled="false") == ["Accepted"]
    answer = await world.csms.call(world.v2.ClearCacheRequest())
    assert answer.status == "Rejected"  # C11.FR.04


async def test_a_token_that_the_version_cannot_carry_is_not_asked_about(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].present_token("X" * 100)
    await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == (0 if world.number == "2.0.1" else 1)


async def test_c04_a_pin_code_is_asked_about_as_such(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].plug_in(Ev())
    world.drivers[0].present_token("1234", "KeyCode")
    await trio.sleep(1)
    (asked,) = world.csms.of("Authorize")
    assert (asked.id_token.id_token, asked.id_token.type) == ("1234", "KeyCode")
    assert world.drivers[0].is_contactor_closed


async def test_c04_fr_06_who_guesses_codes_has_to_wait(
    world: World, autojump_clock: MockClock
) -> None:
    tell(world, status="Invalid")
    for code in ("1111", "2222", "3333", "4444"):
        world.drivers[0].present_token(code, "KeyCode")
        await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 3
    assert world.drivers[0].shown.reason == "NotAtThisTime"
    world.drivers[0].present_token("DEADBEEF")  # a card is no guess
    await trio.sleep(30)
    world.drivers[0].present_token("4444", "KeyCode")
    await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 5


async def test_c06_fr_02_a_parking_ticket_is_asked_about(
    world: World, autojump_clock: MockClock
) -> None:
    world.drivers[0].present_token("TICKET-1", "Local")
    await trio.sleep(1)
    (asked,) = world.csms.of("Authorize")
    assert asked.id_token.type == "Local"
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert world.drivers[0].is_contactor_closed
    tell(world, status="Invalid")
    world.drivers[1].plug_in(Ev())
    world.drivers[1].present_token("TICKET-2", "Local")
    await trio.sleep(1)
    assert not world.drivers[1].is_contactor_closed  # C06.FR.01


async def test_c05_fr_05_a_token_of_the_central_system_is_told_and_not_asked_about(
    world: World, autojump_clock: MockClock
) -> None:
    v2 = world.v2
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    info = v2.AdditionalInfoType(additional_id_token="NL-1", type="plate")
    token = v2.IdTokenType(id_token="APP-7", type="Central", additional_info=(info,))
    answer = await world.csms.call(
        v2.RequestStartTransactionRequest(remote_start_id=5, evse_id=1, id_token=token)
    )
    await trio.sleep(1)
    assert answer.status == "Accepted"
    assert not world.csms.of("Authorize")  # C03.FR.01, C05.FR.01
    (started,) = world.csms.events("Started")
    assert started.id_token == token  # with what goes with it besides
    assert started.transaction_info.remote_start_id == 5  # C05.FR.03
    assert len(world.station.tokens.cache) == 0  # C03.FR.02, C05.FR.02


async def test_additional_info_is_kept_with_a_token_and_told(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": True})
    v2 = world.v2
    info = v2.AdditionalInfoType(additional_id_token="NL-1", type="plate")
    token = v2.IdTokenType(id_token="DEADBEEF", type="ISO14443", additional_info=(info,))
    entry = v2.AuthorizationData(
        id_token=token, id_token_info=v2.IdTokenInfoType(status="Accepted")
    )
    await world.csms.call(
        v2.SendLocalListRequest(
            version_number=1, update_type="Full", local_authorization_list=(entry,)
        )
    )
    await world.charge()
    (started,) = world.csms.events("Started")
    assert started.id_token == token


async def test_c01_fr_01_where_nobody_is_to_be_authorized_a_cable_is_enough(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.Enabled": False})
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert world.drivers[0].is_contactor_closed
    world.drivers[1].present_token("ANNE")
    world.drivers[1].plug_in(Ev())
    await trio.sleep(1)
    assert not world.csms.of("Authorize")
    told = [(e.evse.id, e.id_token.id_token, e.id_token.type) for e in world.csms.events("Started")]
    assert told == [(1, "", "NoAuthorization"), (2, "ANNE", "ISO14443")]


async def test_where_the_csms_is_never_asked_only_what_is_known_charges(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start()
    await world.charge(1, "KNOWN")
    assert await world.set_variables(AuthCtrlr__DisableRemoteAuthorization="true") == ["Accepted"]
    world.csms.forget()
    await world.charge(2, "STRANGE")
    assert world.drivers[1].shown.reason == "Unknown"
    world.drivers[1].present_token("KNOWN")
    await trio.sleep(1)
    assert not world.csms.of("Authorize")
    assert world.drivers[1].is_contactor_closed


async def test_a_question_that_the_link_does_not_outlive_is_decided_by_the_station(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.OfflineTxForUnknownIdEnabled": True})

    async def never(request: Any) -> Any:
        await trio.sleep_forever()

    world.csms.on("Authorize", never)
    await world.charge()
    assert not world.drivers[0].is_contactor_closed
    world.station.network.close()
    await trio.sleep(1)
    assert world.drivers[0].is_contactor_closed


async def test_c01_fr_04_nothing_but_who_may_charge_is_asked_by_authorize(
    world: World, autojump_clock: MockClock
) -> None:
    await world.charge()
    await trio.sleep(600)
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    world.drivers[0].unplug()
    await trio.sleep(600)
    assert len(world.csms.of("Authorize")) == 1  # C06.FR.03


async def test_c01_fr_05_what_is_known_may_be_asked_about_all_the_same(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"AuthCtrlr.LocalPreAuthorize": False})
    for _ in range(2):
        await world.charge()
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)
    assert len(world.csms.of("Authorize")) == 2


async def test_c01_fr_26_who_brings_no_cable_in_time_is_authorized_no_more(
    start: Start, autojump_clock: MockClock
) -> None:
    world = await start(variables={"TxCtrlr.EVConnectionTimeOut": 30})
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(31)
    world.drivers[0].plug_in(Ev())
    await trio.sleep(1)
    assert not world.drivers[0].is_contactor_closed
    world.drivers[0].present_token("DEADBEEF")
    await trio.sleep(1)
    assert world.drivers[0].is_contactor_closed
    assert len(world.csms.of("Authorize")) == 2


async def test_c11_fr_05_a_cache_that_the_disk_does_not_let_go_of_is_not_cleared(
    start: Start, autojump_clock: MockClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await start(journal=journal_in(tmp_path))
    await world.charge()

    def fail(store: Store, batch: Any) -> None:
        raise JournalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", fail)
        answer = await world.csms.call(world.v2.ClearCacheRequest())
    assert (answer.status, answer.status_info.reason_code) == ("Rejected", "InternalError")
    assert len(world.station.tokens.cache) == 1
    world.journal.put("else", "where", b"1")  # the disk has space again
    assert len(world.journal.items("tokens")) == 1
