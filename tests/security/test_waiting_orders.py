"""With the running bot: an order that asked for a code goes on by itself after it, and never for who may no longer."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
import pytest_asyncio

from bot.analysis import Analysis
from bot.model.rights import Role
from bot.simulator import User
from tests.bot_runner import Newsroom, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def strict(folder: Path, analysis: Analysis) -> AsyncIterator[Newsroom]:
    """A running bot that asks for second factors."""
    async with open_newsroom(folder, analysis, step_up=True) as room:
        await room.start_bot()
        yield room


async def authenticator(room: Newsroom, who: User) -> pyotp.TOTP:
    """A second factor that is set up, and not fresh any longer."""
    asked = await room.order(who, "/totp")
    made = pyotp.TOTP(asked.text.split("secret=")[1].split("&")[0])
    await room.order(who, code(room, made))
    room.bot_clock.shift += timedelta(hours=1)
    return made


def code(room: Newsroom, made: pyotp.TOTP) -> str:
    """The code of the bot's moment."""
    return made.at(int(room.bot_clock().timestamp()))


def invites(room: Newsroom, who: User) -> int:
    """How many invites somebody made."""
    query = "SELECT count(*) FROM invites WHERE created_by = (SELECT id FROM members WHERE telegram_id = ?)"
    return int(room.database.value(query, who.id))


async def test_an_order_goes_on_after_the_code(strict: Newsroom) -> None:
    """A command, and a press: each is done once; the same code again does nothing."""
    (lead,) = await strict.join(Role.ADMIN)
    made = await authenticator(strict, lead)
    assert "within 5 minutes" in (await strict.order(lead, "/invite journalist")).text
    assert invites(strict, lead) == 0
    given = code(strict, made)
    await strict.order(lead, given)
    said = [message.text for message in strict.world.bot_messages(lead)]
    assert any("Your request goes on." in text for text in said)
    assert invites(strict, lead) == 1
    await strict.order(lead, given)
    strict.bot_clock.shift += timedelta(hours=1)
    assert "please ask again" in (await strict.order(lead, code(strict, made))).text
    assert invites(strict, lead) == 1
    # A press that lets a file leave.
    card = await strict.order(lead, "/audit")
    strict.bot_clock.shift += timedelta(hours=1)
    await strict.press(lead, card, "auditfile")
    before = len(strict.world.journal)
    await strict.order(lead, code(strict, made))
    assert len(strict.world.journal.find(chat_id=lead.id, since=before, method="sendDocument")) == 1


@pytest.mark.parametrize("loss", ["role", "membership"])
async def test_rights_are_asked_again_when_it_goes_on(strict: Newsroom, loss: str) -> None:
    """Between the order and its code somebody stopped being an administrator, or a member: nothing is done."""
    lead, _keeper = await strict.join(Role.ADMIN, Role.ADMIN)
    made = await authenticator(strict, lead)
    await strict.order(lead, "/invite admin")
    change = {"role": "roles = 'journalist'", "membership": "status = 'removed'"}[loss]
    before = len(strict.world.journal)
    await strict.database.write(f"UPDATE members SET {change} WHERE telegram_id = ?", lead.id)  # noqa: S608
    strict.world.send_text(lead, code(strict, made))
    await strict.quiet()
    assert invites(strict, lead) == 0
    heard = [
        request.params["text"]
        for request in strict.world.journal.find(chat_id=lead.id, since=before)
        if request.method == "sendMessage"
    ]
    assert any("goes on" in text for text in heard) == (loss == "role")
    assert strict.database.value("SELECT count(*) FROM inbox_updates WHERE state != 'done'") == 0
