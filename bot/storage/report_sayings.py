"""Actors, their posts and ads as files tell of them: which of the files that stand says what counts."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.lists import among, number_list
from bot.storage.sayings import WHOLE, Kind, Said, Values
from bot.storage.tables import actor_presences, actors, ads, posts

_FIXED: Final = ("actor_id", "platform", "link", "posted_at")
_RENEWED: Final = ("venue", "captured_at", "reactions", "comments", "shares", "views")
_POST: Final = (*_FIXED, "text", *_RENEWED)
_AD: Final = (
    *("advertiser", "platform", "first_day", "last_day", "count", "spend_least", "spend_most", "currency"),
    *("disclaimer", "is_disclosed", "link"),
)
_MOMENTS: Final = {"posted_at", "captured_at"}
_DAYS: Final = {"first_day", "last_day"}


def told_of_post(actor_id: int, values: Mapping[str, Any]) -> Said:
    """What a file says of a post; `values` by the names of its columns."""
    return _plain({"actor_id": actor_id, **{name: values[name] for name in _POST if name != "actor_id"}})


def told_of_ad(values: Mapping[str, Any]) -> Said:
    """What a file says of ads; `values` by the names of their columns."""
    return _plain({name: values[name] for name in _AD})


def told_of_actor(
    name: str, category: str | None, presences: Sequence[tuple[str, bool]] = (), *, is_aside: bool = False
) -> Said:
    """What a file says of an actor; a file of posts says it aside: its category counts where none is known."""
    told = {"name": name, "category": category, "presences": [list(each) for each in presences]}
    return told | {"is_aside": True} if is_aside else told


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _spelled(value) for name, value in values.items()}


def _spelled(value: Any) -> Any:
    # One spelling for one moment: what is said is compared with what stands in the row.
    value = value.astimezone(UTC) if isinstance(value, datetime) else value
    return value.isoformat() if isinstance(value, date) else value


def _columns(said: Said) -> dict[str, Any]:
    made = dict(said)
    for name in made.keys() & _MOMENTS:
        made[name] = datetime.fromisoformat(made[name]) if made[name] is not None else None
    for name in made.keys() & _DAYS:
        made[name] = date.fromisoformat(made[name])
    return made


def _fold_post(words: Sequence[Said]) -> Said | None:
    made: dict[str, Any] | None = None
    for said in words:
        told = said.get(WHOLE, said)
        if told is None:
            continue
        if made is None:
            made = dict(told)
        elif not _is_older(told["captured_at"], made["captured_at"]):
            made |= {name: told[name] for name in _RENEWED}
            made["text"] = told["text"] or made["text"]
    return made


def _is_older(captured: str | None, than: str | None) -> bool:
    if than is None:
        return False
    return captured is None or datetime.fromisoformat(captured) < datetime.fromisoformat(than)


def _fold_ad(words: Sequence[Said]) -> Said | None:
    told = [said.get(WHOLE, said) for said in words]
    return next((each for each in reversed(told) if each is not None), None)


def _fold_actor(words: Sequence[Said]) -> Said | None:
    made: dict[str, Any] | None = None
    there: dict[str, bool] = {}
    for said in words:
        told = said.get(WHOLE, said)
        if told is None:
            continue
        made = made or {"name": told["name"], "category": None}
        if told["category"] is not None and not (said.get("is_aside") and made["category"]):
            made["category"] = told["category"]
        there |= dict(told["presences"])
    return None if made is None else made | {"presences": [list(each) for each in sorted(there.items())]}


async def _load_posts(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int]) -> Values:
    return await _load(conn, posts, _POST, newsroom_id, row_ids)


async def _load_ads(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int]) -> Values:
    return await _load(conn, ads, _AD, newsroom_id, row_ids)


async def _load(
    conn: AsyncConnection, table: sa.Table, names: Sequence[str], newsroom_id: int, row_ids: Collection[int]
) -> dict[int, Said | None]:
    t = table.c
    query = sa.select(t.id, t.withdrawn_at, *(t[name] for name in names))
    query = query.where(t.newsroom_id == newsroom_id, among(t.id, number_list("ids", row_ids)))
    return {
        row["id"]: None if row["withdrawn_at"] is not None else _plain({name: row[name] for name in names})
        for row in (await conn.execute(query)).mappings().all()
    }


async def _load_actors(conn: AsyncConnection, newsroom_id: int, row_ids: Collection[int]) -> Values:
    found = await _load(conn, actors, ("name", "category"), newsroom_id, row_ids)
    t = actor_presences.c
    query = sa.select(t.actor_id, t.platform, t.is_present).order_by(t.platform)
    query = query.where(t.newsroom_id == newsroom_id, among(t.actor_id, number_list("ids", row_ids)))
    there: dict[int, list[list[Any]]] = {}
    for row in (await conn.execute(query)).all():
        there.setdefault(row.actor_id, []).append([row.platform, row.is_present])
    return {i: None if said is None else {**said, "presences": there.get(i, [])} for i, said in found.items()}


async def _write_posts(conn: AsyncConnection, newsroom_id: int, rows: Values, now: datetime) -> None:
    await _write(conn, posts, newsroom_id, rows, now)


async def _write_ads(conn: AsyncConnection, newsroom_id: int, rows: Values, now: datetime) -> None:
    await _write(conn, ads, newsroom_id, rows, now)


async def _write(conn: AsyncConnection, table: sa.Table, newsroom_id: int, rows: Values, now: datetime) -> None:
    t = table.c
    gone = [row_id for row_id, made in rows.items() if made is None]
    mine = (t.newsroom_id == newsroom_id, among(t.id, number_list("ids", gone)))
    await conn.execute(sa.update(table).where(*mine).values(withdrawn_at=now))
    here = {row_id: _columns(made) for row_id, made in rows.items() if made is not None}
    if here:
        one = sa.update(table).where(t.newsroom_id == newsroom_id, t.id == sa.bindparam("row"))
        values = {name: sa.bindparam(f"new_{name}", type_=t[name].type) for name in next(iter(here.values()))}
        given = [{"row": i, **{f"new_{name}": value for name, value in made.items()}} for i, made in here.items()]
        await conn.execute(one.values(**values, withdrawn_at=None), given)


async def _write_actors(conn: AsyncConnection, newsroom_id: int, rows: Values, now: datetime) -> None:
    plain = {i: None if made is None else {k: made[k] for k in ("name", "category")} for i, made in rows.items()}
    await _write(conn, actors, newsroom_id, plain, now)
    t = actor_presences.c
    theirs = (t.newsroom_id == newsroom_id, among(t.actor_id, number_list("ids", rows.keys())))
    await conn.execute(sa.delete(actor_presences).where(*theirs))
    there = [
        {"actor_id": row_id, "platform": platform, "newsroom_id": newsroom_id, "is_present": is_present}
        for row_id, made in rows.items()
        for platform, is_present in (made or {"presences": ()})["presences"]
    ]
    if there:
        await conn.execute(sa.insert(actor_presences), there)


ACTOR: Final = Kind(noun="actor", fold=_fold_actor, load=_load_actors, write=_write_actors)
POST: Final = Kind(noun="post", fold=_fold_post, load=_load_posts, write=_write_posts)
AD: Final = Kind(noun="ad", fold=_fold_ad, load=_load_ads, write=_write_ads)
