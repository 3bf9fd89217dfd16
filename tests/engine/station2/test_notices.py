"""Notices beside transactions: what the CSMS is to hear for certain (A04.FR.02)."""

from typing import Any

import pytest
import trio
from trio.testing import MockClock

from pilotwire.profiles.errors import ActionNotImplemented, InternalError, NotSupported
from pilotwire.profiles.report import SecurityEventReport

from .world import START, World

TAMPERED = SecurityEventReport(
    event="TamperDetectionActivated", time=START + 5, tech_info="door " * 100
)


def tell(world: World, report: SecurityEventReport = TAMPERED) -> None:
    world.csms.security_events.clear()
    world.journal.append(report, None, lambda is_committed: None)


def told(world: World) -> list[str]:
    return [request.type for request in world.csms.security_events]


async def test_a04_fr_02_a_notice_waits_for_the_link(
    world: World, autojump_clock: MockClock
) -> None:
    await world.csms.drop()
    tell(world)
    await trio.sleep(60)
    assert told(world) == []
    world.csms.come_back()
    await trio.sleep(120)
    (request,) = world.csms.security_events
    assert (request.type, request.timestamp.timestamp()) == (TAMPERED.event, START + 5)
    assert len(request.tech_info) == 255
    assert len(world.journal) == 0


async def test_a_notice_that_is_refused_is_told_again_and_holds_up_no_transaction(
    world: World,
    autojump_clock: MockClock,
) -> None:
    def rule(request: Any) -> Any:
        if len(told(world)) < 3:
            raise InternalError("a bad day")
        return request.response()

    world.csms.on("SecurityEventNotification", rule)
    tell(world)
    await world.charge()
    assert [event.event_type for event in world.csms.events()][:1] == ["Started"]
    await trio.sleep(400)
    assert told(world) == [TAMPERED.event] * 3
    assert world.journal.waiting_in("notices") == 0


@pytest.mark.parametrize("refusal", [ActionNotImplemented, NotSupported])
async def test_a_csms_that_does_not_know_notices_is_not_asked_twice(
    world: World, autojump_clock: MockClock, refusal: type[Exception]
) -> None:
    def rule(request: Any) -> Any:
        raise refusal("never heard of it")

    await trio.sleep(1)  # the first is told already: of the boot
    world.csms.on("SecurityEventNotification", rule)
    tell(world)
    await trio.sleep(600)
    assert told(world) == [TAMPERED.event]
    assert len(world.journal) == 0
