"""createForumTopic and editForumTopic."""

from typing import Final

from telegram.constants import ForumIconColor, ForumTopicLimit

from bot.simulator.bodies import new_message
from bot.simulator.calls import Call
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import chat_of, check_writable
from bot.simulator.people import Chat, Topic
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World

_COLORS: Final = frozenset(int(color) for color in ForumIconColor)


@method("createForumTopic")
async def create_forum_topic(world: World, call: Call) -> Json:
    """Open a topic in a forum supergroup where the bot is an administrator."""
    chat = _forum(world, call)
    name = _checked_name(call)
    color = call.integer("icon_color", int(ForumIconColor.BLUE))
    if color not in _COLORS:
        raise bad_request("wrong icon color specified")
    notice = new_message(
        world, chat, world.bot, {"forum_topic_created": {"name": name, "icon_color": color}, "is_topic_message": True}
    )
    notice.body["message_thread_id"] = notice.message_id
    topic = Topic(thread_id=notice.message_id, name=name, icon_color=color)
    chat.topics[topic.thread_id] = topic
    world.announce("message", notice)
    return topic.as_json()


@method("editForumTopic")
async def edit_forum_topic(world: World, call: Call) -> bool:
    """Rename a topic."""
    chat = _forum(world, call)
    topic = chat.topics.get(call.integer("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    if call.params.get("name"):
        topic.name = _checked_name(call)
    return True


def _checked_name(call: Call) -> str:
    name = (call.text("name") or "").strip()
    if not name or len(name) > int(ForumTopicLimit.MAX_NAME_LENGTH):
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    return name


def _forum(world: World, call: Call) -> Chat:
    chat = chat_of(world, call)
    check_writable(world, chat)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if not chat.is_admin(world.bot.id):
        raise bad_request("not enough rights to create a topic")
    return chat
