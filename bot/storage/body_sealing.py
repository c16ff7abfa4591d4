"""Everything that was said in a case: read as one, and overwritten where it stands once its age file is kept.

What stays says that there was something: numbers, kinds, severity, dates, accounts, who is meant. The places are those
that erasure knows (bot/storage/case_rows.py); `WORDLESS` are those of them where nobody's words stand.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.codec import dump
from bot.storage import postings, rejections
from bot.storage.body_keys import keyed
from bot.storage.body_scrubbing import said_nothing, without_finding, without_reading, without_targets
from bot.storage.campaign_naming import unnamed
from bot.storage.case_rows import CaseRows, empty_updates, naming, updates_of, updates_quoting
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
    spike_marks,
    spike_mentions,
    spikes,
    submission_accounts,
    submission_parts,
    submissions,
    text_postings,
    text_rejections,
    texts,
    threat_sightings,
    threat_targets,
    threats,
)
from bot.storage.texts import DONE

#: Where a case's rows hold nobody's words: numbers, codes, hashes, accounts, and who is meant.
WORDLESS: Final = frozenset(
    {alarm_calls, alarms, campaign_parts, campaign_pictures, digest_claims, photo_descriptions, photo_rulings, photos}
    | {case_restrictions, restriction_members, rulings, spike_marks, spike_mentions, submission_accounts, submissions}
    | {threat_targets}
)  # fmt: skip
#: Where the index and what was made of it hold them: see `_seal_texts`; and what came in and goes out: `_seal_letters`.
ELSEWHERE: Final = frozenset(
    {campaigns, comments, dialogs, digests, inbox_updates, outbox_messages, spikes, text_postings, texts}
)

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A table in which a case's words stand: which rows, and what is left of each column."""

    table: sa.Table
    key: str
    which: Callable[[CaseRows], sa.ColumnElement[bool]]
    left: Mapping[str, Callable[[Row], Any]]


def _told(rows: CaseRows) -> sa.ColumnElement[bool]:
    h = history.c
    told = (sa.and_(h.subject == noun, h.subject_id == row_id) for noun, row_id in rows.subjects)
    return sa.and_(h.newsroom_id == rows.newsroom_id, sa.or_(sa.false(), *told))


