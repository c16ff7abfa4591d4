"""An advisory lock of PostgreSQL's, held by a connection of its own: it ends with the connection, however that ends."""

import asyncio
import hashlib
import os
import socket
from contextlib import suppress
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

#: Numbers that nothing else in the database locks by: who serves it, and who leads among several that do.
INSTANCE_KEY: Final = 0x4B616C6B616E
LEAD_KEY: Final = 0x4B616C6B616F
#: How whoever serves alone has the first.
ALONE: Final = "ExclusiveLock"
#: Seconds for a look at the connection.
_PATIENCE: Final = 3.0


def key_for(base: int, newsroom: str) -> int:
    """The number of a lock that each newsroom of a shared database has for itself, by the newsroom's key."""
    if not newsroom:
        return base
    digest = hashlib.blake2b(f"{base}:{newsroom}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


class AdvisoryLock:
    """Of one number; exclusive, or shared with others who share it."""

    def __init__(self, url: str, key: int, *, ends_after: int | None = None) -> None:
        """`ends_after`: seconds of silence after which the server ends the connection of a process that hangs."""
        self.key = key
        self._ends_after = ends_after
        named = {"server_settings": {"application_name": f"kalkan {os.getpid()}@{socket.gethostname()}"[:63]}}
        self._engine = create_async_engine(url, poolclass=NullPool, connect_args=named)
        self.conn: AsyncConnection | None = None

    async def take(self, *, shared: bool = False) -> bool:
        """Try to take it; whether it is ours. Raises what the driver raises where the server cannot be reached."""
        conn = await self._engine.connect()
        try:
            await conn.execution_options(isolation_level="AUTOCOMMIT")
            if self._ends_after is not None:
                seconds = f"{self._ends_after}s"
                await conn.execute(sa.select(sa.func.set_config("idle_session_timeout", seconds, False)))
            lock = sa.func.pg_try_advisory_lock_shared if shared else sa.func.pg_try_advisory_lock
            if await conn.scalar(sa.select(lock(self.key))):
                self.conn = conn
                return True
        finally:
            if self.conn is not conn:
                await conn.close()
        return False

    async def look(self) -> None:
        """Raise what the driver raises where the connection, and with it the lock, is gone."""
        if self.conn is None:
            raise ConnectionError
        async with asyncio.timeout(_PATIENCE):
            await self.conn.execute(sa.select(1))

    async def holder(self) -> sa.Row[tuple[str, object]] | None:
        """The application's name and the beginning of the connection of whoever has it."""
        given = {"high": self.key >> 32, "low": self.key & 0xFFFFFFFF}
        async with self._engine.connect() as conn:
            return (await conn.execute(sa.text(_WHO), given)).one_or_none()

    async def drop(self) -> None:
        """Let go of it."""
        conn, self.conn = self.conn, None
        if conn is not None:
            with suppress(Exception):
                await conn.close()

    async def release(self) -> None:
        """Let go of it for good."""
        await self.drop()
        await self._engine.dispose()


async def mode_of(conn: AsyncConnection, key: int) -> str | None:
    """How a lock is held, in PostgreSQL's words; None: by nobody."""
    given = {"high": key >> 32, "low": key & 0xFFFFFFFF}
    mode: str | None = await conn.scalar(sa.text(_MODE), given)
    return mode


_MODE: Final = """
    SELECT l.mode FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = CAST(:high AS bigint)::oid
      AND l.objid = CAST(:low AS bigint)::oid
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    LIMIT 1
"""
_WHO: Final = """
    SELECT a.application_name, a.backend_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = CAST(:high AS bigint)::oid
      AND l.objid = CAST(:low AS bigint)::oid
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    LIMIT 1
"""
