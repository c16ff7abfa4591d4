"""The matrix: every role, frozen, removed and locked down, against every command, press, kind of update and card.

Made from the router's own tables, so that what is added stands in it; a card without a row fails here.
"""

from collections.abc import Sequence

import pytest

from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Kind, Outgoing
from bot.model.rights import POLICY, Right, Role
from bot.simulator import User
from bot.simulator.update_queue import ALL_KINDS
from bot.storage import members, outbox
from bot.storage.store import Store
from handlers.buttons import Press
from handlers.cards.reading_rights import KIND_RIGHTS, REPLY_RIGHTS, TABLE_RIGHTS, UNADDRESSED, may_read, right_to
from handlers.cards.replies import _RENDERERS
from handlers.commands import COMMANDS
from handlers.presses import ACTIONS, UNDER_LOCKDOWN
from tests.bot_runner import Newsroom
from tests.security import outsiders
from tests.security.test_presses import REFUSING, Unchanged, desk_with_work, every_press
from tests.security.test_stranger import Watch

at_session = pytest.mark.asyncio(loop_scope="session")

#: What a refused order of a member may write besides.
ASIDE = frozenset({"step_ups"})


def queued(member: Member) -> list[Outgoing]:
    """One message of every kind, and a reply of every code, that could wait for somebody."""
    base = {"chat_id": member.telegram_id, "newsroom_id": member.newsroom_id, "member_id": member.id}
    values = dict.fromkeys(("threat", "account", "submission", "number", "page", "act", "chat", "person"), 1)
    said = [Outgoing(kind=Kind.REPLY, body={"code": code, "values": values}, **base) for code in REPLY_RIGHTS]
    tables = [Outgoing(kind=Kind.TABLE, body={name: 1, "form": "csv"}, **base) for name in TABLE_RIGHTS]
    farms = [Outgoing(kind=Kind.FARM, body={"number": 1, "form": form}, **base) for form in ("csv", "network")]
    kinds = [Outgoing(kind=kind, body={"submission": 1, "alarm": 1, "spike": 1}, **base) for kind in KIND_RIGHTS]
    return [*said, *tables, *farms, *kinds]


def test_every_card_says_who_may_read_it() -> None:
    """A card, or a kind of message, without a row fails the build."""
    assert set(REPLY_RIGHTS) == set(_RENDERERS)
    assert {*KIND_RIGHTS, *UNADDRESSED, Kind.REPLY, Kind.QUIET, Kind.TABLE, Kind.FARM} == set(Kind)
    assert all(isinstance(action.right, Right) for action in ACTIONS.values())


@pytest.mark.parametrize("role", list(Role))
def test_what_waits_is_read_by_who_may(role: Role) -> None:
    """Of every kind and code: exactly what the policy gives the role; nobody without a role reads any of it."""
    member = Member(
        id=1,
        newsroom_id=1,
        telegram_id=1,
        name="x",
        roles=frozenset({role}),
        status=MemberStatus.ACTIVE,
        language=None,
        joined_at=outsiders.NOW,
    )
    for outgoing in queued(member):
        right = right_to(outgoing)
        assert right is not None, outgoing
        assert may_read(member, outgoing) == (role in POLICY[right]), outgoing
    unknown = Outgoing(kind=Kind.TABLE, chat_id=1, newsroom_id=1, member_id=1, body={})
    assert not may_read(member, unknown)


async def _member(room: Newsroom, who: User) -> Member:
    store = Store(room.settings.database)
    try:
        async with store.read() as conn:
            (found,) = await members.by_telegram_ids(conn, [who.id])
    finally:
        await store.close()
    return found


async def _put(room: Newsroom, messages: Sequence[Outgoing]) -> None:
    store = Store(room.settings.database)
    try:
        async with store.write() as conn:
            await outbox.put(conn, messages, room.bot_clock())
    finally:
        await store.close()


