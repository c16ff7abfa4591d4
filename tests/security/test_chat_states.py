"""A group that is not what was allowed gets nothing: every way in which Telegram may say so, before each send."""

import inspect
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import ChatMemberLeft, ChatMemberMember, ChatMemberRestricted, User
from telegram.error import BadRequest, ChatMigrated, Forbidden, TimedOut

from bot.model.digest import ChatKind, ChatState, Place
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.services import notices
from bot.services.digest_chats import DigestChats
from bot.services.two_people import TwoPeople
from bot.storage import digest_chats, outbox
from bot.storage.store import Store
from handlers.chat_guard import ChatGuard, known_in
from tests.newsroom import make_member, make_newsroom, queued
from tests.stores import StoppedClock

pytestmark = pytest.mark.proof

GROUP, BOT = -1001, 77
NAMES = {"first_name": "x", "is_bot": False}


def chat(kind: str = "supergroup", **given: Any) -> Any:
    """What getChat says, as far as it is asked."""
    return type("Full", (), {"type": kind, "username": None, "active_usernames": ()} | given)()


def restricted(**given: bool) -> ChatMemberRestricted:
    """Somebody with some rights taken away."""
    names = inspect.signature(ChatMemberRestricted.__init__).parameters
    rights = {name: True for name in names if name.startswith("can_") or name == "is_member"}
    return ChatMemberRestricted(
        user=User(BOT, **NAMES), until_date=datetime(2030, 1, 1, tzinfo=UTC), **(rights | given)
    )


@dataclass
class Telegram:
    """Says of the group what a case says; `asked` counts."""

    id: int = BOT
    chat: Any = field(default_factory=chat)
    own: Any = field(default_factory=lambda: ChatMemberMember(User(BOT, **NAMES)))
    reader: Any = field(default_factory=lambda: ChatMemberMember(User(1, **NAMES)))
    readers: dict[int, Any] = field(default_factory=dict)
    #: With the bot itself.
    people: int = 2
    asked: int = 0

    async def get_chat(self, _chat_id: int) -> Any:
        """Everything about it, or why not."""
        self.asked += 1
        return told(self.chat)

    async def get_chat_member(self, _chat_id: int, who: int) -> Any:
        """What somebody is there."""
        return told(self.own if who == BOT else self.readers.get(who, self.reader))

    async def get_chat_member_count(self, _chat_id: int) -> int:
        """How many are there."""
        return self.people


def told(answer: Any) -> Any:
    """An answer, or the error that is one."""
    if isinstance(answer, Exception):
        raise answer
    return answer


LEFT = ChatMemberLeft(User(1, **NAMES))
#: Twenty changes of state: what Telegram says then, and why nothing is sent.
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "public supergroup": ({"chat": chat(username="redakcia")}, "public"),
    "public by a collected name": ({"chat": chat(active_usernames=("redakcia",))}, "public"),
    "public group": ({"chat": chat("group", username="redakcia")}, "public"),
    "public and the bot removed": ({"chat": chat(username="a"), "own": LEFT}, "public"),
    "channel": ({"chat": chat("channel")}, "kind"),
    "public channel": ({"chat": chat("channel", username="news")}, "kind"),
    "somebody's own chat": ({"chat": chat("private")}, "kind"),
    "a kind of tomorrow": ({"chat": chat("megagroup")}, "kind"),
    "migrated, seen at once": ({"chat": ChatMigrated(-1002)}, "moved"),
    "migrated between the questions": ({"own": ChatMigrated(-1002)}, "moved"),
    "kicked": ({"chat": Forbidden("bot was kicked from the supergroup chat")}, "shut_out"),
    "left": ({"chat": Forbidden("bot is not a member of the supergroup chat")}, "shut_out"),
    "kicked between the questions": ({"own": Forbidden("bot was kicked")}, "shut_out"),
    "deleted": ({"chat": BadRequest("Chat not found")}, "shut_out"),
    "the bot has left": ({"own": LEFT}, "shut_out"),
    "the bot is restricted and out": ({"own": restricted(is_member=False)}, "shut_out"),
    "the bot may not speak": ({"own": restricted(can_send_messages=False)}, "shut_out"),
    "every editor has left": ({"reader": LEFT}, "nobody"),
    "no editor was ever there": ({"reader": BadRequest("user not found")}, "nobody"),
    "every editor is restricted and out": ({"reader": restricted(is_member=False)}, "nobody"),
}


