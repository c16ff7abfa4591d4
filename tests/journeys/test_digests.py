"""Digests in the chat: chats are allowed, digests set; the clock moves over the hour, and each comes once."""

import pytest

from bot.model.rights import Role
from bot.services.digest_clock import DigestClock
from bot.simulator import Chat, StoredMessage, User, origins
from bot.simulator.people import Topic
from bot.storage.store import Store
from tests.bot_runner import Newsroom, actions_of, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

_DAY = 86_400
_THREAT = "Мы тебя найдём и убьём, завтра в восемь у подъезда"


async def _next_morning(room: Newsroom) -> None:
    """A day passes; the clock ticks twice, as two processes would."""
    room.later(_DAY)
    room.bot_clock.shift += room.people_clock() - room.bot_clock()
    store = Store(room.settings.database)
    try:
        for _ in range(2):
            await DigestClock(store, room.bot_clock).tick()
    finally:
        await store.close()
    await room.quiet(40)


def _told(room: Newsroom, where: Chat | User) -> list[StoredMessage]:
    return [m for m in room.world.bot_messages(where) if m.text.startswith("🗞 Digest ·") and "XLSX" in str(m.buttons)]


async def _allow_own_chat(room: Newsroom, admin: User, editor: User) -> StoredMessage:
    """An editor asks, the administrator agrees; the editor's settings."""
    listed = await room.order(editor, "/digest")
    await room.press(editor, listed, "dgask")
    asking = await room.heard(admin, "asks for digests")
    await room.press(admin, asking, "chatok")
    return await room.heard(editor, "every day at 09:00")


async def _order_in(room: Newsroom, who: User, chat: Chat, text: str, thread: int | None = None) -> None:
    room.world.send_text(who, text, chat=chat, thread_id=thread)
    room.later()
    await room.quiet()


async def test_from_allowing_a_chat_to_the_morning(newsroom: Newsroom) -> None:
    """A member's own chat and a topic are allowed; the next morning each has one digest; a public group has none."""
    world = newsroom.world
    admin, editor, journalist, lead = await newsroom.join(Role.ADMIN, Role.EDITOR, Role.JOURNALIST, Role.SECURITY)
    card = await _allow_own_chat(newsroom, admin, editor)
    await newsroom.press(editor, card, "dgset", "h=-")
    assert "08:00" in (await newsroom.heard(editor, "every day at")).text
    stranger = world.add_user("Кимдир", started=True)
    forum = world.add_group("Редакция", members=[admin, editor, journalist, stranger], is_forum=True)
    forum.topics[77] = Topic(thread_id=77, name="Сводки", icon_color=0)
    await _order_in(newsroom, journalist, forum, "/chats add", 77)
    assert "may have digests" not in str([m.text for m in world.bot_messages(journalist)])
    await _order_in(newsroom, admin, forum, "/chats add", 77)
    assert "may have digests now" not in str([m.text for m in world.bot_messages(admin)])
    await newsroom.press(lead, await newsroom.heard(lead, "of them no members: 1"), "actyes")
    assert "⚠️ 1 of them" in (await newsroom.heard(admin, "may have digests now")).text
    open_group = world.add_group("Площадь", members=[admin, editor])
    open_group.username = "ploshchad"
    await _order_in(newsroom, admin, open_group, "/chats add")
    assert "public" in (world.last_bot_message(admin) or card).text
    await _order_in(newsroom, editor, forum, "/digest 08:30 ky", 77)
    await newsroom.heard(editor, "Редакция")
    world.forward(journalist, origins.from_hidden_user("Асан"), _THREAT)
    newsroom.later()
    await newsroom.quiet()

    await _next_morning(newsroom)
    (own,) = _told(newsroom, editor)
    assert "1 case" in own.text
    assert "1 threat recorded" in own.text
    assert _THREAT not in own.text
    grouped = [m for m in world.bot_messages(forum) if "🗞" in m.text]
    assert [m.body.get("message_thread_id") for m in grouped] == [77]
    assert any("photo" in m.body for m in world.bot_messages(forum))
    assert _told(newsroom, journalist) == []

    await newsroom.press(editor, grouped[0], "dgfile", "xlsx")
    await newsroom.press(editor, own, "dgfile", "pdf")
    await until(lambda: sum("document" in m.body for m in world.bot_messages(editor)) == 2, 40, newsroom)
    files = [m.body["document"]["file_name"] for m in world.bot_messages(editor) if "document" in m.body]
    assert [name.rpartition(".")[2] for name in files] == ["xlsx", "pdf"]
    await newsroom.press(stranger, grouped[0], "dgfile", "xlsx")
    assert world.bot_messages(stranger) == []
    await newsroom.press(journalist, grouped[0], "dgfile", "xlsx")
    assert not any("document" in m.body for m in world.bot_messages(journalist))
    world.start(journalist, "threat_1")
    newsroom.later()
    await newsroom.quiet()
    assert "T-1" in (world.last_bot_message(journalist) or own).text

    forum.username = "redakcia"
    await _next_morning(newsroom)
    assert len([m for m in world.bot_messages(forum) if "🗞" in m.text]) == 1
    assert "public" in (await newsroom.heard(admin, "no longer go to")).text
    quiet = world.last_bot_message(editor)
    assert quiet is not None
    assert "A quiet time" in quiet.text
    assert actions_of(quiet) == []


