"""Cases as a card shows them: a submission with its parts, findings and rulings."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import load
from bot.model.ids import new_id
from bot.model.submission import Case, CaseLine, Origin, OriginKind, Part, PartKind, Ruling, SubmissionState
from bot.model.verdict import Finding
from bot.storage import custody, screens, sealed_bodies
from bot.storage.comments import ON_SCREEN
from bot.storage.custody import NewEntry
from bot.storage.tables import (
    comments,
    inbox_updates,
    members,
    rulings,
    staff,
    submission_accounts,
    submission_parts,
    submissions,
)
from bot.storage.upsert import insert_ignoring

_EXCERPT = 60


async def by_submission(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> Case | None:
    """The case that a submission opened, or the question that it raised."""
    return await _case(conn, sa.and_(submissions.c.newsroom_id == newsroom_id, submissions.c.id == submission_id))


async def by_number(conn: AsyncConnection, newsroom_id: int, number: int) -> Case | None:
    """Case K-number."""
    return await _case(conn, sa.and_(submissions.c.newsroom_id == newsroom_id, submissions.c.number == number))


async def by_message(conn: AsyncConnection, newsroom_id: int, chat_id: int, message_id: int) -> tuple[int, int] | None:
    """Submission and part of a message that was filed before."""
    t = submission_parts.c
    query = sa.select(t.submission_id, t.id).where(
        t.newsroom_id == newsroom_id, t.chat_id == chat_id, t.message_id == message_id
    )
    row = (await conn.execute(query)).first()
    return (row.submission_id, row.id) if row else None


async def lines(
    conn: AsyncConnection, newsroom_id: int, member_id: int | None, limit: int, before: int | None = None
) -> list[CaseLine]:
    """The newest cases, of one member or of all; `before` pages on. What was taken back shows no word of it."""
    t = submissions.c
    excerpt = (
        sa.select(submission_parts.c.text)
        .where(submission_parts.c.submission_id == t.id, submission_parts.c.text != "")
        .order_by(submission_parts.c.id)
        .limit(1)
        .scalar_subquery()
    )
    is_sealed = sealed_bodies.sealed_case(t.id).label("sealed")
    query = sa.select(t.number, t.opened_at, t.state, t.level, excerpt.label("excerpt"), is_sealed).where(
        t.newsroom_id == newsroom_id, t.number.is_not(None)
    )
    if member_id is not None:
        query = query.where(t.member_id == member_id)
    if before is not None:
        query = query.where(t.number < before)
    rows = (await conn.execute(query.order_by(t.number.desc()).limit(limit))).all()
    return [
        CaseLine(
            number=r.number,
            opened_at=r.opened_at,
            state=SubmissionState(r.state),
            level=r.level,
            excerpt=(r.excerpt or "")[:_EXCERPT] if r.state != SubmissionState.WITHDRAWN.value else "",
            sealed=bool(r.sealed),
        )
        for r in rows
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Settling:
    """A submission whose burst is over."""

    id: int
    newsroom_id: int
    member_id: int
    chat_id: int
    first_message_id: int
    state: str


async def due_to_settle(conn: AsyncConnection, now: datetime) -> list[Settling]:
    """Submissions whose burst is over, with nothing of theirs waiting in the inbox."""
    t = submissions.c
    waiting = sa.exists().where(
        inbox_updates.c.chat_key == t.chat_id,
        inbox_updates.c.state.in_(("new", "working")),
        inbox_updates.c.not_before <= now,
    )
    query = sa.select(*(t[name] for name in Settling.__dataclass_fields__)).where(
        t.settled.is_(False), t.settles_at <= now, ~waiting
    )
    rows = (await conn.execute(query.order_by(t.settles_at).limit(500))).mappings().all()
    return [Settling(**row) for row in rows]


async def is_settled(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> bool:
    """Whether a submission's burst is over."""
    t = submissions.c
    query = sa.select(t.settled).where(t.newsroom_id == newsroom_id, t.id == submission_id)
    return bool(await conn.scalar(query))


async def settle(conn: AsyncConnection, ids: Sequence[int]) -> None:
    """The burst is over; typed words that stand alone become a question."""
    t = submissions
    await conn.execute(sa.update(t).where(t.c.id.in_(ids)).values(settled=True))
    lonely = sa.update(t).where(t.c.id.in_(ids), t.c.state == SubmissionState.GROWING.value)
    await conn.execute(lonely.values(state=SubmissionState.ASKING.value))


