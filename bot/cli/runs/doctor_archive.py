"""What the doctor looks at in the archive: who serves it, whether it is whole, what waits, when it was last saved."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from bot.cli.runs.database import database_trouble
from bot.cli.runs.doctor_words import Lacking, Problem, Skipped
from bot.config import Settings
from bot.errors import KalkanError
from bot.model.process import Crew, CrewTrouble, ProcessRole
from bot.services.custody_secret import read_custody_keys, secret_path
from bot.services.verifying import Verification
from bot.storage import custody, newsrooms, outbox, processes, queues, sent_messages
from bot.storage import inbox as archive
from bot.storage.instance import holder_of
from bot.storage.store import Store
from bot.storage.tenant_wall import stands
from bot.wiring.archive import Archive

T = TypeVar("T")
#: What takes longer than a minute has commands of its own.
_MOST_BYTES: Final = 5_000_000_000
_MOST_LINES: Final = 50_000
_OLDEST_BACKUP: Final = timedelta(hours=50)
_BACKUP: Final = re.compile(r"kalkan-.+\.tar\.age\Z")
_LATE: Final = timedelta(minutes=10)
_LACKING: Final = {
    CrewTrouble.NO_WORKER: "{waiting} updates wait and no worker lives: kalkan serve --role worker",
    CrewTrouble.NO_SCHEDULER: "no scheduler lives, so nothing is sent: kalkan serve --role scheduler",
    CrewTrouble.NO_LEADER: "no scheduler leads yet: if this lasts for more than half a minute its log says why",
}
#: Messages that failed stay listed; of older ones administrators have long read.
_RECENT: Final = timedelta(days=7)


def served(settings: Settings) -> str:
    """Who serves the data folder."""
    holder = holder_of(settings.data_dir)
    return "nobody serves this data folder now" if holder is None else f"served by {holder}; a second one is refused"


def whole(settings: Settings) -> str:
    """Whether SQLite finds every page as it should be."""
    path = _file(settings)
    if path.stat().st_size > _MOST_BYTES:
        raise Skipped(f"{path.stat().st_size / 1e9:.0f} GB take too long here; the daily backup looks at them")
    found = _asked(settings, _quick_check)
    if found != ["ok"]:
        raise Problem(
            f"the database is damaged ({str(found[0])[:100]}): stop the bot, copy the data folder, and put the newest"
            " backup back with `kalkan restore`"
        )
    return "no page of the database is damaged"


def log(settings: Settings) -> str:
    """Whether the custody log and the originals are what they were."""
    _file(settings)
    keys = read_custody_keys(secret_path(settings.custody_key_path), Archive.of(settings).secrets)

    async def check(store: Store) -> Any:
        async with store.read() as conn:
            newsroom = await newsrooms.first(conn)
            state = await custody.state(conn, newsroom.id) if newsroom is not None else None
        if newsroom is None or state is None:
            return None
        if state.size > _MOST_LINES:
            raise Skipped(f"{state.size} entries take too long here: run `kalkan verify`")
        return await Verification(store, Archive.of(settings).vault(), keys, newsroom.id).run([])

    report = _asked(settings, check)
    if report is None:
        return "empty"
    if report.broken is not None:
        raise Problem(f"broken ({report.broken.code}): `kalkan verify` says more; change nothing, and keep a copy")
    if keys is None:
        raise Problem("custody.key is not there: entries cannot be opened; put your copy of it back")
    return f"{report.lines} entries and {report.files} originals are what they were"


def anchored(settings: Settings) -> str:
    """When the log was last signed."""
    _file(settings)

    async def newest(store: Store) -> Any:
        async with store.read() as conn:
            newsroom = await newsrooms.first(conn)
            return await custody.last_checkpoint(conn, newsroom.id) if newsroom is not None else None

    last = _asked(settings, newest)
    if last is None:
        return "nothing was signed yet"
    age = datetime.now(UTC) - last.at
    said = f"the newest checkpoint is {_spelled(age)} old"
    running = holder_of(settings.data_dir) is not None
    if running and age > timedelta(days=1, minutes=3 * settings.checkpoint_minutes):
        raise Problem(f"{said}, though the bot runs: its log says why (journalctl -u kalkan)")
    if age < -timedelta(minutes=5):
        raise Problem(f"the newest checkpoint lies {_spelled(-age)} in the future: the clock was wrong, or is")
    return said


def waiting(settings: Settings) -> str:
    """What was not done yet, and what was given up."""
    _file(settings)

    async def look(store: Store) -> tuple[dict[str, int], datetime | None]:
        async with store.read() as conn:
            return await archive.counts(conn), await archive.next_due(conn)

    counts, due = _asked(settings, look)
    if counts.get("dead"):
        raise Problem(
            f"{counts['dead']} updates were given up: an administrator sees them by /deadletters, and can retry"
        )
    late = datetime.now(UTC) - due if due is not None else timedelta()
    if late > _LATE:
        who = "the bot does not run" if holder_of(settings.data_dir) is None else "its log says why"
        raise Problem(f"{counts.get('new', 0)} updates wait, the oldest for {_spelled(late)}: {who}")
    return f"{counts.get('new', 0) + counts.get('working', 0)} updates wait, none was given up"


def crew(settings: Settings) -> str:
    """Which processes share a PostgreSQL."""
    if settings.database.startswith("sqlite"):
        raise Skipped("on SQLite one process does everything")

    async def look(store: Store) -> tuple[Crew | None, int]:
        async with store.read() as conn:
            own = await newsrooms.with_key(conn, settings.newsroom)
            alive = await processes.crew(conn, own.id) if own is not None else None
            return alive, (await queues.inbox(conn, None, datetime.now(UTC))).waiting

    found, waiting = _asked(settings, look)
    if found is None or found.is_alone:
        return "one process does everything"
    counts = [f"{role} {found.count(role)}" for role in ProcessRole if role is not ProcessRole.ALL]
    said = ", ".join(counts)
    if not found.living and not waiting:
        return "no process serves this database now"
    if troubles := found.troubles(waiting):
        raise Problem(f"{said}: {'; '.join(_LACKING[each].format(waiting=waiting) for each in troubles)}")
    return f"{said}, and a scheduler leads"


def neighbours(settings: Settings) -> str:
    """Whether newsrooms that share a PostgreSQL are kept apart by it as well."""
    if settings.database.startswith("sqlite"):
        raise Skipped("a file holds one newsroom")

    async def look(store: Store) -> bool:
        async with store.read() as conn:
            return await stands(conn)

    if _asked(settings, look):
        return "row-level security holds for this role"
    if settings.newsroom:
        raise Problem(
            "row-level security does not hold for this role, which sees other newsrooms' rows: connect as one without"
            " SUPERUSER and BYPASSRLS (docs/scale.md)"
        )
    return "this newsroom has the database for itself"


def unsent(settings: Settings) -> str:
    """What could not be said, and what stands in the chats for good."""
    _file(settings)

    async def look(store: Store) -> tuple[int, int]:
        async with store.read() as conn:
            newsroom = await newsrooms.first(conn)
            if newsroom is None:
                return 0, 0
            since = datetime.now(UTC) - _RECENT
            return await outbox.failed(conn, newsroom.id, since), await sent_messages.lost(conn, newsroom.id)

    failed, lost = _asked(settings, look)
    if lost:
        raise Problem(
            f"{lost} sensitive messages could not be taken away in time, and stay in the chats: delete their history"
            " by hand (/deadletters)"
        )
    if failed:
        raise Problem(
            f"{failed} messages of the last week could not be delivered: the log says why (journalctl -u kalkan)"
        )
    return "everything was said that was to be said"


def backup(settings: Settings) -> str:
    """How old the newest backup is."""
    folder = settings.backups_dir
    found = [path for path in folder.glob("kalkan-*") if _BACKUP.match(path.name)] if folder.is_dir() else []
    if not found and not settings.backup_recipients.strip():
        raise Lacking(
            "none is made: KALKAN_BACKUP_RECIPIENTS names no key; set it up (docs/operations.md), a disk lives for some"
            " years only"
        )
    if not found and not Path(sa.make_url(settings.database).database or "").is_file():
        raise Skipped("there is nothing to back up yet")
    if not found:
        raise Problem(f"none in {folder}: run `kalkan backup`, and see why none was made by itself")
    age = timedelta(seconds=time.time() - max(path.stat().st_mtime for path in found))
    if age > _OLDEST_BACKUP:
        raise Problem(f"the newest is {_spelled(age)} old: run `kalkan backup`, and see why it did not run by itself")
    return f"the newest is {_spelled(age)} old"


def _file(settings: Settings) -> Path:
    """The SQLite file. Raises Skipped where there is none."""
    path = Path(sa.make_url(settings.database).database or "")
    if not settings.database.startswith("sqlite"):
        raise Skipped("PostgreSQL looks after its own files; see docs/operations.md")
    if not path.is_file():
        raise Skipped("there is no database yet")
    return path


async def _quick_check(store: Store) -> list[str]:
    async with store.read() as conn:
        return list((await conn.execute(sa.text("PRAGMA quick_check(3)"))).scalars())


def _asked(settings: Settings, ask: Callable[[Store], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Archive.of(settings).own_store() as store:
            return await ask(store)

    try:
        return asyncio.run(run())
    except (Problem, Skipped):
        raise
    except KalkanError as error:
        raise Problem(str(error)) from None
    except Exception as error:
        raise Problem(database_trouble(error) or f"cannot be read: {type(error).__name__}") from None


def _spelled(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    if hours < 1:
        return f"{age.total_seconds() / 60:.0f} min"
    return f"{hours:.0f} h" if hours < 72 else f"{age.days} days"
