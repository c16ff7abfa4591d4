"""The server: the Bot API, the control interface and the web page behind one local address."""

import json
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.simulator.bot_api import BotApi, Observer
from bot.simulator.chat_page import Page
from bot.simulator.control import Control
from bot.simulator.limits import MAX_UPLOAD
from bot.simulator.shapes import Clock
from bot.simulator.world import World

_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@web.middleware
async def _only_local(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another web site could send through a browser: a foreign Host (DNS rebinding) or Origin."""
    host = request.headers.get("Host", "")
    if _hostname(f"//{host}") not in _LOCAL:
        raise web.HTTPForbidden(text="this simulator answers to local names only")
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        raise web.HTTPForbidden(text="this simulator answers to its own page only")
    return await handler(request)


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


class Simulator:
    """A local Bot API with its people.

    ``token`` is the only one accepted; ``port`` 0 takes a free one; ``page`` False leaves the web page out;
    ``clock`` gives aware datetimes; ``state_file`` gets the address as JSON while the server runs.
    After ``start()``: ``address`` is ``http://HOST:PORT``, ``base_url`` and ``base_file_url`` are what
    python-telegram-bot's Bot takes. ``world`` may be used directly from the same event loop.
    """

    def __init__(
        self,
        token: str,
        *,
        bot_username: str = "kalkan_demo_bot",
        host: str = "127.0.0.1",
        port: int = 0,
        page: bool = True,
        clock: Clock | None = None,
        state_file: Path | None = None,
    ) -> None:
        self.world = World(token, bot_username, clock)
        self.address = ""
        self._host, self._port = host, port
        self._state_file = state_file
        self._api = BotApi(self.world)
        self._control = Control(self.world)
        self._page = Page() if page else None
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """For ``Bot(base_url=…)``."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """For ``Bot(base_file_url=…)``."""
        return f"{self.address}/file/bot"

    @property
    def observers(self) -> list[Observer]:
        """Functions that see every call of the bot with its whole answer."""
        return self._api.observers

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        app = web.Application(middlewares=[_only_local], client_max_size=4 * MAX_UPLOAD)
        app.add_routes([*self._api.routes(), *self._control.routes()])
        if self._page is not None:
            app.add_routes(self._page.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        port = self._runner.addresses[0][1]
        self.address = f"http://{self._host}:{port}"
        self._write_state()

    async def stop(self) -> None:
        """Answer what waits, close every connection, forget nothing of the world."""
        await self._api.close()
        self.world.events.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._state_file is not None:
            self._state_file.unlink(missing_ok=True)

    async def __aenter__(self) -> "Simulator":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _write_state(self) -> None:
        if self._state_file is None:
            return
        state = {
            "address": self.address,
            "base_url": self.base_url,
            "base_file_url": self.base_file_url,
            "bot_username": self.world.bot.username,
        }
        self._state_file.write_text(json.dumps(state), encoding="utf-8")
