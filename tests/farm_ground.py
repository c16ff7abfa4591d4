"""A newsroom with a small farm in its archive: eight accounts that move together, and eight honest people."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.model.account import AccountEntry
from bot.model.farm import StanceSeen
from bot.model.newsroom import Newsroom
from bot.services.accounts import keys_of
from bot.storage import accounts, comments
from bot.storage.accounts import Listing
from bot.storage.comments import NewComment
from bot.storage.store import Store

BEGIN = datetime(2026, 9, 7, 4, 0, tzinfo=UTC)
FARM = tuple(f"tal{n}" for n in range(8))
HONEST = tuple(f"koj{n}" for n in range(8))


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The accounts' ids by handle, and what they praised."""

    ids: dict[str, int]
    stances: tuple[StanceSeen, ...]


async def settle(store: Store, newsroom: Newsroom, *, label: str | None = None) -> Ground:
    """Put it all into the archive; with `label` the first two of the farm are listed under that name."""
    ids = {}
    async with store.write() as conn:
        for place, handle in enumerate((*FARM, *HONEST)):
            farm = label if place < 2 else None
            entry = AccountEntry(platform="instagram", handle=handle, names=(handle.title(),), farm=farm, source="test")
            listing = Listing(newsroom_id=newsroom.id, member_id=None, lister="list.csv", batch=None, at=BEGIN)
            ids[handle], _ = await accounts.put(conn, entry, keys_of(entry), listing)
        await comments.add(conn, _comments(newsroom.id), BEGIN, posted=False)
    return Ground(ids=ids, stances=tuple(_stances(ids)))


def _comments(newsroom_id: int) -> list[NewComment]:
    """Every day two waves of the farm, with ready texts, and honest people whenever they come by."""
    rng, found = random.Random(4), []
    for day in range(40):
        for wave in range(2):
            post = f"https://instagram.com/kloop/p/{day}-{wave}"
            start = BEGIN + timedelta(days=day, hours=wave * 4)
            for handle in rng.sample(FARM, 6):
                text = rng.choice((f"даяр {day} {wave}", f"ready {day} {wave} {handle}"))
                found.append(_comment(newsroom_id, handle, text, post, start + timedelta(seconds=rng.randint(0, 400))))
            for handle in rng.sample(HONEST, 3):
                late = start + timedelta(minutes=rng.randint(5, 700))
                found.append(_comment(newsroom_id, handle, f"own {day} {wave} {handle}", post, late))
            for stranger in range(12):
                late = start + timedelta(minutes=rng.randint(0, 900))
                author = f"stranger{rng.randint(0, 150)}"
                found.append(_comment(newsroom_id, author, f"{author} {day} {wave} {stranger}", post, late))
    return found


def _comment(newsroom_id: int, handle: str, text: str, post: str, at: datetime) -> NewComment:
    return NewComment(
        newsroom_id=newsroom_id,
        text=text,
        words=text,
        text_key=hash_of(text),
        source="test",
        platform="instagram",
        handle=handle,
        author_key=f"instagram:{handle}",
        post=post,
        posted_at=at,
    )


def hash_of(text: str) -> int:
    """A key for a text, the same in every run."""
    return int.from_bytes(text.encode()[-7:], "big")


def _stances(ids: dict[str, int]) -> list[StanceSeen]:
    """The farm goes over on its twentieth day; honest people say what they think."""
    found = []
    for day in range(0, 40, 2):
        for handle in FARM:
            side = 1 if day < 20 else -1
            at = BEGIN + timedelta(days=day, hours=3)
            found.append(StanceSeen(account_id=ids[handle], at=at, subject="Партия А", polarity=side))
            found.append(StanceSeen(account_id=ids[handle], at=at, subject="Лидер Б", polarity=-side))
    return found
