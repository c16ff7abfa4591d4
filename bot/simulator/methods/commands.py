"""setMyCommands, getMyCommands, deleteMyCommands."""

from bot.simulator.calls import Call
from bot.simulator.command_menus import Scope, plain_scope
from bot.simulator.methods.registry import method
from bot.simulator.methods.targets import chat_of
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World


@method("setMyCommands")
async def set_my_commands(world: World, call: Call) -> bool:
    """Store the menu of a scope and language."""
    commands = call.structure("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    world.menus.put(_scope(world, call), call.text("language_code") or "", commands)
    world.events.publish("commands", {})
    world.touch()
    return True


@method("getMyCommands")
async def get_my_commands(world: World, call: Call) -> list[Json]:
    """Exactly the menu of this scope and language."""
    return world.menus.get(_scope(world, call), call.text("language_code") or "")


@method("deleteMyCommands")
async def delete_my_commands(world: World, call: Call) -> bool:
    """Forget the menu of a scope and language."""
    world.menus.drop(_scope(world, call), call.text("language_code") or "")
    world.events.publish("commands", {})
    world.touch()
    return True


def _scope(world: World, call: Call) -> Scope:
    spec = call.nested("scope")
    plain = plain_scope(spec.params or None)
    if plain is not None:
        return plain
    chat = chat_of(world, spec)
    if chat.user is not None and not chat.user.started:
        raise bad_request("chat not found")
    kind = spec.text("type") or ""
    if kind != "chat" and not chat.is_group:
        raise bad_request("chat is not a group or a supergroup")
    return (kind, chat.id, spec.integer("user_id") if kind == "chat_member" else 0)
