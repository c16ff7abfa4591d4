"""Two newsrooms in one PostgreSQL, each with a bot and processes of its own: neither learns that the other is there."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from bot.analysis import Analysis
from bot.model.rights import Role
from bot.simulator import origins
from tests.bot_runner import SECRET_PART, Newsroom, open_newsroom
from tests.journeys.command_line import CommandLine
from tests.postgres import seeing_all

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.postgres]
TEXT = "Мы сожжём вашу редакцию, ждите нас в пятницу вечером"


@asynccontextmanager
async def both(folder: Path, url: str, analysis: Analysis) -> AsyncIterator[list[Newsroom]]:
    """Two newsrooms at work in one database."""
    async with AsyncExitStack() as stack:
        rooms = []
        for number, key in enumerate("ab"):
            token = f"700000001{number}:{SECRET_PART}"
            given = {"database_url": url, "newsroom": key, "telegram_token": token}
            room = await stack.enter_async_context(open_newsroom(folder / key, analysis, **given))
            await room.start_bot()
            rooms.append(room)
        yield rooms


async def test_two_newsrooms_at_once(tmp_path: Path, postgres_copy: str, analysis: Analysis) -> None:
    """The same words come to both: each files its own first case, and says nothing of the other's."""
    async with both(tmp_path, postgres_copy, analysis) as rooms:
        people = [(await room.join(Role.JOURNALIST, names=[f"Only in {n}"]))[0] for n, room in enumerate(rooms)]
        for room, who in zip(rooms, people, strict=True):
            room.world.forward(who, origins.from_user("Тролль", username="troll.one"), TEXT)
            await room.quiet()
        for number, (room, who) in enumerate(zip(rooms, people, strict=True)):
            card = room.card(who, 1)
            assert "K-1 ·" in card.text
            assert "Only in" not in card.text
            assert not [m for m in room.world.bot_messages(who) if f"Only in {1 - number}" in m.text]
        for room in rooms:
            assert await doctor(room) == ("ok", "row-level security holds for this role")
        assert (await doctor(rooms[0], seeing_all(postgres_copy)))[0] == "problem"
        owners = rooms[0].database.rows("SELECT newsroom_id, count(*) FROM submissions GROUP BY newsroom_id")
        assert sorted(row[1] for row in owners) == [1, 1]


async def doctor(room: Newsroom, url: str = "") -> tuple[str, str]:
    """What the doctor says of the newsroom's neighbours."""
    given = {"KALKAN_DATABASE_URL": url or str(room.settings.database_url), "KALKAN_NEWSROOM": room.settings.newsroom}
    done = await asyncio.to_thread(CommandLine(room.settings.data_dir, **given), "doctor", "--json")
    return next((sign["state"], sign["said"]) for sign in json.loads(done.out) if sign["what"] == "other newsrooms")


async def test_a_member_of_one_is_a_stranger_to_the_other(
    tmp_path: Path, postgres_copy: str, analysis: Analysis
) -> None:
    """Also where both bots share the database: an invite and a membership of one open nothing in the other."""
    async with both(tmp_path, postgres_copy, analysis) as rooms:
        (token,) = await rooms[0].invite(Role.ADMIN)
        there = rooms[1]
        stranger = there.world.add_user("Stranger", started=True)
        there.world.start(stranger, token)
        there.world.send_text(stranger, "/health")
        await there.quiet()
        assert there.world.bot_messages(stranger) == []
        assert there.database.value("SELECT count(*) FROM members") == 0
