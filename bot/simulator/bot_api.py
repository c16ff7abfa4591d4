"""The Bot API over HTTP: token, method table, faults, journal, and file downloads."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from aiohttp import web

from bot.simulator.calls import Call, read_call
from bot.simulator.faults import Fault, FaultKind
from bot.simulator.methods import METHODS
from bot.simulator.polling import Poller
from bot.simulator.refusals import ApiError, bad_request, conflict, too_many_requests, unauthorized, unknown_method
from bot.simulator.shapes import Json
from bot.simulator.webhook import Webhook
from bot.simulator.world import World

Observer = Callable[[Call, Json], None]

_log = logging.getLogger(__name__)

_BEFORE: Final = frozenset({FaultKind.TIMEOUT_BEFORE, FaultKind.CUT_BEFORE})
_HANGING: Final = frozenset({FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER})
_SILENT: Final = _BEFORE | {FaultKind.TIMEOUT_AFTER, FaultKind.CUT_AFTER}
_STATUS_TEXTS: Final = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
_WEBHOOK_ACTIVE: Final = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"


class BotApi:
    """Answers the bot. ``observers`` see every call and its whole answer (the schema checks of the tests)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.webhook = Webhook(world.updates, world.clock)
        self.observers: list[Observer] = []
        self._poller = Poller(world.updates)
        self._closing = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        """The routes under which python-telegram-bot finds methods and files."""
        return [
            web.route("*", "/bot{token}/{method}", self.handle),
            web.get("/file/bot{token}/{path:.+}", self.download),
        ]

    async def close(self) -> None:
        """End the poll, the hanging answers and the webhook's delivery."""
        self._closing.set()
        self._poller.close()
        await self.webhook.stop()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request of the bot, from its token to the answer."""
        name = request.match_info["method"]
        call = Call(method=name)
        try:
            if request.match_info["token"] != self.world.token:
                raise unauthorized()
            call = await read_call(request, name)
            fault = self.world.faults.draw(name, _chat_id(call))
            if fault is not None:
                return await self._struck(request, call, fault)
            answer = await self._answer(call)
        except ApiError as refusal:
            answer = refusal.as_json()
        return self._respond(call, answer, fault=None)

    async def download(self, request: web.Request) -> web.Response:
        """The bytes of a file."""
        stored = self.world.files.at(request.match_info["path"])
        found = stored is not None and request.match_info["token"] == self.world.token
        call = Call(method="downloadFile", params={"path": request.match_info["path"]})
        about = {stored.owner_id} if stored is not None else set()
        status = 200 if found else 404
        self._note(call, status, about=frozenset(about), error=None if found else "Not Found", fault=None)
        if stored is None or not found:
            return _json(404, ApiError(404, "Not Found").as_json())
        return web.Response(body=stored.data, content_type="application/octet-stream")

    async def _answer(self, call: Call) -> Json:
        try:
            return {"ok": True, "result": await self._dispatch(call)}
        except ApiError as refusal:
            return refusal.as_json()
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            # A parameter of a shape that no method foresees. Telegram refuses such requests with many texts.
            _log.info("unreadable parameters for %s: %r", call.method, error)
            return bad_request("wrong type of a parameter in the request").as_json()

    async def _dispatch(self, call: Call) -> Any:
        match call.method.lower():
            case "getupdates":
                if self.webhook.url:
                    raise conflict(f"{_WEBHOOK_ACTIVE} first")
                return await self._poller.get_updates(call)
            case "setwebhook":
                done = await self.webhook.put(call)
                if self.webhook.url:
                    self._poller.end_for_webhook()
                return done
            case "deletewebhook":
                return await self.webhook.drop(call)
            case "getwebhookinfo":
                return self.webhook.info()
        function = METHODS.get(call.method.lower())
        if function is None:
            raise unknown_method()
        return await function(self.world, call)

    async def _struck(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        """What a request meets when a fault strikes it."""
        if fault.kind is FaultKind.TOO_MANY_REQUESTS:
            return self._respond(call, too_many_requests(fault.retry_after).as_json(), fault)
        if fault.kind is FaultKind.SERVER_ERROR:
            text = _STATUS_TEXTS.get(fault.status, "Error")
            return self._respond(call, ApiError(fault.status, text).as_json(), fault)
        if fault.kind is FaultKind.SLOW:
            await self._hang(fault.delay)
            return self._respond(call, await self._answer(call), fault)
        answer = {} if fault.kind in _BEFORE else await self._answer(call)
        if fault.kind in _SILENT:
            return await self._fall_silent(request, call, fault)
        self._respond(call, answer, fault)
        return web.Response(text=json.dumps(answer)[: -max(2, len(answer))], content_type="application/json")

    async def _fall_silent(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        self._note(call, 0, about=concerned(self.world, call), error=None, fault=fault)
        if fault.kind in _HANGING:
            await self._hang(fault.delay)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _hang(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return

    def _respond(self, call: Call, answer: Json, fault: Fault | None) -> web.Response:
        status = int(answer.get("error_code", 200))
        about = concerned(self.world, call)
        self._note(call, status, about=about, error=answer.get("description"), fault=fault)
        for observe in self.observers:
            observe(call, answer)
        return _json(status, answer)

    def _note(self, call: Call, status: int, *, about: frozenset[int], error: str | None, fault: Fault | None) -> None:
        self.world.journal.note(
            at=self.world.clock(),
            method=call.method,
            params=call.for_journal(),
            chat_id=_chat_id(call),
            about=about,
            status=status,
            error=error,
            fault=None if fault is None else fault.kind.value,
        )
        self.world.touch()


def _json(status: int, body: Json) -> web.Response:
    return web.Response(text=json.dumps(body), status=status, content_type="application/json")


def _chat_id(call: Call) -> int | None:
    return call.integer("chat_id") or None


def concerned(world: World, call: Call) -> frozenset[int]:
    """The users and chats that a request is about, however it names them."""
    ids = {call.integer(name) for name in ("chat_id", "from_chat_id", "user_id")}
    for name in ("scope", "reply_parameters"):
        with suppress(ApiError):  # what can't be read is about nobody
            inner = call.nested(name)
            ids |= {inner.integer("chat_id"), inner.integer("user_id")}
    name = str(call.params.get("chat_id", ""))
    ids |= {chat.id for chat in world.chats.values() if chat.username and name == f"@{chat.username}"}
    press = world.presses.get(call.text("callback_query_id") or "")
    stored = world.files.find(call.text("file_id") or "")
    ids |= {press.user.id} if press is not None else set()
    ids |= {stored.owner_id} if stored is not None else set()
    return frozenset(ids - {0, world.bot.id})
