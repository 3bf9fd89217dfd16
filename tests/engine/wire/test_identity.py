"""Connection URLs, of either side."""

import pytest

from pilotwire.engine.wire.identity import (
    chosen_version,
    connection_target,
    requested_identity,
    suits,
)
from pilotwire.profiles.family import OCPP_16, OCPP_21, OCPP_201


@pytest.mark.parametrize(
    ("url", "identity", "path"),
    [
        ("ws://centralsystem.example.com/ocpp", "CP001", "/ocpp/CP001"),
        ("wss://centralsystem.example.com/ocppj", "RDAM 123", "/ocppj/RDAM%20123"),
        ("wss://csms.example.com/ocppj", "RDAM|123", "/ocppj/RDAM%7C123"),
        ("ws://h/ocpp/", "CP001", "/ocpp/CP001"),
        ("ws://h", "a/b", "/a%2Fb"),
        ("ws://h/ocpp?tenant=1", "CP001", "/ocpp/CP001?tenant=1"),
        ("ws://h/with%20space", "100%", "/with%20space/100%25"),
        ("ws://h/", "Zürich", "/Z%C3%BCrich"),
    ],
)
def test_3_1_1_the_identity_is_appended_percent_encoded(url: str, identity: str, path: str):
    assert connection_target(url, identity).path == path


@pytest.mark.parametrize(
    ("url", "host", "port", "host_header"),
    [
        ("ws://h/x", "h", 80, "h"),
        ("wss://h/x", "h", 443, "h"),
        ("ws://h:443/x", "h", 443, "h:443"),
        ("ws://[::1]:8080/x", "::1", 8080, "[::1]:8080"),
        ("ws://ü.example/x", "xn--tda.example", 80, "xn--tda.example"),
    ],
)
def test_host_and_port(url: str, host: str, port: int, host_header: str):
    target = connection_target(url, "CP")
    assert (target.host, target.port, target.host_header) == (host, port, host_header)


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://h/x", "scheme 'http'"),
        ("ws:///x", "no host"),
        ("ws://a..b/x", "no host's name"),
        (f"ws://{'a' * 64}.b/x", "no host's name"),
        ("ws://u:secret@h/x", "must not carry a password"),
        ("ws://h:99999/x", "[Pp]ort"),
    ],
)
def test_a_url_that_cannot_be_dialled(url: str, complaint: str):
    with pytest.raises(ValueError, match=complaint) as error:
        connection_target(url, "CP")
    assert "secret" not in str(error.value)


def test_there_must_be_an_identity():
    with pytest.raises(ValueError, match="identity is empty"):
        connection_target("ws://h/x", "")


@pytest.mark.parametrize(
    ("path", "identity"),
    [
        ("/ocpp/CP001", "CP001"),
        ("/ocpp/RDAM%20123", "RDAM 123"),
        ("/ocpp/RDAM%7C123", "RDAM|123"),
        ("/ocpp/Z%C3%BCrich", "Zürich"),
        ("/ocpp/CP001?x=1", "CP001"),
        ("http://10.0.0.1:80/ocpp/CP001", "CP001"),
        ("/ocpp/%2525", "%25"),
    ],
)
def test_the_identity_is_decoded_once(path: str, identity: str):
    assert requested_identity(path, "/ocpp") == identity
    assert requested_identity(path, "/ocpp/") == identity


@pytest.mark.parametrize(
    "path",
    [
        "/ocpp",
        "/ocpp/",
        "/",
        "/other/CP001",
        "/ocppCP001",
        "/ocpp/a/b",
        "/ocpp/a%2Fb",
        "/ocpp/a%5Cb",
        "/ocpp/..",
        "/ocpp/.",
        "/ocpp/../admin",
        "/ocpp/%2e%2e",
        "/ocpp/a%00b",
        "/ocpp/a%0d%0ab",
        "/ocpp/%ff",
        "/ocpp/%E2%80%AE",
        "/ocpp/" + "x" * 256,
        "//[::bad/ocpp/x",
    ],
)
def test_what_is_no_identity(path: str):
    assert requested_identity(path, "/ocpp") is None


@pytest.mark.parametrize(
    ("identity", "in_16", "in_2"),
    [
        ("CP001", True, True),
        ("RDAM|123", True, True),
        ("RDAM 123", True, False),
        ("x" * 48, True, True),
        ("x" * 49, True, False),
        ("a:b", True, False),
        ("CP001\n", False, False),
    ],
)
def test_2_x_has_narrower_identities_than_1_6(identity: str, in_16: bool, in_2: bool):
    assert suits(identity, OCPP_16) is in_16
    assert suits(identity, OCPP_201) is in_2
    assert suits(identity, OCPP_21) is in_2


def test_our_order_decides_the_version_not_the_stations():
    ours = (OCPP_21, OCPP_201, OCPP_16)
    assert chosen_version(["ocpp1.6", "ocpp2.0.1"], ours) is OCPP_201
    assert chosen_version(["", "ocpp2.0.1"], ours) is OCPP_201
    assert chosen_version(["OCPP1.6", "ocpp2.0"], ours) is None
    assert chosen_version([], ours) is None
