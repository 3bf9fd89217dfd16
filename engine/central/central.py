"""The embedded central system: a listener, the stations that are connected, and their store.

Theory of operation. `run` owns the tasks: the store's writer, and one for each connection. A
station's call is answered in line by its version's handlers (profiles), whose records are on disk
before the answer leaves; commands go out through the connection's session, from any task.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
import trio

from ...machines.events import UNTYPED, CertificateHash, PersonalMessage
from ...profiles.csms import (
    BootInfo,
    ContractRules,
    CsmsFace,
    CsmsStation,
    KnownToken,
    RegistrationStatus,
    Rules,
    TokenBook,
    Transactions,
    face_of,
)
from ...profiles.csms.station import accept_everyone
from ...profiles.family import VERSIONS, Version
from ...profiles.messages.base import Request, Response
from ..clock import Clock
from ..config import AcceptedToken, Central
from ..contract_roots import read_contract_roots
from ..secrets import Secret
from ..wire.accept import Acceptance, Admission, Applicant, serve_links
from ..wire.duplicates import Seats
from ..wire.happenings import Counters, Limits
from ..wire.link import Link, LinkSettings
from ..wire.session import SessionSettings
from ..wire.tls import ServerTls
from .admission import Gate, subject_of
from .connection import AnyRequest, Connection, Hooks, Override
from .errors import StationNotAccepted, StationNotConnected, WrongVersion
from .events import OnEvent
from .listening import listen
from .passwords import Passwords, hashed
from .store import Store, draw_transaction_id
from .tables import PasswordChanged, ProfileChanged, StationSeen
from .watchers import Watchers

R = TypeVar("R", bound=Response)
Q = TypeVar("Q", bound=Request[Any])  # each action's request has its own response type

PING_SECONDS = 60.0  # a station that is gone without a word is noticed


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What the central system decides otherwise than by its configuration."""

    register: Callable[[CsmsStation, BootInfo], RegistrationStatus] = accept_everyone
    """Whether a station that boots is accepted."""
    retry_seconds: int = 60
    """Until the next BootNotification of a station that is not."""
    refuses_before_accepted: bool = True
    """Answer SecurityError to what a station sends before it is accepted (J errata 3.10)."""
    allows_concurrent_transactions: bool = True
    """Else a start on a token that charges already is answered with ConcurrentTx."""
    draw_transaction_id: Callable[[], int] = draw_transaction_id
    """Gives 1.6's numbers of transactions: positive, and not to be guessed."""
    is_revoked: Callable[[CertificateHash], bool] | None = None
    """Whether a certificate of a contract was revoked, by what an OCSP responder said last
    (C07.FR.05); None: none was."""
    # Stations begin their message ids anew, or always use the same one: none is refused for that,
    # and none is answered from memory. What must not count twice is told by its content.
    session: SessionSettings = SessionSettings(
        limits=Limits(tolerates_reused_ids=True, remembered_answers=0)
    )
    link: LinkSettings = LinkSettings(ping_interval=PING_SECONDS, pong_timeout=20.0)


