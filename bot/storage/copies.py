"""The SQL that counts copies: how often, by how many accounts, how many of those confirmed fakes, first by whom.

Everything is counted where it is stored, for a campaign may have a hundred thousand comments; and for many groups of
texts in one statement. The same comment, forwarded by several colleagues, was posted once: forwarded comments are told
apart by their author and their date.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import AccountStatus
from bot.storage.lists import among, groups, number_list
from bot.storage.tables import accounts as a
from bot.storage.tables import comments as t

since = sa.func.coalesce(t.c.posted_at, t.c.added_at)
_OURS = sa.bindparam("newsroom", type_=sa.BigInteger)
# Written so that SQLite does not take the index of what was withdrawn, in which nearly all rows are alike.
_STANDS = sa.func.coalesce(t.c.withdrawn_at, sa.null()).is_(None)
live = sa.and_(t.c.newsroom_id == _OURS, _STANDS)


class Skip(NamedTuple):
    """What does not count: a submission's comments; a known comment, by its author and date."""

    submission_id: int | None = None
    comment: tuple[str, datetime] | None = None


class Counted(NamedTuple):
    """The count of one group; `first_id` is its earliest comment."""

    times: int
    accounts: int
    fakes: int
    since: datetime
    first_id: int


class Group(NamedTuple):
    """Keys of texts counted together, without these comments."""

    keys: frozenset[int]
    skipped: frozenset[int] = frozenset()


_GROUPS = groups("groups")
_SKIPPED = groups("skipped")
_GROUP = _GROUPS.c.group_number
_MEMBERS = t.join(_GROUPS, _GROUPS.c.member == t.c.text_key)
_COUNTS = sa.and_(live, sa.tuple_(_GROUP, t.c.id).not_in(sa.select(_SKIPPED.c.group_number, _SKIPPED.c.member)))


def _by_author() -> sa.Subquery:
    imported = sa.func.sum(sa.case((t.c.submission_id.is_(None), 1), else_=0))
    forwarded = sa.func.count(sa.case((t.c.submission_id.is_not(None), since)).distinct())
    return (
        sa.select(
            _GROUP,
            t.c.author_key,
            sa.func.max(t.c.platform).label("platform"),
            sa.case((t.c.author_key.is_(None), sa.func.count()), else_=imported + forwarded).label("times"),
            sa.func.min(since).label("since"),
        )
        .select_from(_MEMBERS)
        .where(_COUNTS)
        .group_by(_GROUP, t.c.author_key)
        .subquery("authors")
    )


def _is_fake(author: sa.Subquery) -> sa.ColumnElement[bool]:
    said = sa.func.substr(author.c.author_key, sa.func.length(author.c.platform) + 2)
    confirmed = sa.and_(
        a.c.newsroom_id == _OURS,
        a.c.platform == author.c.platform,
        a.c.status == AccountStatus.CONFIRMED.value,
        author.c.author_key == author.c.platform + ":" + said,
    )
    by_handle = sa.exists(sa.select(1).where(confirmed, a.c.handle_key == said))
    return sa.or_(by_handle, sa.exists(sa.select(1).where(confirmed, a.c.numeric_id == said)))


def _totals() -> sa.Select[Any]:
    author = _by_author()
    return sa.select(
        author.c.group_number,
        sa.func.sum(author.c.times).label("times"),
        sa.func.count(author.c.author_key).label("accounts"),
        sa.func.sum(sa.case((_is_fake(author), 1), else_=0)).label("fakes"),
        sa.func.min(author.c.since).label("since"),
    ).group_by(author.c.group_number)


def _firsts() -> sa.Select[Any]:
    place = sa.func.row_number().over(partition_by=_GROUP, order_by=(since, t.c.id)).label("place")
    ranked = sa.select(_GROUP, t.c.id, place).select_from(_MEMBERS).where(_COUNTS).subquery("ranked")
    return sa.select(ranked.c.group_number, ranked.c.id).where(ranked.c.place == 1)


_TOTALS, _FIRSTS = _totals(), _firsts()
_SKIPPABLE = sa.select(t.c.id, t.c.text_key, t.c.submission_id, t.c.author_key, since.label("since")).where(
    among(t.c.newsroom_id, _OURS, t.c.text_key, number_list("keys")),
    _STANDS,
    sa.or_(
        among(t.c.submission_id, number_list("submissions")),
        t.c.author_key.in_(sa.bindparam("authors", expanding=True)),
    ),
)


async def counted(conn: AsyncConnection, newsroom_id: int, wanted: Collection[Group]) -> dict[Group, Counted]:
    """The counts of those groups in which there is a comment."""
    if not wanted:
        return {}
    ordered = list(wanted)
    bound = {
        "newsroom": newsroom_id,
        "groups": [group.keys for group in ordered],
        "skipped": [group.skipped for group in ordered],
    }
    totals = (await conn.execute(_TOTALS, bound)).all()
    firsts = {row.group_number: row.id for row in (await conn.execute(_FIRSTS, bound)).all()}
    return {
        ordered[row.group_number]: Counted(
            int(row.times), int(row.accounts), int(row.fakes), row.since, firsts[row.group_number]
        )
        for row in totals
    }


async def without_skipped(
    conn: AsyncConnection, newsroom_id: int, keys: Sequence[Collection[int]], skips: Sequence[Skip]
) -> list[Group]:
    """The groups with the comments that do not count in each.

    Few groups have any: those with the same keys and none are counted once, however many ask.
    """
    found: dict[object, list[Any]] = defaultdict(list)
    for row in await _skippable(conn, newsroom_id, keys, skips):
        found[row.submission_id].append(row)
        found[row.author_key, row.since].append(row)
    return [
        Group(own, frozenset(row.id for what in skip if what for row in found.get(what, ()) if row.text_key in own))
        for own, skip in zip(map(frozenset, keys), skips, strict=True)
    ]


async def _skippable(
    conn: AsyncConnection, newsroom_id: int, keys: Sequence[Collection[int]], skips: Sequence[Skip]
) -> list[Any]:
    submissions = {skip.submission_id for skip in skips if skip.submission_id is not None}
    authors = {skip.comment[0] for skip in skips if skip.comment is not None}
    if not submissions and not authors:
        return []
    bound = {
        "newsroom": newsroom_id,
        "keys": sorted(set().union(*keys)),
        "submissions": sorted(submissions),
        "authors": sorted(authors),
    }
    return list((await conn.execute(_SKIPPABLE, bound)).all())
