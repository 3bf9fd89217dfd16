"""Security profiles 1 to 3 as the station lives them, over real TLS (A00)."""

import datetime
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import trio
import trustme

from pilotwire.engine.wire.accept import Admission, Applicant
from pilotwire.profiles.device_model import Key

from .secured import PASSWORD, SecuredWorld, until
from .world import Number

StartSecured = Callable[..., Awaitable[SecuredWorld]]


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
async def start(
    number: Number, ca: trustme.CA, tmp_path: Path, nursery: trio.Nursery
) -> AsyncIterator[StartSecured]:
    worlds: list[SecuredWorld] = []

    async def start(before: Callable[[SecuredWorld], None] | None = None, **more: Any) -> Any:
        world = SecuredWorld(tmp_path, ca, number, **more)
        worlds.append(world)
        if before is not None:
            before(world)
        await nursery.start(world.live)
        return world

    yield start
    assert [violation for world in worlds for violation in world.violations] == []
    nursery.cancel_scope.cancel()


def told(world: SecuredWorld) -> list[str]:
    return [request.type for request in world.csms.security_events]


def is_booted(world: SecuredWorld) -> bool:
    return bool(world.csms.of("BootNotification")) and bool(told(world))


@pytest.mark.parametrize("security_profile", [2, 3])
async def test_TC_A_04_CS_a_valid_server_certificate(
    start: StartSecured, security_profile: int
) -> None:
    world = await start(security_profile=security_profile)
    await until(lambda: is_booted(world))
    (applicant,) = world.door.applicants
    assert applicant.peer.is_tls
    assert told(world) == ["StartupOfTheDevice"]
    assert world.model.integer(Key("SecurityCtrlr", "SecurityProfile")) == security_profile


async def test_TC_A_01_CS_the_password_is_given_with_every_connection(start: StartSecured) -> None:
    world = await start()
    await until(lambda: is_booted(world))
    await world.csms.link.close(1012)  # type: ignore[union-attr]  # it stands
    await until(lambda: len(world.door.applicants) == 2)
    for applicant in world.door.applicants:
        # A00.FR.202-205, A00.FR.301-304
        assert applicant.username == b"CS-1"
        assert applicant.password == PASSWORD.encode()
        assert applicant.identity == "CS-1"


def stranger(world: SecuredWorld) -> ssl.SSLContext:
    return world.server(trustme.CA().issue_cert("localhost"))


def expired(world: SecuredWorld) -> ssl.SSLContext:
    long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    return world.server(world.ca.issue_cert("localhost", not_after=long_ago))


def of_another_host(world: SecuredWorld) -> ssl.SSLContext:
    return world.server(world.ca.issue_cert("elsewhere.example"))


@pytest.mark.parametrize("security_profile", [2, 3])
@pytest.mark.parametrize("make", [stranger, expired, of_another_host])
async def test_TC_A_05_CS_an_invalid_server_certificate(
    start: StartSecured,
    make: Callable[[SecuredWorld], ssl.SSLContext],
    security_profile: int,
) -> None:
    def is_bad(world: SecuredWorld) -> None:
        world.door.context = make(world)

    world = await start(is_bad, security_profile=security_profile)
    # A00.FR.308-311, A00.FR.411-414: it ends the connection, and tells of it later.
    await until(lambda: world.failures >= 3)
    assert world.door.applicants == []
    world.door.context = world.server()
    await until(lambda: len(told(world)) == 2)
    assert told(world) == ["StartupOfTheDevice", "InvalidCsmsCertificate"]  # once
    assert world.csms.actions()[0] == "BootNotification"


def of_old_tls(world: SecuredWorld) -> ssl.SSLContext:
    context = world.server()
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def of_weak_suites(world: SecuredWorld) -> ssl.SSLContext:
    context = world.server()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES256-SHA")
    return context


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of versions that are meant to be old
@pytest.mark.parametrize("security_profile", [2, 3])
async def test_TC_A_06_CS_a_tls_version_that_is_too_low(
    start: StartSecured, security_profile: int
) -> None:
    def is_old(world: SecuredWorld) -> None:
        world.door.context = of_old_tls(world)

    world = await start(is_old, security_profile=security_profile)
    await until(lambda: world.failures >= 2)
    assert world.door.applicants == []
    world.door.context = world.server()
    await until(lambda: len(told(world)) == 2)
    assert told(world) == ["StartupOfTheDevice", "InvalidTLSVersion"]


async def test_a00_fr_323_only_weak_suites_are_refused_and_told(start: StartSecured) -> None:
    def is_weak(world: SecuredWorld) -> None:
        world.door.context = of_weak_suites(world)

    world = await start(is_weak)
    await until(lambda: world.failures >= 2)
    assert world.door.applicants == []
    world.door.context = world.server()
    await until(lambda: len(told(world)) == 2)
    assert told(world) == ["StartupOfTheDevice", "InvalidTLSCipherSuite"]


async def test_TC_A_07_CS_a_valid_client_certificate(start: StartSecured) -> None:
    world = await start(security_profile=3)
    await until(lambda: is_booted(world))
    (applicant,) = world.door.applicants
    certificate = applicant.peer.certificate
    assert certificate is not None
    # A00.FR.401-402, A00.FR.415, A00.FR.511: the serial number, and no password beside it
    assert applicant.peer.is_tls
    assert (("commonName", "S-1"),) in certificate["subject"]
    assert certificate["serialNumber"]
    assert applicant.password is None
    assert world.station.identity.serial_number == "S-1"


