"""Deletes who a member was: name, Telegram id, settings, what was said to them. What they did stays, as a number's.

Cases, rulings and notes hang on the row of the member; it stays, emptied, and is called by its number, such as M-7.
What the custody log says of it is another matter (bot/services/erasing_members.py).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import MemberStatus
from bot.model.outbox import Kind
from bot.storage import alarms, members, pending_acts
from bot.storage.scrubbing import scrub, words_in
from bot.storage.tables import (
    account_facts,
    account_reports,
    accounts,
    alarm_calls,
    comments,
    dialogs,
    digest_chats,
    duty_roster,
    history,
    inbox_updates,
    invites,
    openings,
    outbox_chats,
    outbox_messages,
    photos,
    recovery_codes,
    report_orders,
    seal_recipients,
    sent_messages,
    staff,
    step_ups,
    submission_parts,
    submissions,
    threat_queries,
    vigils,
)
from bot.storage.tables import members as members_table

#: Rows that are a member's alone.
_OWN: Final = (
    step_ups, recovery_codes, openings, vigils, dialogs, duty_roster, threat_queries, report_orders, sent_messages,
)  # fmt: skip
#: What still has to reach the chat of somebody who left: that messages go, and the menu.
_FAREWELL: Final = (Kind.CLEAR_MENU.value, Kind.DELETE.value)
#: Everything from which a member's erasure deletes.
TOUCHED: Final = (
    *_OWN, members_table, invites, staff, inbox_updates, outbox_messages, outbox_chats, submissions, submission_parts,
    comments, photos, accounts, account_reports, account_facts, digest_chats, alarm_calls, history, seal_recipients,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberRows:
    """What belongs to a member: who they were, by what number they are called from now on, what they sent."""

    newsroom_id: int
    member_id: int
    telegram_id: int
    name: str
    label: str
    submissions: tuple[int, ...]

    @property
    def subjects(self) -> list[tuple[str, int]]:
        """Under which nouns and numbers the custody log says who they were, and how their messages came."""
        return [("member", self.member_id), *(("arrival", each) for each in self.submissions)]

    @property
    def nobody(self) -> int:
        """What stands for their Telegram id: no id of Telegram's, and nobody else's."""
        return -self.member_id


async def rows_of_member(conn: AsyncConnection, newsroom_id: int, member_id: int) -> MemberRows | None:
    """All that belongs to a member; None for nobody."""
    everybody = await members.all_of(conn, newsroom_id, *MemberStatus)
    places = {each.id: (number, each) for number, each in enumerate(everybody, 1)}
    if member_id not in places:
        return None
    number, member = places[member_id]
    t = submissions.c
    sent = sa.select(t.id).where(t.newsroom_id == newsroom_id, t.member_id == member_id).order_by(t.id)
    return MemberRows(
        newsroom_id=newsroom_id,
        member_id=member.id,
        telegram_id=member.telegram_id,
        name=member.name,
        label=f"M-{number}",
        submissions=tuple((await conn.execute(sent)).scalars()),
    )


async def erase(conn: AsyncConnection, rows: MemberRows, now: datetime) -> None:
    """Delete who they were; messages that are still to be deleted in their chat, and the menu, go out all the same."""
    for table in _OWN:
        await conn.execute(sa.delete(table).where(*_mine(table, rows)))
    await conn.execute(sa.delete(sent_messages).where(*_in_chat(sent_messages, rows)))
    await pending_acts.void_of(conn, rows.newsroom_id, rows.member_id, now)
    await alarms.pass_on(conn, rows.newsroom_id, rows.member_id, now)
    await conn.execute(sa.update(alarm_calls).where(*_mine(alarm_calls, rows)).values(message_id=None))
    await _erase_letters(conn, rows, now)
    await _erase_chat(conn, rows)
    await _erase_name(conn, rows)
    await conn.execute(sa.update(staff).where(*_mine(staff, rows)).values(member_id=None))
    used = sa.update(invites).where(invites.c.newsroom_id == rows.newsroom_id, invites.c.used_by == rows.telegram_id)
    await conn.execute(used.values(used_by=None))
    gone = {"telegram_id": rows.nobody, "name": rows.label, "roles": "", "status": MemberStatus.REMOVED.value}
    gone |= {"language": None, "sweep_hours": None}
    mine = sa.update(members_table).where(
        members_table.c.newsroom_id == rows.newsroom_id, members_table.c.id == rows.member_id
    )
    await conn.execute(mine.values(**gone, epoch=members_table.c.epoch + 1))


async def farewells(conn: AsyncConnection, newsroom_id: int) -> list[int]:
    """What still waits to go to people who are no members at all: the ids of those rows."""
    waits = _to_nobody(newsroom_id, outbox_messages.c.state.in_(("new", "sending")))
    return [row.id for row in (await conn.execute(waits.order_by(outbox_messages.c.id))).all()]


async def has_gone_out(conn: AsyncConnection, newsroom_id: int) -> bool:
    """Whether something went to people who are no members at all, and its row is still there."""
    over = _to_nobody(newsroom_id, outbox_messages.c.state.not_in(("new", "sending")))
    return (await conn.execute(over.limit(1))).first() is not None


async def forget_farewells(conn: AsyncConnection, newsroom_id: int) -> int:
    """Delete what was sent to people who are no members at all, or could not be; returns how many rows."""
    over = _to_nobody(newsroom_id, outbox_messages.c.state.not_in(("new", "sending")))
    gone = await conn.execute(sa.delete(outbox_messages).where(outbox_messages.c.id.in_(over)))
    chats, waits = outbox_chats.c, _waiting_chats()
    known = sa.select(members_table.c.telegram_id)
    nobody = sa.and_(chats.newsroom_id == newsroom_id, chats.chat_id > 0, chats.chat_id.not_in(known))
    await conn.execute(sa.delete(outbox_chats).where(nobody, chats.chat_id.not_in(waits)))
    return gone.rowcount


def _waiting_chats() -> sa.Select[tuple[int]]:
    return sa.select(outbox_messages.c.chat_id).where(outbox_messages.c.state.in_(("new", "sending")))


def _to_nobody(newsroom_id: int, also: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    t = outbox_messages.c
    known = sa.select(members_table.c.telegram_id).where(members_table.c.newsroom_id == newsroom_id)
    # Where checkpoints go the operator's settings say: it may be a person who is no member.
    private = sa.and_(t.chat_id > 0, t.kind != Kind.CHECKPOINT.value, t.chat_id.not_in(known))
    return sa.select(t.id).where(t.newsroom_id == newsroom_id, private, also)


def _mine(table: sa.Table, rows: MemberRows) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.newsroom_id == rows.newsroom_id, table.c.member_id == rows.member_id


def _in_chat(table: sa.Table, rows: MemberRows) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.newsroom_id == rows.newsroom_id, table.c.chat_id == rows.telegram_id


async def _erase_letters(conn: AsyncConnection, rows: MemberRows, now: datetime) -> None:
    """What they sent, as Telegram gave it; what was or is to be said to them; their name in what is said to others."""
    u, m = inbox_updates, outbox_messages
    named = sa.and_(u.c.newsroom_id == rows.newsroom_id, u.c.raw.contains(str(rows.telegram_id)))
    query = sa.select(u.c.id, u.c.raw, u.c.state, u.c.chat_key).where(
        sa.or_(named, sa.and_(u.c.newsroom_id == rows.newsroom_id, u.c.chat_key == rows.telegram_id))
    )
    for row in (await conn.execute(query)).all():
        if row.chat_key == rows.telegram_id or str(rows.telegram_id) in words_in(_loaded(row.raw)):
            # The number stays, so that Telegram's second try is known and dropped. What is in hand ends by itself.
            waits = {"state": "done", "done_at": now} if row.state != "working" else {}
            emptied = {"raw": json.dumps({}), "chat_key": 0, "media_group": None, **waits}
            await conn.execute(sa.update(u).where(u.c.id == row.id).values(**emptied))
    leaves = sa.and_(m.c.kind.in_(_FAREWELL), m.c.state.in_(("new", "sending")))
    theirs = sa.or_(m.c.chat_id == rows.telegram_id, m.c.member_id == rows.member_id)
    await conn.execute(sa.delete(m).where(m.c.newsroom_id == rows.newsroom_id, theirs, ~leaves))
    await scrub(conn, m.c.body, _instead(rows), m.c.newsroom_id == rows.newsroom_id, within="values")
    await conn.execute(sa.delete(outbox_chats).where(*_in_chat(outbox_chats, rows)))


async def _erase_chat(conn: AsyncConnection, rows: MemberRows) -> None:
    """The number of their chat, which is their Telegram id, wherever it says by which message something came."""
    for table in (submissions, submission_parts):
        await conn.execute(sa.update(table).where(*_in_chat(table, rows)).values(chat_id=rows.nobody))
    old, new = f"telegram:{rows.telegram_id}:", f"telegram:{rows.nobody}:"
    for table in (comments, photos):
        c = table.c.source
        came = sa.and_(table.c.newsroom_id == rows.newsroom_id, c.startswith(old, autoescape=True))
        await conn.execute(sa.update(table).where(came).values(source=sa.func.replace(c, old, new)))
    own = sa.or_(digest_chats.c.member_id == rows.member_id, digest_chats.c.chat_id == rows.telegram_id)
    stopped = sa.update(digest_chats).where(digest_chats.c.newsroom_id == rows.newsroom_id, own)
    values: dict[str, Any] = {"chat_id": rows.nobody, "title": rows.label, "state": "stopped", "member_id": None}
    await conn.execute(stopped.values(values))


async def _erase_name(conn: AsyncConnection, rows: MemberRows) -> None:
    """Their name where it was written down beside what they did."""
    own = sa.and_(accounts.c.newsroom_id == rows.newsroom_id, accounts.c.listed_by == rows.member_id)
    listed = sa.update(accounts).where(own)
    await conn.execute(listed.values(lister=rows.label))
    said = sa.update(account_reports).where(*_mine(account_reports, rows))
    await conn.execute(said.values(lister=rows.label))
    instead = _instead(rows)
    for column in (account_reports.c.source, account_reports.c.said, account_facts.c.source):
        await scrub(conn, column, instead, sa.and_(*_mine(column.table, rows)))
    h = history
    about = sa.and_(h.c.newsroom_id == rows.newsroom_id, h.c.subject == "member", h.c.subject_id == rows.member_id)
    await conn.execute(sa.delete(h).where(about))
    for column in (h.c.details, seal_recipients.c.name):
        await scrub(conn, column, instead, column.table.c.newsroom_id == rows.newsroom_id)


def _instead(rows: MemberRows) -> dict[str, str]:
    return {rows.name: rows.label, str(rows.telegram_id): "0"}


def _loaded(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
