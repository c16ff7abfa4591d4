"""Reads a Telegram message into plain facts: what it is, where it came from, what it holds. Decides nothing."""

from typing import Any

from telegram import (
    Document,
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    PhotoSize,
)

from bot.model.submission import Incoming, IncomingFile, Origin, OriginKind, PartKind

_IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".heif", ".bmp", ".tif", ".tiff", ".avif")
_SAID_TO_USER = ("voice", "audio", "video", "video_note", "animation", "sticker")


def read_message(message: Message) -> Incoming:
    """The facts of one message."""
    kind, file, what = _content(message)
    return Incoming(
        chat_id=message.chat_id,
        message_id=message.message_id,
        sent_at=message.date,
        kind=kind,
        origin=_origin(message),
        text=clean_text(message.text or message.caption or ""),
        urls=_hidden_urls(message),
        file=file,
        media_group=message.media_group_id,
        what=what,
    )


def clean_text(text: str) -> str:
    """The text without what a database refuses: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cleaned(value: Any) -> Any:
    """A value of JSON with every text in it free of what a database refuses: whatever reads it later need not ask."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else clean_text(value)
    if isinstance(value, dict):
        return {key: cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [cleaned(inner) for inner in value]
    return value


def _content(message: Message) -> tuple[PartKind, IncomingFile | None, str | None]:
    if message.photo:
        return PartKind.PHOTO, _photo(message.photo[-1]), None
    if message.document is not None and message.animation is None:
        if _is_image(message.document):
            return PartKind.DOCUMENT, _document(message.document), None
        return PartKind.UNSUPPORTED, None, "other"
    if message.text is not None:
        return PartKind.TEXT, None, None
    what = next((name for name in _SAID_TO_USER if getattr(message, name)), "other")
    return PartKind.UNSUPPORTED, None, what


def _photo(photo: PhotoSize) -> IncomingFile:
    return IncomingFile(
        file_id=photo.file_id,
        file_unique_id=photo.file_unique_id,
        size=photo.file_size,
        mime_type="image/jpeg",
        name=None,
    )


def _document(document: Document) -> IncomingFile:
    return IncomingFile(
        file_id=document.file_id,
        file_unique_id=document.file_unique_id,
        size=document.file_size,
        mime_type=document.mime_type,
        name=document.file_name,
    )


def _is_image(document: Document) -> bool:
    by_type = (document.mime_type or "").startswith("image/")
    return by_type or (document.file_name or "").lower().endswith(_IMAGE_ENDINGS)


def _origin(message: Message) -> Origin:
    match message.forward_origin:
        case MessageOriginUser(sender_user=user, date=date):
            return Origin(
                kind=OriginKind.USER, name=user.full_name, handle=user.username, telegram_id=user.id, sent_at=date
            )
        case MessageOriginHiddenUser(sender_user_name=name, date=date):
            return Origin(kind=OriginKind.HIDDEN_USER, name=name, sent_at=date)
        case MessageOriginChat(sender_chat=chat, date=date):
            return Origin(
                kind=OriginKind.CHAT, name=chat.title, handle=chat.username, telegram_id=chat.id, sent_at=date
            )
        case MessageOriginChannel(chat=chat, date=date, message_id=post):
            return Origin(
                kind=OriginKind.CHANNEL,
                name=chat.title,
                handle=chat.username,
                telegram_id=chat.id,
                post=str(post),
                sent_at=date,
            )
    return Origin()


def _hidden_urls(message: Message) -> tuple[str, ...]:
    entities = message.entities or message.caption_entities
    return tuple(e.url for e in entities if e.type == MessageEntity.TEXT_LINK and e.url)
