"""Runs one import, shows how far it is, and says what came of it."""

import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from bot.cli.runs.desks import at_desk
from bot.cli.runs.progress import ImportWatch
from bot.services.imports.accounts import import_accounts
from bot.services.imports.comments import import_comments
from bot.services.imports.photos import import_photos
from bot.services.imports.room import ImportRoom, Tally, Watch
from bot.services.imports.staff import import_staff
from bot.wiring import Desk

Import = Callable[[ImportRoom, Path, Watch], Awaitable[Tally]]


def run_import(noun: str, path: Path, photos: Path | None) -> bool:
    """Import a file; False when there was something in it and nothing could be taken."""
    run = _import_of(noun, photos)

    async def act(desk: Desk) -> Tally:
        with ImportWatch(noun) as watch:
            return await run(_room(desk), path, watch)

    tally = at_desk(act)
    print(summary(tally))
    if noun == "accounts" and tally.added:
        print(f"they are suspected; two people confirm them in the chat: /confirm {tally.batch}", file=sys.stderr)
    return not tally.nothing_read


def summary(tally: Tally) -> str:
    """The last line of an import."""
    said = f"added {tally.added}, changed {tally.changed}, same {tally.same}, refused {tally.refused}"
    if tally.photos_added or tally.photos_refused:
        said += f"; photos added {tally.photos_added}, refused {tally.photos_refused}"
    return said


def _import_of(noun: str, photos: Path | None) -> Import:
    runs: dict[str, Import] = {
        "staff": import_staff,
        "accounts": partial(import_accounts, photos=photos),
        "comments": import_comments,
        "photos": import_photos,
    }
    return runs[noun]


def _room(desk: Desk) -> ImportRoom:
    return ImportRoom(
        store=desk.store,
        clock=desk.clock,
        vault=desk.vault,
        analysis=desk.analysis,
        newsroom_id=desk.newsroom.id,
        image_bytes=desk.settings.image_bytes,
    )
