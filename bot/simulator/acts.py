"""What the imaginary people do: write, forward, send pictures, press, edit, react, block."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.simulator.attachments import attachment
from bot.simulator.bodies import caption_content, new_message, text_content
from bot.simulator.cast import Cast
from bot.simulator.detected_entities import with_detected
from bot.simulator.entities import FormattedText
from bot.simulator.limits import MAX_ALBUM, MAX_CAPTION, MAX_TEXT, MIN_ALBUM, check_deep_link, utf16_length
from bot.simulator.messages import StoredMessage
from bot.simulator.people import Chat, User
from bot.simulator.pictures import Picture
from bot.simulator.presses import Press
from bot.simulator.privacy import reaches_bot
from bot.simulator.shapes import Clock, Json

Who = User | int
Where = Chat | int | None
Which = StoredMessage | tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaItem:
    """One item of an album: a picture as a photo, or any bytes as a file."""

    data: bytes | list[Picture]
    kind: Literal["photo", "document"] = "photo"
    file_name: str = "file.bin"
    mime_type: str = "application/octet-stream"
    caption: str = ""
    has_spoiler: bool = False


class Acts(Cast):
    """Everything that a person can do to the bot. Impossible acts raise ValueError or KeyError."""

    def __init__(self, token: str, bot_username: str = "kalkan_demo_bot", clock: Clock | None = None) -> None:
        super().__init__(token, bot_username, clock)
        self._albums = itertools.count(13_000_000_000_000_001)
        self._queries = itertools.count(4_000_000_000_000_000_001)

    def new_album_id(self) -> str:
        """A media_group_id that no album has yet."""
        return str(next(self._albums))

    def send_text(
        self,
        who: Who,
        text: str,
        *,
        chat: Where = None,
        entities: list[Json] | None = None,
        reply_to: Which | None = None,
        origin: Json | None = None,
        thread_id: int | None = None,
    ) -> StoredMessage:
        """Write a text; ``entities`` are added to those that Telegram finds by itself."""
        if not text.strip() or utf16_length(text) > MAX_TEXT:
            raise ValueError(f"a message has 1 to {MAX_TEXT} characters")
        formatted = with_detected(FormattedText(text=text, entities=list(entities or [])))
        content = text_content(formatted.text, formatted.entities)
        return self._say(who, content, chat=chat, reply_to=reply_to, origin=origin, thread_id=thread_id)

    def start(self, who: Who, payload: str = "") -> StoredMessage:
        """Open the bot by a deep link ``t.me/bot?start=PAYLOAD``."""
        check_deep_link(payload)
        return self.send_text(who, f"/start {payload}".strip())

    def send_photo(
        self,
        who: Who,
        photo: bytes | list[Picture],
        *,
        caption: str = "",
        chat: Where = None,
        reply_to: Which | None = None,
        origin: Json | None = None,
        has_spoiler: bool = False,
        thread_id: int | None = None,
    ) -> StoredMessage:
        """Send a picture as a photo: compressed, without metadata, in several sizes."""
        item = MediaItem(data=photo, caption=caption, has_spoiler=has_spoiler)
        content = self._media_content(self.user(who), item)
        return self._say(who, content, chat=chat, reply_to=reply_to, origin=origin, thread_id=thread_id)

    def send_document(
        self,
        who: Who,
        data: bytes,
        file_name: str,
        mime_type: str = "application/octet-stream",
        *,
        caption: str = "",
        chat: Where = None,
        reply_to: Which | None = None,
        origin: Json | None = None,
    ) -> StoredMessage:
        """Send bytes as a file, just as they are."""
        item = MediaItem(data=data, kind="document", file_name=file_name, mime_type=mime_type, caption=caption)
        content = self._media_content(self.user(who), item)
        return self._say(who, content, chat=chat, reply_to=reply_to, origin=origin)

    def send_album(
        self,
        who: Who,
        items: Sequence[MediaItem | bytes],
        *,
        caption: str = "",
        chat: Where = None,
        origin: Json | None = None,
    ) -> list[StoredMessage]:
        """Send 2 to 10 photos or files as one album: one message and one update each; the caption goes first."""
        if not MIN_ALBUM <= len(items) <= MAX_ALBUM:
            raise ValueError(f"an album has {MIN_ALBUM} to {MAX_ALBUM} items")
        album = {"media_group_id": self.new_album_id()}
        whole = [MediaItem(data=item) if isinstance(item, bytes) else item for item in items]
        contents = [self._media_content(self.user(who), item) | album for item in whole]
        if caption:
            contents[0] |= self._caption(caption)
        return [self._say(who, content, chat=chat, origin=origin) for content in contents]

    def send_attachment(
        self, who: Who, kind: str, *, chat: Where = None, origin: Json | None = None, caption: str = ""
    ) -> StoredMessage:
        """Send a voice, video, video_note, sticker, animation, audio, location, venue, contact, poll or dice."""
        content = attachment(kind, self.files, self.user(who)) | self._caption(caption)
        return self._say(who, content, chat=chat, origin=origin)

    def forward(
        self,
        who: Who,
        origin: Json,
        text: str = "",
        *,
        photo: bytes | list[Picture] | None = None,
        document: tuple[bytes, str, str] | None = None,
        chat: Where = None,
    ) -> StoredMessage:
        """Forward a text, or a photo or document (data, file_name, mime_type) with the text as its caption."""
        if photo is not None:
            return self.send_photo(who, photo, caption=text, chat=chat, origin=origin)
        if document is not None:
            return self.send_document(who, *document, caption=text, chat=chat, origin=origin)
        return self.send_text(who, text, chat=chat, origin=origin)

    def edit_text(self, who: Who, which: Which, text: str) -> StoredMessage:
        """Change the text, or the caption, of one's own message."""
        message, user = self.message(which), self.user(who)
        if message.sender_id != user.id or "forward_origin" in message.body:
            raise ValueError("one edits only one's own messages that are not forwarded")
        kept = {n: v for n, v in message.body.items() if n not in {"entities", "caption", "caption_entities"}}
        if "text" in message.body:
            found = with_detected(FormattedText(text=text, entities=[]))
            content = text_content(found.text, found.entities)
        else:
            content = self._caption(text)
        message.rewrite(kept | content | {"edit_date": self.now()})
        self._hand_over(message, self.chat(message.chat_id), user, "edited_")
        self.announce("edit", message)
        return message

    def delete(self, who: Who, which: Which) -> None:
        """Delete one's own message, or any message of one's private chat. The bot gets no update of this."""
        message, user = self.message(which), self.user(who)
        if user.id not in {message.sender_id, message.chat_id}:
            raise ValueError("one deletes only one's own messages")
        message.deleted = True
        self.events.publish("delete", {"chat_id": message.chat_id, "message_id": message.message_id})
        self.touch()

    def press(self, who: Who, which: Which, button: str | int) -> Press:
        """Press a callback button, named by its place (0 = first), its callback_data or its label."""
        message = self.message(which)
        buttons = message.buttons
        if isinstance(button, int):
            found = buttons[button : button + 1] if button >= 0 else []
        else:
            found = [b for b in buttons if b.get("callback_data") == button] or [
                b for b in buttons if b["text"] == button
            ]
        if not found or "callback_data" not in found[0]:
            raise ValueError(f"no callback button {button!r} among {[b['text'] for b in buttons]}")
        return self.press_data(who, message, found[0]["callback_data"])

    def press_data(self, who: Who, which: Which, data: str) -> Press:
        """Send a callback query with any data, on the message of the bot or as a forger would."""
        message, user = self.message(which), self.user(who)
        query = Press(id=str(next(self._queries)), user=user, message=message, data=data)
        self.presses[query.id] = query
        self.updates.push(
            "callback_query",
            {
                "id": query.id,
                "from": user.as_json(),
                "message": message.body,
                "chat_instance": str(-1_000_000_007 * abs(message.chat_id)),
                "data": data,
            },
        )
        return query

    def react(self, who: Who, which: Which, emoji: str | Sequence[str]) -> None:
        """Set one's reactions on a message; an empty list takes them back."""
        message, user = self.message(which), self.user(who)
        chat = self.chat(message.chat_id)
        chosen = [emoji] if isinstance(emoji, str) else list(emoji)
        before = message.reactions.get(user.id, [])
        after: list[Json] = [{"type": "emoji", "emoji": one} for one in chosen]
        message.reactions[user.id] = after
        if chat.kind == "private" or chat.is_admin(self.bot.id):
            self.updates.push(
                "message_reaction",
                {
                    "chat": chat.as_json(),
                    "message_id": message.message_id,
                    "user": user.as_json(),
                    "date": self.now(),
                    "old_reaction": before,
                    "new_reaction": after,
                },
            )
        self.announce("reaction", message)

    def block(self, who: Who) -> None:
        """Block the bot: it can no longer write, and hears so by my_chat_member."""
        self._set_blocked(self.user(who), True)

    def unblock(self, who: Who) -> None:
        """Unblock the bot."""
        self._set_blocked(self.user(who), False)

    def post(self, channel: Chat | int, text: str = "", *, photo: bytes | None = None) -> StoredMessage:
        """Publish in a channel, as the channel."""
        chat = self.chat(channel)
        if chat.kind != "channel":
            raise ValueError("posts are made in channels")
        sender = User(id=chat.id, first_name=chat.title or "")
        if photo is not None:
            content: Json = {"photo": self.files.add_photo(photo, chat.id)} | self._caption(text)
        else:
            found = with_detected(FormattedText(text=text, entities=[]))
            content = text_content(found.text, found.entities)
        message = new_message(self, chat, sender, content)
        self._hand_over(message, chat, sender, "")
        self.announce("message", message)
        return message

    def inject_updates(self, updates: Sequence[Json]) -> list[int]:
        """Queue ready updates as they are; the answer is the ids that they got."""
        return self.updates.push_raw(updates)

    def _set_blocked(self, user: User, blocked: bool) -> None:
        if user.has_blocked == blocked:
            return
        user.has_blocked = blocked
        chat = self.private_chat(user)
        chat.members[self.bot.id] = "member" if blocked else "kicked"
        self.set_member(chat, self.bot, "kicked" if blocked else "member", by=user)

    def _media_content(self, user: User, item: MediaItem) -> Json:
        caption = self._caption(item.caption)
        if item.kind == "photo":
            content: Json = {"photo": self.files.add_photo(item.data, user.id)}
            return content | ({"has_media_spoiler": True} if item.has_spoiler else {}) | caption
        if not isinstance(item.data, bytes):
            raise ValueError("a document is bytes")
        return {"document": self.files.add_document(item.data, item.file_name, item.mime_type, user.id)} | caption

    def _caption(self, caption: str) -> Json:
        if utf16_length(caption) > MAX_CAPTION:
            raise ValueError(f"a caption has at most {MAX_CAPTION} characters")
        found = with_detected(FormattedText(text=caption, entities=[]))
        return caption_content(found.text, found.entities)

    def _say(
        self,
        who: Who,
        content: Json,
        *,
        chat: Where = None,
        reply_to: Which | None = None,
        origin: Json | None = None,
        thread_id: int | None = None,
    ) -> StoredMessage:
        user = self.user(who)
        place = self.private_chat(user) if chat is None else self.chat(chat)
        if place.kind != "private" and not place.has(user.id):
            raise ValueError(f"{user.full_name} is not in {place.title}")
        if place.kind == "private":
            self._set_blocked(user, False)
            user.started = True
        if origin is not None:
            content = content | {"forward_origin": {"date": self.now() - 3600, **origin}}
        reply = None if reply_to is None else self.message(reply_to)
        message = new_message(self, place, user, content, reply=reply, thread_id=thread_id)
        self._hand_over(message, place, user, "")
        self.announce("message", message)
        return message

    def _hand_over(self, message: StoredMessage, chat: Chat, sender: User, prefix: str) -> None:
        """Queue the update of a new or edited message, if the bot may see it."""
        reply = message.body.get("reply_to_message")
        replied = self.messages.find(chat.id, reply["message_id"]) if reply else None
        reads_all = self.can_read_all_group_messages
        message.seen_by_bot = reaches_bot(message.body, chat, self.bot, replied, reads_all=reads_all)
        if message.seen_by_bot and sender is not self.bot:
            kind = "channel_post" if chat.kind == "channel" else "message"
            self.updates.push(prefix + kind, message.body)
