"""Files the messages that members forward: into a submission that is still growing, or a new one.

Whole batches are written by a handful of statements, whatever the number of messages; the caller's transaction also
holds the outbox rows and "done", so that a forward is filed once or not at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump
from bot.model.ids import new_id
from bot.model.submission import Incoming, SubmissionState
from bot.model.verdict import LEVELS, Finding
from bot.storage.tables import newsrooms, submission_parts, submissions

_JOINABLE = (SubmissionState.GROWING.value, SubmissionState.CASE.value, SubmissionState.ASKING.value)


_NOTHING_FOUND = Finding()
_NOTHING_DUMPED = dump(_NOTHING_FOUND)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewPart:
    """A message to be filed; `finding` is None while it is still being read."""

    newsroom_id: int
    member_id: int
    incoming: Incoming
    finding: Finding | None = None
    sha256: str | None = None
    source: str = "telegram"

    @property
    def place(self) -> tuple[int, int, int]:
        """Newsroom, chat and message id: a message is filed once, and each newsroom's bot numbers its own."""
        return (self.newsroom_id, self.incoming.chat_id, self.incoming.message_id)


@dataclass(kw_only=True, slots=True)
class FiledPart:
    """Where a message was filed; complete when its finding was kept just now: what hangs on it is written once."""

    id: int
    submission_id: int
    part: NewPart
    is_first: bool
    is_complete: bool
    #: Filed just now, for the first time.
    is_new: bool = False
    #: Its case's, where it was filed just now and is a case.
    number: int | None = None


@dataclass(kw_only=True, slots=True)
class _Folder:
    """A submission while a batch is being filed into it."""

    id: int
    newsroom_id: int
    member_id: int
    chat_id: int
    first_message_id: int
    media_group: str | None
    number: int | None
    state: str
    level: str
    source: str
    opened_at: datetime
    last_sent_at: datetime
    size: int
    is_new: bool = False
    touched: bool = False
    members: list[NewPart] = field(default_factory=list)

    def takes(self, part: NewPart, burst: timedelta, most: int) -> bool:
        """Whether the message belongs here: same chat, same album or within the burst."""
        message = part.incoming
        if message.chat_id != self.chat_id or part.member_id != self.member_id or self.size >= most:
            return False
        same_album = message.media_group is not None and message.media_group == self.media_group
        return same_album or abs(message.sent_at - self.last_sent_at) <= burst


@dataclass(frozen=True, kw_only=True, slots=True)
class BurstRule:
    """Messages of one sender within `within` are one submission, of at most `parts` messages."""

    within: timedelta
    parts: int


async def file_parts(
    conn: AsyncConnection, parts: Sequence[NewPart], rule: BurstRule, now: datetime
) -> list[FiledPart]:
    """File messages in order; one that is there already is only completed with its finding."""
    await _one_at_a_time(conn, {part.newsroom_id for part in parts})
    known = await _known_parts(conn, parts)
    fresh = [part for part in parts if part.place not in known]
    shelves = _shelved(await _open_folders(conn, fresh, rule))
    filed = [_place(part, shelves[part.member_id], rule) for part in fresh]
    folders = [folder for shelf in shelves.values() for folder in shelf]
    await _number_new_cases(conn, folders)
    numbers = {folder.id: folder.number for folder in folders}
    for part_filed in filed:
        part_filed.number = numbers[part_filed.submission_id]
    await _write(conn, folders, filed, now + rule.within)
    return filed + await _complete(conn, [part for part in parts if part.place in known], known)


@dataclass(frozen=True, kw_only=True, slots=True)
class _KnownPart:
    """A message that was filed before, and whether it was read."""

    id: int
    submission_id: int
    is_read: bool


async def _one_at_a_time(conn: AsyncConnection, newsroom_ids: Iterable[int]) -> None:
    # SQLite has one writer; on PostgreSQL two pictures of an album, filed at once, would each open a submission.
    if conn.dialect.name == "postgresql":
        t = newsrooms.c
        query = sa.select(t.id).where(t.id.in_(list(newsroom_ids))).order_by(t.id)
        await conn.execute(query.with_for_update(key_share=True))


