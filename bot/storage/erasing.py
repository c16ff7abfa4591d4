"""Deletes all that the archive holds of a case: its rows, those that only it needed, and what waits to be sent of it.

What the custody log says of it is another matter: its key is destroyed (bot/services/erasing.py).
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import postings
from bot.storage.campaign_naming import name_empty
from bot.storage.case_rows import CaseRows, empty_updates, naming, updates_of
from bot.storage.tables import (
    alarm_calls,
    alarms,
    campaign_parts,
    campaign_pictures,
    case_restrictions,
    comments,
    custody_keys,
    custody_pending,
    dialogs,
    digest_claims,
    event_records,
    history,
    metadata,
    outbox_messages,
    photo_descriptions,
    photo_rulings,
    photos,
    restriction_members,
    retention_marks,
    rulings,
    screen_readings,
    sealed_bodies,
    sealed_originals,
    spike_marks,
    spike_mentions,
    submission_accounts,
    submission_parts,
    submissions,
    text_postings,
    texts,
    threat_sightings,
    threat_targets,
    threats,
    vault_removals,
)
from bot.storage.upsert import insert_ignoring

#: Tables whose rows name bytes by their hash without needing them.
_NAME_ONLY: Final = {
    "sealed_originals",
    "photo_descriptions",
    "photo_rulings",
    "import_runs",
    "imported_files",
    "threat_models",
    "vault_removals",
}
HOLDERS: Final = tuple(
    table for table in metadata.sorted_tables if "sha256" in table.c and table.name not in _NAME_ONLY
)
#: Age files that stand for words.
_BODIES: Final = (sealed_bodies.c.age_sha256, sealed_bodies.c.inside_age_sha256)
#: Where the custody log's keys and what waits for it were.
KEYS: Final = (custody_keys, custody_pending)


async def erase(conn: AsyncConnection, rows: CaseRows, prints: Mapping[int, bytes], now: datetime) -> None:
    """Delete them; `prints` are the fingerprints of the texts by their keys. Bytes that nobody else needs are noted."""
    await _erase_letters(conn, rows)
    await _erase_threats(conn, rows)
    await _erase_photos(conn, rows)
    of = {spike_marks: "comment_id", spike_mentions: "comment_id"}
    for table, column in of.items():
        await conn.execute(sa.delete(table).where(table.c[column].in_(rows.comments)))
    await conn.execute(sa.delete(comments).where(comments.c.id.in_(rows.comments)))
    await _erase_texts(conn, rows, prints)
    kept = (restriction_members, case_restrictions, retention_marks)
    for table in (*kept, screen_readings, submission_accounts, rulings, submission_parts):
        await conn.execute(sa.delete(table).where(table.c.submission_id.in_(rows.submissions)))
    for noun, row_id in rows.subjects:
        told = sa.and_(history.c.subject == noun, history.c.subject_id == row_id)
        await conn.execute(sa.delete(history).where(history.c.newsroom_id == rows.newsroom_id, told))
    bodies = await _erase_bodies(conn, rows)
    await conn.execute(sa.delete(submissions).where(submissions.c.id.in_(rows.submissions)))
    gone = rows.shas | await _erase_sealed(conn, rows) | bodies
    await note_removals(conn, rows.newsroom_id, gone, now)


async def note_removals(conn: AsyncConnection, newsroom_id: int, shas: Collection[str], now: datetime) -> None:
    """Note those of these bytes that no row of any newsroom needs."""
    needed = await _needed(conn, shas)
    gone = [{"newsroom_id": newsroom_id, "sha256": each, "noted_at": now} for each in sorted(set(shas) - needed)]
    if gone:
        await insert_ignoring(conn, vault_removals, gone, ["newsroom_id", "sha256"])


async def removals(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[str]:
    """Bytes that are noted to be removed."""
    query = sa.select(vault_removals.c.sha256).where(vault_removals.c.newsroom_id == newsroom_id)
    return list((await conn.execute(query.order_by(vault_removals.c.noted_at).limit(limit))).scalars())


async def still_needed(conn: AsyncConnection, sha256: str) -> bool:
    """Whether a row of any newsroom needs these bytes, again or still."""
    return bool(await _needed(conn, [sha256]))


async def removed(conn: AsyncConnection, newsroom_id: int, sha256: str) -> None:
    """They are gone, or needed again."""
    noted = sa.and_(vault_removals.c.newsroom_id == newsroom_id, vault_removals.c.sha256 == sha256)
    await conn.execute(sa.delete(vault_removals).where(noted))


async def _needed(conn: AsyncConnection, shas: Collection[str]) -> set[str]:
    found: set[str] = set()
    for table in HOLDERS:
        query = sa.select(table.c.sha256).where(table.c.sha256.in_(shas)).distinct()
        found |= set((await conn.execute(query)).scalars())
    for column in (sealed_originals.c.age_sha256, sealed_originals.c.copy_sha256, *_BODIES):
        found |= set((await conn.execute(sa.select(column).where(column.in_(shas)))).scalars())
    return found


async def sealings(conn: AsyncConnection, rows: CaseRows) -> list[tuple[str, str, int]]:
    """Sealed originals of the case that another case holds too: original, age file, and that case's submission.

    Which age file stands for an original is told to the log once, maybe under the case that goes.
    """
    s, p = sealed_originals.c, submission_parts.c
    here = sa.and_(s.newsroom_id == rows.newsroom_id, s.sha256.in_(rows.shas), p.newsroom_id == rows.newsroom_id)
    query = sa.select(s.sha256, s.age_sha256, sa.func.min(p.submission_id)).where(
        here, p.submission_id.not_in(rows.submissions)
    )
    joined = query.join_from(sealed_originals, submission_parts, p.sha256 == s.sha256)
    return [(row[0], row[1], row[2]) for row in (await conn.execute(joined.group_by(s.sha256, s.age_sha256))).all()]


async def _erase_sealed(conn: AsyncConnection, rows: CaseRows) -> frozenset[str]:
    """What stands in the vault for originals that nobody holds any more: age files and working copies."""
    s = sealed_originals.c
    gone = rows.shas - await _needed(conn, rows.shas)
    here = sa.and_(s.newsroom_id == rows.newsroom_id, s.sha256.in_(gone))
    found = (await conn.execute(sa.select(s.age_sha256, s.copy_sha256).where(here))).all()
    await conn.execute(sa.delete(sealed_originals).where(here))
    return frozenset(each for row in found for each in row if each is not None)


async def _erase_bodies(conn: AsyncConnection, rows: CaseRows) -> frozenset[str]:
    """The age files that stand for its words."""
    b = sealed_bodies.c
    mine = sa.and_(b.newsroom_id == rows.newsroom_id, b.submission_id.in_(rows.submissions))
    found = (await conn.execute(sa.select(*_BODIES).where(mine))).all()
    await conn.execute(sa.delete(sealed_bodies).where(mine))
    return frozenset(each for row in found for each in row)


async def _erase_letters(conn: AsyncConnection, rows: CaseRows) -> None:
    """What came in and what goes out: updates of its messages, cards about it, digests that named it."""
    await empty_updates(conn, await updates_of(conn, rows))
    for table, key in ((outbox_messages, "id"), (dialogs, "member_id")):
        await conn.execute(sa.delete(table).where(table.c[key].in_(await naming(conn, rows, table, key))))
    claims = sa.and_(digest_claims.c.row_id.in_(rows.ids), digest_claims.c.newsroom_id == rows.newsroom_id)
    await conn.execute(sa.delete(digest_claims).where(claims))


async def _erase_threats(conn: AsyncConnection, rows: CaseRows) -> None:
    seen = sa.or_(
        threat_sightings.c.submission_id.in_(rows.submissions), threat_sightings.c.threat_id.in_(rows.threats)
    )
    await conn.execute(sa.delete(threat_sightings).where(seen))
    if not rows.threats:
        return
    raised = list((await conn.execute(sa.select(alarms.c.id).where(alarms.c.threat_id.in_(rows.threats)))).scalars())
    await conn.execute(sa.delete(alarm_calls).where(alarm_calls.c.alarm_id.in_(raised)))
    await conn.execute(sa.delete(alarms).where(alarms.c.id.in_(raised)))
    about = sa.and_(event_records.c.about == "threat", event_records.c.row_id.in_(rows.threats))
    await conn.execute(sa.delete(event_records).where(about))
    await conn.execute(sa.delete(threat_targets).where(threat_targets.c.threat_id.in_(rows.threats)))
    await conn.execute(sa.delete(threats).where(threats.c.id.in_(rows.threats)))


async def _erase_photos(conn: AsyncConnection, rows: CaseRows) -> None:
    pictured = sa.or_(
        campaign_pictures.c.submission_id.in_(rows.submissions), campaign_pictures.c.photo_id.in_(rows.photos)
    )
    await conn.execute(sa.delete(campaign_pictures).where(pictured))
    ruled = sa.update(photo_rulings).where(photo_rulings.c.submission_id.in_(rows.submissions))
    await conn.execute(ruled.values(submission_id=None))
    await conn.execute(sa.delete(photos).where(photos.c.id.in_(rows.photos)))
    there = set((await conn.execute(sa.select(photos.c.sha256).where(photos.c.sha256.in_(rows.shas)))).scalars())
    gone = rows.shas - there
    here = photo_descriptions.c.newsroom_id == rows.newsroom_id
    await conn.execute(sa.delete(photo_descriptions).where(here, photo_descriptions.c.sha256.in_(gone)))
    either = sa.or_(photo_rulings.c.sha256.in_(gone), photo_rulings.c.other_sha256.in_(gone))
    await conn.execute(sa.delete(photo_rulings).where(photo_rulings.c.newsroom_id == rows.newsroom_id, either))


async def _erase_texts(conn: AsyncConnection, rows: CaseRows, prints: Mapping[int, bytes]) -> None:
    """Texts that no comment has any more, with their pieces; a campaign that has no text left is one no more."""
    here = texts.c.newsroom_id == rows.newsroom_id
    c = comments.c
    query = sa.select(c.text_key).where(c.newsroom_id == rows.newsroom_id, c.text_key.in_(rows.words)).distinct()
    gone = set(rows.words) - set((await conn.execute(query)).scalars())
    chosen = sa.select(texts.c.number, texts.c.text_key, texts.c.campaign_id).where(here, texts.c.text_key.in_(gone))
    found = (await conn.execute(chosen)).all()
    for row in found:
        hashes = postings.stored(rows.newsroom_id, prints.get(row.text_key, b""))
        pieces = sa.and_(text_postings.c.hash.in_(hashes), text_postings.c.number == row.number)
        await conn.execute(sa.delete(text_postings).where(pieces))
    numbers = [row.number for row in found]
    await conn.execute(sa.delete(texts).where(here, texts.c.number.in_(numbers)))
    parts = campaign_parts.c
    mine = sa.and_(parts.newsroom_id == rows.newsroom_id, parts.number.in_(numbers))
    await conn.execute(sa.delete(campaign_parts).where(mine))
    await name_empty(conn, rows.newsroom_id, {row.campaign_id for row in found if row.campaign_id is not None})
