"""Suggested links between accounts, what people said of them, and what a computation of the farms leaves behind."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import account_label
from bot.model.farm import FarmRun, LinkLine
from bot.model.ids import new_id
from bot.storage.tables import accounts, farm_links, farm_runs, farm_suggestions, farm_switches, farms

t = farm_links
_CHUNK = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class NewLink:
    """A link as a computation found it; the smaller account id first."""

    account_id: int
    other_id: int
    farm_id: int | None
    weights: Mapping[str, float]

    @property
    def weight(self) -> float:
        """Over all kinds of evidence."""
        return round(sum(self.weights.values()), 2)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSwitch:
    """An account's change of allegiance as a computation dated it."""

    account_id: int
    at: datetime
    earliest: datetime
    latest: datetime
    turned_on: str
    turned_to: str


async def put(conn: AsyncConnection, newsroom_id: int, found: Sequence[NewLink], now: datetime) -> None:
    """Bring the links up to date: new ones are offered, known ones weighed anew, offers that ceased are dropped.

    What people decided stays. A pair that was told apart is offered again only for kinds of evidence that were not
    there then, and says so.
    """
    rows = {(row.account_id, row.other_id): row for row in (await conn.execute(_of(newsroom_id))).all()}
    new, changed = [], []
    for link in found:
        row = rows.pop((link.account_id, link.other_id), None)
        if row is None:
            new.append(_new_row(newsroom_id, link, now))
        else:
            changed.append(_renewed(row, link))
    for start in range(0, len(new), _CHUNK):
        await conn.execute(sa.insert(t), new[start : start + _CHUNK])
    if changed:
        names = ("farm_id", "weights", "weight", "state", "is_renewed")
        values: dict[str, Any] = {name: sa.bindparam(f"_{name}", type_=t.c[name].type) for name in names}
        update = sa.update(t).where(t.c.id == sa.bindparam("_id"))
        await conn.execute(update.values(**values, seen_at=now), changed)
    gone = [row.id for row in rows.values() if row.state == "offered" and not row.is_renewed]
    back = [row.id for row in rows.values() if row.state == "offered" and row.is_renewed]
    for start in range(0, len(gone), _CHUNK):
        await conn.execute(sa.delete(t).where(t.c.id.in_(gone[start : start + _CHUNK])))
    # What had been told apart is not forgotten with an offer that ceased.
    for start in range(0, len(back), _CHUNK):
        await conn.execute(sa.update(t).where(t.c.id.in_(back[start : start + _CHUNK])).values(state="apart"))


def _of(newsroom_id: int) -> sa.Select[Any]:
    return sa.select(t.c.id, t.c.account_id, t.c.other_id, t.c.state, t.c.told_apart, t.c.is_renewed).where(
        t.c.newsroom_id == newsroom_id
    )


def _new_row(newsroom_id: int, link: NewLink, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "newsroom_id": newsroom_id,
        "account_id": link.account_id,
        "other_id": link.other_id,
        "farm_id": link.farm_id,
        "weights": dict(link.weights),
        "weight": link.weight,
        "state": "offered",
        "found_at": now,
        "seen_at": now,
    }


def _renewed(row: Any, link: NewLink) -> dict[str, Any]:
    values = {"_id": row.id, "_farm_id": link.farm_id, "_weights": dict(link.weights), "_weight": link.weight}
    others = set(link.weights) - set(row.told_apart or ())
    if row.state == "apart" and others:
        return values | {"_state": "offered", "_is_renewed": True}
    return values | {"_state": row.state, "_is_renewed": row.is_renewed}


async def told_apart(conn: AsyncConnection, newsroom_id: int) -> dict[tuple[int, int], frozenset[str]]:
    """Pairs that people told apart, with the kinds of evidence that they had seen."""
    query = sa.select(t.c.account_id, t.c.other_id, t.c.told_apart).where(
        t.c.newsroom_id == newsroom_id, t.c.told_apart.is_not(None), t.c.state != "same"
    )
    return {(row.account_id, row.other_id): frozenset(row.told_apart) for row in (await conn.execute(query)).all()}


async def decide(
    conn: AsyncConnection, newsroom_id: int, link_id: int, *, is_same: bool, member_id: int, now: datetime
) -> LinkLine | None:
    """Keep a person's word on an offered link; None when it is not on offer any more."""
    offered = sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == link_id, t.c.state == "offered")
    link = await of_id(conn, newsroom_id, link_id)
    if link is None:
        return None
    values: dict[str, Any] = {"state": "same" if is_same else "apart", "member_id": member_id, "decided_at": now}
    if not is_same:
        row = (await conn.execute(sa.select(t.c.told_apart).where(offered))).first()
        before = set(row.told_apart or ()) if row is not None else set()
        values["told_apart"] = sorted(before | set(link.weights))
    done = await conn.execute(sa.update(t).where(offered).values(**values))
    return link if done.rowcount == 1 else None


