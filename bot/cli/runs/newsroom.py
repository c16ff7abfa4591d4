"""Gives the newsroom of a database its key."""

import asyncio
import re
from typing import Final

from bot.clock import utcnow
from bot.config import NEWSROOM_KEY, Settings
from bot.errors import SettingsError
from bot.storage import newsrooms
from bot.storage.instance import sole
from bot.wiring.archive import Archive

_KEY: Final = re.compile(NEWSROOM_KEY)


def run_newsroom(key: str) -> str:
    """Name it, and say what to set. Raises SettingsError, AlreadyServed."""
    settings = Settings.read()
    if settings.database_url is None:
        raise SettingsError("only newsrooms that share a PostgreSQL need keys (KALKAN_DATABASE_URL)")
    if not key or _KEY.fullmatch(key) is None:
        raise SettingsError("a key is made of small letters, digits and -, forty at most")
    if not asyncio.run(_named(settings, key)):
        raise SettingsError("no newsroom of this database is without a key")
    return f"Named. Set KALKAN_NEWSROOM={key} and start the bot again."


async def _named(settings: Settings, key: str) -> bool:
    store = Archive.of(settings).store()
    try:
        async with sole(settings.data_dir, settings.database, utcnow()):
            await store.migrate()
            async with store.write() as conn:
                return key not in await newsrooms.keys(conn) and await newsrooms.name_first(conn, key)
    finally:
        await store.close()
