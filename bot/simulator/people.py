"""Who lives in the simulated world: users, the bot itself, chats and who sits in them."""

from dataclasses import dataclass, field
from typing import Literal

from bot.simulator.shapes import Json

ChatKind = Literal["private", "group", "supergroup", "channel"]
MemberStatus = Literal["creator", "administrator", "member", "left", "kicked"]

_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(kw_only=True, slots=True)
class User:
    """A person (or the bot) and what the person has set about the bot.

    ``caption`` is for the web page only: the role that the person plays in the demo.
    """

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    is_premium: bool = False
    caption: str = ""
    started: bool = False
    has_blocked: bool = False
    deactivated: bool = False
    hides_forwards: bool = False

    @property
    def full_name(self) -> str:
        """Both names, as a hidden forward shows them."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def as_json(self) -> Json:
        """The Bot API's User."""
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if getattr(self, name) is not None:
                body[name] = getattr(self, name)
        if self.is_premium:
            body["is_premium"] = True
        return body


@dataclass(kw_only=True, slots=True)
class Topic:
    """A topic of a forum supergroup."""

    thread_id: int
    name: str
    icon_color: int

    def as_json(self) -> Json:
        """The Bot API's ForumTopic."""
        return {"message_thread_id": self.thread_id, "name": self.name, "icon_color": self.icon_color}


@dataclass(kw_only=True, slots=True)
class Chat:
    """A place for messages. A private chat has the user's id and lists the user and the bot as members."""

    id: int
    kind: ChatKind
    title: str | None = None
    user: User | None = None
    username: str | None = None
    is_forum: bool = False
    members: dict[int, MemberStatus] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    menu_button: Json | None = None
    last_sender: int | None = None

    def as_json(self) -> Json:
        """The Bot API's Chat."""
        body: Json = {"id": self.id, "type": self.kind}
        if self.user is not None:
            body["first_name"] = self.user.first_name
            body |= {name: v for name in ("last_name", "username") if (v := getattr(self.user, name)) is not None}
            return body
        body["title"] = self.title
        if self.username:
            body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body

    @property
    def is_group(self) -> bool:
        """Whether several people talk here."""
        return self.kind in {"group", "supergroup"}

    def has(self, user_id: int) -> bool:
        """Whether the user is in the chat now."""
        return self.members.get(user_id, "left") in {"creator", "administrator", "member"}

    def is_admin(self, user_id: int) -> bool:
        """Whether the user administers the chat."""
        return self.members.get(user_id) in {"creator", "administrator"}


def member_json(user: User, status: MemberStatus, kind: ChatKind) -> Json:
    """The Bot API's ChatMember of a user with this status."""
    body: Json = {"status": status, "user": user.as_json()}
    if status == "creator":
        body["is_anonymous"] = False
    elif status == "administrator":
        body |= dict.fromkeys(_ADMIN_RIGHTS, True)
        body |= {"can_be_edited": False, "is_anonymous": False, "can_promote_members": False}
        body["can_send_welcome_messages"] = True
        if kind == "channel":
            body |= {"can_post_messages": True, "can_edit_messages": True}
    elif status == "kicked":
        body["until_date"] = 0
    return body
