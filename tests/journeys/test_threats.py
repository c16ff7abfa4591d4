"""The day of a security lead: an alarm within seconds, the log, the steps; a member who says that it is a threat."""

import asyncio
from datetime import timedelta

import pytest

from bot.model.rights import Role
from bot.simulator import StoredMessage, User, origins
from tests.bot_runner import Newsroom, actions_of
from tests.services.rooms import picture

pytestmark = pytest.mark.asyncio(loop_scope="session")

THREAT = "Сегодня вечером придём и сожжём ваш офис"


async def newest(room: Newsroom, who: User) -> StoredMessage:
    """The bot's newest message to somebody."""
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


async def forward(room: Newsroom, who: User, text: str = THREAT) -> None:
    """Somebody forwards a text, and everything is said."""
    room.world.forward(who, origins.from_hidden_user("X"), text)
    room.later()
    await room.quiet()


def alarms_of(room: Newsroom, who: User) -> list[StoredMessage]:
    """The alarms that somebody can still answer."""
    return [m for m in room.world.bot_messages(who) if "atake" in actions_of(m)]


async def test_an_alarm_is_taken(newsroom: Newsroom) -> None:
    """It comes loudly to the security lead, counts up where it stands, and says to all who took it."""
    journalist, lead, editor = await newsroom.join(Role.JOURNALIST, Role.SECURITY, Role.EDITOR)
    await forward(newsroom, journalist)
    (alarm,) = alarms_of(newsroom, lead)
    assert "T-1" in alarm.text
    assert alarms_of(newsroom, editor) == []
    for number in range(3):
        await forward(newsroom, journalist, f"{THREAT}, готовьтесь, нас уже {number + 5} человек")
    assert len(alarms_of(newsroom, lead)) == 1
    assert newsroom.database.value("SELECT count(*) FROM incidents") == 1
    await newsroom.press(lead, alarm, "aup")
    (other,) = alarms_of(newsroom, editor)
    await newsroom.press(editor, other, "atake")
    assert alarms_of(newsroom, lead) == alarms_of(newsroom, editor) == []
    row = newsroom.database.rows("SELECT state, answered_by FROM alarms")[0]
    name = newsroom.database.value("SELECT name FROM members WHERE id = ?", row["answered_by"])
    assert (row["state"], name) == ("taken", editor.first_name)
    assert editor.first_name in alarm.text


async def test_an_alarm_waits_for_no_file(newsroom: Newsroom) -> None:
    """40 members send pictures that Telegram does not give away: the threat of another rings at once."""
    journalist, lead = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    people = await newsroom.admit(Role.JOURNALIST, 40)
    newsroom.world.faults.add("slow", methods="getFile", count=None, delay=30.0)
    for who in people:
        newsroom.world.send_photo(who, picture(1))
    await asyncio.sleep(2.0)
    newsroom.world.forward(journalist, origins.from_hidden_user("X"), THREAT)
    newsroom.later()
    await newsroom.heard(lead, "T-1", within=4.0)
    newsroom.world.faults.clear()


async def test_nobody_answers(newsroom: Newsroom) -> None:
    """The ticker goes on by itself, also after the bot was stopped in between."""
    journalist, lead, editor = await newsroom.join(Role.JOURNALIST, Role.SECURITY, Role.EDITOR)
    await forward(newsroom, journalist)
    assert len(alarms_of(newsroom, lead)) == 1
    await newsroom.stop_bot()
    newsroom.bot_clock.shift += timedelta(minutes=6)
    before = len(newsroom.world.journal)
    await newsroom.start_bot()
    await newsroom.heard(lead, "T-1", since=before)
    await newsroom.quiet()
    assert len(alarms_of(newsroom, lead)) == 2
    newsroom.bot_clock.shift += timedelta(minutes=6)
    await newsroom.heard(editor, "T-1")


async def test_a_member_says_it_is_a_threat(newsroom: Newsroom) -> None:
    """A phone call written down: filed, recorded, asked who, which way, where, urgent; then the alarm rings."""
    journalist, lead = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    await newsroom.order(lead, "/staff add Бек Асанов; Бек")
    asked = await newsroom.order(journalist, "/threat Позвонил незнакомый, сказал, что знает, где я живу")
    assert "T-1" in asked.text
    await newsroom.press(journalist, asked, "twho")
    await newsroom.press(journalist, await newest(newsroom, journalist), "tchan", "call")
    await newsroom.press(journalist, await newest(newsroom, journalist), "tplace")
    await newsroom.order(journalist, "у дома")
    last = await newest(newsroom, journalist)
    if "turge" in actions_of(last):
        await newsroom.press(journalist, last, "turge")
    assert len(alarms_of(newsroom, lead)) == 1
    row = newsroom.database.rows("SELECT channel, spot, imminent, category FROM threats")[0]
    assert tuple(row) == ("call", "у дома", 1, "threat")


