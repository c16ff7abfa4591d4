"""Need to know: what a security lead restricts does not exist for anybody else, by any way of the bot."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest

from bot.analysis import Analysis
from bot.model.limit import LIMITS
from bot.model.rights import Role
from bot.simulator import User, origins
from handlers.buttons import Press
from handlers.commands import COMMANDS
from handlers.presses import ACTIONS
from tests.bot_runner import Newsroom, open_newsroom
from tests.security.restricted_house import RestrictedHouse, build, restrict
from tests.security.test_presses import AS_DRAWN, logged

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: Orders that would show it, with its number; each is also asked with one that does not exist.
ASKED = (
    *("/case K-{n}", "/threat T-{n}", "/incident I-{n}", "/copies K-{n}", "/status T-{n} police", "/note T-{n} x"),
    *(
        "/assign T-{n} me",
        "/restrict K-{n}",
        "/restrict T-{n} @Sec",
        "/unrestrict K-{n}",
        "/export K-{n}",
        "/forget K-{n} why",
    ),
)


#: What whoever asks has written themselves.
TYPED = ("K-1", "T-1", "I-1")


async def _answer(house: RestrictedHouse, who: User, words: str) -> str:
    answer = await house.room.order(who, words)
    return answer.text


async def test_it_is_there_for_the_named_alone(newsroom: Newsroom) -> None:
    """The named read it; to all others its number is one that does not exist, in the very same words."""
    house = await build(newsroom)
    card = await restrict(house)
    assert "Ainura" in card.text
    assert "Bek" in card.text
    since = len(newsroom.world.journal)
    for words in ("/case K-1", "/threat T-1", "/threats", "/incident I-1"):
        await newsroom.order(house.lead, words)
    assert {"text", "target", "note"} <= house.leaks(house.lead, since, own=True)
    since = len(newsroom.world.journal)
    await newsroom.order(house.named, "/threat T-1")
    assert "text" in house.leaks(house.named, since, own=True)
    since = len(newsroom.world.journal)
    for role in ("security", "editor", "admin", "journalist"):
        who = house.others[role]
        for words in ASKED if role == "security" else ASKED[:4]:
            here, nowhere = [await _answer(house, who, words.format(n=n)) for n in (1, 99)]
            assert re.sub(r"-1\b", "-99", here) == nowhere, (role, words)
        for words in ("/threats", "/cases", "/stats 30d", "/campaigns", "/threats severity:>=1 status:all"):
            await newsroom.order(who, words)
        assert house.leaks(who, since) - set(TYPED) == set(), role
    # Who sent it keeps the case, and has no record of it.
    since = len(newsroom.world.journal)
    await newsroom.order(house.reporter, "/case K-1")
    await newsroom.order(house.reporter, "/threats")
    await newsroom.order(house.reporter, "/threat T-1")
    assert "note" not in house.leaks(house.reporter, since)
    assert "T-1" not in house.leaks(house.reporter, since)


async def test_alarms_ring_for_the_named_alone(newsroom: Newsroom) -> None:
    """An alarm that rings goes on to nobody else, however long nobody answers; a new copy is a case of its own."""
    house = await build(newsroom)
    await restrict(house)
    since = len(newsroom.world.journal)
    rung = "SELECT step FROM alarms WHERE state = 'ringing'"
    for step in (1, 2, 3):
        newsroom.bot_clock.shift += timedelta(minutes=6)
        await newsroom.world.wait_until(lambda step=step: newsroom.database.value(rung) == step, 20)
        await newsroom.quiet(60)
    for who in house.others.values():
        assert house.leaks(who, since) == set()
    # The same again, then all whom it names, twice.
    for who, times in ((house.lead, 3), (house.named, 2)):
        assert len(newsroom.world.journal.find(chat_id=who.id, since=since, method="sendMessage")) == times
    other = house.others["journalist"]
    before = len(newsroom.world.journal)
    newsroom.world.forward(other, origins.from_hidden_user("X"), house.text)
    newsroom.later()
    await newsroom.quiet(60)
    shown = house.said(other, before)
    assert not re.search(r"\b[KTI]-1\b", shown)
    assert newsroom.database.value("SELECT count(*) FROM threats WHERE number > 2") == 1
    assert newsroom.database.value("SELECT count(DISTINCT incident_id) FROM threats") >= 2


async def test_only_a_named_lead_changes_it(newsroom: Newsroom) -> None:
    """Naming, taking off and lifting are the named leads' and stand in the audit; the last lead stays."""
    house = await build(newsroom)
    await restrict(house)
    other = house.others["security"]
    card = await newsroom.order(house.lead, "/restrict K-1")
    await newsroom.press(house.lead, card, "rsunname", f"K.{_member(newsroom, house.lead):x}")
    assert newsroom.database.value("SELECT count(*) FROM restriction_members") == 4
    await newsroom.order(house.lead, "/restrict K-1 @Sec")
    assert "K-1" in (await newsroom.order(other, "/case K-1")).text
    card = await newsroom.order(other, "/restrict K-1")
    await newsroom.press(other, card, "rsunname", f"K.{_member(newsroom, house.named):x}")
    assert "K-1" not in (await newsroom.order(house.named, "/case K-1")).text
    await newsroom.order(other, "/unrestrict K-1")
    assert "K-1" in (await newsroom.order(house.others["editor"], "/case K-1")).text
    audit = await newsroom.order(house.others["admin"], "/audit changed")
    for words in ("K-1 · restricted · ", "may know now · Sec", "may not know any longer · Bek", "restriction lifted"):
        assert words in audit.text
    assert house.flock.words.keys().isdisjoint(audit.text.split())


