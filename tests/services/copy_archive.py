"""An archive of comments with their texts and campaigns, and an index that says what a test told it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from bot.analysis import Analysis
from bot.errors import Refusal
from bot.model.ids import new_id
from bot.model.newsroom import Member, Newsroom
from bot.model.submission import Case
from bot.model.text import TextMatch
from bot.storage import campaigns, cases, comments, texts
from bot.storage.comments import NewComment
from bot.storage.store import Store
from detection.text.normalise import key, normalise
from tests.services.rooms import InlineAnalysis
from tests.stores import StoppedClock


def key_of(text: str) -> int:
    """The key under which a text is stored."""
    return key(normalise(text).skeleton)


@dataclass(kw_only=True)
class Archive:
    """Fakes the index, over the real store: `alike` has for each text what it resembles."""

    store: Store
    clock: StoppedClock
    newsroom: Newsroom
    analysis: Analysis = field(default_factory=lambda: cast(Analysis, InlineAnalysis()))
    alike: dict[int, list[tuple[int, float, str, bool]]] = field(default_factory=dict)

    async def comment(
        self,
        text: str,
        who: str | None = None,
        *,
        submission_id: int | None = None,
        post: str | None = None,
        at: datetime | None = None,
    ) -> int:
        """Store a comment, written a minute after the one before unless `at` says when; returns its text's key."""
        read = normalise(text)
        row = NewComment(
            newsroom_id=self.newsroom.id,
            text=text,
            words=read.words,
            text_key=key(read.skeleton),
            source=f"row {new_id()}",
            submission_id=submission_id,
            platform="vk" if who else None,
            handle=who,
            author_key=f"vk:{who}" if who else None,
            post=post,
            posted_at=at or self.clock.tick(60) - timedelta(days=30),
        )
        async with self.store.write() as conn:
            await comments.add(conn, [row], self.clock())
        return row.text_key

    def like(self, one: str, other: str, score: float = 0.93, tier: str = "copy", *, partial: bool = False) -> None:
        """Two texts resemble each other, either way."""
        for a, b in ((one, other), (other, one)):
            self.alike.setdefault(key_of(a), []).append((key_of(b), score, tier, partial))

    async def campaign(self, *members: str) -> int:
        """A campaign of texts that are stored; returns its number."""
        async with self.store.write() as conn:
            campaign_id = new_id()
            await campaigns.found(conn, self.newsroom.id, [campaign_id], self.clock())
            stored = await texts.by_keys(conn, self.newsroom.id, [key_of(text) for text in members])
            await campaigns.assign(conn, self.newsroom.id, [text.number for text in stored], campaign_id)
            return (await campaigns.by_ids(conn, self.newsroom.id, [campaign_id]))[campaign_id].number

    async def campaign_of(self, text: str) -> int | None:
        """The id of the campaign in which a text is."""
        async with self.store.read() as conn:
            return (await texts.by_keys(conn, self.newsroom.id, [key_of(text)]))[0].campaign_id

    async def number_of(self, text: str) -> int:
        """The number of a stored text."""
        async with self.store.read() as conn:
            return (await texts.by_keys(conn, self.newsroom.id, [key_of(text)]))[0].number

    async def search(self, words: Sequence[str]) -> list[list[TextMatch]]:
        """The index's interface."""
        return [await self._matches(key(each.replace(" ", ""))) for each in words]

    async def see(self, member: Member, submission_id: int) -> Case:
        """The case desk's interface: a stranger's newsroom has no cases here."""
        async with self.store.read() as conn:
            case = await cases.by_submission(conn, member.newsroom_id, submission_id)
        if case is None:
            raise Refusal("case_unknown", number=0)
        return case

    async def _matches(self, own: int) -> list[TextMatch]:
        told = {own: (1.0, "copy", False)} | {k: (s, t, p) for k, s, t, p in self.alike.get(own, [])}
        async with self.store.read() as conn:
            stored = await texts.by_keys(conn, self.newsroom.id, list(told))
        found = [
            TextMatch(
                number=text.number,
                text_key=text.text_key,
                words=text.words,
                score=told[text.text_key][0],
                tier=told[text.text_key][1],
                why=("exact",) if text.text_key == own else ("edited",),
                partial=told[text.text_key][2],
                campaign_id=text.campaign_id,
            )
            for text in stored
        ]
        return sorted(found, key=lambda match: -match.score)
