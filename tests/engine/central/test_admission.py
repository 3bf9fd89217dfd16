"""Who is let in, and who is not."""

import pytest
import trio

from pilotwire.engine.central.admission import FailureLimit, Gate, is_this_machine
from pilotwire.engine.central.passwords import Passwords, hashed, is_match
from pilotwire.engine.secrets import Secret
from pilotwire.engine.wire.accept import Applicant
from pilotwire.engine.wire.link import Peer
from pilotwire.profiles.family import OCPP_16

PASSWORD = bytes.fromhex("00ff10e0d0c0b0a09080706050403020")
FAR, HERE = "192.0.2.7", "127.0.0.1"


def applicant(identity="CS-1", address=FAR, password=None, username=None):
    if password is not None and username is None:
        username = identity.encode()
    return Applicant(
        identity=identity,
        version=OCPP_16,
        peer=Peer(address=address),
        username=username,
        password=password,
    )


@pytest.fixture
def gate():
    return make_gate()


def make_gate(**changes):
    passwords = Passwords(is_inline=True)
    passwords.put_all({"CS-1": Secret(PASSWORD)})
    settings = {
        "is_known": lambda station_id: station_id in ("CS-1", "CS-2"),
        "serial_number": {"CS-1": "SN-1"}.get,
        "accepts_unknown": False,
        "allows_unauthenticated": False,
    } | changes
    return Gate(passwords, now=trio.current_time, **settings)


async def test_the_right_password_lets_in(autojump_clock, gate):
    assert await gate.admit(applicant(password=PASSWORD)) == "authenticated"
    assert await gate.admit(applicant(password=PASSWORD)) == "authenticated"


@pytest.mark.parametrize(
    "who",
    [
        applicant(password=b"wrong"),
        applicant(),
        applicant(address=HERE),
        applicant(password=PASSWORD, username=b"CS-2"),
        applicant("CS-2", password=PASSWORD),
        applicant("NOBODY", password=PASSWORD),
        applicant("NOBODY"),
    ],
    ids=[
        "wrong",
        "none",
        "none, from here",
        "another's name",
        "another's",
        "unknown",
        "unknown, none",
    ],
)
async def test_anything_else_is_refused_in_one_way(autojump_clock, gate, who):
    assert await gate.admit(who) == "unauthorized"


async def test_a01_fr_03_a_password_that_was_right_is_wrong_once_it_is_changed(
    autojump_clock, gate
):
    assert await gate.admit(applicant(password=PASSWORD)) == "authenticated"
    gate.passwords.put("CS-1", hashed(b"another one of 16"))
    assert await gate.admit(applicant(password=PASSWORD)) == "unauthorized"
    assert await gate.admit(applicant(password=b"another one of 16")) == "authenticated"


async def test_without_a_password_only_from_this_machine(autojump_clock, gate):
    assert await gate.admit(applicant("CS-2", address=HERE)) == "anonymous"
    assert await gate.admit(applicant("CS-2", address=FAR)) == "unauthorized"


async def test_without_a_password_from_elsewhere_if_the_configuration_says_so(autojump_clock):
    gate = make_gate(allows_unauthenticated=True)
    assert await gate.admit(applicant("CS-2", address=FAR)) == "anonymous"
    # Who has a password must give it all the same.
    assert await gate.admit(applicant("CS-1", address=FAR)) == "unauthorized"


async def test_unknown_stations_only_if_the_configuration_says_so(autojump_clock):
    assert await make_gate().admit(applicant("NEW", address=HERE)) == "unknown"
    welcoming = make_gate(accepts_unknown=True)
    assert await welcoming.admit(applicant("NEW", address=HERE)) == "anonymous"


@pytest.mark.parametrize(
    ("identity", "name", "admission"),
    [
        ("CS-1", "SN-1", "authenticated"),
        ("CS-1", "CS-1", "authenticated"),
        ("NEW", "NEW", "authenticated"),
        ("CS-1", "CS-2", "unauthorized"),
        ("CS-2", "SN-1", "unauthorized"),
        ("CS-2", None, "unauthorized"),
    ],
)
async def test_a00_fr_405_a_certificate_lets_in_the_station_that_it_names(
    autojump_clock, gate, identity, name, admission
):
    subject = ((("organizationName", "Acme"),), (("commonName", name),))
    peer = Peer(address=FAR, is_tls=True, certificate={"subject": subject if name else ()})
    who = Applicant(identity=identity, version=OCPP_16, peer=peer)
    assert await gate.admit(who) == admission


async def test_ten_failures_close_the_door_for_a_minute(autojump_clock, gate):
    for _ in range(10):
        assert await gate.admit(applicant(password=b"guess")) == "unauthorized"
    assert await gate.admit(applicant(password=PASSWORD)) == "blocked"
    # The address is shut out under any name, the name from any address.
    assert await gate.admit(applicant("CS-1", "192.0.2.8", PASSWORD)) == "blocked"
    await trio.sleep(61)
    assert await gate.admit(applicant(password=PASSWORD)) == "authenticated"


async def test_failures_that_are_far_between_do_not_count(autojump_clock, gate):
    for _ in range(30):
        await gate.admit(applicant(password=b"guess"))
        await trio.sleep(7)
    assert await gate.admit(applicant(password=PASSWORD)) == "authenticated"


async def test_the_limit_remembers_a_bounded_number(autojump_clock):
    limit = FailureLimit(trio.current_time)
    for number in range(10_050):
        limit.note(f"address {number}")
    assert len(limit._failures) == 10_000


def test_hashes_have_a_salt_and_do_not_show_the_password():
    one, two = hashed(PASSWORD), hashed(PASSWORD)
    assert one != two
    assert PASSWORD.hex() not in one
    assert is_match(PASSWORD, one)
    assert not is_match(b"x", one)


async def test_unknown_stations_cost_as_much_as_wrong_passwords(monkeypatch):
    checked = []

    def count(password, password_hash):
        checked.append(password_hash)
        return is_match(password, password_hash)

    monkeypatch.setattr("pilotwire.engine.central.passwords.is_match", count)
    gate = make_gate()
    for who in (applicant(password=b"x"), applicant("NOBODY", password=b"x"), applicant("NOBODY")):
        await gate.admit(who)
    assert [password_hash.split("$")[:4] for password_hash in checked] == [
        ["scrypt", "8192", "8", "1"]
    ] * 3


@pytest.mark.parametrize(
    ("address", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("", True),
        ("192.0.2.1", False),
        ("::ffff:192.0.2.1", False),
        ("fe80::1%eth0", False),
        ("localhost.example", False),
    ],
)
def test_what_this_machine_is(address, is_here):
    assert is_this_machine(address) is is_here
