"""Clears the newsroom out of the database that it left."""

import asyncio

from bot.cli.runs.migrate_to import place_in
from bot.cli.runs.progress import ImportWatch
from bot.config import Settings
from bot.errors import SettingsError
from bot.services.backup.clearing import Clearing
from bot.storage import newsrooms
from bot.storage.instance import held
from bot.storage.store import Store
from bot.wiring.archive import MOVED, Archive, place_of


def run_clear_old(url: str) -> str:
    """Clear, and say so. Raises SettingsError, AlreadyServed, Refusal."""
    settings, place = Settings.read(), place_in(url)
    marker = settings.data_dir / MOVED
    before = marker.read_text(encoding="utf-8").partition("\n")[2] if marker.exists() else ""
    if place != before or place_of(settings) == before:
        raise SettingsError("this newsroom did not leave that database by `kalkan migrate-to`: nothing was removed")
    removed = asyncio.run(_cleared(settings, url))
    return f"{removed} rows were removed. Copies of that server's disk, and its backups, still hold what was there."


async def _cleared(settings: Settings, url: str) -> int:
    house = old = Store(url)
    try:
        async with held(url, settings.newsroom), Archive.of(settings).own_store() as own:
            async with own.read() as conn:
                newsroom = await newsrooms.with_key(conn, settings.newsroom)
            if newsroom is None:
                raise SettingsError("there is no newsroom at the new place: nothing was removed")
            old = house.of(newsroom.id)
            with ImportWatch("clearing") as watch:
                return await Clearing(own, old, house, newsroom.id).run(watch.progress)
    finally:
        await old.close()
        await house.close()
