"""A real browser for tests of the page: headless Chromium, driven over its DevTools protocol."""

import asyncio
import base64
import itertools
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)


class Tab:
    """One tab. Selectors are CSS; every wait ends with an AssertionError after ``patience`` seconds."""

    patience = 15.0

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.console: list[str] = []
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame.data)
            if "id" in message:
                self._answers.pop(message["id"]).set_result(message)
            elif message["method"] == "Runtime.exceptionThrown":
                self.console.append(json.dumps(message["params"]["exceptionDetails"])[:500])
            elif message["method"] == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                self.console.append(message["params"]["entry"]["text"])

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        answer = await asyncio.wait_for(self._answers[number], 30)
        assert "error" not in answer, answer
        return dict(answer["result"])

    async def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        result = await self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until a JavaScript expression is true."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.patience
        while not await self.run(f"Boolean({condition})"):
            assert loop.time() < end, f"never true: {condition}; console: {self.console}"
            await asyncio.sleep(0.05)

    async def open(self, url: str, *, width: int, height: int, scheme: str = "light") -> None:
        """Go to the page in a window of this size and look."""
        phone = width < 500
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone
        )
        await self.send("Emulation.setTouchEmulationEnabled", enabled=phone)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        await self.send("Emulation.setEmulatedMedia", features=features)
        await self.send("Page.navigate", url="about:blank")
        await self.send("Page.navigate", url=url)
        await self.until("document.body?.dataset.ready === 'true'")

    async def click(self, selector: str) -> None:
        """Click in the middle of a node (of its first line), as a mouse does."""
        await self.until(f"document.querySelector({selector!r})")
        x, y = await self.run(
            f"(() => {{ const n = document.querySelector({selector!r}); n.scrollIntoView({{block: 'nearest'}});"
            " const r = n.getClientRects()[0]; return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def type(self, selector: str, text: str) -> None:
        """Put text into a field as a keyboard does."""
        await self.until(f"document.querySelector({selector!r})")
        await self.run(f"document.querySelector({selector!r}).focus()")
        await self.send("Input.insertText", text=text)

    async def key(self, name: str, code: int) -> None:
        """Press one key."""
        for kind in ("keyDown", "keyUp"):
            text = "\r" if name == "Enter" and kind == "keyDown" else ""
            await self.send("Input.dispatchKeyEvent", type=kind, key=name, windowsVirtualKeyCode=code, text=text)

    async def choose_files(self, selector: str, paths: list[Path]) -> None:
        """Pick files in a file field."""
        root = await self.send("DOM.getDocument")
        node = await self.send("DOM.querySelector", nodeId=root["root"]["nodeId"], selector=selector)
        await self.send("DOM.setFileInputFiles", nodeId=node["nodeId"], files=[str(path) for path in paths])

    async def drop_files(self, selector: str, paths: list[Path]) -> None:
        """Drag files from the desktop over the page and drop them on a node that appears for it."""
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        await self.send("Input.dispatchDragEvent", type="dragEnter", x=200, y=200, data=data)
        await self.until(f"document.querySelector({selector!r}).getClientRects().length")
        x, y = await self.run(
            f"(() => {{ const r = document.querySelector({selector!r}).getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        await self.send("Input.dispatchDragEvent", type="dragEnter", x=x, y=y, data=data)
        await self.send("Input.dispatchDragEvent", type="dragOver", x=x, y=y, data=data)
        await self.send("Input.dispatchDragEvent", type="drop", x=x, y=y, data=data)

    async def screenshot(self, path: Path) -> None:
        """A PNG of what is seen."""
        shot = await self.send("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))

    async def close(self) -> None:
        """Let go of the tab."""
        await self._socket.close()
        await self._reader


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Tab]:
    """A browser with one tab, ended with everything it started."""
    assert CHROMIUM is not None
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *_FLAGS,
        f"--user-data-dir={profile}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        address = await asyncio.wait_for(_address(process), 40)
        async with aiohttp.ClientSession() as session:
            async with session.put(f"{address}/json/new?about:blank") as response:
                target = await response.json()
            socket = await session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0)
            tab = Tab(socket)
            for domain in ("Page", "Runtime", "Log", "DOM"):
                await tab.send(f"{domain}.enable")
            yield tab
            await tab.close()
    finally:
        process.kill()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if b"DevTools listening on ws://" in line:
            return "http://" + line.decode().split("ws://", 1)[1].split("/", 1)[0]
    raise AssertionError("the browser did not start")
