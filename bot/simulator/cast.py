"""Who and what exists in the world: adding people, groups, channels and library material."""

from collections.abc import Iterable
from typing import Final, Literal

from bot.simulator.library import LibraryItem
from bot.simulator.people import Chat, MemberStatus, User, member_json
from bot.simulator.shapes import Json
from bot.simulator.state import State

_FIRST_USER: Final = 700_000_001
_FIRST_GROUP: Final = 4_000_001
_FIRST_CHANNEL: Final = 1_002_000_000_001  # after "-": supergroups and channels are -100…


class Cast(State):
    """The people and places of the world."""

    def add_user(
        self,
        first_name: str,
        *,
        user_id: int | None = None,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        caption: str = "",
        started: bool = False,
        hides_forwards: bool = False,
        is_premium: bool = False,
    ) -> User:
        """A new person with a private chat. ``started``: has written to the bot before, so that the bot may write.

        Raises ValueError when the id is taken.
        """
        number = user_id if user_id is not None else _FIRST_USER + len(self.users)
        if number in self.users:
            raise ValueError(f"there is a user {number} already")
        user = User(
            id=number,
            first_name=first_name,
            last_name=last_name,
            username=username,
            language_code=language_code,
            caption=caption,
            started=started,
            hides_forwards=hides_forwards,
            is_premium=is_premium,
        )
        self.users[number] = user
        self.chats[number] = Chat(id=number, kind="private", user=user)
        self.events.publish("people", {})
        return user

    def add_group(
        self,
        title: str,
        *,
        members: Iterable[User | int] = (),
        kind: Literal["group", "supergroup"] = "supergroup",
        is_forum: bool = False,
        owner: User | int | None = None,
        bot_is_admin: bool = False,
        announce: bool = False,
        chat_id: int | None = None,
    ) -> Chat:
        """A group of people with the bot in it. ``announce``: the bot gets the update that it was added."""
        shift = _FIRST_GROUP if kind == "group" else _FIRST_CHANNEL
        number = chat_id if chat_id is not None else -(shift + len(self.chats))
        chat = Chat(id=number, kind=kind, title=title, is_forum=is_forum)
        chat.members = {self.user(member).id: "member" for member in members}
        if owner is not None:
            chat.members[self.user(owner).id] = "creator"
        self.chats[chat.id] = chat
        by = next(iter(chat.members), self.bot.id)
        self.set_member(chat, self.bot, "administrator" if bot_is_admin else "member", by=by, announce=announce)
        self.events.publish("people", {})
        return chat

    def add_channel(
        self, title: str, *, username: str | None = None, owner: User | int | None = None, bot_is_admin: bool = True
    ) -> Chat:
        """A channel; the bot sees its posts when it is an administrator."""
        chat = Chat(id=-(_FIRST_CHANNEL + len(self.chats)), kind="channel", title=title, username=username)
        if owner is not None:
            chat.members[self.user(owner).id] = "creator"
        if bot_is_admin:
            chat.members[self.bot.id] = "administrator"
        self.chats[chat.id] = chat
        self.events.publish("people", {})
        return chat

    def set_member(
        self, where: Chat | int, who: User | int, status: MemberStatus, *, by: User | int, announce: bool = True
    ) -> None:
        """Change what somebody is in a chat; the bot hears of itself by my_chat_member, of others by chat_member."""
        chat, user, actor = self.chat(where), self.user(who), self.user(by)
        before = chat.members.get(user.id, "left")
        chat.members[user.id] = status
        if not announce or before == status:
            return
        update: Json = {
            "chat": chat.as_json(),
            "from": actor.as_json(),
            "date": self.now(),
            "old_chat_member": member_json(user, before, chat.kind),
            "new_chat_member": member_json(user, status, chat.kind),
        }
        self.updates.push("my_chat_member" if user is self.bot else "chat_member", update)
        self.events.publish("people", {})

    def add_library_item(
        self,
        title: str,
        kind: Literal["text", "photo", "document"],
        content: str | bytes,
        *,
        origin: Json | None = None,
        group: str = "",
        text: str = "",
        file_name: str = "file.bin",
        mime_type: str = "application/octet-stream",
    ) -> LibraryItem:
        """Offer material on the page. ``content`` is the text, or the bytes with ``text`` as caption.

        Raises ValueError when content and kind do not fit.
        """
        if isinstance(content, str) != (kind == "text"):
            raise ValueError("a text item holds a str, a photo or document item holds bytes")
        item = LibraryItem(
            id=len(self.library) + 1,
            title=title,
            kind=kind,
            text=content if isinstance(content, str) else text,
            data=content if isinstance(content, bytes) else b"",
            file_name=file_name,
            mime_type=mime_type,
            origin=origin,
            group=group,
        )
        self.library[item.id] = item
        self.events.publish("library", {})
        return item
