"""The central system on a real socket."""

import base64
import json
import ssl

import pytest
import trio
import trustme
from trio_websocket import ConnectionClosed, ConnectionRejected, open_websocket_url

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.engine.failure import Failure
from pilotwire.engine.secrets import Secret
from pilotwire.engine.wire.tls import ServerTls
from pilotwire.profiles.messages import v16

KEY = "00112233445566778899aabbccddeeff"
BOOT = '[2,"b","BootNotification",{"chargePointVendor":"Acme","chargePointModel":"One"}]'


@pytest.fixture
def settings(tmp_path):
    return Central(port=0, database=tmp_path / "central.sqlite")


def dial(central, identity="CS-1", password=None, subprotocols=("ocpp1.6",), scheme="ws", **more):
    headers = []
    if password is not None:
        credentials = base64.b64encode(identity.encode() + b":" + password)
        headers.append((b"Authorization", b"Basic " + credentials))
    return open_websocket_url(
        f"{scheme}://localhost:{central.port}/{identity}",
        subprotocols=list(subprotocols),
        extra_headers=headers,
        **more,
    )


async def test_a_station_and_the_writer_in_its_thread(settings):
    async with CentralSystem.open(settings, Clock()) as central:
        assert central.port > 0
        async with dial(central) as station:
            await station.send_message(BOOT)
            assert json.loads(await station.get_message())[2]["status"] == "Accepted"
            await station.send_message(
                '[2,"1","StartTransaction",{"connectorId":1,"idTag":"X","meterStart":0,'
                '"timestamp":"2026-01-02T03:04:05Z"}]'
            )
            answer = json.loads(await station.get_message())[2]
            (kept,) = central.store.transactions()
            assert kept.transaction_id == str(answer["transactionId"])


async def test_shutdown_closes_with_1001_within_seconds(settings):
    closed = trio.Event()

    async def stay(central, task_status):
        async with dial(central) as station:
            await station.send_message(BOOT)
            await station.get_message()
            task_status.started()
            with pytest.raises(ConnectionClosed) as ended:
                await station.get_message()
            assert ended.value.reason.code == 1001
            closed.set()

    async with trio.open_nursery() as nursery:
        with trio.fail_after(3):
            async with CentralSystem.open(settings, Clock()) as central:
                await nursery.start(stay, central)
        await closed.wait()
    async with CentralSystem.open(settings, Clock()) as central:
        assert [row.registration for row in central.store.stations()] == ["Accepted"]


async def test_no_common_subprotocol_completes_the_handshake_and_closes(settings):
    async with CentralSystem.open(settings, Clock()) as central:
        async with dial(central, subprotocols=["ocpp1.5"]) as station:
            with pytest.raises(ConnectionClosed):
                await station.get_message()
        assert not central.connections


async def test_a_station_with_a_password_must_give_it(settings):
    password = bytes.fromhex(KEY)
    async with CentralSystem.open(
        settings, Clock(), passwords={"CS-1": Secret(password)}
    ) as central:
        for wrong in (None, b"guess"):
            with pytest.raises(ConnectionRejected) as rejected:
                async with dial(central, password=wrong):
                    pass
            assert rejected.value.status_code == 401
        async with dial(central, password=password) as station:
            await station.send_message(BOOT)
            await station.get_message()


async def test_a01_fr_03_a_new_authorization_key_counts_and_the_old_one_does_not(settings):
    old, new = bytes.fromhex(KEY), bytes.fromhex(KEY[::-1])
    async with CentralSystem.open(settings, Clock(), passwords={"CS-1": Secret(old)}) as central:
        async with dial(central, password=old) as station, trio.open_nursery() as nursery:
            await station.send_message(BOOT)
            await station.get_message()
            request = v16.ChangeConfigurationRequest(key="AuthorizationKey", value=new.hex())
            nursery.start_soon(central.issue_command, "CS-1", request)
            message_id = json.loads(await station.get_message())[1]
            await station.send_message(f'[3,"{message_id}",{{"status":"Accepted"}}]')
        await _check_passwords(central, good=new, bad=old)
    # The configuration still says the old one; the station has the new one.
    async with CentralSystem.open(settings, Clock(), passwords={"CS-1": Secret(old)}) as central:
        await _check_passwords(central, good=new, bad=old)


async def _check_passwords(central, good, bad):
    with pytest.raises(ConnectionRejected):
        async with dial(central, password=bad):
            pass
    async with dial(central, password=good):
        pass


async def test_unknown_stations_get_404_where_they_are_not_accepted(tmp_path):
    settings = Central(port=0, database=tmp_path / "central.sqlite", accept_unknown_stations=False)
    async with CentralSystem.open(settings, Clock()) as central:
        with pytest.raises(ConnectionRejected) as rejected:
            async with dial(central):
                pass
        assert rejected.value.status_code == 404


async def test_a_port_that_is_taken_is_one_line(settings):
    async with CentralSystem.open(settings, Clock()) as central:
        again = Central(port=central.port, database=settings.database.with_name("other.sqlite"))
        with pytest.raises(Failure, match=f"cannot listen on 127.0.0.1 port {central.port}"):
            async with CentralSystem.open(again, Clock()):
                pass


async def test_over_tls(settings, tmp_path):
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    key.write_bytes(certificate.private_key_pem.bytes())
    tls = ServerTls(certificates=((str(chain), str(key)),))
    context = ssl.create_default_context()
    authority.configure_trust(context)
    async with (
        CentralSystem.open(settings, Clock(), tls=tls) as central,
        dial(central, scheme="wss", ssl_context=context) as station,
    ):
        await station.send_message(BOOT)
        assert json.loads(await station.get_message())[2]["status"] == "Accepted"
        assert central.connections["CS-1"].link.peer.is_tls
