"""One connected station: its session, and how the central system answers it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

import structlog
import trio

from ...profiles.csms import CsmsFace, CsmsStation, Record
from ...profiles.errors import InternalError, SecurityError
from ...profiles.family import Version
from ...profiles.messages.base import Request, Response
from ..wire.happenings import Invalid
from ..wire.link import POLICY_VIOLATION, Link
from ..wire.session import CallFailed, Later, Reply, Session, SessionSettings
from .database import StoreError
from .store import Store, Submission

AnyRequest = Request[Any]  # any action's: each has its own response type
Override = Callable[[CsmsStation, Any, Callable[[], Any]], Response | Awaitable[Response]]
"""`handler(station, request, answer_by_default)`; Any: each takes and gives its own action's."""

log = structlog.get_logger()
_NOTHING: frozenset[str] = frozenset()


class Hooks:
    """What a connection does not decide by itself."""

    def __init__(
        self,
        overrides: Mapping[type[AnyRequest], Override],
        kept: Callable[[Record], None],
        lost: Callable[[str], None],
        message: Callable[["Connection", Literal["sent", "received"], str | bytes], None],
    ) -> None:
        """`kept`: the record is on disk; `lost`: what the station told could not be written."""
        self.overrides = overrides
        self.kept = kept
        self.lost = lost
        self.message = message


class Connection:
    """A station that is connected."""

    __slots__ = (
        "__weakref__",
        "_has_asked_to_boot",
        "_hooks",
        "_last_message_at",
        "_refuses_before_accepted",
        "_store",
        "commands_under_way",
        "face",
        "link",
        "most_items",
        "session",
        "since",
        "station",
        "triggered",
    )

    def __init__(
        self,
        link: Link,
        station: CsmsStation,
        face: CsmsFace,
        store: Store,
        hooks: Hooks,
        settings: SessionSettings,
        *,
        refuses_before_accepted: bool,
    ) -> None:
        self.link = link
        self.station = station
        self.face = face
        self.since = station.now
        self._last_message_at = trio.current_time()
        self.triggered = _NOTHING
        """Actions that the station was asked for, and may send before it is accepted."""
        self.commands_under_way = 0
        self.most_items: dict[str, int] = {}
        """How many variables a request of this action may name, as the station has told."""
        self._has_asked_to_boot = False
        self._store = store
        self._hooks = hooks
        self._refuses_before_accepted = refuses_before_accepted
        self.session = Session(
            link,
            face.version,
            "csms",
            self._answer,
            settings=settings,
            on_notification=self._on_notification,
            on_message=self._on_message,
            on_invalid=self._on_invalid,
        )

    @property
    def station_id(self) -> str:
        return self.station.station_id

    @property
    def version(self) -> Version:
        return self.face.version

    @property
    def address(self) -> str:
        return self.link.peer.address

    @property
    def last_message_at(self) -> datetime:
        return self.station.now - timedelta(seconds=trio.current_time() - self._last_message_at)

    def run(self) -> Awaitable[None]:
        """Serve the station until its link ends."""
        return self.session.run()

    def _note_refused(self) -> None:
        """A station that booted long ago, with another central system or before this database
        began, sends no BootNotification of itself (J 5.4), and without one it is never accepted.
        """
        if not self._has_asked_to_boot and self.station.registration is None:
            self.session.start_soon(self._ask_to_boot)
        self._has_asked_to_boot = True

    async def _ask_to_boot(self) -> None:
        try:
            await self.session.call(self.face.asks_to_boot)
        except CallFailed as failure:
            log.warning("boot_not_triggered", station=self.station_id, reason=str(failure))

    async def _close_on_impostor(self) -> None:
        """B01.FR.12: a station that shows another's certificate is not talked to."""
        log.warning("serial_number_not_certified", station=self.station_id, address=self.address)
        await self.link.close(POLICY_VIOLATION, "not the certificate's serial number")

    # ---- what the station says

    def _on_message(self, direction: Literal["sent", "received"], text: str | bytes) -> None:
        if direction == "received":
            self._last_message_at = trio.current_time()
        self._hooks.message(self, direction, text)

    def _on_invalid(self, invalid: Invalid) -> None:
        log.warning(
            "invalid_message",
            station=self.station_id,
            fault=invalid.fault,
            detail=invalid.detail,
        )

    def _on_notification(self, request: AnyRequest) -> None:
        """Take what is not answered (SEND)."""
        if self.station.registration != "Accepted" and self._refuses_before_accepted:
            self._note_refused()
            return
        self.face.notified[type(request)](self.station, request)
        submission = self._store.submit(self.station.take_records())
        if submission.is_safe:
            self._publish([submission])

    def _answer(self, request: AnyRequest) -> Reply | Later | Awaitable[Reply]:
        if self.commands_under_way and not self._may_send(request):
            return self._answer_after_command(request)
        self._check_registration(request)
        return self._answer_checked(request)

    async def _answer_after_command(self, request: AnyRequest) -> Reply:
        """The answer to the command that asked for this may have come just before: let whoever
        issued it note that first.
        """
        await trio.lowlevel.checkpoint()
        self._check_registration(request)
        answer = self._answer_checked(request)
        if isinstance(answer, Response):
            return answer
        return await (answer.reply() if isinstance(answer, Later) else answer)

    def _answer_checked(self, request: AnyRequest) -> Response | Later | Awaitable[Response]:
        submissions: list[Submission] = []

        def answer_by_default() -> Response:
            response = self.face.handlers[type(request)](self.station, request)
            submissions.append(self._store.submit(self.station.take_records()))
            return response

        was_impostor = self.station.is_impostor
        override = self._hooks.overrides.get(type(request))
        try:
            if override is None:
                response: Response | Awaitable[Response] = answer_by_default()
            else:
                response = override(self.station, request, answer_by_default)
        finally:
            if self.station.is_impostor and not was_impostor:
                self.session.start_soon(self._close_on_impostor)
        if not isinstance(response, Response):
            return self._answer_when_handled(response, submissions)
        waiting = [each for each in submissions if not each.is_safe]
        if not waiting:
            self._publish(submissions)
            return response
        later = Later()
        kept = partial(self._kept, response, submissions)
        waiting[-1].when_settled(partial(later.come, kept))  # the last: they settle in their order
        return later

    def _check_registration(self, request: AnyRequest) -> None:
        """J errata 3.10: before it is accepted, a station may only register."""
        if type(request) is self.face.boots_with:
            self.triggered = _NOTHING
            return
        if self._may_send(request):
            return
        self._note_refused()
        raise SecurityError("The station has not been accepted yet")

    def _may_send(self, request: AnyRequest) -> bool:
        """B02.FR.09, B03.FR.07: what was asked for, and what registers."""
        if self.station.registration == "Accepted" or not self._refuses_before_accepted:
            return True
        return type(request) is self.face.boots_with or request.action in self.triggered

    async def _answer_when_handled(
        self, answer: Awaitable[Response], submissions: list[Submission]
    ) -> Response:
        response = await answer
        for submission in submissions:
            with suppress(StoreError):  # `_kept` sees to it
                await submission.saved()
        return self._kept(response, submissions)

    def _kept(self, response: Response, submissions: list[Submission]) -> Response:
        """The answer, when what it promises is kept."""
        try:
            for submission in submissions:
                submission.check()
        except StoreError as error:
            self._hooks.lost(self.station_id)
            raise InternalError("The message could not be kept") from error
        self._publish(submissions)
        return response

    def _publish(self, submissions: list[Submission]) -> None:
        for submission in submissions:
            for record in submission.records:
                self._hooks.kept(record)
