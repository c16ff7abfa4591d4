"""Looks whether everything is there that Kalkan needs; nothing is made or changed."""

import asyncio
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.cli.runs import doctor_archive as archive
from bot.cli.runs import doctor_machine as machine
from bot.cli.runs import doctor_telegram as telegram
from bot.cli.runs.database import database_trouble, revisions
from bot.cli.runs.doctor_machine import is_writable, nearest
from bot.cli.runs.doctor_queue import queue
from bot.cli.runs.doctor_words import Lacking, Problem, Skipped
from bot.config import Settings
from bot.errors import KalkanError, SettingsError
from bot.i18n import LANGUAGES, SOURCE_LANGUAGE, CatalogError, Catalogs
from bot.wiring.archive import PLAIN_WARNING, Archive
from bot.wiring.backup_keys import backup_recipients
from bot.wiring.master_key import house_keys, key_path
from bot.wiring.memory_folder import is_in_memory, swap_in_use
from detection.screenshot.engine import available, models_folder, version


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """One thing that was looked at."""

    what: str
    fine: bool
    said: str
    #: Kalkan goes on without it.
    optional: bool = False
    #: It could not be looked at; `said` is why.
    skipped: bool = False

    @property
    def state(self) -> str:
        """In one word."""
        return "skipped" if self.skipped else "ok" if self.fine else "missing" if self.optional else "problem"


def signs() -> Iterator[Sign]:
    """Everything that can be looked at, in order; without settings there is nothing else to see."""

    try:
        settings = Settings.read()
    except SettingsError as error:
        yield Sign(what="settings", fine=False, said=str(error))
        return
    token = "with a bot token" if settings.telegram_token else "no bot token yet: `kalkan serve` needs one"
    yield Sign(what="settings", fine=True, said=f"readable, {token}")
    for what, look in _LOOKS:
        yield _sign(what, look, settings)


def _sign(what: str, look: Callable[[Settings], str], settings: Settings) -> Sign:
    try:
        return Sign(what=what, fine=True, said=look(settings))
    except Problem as problem:
        return Sign(what=what, fine=False, said=str(problem), optional=isinstance(problem, Lacking))
    except Skipped as skipped:
        return Sign(what=what, fine=True, said=str(skipped), skipped=True)
    except OSError as error:
        return Sign(
            what=what, fine=False, said=f"cannot be looked at: {error.strerror or error} ({error.filename or ''})"
        )


def _data_folder(settings: Settings) -> str:
    folder = settings.data_dir
    if not folder.exists():
        there = nearest(folder)
        if not is_writable(there):
            raise Problem(f"{folder} is not there and {there} may not be written")
        return f"{folder} will be made at first use"
    if not folder.is_dir() or not is_writable(folder):
        raise Problem(f"{folder} may not be written")
    if folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Problem(f"{folder} is open to other users: chmod 700 {folder}")
    return f"{folder} is writable and private"


def _driver(settings: Settings) -> str:

    driver = settings.database.partition(":")[0]
    if driver.startswith("postgres"):
        if driver != "postgresql+asyncpg":
            raise Problem("KALKAN_DATABASE_URL must begin with postgresql+asyncpg://")
        if find_spec("asyncpg") is None:
            raise Problem("asyncpg is missing: pip install 'kalkan[postgres]'")
    elif driver != "sqlite+aiosqlite":
        raise Problem("KALKAN_DATABASE_URL must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")
    return driver


def _encryption(settings: Settings) -> str:
    try:
        keys, path = house_keys(settings), key_path(settings)
    except SettingsError as error:
        raise Problem(str(error)) from None
    if keys is None:
        raise Problem(PLAIN_WARNING)
    if path is not None and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
        raise Problem(f"the master key {path} is open to every user of this machine: chmod 600 {path}")
    where = f"master key from {path}" if path is not None else "master key from a passphrase"
    if settings.database_url is not None and not settings.database.startswith("sqlite"):
        return f"{where}; PostgreSQL's own files are not encrypted by it: encrypt their disk"
    return where


def _apart(settings: Settings) -> str:
    """Whether key and data lie on one disk."""
    try:
        path = key_path(settings)
    except SettingsError as error:
        raise Problem(str(error)) from None
    if path is None:
        return "no master key lies on this machine"
    if is_in_memory(path):
        return "the master key lies in memory; where it came from, see docs/encryption.md"
    if settings.data_dir.exists() and path.stat().st_dev == settings.data_dir.stat().st_dev:
        raise Lacking(
            f"the master key {path} lies on the same disk as the data: whoever takes the powered-off server reads"
            " everything; keep it in the TPM, on a stick or in a passphrase (docs/encryption.md)"
        )
    return f"the master key {path} lies on another disk than the data"


