"""Coding of posts in the chat: each post by two members who see nothing of each other, a third where they differ."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.codebook import codebook
from bot.model.newsroom import Member
from bot.model.post import DECIDER, Coding, CodingView
from bot.model.report import Window
from bot.services import notices
from bot.services.reports.final_codes import WHATS
from bot.services.reports.sampling import sample
from bot.services.reports.windows import moments, read_windows
from bot.services.stage import Stage
from bot.storage import history, newsrooms, outbox, post_codings, posts
from bot.storage.store import Store

#: A place that a coder kept and did not use is free for others after so long.
HELD: Final = timedelta(hours=24)
_TRIES: Final = 8


class PostCoding:
    """The coding queue of one newsroom. Raises Refusal for what there is not, or is not this member's."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def draw(self, stage: Stage, member: Member, words: str) -> None:
        """Put the samples of two typed windows into the queue, and show the first post. Raises Refusal."""
        await self.draw_windows(stage, member, read_windows(words))

    async def draw_windows(self, stage: Stage, member: Member, windows: tuple[Window, Window]) -> None:
        """Put the samples of two windows into the queue. Raises Refusal when there is no post in them."""
        async with self._store.read() as conn:
            zone = ZoneInfo((await newsrooms.get(conn, member.newsroom_id)).zone)
            found = [await posts.between(conn, member.newsroom_id, *moments(which, zone)) for which in windows]
        chosen = [post.id for each in found for post in sample(each, codebook())]
        if not chosen:
            raise Refusal("coding_nothing_there")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            added = await post_codings.draw(conn, member.newsroom_id, chosen, now)
            told = {"posts": len(chosen), "added": added}
            subject = ("newsroom", member.newsroom_id)
            await history.note(conn, member.newsroom_id, member.id, subject, "posts_drawn", now, **told)
            await outbox.put(conn, [notices.reply(member, "coding_drawn", **told)], now)

        stage.stage_once(act)
        self.next(stage, member)

    def next(self, stage: Stage, member: Member, message_id: int | None = None, undo: int = 0) -> None:
        """Show the next post for this member, in a new message or in place of one; `undo` is the one coded before."""

        async def act(conn: AsyncConnection) -> None:
            await self._show_next(conn, member, message_id, undo)

        stage.stage_once(act)

    async def view(self, member: Member, post_id: int) -> CodingView:
        """A post as this member codes it. Raises Refusal when they keep no place at it."""
        async with self._store.read() as conn:
            own = await post_codings.mine(conn, member.newsroom_id, member.id, post_id)
            if own is None or own.place is None:
                raise Refusal("coding_not_yours")
            there = await posts.figures_of(conn, member.newsroom_id, [post_id])
            if not there:  # Its file was withdrawn.
                raise Refusal("coding_not_yours")
            (figures,) = there
            text, link = (await posts.words_of(conn, member.newsroom_id, [post_id]))[post_id]
            others = await post_codings.of_posts(conn, member.newsroom_id, [post_id]) if own.place == DECIDER else []
            mine, done, drawn = await post_codings.progress(conn, member.newsroom_id, member.id)
        return CodingView(
            figures=figures,
            text=text,
            link=link,
            place=own.place,
            tone=own.tone,
            topic=own.topic,
            said=(_said(others, "tone"), _said(others, "topic")),
            mine=mine,
            done=done,
            drawn=drawn,
        )

    async def code(self, stage: Stage, member: Member, post_id: int, what: str, value: str, message_id: int) -> None:
        """The tone or the topic of a post; when both are said, the next one is shown. Raises Refusal."""
        table = codebook().tones if what == "tone" else codebook().topics
        if what not in WHATS or (value not in table and value != ""):
            raise Refusal("button_not_yours")

        async def act(conn: AsyncConnection) -> None:
            own = await post_codings.mine(conn, member.newsroom_id, member.id, post_id)
            if own is None or own.place is None or own.coded_at is not None:
                # Pressed twice, or on a message that is behind: what was said stands.
                await self._show_next(conn, member, message_id, 0)
                return
            said = {"tone": own.tone, "topic": own.topic, what: value or None}
            await post_codings.code(conn, member.newsroom_id, member.id, post_id, said["tone"], said["topic"])
            if said["tone"] is None or said["topic"] is None:
                await outbox.put(
                    conn, [notices.edited_reply(member, message_id, "coding", post=post_id)], self._clock()
                )
                return
            await self._finish(conn, member, post_id, own.place)
            await self._show_next(conn, member, message_id, post_id)

        stage.stage_once(act)

    async def undo(self, stage: Stage, member: Member, post_id: int, message_id: int) -> None:
        """Code a post anew. Raises Refusal when somebody has decided on it since."""
        async with self._store.read() as conn:
            own = await post_codings.mine(conn, member.newsroom_id, member.id, post_id)
            others = await post_codings.of_posts(conn, member.newsroom_id, [post_id])
        if own is None or own.place is None:
            raise Refusal("coding_not_yours")
        if own.place != DECIDER and any(each.place == DECIDER and each.coded_at is not None for each in others):
            raise Refusal("coding_settled")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await post_codings.finish(conn, member.newsroom_id, member.id, post_id, None)
            if own.place == DECIDER:
                await self._prepare(conn, member, post_id)
            else:
                await post_codings.code(conn, member.newsroom_id, member.id, post_id, None, None)
                await post_codings.drop_decision(conn, member.newsroom_id, post_id)
            subject = ("post", post_id)
            await history.note(conn, member.newsroom_id, member.id, subject, "coding_undone", now)
            await outbox.put(conn, [notices.edited_reply(member, message_id, "coding", post=post_id)], now)

        stage.stage_once(act)

    async def skip(self, stage: Stage, member: Member, post_id: int, message_id: int) -> None:
        """Pass a post over: others code it; it comes back to this member when nothing else is left."""

        async def act(conn: AsyncConnection) -> None:
            own = await post_codings.mine(conn, member.newsroom_id, member.id, post_id)
            if own is not None and own.coded_at is None:
                await post_codings.skip(conn, member.newsroom_id, member.id, post_id, self._clock())
            await self._show_next(conn, member, message_id, 0, skipped=post_id)

        stage.stage_once(act)

    async def _finish(self, conn: AsyncConnection, member: Member, post_id: int, place: int) -> None:
        now, subject = self._clock(), ("post", post_id)
        await post_codings.finish(conn, member.newsroom_id, member.id, post_id, now)
        event = "coding_decided" if place == DECIDER else "coded"
        # The codes themselves stay where only the report reads them: a history that coders see would not be blind.
        await history.note(conn, member.newsroom_id, member.id, subject, event, now)

    async def _show_next(
        self, conn: AsyncConnection, member: Member, message_id: int | None, undo: int, skipped: int = 0
    ) -> None:
        post_id = await self._take_next(conn, member, skipped)
        code, values = ("coding", {"post": post_id, "undo": undo}) if post_id else ("coding_done", {"undo": undo})
        said = (
            notices.reply(member, code, **values)
            if message_id is None
            else notices.edited_reply(member, message_id, code, **values)
        )
        await outbox.put(conn, [said], self._clock())

    async def _take_next(self, conn: AsyncConnection, member: Member, skipped: int) -> int:
        """Keep a place at the next post for this member: 0 when there is nothing for them.

        First what they began, then what only they can decide, then what one other has coded, then what nobody has.
        """
        newsroom_id = member.newsroom_id
        await post_codings.release(conn, newsroom_id, member.id, self._clock() - HELD)
        begun = await post_codings.held(conn, newsroom_id, member.id)
        if begun is not None:
            return begun
        for post_id in await post_codings.undecided(conn, newsroom_id, member.id, _TRIES):
            if await post_codings.hold(conn, newsroom_id, post_id, member.id, DECIDER, self._clock()):
                await self._prepare(conn, member, post_id)
                return post_id
        for is_second_round in (False, True):
            free = await post_codings.uncoded(conn, newsroom_id, member.id, _TRIES, skipped=is_second_round)
            for post_id, place in free:
                # What was passed over just now does not come back at once.
                if post_id != skipped and await post_codings.hold(
                    conn, newsroom_id, post_id, member.id, place, self._clock()
                ):
                    return post_id
        return 0

    async def _prepare(self, conn: AsyncConnection, member: Member, post_id: int) -> None:
        """A decider is asked only where the two differ."""
        others = await post_codings.of_posts(conn, member.newsroom_id, [post_id])
        agreed = [said[0] if len(said := _said(others, what)) == 1 else None for what in WHATS]
        await post_codings.code(conn, member.newsroom_id, member.id, post_id, agreed[0], agreed[1])


def _said(codings: Sequence[Coding], what: str) -> tuple[str, ...]:
    """What the two coders said, each value once."""
    values = [getattr(each, what) for each in codings if each.place in (1, 2) and each.coded_at is not None]
    return tuple(dict.fromkeys(str(value) for value in values if value is not None))