async def test_who_was_removed_reads_on_in_no_group(newsroom: Newsroom) -> None:
    """They still sit in the group: it is stopped within seconds, administrators hear who; without them it opens."""
    world = newsroom.world
    admin, editor, former, lead = await newsroom.join(Role.ADMIN, Role.EDITOR, Role.JOURNALIST, Role.SECURITY)
    group = world.add_group("Редакция", members=[admin, editor, former])
    await _order_in(newsroom, admin, group, "/chats add")
    assert "People in the group: 3" in (await newsroom.heard(lead, "let Редакция have digests")).text
    await newsroom.order(admin, "/remove 3")
    told = await newsroom.heard(admin, "Digests no longer go to Редакция")
    assert former.first_name in told.text
    assert newsroom.database.value("SELECT state FROM digest_chats") == "stopped"
    await _order_in(newsroom, admin, group, "/chats add")
    refused = world.last_bot_message(admin)
    assert refused is not None
    assert refused.text.startswith(f"{former.first_name} is in this group")
    assert newsroom.database.value("SELECT state FROM digest_chats") == "stopped"
    world.set_member(group, former, "left", by=former)
    await _order_in(newsroom, admin, group, "/chats add")
    assert newsroom.database.value("SELECT state FROM digest_chats") == "allowed"


async def test_who_joins_a_group_later_reads_nothing(newsroom: Newsroom) -> None:
    """Opened to its members; then strangers are let in, of which Telegram tells the bot nothing: two people open it."""
    world = newsroom.world
    admin, editor, lead = await newsroom.join(Role.ADMIN, Role.EDITOR, Role.SECURITY)
    group = world.add_group("Сводки", members=[admin, editor])
    await _order_in(newsroom, admin, group, "/chats add")
    await _order_in(newsroom, editor, group, "/digest 09:00")
    await _next_morning(newsroom)
    assert len(world.bot_messages(group)) > 0
    before = len(world.bot_messages(group))
    world.set_member(group, world.add_user("Кимдир", started=True), "member", by=admin)
    await _next_morning(newsroom)
    assert len(world.bot_messages(group)) == before
    assert "more outsiders are in it" in (await newsroom.heard(admin, "no longer go to")).text
    await _order_in(newsroom, admin, group, "/chats add")
    await newsroom.press(lead, await newsroom.heard(lead, "of them no members: 1"), "actyes")
    await newsroom.heard(admin, "⚠️ 1 of them")
    await _next_morning(newsroom)
    assert len(world.bot_messages(group)) > before
