"""What people read: whether their token counts, in their language, and what the CSMS has to say."""

from typing import Any

import trio
from trio.testing import MockClock

from pilotwire.machines.effects import AcceptToken, RefuseToken, ShowMessages

from .conftest import Start
from .screen import Screen
from .world import World


def tell(world: World, **info: Any) -> None:
    """Answer every Authorize with this idTokenInfo."""
    world.csms.on(
        "Authorize",
        lambda request: request.response(
            id_token_info=world.csms.info(request, **{"status": "Accepted", **info})
        ),
    )


async def test_c01_fr_08_a_person_is_answered_in_the_language_that_the_csms_names(
    start: Start, autojump_clock: MockClock
) -> None:
    screen = Screen(("en", "de"))
    world = await start(display=screen)
    message = world.v2.MessageContentType(format="UTF8", content="Gute Fahrt", language="de")
    tell(world, language1="de", language2="en", personal_message=message)
    await world.charge()
    (notice,) = screen.notices
    assert notice.language == "de"
    accepted = notice.about
    assert isinstance(accepted, AcceptToken)
    assert (accepted.evse, accepted.id_token.value) == (1, "DEADBEEF")
    assert [(m.content, m.language) for m in accepted.messages] == [("Gute Fahrt", "de")]
    assert world.drivers[0].shown == accepted  # the EVSE's own hardware hears the same


async def test_c01_fr_09_or_in_the_second_one(start: Start, autojump_clock: MockClock) -> None:
    screen = Screen(("en", "fr"))
    world = await start(display=screen)
    tell(world, status="NotAllowedTypeEVSE", language1="nl", language2="fr")
    await world.charge()
    (notice,) = screen.notices
    assert notice.language == "fr"
    assert isinstance(notice.about, RefuseToken)
    assert notice.about.reason == "NotAllowedTypeEVSE"


async def test_the_cache_knows_a_persons_language_and_no_message(
    start: Start, autojump_clock: MockClock
) -> None:
    screen = Screen()
    world = await start(display=screen, variables={"AuthCtrlr.LocalPreAuthorize": True})
    message = world.v2.MessageContentType(format="UTF8", content="0.30 a kWh")
    tell(world, language1="de", personal_message=message)
    world.csms.on("TransactionEvent", lambda request: request.response())
    for _ in range(2):
        await world.charge()
        world.drivers[0].unplug(at_car=True)
        await trio.sleep(1)
    first, second = screen.notices
    assert first.language == second.language == "de"
    assert first.about.messages
    assert not second.about.messages  # C10.FR.09


async def test_what_the_csms_says_during_a_charge_is_shown(
    start: Start, autojump_clock: MockClock
) -> None:
    screen = Screen()
    world = await start(display=screen)
    v2 = world.v2
    extra = {}
    if world.number == "2.1":
        told = (v2.MessageContentType(format="UTF8", content="Teurer", language="de"),)
        extra = {"updated_personal_message_extra": told}
    world.csms.on(
        "TransactionEvent",
        lambda request: request.response(
            updated_personal_message=v2.MessageContentType(format="UTF8", content="Dearer"),
            **extra,
        ),
    )
    await world.charge()
    shown = screen.shown(ShowMessages)[0]
    assert shown.evse == 1
    contents = [message.content for message in shown.messages]
    assert contents == (["Dearer", "Teurer"] if extra else ["Dearer"])


async def test_a_display_that_fails_is_started_anew_and_nobody_charges_the_worse(
    start: Start, autojump_clock: MockClock
) -> None:
    screen = Screen()
    screen.failures = 1
    world = await start(display=screen)
    await world.charge(1)
    await world.charge(2)  # meanwhile nothing is shown
    assert world.drivers[1].is_contactor_closed
    await trio.sleep(5)
    tell(world, status="Blocked")
    world.drivers[0].present_token("OTHER")
    await trio.sleep(1)
    assert isinstance(screen.notices[-1].about, RefuseToken)
