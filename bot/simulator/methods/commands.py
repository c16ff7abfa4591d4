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
    spec = call.structure("scope")
    if spec is not None and not isinstance(spec, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    plain = plain_scope(spec)
    if plain is not None or spec is None:
        return plain or ("default", 0, 0)
    chat = chat_of(world, Call(method=call.method, params=spec))
    if chat.user is not None and not chat.user.started:
        raise bad_request("chat not found")
    if spec["type"] != "chat" and not chat.is_group:
        raise bad_request("chat is not a group or a supergroup")
    user = int(spec.get("user_id") or 0) if spec["type"] == "chat_member" else 0
    return (str(spec["type"]), chat.id, user)
