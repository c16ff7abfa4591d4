"""Buttons: nobody presses what was signed for another, what was altered, or what their role no longer covers."""

import json
from collections.abc import Iterator

import pytest
from telegram.ext import CallbackQueryHandler, ChatMemberHandler, CommandHandler, MessageHandler, TypeHandler

from bot.model.rights import POLICY, Right, Role
from bot.simulator import StoredMessage, User
from bot.simulator.update_queue import ALL_KINDS
from bot.wiring.serving import build_application
from handlers import gate, presses, router, submissions
from handlers.buttons import Press
from handlers.commands import COMMANDS
from handlers.presses import ACTIONS
from tests.bot_runner import Newsroom
from tests.security import outsiders

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: What a refused update may leave behind: itself in the inbox, and the sentence that refuses it.
# Hours of comments are counted by the clock, and what is done once a day is noted, whatever is pressed.
TRACES = frozenset(
    {
        "daily_chores",
        "inbox_updates",
        "outbox_messages",
        "sent_messages",
        "spent_presses",
        "spike_counts",
        "spike_cursors",
        "spike_marks",
        # That a lead was here is noted, once an hour.
        "step_ups",
    }
)
#: That somebody tried to open something is noted before it is looked for.
AUDITED = frozenset({"openings", "custody_keys", "custody_entries", "custody_logs", "custody_bodies"})
REFUSING = frozenset({"not_allowed", "button_not_yours", "button_spent", "button_changed"})
#: What administrators hear once a week, whatever anybody does, was said on the Mondays around today.
WEEKLY = """
    INSERT INTO daily_chores (newsroom_id, kind, day, outcome, done_at)
    SELECT id, 'no_backups', date('now', 'weekday 1', weeks.apart), '{}', created_at
    FROM newsrooms, (SELECT '-7 days' AS apart UNION SELECT '+0 days') AS weeks
"""
#: Keeps the drawing of every message as it is, whatever is edited: all that is pressed then counts.
AS_DRAWN = "CREATE TRIGGER as_drawn BEFORE UPDATE OF drawn_by ON sent_messages BEGIN SELECT raise(IGNORE); END"