@pytest.mark.proof
@at_session
async def test_nobody_acts_above_their_role(newsroom: Newsroom) -> None:
    """Each role alone: every order and press that it does not cover is refused and changes nothing: 0 leaks."""
    subjects = await desk_with_work(newsroom)
    tried = 0
    for role in Role:
        (who,) = await newsroom.join(role)
        card = newsroom.world.bot_messages(who)[-1]
        unchanged = Unchanged(newsroom)
        before = len(newsroom.world.journal)
        orders = [command for command in COMMANDS if role not in POLICY[command.right]]
        above = [press for press in every_press(subjects) if role not in POLICY[ACTIONS[press.action].right]]
        for command in orders:
            for argument in ("", " 1", " add x"):
                newsroom.world.send_text(who, f"/{command.name}{argument}")
        for press in above:
            newsroom.world.press_data(who, card, newsroom.signed(who, card, press))
        codes = await unchanged.check(f"above {role}", ASIDE)
        assert set(codes) <= REFUSING | {"answer"}, role
        assert codes.count("not_allowed") >= len(orders) * 3 + len(above)
        tried += len(orders) * 3 + len(above)
        said = newsroom.world.journal.find(chat_id=who.id, since=before, method="sendMessage")
        assert len({request.params["text"] for request in said}) <= 1
        member = await _member(newsroom, who)
        waits = [each for each in queued(member) if not may_read(member, each)]
        before = len(newsroom.world.journal)
        await _put(newsroom, waits)
        await newsroom.quiet(120)
        assert newsroom.world.journal.find(chat_id=who.id, since=before) == [], role
        tried += len(waits)
        newsroom.later(60)
    assert tried > 700


def _highest_below(right: Right) -> Role | None:
    """The role with the most rights among those that do not have this one."""
    below = [role for role in Role if role not in POLICY[right]]
    return max(below, key=lambda role: sum(role in roles for roles in POLICY.values()), default=None)


@at_session
async def test_nobody_acts_above_their_role_in_brief(newsroom: Newsroom) -> None:
    """Every order and press once, by the highest role that may not: the proof in small, for each change.

    One of them is frozen in the end: of an order and of every press nothing comes at all.
    """
    subjects = await desk_with_work(newsroom)
    people = dict(zip(Role, await newsroom.join(*Role), strict=True))
    cards = {role: newsroom.world.bot_messages(who)[-1] for role, who in people.items()}
    orders = [(_highest_below(command.right), command.name) for command in COMMANDS]
    presses = [(_highest_below(ACTIONS[press.action].right), press) for press in every_press(subjects)]
    unchanged, tried = Unchanged(newsroom), 0
    for below, name in orders:
        if below is not None:
            newsroom.world.send_text(people[below], f"/{name}")
            tried += 1
    for below, press in presses:
        if below is not None:
            card = cards[below]
            newsroom.world.press_data(people[below], card, newsroom.signed(people[below], card, press))
            tried += 1
    codes = await unchanged.check("above their role, in brief", ASIDE)
    assert set(codes) <= REFUSING | {"answer"}
    assert codes.count("not_allowed") >= tried > 150
    out = people[Role.ADMIN]
    newsroom.later()
    newsroom.world.send_text(out, "/panic")
    await newsroom.quiet(60)
    before = len(newsroom.world.journal)
    newsroom.world.send_text(out, "/members")
    for _, press in presses:
        newsroom.world.press_data(out, cards[Role.ADMIN], newsroom.signed(out, cards[Role.ADMIN], press))
    await newsroom.quiet(60)
    assert newsroom.world.journal.about(out.id, since=before) == []


