"""The pace as Telegram sees it: 20 members at once, and no limit is passed."""

import asyncio
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from bot.analysis import Analysis
from bot.model.rights import Role
from bot.simulator import origins
from tests.bot_runner import FlowingClock, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="session")

#: How the bot listens: that shows nobody anything. The webhook is taken away once, at the start.
LISTENING = frozenset({"getUpdates", "getMe", "deleteWebhook"})
MESSAGES = frozenset({"sendMessage", "editMessageText"})


async def test_a_burst_of_many_keeps_the_pace(folder: Path, analysis: Analysis) -> None:
    """25 requests a second over all chats, a second between two messages of a chat, and not one 429 of Telegram's."""
    quick = {"send_per_second": 25, "send_chat_seconds": 1.0}
    async with open_newsroom(folder, analysis, FlowingClock(), **quick) as room:
        room.paced = True
        room.world.flood.enabled = True
        await room.admit(Role.JOURNALIST, 20)
        people = [user for user in room.world.users.values() if not user.is_bot]
        seen: list[tuple[float, str, int]] = []
        loop = asyncio.get_running_loop()
        room.simulator.observers.append(
            lambda call, _: seen.append((loop.time(), call.method, call.integer("chat_id")))
        )
        for turn in range(3):
            for who in people:
                room.world.forward(who, origins.from_hidden_user("X"), f"слова, которых нет нигде, {turn} {who.id}")
            room.later()
        await room.start_bot()
        await room.quiet(60)
        sent = [at for at, method, _ in seen if method not in LISTENING]
        assert len(sent) >= 6 * 20
        assert max(sum(start <= at < start + 1.0 for at in sent) for start in sent) <= 25
        chats = defaultdict(list)
        for at, method, chat in seen:
            if method in MESSAGES:
                chats[chat].append(at)
        gaps = [later - at for times in chats.values() for at, later in pairwise(times)]
        assert all(gap >= 0.99 for gap in gaps)
        assert room.world.flood.refused == 0
        assert {len(room.world.bot_messages(who)) for who in people} == {3}
