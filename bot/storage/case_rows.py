"""Every place where something of a case lies: its rows, its texts in the index, what came in and what goes out.

Erasure deletes there, sealing overwrites there: what one of them finds the other does too.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.scrubbing import words_in
from bot.storage.tables import (
    alarm_calls,
    alarms,
    campaign_parts,
    campaign_pictures,
    campaigns,
    case_restrictions,
    comments,
    dialogs,
    digest_claims,
    digests,
    event_records,
    history,
    inbox_updates,
    outbox_messages,
    photo_descriptions,
    photo_rulings,
    photos,
    restriction_members,
    rulings,
    screen_readings,
    sealed_bodies,
    spike_marks,
    spike_mentions,
    spikes,
    submission_accounts,
    submission_parts,
    submissions,
    text_postings,
    texts,
    threat_sightings,
    threat_targets,
    threats,
)

#: Shorter words are no quotation of anybody.
_SHORTEST: Final = 4
#: Every table that holds something of a case.
TOUCHED: Final = (
    alarm_calls, alarms, campaign_parts, campaign_pictures, campaigns, comments, dialogs, digest_claims, digests,
    event_records, history, inbox_updates, outbox_messages, photo_descriptions, photo_rulings, photos, rulings,
    case_restrictions, restriction_members,
    screen_readings, spike_marks, spike_mentions, spikes, submission_accounts, submission_parts, submissions,
    text_postings, texts, threat_sightings, threat_targets, threats,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRows:
    """What belongs to a case: ids of rows, keys and words of its texts, hashes of its bytes."""

    newsroom_id: int
    submissions: frozenset[int]
    parts: tuple[tuple[int, int, int], ...]
    comments: frozenset[int]
    words: Mapping[int, str]
    photos: frozenset[int]
    threats: frozenset[int]
    shas: frozenset[str]
    #: Cases whose words were sealed: under this noun the log tells of the age files.
    sealed: frozenset[int] = frozenset()

    @property
    def ids(self) -> frozenset[int]:
        """Of every row that something else may name."""
        return self.submissions | self.comments | self.photos | self.threats | {part for part, *_ in self.parts}

    @property
    def subjects(self) -> list[tuple[str, int]]:
        """Under which nouns and numbers the history and the custody log speak of it."""
        told = [("submission", each) for each in self.submissions] + [("threat", each) for each in self.threats]
        told += [("arrival", each) for each in self.submissions]
        told += [("part", part) for part, *_ in self.parts] + [("photo", each) for each in self.photos]
        return sorted(told)

    @property
    def all_subjects(self) -> list[tuple[str, int]]:
        """The same with what the log says of their age files."""
        return sorted([*self.subjects, *(("sealed_body", each) for each in self.sealed)])


async def rows_of_case(conn: AsyncConnection, newsroom_id: int, submission_id: int) -> CaseRows:
    """All that belongs to a case."""
    t, p = submissions.c, submission_parts.c
    own = sa.and_(p.newsroom_id == newsroom_id, p.submission_id == submission_id)
    parts = (await conn.execute(sa.select(p.id, p.chat_id, p.message_id, p.sha256).where(own))).all()
    # Words that were typed first and attached to the case later came as a submission of their own.
    joined = sa.or_(sa.false(), *(sa.and_(t.chat_id == r.chat_id, t.first_message_id == r.message_id) for r in parts))
    mine = sa.and_(t.newsroom_id == newsroom_id, sa.or_(t.id == submission_id, joined))
    ids = frozenset((await conn.execute(sa.select(t.id).where(mine))).scalars())
    c = comments.c
    ours = sa.and_(c.newsroom_id == newsroom_id, c.submission_id.in_(ids))
    said = (await conn.execute(sa.select(c.id, c.text_key, c.text).where(ours))).all()
    f = photos.c
    shown = (await conn.execute(sa.select(f.id, f.sha256).where(f.submission_id.in_(ids)))).all()
    recorded = sa.select(threats.c.id).where(threats.c.submission_id.in_(ids))
    kept = sa.select(sealed_bodies.c.submission_id).where(sealed_bodies.c.submission_id.in_(ids))
    return CaseRows(
        newsroom_id=newsroom_id,
        submissions=ids,
        parts=tuple((r.id, r.chat_id, r.message_id) for r in parts),
        comments=frozenset(r.id for r in said),
        words={r.text_key: r.text for r in said if r.text_key},
        photos=frozenset(r.id for r in shown),
        threats=frozenset((await conn.execute(recorded)).scalars()),
        shas=frozenset(r.sha256 for r in [*parts, *shown] if r.sha256 is not None),
        sealed=frozenset((await conn.execute(kept)).scalars()),
    )


async def updates_of(conn: AsyncConnection, rows: CaseRows) -> list[int]:
    """The updates by which its messages came, as long as the inbox keeps them."""
    u = inbox_updates.c
    messages = {(chat, message) for _, chat, message in rows.parts}
    query = sa.select(u.id, u.raw).where(u.newsroom_id == rows.newsroom_id, u.chat_key.in_({c for c, _ in messages}))
    return [row.id for row in (await conn.execute(query)).all() if not messages.isdisjoint(_messages(row.raw))]


async def updates_quoting(
    conn: AsyncConnection, rows: CaseRows, texts_said: Collection[str], *which: sa.ColumnElement[bool]
) -> list[int]:
    """Updates in which somebody said one of these: orders and answers that became notes."""
    wanted = {each for each in texts_said if len(each) >= _SHORTEST}
    if not wanted:
        return []
    u = inbox_updates.c
    query = sa.select(u.id, u.raw).where(u.newsroom_id == rows.newsroom_id, *which)
    said = {row.id: " ".join(words_in(_loaded(row.raw))) for row in (await conn.execute(query)).all()}
    return [i for i, words in said.items() if any(each in words for each in wanted)]


async def empty_updates(conn: AsyncConnection, ids: Sequence[int]) -> None:
    """Take the words out of updates. The number stays, so that Telegram's second try is known and dropped."""
    emptied = {"raw": json.dumps({}), "chat_key": 0, "media_group": None}
    await conn.execute(sa.update(inbox_updates).where(inbox_updates.c.id.in_(ids)).values(**emptied))


async def naming(conn: AsyncConnection, rows: CaseRows, table: sa.Table, key: str, *which: Any) -> list[int]:
    """Keys of a newsroom's rows whose body names something of the case."""
    names = {str(each) for each in rows.ids}
    told = sa.select(table.c[key], table.c.body).where(table.c.newsroom_id == rows.newsroom_id, *which)
    return [row[0] for row in (await conn.execute(told)).all() if not names.isdisjoint(words_in(row.body))]


def _messages(raw: str) -> set[tuple[int, int]]:
    """Chat and number of each message that an update holds."""
    found: set[tuple[int, int]] = set()
    waiting: list[Any] = [_loaded(raw)]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            chat, message = each.get("chat"), each.get("message_id")
            if isinstance(chat, dict) and isinstance(message, int) and isinstance(chat.get("id"), int):
                found.add((chat["id"], message))
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return found


def _loaded(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
