"""The central system on a real socket."""

import gc
import json
import socket
import ssl
import tracemalloc

import pytest
import trio
import trustme

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.engine.failure import Failure
from pilotwire.engine.secrets import Secret
from pilotwire.engine.wire.dial import Dial, open_link
from pilotwire.engine.wire.link_errors import HttpRefused, LinkClosed, NoSubprotocol
from pilotwire.engine.wire.tls import ServerTls
from pilotwire.profiles.messages import v16

OLD, NEW = bytes(range(16)), bytes(range(16, 36))
BOOT = '[2,"b","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"One"}]'
START = (
    '[2,"1","StartTransaction",{"connectorId":1,"idTag":"X","meterStart":0,'
    '"timestamp":"2026-01-02T03:04:05Z"}]'
)


@pytest.fixture
def settings(tmp_path):
    return Central(port=0, database=tmp_path / "central.sqlite")


@pytest.fixture
async def dial(nursery):
    async def dial(central, password=None, scheme="ws", **changes):
        fields = {
            "url": f"{scheme}://localhost:{central.port}",
            "identity": "CS-1",
            "subprotocols": ("ocpp1.6",),
            "password": password,
        }
        return await open_link(nursery, Dial(**fields | changes))

    return dial


async def say(link, frame):
    await link.send(frame)
    return json.loads(await link.receive())[2]


async def test_a_station_and_the_writer_in_its_thread(settings, dial):
    async with CentralSystem.open(settings, Clock()) as central:
        assert central.port > 0
        station = await dial(central)
        assert (await say(station, BOOT))["status"] == "Accepted"
        transaction_id = (await say(station, START))["transactionId"]
        (kept,) = central.store.transactions()
        assert kept.transaction_id == str(transaction_id)


async def test_an_idle_station_takes_little_memory(settings):
    async with CentralSystem.open(settings, Clock()) as central:
        stations = [await idle_station(central.port, number) for number in range(20)]
        gc.collect()
        tracemalloc.start()
        stations += [await idle_station(central.port, 1000 + number) for number in range(100)]
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert len(central.connections) == 120
        assert grown / 100 < 8 * 1024  # bytes; the other end of its connection included
    for station in stations:
        station.close()


async def idle_station(port, number):
    """One that has booted, over a socket that costs next to nothing."""
    station = socket.create_connection(("127.0.0.1", port))
    station.sendall(
        b"GET /CS-%d HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
        b"Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n" % number
    )
    await trio.lowlevel.wait_readable(station)
    assert station.recv(4096).startswith(b"HTTP/1.1 101 ")
    text = BOOT.encode()
    station.sendall(b"\x81" + bytes([0x80 | len(text)]) + bytes(4) + text)  # masked with zeros
    await trio.lowlevel.wait_readable(station)
    assert b'"Accepted"' in station.recv(4096)
    return station


async def test_shutdown_closes_with_1001_within_seconds(settings, dial):
    with trio.fail_after(3):
        async with CentralSystem.open(settings, Clock()) as central:
            station = await dial(central)
            await say(station, BOOT)
        with pytest.raises(LinkClosed) as closed:
            await station.receive()
    assert (closed.value.code, closed.value.by_us) == (1001, False)
    async with CentralSystem.open(settings, Clock()) as central:
        assert [row.registration for row in central.store.stations()] == ["Accepted"]


async def test_no_common_version_no_connection(settings, dial):
    async with CentralSystem.open(settings, Clock()) as central:
        with pytest.raises(NoSubprotocol):
            await dial(central, subprotocols=("ocpp1.5",))
        assert not central.connections


async def test_a_station_with_a_password_must_give_it(settings, dial):
    passwords = {"CS-1": Secret(OLD)}
    async with CentralSystem.open(settings, Clock(), passwords=passwords) as central:
        for wrong in (None, b"guess"):
            with pytest.raises(HttpRefused, match="401"):
                await dial(central, wrong)
        station = await dial(central, OLD)
        assert (await say(station, BOOT))["status"] == "Accepted"


async def test_a01_fr_03_a_new_authorization_key_counts_and_the_old_one_does_not(settings, dial):
    async def expect_new(central):
        with pytest.raises(HttpRefused, match="401"):
            await dial(central, OLD)
        await (await dial(central, NEW)).close()

    passwords = {"CS-1": Secret(OLD)}
    async with CentralSystem.open(settings, Clock(), passwords=passwords) as central:
        station = await dial(central, OLD)
        await say(station, BOOT)
        request = v16.ChangeConfigurationRequest(key="AuthorizationKey", value=NEW.hex())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(central.issue_command, "CS-1", request)
            message_id = json.loads(await station.receive())[1]
            await station.send(f'[3,"{message_id}",{{"status":"Accepted"}}]')
        await expect_new(central)
    # The configuration still has the old one, the station has the new one.
    async with CentralSystem.open(settings, Clock(), passwords=passwords) as central:
        await expect_new(central)


async def test_a01_fr_04_a_key_that_was_rejected_changes_nothing(settings, dial):
    passwords = {"CS-1": Secret(OLD)}
    async with CentralSystem.open(settings, Clock(), passwords=passwords) as central:
        station = await dial(central, OLD)
        await say(station, BOOT)
        request = v16.ChangeConfigurationRequest(key="authorizationkey", value=NEW.hex())
        async with trio.open_nursery() as nursery:
            nursery.start_soon(central.issue_command, "CS-1", request)
            message_id = json.loads(await station.receive())[1]
            await station.send(f'[3,"{message_id}",{{"status":"Rejected"}}]')
        await station.close()
        await dial(central, OLD)


async def test_unknown_stations_get_404_where_they_are_not_accepted(tmp_path, dial):
    settings = Central(port=0, database=tmp_path / "central.sqlite", accept_unknown_stations=False)
    async with CentralSystem.open(settings, Clock()) as central:
        with pytest.raises(HttpRefused, match="404"):
            await dial(central)


async def test_a_port_that_is_taken_is_one_line(settings):
    async with CentralSystem.open(settings, Clock()) as central:
        again = Central(port=central.port, database=settings.database.with_name("other.sqlite"))
        with pytest.raises(Failure, match=rf"^cannot listen on 127\.0\.0\.1 port {central.port}: "):
            async with CentralSystem.open(again, Clock()):
                pass


async def test_over_tls(settings, tmp_path, dial):
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    context = ssl.create_default_context()
    authority.configure_trust(context)
    tls = ServerTls(certificates=((str(chain), str(key)),))
    async with CentralSystem.open(settings, Clock(), tls=tls) as central:
        station = await dial(central, scheme="wss", ssl_context=context)
        assert (await say(station, BOOT))["status"] == "Accepted"
        assert central.connections["CS-1"].link.peer.is_tls
