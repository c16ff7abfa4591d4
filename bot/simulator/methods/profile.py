"""The bot's own profile: name, description, short description, menu button."""

from typing import Final

from telegram.constants import BotDescriptionLimit, BotNameLimit

from bot.simulator.calls import Call
from bot.simulator.methods.registry import METHODS, Method, method
from bot.simulator.methods.targets import chat_of
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json
from bot.simulator.world import World

# parameter -> (suffix of the methods, longest value)
_TEXTS: Final = {
    "name": ("MyName", int(BotNameLimit.MAX_NAME_LENGTH)),
    "description": ("MyDescription", int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH)),
    "short_description": ("MyShortDescription", int(BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH)),
}


def _setter(name: str, longest: int) -> Method:
    async def set_text(world: World, call: Call) -> bool:
        value = call.text(name) or ""
        if len(value) > longest:
            raise bad_request(f"{name.replace('_', ' ')} is too long")
        world.profile[name, call.text("language_code") or ""] = value
        return True

    return set_text


def _getter(name: str) -> Method:
    async def get_text(world: World, call: Call) -> Json:
        language = call.text("language_code") or ""
        default = world.bot.first_name if name == "name" else ""
        found = world.profile.get((name, language)) or world.profile.get((name, "")) or default
        return {name: found}

    return get_text


for _name, (_suffix, _longest) in _TEXTS.items():
    METHODS[f"set{_suffix}".lower()] = _setter(_name, _longest)
    METHODS[f"get{_suffix}".lower()] = _getter(_name)


@method("setChatMenuButton")
async def set_chat_menu_button(world: World, call: Call) -> bool:
    """Set the button beside the input field, of one private chat or of all."""
    button = call.structure("menu_button") or {"type": "default"}
    if button.get("type") not in {"commands", "web_app", "default"}:
        raise bad_request("can't parse MenuButton: unsupported type specified")
    if call.params.get("chat_id"):
        chat_of(world, call).menu_button = button
    else:
        world.default_menu_button = button
    return True


@method("getChatMenuButton")
async def get_chat_menu_button(world: World, call: Call) -> Json:
    """The button of a private chat, or the default one."""
    own = chat_of(world, call).menu_button if call.params.get("chat_id") else None
    return own or world.default_menu_button
