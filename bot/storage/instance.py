"""One process serves a data folder, and one a database: a second by mistake is refused, and the first is named.

The folder is held by a lock on a file, which the kernel drops with the process that held it: whatever a power cut
leaves behind blocks nobody. A shared PostgreSQL is held by an advisory lock of a session, which ends with its
connection. Processes that share the work hold both together, and none of them beside one that does everything.
"""

import asyncio
import fcntl
import json
import logging
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from bot.errors import AlreadyServed
from bot.storage.advisory import INSTANCE_KEY, AdvisoryLock, key_for
from bot.storage.faults import passes

log = logging.getLogger(__name__)

FILE: Final = "serve.lock"
_LOOK_SECONDS: Final = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Who serves: process id, machine, since when (ISO 8601)."""

    pid: int | None
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid or '?'} on {self.host} since {self.since}"


@asynccontextmanager
async def sole(
    folder: Path, url: str, now: datetime, *, newsroom: str = "", shared: bool = False
) -> AsyncIterator["Watch"]:
    """Hold the data folder and, where there is one, the PostgreSQL database. Raises AlreadyServed.

    `newsroom`: its key, where several share the database: each is held for itself. `shared`: beside others that share
    it too, and never beside one that has it alone.
    """
    me = Holder(pid=os.getpid(), host=socket.gethostname(), since=now.isoformat(timespec="seconds"))
    with holding(folder, me, shared=shared):
        watch = Watch(url, newsroom, shared=shared)
        try:
            await watch.take()
            yield watch
        finally:
            await watch.release()


@asynccontextmanager
async def held(url: str, newsroom: str) -> AsyncIterator[None]:
    """Hold a newsroom's place in another database, where there is one. Raises AlreadyServed."""
    watch = Watch(url, newsroom)
    try:
        await watch.take()
        yield
    finally:
        await watch.release()


@contextmanager
def holding(folder: Path, me: Holder, *, shared: bool = False) -> Iterator[None]:
    """Hold a data folder, which is made if need be. Raises AlreadyServed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(f"{folder} is served already, by {_read(descriptor)}: stop that one first") from None
        _write(descriptor, me)
        yield
    finally:
        os.close(descriptor)


def holder_of(folder: Path) -> Holder | None:
    """Who serves a data folder right now; None for nobody. Nothing is made or kept."""
    try:
        descriptor = os.open(folder / FILE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # Also those who share it keep it from whoever wants it alone.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(descriptor)
    finally:
        os.close(descriptor)
    return None


def _write(descriptor: int, me: Holder) -> None:
    # What the note says is for people; on a full or read-only disk the lock holds without it.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(me)).encode(), 0)


def _read(descriptor: int) -> Holder:
    try:
        told: Any = json.loads(os.pread(descriptor, 1000, 0))
        return Holder(pid=int(told["pid"]), host=str(told["host"]), since=str(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(pid=None, host="this machine", since="an unknown time")


class Watch:
    """The advisory lock of a newsroom in PostgreSQL; on SQLite there is nothing to hold or to watch.

    Processes that share the work share the lock; whoever does everything has it alone.
    """

    def __init__(self, url: str, newsroom: str = "", *, shared: bool = False) -> None:
        is_shared_database = sa.make_url(url).get_backend_name() == "postgresql"
        self._lock = AdvisoryLock(url, key_for(INSTANCE_KEY, newsroom)) if is_shared_database else None
        self._shared = shared

    async def take(self) -> None:
        """Take the lock. Raises AlreadyServed."""
        if self._lock is None or await self._lock.take(shared=self._shared):
            return
        holder = _named(await self._lock.holder())
        raise AlreadyServed(f"this database is served already, by {holder}: stop that one first")

    async def run(self) -> None:
        """Look for ever whether the lock is still ours, and take it again after the connection broke.

        Raises AlreadyServed when another process took it meanwhile.
        """
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            if self._lock is None:
                continue
            try:
                await (self.take() if self._lock.conn is None else self._lock.look())
            except AlreadyServed:
                raise
            except Exception as error:
                if not passes(error):
                    log.warning("the lock of the database cannot be looked at: %s", type(error).__name__)
                await self._lock.drop()

    async def release(self) -> None:
        """Let go."""
        if self._lock is not None:
            await self._lock.release()


def _named(found: sa.Row[tuple[str, Any]] | None) -> Holder:
    if found is None:
        return Holder(pid=None, host="another machine", since="an unknown time")
    pid, _, host = str(found.application_name).removeprefix("kalkan ").partition("@")
    since = found.backend_start.isoformat(timespec="seconds")
    return Holder(pid=int(pid) if pid.isdigit() else None, host=host or "another machine", since=since)