class Unchanged:
    """Everything that the newsroom knows, before; afterwards it must be the same."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room
        self._before = room.database.dump()
        self._last = room.database.value("SELECT coalesce(max(id), 0) FROM outbox_messages")

    async def check(self, what: str, but: frozenset[str] = frozenset()) -> list[str]:
        """Wait, compare, and give the codes of what was said meanwhile."""
        # Every action there is was pressed: a busy machine needs its time.
        await self._room.quiet(240)
        after = self._room.database.dump()
        changed = {table for table, rows in after.items() if rows != self._before[table]} - TRACES - but
        assert changed == set(), f"{what}: {changed} changed"
        rows = self._room.database.rows("SELECT kind, body FROM outbox_messages WHERE id > ?", self._last)
        self._last = self._room.database.value("SELECT coalesce(max(id), 0) FROM outbox_messages")
        return [json.loads(row["body"]).get("code") or row["kind"] for row in rows]


def logged(caplog: pytest.LogCaptureFixture, words: str) -> int:
    """How often the handlers logged it."""
    return sum(words in record.getMessage() for record in caplog.records if record.name.startswith("handlers"))


async def desk_with_work(room: Newsroom) -> dict[str, int]:
    """A case with a threat, a lonely question, a listed account, staff, a bearer who waits: subjects by kind."""
    await room.database.write(WEEKLY)
    world = room.world
    editor, admin = await room.join(Role.EDITOR, Role.ADMIN, names=("Editor", "Admin"))
    world.forward(editor, outsiders.ORIGINS["user"], "Мы сожжём вашу редакцию")
    await room.quiet()
    room.later()
    world.send_text(editor, "typed alone")
    await room.quiet()
    room.later()
    await room.order(editor, "/staff add Айбек; Aibek")
    await room.order(editor, "/fake https://facebook.com/some.body")
    link = await room.order(admin, "/invite editor")
    world.start(world.add_user("Bearer"), link.text.partition("?start=")[2].split()[0])
    await room.quiet()
    value = room.database.value
    return {
        "submission": value("SELECT id FROM submissions WHERE number = 1"),
        "question": value("SELECT id FROM submissions WHERE state = 'asking'"),
        "account": value("SELECT id FROM accounts"),
        "staff": value("SELECT id FROM staff"),
        "person": value("SELECT id FROM members WHERE status = 'pending'"),
    }


def every_press(subjects: dict[str, int]) -> Iterator[Press]:
    """Every action as the bot would draw it, on what it is for."""
    special = {"check": "question", "note": "question", "account": "account", "confirm": "account", "clear": "account"}
    special |= {"staffrm": "staff", "admit": "person", "refuse": "person"}
    arguments = {"threat": "yes", "language": "ru", "target": f"{subjects['staff']:x}"}
    for action in ACTIONS:
        subject = subjects[special.get(action, "submission")]
        yield Press(action=action, subject=subject, argument=arguments.get(action, ""))


@pytest.mark.proof
async def test_a_press_of_another_member_is_refused_and_logged(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    """What was signed for an administrator does nothing in a colleague's hand, on any action; nor does a forgery."""
    subjects = await desk_with_work(newsroom)
    (other,) = await newsroom.join(Role.ADMIN)
    admin = find(newsroom, "Admin")
    card = newsroom.world.bot_messages(other)[-1]
    admins = newsroom.world.bot_messages(admin)[-1]
    seen = newsroom.card(find(newsroom, "Editor"), 1).buttons[:3]
    forged = [data for button in seen for _, data in outsiders.altered(button["callback_data"])]
    signed = [newsroom.signed(admin, admins, press) for press in every_press(subjects)]
    unchanged = Unchanged(newsroom)
    caplog.clear()
    for data in signed + forged:
        newsroom.world.press_data(other, card, data)
    codes = await unchanged.check("another's buttons")
    assert set(codes) == {"button_not_yours"}
    assert len(codes) >= len(signed)
    assert logged(caplog, "does not count") == len(codes)


