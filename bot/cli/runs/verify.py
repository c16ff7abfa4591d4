"""Checks the newsroom's log with what the settings name; reads only, also while the bot runs."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.cli.words import printable
from bot.config import Settings
from bot.custody.checkpoints import notes_in, origin_of, verifier_key
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.custody import Break, CustodyReport, Trust
from bot.services.batchfiles.plain_files import open_plain
from bot.services.custody_secret import read_custody_keys, secret_path
from bot.services.verifying import Verification
from bot.storage import newsrooms
from bot.storage.cipher import DatabaseLocked
from bot.storage.store import Store
from bot.wiring.archive import Archive

CODES: Final = {Trust.GOOD: 0, Trust.BROKEN: 1, Trust.UNANCHORED: 3, Trust.PARTLY: 3}
NOT_CHECKED: Final = 2
#: Anchors are some hundred bytes each; a chat's export may be long, but not this long.
_MOST_BYTES: Final = 200_000_000

BREAKS: Final = {
    "row": "entry {place} holds what no entry can hold",
    "gap": "entry {place} is missing",
    "prev": "entry {place} does not follow the one before it",
    "leaf": "entry {place} was changed after it was written",
    "body_missing": "the sealed body of entry {place} is missing",
    "body_changed": "the sealed body of entry {place} was changed or exchanged",
    "key_missing": "the key of entry {place} is gone, and no entry says that it was erased",
    "key_changed": "the key of entry {place} cannot be unwrapped: it was changed, or custody.key is another one",
    "commitment": "the body of entry {place} is not the one that was committed to",
    "anchor": "an anchor knows another history: something before entry {place} was changed",
    "cut": "the end of the log was cut off: an anchor knows {place} entries",
    "head": "the log says that it ends elsewhere than after entry {place}",
    "checkpoint": "a checkpoint in the database is not signed with this log's key",
    "anchor_signature": "an anchor from outside is not signed with this log's key",
    "countersign": "a checkpoint that a partner countersigned was changed in the database",
    "file_missing": "the original {about} of entry {place} is missing",
    "file_changed": "the original {about} of entry {place} was changed",
    "file_unreadable": "the original of entry {place} cannot be read ({about})",
    "unreadable": "the database cannot be read ({about})",
}


def run_verify(anchor_files: Sequence[Path]) -> int:
    """Check and say what was found; returns the exit code. Raises SettingsError, Refusal for an unreadable file."""
    settings = Settings.read()
    given = [*anchor_files, *([settings.checkpoint_file] if settings.checkpoint_file else [])]
    notes = [note for path in dict.fromkeys(given) for note in _notes(path)]
    archive = Archive.of(settings)
    keys = read_custody_keys(secret_path(settings.custody_key_path), archive.secrets)
    if settings.database_url is None and not Path(settings.data_dir / "kalkan.sqlite").is_file():
        print("kalkan: there is no database yet", file=sys.stderr)
        return NOT_CHECKED
    found = asyncio.run(_check(archive, keys, notes))
    if found is None:
        return NOT_CHECKED
    newsroom_id, report = found
    for line in _lines(report, keys, newsroom_id):
        print(printable(line))
    return CODES[report.trust]


async def _check(archive: Archive, keys: CustodyKeys | None, notes: Sequence[str]) -> tuple[int, CustodyReport] | None:
    async with archive.own_store() as store:
        return await _verified(store, archive, keys, notes)


async def _verified(
    store: Store, archive: Archive, keys: CustodyKeys | None, notes: Sequence[str]
) -> tuple[int, CustodyReport] | None:
    try:
        async with store.read() as conn:
            newsroom = await newsrooms.first(conn)
    except DatabaseLocked:
        raise
    except Exception as error:  # a database that is no database is a break too
        return 0, CustodyReport(broken=Break(code="unreadable", about=type(error).__name__))
    if newsroom is None:
        print("kalkan: there is no newsroom yet", file=sys.stderr)
        return None
    verification = Verification(store, archive.vault(), keys, newsroom.id)
    with _bar() as bar:
        task = bar.add_task("custody log", total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        return newsroom.id, await verification.run(notes, progress)


def _bar() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _notes(path: Path) -> list[str]:
    """The signed notes in a file: plain text, or the JSON that Telegram exports a chat as."""
    try:
        with open_plain(path) as file:
            data = file.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise Refusal("file_unreadable", file=str(path), why="it is too large for anchors")
        text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        raise Refusal("file_missing", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise Refusal("file_unreadable", file=str(path), why=getattr(error, "strerror", "") or "") from None
    found = list(notes_in(text))
    return found or [note for said in _texts(text) for note in notes_in(said)]


def _texts(text: str) -> list[str]:
    try:
        messages = json.loads(text)["messages"]
        return ["".join(_pieces(each.get("text"))) for each in messages]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []


def _pieces(text: Any) -> list[str]:
    parts = text if isinstance(text, list) else [text]
    return [str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in parts]


def _lines(report: CustodyReport, keys: CustodyKeys | None, newsroom_id: int) -> list[str]:
    if report.broken is not None:
        known = BREAKS.get(report.broken.code, report.broken.code)
        said = known.format(place=report.broken.place, about=report.broken.about)
        return [f"BROKEN: {said}", "Everything before that place is as it was; what comes after was not looked at."]
    told = [
        f"Custody log: {report.lines} entries, root {report.root.hex()}",
        f"Erased: {report.erased} entries whose subject's key was destroyed",
        f"Waiting to be numbered: {report.waiting}",
        f"Original files: {report.files}, all with their hash",
        f"Checkpoints in the database: {report.checkpoints}, all match",
        f"Anchors from outside: {report.anchors}, all match",
    ]
    if report.witnesses:
        newest = dict(sorted(report.witnesses, key=lambda seen: seen[1]))
        said = ", ".join(f"{name} {at:%Y-%m-%d %H:%M} UTC" for name, at in newest.items())
        told.append(f"Countersigned by other newsrooms: {len(report.witnesses)}, all match; the newest by {said}")
    if keys is not None:
        origin = origin_of(keys.checkpoint_public, newsroom_id)
        told.append(f"Key: {verifier_key(origin, keys.checkpoint_public)}")
    return [*told, _judgement(report)]


def _judgement(report: CustodyReport) -> str:
    match report.trust:
        case Trust.GOOD:
            return f"GOOD: the first {report.anchored} entries are vouched for from outside, the rest is consistent."
        case Trust.UNANCHORED:
            return (
                "NOT ANCHORED: nothing contradicts itself, but whoever had this server could have cut the log's end or"
                " rewritten all of it. Give the checkpoints that were kept outside: --anchors FILE."
            )
    return "PARTLY CHECKED: without custody.key neither bodies, nor files, nor signatures can be checked."
