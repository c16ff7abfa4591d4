"""An editor's report over a period: windows typed, posts coded by two with a third deciding, files taken out."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.model.rights import Role
from bot.services.imports.posts import import_posts
from bot.services.imports.room import ImportRoom, Problem
from bot.simulator import StoredMessage, User
from bot.storage.store import Store
from tests.bot_runner import Newsroom, actions_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

WINDOWS = "2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31"
POSTS = """actor;category;platform;time;text;reactions;comments;shares;link
Партия;party;vk;2026-11-03 10:00;Биз үчүн добуш бер;100;10;5;https://vk.com/wall-1_1
Партия;party;vk;2026-10-07 10:00;Жыйын болот;50;5;0;https://vk.com/wall-1_2
"""


class Silent:
    """Follows an import without a word."""

    def progress(self, done: int, total: int) -> None:
        """Nobody looks."""

    def problem(self, problem: Problem) -> None:
        """There must be none."""
        raise AssertionError(problem)


async def bring(newsroom: Newsroom, path: Path) -> None:
    """`kalkan import posts`, beside the running bot."""
    store = Store(newsroom.settings.database)
    try:
        given: dict[str, Any] = {"vault": None, "analysis": None}
        newsroom_id = int(newsroom.database.value("SELECT id FROM newsrooms"))
        clock = newsroom.bot_clock
        room = ImportRoom(store=store, clock=clock, newsroom_id=newsroom_id, image_bytes=1, **given)
        assert (await import_posts(room, path, Silent())).added == 2
    finally:
        await store.close()


async def code(newsroom: Newsroom, who: User, tone: str, topic: str) -> StoredMessage:
    """Code the post that is shown to somebody; returns the message, as it is then."""
    message = newsroom.world.last_bot_message(who)
    assert message is not None
    for action, value in (("cdtone", tone), ("cdtopic", topic)):
        await newsroom.press(who, message, action, value)
        message = newsroom.world.message((who.id, message.message_id))
    return message


async def test_from_posts_to_a_report(newsroom: Newsroom, tmp_path: Path) -> None:
    """Unequal windows are refused with the one that fits; two code, a third decides; the PDF comes as a file."""
    one, two, three, journalist = await newsroom.join(Role.EDITOR, Role.EDITOR, Role.SECURITY, Role.JOURNALIST)
    refused = await newsroom.order(one, "/report 2026-11-01..2026-11-26 vs 2026-10-06..2026-10-30")
    assert "2026-10-06..2026-10-31" in refused.text
    assert "not available" in (await newsroom.order(journalist, f"/report {WINDOWS}")).text
    await asyncio.to_thread((tmp_path / "posts.csv").write_text, POSTS, encoding="utf-8")
    await bring(newsroom, tmp_path / "posts.csv")
    card = await newsroom.order(one, f"/report {WINDOWS}")
    assert "Posts: 1 / 1" in card.text
    assert "Coded: 0 / 0 of 1 / 1" in card.text
    await newsroom.press(one, card, "rpcode")
    for who, tone in ((one, "positive"), (two, "neutral")):
        shown = await newsroom.order(who, "/code")
        assert actions_of(shown).count("cdtone") == 3
        await code(newsroom, who, tone, "elections")
        done = await code(newsroom, who, tone, "elections")
        assert "nothing for you to code" in done.text
    shown = await newsroom.order(three, "/code")
    assert "Two colleagues differ" in shown.text
    for _ in range(2):
        message = newsroom.world.last_bot_message(three)
        assert message is not None
        await newsroom.press(three, message, "cdtone", "positive")
    card = await newsroom.order(one, f"/report {WINDOWS}")
    assert "Coded: 1 / 1 of 1 / 1" in card.text
    assert actions_of(card) == ["rpfile"] * 3
    before = len(newsroom.world.journal)
    await newsroom.press(one, card, "rpfile", "xlsx")
    assert newsroom.world.journal.find(method="sendDocument", chat_id=one.id, since=before)