async def _known_parts(conn: AsyncConnection, parts: Sequence[NewPart]) -> dict[tuple[int, int, int], _KnownPart]:
    t = submission_parts.c
    is_read = t.finding.is_not(None).label("is_read")
    query = sa.select(t.id, t.submission_id, t.newsroom_id, t.chat_id, t.message_id, is_read).where(
        t.newsroom_id.in_({p.newsroom_id for p in parts}),
        t.chat_id.in_({p.incoming.chat_id for p in parts}),
        t.message_id.in_({p.incoming.message_id for p in parts}),
    )
    return {
        (row.newsroom_id, row.chat_id, row.message_id): _KnownPart(
            id=row.id, submission_id=row.submission_id, is_read=row.is_read
        )
        for row in (await conn.execute(query)).all()
    }


async def _open_folders(conn: AsyncConnection, parts: Sequence[NewPart], rule: BurstRule) -> list[_Folder]:
    if not parts:
        return []
    t = submissions.c
    since = min(p.incoming.sent_at for p in parts) - rule.within
    size = sa.select(sa.func.count()).where(submission_parts.c.submission_id == t.id).scalar_subquery()
    query = sa.select(submissions, size.label("size")).where(
        t.member_id.in_({p.member_id for p in parts}), t.last_sent_at >= since, t.state.in_(_JOINABLE)
    )
    names = _Folder.__dataclass_fields__.keys() - {"is_new", "touched", "members"}
    return [_Folder(**{name: getattr(row, name) for name in names}) for row in (await conn.execute(query)).all()]


def _shelved(folders: Iterable[_Folder]) -> defaultdict[int, list[_Folder]]:
    shelves: defaultdict[int, list[_Folder]] = defaultdict(list)
    for folder in folders:
        shelves[folder.member_id].append(folder)
    return shelves


def _place(part: NewPart, folders: list[_Folder], rule: BurstRule) -> FiledPart:
    fitting = [f for f in folders if f.takes(part, rule.within, rule.parts)]
    folder = max(fitting, key=lambda f: f.last_sent_at, default=None)
    if folder is None:
        folder = _new_folder(part)
        folders.append(folder)
    is_first = folder.is_new and not folder.members
    _add(folder, part)
    return FiledPart(
        id=new_id(),
        submission_id=folder.id,
        part=part,
        is_first=is_first,
        is_complete=part.finding is not None,
        is_new=True,
    )


def _new_folder(part: NewPart) -> _Folder:
    message = part.incoming
    return _Folder(
        id=new_id(),
        newsroom_id=part.newsroom_id,
        member_id=part.member_id,
        chat_id=message.chat_id,
        first_message_id=message.message_id,
        media_group=message.media_group,
        number=None,
        state=SubmissionState.GROWING.value,
        level=LEVELS[0],
        source=part.source,
        opened_at=message.sent_at,
        last_sent_at=message.sent_at,
        size=0,
        is_new=True,
    )


def _add(folder: _Folder, part: NewPart) -> None:
    folder.members.append(part)
    folder.touched = True
    folder.size += 1
    folder.last_sent_at = max(folder.last_sent_at, part.incoming.sent_at)
    if part.incoming.media_group is not None and part.incoming.media_group == folder.media_group:
        # The pictures of an album are filed as they come; Telegram shows what is said of it at the first.
        folder.first_message_id = min(folder.first_message_id, part.incoming.message_id)
    folder.media_group = part.incoming.media_group or folder.media_group
    folder.level = worse(folder.level, part.finding.threat.level if part.finding else LEVELS[0])
    if not part.incoming.is_note:
        folder.state = SubmissionState.CASE.value


def worse(one: str, other: str) -> str:
    """The more serious of two threat levels."""
    return max(one, other, key=LEVELS.index)


async def _number_new_cases(conn: AsyncConnection, folders: Iterable[_Folder]) -> None:
    unnumbered = [f for f in folders if f.touched and f.number is None and f.state == SubmissionState.CASE.value]
    for newsroom_id in {f.newsroom_id for f in unnumbered}:
        mine = [f for f in unnumbered if f.newsroom_id == newsroom_id]
        last = await take_numbers(conn, newsroom_id, "case_counter", len(mine))
        for offset, folder in enumerate(mine):
            folder.number = last - len(mine) + 1 + offset


