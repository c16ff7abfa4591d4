"""Command menus by scope and language, and which of them a person sees.

Scopes and the order of their resolution: Bot API, "Determining list of commands".
"""

import re
from dataclasses import dataclass, field
from typing import Final

from telegram.constants import BotCommandLimit

from bot.simulator.people import Chat, User
from bot.simulator.refusals import bad_request
from bot.simulator.shapes import Json

_NAME: Final = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")
_PLAIN_SCOPES: Final = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})

Scope = tuple[str, int, int]  # type, chat id or 0, user id or 0


@dataclass(slots=True)
class CommandMenus:
    """What setMyCommands has stored."""

    _menus: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)

    def put(self, scope: Scope, language: str, commands: list[Json]) -> None:
        """Store a menu; an empty one is the same as none."""
        _check_language(language)
        for command in commands:
            _check_command(command)
        if len(commands) > int(BotCommandLimit.MAX_COMMAND_NUMBER):
            raise bad_request("too many bot commands specified")
        self._menus[scope, language] = [{n: c[n] for n in ("command", "description")} for c in commands]

    def get(self, scope: Scope, language: str) -> list[Json]:
        """Exactly this scope's menu, as getMyCommands answers: no resolution."""
        _check_language(language)
        return self._menus.get((scope, language), [])

    def drop(self, scope: Scope, language: str) -> None:
        """Forget one menu."""
        _check_language(language)
        self._menus.pop((scope, language), None)

    def shown_to(self, user: User, chat: Chat) -> list[Json]:
        """The menu that the person sees in the chat: the first that is set."""
        for scope in _order(user, chat):
            for language in ((user.language_code or "").split("-")[0], ""):
                if menu := self._menus.get((scope, language)):
                    return menu
        return []


def _order(user: User, chat: Chat) -> list[Scope]:
    if not chat.is_group:
        return [("chat", chat.id, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
    admin: list[Scope] = [("chat_administrators", chat.id, 0)] if chat.is_admin(user.id) else []
    admins: list[Scope] = [("all_chat_administrators", 0, 0)] if chat.is_admin(user.id) else []
    own: Scope = ("chat_member", chat.id, user.id)
    return [own, *admin, ("chat", chat.id, 0), *admins, ("all_group_chats", 0, 0), ("default", 0, 0)]


def plain_scope(scope: Json | None) -> Scope | None:
    """The scope without a chat, or None when its chat must be looked up. Raises ApiError 400 for an unknown type."""
    kind = "default" if scope is None else scope.get("type")
    if kind in _PLAIN_SCOPES:
        return (str(kind), 0, 0)
    if kind in {"chat", "chat_administrators", "chat_member"}:
        return None
    raise bad_request("can't parse BotCommandScope: unsupported type specified")


def _check_language(language: str) -> None:
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")


def _check_command(command: Json | str) -> None:
    if not isinstance(command, dict) or not _NAME.fullmatch(str(command.get("command", "")).removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= int(BotCommandLimit.MAX_DESCRIPTION):
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