def _swap(settings: Settings) -> str:
    if not settings.plain_database and swap_in_use():
        raise Problem("memory may be written to a disk (swap is on): encrypt it, or turn it off with swapoff -a")
    return "what is in memory stays there"


def _database(settings: Settings) -> str:

    try:
        found, newest = asyncio.run(revisions(Archive.of(settings).store()))
    except KalkanError as error:
        raise Problem(str(error)) from None
    except Exception as error:
        raise Problem(database_trouble(error) or f"cannot be reached: {error}") from None
    if newest is None:
        return _not_made_yet(settings)
    if found != newest:
        raise Problem(f"at revision {found or 'none'}, newest is {newest}: the next start brings it there")
    return f"reachable, at revision {found}"


def _not_made_yet(settings: Settings) -> str:
    folder = Path(sa.make_url(settings.database).database or "").parent
    if folder.exists():
        return "not made yet: first use makes it"
    raise Lacking(
        f"there is none, and not even the folder {folder}: first use makes both; if this house has a database already,"
        " KALKAN_DATA_DIR or KALKAN_DATABASE_URL names the wrong place"
    )


def _languages(_: Settings) -> str:

    try:
        Catalogs.load(strict=False)
    except CatalogError as error:
        raise Problem(str(error)) from None
    for language in LANGUAGES:
        with (files("bot") / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
            missing = sum(1 for message in read_po(file, locale=language) if message.id and not _is_there(message))
        if missing and language != SOURCE_LANGUAGE:
            raise Problem(f"{missing} texts of {language} are not translated")
    return f"{', '.join(LANGUAGES)} complete"


def _is_there(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings) and not message.fuzzy


def _ocr(settings: Settings) -> str:
    engine, folder = version(), models_folder()
    if engine is None:
        raise Lacking("screenshots are filed but not read: pip install tesserocr")
    missing = [name for name in settings.screen_languages if name not in available()]
    packages = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
    if missing:
        what = "not read" if len(missing) == len(settings.screen_languages) else f"not read in {', '.join(missing)}"
        raise Lacking(f"screenshots are {what}: apt-get install {packages}")
    return f"Tesseract {engine}, {', '.join(settings.screen_languages)} in {folder}"


def _backup_keys(settings: Settings) -> str:
    try:
        count = len(backup_recipients(settings))
    except SettingsError as error:
        raise Problem(str(error)) from None
    if not count:
        raise Lacking("KALKAN_BACKUP_RECIPIENTS names none, so no backups are made (docs/operations.md)")
    return f"{count} public keys"


def _anchors(settings: Settings) -> str:
    places = {
        "a chat": settings.checkpoint_chat,
        "a file": settings.checkpoint_file,
        "a time-stamping authority": settings.tsa_url,
    }
    chosen = [name for name, value in places.items() if value is not None]
    if not chosen:
        raise Lacking("none: a rewritten log would not be noticed; set KALKAN_CHECKPOINT_CHAT (docs/evidence.md)")
    return f"{', '.join(chosen)}, every {settings.checkpoint_minutes:g} minutes"


_Look = tuple[str, Callable[[Settings], str]]
#: In this order. What is wrong and endangers people or data ends the command with 1; what is merely lacking does not.
_LOOKS: Final[tuple[_Look, ...]] = (
    ("data folder", _data_folder),
    ("file modes", machine.file_modes),
    ("database driver", _driver),
    ("encryption", _encryption),
    ("key and data", _apart),
    ("served", archive.served),
    ("database", _database),
    ("damage", archive.whole),
    ("custody log", archive.log),
    ("languages", _languages),
    ("fonts", machine.fonts),
    ("disk", machine.disk),
    ("clock", machine.clock),
    ("time zone", machine.zones),
    ("open files", machine.open_files),
    ("token", telegram.token),
    ("webhook", telegram.webhook),
    ("processes", archive.crew),
    ("other newsrooms", archive.neighbours),
    ("queue", queue),
    ("updates", archive.waiting),
    ("messages", archive.unsent),
    ("backup keys", _backup_keys),
    ("backup", archive.backup),
    ("checkpoints", archive.anchored),
    ("ballast", machine.ballast),
    ("swap", _swap),
    ("core dumps", machine.core_dumps),
    ("rights of the process", machine.shut_in),
    ("reading of screenshots", _ocr),
    ("anchors of the custody log", _anchors),
)
