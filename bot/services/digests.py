"""Digests as people set and read them: when, in which language, which sections; previews, pages, files."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.digest import (
    EVERY_DAY,
    ChatState,
    Digest,
    DigestChat,
    DigestContent,
    Owed,
    Place,
    Rhythm,
    Schedule,
    Section,
)
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.model.viewer import Viewer
from bot.services import digest_contents, notices
from bot.services.digest_chats import begin
from bot.services.digest_clock import messages
from bot.services.digest_slots import following, preceding, starts
from bot.services.restricted_digests import without_kept
from bot.services.stage import Stage
from bot.storage import custody, digest_chats, digests, history, newsrooms, outbox
from bot.storage.custody import NewEntry
from bot.storage.need_to_know import looking_as
from bot.storage.store import Store

_DAY = timedelta(days=1)
_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestView:
    """A chat's digest as its settings show it; without a schedule it has none yet."""

    chat: DigestChat
    schedule: Schedule | None
    #: When the next one comes.
    next_at: datetime | None = None


class Digests:
    """What is told to whom, and what was told."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of_member(self, member: Member) -> list[DigestView]:
        """The member's own chat and the groups that may have digests."""
        async with self._store.read() as conn:
            chats = await digest_chats.everything(conn, member.newsroom_id)
            schedules = await digests.of_chats(conn, member.newsroom_id)
            return [
                await self._view(conn, chat, schedules.get(chat.id))
                for chat in chats
                if chat.state is ChatState.ALLOWED and _is_theirs(member, chat)
            ]

    async def view(self, member: Member, chat_row_id: int) -> DigestView:
        """One of them. Raises Refusal for what is not theirs, or may have no digest."""
        async with self._store.read() as conn:
            chat = await digest_chats.get(conn, member.newsroom_id, chat_row_id)
            if chat is None or chat.state is not ChatState.ALLOWED or not _is_theirs(member, chat):
                raise Refusal("chat_unknown")
            return await self._view(conn, chat, (await digests.of_chats(conn, member.newsroom_id)).get(chat.id))

    async def _view(self, conn: AsyncConnection, chat: DigestChat, schedule: Schedule | None) -> DigestView:
        if schedule is None or schedule.paused_at is not None:
            return DigestView(chat=chat, schedule=schedule)
        zone, after = await _zone(conn, chat.newsroom_id), max(schedule.told_until, schedule.begun_at, self._clock())
        ahead = [after.astimezone(zone).date() + n * _DAY for n in range(-1, 32)]
        marked = await digests.marked(conn, chat.newsroom_id, schedule.id, ahead)
        slot = following(schedule.rhythm, zone, marked, after)
        return DigestView(chat=chat, schedule=schedule, next_at=slot.at)

    async def here(self, member: Member, place: Place) -> int:
        """The row of the chat in which a member asks. Raises Refusal when it may have no digests."""
        async with self._store.read() as conn:
            chat = await digest_chats.at(conn, member.newsroom_id, place.chat_id, place.topic_id)
        if chat is None or chat.state is not ChatState.ALLOWED or not _is_theirs(member, chat):
            raise Refusal("chat_not_allowed")
        return chat.id

    async def turn_on(self, stage: Stage, member: Member, chat_row_id: int, message_id: int | None = None) -> None:
        """Give a chat a digest: every morning. Raises Refusal."""
        view = await self.view(member, chat_row_id)

        async def act(conn: AsyncConnection) -> None:
            await begin(conn, member, view.chat, self._clock)
            await self._shown(conn, member, chat_row_id, message_id)

        stage.stage_once(act)

    async def change(
        self,
        stage: Stage,
        member: Member,
        chat_row_id: int,
        to: Callable[[Schedule], Schedule],
        message_id: int | None = None,
    ) -> None:
        """Set it otherwise. A changed rhythm owes nothing of the past. Raises Refusal."""
        await self.view(member, chat_row_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            found = (await digests.of_chats(conn, member.newsroom_id)).get(chat_row_id)
            if found is None:
                return
            held = await digests.schedule(conn, member.newsroom_id, found.id, hold=True) or found
            changed = to(held)
            if changed != held:
                is_new = changed.rhythm != held.rhythm or (held.paused_at is not None and changed.paused_at is None)
                changed = replace(changed, begun_at=now if is_new else changed.begun_at)
                await digests.change(conn, member.newsroom_id, changed)
                subject = ("chat", chat_row_id)
                await history.note(conn, member.newsroom_id, member.id, subject, "digest_set", now)
            await self._shown(conn, member, chat_row_id, message_id)

        stage.stage_once(act)

    async def pause(self, stage: Stage, member: Member, chat_row_id: int, message_id: int | None, *, on: bool) -> None:
        """Leave a chat in peace, or go on. Raises Refusal."""
        paused_at = self._clock() if on else None
        await self.change(stage, member, chat_row_id, lambda found: replace(found, paused_at=paused_at), message_id)

    async def _shown(self, conn: AsyncConnection, member: Member, chat_row_id: int, message_id: int | None) -> None:
        said = (
            notices.reply(member, "digest", chat=chat_row_id)
            if message_id is None
            else notices.edited_reply(member, message_id, "digest", chat=chat_row_id)
        )
        await outbox.put(conn, [said], self._clock())

    async def preview(self, stage: Stage, member: Member, chat_row_id: int) -> None:
        """Show the member alone what a digest would say now: the time since the last one. Raises Refusal."""
        view = await self.view(member, chat_row_id)
        schedule, now = view.schedule, self._clock()
        if schedule is None:
            raise Refusal("chat_unknown")
        # What a group is told is nobody's in particular.
        with looking_as(Viewer(newsroom_id=member.newsroom_id)):
            async with self._store.read() as conn:
                zone = await _zone(conn, member.newsroom_id)
                since = min(schedule.told_until, preceding(schedule.rhythm, zone, now))
                if since >= now:
                    since = now - _DAY
                content = await digest_contents.contents(conn, member.newsroom_id, (since, now), zone, now)
        content = digest_contents.of_sections(content, schedule.sections)
        owed = Owed(days=(), since=since, until=now)
        place = Place(chat_id=member.telegram_id, kind=view.chat.place.kind, title=view.chat.place.title)
        shown = replace(schedule, chat=replace(view.chat, place=place, member_id=member.id))

        async def act(conn: AsyncConnection) -> None:
            digest_id = await digests.put(
                conn, member.newsroom_id, schedule.id, owed, content, self._clock(), preview=True
            )
            await outbox.put(conn, messages(shown, digest_id, content), self._clock())

        stage.stage_once(act)

    async def told(self, newsroom_id: int, digest_id: int) -> Digest | None:
        """A digest as it was told."""
        with looking_as(Viewer(newsroom_id=newsroom_id)):
            async with self._store.read() as conn:
                found = await digests.get(conn, newsroom_id, digest_id)
                if found is None:
                    return None
                return replace(found, content=await without_kept(conn, newsroom_id, found.content))

    async def turn_page(self, stage: Stage, member: Member, digest_id: int, page: int, at: tuple[int, int]) -> None:
        """Show another page where the digest stands (`at`: chat and message). Raises Refusal when it is forgotten."""
        found = await self._read(member, digest_id)
        place = replace(found.schedule.chat.place, chat_id=at[0])
        own = member.id if at[0] == member.telegram_id else None
        chat = replace(found.schedule.chat, place=place, member_id=own)

        async def act(conn: AsyncConnection) -> None:
            said = notices.digest(chat, digest_id, "text", page=page, message_id=at[1])
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)

    async def order_file(self, stage: Stage, member: Member, digest_id: int, form: str) -> None:
        """Send the member a digest as a file; it is noted in the custody log. Raises Refusal when it is forgotten."""
        await self._read(member, digest_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            body = {"by": member.id, "form": form}
            out = NewEntry(
                newsroom_id=member.newsroom_id, kind="exported", noun="digest", row_id=digest_id, body=body, at=now
            )
            await custody.put(conn, [out])
            await outbox.put(conn, [notices.digest_file(member, digest_id, form)], now)

        stage.stage_once(act)

    async def _read(self, member: Member, digest_id: int) -> Digest:
        found = await self.told(member.newsroom_id, digest_id)
        if found is None or not member.may(Right.DIGESTS):
            raise Refusal("digest_forgotten")
        return found

    async def of_day(self, newsroom_id: int, day: datetime) -> tuple[DigestContent, str]:
        """What a digest of a whole local day says, and the newsroom's zone; `day` is naive, its date counts."""
        with looking_as(Viewer(newsroom_id=newsroom_id)):
            return await self._of_day(newsroom_id, day)

    async def _of_day(self, newsroom_id: int, day: datetime) -> tuple[DigestContent, str]:
        async with self._store.read() as conn:
            newsroom = await newsrooms.get(conn, newsroom_id)
            zone = ZoneInfo(newsroom.zone)
            window = (starts(day.date(), zone), starts(day.date() + _DAY, zone))
            content = await digest_contents.contents(conn, newsroom_id, window, zone, self._clock())
        return content, newsroom.zone


def shifted(schedule: Schedule, minutes: int) -> Schedule:
    """Earlier or later in the day."""
    at = (schedule.rhythm.at.hour * 60 + schedule.rhythm.at.minute + minutes) % _MINUTES
    return replace(schedule, rhythm=replace(schedule.rhythm, at=time(at // 60, at % 60)))


def at_time(schedule: Schedule, at: time) -> Schedule:
    """At another time of the day."""
    return replace(schedule, rhythm=replace(schedule.rhythm, at=at))


def on_days(schedule: Schedule, days: frozenset[int]) -> Schedule:
    """On other weekdays; on none means on all."""
    return replace(schedule, rhythm=Rhythm(days=days or EVERY_DAY, at=schedule.rhythm.at))


def with_day(schedule: Schedule, day: int) -> Schedule:
    """A weekday more, or less; the last one stays."""
    days = schedule.rhythm.days ^ {day % 7}
    return on_days(schedule, days) if days else schedule


def with_section(schedule: Schedule, section: Section) -> Schedule:
    """A section more, or less; the last one stays."""
    sections = schedule.sections ^ {section}
    return replace(schedule, sections=sections) if sections else schedule


def _is_theirs(member: Member, chat: DigestChat) -> bool:
    """Groups are every editor's; somebody's own chat is theirs alone."""
    return chat.member_id in (None, member.id)


async def _zone(conn: AsyncConnection, newsroom_id: int) -> ZoneInfo:
    return ZoneInfo((await newsrooms.get(conn, newsroom_id)).zone)
