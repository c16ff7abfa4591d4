"""Looks whether everything is there that Kalkan needs; nothing is made or changed."""

import asyncio
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.cli.runs.database import database_trouble, revisions
from bot.config import Settings
from bot.errors import KalkanError, SettingsError
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, CatalogError, Catalogs
from bot.wiring.archive import PLAIN_WARNING, Archive
from bot.wiring.master_key import house_keys, key_path
from bot.wiring.memory_folder import swap_in_use
from detection.screenshot.engine import available, models_folder, version

#: Below this much free disk a burst of pictures could fill it.
_LEAST_FREE: Final = 500_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """One thing that was looked at."""

    what: str
    fine: bool
    said: str
    #: Kalkan goes on without it.
    optional: bool = False


def signs() -> Iterator[Sign]:
    """Everything that can be looked at, in order; without settings there is nothing else to see."""

    try:
        settings = Settings.read()
    except SettingsError as error:
        yield Sign(what="settings", fine=False, said=str(error))
        return
    token = "with a bot token" if settings.telegram_token else "no bot token yet: `kalkan serve` needs one"
    yield Sign(what="settings", fine=True, said=f"readable, {token}")
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("data folder", _data_folder),
        ("database driver", _driver),
        ("encryption", _encryption),
        ("database", _database),
        ("languages", _languages),
        ("disk", _disk),
    )
    for what, look in checks:
        yield _sign(what, look, settings)
    yield replace(_sign("swap", _swap, settings), optional=True)
    yield replace(_sign("reading of screenshots", _ocr, settings), optional=True)
    yield replace(_sign("anchors of the custody log", _anchors, settings), optional=True)


def _sign(what: str, look: Callable[[Settings], str], settings: Settings) -> Sign:
    try:
        return Sign(what=what, fine=True, said=look(settings))
    except _Problem as problem:
        return Sign(what=what, fine=False, said=str(problem))


class _Problem(Exception):
    """Something is wrong; the text says what."""


def _data_folder(settings: Settings) -> str:
    folder = settings.data_dir
    if not folder.exists():
        there = _nearest(folder)
        if not _is_writable(there):
            raise _Problem(f"{folder} is not there and {there} may not be written")
        return f"{folder} will be made at first use"
    if not folder.is_dir() or not _is_writable(folder):
        raise _Problem(f"{folder} may not be written")
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise _Problem(f"{folder} is open to other users: chmod 700 {folder}")
    return f"{folder} is writable and private"


def _driver(settings: Settings) -> str:

    driver = settings.database.partition(":")[0]
    if driver.startswith("postgres"):
        if driver != "postgresql+asyncpg":
            raise _Problem("KALKAN_DATABASE_URL must begin with postgresql+asyncpg://")
        if find_spec("asyncpg") is None:
            raise _Problem("asyncpg is missing: pip install 'kalkan[postgres]'")
    elif driver != "sqlite+aiosqlite":
        raise _Problem("KALKAN_DATABASE_URL must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return driver


def _encryption(settings: Settings) -> str:
    try:
        keys, path = house_keys(settings), key_path(settings)
    except SettingsError as error:
        raise _Problem(str(error)) from None
    if keys is None:
        raise _Problem(PLAIN_WARNING)
    if path is not None and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        raise _Problem(f"the master key {path} is open to every user of this machine: chmod 600 {path}")
    where = f"master key from {path}" if path is not None else "master key from a passphrase"
    if settings.database_url is not None and not settings.database.startswith("sqlite"):
        return f"{where}; PostgreSQL's own files are not encrypted by it: encrypt their disk"
    return where


def _swap(settings: Settings) -> str:
    if not settings.plain_database and swap_in_use():
        raise _Problem("memory may be written to a disk (swap is on): encrypt it, or turn it off with swapoff -a")
    return "what is in memory stays there"


def _database(settings: Settings) -> str:

    try:
        found, newest = asyncio.run(revisions(Archive.of(settings).store()))
    except KalkanError as error:
        raise _Problem(str(error)) from None
    except Exception as error:
        raise _Problem(database_trouble(error) or f"cannot be reached: {error}") from None
    if newest is None:
        return "not made yet: first use makes it"
    if found != newest:
        raise _Problem(f"at revision {found or 'none'}, newest is {newest}: the next start brings it there")
    return f"reachable, at revision {found}"


def _languages(_: Settings) -> str:

    try:
        Catalogs.load(strict=False)
    except CatalogError as error:
        raise _Problem(str(error)) from None
    for language in LANGUAGES:
        with (files("bot") / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
            missing = sum(1 for message in read_po(file, locale=language) if message.id and not _is_there(message))
        if missing and language != SOURCE_LANGUAGE:
            raise _Problem(f"{missing} texts of {language} are not translated")
    return f"{', '.join(LANGUAGES)} complete"


def _is_there(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings) and not message.fuzzy


def _ocr(settings: Settings) -> str:
    engine, folder = version(), models_folder()
    if engine is None:
        raise _Problem("screenshots are filed but not read: pip install tesserocr")
    missing = [name for name in settings.screen_languages if name not in available()]
    packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
    if missing:
        what = "not read" if len(missing) == len(settings.screen_languages) else f"not read in {', '.join(missing)}"
        raise _Problem(f"screenshots are {what}: apt-get install {packages}")
    return f"Tesseract {engine}, {', '.join(settings.screen_languages)} in {folder}"


def _anchors(settings: Settings) -> str:
    places = {
        "a chat": settings.checkpoint_chat,
        "a file": settings.checkpoint_file,
        "a time-stamping authority": settings.tsa_url,
    }
    chosen = [name for name, value in places.items() if value is not None]
    if not chosen:
        raise _Problem("none: a rewritten log would not be noticed; set KALKAN_CHECKPOINT_CHAT (docs/evidence.md)")
    return f"{', '.join(chosen)}, every {settings.checkpoint_minutes:g} minutes"


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(_nearest(settings.data_dir)).free
    said = f"{free / 1e9:.1f} GB free"
    if free < _LEAST_FREE:
        raise _Problem(f"{said}, less than {_LEAST_FREE / 1e9:.1f}")
    return said


def _nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK | os.X_OK)
