"""Reset of a whole daemon by its own central system, on a real socket (1.6 5.14)."""

from pathlib import Path
from typing import Any

import pytest
import trio

from pilotwire.engine import run as daemon
from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.errors import StationNotConnected
from pilotwire.engine.config import Config, load
from pilotwire.engine.wire.session import SessionClosed
from pilotwire.profiles.messages import v16

from ...ports import free_port
from .spoken import REAL_PATIENCE, until

CONFIG = """
[station]
identity = "CS-1"
versions = ["ocpp1.6"]
directory = "station"
[station.network]
retry_minimum_seconds = 0.1
retry_random_seconds = 0
[[station.network.profiles]]
slot = 1
url = "ws://127.0.0.1:{port}"
security_profile = 0
[central]
port = {port}
database = "central.sqlite"
[simulator]
visitors = true
first_arrival_seconds = 0.1
handling_seconds = [0.05, 0.1]
token_first_share = 0.0
dwell_seconds = [1000.0, 1000.0]
[api]
enabled = false
[message_log]
formats = []
"""


@pytest.mark.parametrize("type", ["Soft", "Hard"])
async def test_5_14_the_daemon_stops_tells_boots_and_serves_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type: Any
) -> None:
    centrals: list[CentralSystem] = []

    class Seen(CentralSystem):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            centrals.append(self)

    monkeypatch.setattr(daemon, "CentralSystem", Seen)
    port = free_port()
    file = tmp_path / "config.toml"
    file.write_text(CONFIG.format(port=port))
    heard: list[str] = []

    async with trio.open_nursery() as nursery:
        nursery.start_soon(daemon.run, load(Config, file, environment={}))
        await until(lambda: bool(centrals))
        centrals[0].on_event(lambda event: note(heard, event))
        await until(lambda: "StartTransaction" in heard)
        heard.clear()
        answer = await centrals[0].issue_command("CS-1", v16.ResetRequest(type=type))
        assert answer.status == "Accepted"
        await until(lambda: "BootNotification" in heard)
        assert "StopTransaction" in heard[: heard.index("BootNotification")]
        with trio.fail_after(REAL_PATIENCE):
            read = await asked_anew(centrals[0])
        assert read.configuration_key[0].value == "0"
        nursery.cancel_scope.cancel()


def note(heard: list[str], event: Any) -> None:
    action = getattr(event, "action", None)
    if action is not None and getattr(event, "direction", "") == "received":
        heard.append(action)


async def asked_anew(central: CentralSystem) -> Any:
    """Ask the station that has booted again, as soon as it is there."""
    request = v16.GetConfigurationRequest(key=("ResetRetries",))
    while True:
        try:
            return await central.issue_command("CS-1", request)
        except (StationNotConnected, SessionClosed):
            await trio.sleep(0.05)
