"""What machines may ask of a running bot, on this machine only: is it alive, is it at work, and its figures.

`/health`: the process answers and its database can be read; where several share it, which of them live. `/ready`:
updates come in as well, through the queue where there is one. `/metrics`: Prometheus' text. A receiver before a queue
has no database: there the queue's broker is what has to answer. Nothing of it names a person, and nothing can be
changed by it; still it listens on a loopback address alone.
"""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import measures
from bot.clock import Clock
from bot.config import Settings
from bot.errors import SettingsError
from bot.inbox import Inbox
from bot.ingest.state import QueueState
from bot.model.process import Crew, CrewTrouble, ProcessRole
from bot.storage import newsrooms, processes, queues
from bot.storage.store import Store

log = logging.getLogger(__name__)

Answer = Callable[[web.BaseRequest], Awaitable[web.Response]]

_WORDS: Final = {
    CrewTrouble.NO_WORKER: "updates wait, and no worker lives",
    CrewTrouble.NO_SCHEDULER: "no scheduler lives: nothing is sent",
    CrewTrouble.NO_LEADER: "no scheduler leads: nothing is sent",
}
#: Seconds for a look at the database.
_PATIENCE: Final = 2.0
#: Seconds without a word of the queue's broker, which is asked every five, or at each try to reach it.
_QUEUE_SILENCE: Final = 15.0
#: Seconds without updates asked for after which something is wrong: the longest poll is 50, the longest pause after a
#: failure 30.
_SILENCE: Final = 90.0


class OutpostMonitor:
    """Answers until cancelled, for a process that has a queue and no database."""

    def __init__(self, settings: Settings, queue: QueueState | None) -> None:
        """`queue` is None in a process that has nothing to do with one."""
        self._settings = settings
        self._queue = queue
        self._answers: dict[str, Answer] = {"/health": self._health, "/ready": self._ready, "/metrics": self._metrics}
        self.port = 0
        self.listens = asyncio.Event()

    async def run(self) -> None:
        """Listen for ever. Raises SettingsError where the address is taken."""
        host, _, port = self._settings.monitor_listen.rpartition(":")
        runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
            self.port = runner.addresses[0][1]
            self.listens.set()
            await asyncio.Event().wait()
        except OSError:
            where = self._settings.monitor_listen
            raise SettingsError(f"KALKAN_MONITOR_LISTEN: {where} is taken, or no address of this machine") from None
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        answer = self._answers.get(request.path)
        if answer is None or request.method != "GET":
            return web.Response(status=404)
        return await answer(request)

    async def _health(self, _request: web.BaseRequest) -> web.Response:
        return _verdict(await self._looked(), self._more())

    def _more(self) -> str:
        """What is said beside the verdict, where it is well."""
        return ""

    async def _ready(self, _request: web.BaseRequest) -> web.Response:
        return _verdict(self._queue_answers() and await self._looked())

    def _queue_answers(self) -> bool:
        silence = 0.0 if self._queue is None else self._queue.silence
        return silence is not None and silence <= _QUEUE_SILENCE

    async def _metrics(self, _request: web.BaseRequest) -> web.Response:
        is_whole = await self._looked()
        measures.QUEUE_UP.set(self._queue_answers())
        waiting = 0 if self._queue is None else self._queue.waiting
        measures.QUEUE_WAITING.set(float("nan") if waiting is None else waiting)
        headers = {"Content-Type": CONTENT_TYPE_LATEST}
        return web.Response(status=200 if is_whole else 503, body=generate_latest(measures.REGISTRY), headers=headers)

    async def _looked(self) -> bool:
        """Whether what this process stands on answers."""
        return self._queue_answers()


class Monitor(OutpostMonitor):
    """Answers until cancelled, for a process that has a database."""

    def __init__(
        self, settings: Settings, store: Store, clock: Clock, inbox: Inbox | None, queue: QueueState | None = None
    ) -> None:
        """`inbox` is the one through which updates come in here, in a process that takes some."""
        super().__init__(settings, queue)
        self._store = store
        self._clock = clock
        self._inbox = inbox
        self._crew: Crew | None = None
        self._waits = 0

    def _more(self) -> str:
        # Whether others live is no reason to end this one: it is told, and changes nothing.
        return _told(self._crew, self._waits)

    async def _ready(self, request: web.BaseRequest) -> web.Response:
        silence = self._silence()
        if silence is None or silence > _SILENCE:
            return _verdict(False)
        return await super()._ready(request)

    def _silence(self) -> float | None:
        return self._inbox.silence if self._inbox is not None else 0.0

    async def _looked(self) -> bool:
        """Look at what the database holds; whether it could be read."""
        if self._store.damaged.is_set():
            return False
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._look()
        except Exception as error:
            log.warning("the monitor could not look at the database: %s", type(error).__name__)
            return False
        return True

    async def _look(self) -> None:
        now = self._clock()
        async with self._store.read() as conn:
            found = {
                "inbox": await queues.inbox(conn, None, now),
                "alarms": await queues.alarms(conn, None, now),
                "outbox": await queues.outbox(conn, None, now),
            }
            measures.DEAD.set(await queues.dead(conn, None))
            own = await newsrooms.with_key(conn, self._settings.newsroom)
            self._crew = await processes.crew(conn, own.id) if own is not None else None
        self._waits = found["inbox"].waiting
        _count(self._crew)
        for name, queue in found.items():
            measures.WAITING.labels(name).set(queue.waiting)
            measures.OLDEST.labels(name).set(queue.seconds)
        silence = self._silence()
        measures.TAKEN.set(silence if silence is not None else float("nan"))
        measures.DISK.set((await asyncio.to_thread(shutil.disk_usage, self._settings.data_dir)).free)


def _count(crew: Crew | None) -> None:
    if crew is None:
        return
    for role in ProcessRole:
        measures.PROCESSES.labels(role.value).set(crew.count(role))
    measures.PROCESSES.labels("leader").set(crew.is_led and not crew.is_alone)


def _told(crew: Crew | None, waiting: int) -> str:
    """Who lives, and what they lack; nothing where one process does everything."""
    if crew is None or crew.is_alone:
        return ""
    counts = "".join(f"{role} {crew.count(role)}\n" for role in ProcessRole if role is not ProcessRole.ALL)
    return counts + "".join(f"warning: {_WORDS[trouble]}\n" for trouble in crew.troubles(waiting))


def _verdict(is_well: bool, more: str = "") -> web.Response:
    return web.Response(status=200, text=f"ok\n{more}") if is_well else web.Response(status=503, text="not ok\n")
