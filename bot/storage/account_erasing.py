"""Deletes all that says who a listed account is. Its row stays, emptied, so that nothing that counted it falls apart.

The texts of comments stay in their cases: they are the newsroom's evidence, and go with their case. Who wrote them is
"an erased account" from then on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus, account_label
from bot.model.account_record import Share
from bot.storage import account_shares, erasing, sayings
from bot.storage.campaign_naming import UNNAMED
from bot.storage.photo_sayings import PHOTO
from bot.storage.scrubbing import scrub, words_in
from bot.storage.tables import (
    account_details,
    account_facts,
    account_files,
    account_links,
    account_names,
    account_reports,
    account_rulings,
    account_share_rows,
    accounts,
    campaign_pictures,
    comments,
    dialogs,
    digest_claims,
    digests,
    erased_accounts,
    event_records,
    farm_links,
    farm_members,
    farm_suggestions,
    farm_switches,
    history,
    impersonations,
    imported_sayings,
    outbox_messages,
    photo_descriptions,
    photo_rulings,
    photos,
    public_labels,
    screen_readings,
    spikes,
    submission_accounts,
    submission_parts,
    takedowns,
    threat_sightings,
    threats,
)
from bot.storage.takedown_sayings import TAKEDOWN
from bot.storage.upsert import insert_ignoring

#: Rows that speak of an account and of nothing else.
_OWN: Final = (
    account_names, account_facts, account_reports, account_rulings, account_share_rows, farm_members, farm_suggestions,
    farm_switches, impersonations, public_labels, submission_accounts,
)  # fmt: skip
#: Rows that speak of two.
_PAIRS: Final = ((account_links, "successor_id"), (farm_links, "other_id"))
#: What tells of accounts by their names, among other things.
_TOLD: Final = (
    submission_parts.c.finding, submission_parts.c.origin, screen_readings.c.reading, digests.c.content,
    spikes.c.makeup, spikes.c.trigger, spikes.c.joined, history.c.details, event_records.c.value, photos.c.source,
    threats.c.link, threat_sightings.c.link, campaign_pictures.c.post,
)  # fmt: skip
#: Everything from which an account's erasure deletes.
TOUCHED: Final = (
    *_OWN, accounts, account_details, account_files, account_links, farm_links, comments, takedowns, threats,
    threat_sightings, campaign_pictures, dialogs, outbox_messages, digest_claims, digests, spikes, history,
    event_records, photos, photo_descriptions, photo_rulings, screen_readings, submission_parts, imported_sayings,
)  # fmt: skip
_LIST_OVER: Final = ("done", "failed")


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRows:
    """What belongs to an account and to those that were merged into it.

    `known` are the (platform, handle or number) by which it would be known again, `author_keys` under what its comments
    stand, `words` how it is called anywhere: handles, numbers, names, labels, links.
    """

    newsroom_id: int
    ids: frozenset[int]
    known: frozenset[tuple[str, str]]
    author_keys: frozenset[str]
    words: frozenset[str]
    photos: frozenset[int]
    shas: frozenset[str]
    takedowns: frozenset[int]
    labels: frozenset[int]

    @property
    def subjects(self) -> list[tuple[str, int]]:
        """Under which nouns and numbers the history and the custody log speak of it."""
        told = {"account": self.ids, "takedown": self.takedowns, "label": self.labels, "photo": self.photos}
        return sorted((noun, row_id) for noun, found in told.items() for row_id in found)

    @property
    def writer(self) -> str:
        """Under what its comments stand from now on: one author, and nobody."""
        return f"erased:{min(self.ids)}"


async def ids_of(conn: AsyncConnection, newsroom_id: int, account_id: int) -> list[int]:
    """The account with those that were merged into it; empty when it was erased, or is not there."""
    a, d = accounts.c, account_details.c
    query = sa.select(a.id).outerjoin(account_details, d.account_id == a.id).where(a.newsroom_id == newsroom_id)
    there = sa.or_(a.handle.is_not(None), a.numeric_id.is_not(None))
    chosen = sa.or_(a.id == account_id, d.merged_into == account_id)
    return list((await conn.execute(query.where(chosen, there).order_by(a.id))).scalars())


async def rows_of_account(
    conn: AsyncConnection, newsroom_id: int, account_id: int, links: Collection[str] = ()
) -> AccountRows:
    """All that belongs to an account; `links` are the addresses of its profile."""
    ids = await ids_of(conn, newsroom_id, account_id)
    a, n, p = accounts.c, account_names.c, photos.c
    rows = (await conn.execute(sa.select(accounts).where(a.newsroom_id == newsroom_id, a.id.in_(ids)))).all()
    names = set((await conn.execute(sa.select(n.name).where(n.account_id.in_(ids)))).scalars())
    shown = (await conn.execute(sa.select(p.id, p.sha256, p.submission_id).where(p.account_id.in_(ids)))).all()
    keys = {f"{r.platform}:{key}" for r in rows for key in (r.handle_key, r.numeric_id) if key}
    labels = {account_label(r.platform, each, None, ()) for r in rows for each in (r.handle, r.numeric_id) if each}
    called = {each for r in rows for each in (r.handle, r.handle_key, r.numeric_id) if each and len(each) > 2}
    reported = await _takedowns(conn, newsroom_id, ids, labels)
    noted = public_labels.c
    query = sa.select(noted.id).where(noted.newsroom_id == newsroom_id, noted.account_id.in_(ids))
    taken = (await conn.execute(query)).scalars()
    return AccountRows(
        newsroom_id=newsroom_id,
        ids=frozenset(ids),
        known=frozenset((r.platform, key) for r in rows for key in (r.handle_key, r.numeric_id) if key),
        author_keys=frozenset(keys | {f"name:{name}" for name in names}),
        words=frozenset({*labels, *keys, *called, *names, *links}),
        photos=frozenset(r.id for r in shown if r.submission_id is None),
        shas=frozenset(r.sha256 for r in shown),
        takedowns=frozenset(reported),
        labels=frozenset(taken),
    )


async def shares_of(conn: AsyncConnection, rows: AccountRows) -> list[Share]:
    """The exports and lists that hold it, each once."""
    found = [each for i in sorted(rows.ids) for each in await account_shares.holding(conn, rows.newsroom_id, i)]
    return list({share.id: share for share in found}.values())


async def erase(conn: AsyncConnection, rows: AccountRows, known: Collection[str], now: datetime) -> None:
    """Delete it; `known` are the keyed hashes by which an import knows that it was erased."""
    await _erase_letters(conn, rows)
    await _erase_reports(conn, rows)
    await _erase_writer(conn, rows)
    for table in _OWN:
        await conn.execute(sa.delete(table).where(table.c.account_id.in_(rows.ids)))
    for table, other in _PAIRS:
        pair = sa.or_(table.c.account_id.in_(rows.ids), table.c[other].in_(rows.ids))
        await conn.execute(sa.delete(table).where(table.c.newsroom_id == rows.newsroom_id, pair))
    await _erase_photos(conn, rows)
    await _erase_lists(conn, rows, now)
    for noun, row_id in rows.subjects:
        about = sa.and_(history.c.subject == noun, history.c.subject_id == row_id)
        await conn.execute(sa.delete(history).where(history.c.newsroom_id == rows.newsroom_id, about))
    instead = dict.fromkeys(rows.words, UNNAMED)
    for column in _TOLD:
        await scrub(conn, column, instead, column.table.c.newsroom_id == rows.newsroom_id)
    await _empty(conn, rows, now)
    hashed = [{"newsroom_id": rows.newsroom_id, "key": each, "erased_at": now} for each in sorted(set(known))]
    if hashed:
        await insert_ignoring(conn, erased_accounts, hashed, ["newsroom_id", "key"])
    await erasing.note_removals(conn, rows.newsroom_id, rows.shas, now)


async def erased_among(conn: AsyncConnection, newsroom_id: int, hashes: Collection[str]) -> set[str]:
    """Which of these keyed hashes are of accounts that were erased."""
    t = erased_accounts.c
    query = sa.select(t.key).where(t.newsroom_id == newsroom_id, t.key.in_(list(hashes)))
    return set((await conn.execute(query)).scalars())


async def _takedowns(
    conn: AsyncConnection, newsroom_id: int, ids: Collection[int], labels: Collection[str]
) -> list[int]:
    t = takedowns.c
    of_it = sa.or_(t.account_id.in_(ids), t.account.in_(labels), t.target_key.in_(labels))
    return list((await conn.execute(sa.select(t.id).where(t.newsroom_id == newsroom_id, of_it))).scalars())


async def _erase_letters(conn: AsyncConnection, rows: AccountRows) -> None:
    """Cards about it that wait or were sent, questions that are open, what digests said."""
    names = {str(each) for each in rows.ids | rows.takedowns | rows.photos}
    for table, key in ((outbox_messages, "id"), (dialogs, "member_id")):
        told = sa.select(table.c[key], table.c.body).where(table.c.newsroom_id == rows.newsroom_id)
        about = [row[0] for row in (await conn.execute(told)).all() if not names.isdisjoint(words_in(row.body))]
        await conn.execute(sa.delete(table).where(table.c[key].in_(about)))
    instead = dict.fromkeys(rows.words, UNNAMED)
    await scrub(conn, outbox_messages.c.body, instead, _here(outbox_messages, rows), within="values")
    claims = sa.and_(digest_claims.c.noun == "account", digest_claims.c.row_id.in_(rows.ids))
    await conn.execute(sa.delete(digest_claims).where(_here(digest_claims, rows), claims))


async def _erase_reports(conn: AsyncConnection, rows: AccountRows) -> None:
    """Reports to platforms keep their figures: which platform, when, what came of it."""
    await sayings.forget(conn, rows.newsroom_id, TAKEDOWN.noun, rows.takedowns)
    empty: dict[str, Any] = {"target": UNNAMED, "account": None, "account_id": None, "ticket": None, "why": []}
    empty |= {"note": "", "evidence": [], "answer": None, "searched": "", "source": None, "remind_at": None}
    mine = sa.update(takedowns).where(takedowns.c.id.in_(rows.takedowns))
    key = sa.literal("erased:").concat(sa.cast(takedowns.c.id, sa.Text))
    await conn.execute(mine.values(**empty, target_key=key))


async def _erase_writer(conn: AsyncConnection, rows: AccountRows) -> None:
    nobody: dict[str, Any] = {"handle": None, "author": None, "author_key": rows.writer}
    for table in (comments, campaign_pictures):
        wrote = sa.and_(_here(table, rows), table.c.author_key.in_(rows.author_keys))
        await conn.execute(sa.update(table).where(wrote).values(nobody))
    s = threat_sightings
    wrote = sa.or_(s.c.author_key.in_(rows.author_keys), s.c.account.in_(rows.words))
    await conn.execute(
        sa.update(s).where(_here(s, rows), wrote).values(account=UNNAMED, author_key=rows.writer, link=None)
    )
    t = threats
    query = sa.select(t.c.id, t.c.account, t.c.link, t.c.searched).where(_here(t, rows), t.c.account.in_(rows.words))
    for row in (await conn.execute(query)).all():
        searched = row.searched
        for each in (row.account, row.link):
            searched = searched.replace(each.lower(), "") if each else searched
        change = sa.update(t).where(t.c.id == row.id)
        await conn.execute(change.values(account=UNNAMED, link=None, searched=searched))


async def _erase_photos(conn: AsyncConnection, rows: AccountRows) -> None:
    p = photos.c
    await sayings.forget(conn, rows.newsroom_id, PHOTO.noun, rows.photos)
    await conn.execute(sa.delete(photos).where(p.id.in_(rows.photos)))
    await conn.execute(sa.update(photos).where(p.account_id.in_(rows.ids)).values(account_id=None))
    shown = sa.select(p.sha256).where(p.newsroom_id == rows.newsroom_id, p.sha256.in_(rows.shas))
    gone = rows.shas - set((await conn.execute(shown)).scalars())
    described = sa.and_(_here(photo_descriptions, rows), photo_descriptions.c.sha256.in_(gone))
    await conn.execute(sa.delete(photo_descriptions).where(described))
    either = sa.or_(photo_rulings.c.sha256.in_(gone), photo_rulings.c.other_sha256.in_(gone))
    await conn.execute(sa.delete(photo_rulings).where(_here(photo_rulings, rows), either))


async def _erase_lists(conn: AsyncConnection, rows: AccountRows, now: datetime) -> None:
    """Lists that were taken in from the chat: the file and its first rows are needed no more."""
    t = account_files
    over = sa.and_(_here(t, rows), t.c.state.in_(_LIST_OVER))
    files = (await conn.execute(sa.select(t.c.id, t.c.sha256, t.c.columns).where(over))).all()
    for row in files:
        columns = [[name, field, []] for name, field, _ in row.columns]
        await conn.execute(sa.update(t).where(t.c.id == row.id).values(sha256="", columns=columns))
    held = {row.sha256 for row in files if row.sha256}
    if held:
        await erasing.note_removals(conn, rows.newsroom_id, held, now)


async def _empty(conn: AsyncConnection, rows: AccountRows, now: datetime) -> None:
    """The rows themselves: off the list, called nothing, nobody's."""
    nothing: dict[str, Any] = {"handle": None, "handle_key": None, "numeric_id": None, "farm": None, "reason": None}
    nothing |= {"source": "", "batch": None, "listed_by": None, "lister": "", "changed_at": now}
    nothing |= {"status": AccountStatus.CLEARED.value}
    await conn.execute(sa.update(accounts).where(accounts.c.id.in_(rows.ids)).values(nothing))
    d = account_details
    await conn.execute(sa.delete(d).where(d.c.account_id.in_(rows.ids)))
    off = [{"account_id": each, "newsroom_id": rows.newsroom_id, "withdrawn_at": now} for each in sorted(rows.ids)]
    await conn.execute(sa.insert(d), off)


def _here(table: sa.Table, rows: AccountRows) -> sa.ColumnElement[bool]:
    return table.c.newsroom_id == rows.newsroom_id
