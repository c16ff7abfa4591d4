"""The sieve for strangers: who sent an update is read from the raw JSON before anything is stored or parsed.

It knows nothing of Telegram's classes: a dictionary in, a few plain facts out.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model.tokens import START_WITH_TOKEN

_MOST_DIGITS = 2**62


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """The outside of an update: who sent it, where, and what tells it from any other.

    `loose` ones, forwards and album pictures, ask nothing of what their chat said before: neighbours may be read
    together.
    """

    update_id: int
    kind: str
    sender: int
    chat: int
    media_group: str | None
    loose: bool
    invite_token: str | None
    identity: str


def read_envelope(raw: object) -> Envelope | None:
    """The envelope of a raw update; None when it has no sender, so that nobody can be answered. Never raises."""
    if not isinstance(raw, Mapping):
        return None
    update_id = _number(raw.get("update_id"))
    for kind, content in raw.items():
        if kind == "update_id" or not isinstance(content, Mapping):
            continue
        sender = _id_of(content.get("from")) or _id_of(content.get("user"))
        if update_id is None or sender is None:
            return None
        message = _message_of(content)
        chat = _id_of(message.get("chat")) or sender
        return Envelope(
            update_id=update_id,
            kind=kind,
            sender=sender,
            chat=chat,
            media_group=_short_text(content.get("media_group_id")),
            loose=kind == "message" and ("forward_origin" in content or "media_group_id" in content),
            invite_token=_invite_token(kind, content, sender, chat),
            identity=_identity(kind, content, message),
        )
    return None


def _message_of(content: Mapping[str, Any]) -> Mapping[str, Any]:
    message = content.get("message")
    return message if isinstance(message, Mapping) else content


def _invite_token(kind: str, content: Mapping[str, Any], sender: int, chat: int) -> str | None:
    text = content.get("text")
    if kind != "message" or chat != sender or not isinstance(text, str) or len(text) > 160:
        return None
    found = START_WITH_TOKEN.fullmatch(text)
    return found.group(1) if found else None


def _identity(kind: str, content: Mapping[str, Any], message: Mapping[str, Any]) -> str:
    # Fields that stay the same when Telegram delivers an update again, and differ when it starts its numbering anew.
    facts = [kind, _id_of(message.get("chat")), message.get("message_id"), message.get("date")]
    facts += [content.get("edit_date"), content.get("id"), content.get("data"), content.get("date")]
    return hashlib.sha256("|".join(map(repr, facts)).encode()).hexdigest()


def _id_of(thing: Any) -> int | None:
    return _number(thing.get("id")) if isinstance(thing, Mapping) else None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _MOST_DIGITS else None


def _short_text(value: Any) -> str | None:
    # Ids are plain text; anything else may be what a database refuses, and would hold up the whole batch.
    return value if isinstance(value, str) and len(value) <= 64 and value.isascii() and value.isprintable() else None