async def reopen(conn: AsyncConnection, newsroom_id: int, link_id: int) -> bool:
    """Take a decision back: the link is on offer again."""
    decided = sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == link_id, t.c.state != "offered")
    values = {"state": "offered", "told_apart": sa.null(), "is_renewed": False, "member_id": None, "decided_at": None}
    return (await conn.execute(sa.update(t).where(decided).values(**values))).rowcount == 1


async def of_id(conn: AsyncConnection, newsroom_id: int, link_id: int) -> LinkLine | None:
    """One link."""
    found = await _lines(conn, sa.and_(t.c.newsroom_id == newsroom_id, t.c.id == link_id), 1, 0)
    return found[0] if found else None


async def offered(
    conn: AsyncConnection, newsroom_id: int, farm_id: int | None, limit: int, offset: int = 0
) -> list[LinkLine]:
    """Links on offer, the strongest first; of one farm, or of all."""
    wanted = sa.and_(t.c.newsroom_id == newsroom_id, t.c.state == "offered")
    if farm_id is not None:
        wanted = sa.and_(wanted, t.c.farm_id == farm_id)
    return await _lines(conn, wanted, limit, offset)


async def of_account(conn: AsyncConnection, newsroom_id: int, account_id: int, limit: int) -> list[LinkLine]:
    """The links of an account that nobody told apart."""
    ours = sa.or_(t.c.account_id == account_id, t.c.other_id == account_id)
    return await _lines(conn, sa.and_(t.c.newsroom_id == newsroom_id, ours, t.c.state != "apart"), limit, 0)


async def among(conn: AsyncConnection, newsroom_id: int, limit: int) -> list[tuple[int, int, float, list[str]]]:
    """Links that were not told apart, the strongest first: two accounts, weight, kinds."""
    query = (
        sa.select(t.c.account_id, t.c.other_id, t.c.weight, t.c.weights)
        .where(t.c.newsroom_id == newsroom_id, t.c.state != "apart")
        .order_by(t.c.weight.desc(), t.c.id)
        .limit(limit)
    )
    return [(r.account_id, r.other_id, r.weight, sorted(r.weights)) for r in (await conn.execute(query)).all()]


