"""setMessageReaction and answerCallbackQuery."""

from typing import Final

from telegram.constants import ReactionEmoji

from bot.simulator.calls import Call
from bot.simulator.limits import MAX_CALLBACK_ANSWER
from bot.simulator.messages import StoredMessage
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import chat_of, check_writable, message_of
from bot.simulator.refusals import bad_request
from bot.simulator.world import World

_EMOJI: Final = frozenset(str(emoji.value) for emoji in ReactionEmoji)


@method("setMessageReaction")
async def set_message_reaction(world: World, call: Call) -> bool:
    """React with at most one emoji; an album takes it on its first message."""
    chat = chat_of(world, call)
    check_writable(world, chat)
    message = _first_of_album(world, message_of(world, call, chat, "react"))
    chosen = call.structure("reaction") or []
    if len(chosen) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(r.get("type") != "emoji" or r.get("emoji") not in _EMOJI for r in chosen):
        raise bad_request("REACTION_INVALID")
    message.reactions[world.bot.id] = [{"type": "emoji", "emoji": r["emoji"]} for r in chosen]
    world.announce("reaction", message)
    return True


def _first_of_album(world: World, message: StoredMessage) -> StoredMessage:
    group = message.body.get("media_group_id")
    if group is None:
        return message
    return next(m for m in world.chat_messages(message.chat_id) if m.body.get("media_group_id") == group)


@method("answerCallbackQuery")
async def answer_callback_query(world: World, call: Call) -> bool:
    """Answer a press, once: a toast, an alert or a link."""
    press = world.presses.get(call.text("callback_query_id") or "")
    if press is None or press.answer is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text") or ""
    if len(text) > MAX_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    press.settle({"text": text, "show_alert": call.flag("show_alert"), "url": call.text("url") or ""})
    world.events.publish("answer", press.as_json())
    world.touch()
    return True