async def test_nothing_is_lost_when_no_lead_is_left(newsroom: Newsroom) -> None:
    """When the named lead loses the role, all security leads see it, and the audit says so."""
    house = await build(newsroom)
    await restrict(house)
    other = house.others["security"]
    assert "K-1" not in (await newsroom.order(other, "/case K-1")).text
    await newsroom.database.write("UPDATE members SET roles = 'editor' WHERE telegram_id = ?", house.lead.id)
    assert "K-1" in (await newsroom.order(other, "/case K-1")).text
    assert "K-1" not in (await newsroom.order(house.others["admin"], "/case K-1")).text
    newsroom.bot_clock.shift += timedelta(seconds=30)
    opened = "SELECT count(*) FROM case_restrictions WHERE opened_at IS NOT NULL"
    await newsroom.world.wait_until(lambda: newsroom.database.value(opened) == 2, 20)
    assert "open to all security leads" in (await newsroom.order(other, "/audit changed")).text


async def test_old_buttons_add_nothing_to_it(newsroom: Newsroom) -> None:
    """Who could say more of it before says nothing more from then on: not where, nor whom, nor that it cannot wait."""
    house = await build(newsroom)
    who = house.others["editor"]
    card = newsroom.world.bot_messages(who)[-1]
    await restrict(house)
    await newsroom.database.write(AS_DRAWN)
    before = newsroom.database.dump()
    threat, staff = house.subjects["threat"], f"{house.subjects['staff']:x}"
    for action, said in (("tplat", "vk"), ("tchan", "call"), ("twho", staff), ("tplace", ""), ("turge", "")):
        press = Press(action=action, subject=threat, argument=said)
        newsroom.world.press_data(who, card, newsroom.signed(who, card, press))
    await newsroom.quiet(60)
    after = newsroom.database.dump()
    changed = ("threats", "threat_targets", "history", "alarms", "alarm_calls", "dialogs")
    assert [table for table in changed if before[table] != after[table]] == []


def _member(room: Newsroom, who: User) -> int:
    return int(room.database.value("SELECT id FROM members WHERE telegram_id = ?", who.id))


ROLES = pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", [Role.JOURNALIST, Role.SECURITY], ids=lambda role: role.value)
async def test_no_order_and_no_press_tells_it(
    folder: Path, analysis: Analysis, role: Role, caplog: pytest.LogCaptureFixture
) -> None:
    """Every order with its numbers and words, every action on each of its ids, by the least and the most rights: 0."""
    await nothing_is_told(folder, analysis, role, caplog, presses(BARE))


@pytest.mark.slow
@pytest.mark.timeout(900)
@ROLES
async def test_no_press_with_any_argument_tells_it(
    folder: Path, analysis: Analysis, role: Role, caplog: pytest.LogCaptureFixture
) -> None:
    """The same by each role, and every action on its threat with each argument that buttons carry."""
    await nothing_is_told(folder, analysis, role, caplog, presses(ARGUMENTS))


