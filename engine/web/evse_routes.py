"""Hands and faults for a simulated EVSE: cables, pauses, faults, a jammed lock, a car's whims."""

from typing import Annotated

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct, structs

from ...drivers.ev import Ev
from ...drivers.hardware import FAULT_CODES
from ...drivers.simulator import SimulatedEvse
from .errors import Refused, refusals
from .views import EvseView
from .watch import OnWatch, Watch

Text50 = Annotated[str, Meta(max_length=50)]
ConnectorNumber = Annotated[int, Meta(ge=1)]


class PlugIn(Ev, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The car that comes, and the connector that it takes."""

    connector: ConnectorNumber = 1


class Unplug(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the cable comes off."""

    at_car: Annotated[bool, Meta(description="Pull the end that the lock does not hold")] = False
    leave: Annotated[bool, Meta(description="The car leaves the bay")] = True


class Fault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A fault; without a connector at the one in use, or the first."""

    error_code: Annotated[str, Meta(extra_json_schema={"enum": FAULT_CODES})] = "OtherError"
    info: Text50 = ""
    vendor_id: Annotated[str, Meta(max_length=255)] = ""
    vendor_error_code: Text50 = ""
    connector: ConnectorNumber | None = None


class FaultEnd(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the fault ends; without a connector at all of them."""

    connector: ConnectorNumber | None = None


class Lock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lock of a connector."""

    connector: ConnectorNumber = 1


def _on_evse(action: str, summary: str) -> post:
    return post(
        f"/api/evses/{{evse:int}}/{action}",
        status_code=200,
        summary=summary,
        responses=refusals(400, 404, 409, 503),
    )


def _simulated(watch: Watch, number: int) -> SimulatedEvse:
    evses = watch.station.evses
    if not 1 <= number <= len(evses):
        raise Refused(404, f"there is no EVSE {number}", "evse")
    driver = evses[number - 1].driver
    if not isinstance(driver, SimulatedEvse):
        raise Refused(409, f"EVSE {number} is not simulated")
    return driver


@_on_evse("plug-in", "A car comes and is plugged in")
async def plug_in(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[PlugIn | None] = None
) -> EvseView:
    body = data or PlugIn()
    ev = Ev(**{name: getattr(body, name) for name in Ev.__struct_fields__})
    _simulated(watch, evse).plug_in(ev, body.connector)
    return watch.views.evse(evse)


@_on_evse("unplug", "The cable comes off")
async def unplug(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[Unplug | None] = None
) -> EvseView:
    body = data or Unplug()
    _simulated(watch, evse).unplug(at_car=body.at_car, leave=body.leave)
    return watch.views.evse(evse)


@_on_evse("pause", "Offer nothing")
async def pause(watch: OnWatch, evse: FromPath[int]) -> EvseView:
    _simulated(watch, evse).pause()
    return watch.views.evse(evse)


@_on_evse("resume", "Offer what the limit allows again")
async def resume(watch: OnWatch, evse: FromPath[int]) -> EvseView:
    _simulated(watch, evse).resume()
    return watch.views.evse(evse)


@_on_evse("fault", "Raise a fault")
async def fault(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[Fault | None] = None
) -> EvseView:
    told = structs.asdict(data or Fault())
    if told["error_code"] not in FAULT_CODES:
        raise Refused(400, f"expected one of {', '.join(FAULT_CODES)}", "error_code")
    _simulated(watch, evse).fault(told.pop("error_code"), told.pop("info"), **told)
    return watch.views.evse(evse)


@_on_evse("clear-fault", "End a fault")
async def clear_fault(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[FaultEnd | None] = None
) -> EvseView:
    _simulated(watch, evse).clear_fault((data or FaultEnd()).connector)
    return watch.views.evse(evse)


@_on_evse("hold-lock", "Jam a lock")
async def hold_lock(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[Lock | None] = None
) -> EvseView:
    _simulated(watch, evse).hold_lock((data or Lock()).connector)
    return watch.views.evse(evse)


@_on_evse("break-lock", "Have a lock hold no cable")
async def break_lock(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[Lock | None] = None
) -> EvseView:
    _simulated(watch, evse).break_lock((data or Lock()).connector)
    return watch.views.evse(evse)


@_on_evse("mend-lock", "Let a lock hold again")
async def mend_lock(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[Lock | None] = None
) -> EvseView:
    _simulated(watch, evse).mend_lock((data or Lock()).connector)
    return watch.views.evse(evse)


@_on_evse("free-lock", "Let a lock obey again")
async def free_lock(
    watch: OnWatch, evse: FromPath[int], data: JSONBody[Lock | None] = None
) -> EvseView:
    _simulated(watch, evse).free_lock((data or Lock()).connector)
    return watch.views.evse(evse)


@_on_evse("suspend-ev", "The car stops taking power")
async def suspend_ev(watch: OnWatch, evse: FromPath[int]) -> EvseView:
    _simulated(watch, evse).suspend_ev()
    return watch.views.evse(evse)


@_on_evse("resume-ev", "The car takes power again")
async def resume_ev(watch: OnWatch, evse: FromPath[int]) -> EvseView:
    _simulated(watch, evse).resume_ev()
    return watch.views.evse(evse)


ROUTES: list[HTTPRouteHandler] = [
    plug_in,
    unplug,
    pause,
    resume,
    fault,
    clear_fault,
    hold_lock,
    break_lock,
    mend_lock,
    free_lock,
    suspend_ev,
    resume_ev,
]
