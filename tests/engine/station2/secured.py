"""A station and its scripted CSMS over real sockets and real TLS; time is real, waits are short."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trio
import trustme

from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Config, Station
from pilotwire.engine.config.security import StationTls
from pilotwire.engine.station_dial import Dialler
from pilotwire.engine.tls_files import StationCertificates
from pilotwire.engine.wire.accept import Acceptance, Acceptor, Admission, Applicant
from pilotwire.engine.wire.duplicates import Seats
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.link_errors import LinkError
from pilotwire.engine.wire.session import Session
from pilotwire.engine.wire.tls import ServerTls, server_context
from pilotwire.profiles.family import VERSIONS
from pilotwire.profiles.network import NetworkProfile, variable

from ..pki import ca_file, pair, pem
from .world import World

PASSWORD = "correct-horse-battery"
PATIENCE = 20.0  # s, on a busy machine


class Door:
    """Where the CSMS listens: the next connection is secured as `context` says at that moment."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self.context = context
        self.applicants: list[Applicant] = []
        self.admit: Callable[[Applicant], Admission] = lambda applicant: "authenticated"
        self.port = 0

    async def open(
        self,
        handle: Callable[[Link, Applicant], Any],
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        acceptance = Acceptance(versions=tuple(VERSIONS.values()))
        acceptor = Acceptor(acceptance, self._admit, handle, Seats())

        async def serve(stream: trio.SocketStream) -> None:
            if self.context is None:
                await acceptor.serve(stream)
            else:
                await acceptor.serve(
                    trio.SSLStream(stream, self.context, server_side=True, https_compatible=True)
                )

        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        self.port = listeners[0].socket.getsockname()[1]
        task_status.started()
        await trio.serve_listeners(serve, listeners)

    async def _admit(self, applicant: Applicant) -> Admission:
        self.applicants.append(applicant)
        return self.admit(applicant)


class SecuredWorld(World):
    """Slot 1 leads to the CSMS by TLS, in the security profile given."""

    def __init__(
        self,
        folder: Path,
        ca: trustme.CA,
        number: Any = "2.0.1",
        security_profile: int = 2,
        host: str = "localhost",
        host_time: float | None = None,
        own: trustme.LeafCert | None = None,
        version: Any = None,
        **more: Any,
    ) -> None:
        chain, key = pair(folder / "station", own or ca.issue_cert("x", common_name="S-1"))
        self.folder = folder
        self.ca = ca
        self.security_profile = security_profile
        self.host = host
        self.failures = 0  # dials that failed
        self.host_clock = Clock(host_time)
        self.door = Door(self.server())
        tls = StationTls(ca_file=ca_file(folder, ca), certificate_file=chain, key_file=key)
        self.config = Config(
            station=Station(identity="CS-1", tls=tls, versions=(version or f"ocpp{number}",))
        )
        self.certificates = StationCertificates(tls)
        variables = {
            "OCPPCommCtrlr.RetryBackOffWaitMinimum": 0,
            "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
            "SecurityCtrlr.BasicAuthPassword": PASSWORD,
            str(variable(1, "SecurityProfile")): security_profile,
        }
        super().__init__(number, variables=variables, **more)
        self.subprotocol = version or self.subprotocol

    def server(self, certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
        """Give the CSMS's side, by default with a certificate that is good."""
        made = certificate or self.ca.issue_cert("localhost")
        chain, key = pair(self.folder / "csms", made)
        is_asked = self.security_profile == 3
        return server_context(
            ServerTls(
                certificates=((str(chain), str(key)),),
                client_ca_pem=pem(self.ca) if is_asked else None,
                requires_client_certificate=is_asked,
            )
        )

    async def open_link(self, profile: NetworkProfile, nursery: trio.Nursery) -> Link:
        dialler = Dialler(self.config, self.model, self.certificates, self.host_clock)
        try:
            return await dialler.open_link(profile, nursery)
        except LinkError:
            self.failures += 1
            raise

    async def live(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Open the door, and run the station."""
        async with trio.open_nursery() as nursery:
            await nursery.start(self.door.open, self._talk)
            address = f"wss://{self.host}:{self.door.port}"
            self.model.configure(variable(1, "OcppCsmsUrl"), address)
            await nursery.start(super().live)
            task_status.started()

    async def _talk(self, link: Link, applicant: Applicant) -> None:
        assert applicant.version is not None
        self.csms.link = link
        self.csms.session = Session(link, applicant.version, "csms", self.csms.answer)
        self.trace.link(is_open=True, at=trio.current_time())
        await self.csms.session.run()
        self.trace.link(is_open=False, at=trio.current_time())


async def until(holds: Callable[[], object]) -> None:
    """Wait, by the real clock, for what happens in other tasks."""
    with trio.fail_after(PATIENCE):
        while not holds():  # noqa: ASYNC110  # nobody there sets an event for a test
            await trio.sleep(0.01)