async def _lines(conn: AsyncConnection, condition: sa.ColumnElement[bool], limit: int, offset: int) -> list[LinkLine]:
    one, other = accounts.alias("one"), accounts.alias("other")
    named = [
        column.label(f"{side}_{column.name}")
        for side, table in (("one", one), ("two", other))
        for column in (table.c.platform, table.c.handle, table.c.numeric_id)
    ]
    query = (
        sa.select(t, farms.c.number, *named)
        .join(one, one.c.id == t.c.account_id)
        .join(other, other.c.id == t.c.other_id)
        .outerjoin(farms, farms.c.id == t.c.farm_id)
        .where(condition, one.c.status != "cleared", other.c.status != "cleared")
        .order_by(t.c.weight.desc(), t.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        LinkLine(
            id=row.id,
            account_id=row.account_id,
            account=account_label(row.one_platform, row.one_handle, row.one_numeric_id, ()),
            other_id=row.other_id,
            other=account_label(row.two_platform, row.two_handle, row.two_numeric_id, ()),
            weights=dict(row.weights),
            weight=row.weight,
            state=row.state,
            is_renewed=row.is_renewed,
            farm=f"F-{row.number}" if row.number is not None else None,
        )
        for row in (await conn.execute(query)).all()
    ]


async def put_suggestions(
    conn: AsyncConnection, newsroom_id: int, found: Mapping[int, tuple[int, int]], now: datetime
) -> None:
    """Replace what the last computation suggested: per account a farm's id and how sure, in percent."""
    await conn.execute(sa.delete(farm_suggestions).where(farm_suggestions.c.newsroom_id == newsroom_id))
    rows = [
        {"account_id": account, "newsroom_id": newsroom_id, "farm_id": farm, "confidence": sure, "at": now}
        for account, (farm, sure) in found.items()
    ]
    for start in range(0, len(rows), _CHUNK):
        await conn.execute(sa.insert(farm_suggestions), rows[start : start + _CHUNK])


async def suggested(conn: AsyncConnection, newsroom_id: int) -> dict[int, tuple[int, int]]:
    """Per account the farm that was suggested, and how sure, in percent."""
    s = farm_suggestions.c
    query = sa.select(s.account_id, s.farm_id, s.confidence).where(s.newsroom_id == newsroom_id)
    return {row.account_id: (row.farm_id, row.confidence) for row in (await conn.execute(query)).all()}


async def drop_suggestions(conn: AsyncConnection, newsroom_id: int, account_ids: Collection[int]) -> None:
    """These accounts are decided about."""
    s = farm_suggestions.c
    await conn.execute(sa.delete(farm_suggestions).where(s.newsroom_id == newsroom_id, s.account_id.in_(account_ids)))


async def put_switches(conn: AsyncConnection, newsroom_id: int, found: Iterable[NewSwitch]) -> None:
    """Replace the changes of allegiance."""
    await conn.execute(sa.delete(farm_switches).where(farm_switches.c.newsroom_id == newsroom_id))
    names = NewSwitch.__dataclass_fields__
    rows = [{"newsroom_id": newsroom_id} | {name: getattr(each, name) for name in names} for each in found]
    for start in range(0, len(rows), _CHUNK):
        await conn.execute(sa.insert(farm_switches), rows[start : start + _CHUNK])


async def switches(conn: AsyncConnection, newsroom_id: int) -> list[NewSwitch]:
    """Changes of allegiance, by date."""
    s = farm_switches.c
    query = sa.select(*(s[name] for name in NewSwitch.__dataclass_fields__)).where(s.newsroom_id == newsroom_id)
    return [NewSwitch(**row) for row in (await conn.execute(query.order_by(s.at))).mappings().all()]


async def ask_run(conn: AsyncConnection, newsroom_id: int, member_id: int, now: datetime) -> None:
    """Note that somebody asks for a computation; one that was asked for already serves both."""
    last = await last_run(conn, newsroom_id)
    if last is None or last.state != "asked":
        await _add_run(conn, newsroom_id, member_id, "asked", now)


async def begin_run(conn: AsyncConnection, newsroom_id: int, now: datetime) -> tuple[int, int | None]:
    """Begin a computation: the one that was asked for, else a new one. Returns its id and who asked.

    One that a killed process left running has failed, and who had asked for it is answered by this one.
    """
    r = farm_runs.c
    left = sa.and_(r.newsroom_id == newsroom_id, r.state == "running")
    begun = (await conn.execute(sa.select(r.member_id).where(left).order_by(r.id))).scalars().all()
    await conn.execute(sa.update(farm_runs).where(left).values(state="failed", ended_at=now))
    query = sa.select(r.id, r.member_id).where(r.newsroom_id == newsroom_id, r.state == "asked").order_by(r.id)
    asked = (await conn.execute(query)).first()
    if asked is not None:
        await conn.execute(sa.update(farm_runs).where(r.id == asked.id).values(state="running", begun_at=now))
        return asked.id, asked.member_id
    asker = next((member_id for member_id in begun if member_id is not None), None)
    return await _add_run(conn, newsroom_id, asker, "running", now), asker


async def is_left(conn: AsyncConnection, newsroom_id: int, most: int) -> bool:
    """Whether a process died over the latest computation, and not over the `most` latest of them one after another."""
    r = farm_runs.c
    query = sa.select(r.state).where(r.newsroom_id == newsroom_id).order_by(r.id.desc()).limit(most)
    states = (await conn.execute(query)).scalars().all()
    is_hopeless = len(states) == most and set(states) <= {"running", "failed"}
    return bool(states) and states[0] == "running" and not is_hopeless


async def _add_run(conn: AsyncConnection, newsroom_id: int, member_id: int | None, state: str, now: datetime) -> int:
    row: dict[str, Any] = {"id": new_id(), "newsroom_id": newsroom_id, "member_id": member_id, "state": state}
    await conn.execute(
        sa.insert(farm_runs), [row | {"begun_at": now} | dict.fromkeys(("accounts", "comments", "links", "farms"), 0)]
    )
    return int(row["id"])


async def end_run(
    conn: AsyncConnection, newsroom_id: int, run_id: int, state: str, counts: Mapping[str, int], now: datetime
) -> None:
    """Note how it ended, with its counts of accounts, comments, links and farms."""
    run = sa.and_(farm_runs.c.newsroom_id == newsroom_id, farm_runs.c.id == run_id)
    await conn.execute(sa.update(farm_runs).where(run).values(state=state, ended_at=now, **counts))


async def last_run(conn: AsyncConnection, newsroom_id: int) -> FarmRun | None:
    """The latest computation."""
    r = farm_runs.c
    names = FarmRun.__dataclass_fields__
    query = sa.select(*(r[name] for name in names)).where(r.newsroom_id == newsroom_id)
    row = (await conn.execute(query.order_by(r.id.desc()).limit(1))).mappings().first()
    return FarmRun(**row) if row is not None else None
