"""Commands by scope and language, the bot's profile, chats, topics, unknown methods."""

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    MenuButtonCommands,
)
from telegram.error import BadRequest, EndPointNotFound, Forbidden

from bot.simulator import Simulator, User, World
from bot.simulator.methods import METHODS


def _menu(name: str) -> list[BotCommand]:
    return [BotCommand(name, f"does {name}")]


def _shown(world: World, user: User, chat_id: int | None = None) -> list[str]:
    return [item["command"] for item in world.menus.shown_to(user, world.chat(chat_id or user.id))]


async def test_the_narrowest_menu_is_shown(world: World, bot: Bot, aigul: User) -> None:
    """Chat before all private chats before default; a person's language before none, within each scope."""
    assert _shown(world, aigul) == []
    await bot.set_my_commands(_menu("default"))
    assert _shown(world, aigul) == ["default"]
    await bot.set_my_commands(_menu("private"), BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(_menu("default_ky"), language_code="ky")
    assert _shown(world, aigul) == ["private"]
    await bot.set_my_commands(_menu("private_ky"), BotCommandScopeAllPrivateChats(), "ky")
    assert _shown(world, aigul) == ["private_ky"]
    await bot.set_my_commands(_menu("own"), BotCommandScopeChat(aigul.id))
    assert _shown(world, aigul) == ["own"]
    await bot.delete_my_commands(BotCommandScopeChat(aigul.id))
    assert _shown(world, aigul) == ["private_ky"]


async def test_menus_in_groups(world: World, bot: Bot, aigul: User) -> None:
    """A member's own menu, then the administrators', then the default."""
    boss = world.add_user("Boss")
    group = world.add_group("Desk", members=[aigul], owner=boss)
    await bot.set_my_commands(_menu("default"))
    await bot.set_my_commands(_menu("admins"), BotCommandScopeChatAdministrators(group.id))
    await bot.set_my_commands(_menu("hers"), BotCommandScopeChatMember(group.id, aigul.id))
    assert _shown(world, boss, group.id) == ["admins"]
    assert _shown(world, aigul, group.id) == ["hers"]
    await bot.delete_my_commands(BotCommandScopeChatMember(group.id, aigul.id))
    assert _shown(world, aigul, group.id) == ["default"]


async def test_get_my_commands_is_exact(world: World, bot: Bot, aigul: User) -> None:
    """getMyCommands does not resolve: another scope or language has nothing."""
    await bot.set_my_commands(_menu("default"))
    assert [command.command for command in await bot.get_my_commands()] == ["default"]
    assert await bot.get_my_commands(language_code="ky") == ()
    assert await bot.get_my_commands(BotCommandScopeChat(aigul.id)) == ()


async def test_menus_that_telegram_refuses(world: World, bot: Bot) -> None:
    """Bad names, unknown chats, people who never wrote, and languages of three letters."""
    shy = world.add_user("Shy")
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands(_menu("Help!"))
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands(_menu("x"), BotCommandScopeChat(4))
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands(_menu("x"), BotCommandScopeChat(shy.id))
    with pytest.raises(BadRequest, match="language code"):
        await bot.set_my_commands(_menu("x"), language_code="kyr")


async def test_profile_texts(bot: Bot) -> None:
    """Name and descriptions are kept per language and fall back to the default."""
    await bot.set_my_name("Калкан")
    await bot.set_my_description("A shield")
    await bot.set_my_description("Калкан", language_code="ky")
    await bot.set_my_short_description("short")
    assert (await bot.get_my_name("ru")).name == "Калкан"
    assert (await bot.get_my_description("ky")).description == "Калкан"
    assert (await bot.get_my_description("en")).description == "A shield"
    assert (await bot.get_my_short_description()).short_description == "short"
    with pytest.raises(BadRequest, match="Description is too long"):
        await bot.set_my_description("x" * 513)


async def test_menu_button(bot: Bot, aigul: User) -> None:
    """The button of one chat and of all."""
    assert await bot.set_chat_menu_button(aigul.id, MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(aigul.id), MenuButtonCommands)


async def test_chats_and_members(world: World, bot: Bot, aigul: User) -> None:
    """What a chat is, who administers it, what somebody is in it."""
    boss = world.add_user("Boss")
    group = world.add_group("Desk", members=[aigul], owner=boss, bot_is_admin=True, is_forum=True)
    assert (await bot.get_chat(aigul.id)).first_name == "Айгуль"
    assert (await bot.get_chat(group.id)).title == "Desk"
    administrators = await bot.get_chat_administrators(group.id)
    assert {member.status for member in administrators} == {"creator", "administrator"}
    assert (await bot.get_chat_member(group.id, aigul.id)).status == "member"
    stranger = world.add_user("Stranger")
    assert (await bot.get_chat_member(group.id, stranger.id)).status == "left"
    world.set_member(group, stranger, "kicked", by=boss)
    assert (await bot.get_chat_member(group.id, stranger.id)).status == "kicked"
    assert await bot.get_chat_member_count(group.id) == 3
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(5)


async def test_pins_and_leaving(world: World, bot: Bot, aigul: User) -> None:
    """Pinning needs rights in a group; after leaving the bot is out."""
    group = world.add_group("Desk", members=[aigul])
    sent = await bot.send_message(group.id, "x")
    with pytest.raises(BadRequest, match="Not enough rights"):
        await bot.pin_chat_message(group.id, sent.message_id)
    world.set_member(group, world.bot, "administrator", by=aigul)
    assert await bot.pin_chat_message(group.id, sent.message_id)
    pinned = (await bot.get_chat(group.id)).pinned_message
    assert pinned is not None
    assert pinned.message_id == sent.message_id
    assert await bot.unpin_chat_message(group.id)
    assert await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_topics(world: World, bot: Bot, aigul: User) -> None:
    """A topic takes messages of its own; a thread that does not exist is refused."""
    forum = world.add_group("Cases", members=[aigul], is_forum=True, bot_is_admin=True)
    topic = await bot.create_forum_topic(forum.id, "K-12")
    sent = await bot.send_message(forum.id, "in the topic", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=4_000)
    assert await bot.edit_forum_topic(forum.id, topic.message_thread_id, name="K-12 closed")


async def test_an_unknown_method(bot: Bot) -> None:
    """404, as Telegram answers."""
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendTelepathy")


_NAMES = (
    "chat_id",
    "message_id",
    "user_id",
    "from_chat_id",
    "message_ids",
    "text",
    "caption",
    "parse_mode",
    "entities",
    "caption_entities",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "photo",
    "document",
    "media",
    "reaction",
    "scope",
    "commands",
    "language_code",
    "file_id",
    "url",
    "callback_query_id",
    "offset",
    "limit",
    "allowed_updates",
    "secret_token",
    "menu_button",
    "name",
    "icon_color",
    "message_thread_id",
    "action",
    "description",
    "short_description",
    "max_connections",
)
_SHAPES: tuple[object, ...] = (
    None, [], {}, "x", "{", "[", -1, 10**30, 1.5, True, [[]], [None], {"a": 1}, [{}], "\x00ө",
)  # fmt: skip


@pytest.mark.parametrize("shape", _SHAPES, ids=repr)
async def test_no_shape_of_a_parameter_is_a_crash(unjudged: Simulator, shape: object) -> None:
    """Every method answers every shape of every parameter in JSON, with a result or a refusal; never with 500."""
    user = unjudged.world.add_user("Aigul", started=True)
    said = unjudged.world.send_text(user, "x")
    sound = {"chat_id": user.id, "from_chat_id": user.id, "message_id": said.message_id, "text": "x"}
    async with aiohttp.ClientSession() as session:
        for name in sorted({*METHODS, "getupdates", "getwebhookinfo", "setwebhook", "deletewebhook"}):
            for params in (dict.fromkeys(_NAMES, shape), dict.fromkeys(_NAMES, shape) | sound):
                url = f"{unjudged.base_url}{unjudged.world.token}/{name}"
                async with session.post(url, json=params) as response:
                    body = await response.json()
                    assert response.status in {200, 400, 403, 404}, (name, body)
                    assert body["ok"] == (response.status == 200)