class Desk:
    """What the guard asks of the front desk."""

    def __init__(self, people: list[Member], clock: StoppedClock) -> None:
        self._people = people
        self.now = clock
        self.members = self
        self.digest_chats = self
        self.strangers = 0

    async def everyone(self, _newsroom_id: int) -> dict[int, Member]:
        """The newsroom."""
        return {n: each for n, each in enumerate(self._people) if each.status is not MemberStatus.REMOVED}

    async def strangers_allowed(self, _newsroom_id: int, _chat_id: int) -> int:
        """How many were said to be right."""
        return self.strangers

    async def former(self, _newsroom_id: int) -> list[Member]:
        """Whose access has ended."""
        return [each for each in self._people if each.status in (MemberStatus.REMOVED, MemberStatus.FROZEN)]


@pytest.fixture
async def editor(store: Store, clock: StoppedClock) -> Member:
    """One of those who read digests."""
    return await make_member(store, await make_newsroom(store, clock()), clock(), Role.EDITOR)


def guard_of(telegram: Telegram, editor: Member, clock: StoppedClock) -> ChatGuard:
    """The guard before that group."""
    return ChatGuard(telegram, Desk([editor], clock))  # type: ignore[arg-type]


async def test_what_was_allowed_is_open(editor: Member, clock: StoppedClock) -> None:
    """A private group with the bot and an editor in it; asked once a minute at the most."""
    telegram = Telegram()
    guard = guard_of(telegram, editor, clock)
    assert [await guard.closed(1, GROUP) for _ in range(3)] == [None] * 3
    assert telegram.asked == 1
    telegram.chat = chat(username="redakcia")
    clock.tick(60)
    assert await guard.closed(1, GROUP) == "public"


@pytest.mark.parametrize("change", CHANGES)
async def test_a_changed_group_is_closed(editor: Member, clock: StoppedClock, change: str) -> None:
    """Each of twenty changes, with its reason."""
    said, reason = CHANGES[change]
    assert await guard_of(Telegram(**said), editor, clock).closed(1, GROUP) == reason


@pytest.mark.parametrize("status", [MemberStatus.REMOVED, MemberStatus.FROZEN])
async def test_whose_access_has_ended_reads_on_nowhere(
    store: Store, editor: Member, clock: StoppedClock, status: MemberStatus
) -> None:
    """An editor is still there to read, and so is somebody who was removed or froze their access: it is closed."""
    room = await make_newsroom(store, clock())
    ended = await make_member(store, room, clock(), Role.EDITOR, status=status)
    guard = ChatGuard(Telegram(), Desk([editor, ended], clock))  # type: ignore[arg-type]
    assert (await guard.closed(1, GROUP), guard.former(1, GROUP)) == ("former", ended.name)
    away = Telegram(readers={ended.telegram_id: LEFT})
    assert await ChatGuard(away, Desk([editor, ended], clock)).closed(1, GROUP) is None  # type: ignore[arg-type]


async def test_strangers_who_join_later_close_it(store: Store, editor: Member, clock: StoppedClock) -> None:
    """Telegram tells the bot of nobody who joins: each digest counts them anew. Colleagues are no strangers."""
    telegram, desk = Telegram(people=3), Desk([editor], clock)
    guard = ChatGuard(telegram, desk)  # type: ignore[arg-type]
    assert await guard.closed(1, GROUP) == "grown"
    desk.strangers = 1
    guard.forget(1, GROUP)
    assert await guard.closed(1, GROUP) is None
    # A member leaves and a stranger joins: as many people, one stranger more.
    room = await make_newsroom(store, clock())
    other = await make_member(store, room, clock(), Role.JOURNALIST)
    desk, telegram = Desk([editor, other], clock), Telegram(people=3)
    assert await ChatGuard(telegram, desk).closed(1, GROUP) is None  # type: ignore[arg-type]
    telegram.readers[other.telegram_id] = LEFT
    assert await ChatGuard(telegram, desk).closed(1, GROUP) == "grown"  # type: ignore[arg-type]


