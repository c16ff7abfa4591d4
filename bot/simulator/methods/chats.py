"""getChat, getChatMember, getChatAdministrators, getChatMemberCount, leaveChat, pinChatMessage, unpinChatMessage."""

from bot.simulator.bodies import new_message
from bot.simulator.calls import Call
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import chat_of, check_writable, message_of
from bot.simulator.people import Chat, member_json
from bot.simulator.refusals import bad_request, forbidden
from bot.simulator.shapes import Json
from bot.simulator.world import World

_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@method("getChat")
async def get_chat(world: World, call: Call) -> Json:
    """Everything about a chat."""
    chat = _joined(world, call)
    body = chat.as_json() | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if chat.pinned and (pinned := world.messages.find(chat.id, chat.pinned[-1])):
        body["pinned_message"] = pinned.as_reply()
    return body


@method("getChatMember")
async def get_chat_member(world: World, call: Call) -> Json:
    """What a user is in a chat."""
    chat = _joined(world, call)
    user = world.users.get(call.integer("user_id"))
    if user is None:
        raise bad_request("invalid user_id specified")
    if chat.kind == "private":
        return member_json(user, "member", chat.kind)
    return member_json(user, chat.members.get(user.id, "left"), chat.kind)


@method("getChatAdministrators")
async def get_chat_administrators(world: World, call: Call) -> list[Json]:
    """The administrators who are not bots, and this bot if it is one."""
    chat = _joined(world, call)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    return [
        member_json(world.user(number), status, chat.kind)
        for number, status in chat.members.items()
        if chat.is_admin(number)
    ]


@method("getChatMemberCount")
async def get_chat_member_count(world: World, call: Call) -> int:
    """How many are in a chat, the bot included."""
    chat = _joined(world, call)
    return 2 if chat.kind == "private" else sum(chat.has(number) for number in chat.members)


@method("leaveChat")
async def leave_chat(world: World, call: Call) -> bool:
    """Leave a group or channel."""
    chat = _joined(world, call)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.set_member(chat, world.bot, "left", by=world.bot)
    return True


@method("pinChatMessage")
async def pin_chat_message(world: World, call: Call) -> bool:
    """Pin a message; in a group this needs an administrator."""
    chat = _pinnable(world, call)
    message = message_of(world, call, chat, "pin")
    chat.pinned = [number for number in chat.pinned if number != message.message_id] + [message.message_id]
    notice = new_message(world, chat, world.bot, {"pinned_message": message.as_reply()})
    world.announce("message", notice)
    return True


@method("unpinChatMessage")
async def unpin_chat_message(world: World, call: Call) -> bool:
    """Unpin a message, by default the newest pinned one."""
    chat = _pinnable(world, call)
    number = call.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    return True


def _pinnable(world: World, call: Call) -> Chat:
    chat = chat_of(world, call)
    check_writable(world, chat)
    if chat.kind != "private" and not chat.is_admin(world.bot.id):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def _joined(world: World, call: Call) -> Chat:
    chat = chat_of(world, call)
    if chat.user is not None:
        if not chat.user.started:
            raise bad_request("chat not found")
    elif not chat.has(world.bot.id):
        kicked = chat.members.get(world.bot.id) == "kicked"
        raise forbidden(f"bot {'was kicked from' if kicked else 'is not a member of'} the {chat.kind} chat")
    return chat
