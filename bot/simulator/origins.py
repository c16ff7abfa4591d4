"""Where a forwarded message comes from: the four origins of the Bot API (MessageOrigin)."""

from bot.simulator.people import Chat, User
from bot.simulator.shapes import Json

# Chats outside the world get an id from their title, so that the same origin always has the same id.
_CHANNEL_BASE = -1_001_000_000_000
_USER_BASE = 5_000_000_000


def from_user(user: User | str, *, username: str | None = None, user_id: int | None = None) -> Json:
    """Forwarded from a user who lets others link to the account; a str is the name of somebody outside the world."""
    if isinstance(user, str):
        known = user_id if user_id is not None else _USER_BASE + _number(user)
        user = User(id=known, first_name=user, username=username)
    return {"type": "user", "sender_user": user.as_json()}


def from_hidden_user(name: str) -> Json:
    """Forwarded from a user who hides the account: a name and nothing else."""
    return {"type": "hidden_user", "sender_user_name": name}


def from_chat(title: str, *, username: str | None = None, signature: str | None = None) -> Json:
    """Forwarded from a group whose anonymous administrator wrote."""
    origin: Json = {"type": "chat", "sender_chat": _outside_chat("supergroup", title, username)}
    return origin | ({"author_signature": signature} if signature else {})


def from_channel(
    channel: Chat | str, *, username: str | None = None, message_id: int = 1, signature: str | None = None
) -> Json:
    """Forwarded from a channel post; a str is the title of a channel outside the world."""
    chat = channel.as_json() if isinstance(channel, Chat) else _outside_chat("channel", channel, username)
    origin: Json = {"type": "channel", "chat": chat, "message_id": message_id}
    return origin | ({"author_signature": signature} if signature else {})


def from_spec(spec: Json) -> Json:
    """An origin from the control interface: {"type", "name", "username"?, "message_id"?, "signature"?}.

    Raises ValueError for another type or a missing name.
    """
    name = spec.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("an origin needs a name")
    username, signature = spec.get("username") or None, spec.get("signature") or None
    match spec.get("type"):
        case "user":
            return from_user(name, username=username, user_id=spec.get("user_id"))
        case "hidden_user":
            return from_hidden_user(name)
        case "chat":
            return from_chat(name, username=username, signature=signature)
        case "channel":
            number = int(spec.get("message_id") or 1)
            return from_channel(name, username=username, message_id=number, signature=signature)
    raise ValueError("an origin is user, hidden_user, chat or channel")


def _outside_chat(kind: str, title: str, username: str | None) -> Json:
    chat: Json = {"id": _CHANNEL_BASE - _number(title), "type": kind, "title": title}
    return chat | ({"username": username} if username else {})


def _number(name: str) -> int:
    """A small number that depends on the name only."""
    number = 0
    for letter in name:
        number = (number * 131 + ord(letter)) % 899_999_999
    return number + 1
