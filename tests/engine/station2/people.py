"""What people do at a station of 2.x, and what the CSMS says of their tokens: the reusable states
of Part 6 for authorization.
"""

from typing import Any

import trio

from pilotwire.drivers.ev import Ev

from .world import World

PRE_AUTHORIZE = {"AuthCtrlr.LocalPreAuthorize": True}
OFFLINE = {
    **PRE_AUTHORIZE,
    "AuthCtrlr.LocalAuthorizeOffline": True,
    "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
}
AUTHORIZED = {"TxCtrlr.TxStartPoint": ("Authorized",)}
INVALID = ("Invalid", "Blocked", "Expired", "Unknown")


def says(world: World, status: str, group: str | None = None) -> None:
    """From now on the CSMS says this of every token, in Authorize and in TransactionEvent."""
    authorizes(world, status, group)
    told = _info(world, status, group)
    world.csms.on(
        "TransactionEvent",
        lambda request: (
            request.response(id_token_info=told(request))
            if request.id_token
            else request.response()
        ),
    )


def authorizes(world: World, status: str, group: str | None = None) -> None:
    """The same, in Authorize alone."""
    told = _info(world, status, group)
    world.csms.on("Authorize", lambda request: request.response(id_token_info=told(request)))


def _info(world: World, status: str, group: str | None) -> Any:
    v2 = world.v2
    more = {"group_id_token": v2.IdTokenType(id_token=group, type="Central")} if group else {}
    return lambda request: world.csms.info(request, status, **more)


async def present(world: World, token: str = "DEADBEEF", evse: int = 1) -> None:
    world.drivers[evse - 1].present_token(token)
    await trio.sleep(1)


async def plug_in(world: World, evse: int = 1) -> None:
    world.drivers[evse - 1].plug_in(Ev())
    await trio.sleep(1)


async def leave(world: World, evse: int = 1) -> None:
    world.drivers[evse - 1].unplug(at_car=True)
    await trio.sleep(1)


async def cached(
    world: World, status: str = "Accepted", token: str = "DEADBEEF", group: str | None = None
) -> None:
    """Memory state IdTokenCached: the CSMS has said this of the token."""
    authorizes(world, status, group)
    await present(world, token, evse=2)
    if status == "Accepted":
        await present(world, token, evse=2)  # and ends what it began
    authorizes(world, "Accepted")
    assert not world.csms.events("Updated")
    world.csms.forget()


async def listed(world: World, *tokens: str, status: str = "Accepted", **more: Any) -> None:
    """Memory state IdTokenLocalAuthList."""
    v2 = world.v2
    entries = tuple(
        v2.AuthorizationData(
            id_token=v2.IdTokenType(id_token=token, type="ISO14443"),
            id_token_info=v2.IdTokenInfoType(status=status, **more),
        )
        for token in tokens
    )
    version = (await world.csms.call(v2.GetLocalListVersionRequest())).version_number + 1
    request = v2.SendLocalListRequest(
        version_number=version, update_type="Differential", local_authorization_list=entries
    )
    assert (await world.csms.call(request)).status == "Accepted"


def asked(world: World) -> list[str]:
    return [request.id_token.id_token for request in world.csms.of("Authorize")]


def triggers(world: World) -> list[str]:
    return [event.trigger_reason for event in world.csms.events()]


def told(world: World, trigger: str) -> Any:
    """Give the one transaction event with this trigger."""
    (event,) = (e for e in world.csms.events() if e.trigger_reason == trigger)
    return event


def is_charging(world: World, evse: int = 1) -> bool:
    return bool(world.drivers[evse - 1].is_contactor_closed)
