"""Updates as Telegram writes them, and the same with other values: what a changed server could send."""

import copy
import json
from collections.abc import Iterator
from typing import Any

_PERSON = {"id": 77, "is_bot": False, "first_name": "Айгуль", "username": "aigul", "language_code": "ky"}
_CHAT = {"id": 77, "type": "private", "first_name": "Айгуль"}
_GROUP = {"id": -100_5, "type": "supergroup", "title": "Редакция"}
_HEAD = {"message_id": 5, "date": 1_790_000_000, "chat": _CHAT, "from": _PERSON}
_SIZE = {"file_id": "A", "file_unique_id": "B", "width": 90, "height": 90, "file_size": 1000}
_ORIGIN = {"type": "hidden_user", "date": 1_780_000_000, "sender_user_name": "Кто-то"}
_ENTITY = {"type": "text_link", "offset": 0, "length": 4, "url": "https://example.org"}

#: One of each kind that members send.
TEMPLATES: tuple[dict[str, Any], ...] = (
    {"message": {**_HEAD, "text": "/case K-12", "entities": [{"type": "bot_command", "offset": 0, "length": 5}]}},
    {"message": {**_HEAD, "text": "link", "entities": [_ENTITY], "forward_origin": _ORIGIN}},
    {"message": {**_HEAD, "photo": [_SIZE, _SIZE], "caption": "смотри", "media_group_id": "9"}},
    {
        "message": {
            **_HEAD,
            "document": {"file_id": "A", "file_unique_id": "B", "file_name": "a.png", "mime_type": "image/png"},
        }
    },
    {
        "message": {
            **_HEAD,
            "forward_origin": {"type": "user", "date": 1, "sender_user": _PERSON},
            "voice": {"file_id": "A", "file_unique_id": "B", "duration": 3},
        }
    },
    {
        "message": {
            **_HEAD,
            "text": "a",
            "forward_origin": {"type": "channel", "date": 1, "chat": {**_GROUP, "type": "channel"}, "message_id": 3},
        }
    },
    {"edited_message": {**_HEAD, "edit_date": 1_790_000_009, "text": "правка"}},
    {
        "callback_query": {
            "id": "4",
            "from": _PERSON,
            "chat_instance": "1",
            "data": "a:1::x",
            "message": {**_HEAD, "text": "t"},
        }
    },
    {
        "my_chat_member": {
            "chat": _GROUP,
            "from": _PERSON,
            "date": 1_790_000_000,
            "old_chat_member": {"status": "left", "user": _PERSON},
            "new_chat_member": {"status": "member", "user": _PERSON},
        }
    },
    {"message": {**_HEAD, "chat": _GROUP, "migrate_to_chat_id": -100_6}},
)


def altered(text: str) -> dict[str, Any]:
    """A template with other values of the same kind: its number on the first line, then `place=value` a line."""
    first, *changes = text.split("\n")
    raw = {"update_id": 3, **copy.deepcopy(TEMPLATES[_number(first) % len(TEMPLATES)])}
    for change in changes[:40]:
        place, _, value = change.partition("=")
        leaves = list(_leaves(raw))
        if leaves:
            holder, key = leaves[_number(place) % len(leaves)]
            _change(holder, key, value)
    return raw


def _change(holder: Any, key: Any, value: str) -> None:
    if value == "~" and isinstance(holder, dict):
        del holder[key]
    elif isinstance(holder[key], str):
        holder[key] = value
    elif not isinstance(holder[key], bool):
        try:
            holder[key] = int(json.loads(value[:400]))
        except (ValueError, TypeError, OverflowError, RecursionError):
            holder[key] = -holder[key]


def _leaves(value: Any) -> Iterator[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(inner, dict | list):
            yield from _leaves(inner)
        else:
            yield value, key


def _number(text: str) -> int:
    return sum(map(ord, text[:8]))
