"""The database as the command line sees it: its revision, and its errors in one line.

No line repeats the database's address, which may hold a password.
"""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError, NoSuchModuleError

from bot.storage.migrating import alembic_config
from bot.storage.store import Store


async def revisions(store: Store) -> tuple[str | None, str | None]:
    """The revision that the database is at and the newest one; nothing of both where no SQLite file is there yet."""
    try:
        if store.is_sqlite and not await asyncio.to_thread(Path(store.url.database or "").exists):
            return None, None
        async with store.read() as conn:
            return await conn.run_sync(_revisions)
    finally:
        await store.close()


def _revisions(connection: sa.Connection) -> tuple[str | None, str | None]:
    script = ScriptDirectory.from_config(alembic_config(connection))
    return MigrationContext.configure(connection).get_current_revision(), script.get_current_head()


def database_trouble(error: Exception) -> str | None:
    """What to say of this error; None when the database has nothing to do with it."""
    if isinstance(error, NoSuchModuleError | ArgumentError):
        return "KALKAN_DATABASE_URL is wrong: sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME"
    if isinstance(error, CommandError):
        return "the database was made by another version of Kalkan: update Kalkan, or restore the database's backup"
    if isinstance(error, DBAPIError):
        cause = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        return f"the database cannot be used: {cause[0]}"
    if isinstance(error, InvalidRequestError) and "asyncio" in str(error):
        return "KALKAN_DATABASE_URL needs an asynchronous driver: sqlite+aiosqlite or postgresql+asyncpg"
    return None
