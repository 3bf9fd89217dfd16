"""What a daemon tells of why it boots, by how its last run ended (B01.FR.09); on a real socket."""

import json
import os
import signal
from pathlib import Path

import pytest

from pilotwire.engine.central.central import CentralSystem
from pilotwire.engine.central.events import CentralEvent, MessageSeen
from pilotwire.engine.clock import Clock
from pilotwire.engine.config import Central
from pilotwire.profiles.messages import of

from ...faults.daemon import forker, run_arguments
from .spoken import until

STATION = "PILOTWIRE-1"


class Boots:
    """The reasons of the boots that the central system has heard of."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def see(self, event: CentralEvent) -> None:
        if not isinstance(event, MessageSeen) or event.action != "BootNotification":
            return
        if (event.direction, event.kind) == ("received", "CALL"):
            self.reasons.append(json.loads(event.text)[3]["reason"])


@pytest.mark.parametrize("type", ["Immediate", "OnIdle"])
async def test_why_a_daemon_boots(tmp_path: Path, type: str) -> None:
    boots = Boots()
    settings = Central(port=0, database=tmp_path / "central.sqlite")
    rebooted = tmp_path / "rebooted"
    async with (
        CentralSystem.open(settings, Clock()) as central,
        forker(tmp_path / "log") as daemons,
    ):
        central.on_event(boots.see)
        url = f"ws://127.0.0.1:{central.port}"
        arguments = run_arguments(tmp_path / "station", url, evses=[{}], variables={})
        arguments += ["--set", "simulator.visitors=false"]

        async def run(how_it_ends: signal.Signals) -> None:
            told = len(boots.reasons)
            pid = await daemons.start(*arguments)
            await until(lambda: len(boots.reasons) > told)
            os.kill(pid, how_it_ends)
            await daemons.ended()

        await run(signal.SIGTERM)
        await run(signal.SIGKILL)
        await run(signal.SIGTERM)
        assert boots.reasons == ["PowerUp", "LocalReset", "ApplicationReset"]

        # A reset that boots the host: the command stands for it, and this test ends the program.
        arguments += ["--set", f'station.reset_command=["touch", "{rebooted}"]']
        pid = await daemons.start(*arguments)
        await until(lambda: len(boots.reasons) == 4)
        answer = await central.issue_command(STATION, of("2.1").ResetRequest(type=type))
        assert answer.status == "Accepted"  # type: ignore[attr-defined]  # a ResetResponse
        await until(rebooted.exists)
        os.kill(pid, signal.SIGTERM)
        await daemons.ended()
        await run(signal.SIGTERM)
        await run(signal.SIGTERM)
        assert boots.reasons[3:] == ["LocalReset", "RemoteReset", "LocalReset"]