@pytest.mark.proof
@at_session
@pytest.mark.parametrize("how", ["frozen", "removed"])
async def test_who_is_out_causes_nothing(newsroom: Newsroom, how: str) -> None:
    """Frozen or removed: every order, message, press and queued card of theirs: no request, no row."""
    subjects = await desk_with_work(newsroom)
    # Not the last one who leads security: that one leaves by two people.
    who, _ = await newsroom.join(Role.ADMIN, Role.SECURITY, names=("Former", "Lead"))
    await newsroom.database.write(
        "UPDATE members SET roles = 'admin,editor,journalist,security' WHERE telegram_id = ?", who.id
    )
    cards = [message for message in newsroom.world.bot_messages(who) if message.buttons]
    member = await _member(newsroom, who)
    if how == "frozen":
        newsroom.world.send_text(who, "Паника!")
    else:
        admin = next(user for user in newsroom.world.users.values() if user.first_name == "Admin")
        names = newsroom.database.rows("SELECT name FROM members WHERE status != 'removed' ORDER BY id")
        place = [row["name"] for row in names].index("Former") + 1
        newsroom.world.send_text(admin, f"/remove {place}")
    await newsroom.quiet(60)
    status = newsroom.database.value("SELECT status FROM members WHERE telegram_id = ?", who.id)
    assert status == how
    watch = Watch(newsroom, who)
    newsroom.world.updates.allow(sorted(ALL_KINDS))
    for _name, act in [*outsiders.commands(), *outsiders.messages()]:
        act(newsroom.world, who)
    outsiders.in_places(newsroom.world, who)
    for press in every_press(subjects):
        newsroom.world.press_data(who, cards[-1], newsroom.signed(who, cards[-1], press))
    await watch.nothing_happened(how)
    # Cards that were queued before, and are found only now, are not shown either.
    before = len(newsroom.world.journal)
    await _put(newsroom, queued(member))
    await newsroom.quiet(120)
    assert newsroom.world.journal.about(who.id, since=before) == []


@pytest.mark.proof
@at_session
async def test_a_house_locked_down_answers_nothing(newsroom: Newsroom) -> None:
    """Every order and press of who may do anything: silence. What is forwarded is filed; two people unlock."""
    subjects = await desk_with_work(newsroom)
    lead, second = await newsroom.join(Role.SECURITY, Role.ADMIN)
    await newsroom.database.write(
        "UPDATE members SET roles = 'admin,editor,journalist,security' WHERE telegram_id = ?", lead.id
    )
    card = next(message for message in reversed(newsroom.world.bot_messages(lead)) if message.buttons)
    await newsroom.order(lead, "/lockdown")
    before, rows = len(newsroom.world.journal), newsroom.database.value("SELECT count(*) FROM outbox_messages")
    for command in COMMANDS:
        if command.name not in {"unlock", "panic"}:
            newsroom.world.send_text(lead, f"/{command.name}")
    for press in every_press(subjects):
        if press.action not in UNDER_LOCKDOWN:
            newsroom.world.press_data(lead, card, newsroom.signed(lead, card, press))
    newsroom.world.press_data(lead, card, "forged")
    await newsroom.quiet(60)
    assert newsroom.world.journal.about(lead.id, since=before) == []
    assert newsroom.database.value("SELECT count(*) FROM outbox_messages") == rows
    # Intake and alarms go on.
    (cases, alarms) = (newsroom.database.value(f"SELECT count(*) FROM {t}") for t in ("submissions", "alarms"))  # noqa: S608
    newsroom.later()
    newsroom.world.forward(second, outsiders.ORIGINS["chat"], "Мы убьём вас всех, сожжём вашу редакцию сегодня ночью")
    await newsroom.quiet(60)
    assert newsroom.database.value("SELECT count(*) FROM submissions") == cases + 1
    assert newsroom.database.value("SELECT count(*) FROM alarms") >= alarms
    newest = newsroom.world.bot_messages(second)
    assert any(message.text == "Taken. Thank you." for message in newest)
    # Two end it; a restart does not.
    await newsroom.stop_bot()
    await newsroom.start_bot()
    newsroom.world.send_text(lead, "/unlock")
    await newsroom.quiet()
    asked = newsroom.world.bot_messages(second)[-1]
    await newsroom.press(second, asked, "actyes")
    assert newsroom.database.value("SELECT count(*) FROM lockdowns") == 0
    assert "/help" not in (await newsroom.order(lead, "/whoami")).text


def test_every_press_is_in_the_matrix() -> None:
    """The presses that are tried are all that there are."""
    tried = {press.action for press in every_press(dict.fromkeys(SUBJECTS, 1))}
    assert tried == set(ACTIONS)
    assert all(isinstance(press, Press) for press in every_press(dict.fromkeys(SUBJECTS, 1)))


SUBJECTS = ("submission", "question", "account", "staff", "person")
