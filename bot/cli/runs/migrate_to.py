"""Moves the house that the settings describe into another database, and marks both ways while it lasts."""

import asyncio
from pathlib import Path

import sqlalchemy as sa

from bot.cli.runs.progress import ImportWatch
from bot.clock import utcnow
from bot.config import Settings
from bot.errors import SettingsError
from bot.services.backup.moving import Moved, Moving
from bot.services.custody_secret import read_custody_keys, secret_path
from bot.services.secret_files import place_file
from bot.storage.instance import sole
from bot.storage.store import Store
from bot.wiring.archive import MOVED, MOVING, Archive


def run_migrate_to(url: str) -> list[str]:
    """Move, and say what came of it. Raises SettingsError, AlreadyServed, Refusal."""
    settings, place = Settings.read(), _place(url)
    if settings.database_url is not None:
        raise SettingsError("KALKAN_DATABASE_URL names a server already: only a newsroom in its SQLite file is moved")
    if not (settings.data_dir / "kalkan.sqlite").is_file():
        raise SettingsError(f"there is no newsroom in {settings.data_dir}")
    moved = asyncio.run(_moved(settings, url, place))
    return [
        f"moved: {moved.rows} rows of {moved.newsrooms} newsroom, each compared with what it was",
        *(f"the custody log is the same: {root}" for root in moved.roots),
        f"Now set KALKAN_DATABASE_URL to {place} and start the bot again.",
        "kalkan.sqlite stays as it was. When all is well, remove it: it holds everything up to now.",
    ]


async def _moved(settings: Settings, url: str, place: str) -> Moved:
    archive, marker = Archive.of(settings, is_moving=True), settings.data_dir / MOVING
    keys = read_custody_keys(secret_path(settings.custody_key_path), archive.secrets)
    async with sole(settings.data_dir, url, utcnow(), newsroom=settings.newsroom):
        source, target = archive.store(), Store(url)
        try:
            moving = Moving(source, target, archive.vault(), keys)
            _require_same(marker, place)
            if not marker.exists():
                if not await moving.is_empty():
                    raise SettingsError("this database is not empty: name an empty one")
                place_file(marker, place.encode())
            with ImportWatch("moving") as watch:
                moved = await moving.run(watch.progress)
        finally:
            await source.close()
            await target.close()
        marker.rename(settings.data_dir / MOVED)
    return moved


def _require_same(marker: Path, place: str) -> None:
    if marker.exists() and (began := marker.read_text(encoding="utf-8")) != place:
        raise SettingsError(f"the move to {began} is not finished: name that one, or remove {marker} and begin anew")


def _place(url: str) -> str:
    """The address without a password. Raises SettingsError."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError("this is no address such as postgresql+asyncpg://kalkan@localhost/kalkan") from None
    if parsed.drivername != "postgresql+asyncpg":
        raise SettingsError("the address begins with postgresql+asyncpg://")
    return parsed.render_as_string(hide_password=True)
