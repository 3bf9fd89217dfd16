"""What the API answers when it does not do what was asked: always the same JSON object."""

import re
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap
from msgspec import Struct

from ...drivers.simulator import SimulatorError

log = structlog.get_logger()

AnyRequest = Request[Any, Any, Any]  # no user, no session, no state here
_NAMED = re.compile(r"field `(.+)`")  # unknown, or missing


class Problem(Struct, frozen=True):
    """Why it was not done, and which field of the request is at fault, where one is."""

    error: str
    field: str | None = None


class Refused(Exception):
    """The request is understood and cannot be done."""

    def __init__(self, status_code: int, error: str, field: str | None = None) -> None:
        super().__init__(error)
        self.status_code = status_code
        self.problem = Problem(error, field)


def _refused(request: AnyRequest, refusal: Refused) -> Response[Problem]:
    return Response(refusal.problem, status_code=refusal.status_code)


def _by_simulator(request: AnyRequest, refusal: SimulatorError) -> Response[Problem]:
    return Response(Problem(str(refusal)), status_code=409)


def _misfit(request: AnyRequest, misfit: ValidationException) -> Response[Problem]:
    for fault in misfit.extra or ():
        if isinstance(fault, dict):
            return Response(problem_of(str(fault["message"]), str(fault["key"])), status_code=400)
    return Response(Problem(misfit.detail), status_code=400)


def problem_of(message: str, key: str) -> Problem:
    """Name the field at fault; `key` is "data" when the whole body is, or one that no key leads to.

    A struct's own check says its field first: "battery_wh of the car …".
    """
    if message == "'data'":
        return Problem("a JSON body is needed")
    if key != "data":
        return Problem(message, key)
    named = _NAMED.search(message)
    if named is not None:
        return Problem(message, named[1])
    first = message.partition(" ")[0]
    return Problem(message, first if "_" in first else None)


def _from_framework(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    return Response(Problem(error.detail), status_code=error.status_code, headers=error.headers)


def _bug(request: AnyRequest, error: Exception) -> Response[Problem]:
    """Tell the log of a fault of ours; whoever asked need not know where it is."""
    log.error("api_failed", path=request.url.path, exc_info=error)
    return Response(Problem("internal error"), status_code=500)


HANDLERS: ExceptionHandlersMap = {
    Refused: _refused,
    SimulatorError: _by_simulator,
    ValidationException: _misfit,
    HTTPException: _from_framework,
    Exception: _bug,
}

_MEANINGS = {
    400: "The request does not fit",
    404: "There is no such EVSE",
    409: "It cannot be done as things stand",
    503: "The station is not there yet, or too many listen",
}


def refusals(*status_codes: int) -> dict[int, ResponseSpec]:
    """Document which refusals a route answers."""
    return {
        code: ResponseSpec(Problem, description=_MEANINGS[code], generate_examples=False)
        for code in status_codes
    }
