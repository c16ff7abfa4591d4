"""Moves the house that the settings describe into another database, and marks both ways while it lasts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.cli.runs.progress import ImportWatch
from bot.clock import utcnow
from bot.config import Settings
from bot.errors import SettingsError
from bot.services.backup.moving import Moved, Moving
from bot.services.custody_secret import read_custody_keys, secret_path
from bot.services.secret_files import place_file
from bot.storage import newsrooms
from bot.storage.instance import held, sole
from bot.storage.store import Store
from bot.storage.tenant_wall import stands
from bot.wiring.archive import MOVED, MOVING, Archive, place_of


def run_migrate_to(url: str) -> list[str]:
    """Move, and say what came of it. Raises SettingsError, AlreadyServed, Refusal."""
    settings, place = Settings.read(), place_in(url)
    if settings.database_url is None and not (settings.data_dir / "kalkan.sqlite").is_file():
        raise SettingsError(f"there is no newsroom in {settings.data_dir}")
    if place_of(settings) == place:
        raise SettingsError("the newsroom is there already")
    moved = asyncio.run(_moved(settings, url, place))
    return [
        f"moved: {moved.rows} rows of {moved.newsrooms} newsroom, each compared with what it was",
        *(f"the custody log is the same: {root}" for root in moved.roots),
        f"Now set KALKAN_DATABASE_URL to {place} and start the bot again.",
        _said_of_old(settings),
    ]


def _said_of_old(settings: Settings) -> str:
    if settings.database_url is None:
        return "kalkan.sqlite stays as it was. When all is well, remove it: it holds everything up to now."
    return "The old database stays as it was. When all is well, remove what it holds with `kalkan clear-old URL`."


async def _moved(settings: Settings, url: str, place: str) -> Moved:
    archive, marker = Archive.of(settings, is_moving=True), settings.data_dir / MOVING
    keys = read_custody_keys(secret_path(settings.custody_key_path), archive.secrets)
    async with (
        sole(settings.data_dir, settings.database, utcnow(), newsroom=settings.newsroom),
        held(url, settings.newsroom),
        archive.own_store() as source,
        _room_in(url, source, settings.newsroom) as (target, shared),
    ):
        moving = Moving(source, target, archive.vault(), keys, shared=shared)
        _require_same(marker, place)
        if not marker.exists():
            if not await moving.is_empty():
                raise SettingsError("this database is not empty: name an empty one")
            place_file(marker, f"{place}\n{place_of(settings)}".encode())
        with ImportWatch("moving") as watch:
            moved = await moving.run(watch.progress)
        marker.rename(settings.data_dir / MOVED)
    return moved


@asynccontextmanager
async def _room_in(url: str, source: Store, key: str) -> AsyncIterator[tuple[Store, bool]]:
    """Where the newsroom goes, opened for it; and whether others are there. Raises SettingsError."""
    house = target = Store(url)
    try:
        await source.migrate()
        await house.migrate()
        async with source.read() as conn:
            newsroom = await newsrooms.with_key(conn, key) or await newsrooms.first(conn)
        if newsroom is None:
            raise SettingsError("there is no newsroom yet")
        async with house.read() as conn:
            others = [each for each in await newsrooms.all_ids(conn) if each != newsroom.id]
            if others and not await stands(conn):
                raise SettingsError("others are there, and this role passes by row-level security (docs/scale.md)")
        if others and not key:
            raise SettingsError("others are there: set KALKAN_NEWSROOM to a key for this newsroom first")
        if key:
            async with source.write() as conn:
                await newsrooms.name_first(conn, key)
        target = house.of(newsroom.id)
        yield target, bool(others)
    finally:
        await target.close()
        await house.close()


def _require_same(marker: Path, place: str) -> None:
    if marker.exists() and (began := marker.read_text(encoding="utf-8").partition("\n")[0]) != place:
        raise SettingsError(f"the move to {began} is not finished: name that one, or remove {marker} and begin anew")


def place_in(url: str) -> str:
    """The address without a password. Raises SettingsError."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise SettingsError("this is no address such as postgresql+asyncpg://kalkan@localhost/kalkan") from None
    if parsed.drivername != "postgresql+asyncpg":
        raise SettingsError("the address begins with postgresql+asyncpg://")
    return parsed.render_as_string(hide_password=True)