async def test_what_has_failed_worked_and_fails_again_is_told_again(start: StartSecured) -> None:
    world = await start()
    await until(lambda: is_booted(world) and len(world.journal) == 0)
    for count in (2, 3):
        world.door.context = stranger(world)
        world.failures = 0
        before = world.csms.link
        assert before is not None
        await before.close(1012)
        await until(lambda: world.failures >= 2)
        world.door.context = world.server()
        await until(lambda before=before: world.csms.link is not before)
        await until(lambda count=count: len(told(world)) == count)
        await until(lambda: len(world.journal) == 0)  # the CSMS has confirmed it
    assert told(world) == ["StartupOfTheDevice"] + ["InvalidCsmsCertificate"] * 2


async def test_a_refused_password_is_logged_and_no_other_way_is_tried(
    start: StartSecured,
) -> None:
    is_open = False

    def admit(applicant: Applicant) -> Admission:
        return "authenticated" if is_open else "unauthorized"

    def is_shut(world: SecuredWorld) -> None:
        world.door.admit = admit

    world = await start(is_shut)
    await until(lambda: len(world.door.applicants) > 2)
    assert all(applicant.peer.is_tls for applicant in world.door.applicants)  # never ws
    is_open = True
    await until(lambda: is_booted(world))
    assert told(world) == ["StartupOfTheDevice"]  # FailedToAuthenticateAtCsms is not critical


async def test_a00_fr_004_the_security_profile_is_known_before_there_is_a_link(
    start: StartSecured,
) -> None:
    def is_away(world: SecuredWorld) -> None:
        world.door.context = stranger(world)

    world = await start(is_away)
    await until(lambda: world.failures >= 1)
    assert world.station.integer("SecurityCtrlr.SecurityProfile") == 2


async def test_a00_fr_430_a_certificate_of_its_own_that_has_expired_is_shown_all_the_same(
    start: StartSecured, ca: trustme.CA
) -> None:
    long_ago = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    old = ca.issue_cert("x", common_name="S-1", not_after=long_ago)

    def is_lenient(world: SecuredWorld) -> None:
        assert world.door.context is not None
        world.door.context.verify_flags |= ssl.VerifyFlags(0x200000)  # it lets it in (A00.FR.429)

    world = await start(is_lenient, security_profile=3, own=old)
    await until(lambda: is_booted(world))
    certificate = world.door.applicants[0].peer.certificate
    assert certificate is not None
    assert certificate["notAfter"].endswith("2020 GMT")


# ---- a host whose clock was never set


async def test_without_a_clock_a_certificate_is_judged_by_the_time_that_is_known(
    start: StartSecured,
) -> None:
    world = await start(host_time=7.0)  # in 1970
    await until(lambda: is_booted(world))
    assert told(world) == ["StartupOfTheDevice"]


async def test_without_a_clock_an_expired_certificate_is_refused_too(start: StartSecured) -> None:
    def is_old(world: SecuredWorld) -> None:
        world.host_clock.set(datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC).timestamp())
        may = datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)
        world.door.context = world.server(world.ca.issue_cert("localhost", not_after=may))

    world = await start(is_old, host_time=7.0)
    await until(lambda: world.failures >= 2)
    world.door.context = world.server()
    await until(lambda: len(told(world)) == 2)
    assert told(world) == ["StartupOfTheDevice", "InvalidCsmsCertificate"]


async def test_without_a_clock_another_hosts_certificate_is_refused_too(
    start: StartSecured,
) -> None:
    def is_elsewhere(world: SecuredWorld) -> None:
        world.door.context = of_another_host(world)

    world = await start(is_elsewhere, host_time=7.0)
    await until(lambda: world.failures >= 2)
    assert world.door.applicants == []


# ---- 1.6


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of versions that are meant to be old
@pytest.mark.parametrize("security_profile", [2, 3])
@pytest.mark.parametrize(
    ("make", "event"),
    [
        (stranger, "InvalidCentralSystemCertificate"),  # 1.6 A00.FR.307-310, 1.6 A00.FR.411-414
        (of_another_host, "InvalidCentralSystemCertificate"),
        (of_old_tls, "InvalidTLSVersion"),  # 1.6 A00.FR.315, 1.6 A00.FR.419
        (of_weak_suites, "InvalidTLSCipherSuite"),  # 1.6 A00.FR.322, 1.6 A00.FR.426
    ],
)
async def test_1_6_a00_what_is_wrong_with_the_central_systems_side_is_told(
    start: StartSecured,
    make: Callable[[SecuredWorld], ssl.SSLContext],
    event: str,
    security_profile: int,
) -> None:
    def is_bad(world: SecuredWorld) -> None:
        world.door.context = make(world)

    world = await start(is_bad, security_profile=security_profile, version="ocpp1.6")
    await until(lambda: world.failures >= 2)
    assert world.door.applicants == []
    world.door.context = world.server()
    await until(lambda: len(told(world)) == 2)
    assert told(world) == ["StartupOfTheDevice", event]
    (applicant,) = world.door.applicants
    # 1.6 A00.FR.202-205, 1.6 A00.FR.301-304, 1.6 A00.FR.401-402
    assert (applicant.password is None) == (security_profile == 3)
    assert (applicant.peer.certificate is not None) == (security_profile == 3)
