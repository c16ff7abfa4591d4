"""Stocks the archive before the bot starts: staff, lists of fakes and a week of comments, all through the imports.

Everything enters by the doors that a real newsroom uses: files in, `kalkan import` and `kalkan invite` underneath.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.cli.demo.drawing import Drawing
from bot.cli.demo.endings import finished
from bot.cli.demo.fakes import farms, known_fakes
from bot.cli.demo.feed import comment_lines
from bot.cli.demo.tables import read_table, several
from bot.clock import Clock
from bot.config import Settings
from bot.model.rights import Role
from bot.services.imports.accounts import import_accounts
from bot.services.imports.comments import import_comments
from bot.services.imports.room import ImportRoom, Problem
from bot.services.imports.staff import import_staff
from bot.wiring import open_desk
from bot.wiring.import_room import import_room

log = logging.getLogger(__name__)

#: Who comes by an invite from the command line; the editor is invited in the chat, and let in by the admin's press.
_INVITED: Final = (Role.ADMIN, Role.SECURITY, Role.JOURNALIST)


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """What the story needs of the stocked archive: tokens of invites by role, names of the lists of fakes by farm."""

    invites: Mapping[Role, str]
    batches: Mapping[str, str]


class _Watch:
    """Follows an import of the demo's own files: nothing in them may be refused."""

    def progress(self, done: int, total: int) -> None:
        """Not shown: it takes a moment."""

    def problem(self, problem: Problem) -> None:
        """Say what is wrong with the demo's material."""
        log.warning("the demo's %s was refused: %s %s", problem.place, problem.code, problem.detail)


async def stock_archive(settings: Settings, clock: Clock, drawing: Drawing, today: datetime) -> Archive:
    """Make the database and fill it; `today` is any moment of this day in the newsroom's zone."""
    lists = settings.data_dir / "lists"
    lists.mkdir(mode=0o700)
    stack = AsyncExitStack()
    try:
        desk = await finished(stack.enter_async_context(open_desk(settings, clock)))
        room = import_room(desk)
        await finished(import_staff(room, _written(lists / "staff.jsonl", _staff_lines()), _Watch()))
        comments = _written(lists / "comments.jsonl", comment_lines(today, known_fakes()))
        await finished(import_comments(room, comments, _Watch()))
        batches = await _list_fakes(room, lists, drawing)
        invites = {role: await finished(desk.members.invite_by_command(room.newsroom_id, role)) for role in _INVITED}
    finally:
        await finished(stack.aclose())
    return Archive(invites=invites, batches=batches)


async def _list_fakes(room: ImportRoom, lists: Path, drawing: Drawing) -> dict[str, str]:
    fakes, batches = known_fakes(), {}
    for fake in fakes.values():
        await drawing.picture(fake.portrait)
    for number, (farm, members) in enumerate(farms(fakes).items(), start=1):
        path = _written(lists / f"farm-{number}.jsonl", (fake.row for fake in members))
        batches[farm] = (await finished(import_accounts(room, path, _Watch(), photos=drawing.folder))).batch
    return batches


def _staff_lines() -> list[dict[str, object]]:
    return [{**row, "aliases": several(row["aliases"])} for row in read_table("staff")]


def _written(path: Path, rows: Iterable[Mapping[str, object]]) -> Path:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path
