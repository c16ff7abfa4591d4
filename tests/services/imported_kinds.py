"""Files of every kind that is withdrawn in one transaction, and what of them counts: the ground of the tests."""

import io
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from PIL import Image

from bot.services.imports.ads import import_ads
from bot.services.imports.photos import import_photos
from bot.services.imports.posts import import_actors, import_posts
from bot.services.imports.room import ImportRoom, Tally, Watch
from bot.services.imports.staff import import_staff
from bot.services.imports.takedowns import import_takedowns
from bot.storage import staff
from bot.storage.tables import actor_presences, actors, ads, photos, posts, takedowns
from tests.services.rooms import Seen

Import = Callable[[ImportRoom, Path, Watch], Awaitable[Tally]]
Counted = set[tuple[Any, ...]]

_POSTS = "actor,category,platform,time,text,reactions,link,captured\n"
_TAKEDOWNS = "link,status,channel,ticket,sent,answer\n"


class KindOfFile(NamedTuple):
    """How a kind of file is imported, and two files of it that overlap in one row."""

    noun: str
    take: Import
    suffix: str
    poison: str
    good: str


KINDS = (
    KindOfFile(
        "staff",
        import_staff,
        ".csv",
        "kind,name,position,aliases\nperson,Айгүл,editor,Aigul;Чужое имя\nperson,Бек,,Bek\n",
        "kind,name,position,aliases\nperson,Айгүл,,Aigul;Айгуль\noutlet,Азаттык,,Azattyk\n",
    ),
    KindOfFile(
        "actors",
        import_actors,
        ".csv",
        "actor,category,vk,tiktok\nПартия,media,yes,no\nЛожь,groups,yes,\n",
        "actor,category,vk\nПартия,parties,yes\nГазета,media,no\n",
    ),
    KindOfFile(
        "posts",
        import_posts,
        ".csv",
        _POSTS
        + "Партия,media,vk,2026-10-01T10:00Z,Алдамчы,900,https://vk.com/wall-1_1,2026-10-03T10:00Z\n"
        + "Ложь,,vk,2026-10-01T11:00Z,Лжёт,800,https://vk.com/wall-1_2,2026-10-03T10:00Z\n",
        _POSTS
        + "Партия,parties,vk,2026-10-01T10:00Z,Чындык,5,https://vk.com/wall-1_1,2026-10-02T10:00Z\n"
        + "Газета,,vk,2026-10-02T10:00Z,Новость,7,https://vk.com/wall-1_3,2026-10-02T10:00Z\n",
    ),
    KindOfFile(
        "ads",
        import_ads,
        ".csv",
        "advertiser,count,spend,currency,first,last,id\nПартия,9,900,KGS,2026-10-01,2026-10-05,a1\n"
        "Ложь,1,100,KGS,2026-10-01,2026-10-01,a2\n",
        "advertiser,count,spend,currency,first,last,id\nПартия,2,200,KGS,2026-10-01,2026-10-03,a1\n"
        "Газета,1,100,KGS,2026-10-02,2026-10-02,a3\n",
    ),
    KindOfFile(
        "takedowns",
        import_takedowns,
        ".csv",
        _TAKEDOWNS
        + "https://facebook.com/troll.one,removed,form,T-1,2026-09-01,Удалено\n"
        + "https://facebook.com/troll.two,sent,form,T-2,2026-09-01,\n",
        _TAKEDOWNS
        + "https://facebook.com/troll.one,answered,form,T-1,2026-09-01,\n"
        + "https://facebook.com/troll.three,rejected,email,,2026-09-02,Нет\n",
    ),
    KindOfFile("photos", import_photos, ".zip", "1 2", "2 3"),
)


def write(kind: KindOfFile, folder: Path, name: str, content: str) -> Path:
    """The file of this content; photos are named by numbers, and drawn by them."""
    path = folder / f"{name}{kind.suffix}"
    if kind.suffix != ".zip":
        path.write_text(content, encoding="utf-8")
        return path
    with zipfile.ZipFile(path, "w") as archive:
        for number in content.split():
            out = io.BytesIO()
            Image.radial_gradient("L").rotate(int(number) * 30).resize((64, 64)).save(out, "PNG")
            # Of no time: the same pictures are the same bytes.
            archive.writestr(zipfile.ZipInfo(f"{number}.png"), out.getvalue())
    return path


async def take(room: ImportRoom, kind: KindOfFile, folder: Path, name: str, content: str) -> Tally:
    """Import it."""
    return await kind.take(room, write(kind, folder, name, content), Seen())


async def counted(room: ImportRoom, noun: str) -> Counted:
    """All of a kind that counts, without what differs from run to run."""
    own = room.newsroom_id
    async with room.store.read() as conn:
        if noun == "staff":
            listed = await staff.all_of(conn, own)
            return {(p.kind, p.name, p.position, frozenset(p.aliases), p.member_id) for p in listed}
        return {tuple(map(_plain, row)) for row in (await conn.execute(_QUERIES[noun](own))).all()}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _posts(own: int) -> sa.Select[Any]:
    p, a = posts.c, actors.c
    told = (a.name, a.category, p.source, p.venue, p.text, p.reactions, p.captured_at, p.posted_at, p.link)
    query = sa.select(*told).join(actors, a.id == p.actor_id)
    return query.where(p.newsroom_id == own, p.withdrawn_at.is_(None), a.withdrawn_at.is_(None))


def _actors(own: int) -> sa.Select[Any]:
    a, p = actors.c, actor_presences.c
    query = sa.select(a.name, a.category, p.platform, p.is_present).outerjoin(actor_presences, p.actor_id == a.id)
    return query.where(a.newsroom_id == own, a.withdrawn_at.is_(None))


def _ads(own: int) -> sa.Select[Any]:
    t = ads.c
    query = sa.select(t.source, t.advertiser, t.first_day, t.last_day, t.count, t.spend_least, t.currency)
    return query.where(t.newsroom_id == own, t.withdrawn_at.is_(None))


def _takedowns(own: int) -> sa.Select[Any]:
    t = takedowns.c
    told = (t.target_key, t.status, t.channel, t.ticket, t.answer, t.note, t.sent_at, t.answered_at, t.closed_at)
    return sa.select(*told, t.attempt).where(t.newsroom_id == own, t.status != "withdrawn")


def _photos(own: int) -> sa.Select[Any]:
    t = photos.c
    return sa.select(t.sha256, t.source).where(t.newsroom_id == own, t.withdrawn_at.is_(None))


_QUERIES: dict[str, Callable[[int], sa.Select[Any]]] = {
    "actors": _actors,
    "posts": _posts,
    "ads": _ads,
    "takedowns": _takedowns,
    "photos": _photos,
}
