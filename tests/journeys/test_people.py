"""Invites, roles, languages, staff and settings: who is let in, what each may do, and how they are spoken to."""

import re
from datetime import timedelta

import pytest

from bot.model.rights import Role
from bot.simulator import StoredMessage, User
from handlers.cards.about import NAMES
from handlers.commands import COMMANDS, menu_of
from tests.bot_runner import Newsroom, actions_of, until
from tests.handlers.made_up import CATALOGS, member

pytestmark = pytest.mark.asyncio(loop_scope="session")


def menu(room: Newsroom, who: User) -> list[str]:
    """The commands that somebody's telephone shows."""
    return [command["command"] for command in room.world.menus.shown_to(who, room.world.private_chat(who))]


def token_in(message: StoredMessage) -> str:
    """The token of an invite's link."""
    found = re.search(r"\?start=([\w-]{22,64})", message.text)
    assert found, message.text
    return found.group(1)


async def newest(room: Newsroom, who: User) -> StoredMessage:
    """The bot's newest message to somebody."""
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


@pytest.mark.parametrize("role", Role)
async def test_the_first_invite_lets_in_at_once(newsroom: Newsroom, role: Role) -> None:
    """An invite from the command line: welcome, language, and the role's own menu."""
    (who,) = await newsroom.join(role)
    assert menu(newsroom, who) == [command.name for command in menu_of(member(role))]
    welcome, language = newsroom.world.bot_messages(who)
    assert "Ак-Калкан" in welcome.text
    assert actions_of(language) == ["language"] * 3


@pytest.mark.parametrize("admit", [True, False])
async def test_a_bearer_waits_for_the_press(newsroom: Newsroom, admit: bool) -> None:
    """An invite from the chat: the bearer waits; the admin's press lets in, or sends away without a word."""
    (admin,) = await newsroom.join(Role.ADMIN)
    token = token_in(await newsroom.order(admin, "/invite editor"))
    bearer = newsroom.world.add_user("Новый <b>", language_code="ru")
    newsroom.world.start(bearer, token)
    await newsroom.quiet()
    assert len(newsroom.world.bot_messages(bearer)) == 1
    assert menu(newsroom, bearer) == []
    asking = await newest(newsroom, admin)
    assert "Новый <b>" in asking.text
    assert str(bearer.id) in asking.text
    await newsroom.press(admin, asking, "admit" if admit else "refuse")
    assert actions_of(newsroom.world.message((admin.id, asking.message_id))) == []
    assert len(newsroom.world.bot_messages(bearer)) == (3 if admit else 1)
    assert menu(newsroom, bearer) == ([c.name for c in menu_of(member(Role.EDITOR))] if admit else [])


async def test_two_admins_press_at_once(newsroom: Newsroom) -> None:
    """One decision counts; the other admin reads that it was decided."""
    one, two = await newsroom.join(Role.ADMIN, Role.ADMIN)
    token = token_in(await newsroom.order(one, "/invite"))
    bearer = newsroom.world.add_user("Новый")
    newsroom.world.start(bearer, token)
    await newsroom.quiet()
    first, second = [(await newest(newsroom, who)) for who in (one, two)]
    newsroom.world.press(one, first, 0)
    newsroom.world.press(two, second, 1)
    await newsroom.quiet()
    status = newsroom.database.value("SELECT status FROM members WHERE telegram_id = ?", bearer.id)
    assert status in {"active", "removed"}
    assert len(newsroom.world.bot_messages(bearer)) == (3 if status == "active" else 1)


async def test_an_invite_works_once(newsroom: Newsroom) -> None:
    """The second bearer learns nothing, nor does the first lose the place."""
    (admin,) = await newsroom.join(Role.ADMIN)
    token = token_in(await newsroom.order(admin, "/invite journalist"))
    first, second = newsroom.world.add_user("Первый"), newsroom.world.add_user("Второй")
    newsroom.world.start(first, token)
    newsroom.world.start(second, token)
    await newsroom.quiet()
    assert len(newsroom.world.bot_messages(first)) == 1
    assert newsroom.world.bot_messages(second) == []
    assert newsroom.world.journal.about(second.id) == []