async def test_an_order_that_is_edited_rings(newsroom: Newsroom) -> None:
    """What was filed with /threat gets its grave half by an edit: the lead is called, and the order is none of it."""
    journalist, lead = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    sent = newsroom.world.send_text(journalist, "/threat приходи и поговорим")
    newsroom.later()
    await newsroom.quiet()
    words = "Тебе конец, мы тебя убьём завтра в 18:00 у твоего дома"
    newsroom.world.edit_text(journalist, sent, f"/threat {words}")
    newsroom.later()
    await newsroom.quiet()
    assert [tuple(row) for row in newsroom.database.rows("SELECT text, severity FROM threats")] == [(words, 4)]
    assert any("🚨" in message.text for message in newsroom.world.bot_messages(lead))


async def test_an_incident_beyond_threats(newsroom: Newsroom) -> None:
    """A search of the office: urgent by nature, of its own category; alone the command asks what happened."""
    journalist, lead = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    await newsroom.order(journalist, "/incident обыск Следователи в офисе с девяти утра")
    assert newsroom.database.value("SELECT category FROM threats") == "raid"
    assert len(alarms_of(newsroom, lead)) == 1
    choice = await newsroom.order(journalist, "/incident")
    await newsroom.press(journalist, choice, "tcat", "summons")
    await newsroom.order(journalist, "Повестка на допрос, пятница, 10:00")
    assert newsroom.database.value("SELECT count(*) FROM threats WHERE category = 'summons'") == 1


async def test_the_log_at_work(newsroom: Newsroom) -> None:
    """A query with a slip, a page, a record, its steps, a note, a kept query, files; a journalist is refused."""
    journalist, lead = await newsroom.join(Role.JOURNALIST, Role.SECURITY)
    await forward(newsroom, journalist)
    listed = await newsroom.order(lead, "/threats kind:arsn severity:>=3 colour:red")
    assert "/threat_1" in listed.text
    assert "colour:red" in listed.text
    await newsroom.press(lead, listed, "tfile", "picture")
    (second,) = await newsroom.join(Role.ADMIN)
    for form in ("csv", "xlsx"):
        await newsroom.press(lead, listed, "tfile", form)
        assert not any(form in str(m.body.get("document")) for m in newsroom.world.bot_messages(lead))
        await newsroom.press(second, newsroom.world.bot_messages(second)[-1], "actyes")
    sent = [m.body for m in newsroom.world.bot_messages(lead)]
    assert sum("document" in body for body in sent) == 2
    assert sum("photo" in body for body in sent) == 1
    await newsroom.press(lead, listed, "tsave")
    await newsroom.order(lead, "поджоги")
    assert "/threat_1" in (await newsroom.order(lead, "/threats поджоги")).text
    card = await newsroom.order(lead, "/threat_1")
    await newsroom.press(lead, card, "tmenu", "status")
    await newsroom.press(lead, await newest(newsroom, lead), "tstat", "police")
    assert newsroom.database.value("SELECT status FROM threats") == "police"
    await newsroom.order(lead, "/note T-1 Милиция предупреждена")
    await newsroom.order(lead, "/assign T-1 me")
    await newsroom.order(lead, "/stats")
    assert "/threat_1" in (await newsroom.order(lead, "/incident I-1")).text
    assert newsroom.database.value("SELECT assignee_id IS NOT NULL FROM threats") == 1
    refused = await newsroom.order(journalist, "/status T-1 resolved")
    assert "T-1" not in refused.text
    assert newsroom.database.value("SELECT status FROM threats") == "police"
    assert "/threat_1" in (await newsroom.order(journalist, "/threats")).text


async def test_quiet_hours_and_the_roster(newsroom: Newsroom) -> None:
    """Who takes the duty is called first; in quiet hours answers come without a sound, alarms with one."""
    journalist, lead, second = await newsroom.join(Role.JOURNALIST, Role.SECURITY, Role.SECURITY)
    card = await newsroom.order(second, "/duty")
    await newsroom.press(second, card, "dutytake")
    await newsroom.order(second, "/duty 00:00-23:59")
    before = len(newsroom.world.journal)
    await newsroom.order(second, "/whoami")
    await forward(newsroom, journalist)
    assert alarms_of(newsroom, lead) == []
    assert len(alarms_of(newsroom, second)) == 1
    sent = newsroom.world.journal.find(chat_id=second.id, since=before, where=lambda r: r.method == "sendMessage")
    assert [str(r.params.get("disable_notification", "")).lower() == "true" for r in sent] == [True, False]
