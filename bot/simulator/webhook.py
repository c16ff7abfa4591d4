"""Webhooks: setWebhook, deleteWebhook, getWebhookInfo, and the delivery of updates by POST.

An update stays queued until the bot answers 2xx; otherwise it is sent again after a pause that grows.
"""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from telegram.constants import WebhookLimit

from bot.simulator.calls import Call
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Clock, Json
from bot.simulator.update_queue import UpdateQueue

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_DEFAULT_CONNECTIONS: Final = 40  # documentation of setWebhook
_PATIENCE: Final = 60  # seconds that the server waits for the bot's answer


@dataclass(slots=True)
class Webhook:
    """The webhook of the bot; ``url`` is empty while there is none. ``first_pause`` and ``longest_pause``: seconds."""

    queue: UpdateQueue
    clock: Clock
    url: str = ""
    secret: str = ""
    connections: int = _DEFAULT_CONNECTIONS
    first_pause: float = 0.1
    longest_pause: float = 5.0
    posts: int = 0
    last_error: tuple[int, str] | None = None
    _task: asyncio.Task[None] | None = None
    _grown: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.queue.on_growth.append(self._grown.set)

    async def put(self, call: Call) -> bool:
        """setWebhook. Raises ApiError 400 for a bad address or secret. An empty address removes the webhook."""
        url, secret = call.text("url") or "", call.text("secret_token") or ""
        if not url:
            return await self.drop(call)
        _check_url(url)
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        most = int(WebhookLimit.MAX_CONNECTIONS_LIMIT)
        await self.stop()
        kinds = call.structure("allowed_updates")
        self.queue.allow(kinds if isinstance(kinds, list) else None)
        self._drop_pending(call)
        self.url, self.secret, self.last_error = url, secret, None
        self.connections = min(max(call.integer("max_connections", _DEFAULT_CONNECTIONS), 1), most)
        self._task = asyncio.create_task(self._deliver())
        return True

    async def drop(self, call: Call) -> bool:
        """deleteWebhook."""
        await self.stop()
        self._drop_pending(call)
        self.url = self.secret = ""
        return True

    def info(self) -> Json:
        """getWebhookInfo."""
        body: Json = {"url": self.url, "has_custom_certificate": False, "pending_update_count": len(self.queue)}
        if self.url:
            body |= {"max_connections": self.connections, "ip_address": "127.0.0.1"}
        if self.last_error is not None:
            body |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        if self.queue.named is not None:
            body["allowed_updates"] = self.queue.named
        return body

    async def stop(self) -> None:
        """End the delivery; what is not confirmed stays queued."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._busy.clear()

    def _drop_pending(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self.queue.clear()

    async def _deliver(self) -> None:
        timeout = aiohttp.ClientTimeout(total=_PATIENCE)
        async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as group:
            while True:
                self._grown.clear()
                free = self.connections - len(self._busy)
                waiting = self.queue.first(self.connections + len(self._busy)) if free > 0 else []
                for update in [u for u in waiting if u["update_id"] not in self._busy][:free]:
                    self._busy.add(update["update_id"])
                    group.create_task(self._deliver_one(session, update))
                await self._grown.wait()

    async def _deliver_one(self, session: aiohttp.ClientSession, update: Json) -> None:
        pause = self.first_pause
        while not await self._posted(session, update):
            await asyncio.sleep(pause)
            pause = min(pause * 2, self.longest_pause)
        self.queue.confirm(update["update_id"])
        self._busy.discard(update["update_id"])
        self._grown.set()

    async def _posted(self, session: aiohttp.ClientSession, update: Json) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        self.posts += 1
        try:
            async with session.post(self.url, json=update, headers=headers, allow_redirects=False) as response:
                if 200 <= response.status < 300:
                    return True
                reason = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            reason = "Read timeout expired" if isinstance(error, TimeoutError) else "Connection refused"
        self.last_error = (int(self.clock().timestamp()), reason)
        return False


def _check_url(url: str) -> None:
    """HTTPS, as in the cloud; plain HTTP to this machine only, as a local Bot API server allows."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise bad_request("bad webhook: invalid URL specified") from error
    if not host:
        raise bad_request("bad webhook: invalid URL specified")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOCAL):
        raise bad_request("bad webhook: an HTTPS URL must be provided for webhook")