class CentralSystem:
    """Accepts stations, answers them, sends them commands, and keeps what they tell.

    async with CentralSystem.open(settings, clock) as central:
        response = await central.issue_command("CS-1", ResetRequest(type="Soft"))
    """

    def __init__(
        self,
        settings: Central,
        clock: Clock,
        store: Store,
        *,
        policy: Policy | None = None,
        passwords: Mapping[str, Secret] | None = None,
        tls: ServerTls | None = None,
    ) -> None:
        """The store stays the caller's. `passwords` by station; a changed one is in the store."""
        self.settings = settings
        self.policy = policy or Policy()
        self.store = store
        self.port = self.tls_port = 0
        """The ports that it listens on, once it does; without TLS the latter stays 0."""
        self._clock = clock
        self._tls = tls
        self._listeners: Sequence[trio.abc.Listener[trio.abc.Stream]] = ()
        self._connections: dict[str, Connection] = {}
        self._overrides: dict[type[AnyRequest], Override] = {}
        self._least_profiles: dict[str, int] = {}  # that this run has set
        self._seats = Seats()
        self._counted = Counters()  # over connections that have ended
        self._watchers = Watchers(clock.now)
        self._hooks = Hooks(
            self._overrides, self._watchers.kept, self._reload, self._watchers.message
        )
        self._faces = _faces(settings.versions)
        self.rules = self._make_rules()
        running = store.transactions(is_running=True, limit=-1)
        self.transactions = Transactions(store, self.policy.draw_transaction_id, running)
        """Those that run."""
        self._passwords = Passwords(is_inline=store.is_inline)
        self._passwords.put_all(passwords or {})
        for row in store.stations():
            if row.password_hash is not None:  # newer than the configured one (A01.FR.03)
                self._passwords.put(row.station_id, row.password_hash)
        self._gate = Gate(
            self._passwords,
            is_known=self._is_known,
            serial_number=self._serial_number,
            accepts_unknown=settings.accept_unknown_stations,
            allows_unauthenticated=settings.allow_unauthenticated,
            now=clock.monotonic,
            least_profile=self._least_profile,
            fixed_profiles=settings.security_profiles,
            organization=settings.tls.organization,
        )

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        settings: Central,
        clock: Clock,
        *,
        policy: Policy | None = None,
        passwords: Mapping[str, Secret] | None = None,
        tls: ServerTls | None = None,
    ) -> "AsyncIterator[CentralSystem]":
        """Run it with its database while the block lasts."""
        store = Store.open(settings.database)
        try:
            central = cls(settings, clock, store, policy=policy, passwords=passwords, tls=tls)
            await central.listen()
            async with trio.open_nursery() as nursery:
                await nursery.start(central.run)
                yield central
                nursery.cancel_scope.cancel()
        finally:
            store.close()

    def _make_rules(self) -> Rules:
        settings = self.settings
        return Rules(
            tokens=TokenBook(
                map(_known, settings.tokens), accepts_unknown=settings.accept_unknown_tokens
            ),
            contracts=self._make_contract_rules(),
            heartbeat_seconds=settings.heartbeat_seconds,
            retry_seconds=self.policy.retry_seconds,
            allows_concurrent_transactions=self.policy.allows_concurrent_transactions,
            register=self.policy.register,
        )

    def _make_contract_rules(self) -> ContractRules:
        roots = read_contract_roots(self.settings.contract_roots, "central.contract_roots")
        is_revoked = self.policy.is_revoked
        if is_revoked is None:
            return ContractRules(roots=roots)
        return ContractRules(roots=roots, is_revoked=is_revoked)

    def _is_known(self, station_id: str) -> bool:
        return station_id in self._passwords or self.store.station(station_id) is not None

    def _serial_number(self, station_id: str) -> str | None:
        row = self.store.station(station_id)
        return None if row is None or row.boot is None else row.boot.serial_number

    def _least_profile(self, station_id: str) -> int:
        if station_id in self._least_profiles:
            return self._least_profiles[station_id]
        row = self.store.station(station_id)
        return 0 if row is None else row.security_profile or 0

    def _reload(self, station_id: str) -> None:
        """What the station told could not be written: hold what is written."""
        running = self.store.transactions(station_id, is_running=True, limit=-1)
        self.transactions.reload(station_id, running)

    @property
    def now(self) -> datetime:
        return self._clock.now()

    # ---- who is there

    @property
    def connections(self) -> Mapping[str, Connection]:
        """The stations that are connected, by identity."""
        return self._connections

    def connection(self, station_id: str) -> Connection:
        """Give one of them. Raises StationNotConnected."""
        found = self._connections.get(station_id)
        if found is None:
            raise StationNotConnected(station_id)
        return found

    def counters(self) -> Counters:
        """Count what went over all connections since the central system began."""
        return _sum(self._counted, *(each.session.counters for each in self._connections.values()))

    def on_event(self, on_event: OnEvent) -> Callable[[], None]:
        """Have it called with every event, in the task where that happens; it must be quick.

        What comes back ends that.
        """
        return self._watchers.add(on_event)

    # ---- what is answered otherwise

    def override(
        self,
        request_type: type[Q],
        handler: Callable[[CsmsStation, Q, Callable[[], Any]], Response | Awaitable[Response]],
    ) -> None:
        """Answer this action by `handler(station, request, answer_by_default)`.

            def refuse_at_night(station, request, answer_by_default):
                if station.now.hour < 6:
                    return AuthorizeResponse(id_tag_info=IdTagInfo(status="Blocked"))
                return answer_by_default()

            central.override(AuthorizeRequest, refuse_at_night)

        It may be async. What is not answered by default is not kept. A `RemoteError` from it goes
        to the station as a CALLERROR; anything else it raises is logged, and InternalError.
        """
        if request_type.response is None:
            raise ValueError(f"{request_type.action} is not answered")
        self._overrides[request_type] = handler

    # ---- commands

    async def issue_command(
        self, station_id: str, request: Request[R], *, timeout: float | None = None
    ) -> R:
        """The station's response to the request, of its connection's version; from any task.

        Commands to one station are sent one after the other; the timeout (s) counts from its turn.
        Raises `CommandNotSent` (it never left) or `CallFailed` (`CallRefused`, `CallTimeout`, …).
        """
        connection = self.connection(station_id)
        _check_version(connection, request)
        _check_registration(connection, request)
        connection.commands_under_way += 1
        try:
            response = await connection.session.call(request, timeout=timeout)
        finally:
            connection.commands_under_way -= 1
        connection.triggered |= connection.face.triggered(request, response)
        password = connection.face.new_password(request, response)
        if password is not None:
            await self.set_password(station_id, Secret(password))
        return response

    async def set_password(self, station_id: str, password: Secret) -> None:
        """The station has this password from now on, and no other."""
        self._passwords.put_all({station_id: password})  # at once: it may be on its way already
        if self.store.is_inline:
            password_hash = hashed(password.reveal())
        else:
            password_hash = await trio.to_thread.run_sync(hashed, password.reveal())
        self._passwords.put(station_id, password_hash)
        changed = PasswordChanged(
            station_id=station_id, at=self._clock.now(), password_hash=password_hash
        )
        await self.store.submit([changed]).saved()

    async def set_security_profile(self, station_id: str, profile: int) -> None:
        """Let the station in by this security profile and higher ones only.

        It rises by itself with the profile by which a station comes (A05.FR.07); this is how it
        falls again.
        """
        self._least_profiles[station_id] = profile
        changed = ProfileChanged(
            station_id=station_id, at=self._clock.now(), security_profile=profile
        )
        await self.store.submit([changed]).saved()

    # ---- its life

    async def run(self, *, task_status: trio.TaskStatus[int] = trio.TASK_STATUS_IGNORED) -> None:
        """Listen until cancelled; the port comes back. Connections are then closed with 1001."""
        listeners = self._listeners or await self.listen()
        async with self._writing():
            acceptance = Acceptance(
                versions=tuple(self._faces),
                max_connections=self.settings.max_connections,
                max_connections_per_address=self.settings.max_connections_per_address,
                settings=self.policy.link,
            )
            async with trio.open_nursery() as nursery:
                serve = partial(serve_links, listeners, acceptance, self._admit, self._handle)
                await nursery.start(partial(serve, seats=self._seats))
                task_status.started(self.port)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        """The store's writer runs, and outlives every connection."""
        if self.store.is_inline:
            yield
            return
        writer = trio.CancelScope(shield=True)
        async with trio.open_nursery() as nursery:
            await nursery.start(self._write, writer)
            try:
                yield
            finally:
                writer.cancel()

    async def _write(self, scope: trio.CancelScope, task_status: trio.TaskStatus[None]) -> None:
        with scope:
            await self.store.run(task_status=task_status)

    async def listen(self) -> Sequence[trio.abc.Listener[trio.abc.Stream]]:
        """Take the ports, for `run`, which does so itself otherwise. Raises Failure."""
        self._listeners, self.port, self.tls_port = await listen(self.settings, self._tls)
        return self._listeners

    def _handle(self, link: Link, applicant: Applicant) -> Awaitable[None]:
        assert applicant.version is not None
        return self._serve(link, applicant.identity, applicant.version)

    async def _admit(self, applicant: Applicant) -> Admission:
        admission = await self._gate.admit(applicant)
        if admission == "authenticated":
            profile = self._gate.security_profile(applicant)
            if profile > self._least_profile(applicant.identity):
                await self.set_security_profile(applicant.identity, profile)
        return admission

    async def accept(self, link: Link, station_id: str) -> None:
        """Serve a link that stands already (in memory, say), and is trusted, until it ends."""
        version = VERSIONS.get(link.subprotocol or "")
        if version not in self._faces:
            raise ValueError(f"no central system for the subprotocol {link.subprotocol}")
        seat = await self._seats.take(station_id, is_authenticated=True)
        assert seat is not None  # who is authenticated gets one
        seat.link = link
        try:
            with seat.scope:
                await self._serve(link, station_id, version)
        finally:
            self._seats.leave(station_id, seat)

    async def _serve(self, link: Link, station_id: str, version: Version) -> None:
        station = self._station(station_id, version)
        station.certificate_name = subject_of(link.peer.certificate or {}, "commonName")
        connection = Connection(
            link,
            station,
            self._faces[version],
            self.store,
            self._hooks,
            self.policy.session,
            refuses_before_accepted=self.policy.refuses_before_accepted,
        )
        self._connections[station_id] = connection
        self._note_seen(connection)
        self._watchers.connected(connection)
        try:
            await connection.run()
        finally:
            if self._connections.get(station_id) is connection:
                del self._connections[station_id]
            self._counted = _sum(self._counted, connection.session.counters)
            self._note_seen(connection)
            self._watchers.gone(connection)

    def _station(self, station_id: str, version: Version) -> CsmsStation:
        """The station as it was left: a mere reconnect brings no BootNotification (J 5.4)."""
        station = CsmsStation(station_id, self.rules, self.transactions, self._clock.now)
        station.version = version.subprotocol
        row = self.store.station(station_id)
        if row is not None:
            station.boot, station.registration = row.boot, row.registration
        for connector in self.store.connectors(station_id):
            if connector.report is not None:
                station.connectors[connector.place] = connector.report
        return station

    def _note_seen(self, connection: Connection) -> None:
        seen = StationSeen(
            station_id=connection.station_id,
            at=connection.last_message_at,
            version=connection.version.subprotocol,
        )
        self.store.submit([seen])


