"""The web chat page: static files with a strict Content-Security-Policy.

The page's own documentation, with the ids and data attributes for browser tests, is ``page/README.md``.
"""

from importlib.resources import files
from typing import Final

from aiohttp import web

_TYPES: Final = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Page:
    """The page's files, read once."""

    def __init__(self) -> None:
        folder = files("bot.simulator") / "page"
        self._files = {
            entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name.rsplit(".", 1)[-1] in _TYPES
        }

    def routes(self) -> list[web.RouteDef]:
        """``/`` and ``/page/NAME``."""
        return [web.get("/", self._index), web.get("/page/{name}", self._asset)]

    async def _index(self, _: web.Request) -> web.Response:
        return self._serve("index.html")

    async def _asset(self, request: web.Request) -> web.Response:
        return self._serve(request.match_info["name"])

    def _serve(self, name: str) -> web.Response:
        content = self._files.get(name)
        if content is None:
            raise web.HTTPNotFound
        headers = {
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
        }
        kind = _TYPES[name.rsplit(".", 1)[-1]]
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)