async def nothing_is_told(
    folder: Path,
    analysis: Analysis,
    role: Role,
    caplog: pytest.LogCaptureFixture,
    tried: Callable[[RestrictedHouse], list[Press]],
) -> None:
    """Members of a role try all orders and these presses; every press counts, and none of them tells anything.

    Made from the tables of commands and actions, so that what is added is tried too.
    """
    async with open_newsroom(folder, analysis, limits=_unlimited()) as room:
        room.calm = True
        await room.start_bot()
        house = await build(room)
        people = [house.others[role.value], *await room.admit(role, PEOPLE - 1)]
        cards = {who.id: await room.order(who, "/whoami") for who in people}
        await restrict(house)
        # An alarm goes on by the clock, whoever presses: on a busy machine this takes longer than its five minutes.
        await room.database.write("UPDATE alarms SET due_at = NULL")
        before, since, ordered = room.database.dump(), len(room.world.journal), orders(house)
        for who, words in zip(cycle(people), ordered, strict=False):
            room.world.send_text(who, words)
            room.later()
        await room.quiet(PATIENCE)
        for who in people:
            # What was typed comes back in refusals; what was not typed never comes.
            assert house.leaks(who, since) - {*TYPED, "text", "target", "account"} == set()
        await room.database.write(AS_DRAWN)
        since, pressed = len(room.world.journal), tried(house)
        assert len(ordered) > 5 * len(COMMANDS)
        assert len(pressed) > 5 * len(ACTIONS)
        for who, press in zip(cycle(people), pressed, strict=False):
            room.world.press_data(who, cards[who.id], room.signed(who, cards[who.id], press))
        await room.quiet(PATIENCE)
        assert [said for who in people for said in house.telling(who, since)] == []
        after = room.database.dump()
        assert [table for table in _KEPT if before[table] != after[table]] == []
        assert room.database.value("SELECT count(*) FROM inbox_updates WHERE state = 'dead'") == 0
        assert logged(caplog, "does not count") == 0, "a press that does not count tried nothing"
        print(f"{role.value}: {len(ordered)} orders, {len(pressed)} presses")


#: Members of a role who try at once: what one of them sends is handled one by one.
PEOPLE = 12
#: Seconds for all orders, and for all presses: a minute where nothing else runs, and what hangs hangs longer.
PATIENCE = 400


def _unlimited() -> str:
    """That people do much has proofs of its own: what a limiter refuses would try nothing."""
    return ", ".join(f"{name}=1000000/0.001" for name in LIMITS)


#: What must stay as it is, whatever others press.
_KEPT = (
    *("submissions", "submission_parts", "comments", "rulings", "threats", "threat_targets", "threat_sightings"),
    *("incidents", "alarms", "case_restrictions", "restriction_members"),
)
#: What would end the trial, or change the one who tries.
_LATER = {"panic", "lockdown", "language", "remove", "role"}


def orders(house: RestrictedHouse) -> list[str]:
    """Every order of the table with all by which it could be meant."""
    asked = ("", *(f" {label}" for label in ("K-1", "T-1", "I-1", "1")), f" {house.text}", f" {house.target}")
    asked += (f" instagram.com/{house.handle}", " status:all severity:>=0", " me", " 30d")
    return [
        f"/{command.name}{words}"
        for command in COMMANDS
        if command.name not in _LATER
        for words in asked
        if not _files(command.name, words)
    ]


def _files(name: str, words: str) -> bool:
    """Whether these words would be filed anew, as a case of one's own that others may see."""
    if name == "threat":
        return words not in ("", " T-1")
    if name == "workreport":
        # However short: what one lead handed in, another reads in the list of reports.
        return bool(words)
    return name in {"incident", "fake", "published"} and len(words) > 8


BARE = ("",)
#: What buttons carry beside an id; the last is the id of whom the threat is aimed at.
ARGUMENTS = (*BARE, "yes", "1", "K.1", "T", "I", "csv", "status", "resolved", "staff")


def presses(arguments: Sequence[str]) -> Callable[[RestrictedHouse], list[Press]]:
    """Every action on every id of what is restricted; on its threat with all these arguments."""

    def of(house: RestrictedHouse) -> list[Press]:
        names = ("submission", "threat", "incident", "alarm", "number", "part", "photo")
        staff = f"{house.subjects['staff']:x}"
        return [
            Press(action=action, subject=house.subjects[name], argument=staff if argument == "staff" else argument)
            for action in ACTIONS
            if action not in {"language", "actyes", "actno"}
            for name in names
            for argument in (arguments if name == "threat" else BARE)
        ]

    return of