def _known(token: AcceptedToken) -> KnownToken:
    return KnownToken(
        value=token.value,
        type=token.type or UNTYPED,
        parent=token.parent,
        expires=token.expires,
        is_blocked=token.blocked,
        evses=token.evses,
        languages=token.languages,
        message=None if token.message is None else PersonalMessage(token.message),
    )


def _faces(subprotocols: Sequence[str]) -> dict[Version, CsmsFace]:
    """The faces for the versions that are wished for, in that order."""
    wished = [VERSIONS[name] for name in subprotocols]
    return {version: face for version in wished if (face := face_of(version)) is not None}


def _check_version(connection: Connection, request: AnyRequest) -> None:
    version = connection.version
    is_of_version = version.actions().get(request.action) is type(request)
    if not is_of_version or not version.sends("csms", request.action):
        raise WrongVersion(connection.station_id, type(request).__name__, version)


def _check_registration(connection: Connection, request: AnyRequest) -> None:
    """1.6 4.2: nothing to one that is Rejected, and not everything to one that is Pending."""
    registration = connection.station.registration
    is_withheld = type(request) in connection.face.withheld
    if registration == "Rejected" or (registration != "Accepted" and is_withheld):
        raise StationNotAccepted(
            connection.station_id, request.action, registration or "not registered"
        )


def _sum(*counters: Counters) -> Counters:
    names = [field.name for field in fields(Counters)]
    return Counters(**{name: sum(getattr(each, name) for each in counters) for name in names})
