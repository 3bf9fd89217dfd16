"""Where a program and the station meet."""

import pytest

from pilotwire.drivers.outside.address import TcpAddress, parse_tcp


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9401", TcpAddress("127.0.0.1", 9401)),
        ("127.8.0.1:1", TcpAddress("127.8.0.1", 1)),
        ("localhost:65535", TcpAddress("localhost", 65535)),
        ("[::1]:9401", TcpAddress("::1", 9401)),
    ],
)
def test_loopback_addresses_are_read_and_written_alike(text: str, address: TcpAddress) -> None:
    assert parse_tcp(text) == address
    assert str(address) == text


@pytest.mark.parametrize("host", ["", ":9401", "127.0.0.1", "::1:9401", "127.0.0.1:"])
def test_what_is_no_address_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="expected host:port"):
        parse_tcp(host)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "²", " 1"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match="expected host:port"):
        parse_tcp(f"127.0.0.1:{port}")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "[::]", "charger.example", "128.0.0.1"])
def test_beyond_loopback_must_be_allowed(host: str) -> None:
    with pytest.raises(ValueError, match="is not this machine's loopback"):
        parse_tcp(f"{host}:9401")
    assert parse_tcp(f"{host}:9401", allow_remote=True).port == 9401
