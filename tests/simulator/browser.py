"""A real browser for tests of the page: headless Chromium, driven over its DevTools protocol."""

import asyncio
import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
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

# The middle of the first line of a node, or null while it is hidden or covered.
_PLACE = """(() => {
  const node = document.querySelector(%s);
  node?.scrollIntoView({ block: "nearest", behavior: "instant" });
  const box = node?.getClientRects()[0];
  if (!box) return null;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const hit = document.elementFromPoint(x, y);
  return hit && (node.contains(hit) || hit.contains(node)) ? [x, y] : null;
})()"""


# Whether a click reaches the page: a busy browser may swallow one. After a click that leads elsewhere nobody listens.
_LISTEN = """(() => {
  window.kalkanClicked = false;
  document.addEventListener("click", () => { window.kalkanClicked = true; }, { capture: true, once: true });
})()"""
_HEARD = """new Promise((done) => {
  const until = Date.now() + 1000;
  const look = () => {
    if (window.kalkanClicked !== false) done(true);
    else if (Date.now() > until) done(false);
    else setTimeout(look, 20);
  };
  look();
})"""


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
        """Click in the middle of a node (of its first line), as a person does: again if the browser swallowed it."""
        for _ in range(5):
            x, y = await self._place(selector)
            await self.run(_LISTEN)
            for kind in ("mousePressed", "mouseReleased"):
                await self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
            if await self.run(_HEARD):
                return
        raise AssertionError(f"no click arrives: {selector}; console: {self.console}")

    async def _place(self, selector: str) -> tuple[float, float]:
        """The middle of a node, once it lies still and uncovered."""
        before: list[float] | None = None
        for _ in range(int(self.patience / 0.05)):
            place = await self.run(_PLACE % json.dumps(selector))
            if place is not None and place == before:
                return place[0], place[1]
            before = place
            await asyncio.sleep(0.05)
        raise AssertionError(f"cannot be clicked: {selector}; console: {self.console}")

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


@contextmanager
def browser(profile: Path) -> Iterator[str]:
    """A browser process; gives the address of its DevTools. It ends with everything that it started."""
    assert CHROMIUM is not None
    command = [CHROMIUM, *_FLAGS, f"--user-data-dir={profile}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{_port(profile / 'DevToolsActivePort')}"
        finally:
            process.kill()


def _port(written: Path) -> int:
    """The port that the browser writes down when it listens."""
    end = time.monotonic() + 40
    while time.monotonic() < end:
        if written.exists() and (lines := written.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.05)
    raise AssertionError("the browser did not start")


@asynccontextmanager
async def new_tab(address: str) -> AsyncIterator[Tab]:
    """A fresh tab of a running browser, closed afterwards."""
    async with aiohttp.ClientSession() as session:
        async with session.put(f"{address}/json/new?about:blank") as response:
            target = await response.json()
        tab = Tab(await session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0))
        for domain in ("Page", "Runtime", "Log", "DOM"):
            await tab.send(f"{domain}.enable")
        try:
            yield tab
        finally:
            await tab.close()
            async with session.get(f"{address}/json/close/{target['id']}"):
                pass
