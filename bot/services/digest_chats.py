"""Where digests may go: an administrator allows a chat from within it, and takes it away at any time.

The others who lead hear of it in one line; where people who are no members would read along, it takes two of them.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.digest import ChatFacts, ChatKind, ChatState, DigestChat, Place, Rhythm
from bot.model.newsroom import Member
from bot.model.plain import one_line
from bot.model.rights import Right, Role
from bot.services import notices
from bot.services.digest_slots import preceding
from bot.services.stage import Stage
from bot.services.step_up import tell_leads
from bot.services.two_people import Doing, TwoPeople
from bot.storage import digest_chats, digests, history, members, newsrooms, outbox
from bot.storage.store import Store


class DigestChats:
    """The chats that may have digests, and those that no longer may."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        acts.register(ActKind.CHAT, Doing(right=Right.CHATS, state=_standing, perform=self._allow_group, about=_called))

    async def everything(self, member: Member) -> list[DigestChat]:
        """Every chat, the stopped ones among them, the oldest first."""
        async with self._store.read() as conn:
            return await digest_chats.everything(conn, member.newsroom_id)

    async def at(self, member: Member, place: Place) -> DigestChat | None:
        """The chat as Telegram names it."""
        async with self._store.read() as conn:
            return await digest_chats.at(conn, member.newsroom_id, place.chat_id, place.topic_id)

    async def add(self, stage: Stage, admin: Member, place: Place, facts: ChatFacts) -> None:
        """Allow a group or a topic; with another's word where people are in it who are no members.

        Raises Refusal for what anybody could read, where the bot cannot write, and where somebody's access has ended.
        """
        if facts.is_public:
            raise Refusal("chat_public")
        if not facts.can_write:
            raise Refusal("chat_closed")
        if facts.former:
            raise Refusal("chat_former", who=facts.former)

        body = asdict(place) | {"people": facts.people, "known": facts.known}
        if facts.people > facts.known:
            self._acts.request(stage, admin, ActKind.CHAT, body)
            return

        async def act(conn: AsyncConnection) -> None:
            await self._let_have(conn, admin, body)

        stage.stage_once(act)

    async def _allow_group(self, conn: AsyncConnection, act: PendingAct, first: Member, _second: Member | None) -> None:
        await self._let_have(conn, first, act.body)

    async def _let_have(self, conn: AsyncConnection, admin: Member, body: dict[str, Any]) -> None:
        now, place = self._clock(), _place_of(body)
        chat = await digest_chats.put(
            conn,
            admin.newsroom_id,
            place,
            ChatState.ALLOWED,
            (None, admin.id),
            now,
            strangers=max(0, int(body["people"]) - int(body["known"])),
        )
        await self._noted(conn, admin, chat, "chat_allowed")
        told = {"chat": chat.id, "people": body["people"], "known": body["known"]}
        await outbox.put(conn, [notices.reply(admin, "chat_added", **told)], now)
        await tell_leads(conn, admin, "chat_opened_by", now, who=one_line(place.title), people=body["people"])

    async def ask(self, stage: Stage, member: Member) -> None:
        """A member asks for digests in their own chat: an administrator's own is allowed at once."""
        place = Place(chat_id=member.telegram_id, kind=ChatKind.PRIVATE, title=member.name)
        is_admin = member.may(Right.CHATS)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            there = await digest_chats.at(conn, member.newsroom_id, place.chat_id, None)
            if there is not None and there.state is ChatState.ALLOWED:
                await self._begin(conn, member, there)
                return
            state = ChatState.ALLOWED if is_admin else ChatState.ASKED
            chat = await digest_chats.put(conn, member.newsroom_id, place, state, (member.id, member.id), now)
            if is_admin:
                await self._noted(conn, member, chat, "chat_allowed")
                await self._begin(conn, member, chat)
                return
            admins = await members.with_role(conn, member.newsroom_id, Role.ADMIN)
            asked = [notices.reply(admin, "chat_asked", chat=chat.id) for admin in admins]
            await outbox.put(conn, [*asked, notices.reply(member, "chat_waits")], now)

        stage.stage_once(act)

    async def allow(self, stage: Stage, admin: Member, chat_row_id: int, message_id: int) -> None:
        """An administrator lets a member's own chat have digests; they begin at once. Raises Refusal for nobody's."""
        await self._one(admin, chat_row_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            there = await digest_chats.get(conn, admin.newsroom_id, chat_row_id)
            if there is None or there.member_id is None:
                return
            owner = await members.get(conn, admin.newsroom_id, there.member_id)
            if there.state is not ChatState.ALLOWED and owner is not None:
                people = (owner.id, admin.id)
                chat = await digest_chats.put(conn, admin.newsroom_id, there.place, ChatState.ALLOWED, people, now)
                await self._noted(conn, admin, chat, "chat_allowed")
                await self._begin(conn, owner, chat)
            await outbox.put(conn, [notices.edited_reply(admin, message_id, "chats")], now)

        stage.stage_once(act)

    async def remove(self, stage: Stage, admin: Member, chat_row_id: int, message_id: int | None = None) -> None:
        """Nothing goes there any more. Raises Refusal for nobody's."""
        await self._one(admin, chat_row_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            chat = await digest_chats.get(conn, admin.newsroom_id, chat_row_id)
            if chat is not None and await digest_chats.stop(conn, admin.newsroom_id, chat_row_id, "removed", now):
                await self._noted(conn, admin, chat, "chat_removed")
            said = notices.edited_reply(admin, message_id, "chats") if message_id else notices.reply(admin, "chats")
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def strangers_allowed(self, newsroom_id: int, chat_id: int) -> int:
        """How many in a group may be no members: as many as there were when it, or a topic of it, was allowed."""
        async with self._store.read() as conn:
            found = await digest_chats.everything(conn, newsroom_id)
        here = [chat for chat in found if chat.place.chat_id == chat_id and chat.state is ChatState.ALLOWED]
        return max((chat.strangers for chat in here), default=0)

    async def open_groups(self, newsroom_id: int) -> list[int]:
        """Telegram's numbers of the groups that may have digests."""
        async with self._store.read() as conn:
            found = await digest_chats.everything(conn, newsroom_id)
        allowed = (chat for chat in found if chat.member_id is None and chat.state is ChatState.ALLOWED)
        return list(dict.fromkeys(chat.place.chat_id for chat in allowed))

    async def stop(
        self, newsroom_id: int, chat_id: int, reason: str, topic_id: int | None = None, *, who: str = ""
    ) -> bool:
        """A chat is not what was allowed: it became public, moved, or shut the bot out. Administrators are told, once.

        Without a topic everything in that chat stops. `who` names those for whose sake it does.
        """
        async with self._store.write() as conn:
            now, told = self._clock(), []
            for chat in await digest_chats.everything(conn, newsroom_id):
                is_meant = chat.place.chat_id == chat_id and topic_id in (None, chat.place.topic_id)
                if not is_meant or not await digest_chats.stop(conn, newsroom_id, chat.id, reason, now):
                    continue
                subject = ("chat", chat.id)
                await history.note(conn, newsroom_id, None, subject, "chat_stopped", now, reason=reason)
                told.append(chat)
            admins = await members.with_role(conn, newsroom_id, Role.ADMIN)
            said = [notices.reply(admin, "chat_stopped", chat=chat.id, who=who) for chat in told for admin in admins]
            await outbox.put(conn, said, now)
            if told:
                await self._tell_editors(conn, newsroom_id, chat_id, now)
        return bool(told)

    async def _tell_editors(self, conn: AsyncConnection, newsroom_id: int, chat_id: int, now: datetime) -> None:
        """What the chat was not told any more goes to each editor's own."""
        bodies = [
            body for body in await outbox.withdraw_digests(conn, newsroom_id, chat_id, now) if not body.get("edit")
        ]
        editors = await members.with_role(conn, newsroom_id, Role.EDITOR)
        readers = editors or await members.with_role(conn, newsroom_id, Role.SECURITY)
        said = [
            notices.digest_instead(reader, int(body["digest"]), str(body["part"]))
            for body in bodies
            for reader in readers
        ]
        await outbox.put(conn, said, now)

    async def get(self, member: Member, chat_row_id: int) -> DigestChat:
        """A chat by its row. Raises Refusal."""
        return await self._one(member, chat_row_id)

    async def _one(self, member: Member, chat_row_id: int) -> DigestChat:
        async with self._store.read() as conn:
            found = await digest_chats.get(conn, member.newsroom_id, chat_row_id)
        if found is None:
            raise Refusal("chat_unknown")
        return found

    async def _noted(self, conn: AsyncConnection, by: Member, chat: DigestChat, event: str) -> None:
        told = {"chat": chat.place.chat_id, "topic": chat.place.topic_id, "title": chat.place.title}
        await history.note(conn, chat.newsroom_id, by.id, ("chat", chat.id), event, self._clock(), **told)

    async def _begin(self, conn: AsyncConnection, member: Member, chat: DigestChat) -> None:
        await begin(conn, member, chat, self._clock)
        await outbox.put(conn, [notices.reply(member, "digest", chat=chat.id)], self._clock())


async def _standing(conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
    """What is known of a group while it waits; None when it may have digests already."""
    there = await digest_chats.at(conn, newsroom_id, int(body["chat_id"]), body["topic_id"])
    if there is not None and there.state is ChatState.ALLOWED:
        return None
    return [there.state.value, there.reason] if there is not None else []


async def _called(_conn: AsyncConnection, _newsroom_id: int, body: dict[str, Any]) -> str:
    return one_line(str(body["title"])) or str(body["chat_id"])


def _place_of(body: dict[str, Any]) -> Place:
    topic = body["topic_id"]
    return Place(
        chat_id=int(body["chat_id"]),
        kind=ChatKind(body["kind"]),
        title=str(body["title"]),
        topic_id=int(topic) if topic is not None else None,
    )


async def begin(conn: AsyncConnection, member: Member, chat: DigestChat, clock: Clock) -> None:
    """A schedule for a chat: every morning from now on, the first one of the time since the last morning."""
    now = clock()
    newsroom = await newsrooms.get(conn, chat.newsroom_id)
    since = preceding(Rhythm(), ZoneInfo(newsroom.zone), now)
    language = newsroom.language if chat.member_id is None else member.language or newsroom.language
    await digests.add(conn, chat, language, member.id, since, now)
