"""Watch windows and own stories: what editors expect, and what a wave can be bound to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.model.spike import Story, WatchWindow
from bot.model.staff import Staff
from bot.services import notices
from bot.services.spike_waves import post_key
from bot.services.stage import Stage
from bot.storage import history, members, outbox, staff, watch_windows
from bot.storage.store import Store

LONGEST: Final = timedelta(days=7)
FARTHEST: Final = timedelta(days=366)
_STORIES_FOR: Final = timedelta(days=30)
_MOST: Final = 20
_TITLE: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchEntry:
    """A window as somebody typed it; `target` is a name on the staff list."""

    starts: datetime
    ends: datetime
    title: str
    target: str | None


class WatchWindows:
    """What is expected, and what was published."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def watch(self, stage: Stage, member: Member, entry: WatchEntry) -> None:
        """Keep a window. Raises Refusal for one that is over, too long, too far, or of somebody unknown."""
        now = self._clock()
        if entry.ends <= now:
            raise Refusal("watch_past")
        if entry.ends - entry.starts > LONGEST or entry.ends <= entry.starts:
            raise Refusal("watch_length")
        if entry.starts - now > FARTHEST:
            raise Refusal("watch_far")
        target = await self._target(member, entry.target) if entry.target is not None else None

        async def act(conn: AsyncConnection) -> None:
            at = self._clock()
            await members.lock_newsroom(conn, member.newsroom_id)
            span = (entry.starts, entry.ends)
            staff_id = target.id if target is not None else None
            title = entry.title[:_TITLE]
            number = await watch_windows.add_window(conn, member.newsroom_id, member.id, span, title, staff_id, at)
            details = {"starts": entry.starts.isoformat(), "ends": entry.ends.isoformat(), "staff": staff_id}
            await history.note(conn, member.newsroom_id, member.id, ("watch", number), "watch_set", at, **details)
            await outbox.put(conn, [notices.reply(member, "watches", new=number)], at)

        stage.stage_once(act)

    async def _target(self, member: Member, named: str) -> Staff:
        words = named.strip().casefold()
        async with self._store.read() as conn:
            people = await staff.all_of(conn, member.newsroom_id)
        same = [each for each in people if words in (name.casefold().lstrip("@") for name in each.names)]
        found = same or [each for each in people if any(name.casefold().startswith(words) for name in each.names)]
        if len(found) != 1 or not words:
            raise Refusal("watch_target_unknown")
        return found[0]

    def cancel(self, stage: Stage, member: Member, number: int, message_id: int | None) -> None:
        """Take a window back; the list says what is left."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await watch_windows.cancel_window(conn, member.newsroom_id, number, now):
                subject = ("watch", number)
                await history.note(conn, member.newsroom_id, member.id, subject, "watch_cancelled", now)
            await outbox.put(conn, [_answer(member, message_id, "watches")], now)

        stage.stage_once(act)

    async def windows(self, member: Member) -> list[WatchWindow]:
        """Those that are on or to come."""
        async with self._store.read() as conn:
            return await watch_windows.windows(conn, member.newsroom_id, self._clock())

    async def publish(self, stage: Stage, member: Member, link: str, title: str) -> None:
        """Note an own story. Raises Refusal when it is no link, or was noted already."""
        key = post_key(link)
        if not _is_link(link, key):
            raise Refusal("published_no_link")
        async with self._store.read() as conn:
            known = await watch_windows.story_with(conn, member.newsroom_id, key)
        if known is not None:
            raise Refusal("published_known")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await members.lock_newsroom(conn, member.newsroom_id)
            if await watch_windows.story_with(conn, member.newsroom_id, key) is None:
                told = (link[:500], key)
                number = await watch_windows.add_story(
                    conn, member.newsroom_id, member.id, told, title.strip()[:_TITLE], now
                )
                subject = ("story", number)
                await history.note(conn, member.newsroom_id, member.id, subject, "story_set", now, link=link[:500])
            await outbox.put(conn, [notices.reply(member, "stories")], now)

        stage.stage_once(act)

    def withdraw(self, stage: Stage, member: Member, number: int, message_id: int | None) -> None:
        """Take a story back."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await watch_windows.remove_story(conn, member.newsroom_id, number, now):
                subject = ("story", number)
                await history.note(conn, member.newsroom_id, member.id, subject, "story_removed", now)
            await outbox.put(conn, [_answer(member, message_id, "stories")], now)

        stage.stage_once(act)

    async def stories(self, member: Member) -> Sequence[Story]:
        """The latest ones."""
        async with self._store.read() as conn:
            since = self._clock() - _STORIES_FOR
            return await watch_windows.stories(conn, member.newsroom_id, since, _MOST)


def _answer(member: Member, message_id: int | None, code: Literal["watches", "stories"]) -> Outgoing:
    if message_id is None:
        return notices.reply(member, code)
    return notices.edited_reply(member, message_id, code)


def _is_link(link: str, key: str) -> bool:
    host = key.partition("/")[0]
    return "." in host and " " not in link and len(link) <= 500 and not host.startswith(".") and len(key) > len(host)