async def test_an_expired_invite_is_told(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its maker hears once that it ran out unused; it opens nothing any more."""
    (admin,) = await newsroom.join(Role.ADMIN)
    token = token_in(await newsroom.order(admin, "/invite journalist"))
    before = len(newsroom.world.bot_messages(admin))
    newsroom.bot_clock.shift += timedelta(hours=25)
    bearer = newsroom.world.add_user("Поздний")
    newsroom.world.start(bearer, token)
    await newsroom.quiet()
    assert newsroom.world.journal.about(bearer.id) == []
    await newsroom.tell_expired()
    await newsroom.tell_expired()
    await newsroom.quiet()
    await until(lambda: len(newsroom.world.bot_messages(admin)) == before + 1, 5)
    assert "/invite" in (await newest(newsroom, admin)).text


@pytest.mark.parametrize("language", ["ru", "ky", "en"])
async def test_a_language_changes_everything(newsroom: Newsroom, language: str) -> None:
    """Cards, answers and the menu's words are in the language that was chosen."""
    (who,) = await newsroom.join(Role.JOURNALIST, language="ky" if language != "ky" else "ru")
    choice = await newsroom.order(who, "/language")
    newsroom.world.press(who, choice, NAMES[language])
    await newsroom.quiet()
    t = CATALOGS[language]
    shown = newsroom.world.menus.shown_to(who, newsroom.world.private_chat(who))
    expected = {c.name: t.plain.pgettext("command", c.about) for c in COMMANDS}
    assert {c["command"]: c["description"] for c in shown} == {c["command"]: expected[c["command"]] for c in shown}
    assert (await newsroom.order(who, "/mine")).text == t.plain.gettext(
        "You have sent nothing yet. Forward a comment or a screenshot to begin."
    )


@pytest.mark.parametrize(
    ("code", "language"), [("ky", "ky"), ("ru", "ru"), ("en-GB", "en"), ("de", "en"), (None, "en")]
)
async def test_the_first_words_are_in_the_phones_language(newsroom: Newsroom, code: str | None, language: str) -> None:
    """The language code of the telephone, else the newsroom's language."""
    (token,) = await newsroom.invite(Role.JOURNALIST)
    who = newsroom.world.add_user("Кто-то", language_code=code)
    newsroom.world.start(who, token)
    await newsroom.quiet()
    assert newsroom.database.value("SELECT language FROM members") == language


async def test_roles_change_menus_and_rights(newsroom: Newsroom) -> None:
    """/role gives several at once, the member is told, the menu follows, and the right holds from then on."""
    admin, who = await newsroom.join(Role.ADMIN, Role.JOURNALIST)
    refused = await newsroom.order(who, "/members")
    assert "1." not in refused.text
    await newsroom.order(admin, "/role 2 editor, journalist")
    assert menu(newsroom, who) == [c.name for c in menu_of(member(Role.EDITOR, Role.JOURNALIST))]
    assert "/watch" in (await newsroom.order(who, "/help")).text
    for wrong in ("/role", "/role 2", "/role 9 editor", "/role 2 king", "/role x editor", "/remove", "/remove 0"):
        await newsroom.order(admin, wrong)
    assert newsroom.database.value("SELECT roles FROM members WHERE telegram_id = ?", who.id) == "editor,journalist"


async def test_the_last_admin_stays(newsroom: Newsroom) -> None:
    """Neither removal nor another role takes the last administrator away; a second one makes it possible."""
    admin, other = await newsroom.join(Role.ADMIN, Role.JOURNALIST)
    await newsroom.order(admin, "/remove 1")
    await newsroom.order(admin, "/role 1 journalist")
    assert (
        newsroom.database.value("SELECT roles || status FROM members WHERE telegram_id = ?", admin.id) == "adminactive"
    )
    (second,) = await newsroom.join(Role.SECURITY)
    await newsroom.order(admin, "/role 2 admin")
    await newsroom.press(second, newsroom.world.bot_messages(second)[-1], "actyes")
    await newsroom.order(other, "/remove 1")
    assert newsroom.database.value("SELECT status FROM members WHERE telegram_id = ?", admin.id) == "removed"
    assert menu(newsroom, admin) == []


async def test_a_removed_member_may_come_back(newsroom: Newsroom) -> None:
    """By a new invite, with the new role only."""
    admin, editor = await newsroom.join(Role.ADMIN, Role.EDITOR)
    await newsroom.order(admin, "/remove 2")
    (token,) = await newsroom.invite(Role.JOURNALIST)
    newsroom.world.start(editor, token)
    await newsroom.quiet()
    assert newsroom.database.value("SELECT roles || status FROM members WHERE telegram_id = ?", editor.id) == (
        "journalistactive"
    )
    assert menu(newsroom, editor) == [c.name for c in menu_of(member(Role.JOURNALIST))]


async def test_staff_is_kept_by_those_who_may(newsroom: Newsroom) -> None:
    """An editor adds and removes; a journalist reads; what is added counts in the next verdict."""
    editor, who = await newsroom.join(Role.EDITOR, Role.JOURNALIST)
    await newsroom.order(editor, "/staff add Чолпон Асанова; Чопа; Cholpon")
    await newsroom.order(editor, "/staff add outlet Ак-Калкан; Kalkan")
    listed = await newsroom.order(who, "/staff")
    assert "Чопа" in listed.text
    assert "Ак-Калкан" in listed.text
    assert actions_of(listed) == []
    # Adding is a right of its own.
    await newsroom.order(who, "/staff add Никто")
    assert newsroom.database.value("SELECT count(*) FROM staff") == 2
    listed = await newsroom.order(editor, "/staff")
    await newsroom.press(editor, listed, "staffdel")
    choice = newsroom.world.message((editor.id, listed.message_id))
    newsroom.world.press(editor, choice, "Чолпон Асанова")
    await newsroom.quiet()
    assert "Чопа" not in (await newsroom.order(who, "/staff")).text


async def test_settings_are_the_admins(newsroom: Newsroom) -> None:
    """Name, zone and language change; what is wrong is explained and changes nothing."""
    admin, who = await newsroom.join(Role.ADMIN, Role.EDITOR)
    await newsroom.order(admin, "/settings name Новое имя")
    await newsroom.order(admin, "/settings zone Europe/Berlin")
    await newsroom.order(admin, "/settings language ky")
    for wrong in (
        "/settings zone Nowhere/City",
        "/settings zone ../etc/passwd",
        "/settings colour red",
        "/settings name",
    ):
        await newsroom.order(admin, wrong)
    await newsroom.order(who, "/settings name Чужое имя")
    row = newsroom.database.rows("SELECT name, zone, language FROM newsrooms")[0]
    assert tuple(row) == ("Новое имя", "Europe/Berlin", "ky")
    assert "Новое имя" in (await newsroom.order(who, "/whoami")).text


@pytest.mark.parametrize(
    "words",
    # tests/security/test_hostile_words.py gives each order many more.
    ["", pytest.param(" 😀 <b>&", marks=pytest.mark.slow), pytest.param(" " + "я" * 3000, marks=pytest.mark.slow)],
    ids=["alone", "odd", "endless"],
)
async def test_every_command_answers_whatever_follows(newsroom: Newsroom, words: str) -> None:
    """No words, odd words, endless words: an answer, no dead letter, no failed message."""
    (who,) = await newsroom.join(Role.ADMIN)
    await newsroom.database.write("UPDATE members SET roles = 'journalist,editor,security,admin'")
    # After these two the bot is silent, and that is what they are for.
    for command in (each for each in COMMANDS if each.name not in {"panic", "lockdown"}):
        answer = await newsroom.order(who, f"/{command.name}{words}")
        assert answer.text
    assert newsroom.database.value("SELECT count(*) FROM inbox_updates WHERE state != 'done'") == 0
    assert (
        newsroom.database.value("SELECT count(*) FROM outbox_messages WHERE state != 'done' AND kind != 'delete'") == 0
    )