async def test_whoever_waits_to_be_let_in_is_a_stranger(store: Store, editor: Member, clock: StoppedClock) -> None:
    """One administrator alone invites: an invite that nobody else allowed makes no colleague of a reader."""
    waiting = await make_member(
        store, await make_newsroom(store, clock()), clock(), Role.JOURNALIST, status=MemberStatus.PENDING
    )
    desk = Desk([editor, waiting], clock)
    assert await known_in(Telegram(people=3), desk, 1, GROUP) == 1  # type: ignore[arg-type]
    assert await ChatGuard(Telegram(people=3), desk).closed(1, GROUP) == "grown"  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [name for name in CHANGES if CHANGES[name][1] != "nobody"])
async def test_no_checkpoint_goes_to_a_changed_chat(editor: Member, clock: StoppedClock, change: str) -> None:
    """Whatever closes it to digests; but whoever keeps checkpoints need not be a member."""
    said, reason = CHANGES[change]
    assert await guard_of(Telegram(**said), editor, clock).closed_to_checkpoints(1, GROUP) == reason
    assert await guard_of(Telegram(reader=LEFT), editor, clock).closed_to_checkpoints(1, GROUP) is None


async def test_no_checkpoint_goes_to_who_was_removed(store: Store, editor: Member, clock: StoppedClock) -> None:
    """In their own chat or in the group; what was found an hour ago counts only as long as nobody else has left."""
    people, telegram = [editor], Telegram()
    guard = ChatGuard(telegram, Desk(people, clock))  # type: ignore[arg-type]
    assert [await guard.closed_to_checkpoints(1, GROUP) for _ in range(3)] == [None] * 3
    assert telegram.asked == 1
    ended = await make_member(
        store, await make_newsroom(store, clock()), clock(), Role.EDITOR, status=MemberStatus.REMOVED
    )
    people.append(ended)
    assert await guard.closed_to_checkpoints(1, GROUP) == "former"
    assert await guard.closed_to_checkpoints(1, ended.telegram_id) == "former"
    assert await guard.closed_to_checkpoints(1, editor.telegram_id) is None


async def test_there_are_twenty() -> None:
    """As many as are promised."""
    assert len(CHANGES) == 20


async def test_what_cannot_be_told_is_no_consent(editor: Member, clock: StoppedClock) -> None:
    """Telegram does not answer: nothing is sent, and it is asked again."""
    with pytest.raises(TimedOut):
        await guard_of(Telegram(chat=TimedOut()), editor, clock).closed(1, GROUP)


async def test_what_was_undelivered_goes_to_the_editors(store: Store, clock: StoppedClock, editor: Member) -> None:
    """The group leaves the list, admins hear it in one line, and each editor gets the digest in their own chat."""
    admin = await make_member_of(store, editor, clock, Role.ADMIN)
    other = await make_member_of(store, editor, clock, Role.EDITOR)
    place = Place(chat_id=GROUP, kind=ChatKind.GROUP, title="Редакция")
    async with store.write() as conn:
        people = (None, admin.id)
        there = await digest_chats.put(conn, editor.newsroom_id, place, ChatState.ALLOWED, people, clock())
        parts = [notices.digest(there, 5, part) for part in ("text", "pictures")]
        await outbox.put(conn, parts, clock())
    service = DigestChats(store, clock, TwoPeople(store, clock))
    assert await service.stop(editor.newsroom_id, GROUP, "public")
    assert not await service.stop(editor.newsroom_id, GROUP, "public")
    rows = [row for row in await queued(store) if row.state == "new"]
    assert [(r.chat_id, r.body["code"]) for r in rows if r.kind == "reply"] == [(admin.telegram_id, "chat_stopped")]
    digests = sorted((r.chat_id, r.body["digest"], r.body["part"]) for r in rows if r.kind == "digest")
    people_told = sorted((editor.telegram_id, other.telegram_id))
    assert digests == [(who, 5, part) for who in people_told for part in ("pictures", "text")]
    assert not [r for r in rows if r.chat_id == GROUP]


async def make_member_of(store: Store, beside: Member, clock: StoppedClock, role: Role) -> Member:
    """A colleague in the same newsroom."""
    newsroom = type("Here", (), {"id": beside.newsroom_id})()
    return await make_member(store, newsroom, clock(), role)