async def set_state(
    conn: AsyncConnection, submission_id: int, state: SubmissionState, *, before: Sequence[SubmissionState]
) -> bool:
    """Move a submission on, if it is still in one of the states `before`; two presses at once make one effect."""
    t = submissions
    move = sa.update(t).where(t.c.id == submission_id, t.c.state.in_([s.value for s in before]))
    return (await conn.execute(move.values(state=state.value))).rowcount == 1


async def numbers(conn: AsyncConnection, newsroom_id: int) -> dict[int, int]:
    """The K-numbers of all cases, by their submissions."""
    query = sa.select(submissions.c.id, submissions.c.number)
    query = query.where(submissions.c.newsroom_id == newsroom_id, submissions.c.number.is_not(None))
    return {row.id: row.number for row in (await conn.execute(query)).all()}


async def set_number(conn: AsyncConnection, submission_id: int, number: int) -> None:
    """Give a submission its case number."""
    await conn.execute(sa.update(submissions).where(submissions.c.id == submission_id).values(number=number))


async def set_target(conn: AsyncConnection, submission_id: int, staff_id: int | None) -> None:
    """Whom the case is aimed at, as a person says."""
    await conn.execute(sa.update(submissions).where(submissions.c.id == submission_id).values(target_id=staff_id))


async def reporter_of(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> int | None:
    """Who sent a submission."""
    query = sa.select(submissions.c.member_id).where(
        submissions.c.newsroom_id == newsroom_id, submissions.c.id == submission_id
    )
    found: int | None = await conn.scalar(query)
    return found


async def by_card(conn: AsyncConnection, newsroom_id: int, member_id: int, message_id: int) -> int | None:
    """The submission of which a message in its reporter's chat is the card."""
    t = submissions.c
    query = sa.select(t.id).where(
        t.newsroom_id == newsroom_id, t.member_id == member_id, t.card_message_id == message_id
    )
    found: int | None = await conn.scalar(query)
    return found


async def card_messages(conn: AsyncConnection, submission_ids: Collection[int]) -> dict[int, int]:
    """The messages that show these cases to their reporters, by submission; of those that were sent."""
    t = submissions.c
    query = sa.select(t.id, t.card_message_id).where(t.id.in_(submission_ids), t.card_message_id.is_not(None))
    return {row.id: row.card_message_id for row in (await conn.execute(query)).all()}


async def set_card_message(conn: AsyncConnection, submission_id: int, message_id: int | None) -> None:
    """Remember the message that shows the case."""
    change = sa.update(submissions).where(submissions.c.id == submission_id)
    await conn.execute(change.values(card_message_id=message_id))


async def latest_case_of(conn: AsyncConnection, member_id: int, since: datetime) -> int | None:
    """The member's newest case since a moment: what a note belongs to."""
    t = submissions.c
    query = sa.select(t.id).where(
        t.member_id == member_id, t.state == SubmissionState.CASE.value, t.last_sent_at >= since
    )
    found: int | None = await conn.scalar(query.order_by(t.id.desc()).limit(1))
    return found


async def move_parts(conn: AsyncConnection, from_id: int, to_id: int) -> None:
    """Attach typed words to the case that they are a note to."""
    t = submission_parts
    await conn.execute(sa.update(t).where(t.c.submission_id == from_id).values(submission_id=to_id))


async def set_part_text(conn: AsyncConnection, part_id: int, text: str, at: datetime) -> None:
    """A member edited the message."""
    t = submission_parts
    await conn.execute(sa.update(t).where(t.c.id == part_id).values(text=text, edited_at=at))


async def set_part_origin(conn: AsyncConnection, submission_id: int, origin: dict[str, Any]) -> None:
    """Typed words that the member asks to check are no note any longer."""
    t = submission_parts
    await conn.execute(sa.update(t).where(t.c.submission_id == submission_id).values(origin=origin))


async def add_ruling(
    conn: AsyncConnection, newsroom_id: int, submission_id: int, member_id: int, kind: str, value: str, at: datetime
) -> bool:
    """Record a person's decision; False when the latest one of the same person already says it."""
    t = rulings.c
    query = sa.select(t.value).where(t.submission_id == submission_id, t.kind == kind, t.member_id == member_id)
    if await conn.scalar(query.order_by(t.id.desc()).limit(1)) == value:
        return False
    row = {"newsroom_id": newsroom_id, "submission_id": submission_id, "member_id": member_id}
    await conn.execute(sa.insert(rulings), [row | {"id": new_id(), "kind": kind, "value": value, "at": at}])
    body = {"event": "ruled", "by": member_id, "kind": kind, "value": value}
    ruled = NewEntry(newsroom_id=newsroom_id, kind="changed", noun="submission", row_id=submission_id, body=body, at=at)
    await custody.put(conn, [ruled])
    return True


async def rely_on(conn: AsyncConnection, newsroom_id: int, pairs: Collection[tuple[int, int]]) -> None:
    """Remember which cases named which accounts, so that a ruling on an account reaches them: (submission, account)."""
    rows = [{"newsroom_id": newsroom_id, "submission_id": s, "account_id": a} for s, a in pairs]
    if rows:
        await insert_ignoring(conn, submission_accounts, rows, ["submission_id", "account_id"])


async def relying_on_account(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[int]:
    """Submissions whose cards named an account."""
    t = submission_accounts.c
    query = sa.select(t.submission_id).where(t.newsroom_id == newsroom_id, t.account_id == account_id)
    return list((await conn.execute(query.order_by(t.submission_id))).scalars())


async def authors(conn: AsyncConnection, submission_id: int) -> list[tuple[str | None, str | None, str | None]]:
    """Platform, handle and name of who wrote the comments of a submission, those on screenshots left out.

    On a screenshot many people speak: none of them is the author of the case.
    """
    t = comments.c
    query = sa.select(t.platform, t.handle, t.author).where(
        t.submission_id == submission_id, t.withdrawn_at.is_(None), t.source.not_like(ON_SCREEN)
    )
    return [(row.platform, row.handle, row.author) for row in (await conn.execute(query)).all()]


async def _case(conn: AsyncConnection, condition: sa.ColumnElement[bool]) -> Case | None:
    t = submissions.c
    query = (
        sa.select(submissions, members.c.name.label("reporter_name"), staff.c.name.label("target"))
        .add_columns(sealed_bodies.sealed_case(t.id).label("sealed"))
        .join(members, members.c.id == t.member_id)
        .outerjoin(staff, staff.c.id == t.target_id)
        .where(condition)
    )
    row = (await conn.execute(query)).first()
    return await _filled(conn, row) if row else None


async def _filled(conn: AsyncConnection, row: Any) -> Case:
    parts = await _parts(conn, row.id)
    return Case(
        submission_id=row.id,
        newsroom_id=row.newsroom_id,
        number=row.number,
        state=SubmissionState(row.state),
        settled=row.settled,
        reporter_id=row.member_id,
        reporter_name=row.reporter_name,
        chat_id=row.chat_id,
        first_message_id=row.first_message_id,
        opened_at=row.opened_at,
        parts=parts,
        waiting=await _waiting(conn, row.chat_id, row.media_group),
        note="\n".join(part.text for part in parts if part.origin.kind is OriginKind.TYPED and part.text),
        rulings=await _rulings(conn, row.id),
        target=row.target,
        sealed=bool(row.sealed),
    )


async def _parts(conn: AsyncConnection, submission_id: int) -> tuple[Part, ...]:
    t = submission_parts
    rows = (await conn.execute(sa.select(t).where(t.c.submission_id == submission_id).order_by(t.c.message_id))).all()
    has_pictures = any(row.sha256 is not None for row in rows)
    readings = await screens.of_submission(conn, submission_id) if has_pictures else {}
    return tuple(
        Part(
            id=r.id,
            kind=PartKind(r.kind),
            origin=load(Origin, r.origin),
            text=r.text,
            message_id=r.message_id,
            sha256=r.sha256,
            what=r.what,
            finding=load(Finding, r.finding) if r.finding else None,
            edited_at=r.edited_at,
            reading=readings.get(r.id),
        )
        for r in rows
    )


async def _waiting(conn: AsyncConnection, chat_id: int, media_group: str | None) -> int:
    if media_group is None:
        return 0
    t = inbox_updates.c
    query = sa.select(sa.func.count()).where(
        t.chat_key == chat_id, t.media_group == media_group, t.state.in_(("new", "working"))
    )
    return int(await conn.scalar(query) or 0)


async def _rulings(conn: AsyncConnection, submission_id: int) -> tuple[Ruling, ...]:
    t = rulings.c
    query = (
        sa.select(t.kind, t.value, t.member_id, members.c.name, t.at)
        .join(members, members.c.id == t.member_id)
        .where(t.submission_id == submission_id)
        .order_by(t.id)
    )
    return tuple(
        Ruling(kind=r.kind, value=r.value, member_id=r.member_id, member_name=r.name, at=r.at)
        for r in (await conn.execute(query)).all()
    )
