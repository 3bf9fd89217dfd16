"""`pilotwire run` as a process: whatever it is doing, SIGTERM ends it in order within 5 s."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trio

from pilotwire.engine.clock import Clock
from pilotwire.engine.wire.accept import Acceptance, Applicant, serve_links
from pilotwire.engine.wire.link import Link
from pilotwire.engine.wire.session import Session
from pilotwire.profiles.family import OCPP_16
from pilotwire.profiles.messages import v16

from ...ports import free_port
from .spoken import REAL_PATIENCE, until
from .world import START, ScriptedCsms, boot_answer

BOUND = 5.0  # s
MAIN = "import sys; from pilotwire.engine.cli import main; sys.exit(main())"
CONFIG = """
[station]
directory = "station"
[station.network]
retry_minimum_seconds = 0.1
retry_random_seconds = 0
[[station.network.profiles]]
slot = 1
url = "{url}"
security_profile = 0
[central]
enabled = {enabled}
port = {port}
database = "central.sqlite"
[simulator]
visitors = true
first_arrival_seconds = 0.1
handling_seconds = [0.05, 0.1]
token_first_share = 0.0
[api]
enabled = false
[message_log]
formats = []
[log]
format = "json"
messages = false
"""


@asynccontextmanager
async def running(
    directory: Path, port: int, *, embedded: bool = False
) -> AsyncIterator[trio.Process]:
    """The daemon, dialling 127.0.0.1 at this port."""
    config = directory / "config.toml"
    url = f"ws://127.0.0.1:{port}"
    config.write_text(
        CONFIG.format(url=url, port=port if embedded else 9310, enabled=str(embedded).lower())
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PILOTWIRE_")}
    with (directory / "log").open("wb") as log:
        process = await trio.lowlevel.open_process(
            [sys.executable, "-c", MAIN, "run", "--config", str(config)],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def stop(process: trio.Process) -> None:
    """It ends by itself, and as it should."""
    assert process.returncode is None
    process.send_signal(signal.SIGTERM)
    with trio.fail_after(BOUND):
        assert await process.wait() == 0


class Csms:
    """A central system on a socket, scripted."""

    def __init__(self) -> None:
        self.script = ScriptedCsms(Clock(START))
        self.dies_upon: type | None = None
        self.has_died = trio.Event()
        self.port = 0

    async def run(self, *, task_status: Any) -> None:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        self.port = listeners[0].socket.getsockname()[1]
        acceptance = Acceptance(versions=(OCPP_16,))

        async def admit(applicant: Applicant) -> Any:
            return "anonymous"

        async def handle(link: Link, applicant: Applicant) -> None:
            async with trio.open_nursery() as nursery:
                self.script.session = Session(link, OCPP_16, "csms", self.script.answer)
                nursery.start_soon(self.script.session.run)
                await self.has_died.wait()
                nursery.cancel_scope.cancel()
            await trio.sleep_forever()  # the link stands, and nobody reads it

        async with trio.open_nursery() as nursery:
            nursery.start_soon(serve_links, listeners, acceptance, admit, handle)
            task_status.started()

    def heard(self, action: str) -> bool:
        return action in self.script.actions()


@pytest.fixture
async def csms(nursery: trio.Nursery) -> Csms:
    csms = Csms()
    await nursery.start(csms.run)
    return csms


async def test_nobody_listens(tmp_path: Path) -> None:
    async with running(tmp_path, free_port()) as process:
        await until(lambda: "link_failed" in (tmp_path / "log").read_text())
        await stop(process)


async def test_while_it_dials_an_address_that_does_not_answer(tmp_path: Path) -> None:
    full = socket.socket()
    full.bind(("127.0.0.1", 0))
    full.listen(0)
    port = full.getsockname()[1]
    waiting = [socket.socket() for _ in range(3)]
    for one in waiting:  # beyond these, the kernel answers no more
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", port))

    def is_dialling() -> bool:
        lines = Path(f"/proc/{process.pid}/net/tcp").read_text().splitlines()[1:]
        ours = {f":{one.getsockname()[1]:04X}" for one in waiting}
        for _, local, remote, state, *_ in (line.split() for line in lines):
            is_syn_sent = state == "02" and remote.endswith(f":{port:04X}")
            if is_syn_sent and local[-5:] not in ours:
                return True
        return False

    try:
        async with running(tmp_path, port) as process:
            await until(is_dialling)
            await stop(process)
    finally:
        for one in (full, *waiting):
            one.close()


async def test_in_the_middle_of_the_handshake(tmp_path: Path) -> None:
    listener = (await trio.open_tcp_listeners(0, host="127.0.0.1"))[0]
    async with running(tmp_path, listener.socket.getsockname()[1]) as process:
        with trio.fail_after(REAL_PATIENCE):
            stream = await listener.accept()
            assert (await stream.receive_some()).startswith(b"GET /")
        await stop(process)
        await stream.aclose()
    await listener.aclose()


@pytest.mark.parametrize("status", ["Pending", "Rejected"])
async def test_put_off(csms: Csms, tmp_path: Path, status: str) -> None:
    script = csms.script
    script.on(v16.BootNotificationRequest, lambda r: boot_answer(status, script.now))
    async with running(tmp_path, csms.port) as process:
        await until(lambda: csms.heard("BootNotification"))
        await trio.sleep(0.2)
        await stop(process)
    assert set(script.actions()) == {"BootNotification"}


async def test_charging_with_a_central_system_that_no_longer_reads(
    csms: Csms, tmp_path: Path
) -> None:
    async with running(tmp_path, csms.port) as process:
        await until(lambda: csms.heard("StartTransaction"))
        await trio.sleep(0.2)
        csms.has_died.set()
        await stop(process)
    assert not csms.heard("StopTransaction")
    journal = sqlite3.connect(tmp_path / "station" / "journal.sqlite")
    waiting = [row[0] for row in journal.execute("SELECT body FROM reports")]
    journal.close()
    assert any(b'"Ended"' in report and b'"Reboot"' in report for report in waiting)


async def test_charging_at_its_own_central_system(tmp_path: Path) -> None:
    """The transaction ends, is told, and is answered, before the central system goes."""

    def transactions() -> list[tuple[Any, ...]]:
        if not (tmp_path / "central.sqlite").exists():
            return []
        database = sqlite3.connect(tmp_path / "central.sqlite")
        try:
            return list(database.execute("SELECT record FROM transactions"))
        except sqlite3.OperationalError:
            return []
        finally:
            database.close()

    async with running(tmp_path, free_port(), embedded=True) as process:
        await until(lambda: bool(transactions()))
        await trio.sleep(0.2)
        await stop(process)
    records = [json.loads(record) for (record,) in transactions()]
    assert [record["reason"] for record in records] == ["Reboot"] * len(records)