@pytest.mark.proof
async def test_lost_roles_take_their_buttons_along(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    """Data signed rightly for somebody whose role was taken away since is refused, logged, and changes nothing."""
    subjects = await desk_with_work(newsroom)
    (former,) = await newsroom.join(Role.ADMIN, names=("Former",))
    card = newsroom.world.bot_messages(former)[-1]
    numbers = newsroom.database.rows("SELECT name FROM members WHERE status != 'removed' ORDER BY id")
    place = [row["name"] for row in numbers].index("Former") + 1
    admin = find(newsroom, "Admin")
    await newsroom.order(admin, f"/role {place} journalist")
    unchanged = Unchanged(newsroom)
    caplog.clear()
    lost = [press for press in every_press(subjects) if Role.JOURNALIST not in POLICY[ACTIONS[press.action].right]]
    assert {press.action for press in lost} >= {"admit", "refuse", "confirm", "clear", "staffrm", "replay"}
    for press in lost:
        newsroom.world.press_data(former, card, newsroom.signed(former, card, press))
    codes = await unchanged.check("buttons of a lost role")
    assert set(codes) == {"not_allowed", "answer"}
    assert codes.count("not_allowed") == len(lost)
    assert logged(caplog, "was refused") == len(lost)


@pytest.mark.proof
async def test_without_a_role_nothing_is_allowed(newsroom: Newsroom) -> None:
    """Deny by default: a member who holds no role at all is refused every command, message and button there is."""
    subjects = await desk_with_work(newsroom)
    (nobody,) = await newsroom.join(Role.JOURNALIST)
    await newsroom.database.write("UPDATE members SET roles = '' WHERE telegram_id = ?", nobody.id)
    own = newsroom.world.bot_messages(nobody)[-1]
    unchanged = Unchanged(newsroom)
    newsroom.world.updates.allow(sorted(ALL_KINDS))
    for command in COMMANDS:
        newsroom.world.send_text(nobody, f"/{command.name} 1")
    for _name, act in outsiders.messages():
        act(newsroom.world, nobody)
    outsiders.in_places(newsroom.world, nobody)
    for press in every_press(subjects):
        newsroom.world.press_data(nobody, own, newsroom.signed(nobody, own, press))
    codes = await unchanged.check("a member without a role")
    assert set(codes) <= REFUSING | {"answer"}
    assert codes.count("not_allowed") > len(COMMANDS) + len(ACTIONS)
    assert newsroom.database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'") == 0


async def test_undo_belongs_to_the_reporter(newsroom: Newsroom) -> None:
    """A colleague's rightly signed press withdraws nothing that somebody else sent, nor decides what it is."""
    subjects = await desk_with_work(newsroom)
    (colleague,) = await newsroom.join(Role.EDITOR)
    newsroom.world.forward(colleague, outsiders.ORIGINS["channel"], "something of one's own")
    await newsroom.quiet()
    card = newsroom.card(colleague, 2)
    await newsroom.database.write(AS_DRAWN)
    unchanged = Unchanged(newsroom)
    for action in ("undo", "check", "note"):
        for subject in (subjects["submission"], subjects["question"]):
            press = Press(action=action, subject=subject)
            newsroom.world.press_data(colleague, card, newsroom.signed(colleague, card, press))
    await unchanged.check("a colleague's submission")


@pytest.mark.proof
async def test_unknown_subjects_change_nothing(newsroom: Newsroom) -> None:
    """A rightly signed press about something that is no longer there gets a calm word and no dead letter.

    Five are about nothing in particular: language, waiting updates, farms anew, asking for digests, leaving for good.
    """
    await desk_with_work(newsroom)
    admin = find(newsroom, "Admin")
    editor = find(newsroom, "Editor")
    await newsroom.database.write(AS_DRAWN)
    unchanged = Unchanged(newsroom)
    for who in (admin, editor):
        card = newsroom.world.bot_messages(who)[-1]
        for action in ACTIONS:
            if action not in {"language", "replay", "fagain", "dgask", "leave"}:
                press = Press(action=action, subject=12345)
                newsroom.world.press_data(who, card, newsroom.signed(who, card, press))
    await unchanged.check("unknown subjects", AUDITED)
    assert newsroom.database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'") == 0
    assert newsroom.database.value("SELECT count(*) FROM outbox_messages WHERE state = 'failed'") == 0


async def test_every_handler_asks_for_a_right(newsroom: Newsroom) -> None:
    """No command outside the table, no handler that is not guarded: what is registered is what the tables name."""
    application = build_application(newsroom.settings)
    first = application.handlers[-1]
    assert [type(handler) for handler in first] == [TypeHandler]
    assert first[0].callback is gate.gate
    named: set[str] = set()
    for handler in application.handlers[0]:
        if isinstance(handler, CommandHandler):
            named |= set(handler.commands)
        is_guarded = handler.callback.__qualname__ == router._guarded(Right.SELF, lambda *_: None).__qualname__
        asks_itself = handler.callback in (
            presses.on_press,
            submissions.receive,
            submissions.receive_edit,
            submissions.receive_in_group,
        )
        assert is_guarded or asks_itself, handler.callback
        assert isinstance(handler, CommandHandler | MessageHandler | CallbackQueryHandler | ChatMemberHandler)
    assert sorted(application.handlers) == [-1, 0]
    assert named == {command.name for command in COMMANDS} | {"start"}
    assert set(router.ORDERS) == {command.name for command in COMMANDS}
    assert {command.right for command in COMMANDS} | {action.right for action in ACTIONS.values()} <= set(POLICY)


def _with_buttons(room: Newsroom) -> list[StoredMessage]:
    found = [m for user in room.world.users.values() for m in room.world.bot_messages(user) if m.buttons]
    assert found
    return found


def find(room: Newsroom, name: str) -> User:
    """A person of the world by first name."""
    return next(user for user in room.world.users.values() if user.first_name == name)
