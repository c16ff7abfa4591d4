"""Comments and their texts for the tests of campaigns, and a search that finds what a test says is alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.newsroom import Member, Newsroom
from bot.model.rights import Role
from bot.model.text import TextMatch
from bot.services.campaigns import Campaigns
from bot.storage import campaigns as archive
from bot.storage import comments, rejections
from bot.storage.comments import NewComment
from bot.storage.store import Store
from bot.storage.tables import campaigns as campaigns_table
from bot.storage.tables import texts
from detection.text.normalise import key, normalise
from tests.newsroom import make_member, queued
from tests.stage import Recorder
from tests.stores import StoppedClock


def words_of(text: str) -> str:
    """The form in which a text is stored and compared."""
    return normalise(text).words


async def post(
    conn: AsyncConnection, newsroom_id: int, text: str, by: str | None = None, **said: Any
) -> tuple[int, int]:
    """A comment, by `platform:handle` or `name:…` if anybody; its id and the number of its text, which waits now.

    `at` is when it was stored; all else is NewComment's.
    """
    at: datetime = said.pop("at")
    platform, _, handle = (by or "").partition(":")
    words = words_of(text)
    who = {"author": handle} if platform == "name" else {"platform": platform or None, "handle": handle or None}
    row = NewComment(
        newsroom_id=newsroom_id,
        text=text,
        words=words,
        text_key=key(words.replace(" ", "")),
        source="test",
        author_key=by,
        **{**who, **said},
    )
    (comment_id,) = await comments.add(conn, [row], at)
    own = texts.c
    number = await conn.scalar(
        sa.select(own.number).where(own.newsroom_id == newsroom_id, own.text_key == row.text_key)
    )
    return comment_id, int(number or 0)


@dataclass
class ToldLikeness:
    """Finds among the stored texts those that a test said are alike; `asked` counts the texts that were looked up.

    `alike[{one, other}]` is (score, tier, partial) of two texts by their normalised words.
    """

    store: Store
    newsroom_id: int
    alike: dict[frozenset[str], tuple[float, str, bool]] = field(default_factory=dict)
    asked: int = 0

    def say(self, one: str, other: str, score: float = 0.95, tier: str = "copy", *, partial: bool = False) -> None:
        """Two texts resemble each other."""
        self.alike[frozenset((words_of(one), words_of(other)))] = (score, tier, partial)

    async def search(self, words: Sequence[str]) -> list[list[TextMatch]]:
        """As the real index answers: best first, the text itself included."""
        self.asked += len(words)
        t = texts.c
        query = sa.select(t.number, t.text_key, t.words, t.campaign_id).where(t.newsroom_id == self.newsroom_id)
        async with self.store.read() as conn:
            stored = (await conn.execute(query.where(t.state > 0).order_by(t.number))).mappings().all()
        return [sorted(self._found(each, stored), key=lambda m: -m.score) for each in words]

    def _found(self, words: str, stored: Sequence[Mapping[str, Any]]) -> list[TextMatch]:
        found = []
        for row in stored:
            same = (1.0, "copy", False) if row["words"] == words else None
            likeness = same or self.alike.get(frozenset((words, row["words"])))
            if likeness is not None:
                score, tier, partial = likeness
                found.append(TextMatch(**row, score=score, tier=tier, why=("told",), partial=partial))
        return found


WALL = "Стену у реки строят на деньги вкладчиков, а не города"
BREAD = "Хлеб подорожал вдвое, потому что муку вывозят за границу"
ROAD = "Дорогу к перевалу закроют до весны из-за схода лавин"
#: Texts that only a test says to be alike.
LETTERS = [f"{x}о{x}о про {x}ыбу и {x}оду, которых никто ещё не {x}едал в {x}уше" for x in "бвгджзклмнпрст"]
A, B, C, D, E, F, G, H = LETTERS[:8]


@dataclass
class Wave:
    """A newsroom under a wave of comments."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    likeness: ToldLikeness
    stage: Recorder = field(default_factory=Recorder)

    @property
    def campaigns(self) -> Campaigns:
        """What is tested."""
        return Campaigns(self.store, self.clock, self.likeness, self.newsroom.id)

    async def member(self, role: Role = Role.EDITOR, name: str = "Данияр") -> Member:
        """Somebody of the newsroom."""
        return await make_member(self.store, self.newsroom, self.clock(), role, name=name)

    async def posted(self, text: str, by: str | None = None, **said: Any) -> int:
        """A comment, a second later than the one before; returns its text's number."""
        async with self.store.write() as conn:
            said = {"at": self.clock.tick()} | said
            return (await post(conn, self.newsroom.id, text, by, **said))[1]

    async def campaign(self, *wanted: str, by: str = "vk:a") -> int:
        """Texts that everybody sees to be copies of the first, placed; returns their campaign's number."""
        for text in wanted[1:]:
            self.likeness.say(wanted[0], text)
        for text in wanted:
            await self.posted(text, by)
        number = await self.posted(wanted[0], f"{by}2")
        await self.campaigns.sweep_all()
        return (await self.groups())[number]

    async def groups(self) -> dict[int, int]:
        """Text number to campaign number."""
        query = sa.select(texts.c.number, campaigns_table.c.number.label("campaign")).join(
            campaigns_table, campaigns_table.c.id == texts.c.campaign_id
        )
        async with self.store.read() as conn:
            rows = (await conn.execute(query.where(texts.c.newsroom_id == self.newsroom.id))).all()
        return {row.number: row.campaign for row in rows}

    async def together(self) -> set[frozenset[int]]:
        """The texts of each campaign."""
        groups = await self.groups()
        return {frozenset(n for n, campaign in groups.items() if campaign == each) for each in set(groups.values())}

    async def everything(self) -> list[Any]:
        """Every row of what a sweep may change."""
        async with self.store.read() as conn:
            return [
                sorted(map(repr, (await conn.execute(sa.select(table))).all())) for table in (texts, campaigns_table)
            ]

    async def commit(self) -> None:
        """End the transaction of what was staged."""
        await self.stage.commit(self.store)

    async def heard(self) -> list[tuple[str, dict[str, Any], int | None]]:
        """The replies: code, values, the message that each takes the place of."""
        return [(body["code"], body["values"], body.get("edit")) for (body,) in await queued(self.store, "body")]

    async def known(self, *numbers: int) -> dict[int, archive.KnownText]:
        """Where these texts stand."""
        async with self.store.read() as conn:
            return await archive.known(conn, self.newsroom.id, numbers)

    async def reject(self, editor: Member, one: int, other: int) -> None:
        """An editor says that two texts are no copies."""
        known = await self.known(one, other)
        async with self.store.write() as conn:
            keys = known[one].text_key, known[other].text_key
            await rejections.add(conn, self.newsroom.id, *keys, editor.id, self.clock())