SAID: Final = (
    Said(
        table=submission_parts,
        key="id",
        which=lambda rows: submission_parts.c.submission_id.in_(rows.submissions),
        left={"text": lambda _: "", "finding": lambda row: without_finding(row["finding"])},
    ),
    Said(
        table=screen_readings,
        key="part_id",
        which=lambda rows: screen_readings.c.submission_id.in_(rows.submissions),
        left={"reading": lambda row: without_reading(row["reading"])},
    ),
    Said(
        table=threats,
        key="id",
        which=lambda rows: threats.c.id.in_(rows.threats),
        left={
            "text": lambda _: "",
            "searched": lambda row: "\n".join(each for each in (row["account"], row["link"]) if each).lower(),
            "spans": lambda _: [],
            "spot": lambda _: None,
            "targets": lambda row: without_targets(row["targets"]),
        },
    ),
    Said(
        table=threat_sightings,
        key="id",
        which=lambda rows: threat_sightings.c.submission_id.in_(rows.submissions),
        left={"text": lambda _: "", "words": lambda _: ""},
    ),
    Said(
        table=event_records,
        key="id",
        which=lambda rows: sa.and_(event_records.c.about == "threat", event_records.c.row_id.in_(rows.threats)),
        left={"value": lambda row: None if row["value"] is None else ""},
    ),
    Said(table=history, key="id", which=_told, left={"details": lambda row: said_nothing(row["details"])}),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseWords:
    """A case's rows, the keys of its threats' texts, and the index's words for each text that is to be sealed."""

    rows: CaseRows
    keys: frozenset[int]
    texts: Mapping[int, str]

    @property
    def spoken(self) -> list[str]:
        """Every text by which the index found something of it: as it was written, and as the index has it."""
        return [each for each in (*self.rows.words.values(), *self.texts.values()) if each]


async def words_of(conn: AsyncConnection, rows: CaseRows) -> CaseWords:
    """What of the index belongs to a case that is to be sealed."""
    s = threat_sightings.c
    query = sa.select(s.text_key).where(s.submission_id.in_(rows.submissions), s.text != "", s.text_key != 0)
    keys = frozenset((await conn.execute(query)).scalars())
    readable = keys | {key for key, text in rows.words.items() if text}
    t = texts.c
    found = sa.select(t.text_key, t.words).where(t.newsroom_id == rows.newsroom_id, t.text_key.in_(readable))
    return CaseWords(rows=rows, keys=keys, texts={row.text_key: row.words for row in await conn.execute(found)})


async def collected(conn: AsyncConnection, words: CaseWords) -> dict[str, list[dict[str, Any]]]:
    """Every row that holds words of the case, whole, by its table."""
    found = {}
    for said in SAID:
        query = sa.select(said.table).where(said.which(words.rows)).order_by(said.table.c[said.key])
        found[said.table.name] = [_plain(row) for row in (await conn.execute(query)).mappings()]
    query = sa.select(comments).where(_comments(words)).order_by(comments.c.id)
    found["comments"] = [_plain(row) for row in (await conn.execute(query)).mappings()]
    return found


def _plain(row: Any) -> dict[str, Any]:
    return {name: dump(value) for name, value in row.items()}


def _comments(words: CaseWords) -> sa.ColumnElement[bool]:
    """Its own comments, and exact copies of its threats that no case holds: those from files."""
    c = comments.c
    alone = sa.and_(c.newsroom_id == words.rows.newsroom_id, c.submission_id.is_(None), c.text_key.in_(words.keys))
    return sa.and_(c.text != "", sa.or_(c.id.in_(words.rows.comments), alone))


async def overwrite(
    conn: AsyncConnection, words: CaseWords, prints: Collection[bytes], key: bytes, now: datetime
) -> set[int]:
    """Leave no word of it; `prints` are the fingerprints of `words.spoken`. Returns the campaigns that lost their name.

    The caller names those anew whose other texts can be read.
    """
    await _seal_letters(conn, words, now)
    hidden = {each: keyed(key, each) for each in {*words.keys, *words.texts, *words.rows.words} if each}
    s = threat_sightings.c
    for old, new in hidden.items():
        mine = sa.and_(s.submission_id.in_(words.rows.submissions), s.text_key == old, s.text != "")
        await conn.execute(sa.update(threat_sightings).where(mine).values(text_key=new))
    for said in SAID:
        await _blank(conn, words.rows, said)
    return await _seal_texts(conn, words, prints, hidden)


async def _blank(conn: AsyncConnection, rows: CaseRows, said: Said) -> None:
    query = sa.select(said.table).where(said.which(rows))
    for each in (await conn.execute(query)).mappings().all():
        row = dict(each)
        left = {name: what(row) for name, what in said.left.items()}
        if any(row[name] != value for name, value in left.items()):
            change = sa.update(said.table).where(said.table.c[said.key] == row[said.key])
            await conn.execute(change.values(**left))


async def _seal_letters(conn: AsyncConnection, words: CaseWords, now: datetime) -> None:
    """What came in and was said: updates, messages that were sent, forms that nobody fills in any more."""
    rows = words.rows
    h = history.c
    notes = (
        await conn.execute(sa.select(h.details).where(_told(rows), h.event.in_(("note", "told", "record"))))
    ).scalars()
    said = {str(text) for each in notes for text in (each or {}).values() if isinstance(text, str)}
    done = inbox_updates.c.state.in_(("done", "failed"))
    quoting = await updates_quoting(conn, rows, said, done)
    await empty_updates(conn, sorted({*await updates_of(conn, rows), *quoting}))
    m = outbox_messages.c
    sent = await naming(conn, rows, outbox_messages, "id", m.state.in_(("done", "failed")))
    await conn.execute(sa.delete(outbox_messages).where(m.id.in_(sent)))
    over = await naming(conn, rows, dialogs, "member_id", dialogs.c.expires_at < now)
    await conn.execute(sa.delete(dialogs).where(dialogs.c.member_id.in_(over)))


async def _seal_texts(
    conn: AsyncConnection, words: CaseWords, prints: Collection[bytes], hidden: Mapping[int, int]
) -> set[int]:
    """Comments lose their words and get the keyed hash for their key; so does a text that nobody can read any more."""
    newsroom_id, c, t = words.rows.newsroom_id, comments.c, texts.c
    mine = _comments(words)
    for old, new in hidden.items():
        change = sa.update(comments).where(mine, c.text_key == old)
        await conn.execute(change.values(text="", words="", text_key=new))
    await conn.execute(sa.update(comments).where(mine).values(text="", words=""))
    left = sa.select(c.text_key).where(c.newsroom_id == newsroom_id, c.text_key.in_(hidden)).distinct()
    gone = set(hidden) - set((await conn.execute(left)).scalars())
    await rejections.carry_over(conn, newsroom_id, [(old, hidden[old]) for old in gone])
    r = text_rejections.c
    either = sa.or_(r.text_key.in_(gone), r.other_key.in_(gone))
    await conn.execute(sa.delete(text_rejections).where(r.newsroom_id == newsroom_id, either))
    query = sa.select(t.number, t.text_key, t.campaign_id).where(t.newsroom_id == newsroom_id, t.text_key.in_(gone))
    campaigns_of = set()
    for row in (await conn.execute(query)).all():
        await _seal_text(conn, newsroom_id, row, hidden[row.text_key], prints)
        campaigns_of |= {row.campaign_id} - {None}
    return await unnamed(conn, newsroom_id, campaigns_of)


async def _seal_text(conn: AsyncConnection, newsroom_id: int, row: Any, hidden: int, prints: Collection[bytes]) -> None:
    p, t = text_postings.c, texts.c
    for each in prints:
        hashes = postings.stored(newsroom_id, each)
        await conn.execute(sa.delete(text_postings).where(p.hash.in_(hashes), p.number == row.number))
    mine = sa.and_(t.newsroom_id == newsroom_id, t.number == row.number)
    there = sa.select(t.number, t.campaign_id).where(t.newsroom_id == newsroom_id, t.text_key == hidden)
    before = (await conn.execute(there)).first()
    if before is None:
        await conn.execute(sa.update(texts).where(mine).values(text_key=hidden, words="", state=DONE))
        return
    # The same words were sealed before: what is counted stands there.
    await conn.execute(sa.delete(texts).where(mine))
    if before.campaign_id is None and row.campaign_id is not None:
        kept = sa.update(texts).where(t.newsroom_id == newsroom_id, t.number == before.number)
        await conn.execute(kept.values(campaign_id=row.campaign_id))
