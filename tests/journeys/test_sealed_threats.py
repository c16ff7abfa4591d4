"""A threat whose words are sealed: every card says so, nothing crashes, a lead is handed the age files."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
import pytest_asyncio

from bot.analysis import Analysis
from bot.i18n import LANGUAGES
from bot.model.rights import Role
from bot.simulator import User, origins
from tests.bot_runner import Newsroom, actions_of, open_newsroom, until

pytestmark = pytest.mark.asyncio(loop_scope="session")

LEAD = pyrage.x25519.Identity.generate()
CANARY = "кенарейка"
THREAT = f"Сегодня вечером придём и сожжём ваш офис, {CANARY}"
NOTE = "записка канарейки"
SEALED = "SELECT count(*) FROM sealed_bodies WHERE removed_id IS NOT NULL"


@pytest_asyncio.fixture(loop_scope="session")
async def sealing(folder: Path, analysis: Analysis) -> AsyncIterator[Newsroom]:
    """A running bot that seals at once what nothing rings for."""
    async with open_newsroom(folder, analysis, seal_threats_hours=0) as room:
        await room.start_bot()
        yield room


async def seal_to(room: Newsroom, recipient: str) -> None:
    """As `kalkan seal add` does."""
    newsroom = room.database.value("SELECT id FROM newsrooms")
    query = "INSERT INTO seal_recipients (id, newsroom_id, recipient, name, added_at) VALUES (1, ?, ?, 'Lead', ?)"
    await room.database.write(query, newsroom, recipient, "2026-01-01 00:00:00.000000")


async def threatened(room: Newsroom) -> tuple[User, User, User]:
    """One threat by three accounts, so that it is a campaign too, with a note; the alarm is taken, all is sealed."""
    journalist, lead, editor = await room.join(Role.JOURNALIST, Role.SECURITY, Role.EDITOR)
    for name in ("Один", "Два", "Три"):
        room.world.forward(journalist, origins.from_hidden_user(name), THREAT)
        room.later()
        await room.quiet()
    await room.order(lead, f"/note T-1 {NOTE}")
    (alarm,) = [m for m in room.world.bot_messages(lead) if "atake" in actions_of(m)]
    await room.press(lead, alarm, "atake")
    await seal_to(room, str(LEAD.to_public()))
    # People's clock is ahead of the bot's.
    room.bot_clock.shift += timedelta(days=1)
    cases = room.database.value("SELECT count(DISTINCT submission_id) FROM threat_sightings")
    await until(lambda: room.database.value(SEALED) == cases, 120, room)
    await room.quiet()
    return journalist, lead, editor


@pytest.mark.slow
async def test_every_card_of_a_sealed_threat(sealing: Newsroom) -> None:
    """In three languages, for each role: the card is there, says that the words are sealed, and has none of them."""
    room = sealing
    journalist, lead, editor = await threatened(room)
    number = len(room.world.journal)
    for language in LANGUAGES:
        await room.database.write("UPDATE members SET language = ?", language)
        for who in (lead, editor):
            for order in ("/threat T-1", "/threats", "/cases", "/case_1", "/campaigns", "/incident I-1", "/stats"):
                answer = await room.order(who, order)
                assert CANARY not in answer.text, order
                if order in ("/threat T-1", "/threats", "/cases", "/case_1", "/incident I-1"):
                    assert "🔐" in answer.text, (order, language)
        campaign = await room.order(editor, "/campaign C-1")
        assert "🔐" in campaign.text
        mine = await room.order(journalist, "/mine")
        assert "🔐" in mine.text
        found = await room.order(lead, f"/threats {CANARY}")
        assert "🔐" in found.text, "how many sealed records were not searched"
        record = await room.order(lead, "/threat T-1")
        for action in ("thist", "tseen"):
            await room.press(lead, record, action)
            record = await room.order(lead, "/threat T-1")
        case = await room.order(lead, "/case_1")
        if "copies" in actions_of(case):
            await room.press(lead, case, "copies")
    await room.order(journalist, f"/find {THREAT}")
    said = [str(request) for request in room.world.journal.find(since=number)]
    assert [each for each in said if NOTE in each] == []
    await handed_out(room, journalist, lead)


async def handed_out(room: Newsroom, journalist: User, lead: User) -> None:
    """By a press under the record a lead gets the age files; who took them stands in the audit."""
    await room.database.write("UPDATE members SET language = 'en'")
    record = await room.order(lead, "/threat T-1")
    assert "tsealed" in actions_of(record)
    assert "tsealed" not in actions_of(await room.order(journalist, "/threat T-1"))
    before = len(room.world.journal)
    await room.press(lead, record, "tsealed")
    sent = [r for r in room.world.journal.find(chat_id=lead.id, since=before) if r.method == "sendDocument"]
    assert len(sent) == 6
    told = [message for message in room.world.bot_messages(lead) if "document" in message.body]
    assert len(told) == 6
    audit = await room.order(lead, "/audit exported")
    assert lead.first_name in audit.text
