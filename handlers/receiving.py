"""The webhook receiver: an update is committed before Telegram is told 200, and who has no secret gets no memory.

PTB's own receiver buffers whole bodies before it checks the secret (four posts of 95 MB grew it by 570 MB) and answers
before anything is stored (59 to 96 of 100 forwards lost by `kill -9`). Here the secret is compared first, in constant
time; a body is read up to 1 MB; posts that arrive together are committed together, in the order of their numbers. What
cannot be stored now waits without an answer: Telegram, which has as many posts on their way as it may, holds the others
back, and they come in their order. What waited too long is answered 503, so that Telegram sends it again.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

log = logging.getLogger(__name__)

Accept = Callable[[Sequence[Mapping[str, Any]]], Awaitable[None]]

#: Whether waiting may mend an error.
MayWait = Callable[[Exception], bool]

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
#: An update is a few kilobytes: texts are at most 4,096 characters, and pictures are fetched apart. Bodies that do not
#: say how long they are end at the same number (aiohttp's own limit of a request).
MOST_BYTES: Final = 1 << 20
#: Seconds for the head of a request, and for its body.
_HEAD_SECONDS: Final = 5.0
_BODY_SECONDS: Final = 10.0
#: Telegram posts over many connections at once: what was sent one after the other may arrive the other way round. What
#: comes within so many seconds is put in order by its numbers, and stored together.
_GATHERING_SECONDS: Final = 0.03
#: How often the inbox hears that updates are being taken while none come: with polling each empty answer says so.
_PULSE_SECONDS: Final = 30.0
#: Connections at a time: Telegram opens 100 at most; the others are turned away before they are read.
#: For so many seconds a post waits for a database that is away, and how often that one is tried: a server is replaced
#: within thirty seconds, and Telegram waits for a minute.
_PATIENCE_SECONDS: Final = 45.0
_TRY_SECONDS: Final = 0.5
_MOST_CONNECTIONS: Final = 400
_AT_A_TIME: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the receiver listens, and at which path; a proxy that speaks TLS stands before it."""

    host: str
    port: int
    path: str = "/telegram"


@dataclass(kw_only=True, slots=True)
class _Post:
    """An update, the promise that it is stored, and since when it waits, in the event loop's seconds."""

    raw: Mapping[str, Any]
    stored: asyncio.Future[None]
    since: float


class _Door(web.Server):
    """Counts connections, and drops those that take their time before they have said anything."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> None:
        super().__init__(handler, access_log=None, lingering_time=0)
        self._silent: dict[web.RequestHandler, asyncio.TimerHandle] = {}

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        """A new connection, which has to say something soon."""
        super().connection_made(handler, transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()
            return
        self._silent[handler] = asyncio.get_running_loop().call_later(_HEAD_SECONDS, transport.abort)

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        """A connection is gone."""
        self.spoke(handler)
        super().connection_lost(handler, exc)

    def spoke(self, handler: web.RequestHandler) -> None:
        """A connection has sent the head of a request."""
        if (waiting := self._silent.pop(handler, None)) is not None:
            waiting.cancel()


class Receiver:
    """Takes what Telegram posts until cancelled."""

    def __init__(self, accept: Accept, secret: str, place: Place, may_wait: MayWait = lambda _error: False) -> None:
        """`accept` commits updates; whoever knows the `secret` is Telegram. Port 0: any free one, see `port`."""
        self._accept = accept
        self._may_wait = may_wait
        self._secret = secret.encode()
        self._place = place
        self._door = _Door(self._answer)
        self._waiting: list[_Post] = []
        self._knock = asyncio.Event()
        self.port = place.port
        self.listens = asyncio.Event()

    async def run(self) -> None:
        """Listen for ever. Raises OSError when the address is taken."""
        runner = web.ServerRunner(self._door, shutdown_timeout=5.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._place.host, self._place.port).start()
            self.port = runner.addresses[0][1]
            self.listens.set()
            await self._commit_for_ever()
        finally:
            self._refuse_waiting()
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._door.spoke(request.protocol)
        if request.path != self._place.path or request.method != "POST":
            return _parting(404)
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return _parting(403)
        if (request.content_length or 0) > MOST_BYTES:
            return _parting(413)
        return await self._taken(request)

    async def _taken(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                raw = json.loads(await request.read())
        except TimeoutError:
            return _parting(408)
        except web.HTTPRequestEntityTooLarge:
            return _parting(413)
        except (ValueError, RecursionError):
            # Telegram would send it for ever: nothing is to be learnt from it.
            log.warning("a post that is no JSON was dropped")
            return web.Response(status=200)
        if isinstance(raw, Mapping) and not await self._stored(raw):
            return web.Response(status=503)
        return web.Response(status=200)

    async def _stored(self, raw: Mapping[str, Any]) -> bool:
        loop = asyncio.get_running_loop()
        stored: asyncio.Future[None] = loop.create_future()
        self._waiting.append(_Post(raw=raw, stored=stored, since=loop.time()))
        self._knock.set()
        try:
            await stored
        except asyncio.CancelledError:
            if not stored.cancelled():
                raise
            return False
        except Exception:
            return False
        return True

    async def _commit_for_ever(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_PULSE_SECONDS):
                    await self._knock.wait()
            except TimeoutError:
                await self._accept([])
                continue
            await asyncio.sleep(_GATHERING_SECONDS)
            self._waiting.sort(key=_number)
            batch, self._waiting = self._waiting[:_AT_A_TIME], self._waiting[_AT_A_TIME:]
            if not self._waiting:
                self._knock.clear()
            if kept := await self._commit(batch):
                self._waiting = [*kept, *self._waiting]
                self._knock.set()
                await asyncio.sleep(_TRY_SECONDS)

    async def _commit(self, batch: Sequence[_Post]) -> list[_Post]:
        """Store them, and say so to whoever waits; those that are to be tried again together."""
        try:
            await self._accept([post.raw for post in batch])
        except Exception as error:
            if self._may_wait(error):
                return self._patient(batch, error)
            if len(batch) > 1:
                # One of them may be what the store refuses: the others are none the worse for it.
                return [kept for post in batch for kept in await self._commit([post])]
            _refuse(batch, error)
        except asyncio.CancelledError:
            _settle(batch, ConnectionAbortedError("stopping"))
            raise
        else:
            _settle(batch, None)
        return []

    def _patient(self, batch: Sequence[_Post], error: Exception) -> list[_Post]:
        """Those that have not waited too long; the others are refused."""
        oldest = asyncio.get_running_loop().time() - _PATIENCE_SECONDS
        _refuse([post for post in batch if post.since < oldest], error)
        return [post for post in batch if post.since >= oldest]

    def _refuse_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for post in waiting:
            post.stored.cancel()


def _refuse(batch: Sequence[_Post], error: Exception) -> None:
    if batch:
        log.warning("%d posts could not be stored (%s): Telegram sends them again", len(batch), type(error).__name__)
        _settle(batch, error)


def _settle(batch: Sequence[_Post], error: Exception | None) -> None:
    for post in batch:
        if post.stored.done():
            continue
        if error is None:
            post.stored.set_result(None)
        else:
            post.stored.set_exception(error)


def _number(waiting: _Post) -> int:
    number = waiting.raw.get("update_id")
    return number if isinstance(number, int) else 0


def _parting(status: int) -> web.Response:
    # Whoever is no Telegram is not read any further: an unread body ends with its connection.
    answer = web.Response(status=status)
    answer.force_close()
    return answer