async def take_numbers(conn: AsyncConnection, newsroom_id: int, counter: str, how_many: int) -> int:
    """Reserve numbers from a newsroom's counter in one statement; returns the last of them."""
    column = newsrooms.c[counter]
    statement = sa.update(newsrooms).where(newsrooms.c.id == newsroom_id).values({counter: column + how_many})
    return int((await conn.execute(statement.returning(column))).scalar_one())


async def _write(conn: AsyncConnection, folders: list[_Folder], filed: list[FiledPart], settles_at: datetime) -> None:
    new = [_folder_row(f, settles_at) for f in folders if f.is_new]
    if new:
        await conn.execute(sa.insert(submissions), new)
    grown = [_folder_row(f, settles_at) for f in folders if f.touched and not f.is_new]
    if grown:
        await conn.execute(_GROW, [{f"b_{key}": row[key] for key in ("id", *_GROWING)} for row in grown])
    if filed:
        await conn.execute(sa.insert(submission_parts), [_part_row(f) for f in filed])


_GROWING = ("first_message_id", "media_group", "number", "state", "level", "last_sent_at", "settles_at", "settled")
_GROW = (
    sa.update(submissions)
    .where(submissions.c.id == sa.bindparam("b_id"))
    .values({name: sa.bindparam(f"b_{name}") for name in _GROWING})
)


def _folder_row(folder: _Folder, settles_at: datetime) -> dict[str, Any]:
    names = _Folder.__dataclass_fields__.keys() - {"size", "is_new", "touched", "members"}
    row = {name: getattr(folder, name) for name in names}
    return row | {"settled": False, "settles_at": settles_at}


def _part_row(filed: FiledPart) -> dict[str, Any]:
    part, message = filed.part, filed.part.incoming
    return {
        "id": filed.id,
        "newsroom_id": part.newsroom_id,
        "submission_id": filed.submission_id,
        "chat_id": message.chat_id,
        "message_id": message.message_id,
        "kind": message.kind.value,
        "what": message.what,
        "origin": dump(message.origin),
        "text": message.text,
        "sha256": part.sha256,
        "file_unique_id": message.file.file_unique_id if message.file else None,
        "finding": _dumped(part.finding),
        "sent_at": message.sent_at,
    }


def _dumped(finding: Finding | None) -> Any:
    # Most texts are ordinary: what is found of them is nothing, and need not be spelled out each time.
    if finding == _NOTHING_FOUND:
        return _NOTHING_DUMPED
    return dump(finding) if finding else None


async def _complete(
    conn: AsyncConnection, parts: Sequence[NewPart], known: dict[tuple[int, int, int], _KnownPart]
) -> list[FiledPart]:
    filed = []
    for part in parts:
        there = known[part.place]
        news = part.finding is not None and not there.is_read
        filed.append(
            FiledPart(id=there.id, submission_id=there.submission_id, part=part, is_first=False, is_complete=news)
        )
        if news and part.finding is not None:
            await set_finding(conn, there.id, there.submission_id, part.finding, part.sha256)
    return filed


async def set_finding(
    conn: AsyncConnection, part_id: int, submission_id: int, finding: Finding, sha256: str | None
) -> None:
    """Keep what was found of a message that was filed before it was read."""
    values: dict[str, Any] = {"finding": dump(finding)} | ({"sha256": sha256} if sha256 else {})
    await conn.execute(sa.update(submission_parts).where(submission_parts.c.id == part_id).values(values))
    await raise_level(conn, submission_id, finding.threat.level)


async def raise_level(conn: AsyncConnection, submission_id: int, level: str) -> None:
    """A submission is as serious as the worst that was found in it."""
    known = await conn.scalar(sa.select(submissions.c.level).where(submissions.c.id == submission_id))
    raised = worse(str(known), level)
    await conn.execute(sa.update(submissions).where(submissions.c.id == submission_id).values(level=raised))
