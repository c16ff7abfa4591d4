"""getUpdates behaves as Telegram's, from offsets to conflicts."""

import asyncio

import pytest
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken

from bot.simulator import Simulator, User, World
from tests.simulator.conftest import bot_of


def _ids(updates: tuple[Update, ...]) -> list[int]:
    return [update.update_id for update in updates]


async def test_unconfirmed_updates_come_again(world: World, bot: Bot, aigul: User) -> None:
    """Without an offset nothing is confirmed: the earliest unconfirmed updates are returned each time."""
    for number in range(3):
        world.send_text(aigul, f"message {number}")
    first = await bot.get_updates()
    assert _ids(first) == _ids(await bot.get_updates())
    assert len(first) == 3
    assert len(world.updates) == 3


async def test_an_offset_confirms_what_lies_before_it(world: World, bot: Bot, aigul: User) -> None:
    """A positive offset forgets every lower id, and only those."""
    for number in range(5):
        world.send_text(aigul, f"message {number}")
    ids = _ids(await bot.get_updates())
    assert _ids(await bot.get_updates(offset=ids[3])) == ids[3:]
    assert _ids(await bot.get_updates()) == ids[3:]
    assert world.updates.confirmed == 3


async def test_an_offset_far_in_the_future_is_ignored(world: World, bot: Bot, aigul: User) -> None:
    """A bot that remembers an id from before ids began anew must not lose what waits."""
    world.updates.restart_ids(1_000)
    world.send_text(aigul, "after a silent week")
    assert len(await bot.get_updates(offset=500_000_123)) == 1


def test_ids_do_not_restart_under_pending_updates(world: World, aigul: User) -> None:
    """Telegram draws new ids only for an idle queue."""
    world.send_text(aigul, "waiting")
    with pytest.raises(ValueError, match="no update is pending"):
        world.updates.restart_ids(5)


async def test_a_negative_offset_counts_from_the_end(world: World, bot: Bot, aigul: User) -> None:
    """Offset -2 keeps the last two and forgets the rest."""
    for number in range(5):
        world.send_text(aigul, f"message {number}")
    ids = _ids(await bot.get_updates())
    assert _ids(await bot.get_updates(offset=-2)) == ids[-2:]
    assert _ids(await bot.get_updates()) == ids[-2:]


async def test_the_limit_is_at_most_a_hundred(world: World, bot: Bot, aigul: User) -> None:
    """No answer holds more than 100 updates, whatever is asked."""
    for number in range(130):
        world.send_text(aigul, f"message {number}")
    assert len(await bot.get_updates(limit=7)) == 7
    assert len(await bot.get_updates()) == 100
    assert len(await bot.get_updates(limit=100_000)) == 100


async def test_a_long_poll_answers_when_something_happens(world: World, bot: Bot, aigul: User) -> None:
    """A waiting poll is answered at once by a new update."""
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0.1)
    world.send_text(aigul, "news")
    (update,) = await asyncio.wait_for(waiting, 5)
    assert update.message is not None
    assert update.message.text == "news"


async def test_a_long_poll_ends_empty(bot: Bot) -> None:
    """When nothing happens a poll ends after its timeout with nothing."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < loop.time() - began < 5


async def test_a_second_poller_ends_the_first(simulator: Simulator, world: World, bot: Bot, aigul: User) -> None:
    """The older of two polls gets 409; the newer one gets the update."""
    async with bot_of(simulator) as newer:
        older = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.sleep(0.1)
        waiting = asyncio.create_task(newer.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await asyncio.wait_for(older, 5)
        world.send_text(aigul, "who hears me?")
        assert len(await asyncio.wait_for(waiting, 5)) == 1


async def test_allowed_updates_are_remembered(world: World, bot: Bot, aigul: User) -> None:
    """The list holds until another is given; an empty one restores the default."""
    await bot.get_updates(allowed_updates=["edited_message"])
    said = world.send_text(aigul, "first")
    await bot.get_updates()
    world.edit_text(aigul, said, "second")
    updates = await bot.get_updates()
    assert [update.edited_message is not None for update in updates] == [True]
    await bot.get_updates(offset=updates[0].update_id + 1, allowed_updates=[])
    world.send_text(aigul, "third")
    assert len(await bot.get_updates()) == 1


async def test_reactions_and_members_come_only_when_named(world: World, bot: Bot, aigul: User) -> None:
    """message_reaction and chat_member are never in the default list."""
    said = world.send_text(aigul, "hello")
    group = world.add_group("Newsroom", members=[aigul], bot_is_admin=True)
    other = world.add_user("Nurlan")
    world.react(aigul, said, "👍")
    world.set_member(group, other, "member", by=aigul)
    assert len(await bot.get_updates()) == 1
    await bot.get_updates(allowed_updates=["message", "message_reaction", "chat_member"])
    world.react(aigul, said, ["🔥"])
    world.set_member(group, other, "left", by=other)
    reaction, member = (await bot.get_updates())[1:]
    assert reaction.message_reaction is not None
    assert reaction.message_reaction.old_reaction[0].to_dict()["emoji"] == "👍"
    assert reaction.message_reaction.new_reaction[0].to_dict()["emoji"] == "🔥"
    assert member.chat_member is not None
    assert member.chat_member.new_chat_member.status == "left"


async def test_a_wrong_token_is_refused(simulator: Simulator, world: World) -> None:
    """401 for a token that is not the bot's, and the bot's library says so."""
    stranger = Bot("7000000001:wrong", base_url=simulator.base_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    assert [request.status for request in world.journal] == [401]
    await stranger.shutdown()


async def test_thousands_of_updates_a_second(unjudged: Simulator) -> None:
    """Injected updates are served and confirmed fast enough for benchmarks: 5,000 well under five seconds."""
    world = unjudged.world
    user = world.add_user("Load")
    body = world.send_text(user, "x").body
    world.inject_updates([{"message": body}] * 4_999)
    async with bot_of(unjudged) as bot:
        loop = asyncio.get_running_loop()
        began, offset, taken = loop.time(), 0, 0
        while taken < 5_000:
            batch = await bot.get_updates(offset=offset, limit=100)
            taken += len(batch)
            offset = batch[-1].update_id + 1
        assert loop.time() - began < 5
