"""Debian's Chromium without a window, told what to do by its DevTools protocol."""

import itertools
import json
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import trio
from trio_websocket import WebSocketConnection, open_websocket_url

CHROMIUM = shutil.which("chromium")


class Browser:
    """One page of it."""

    def __init__(self, link: WebSocketConnection, session: str = "") -> None:
        self._link = link
        self._session = session
        self._ids = itertools.count(1)

    async def tell(self, method: str, **params: Any) -> Any:
        """Give a command, and what comes of it."""
        number = next(self._ids)
        told = {"id": number, "method": method, "params": params}
        if self._session:
            told["sessionId"] = self._session
        await self._link.send_message(json.dumps(told))
        while True:
            answer = json.loads(await self._link.get_message())
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    async def look(self, width: int, *, is_dark: bool) -> None:
        """Have the page so wide (px), light or dark."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.tell("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        await self.tell("Emulation.setEmulatedMedia", features=[scheme])

    async def go(self, url: str) -> None:
        await self.tell("Page.navigate", url=url)
        await self.until("document.readyState == 'complete'")

    async def ask(self, script: str) -> Any:
        """Give the value of an expression in the page."""
        answer = await self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        """Wait for it to become true."""
        with trio.fail_after(20):
            while not await self.ask(script):  # noqa: ASYNC110  # the page has no event of ours
                await trio.sleep(0.05)


@asynccontextmanager
async def chromium(folder: Path) -> AsyncIterator[Browser]:
    """Have it with one empty page."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM,
        "--headless",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-sync",
        "--remote-debugging-port=0",
        f"--user-data-dir={folder}",
    ]
    process = await trio.lowlevel.open_process(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = folder / "DevToolsActivePort"
        with trio.fail_after(30):
            while not _is_written(address):  # noqa: ASYNC110  # the browser makes it
                await trio.sleep(0.05)
        port, path = address.read_text().split("\n")[:2]
        async with open_websocket_url(
            f"ws://127.0.0.1:{port}{path}", max_message_size=2**24
        ) as link:
            whole = Browser(link)
            target = await whole.tell("Target.createTarget", url="about:blank")
            page = await whole.tell(
                "Target.attachToTarget", targetId=target["targetId"], flatten=True
            )
            yield Browser(link, page["sessionId"])
    finally:
        process.terminate()
        with trio.CancelScope(shield=True), trio.move_on_after(20):
            await process.wait()


def _is_written(file: Path) -> bool:
    return file.exists() and "\n" in file.read_text()
