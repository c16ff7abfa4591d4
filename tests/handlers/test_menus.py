"""Command menus by role and language: what a person may do, no more, in words that Telegram takes."""

from dataclasses import replace

import pytest
from telegram.constants import BotCommandLimit

from bot.i18n import LANGUAGES
from bot.model.newsroom import MemberStatus
from bot.model.rights import POLICY, Right, Role
from handlers.commands import COMMANDS, menu_of
from tests.handlers.made_up import CATALOGS, member


@pytest.mark.parametrize("role", Role)
def test_a_menu_is_what_the_role_may_do(role: Role) -> None:
    """Exactly the commands whose right the policy gives to the role, in the table's order."""
    expected = [command for command in COMMANDS if role in POLICY[command.right]]
    assert list(menu_of(member(role))) == expected


def test_menus_add_up() -> None:
    """Somebody with two roles sees the commands of both."""
    both = {c.name for c in menu_of(member(Role.EDITOR, Role.ADMIN))}
    assert both == {c.name for role in (Role.EDITOR, Role.ADMIN) for c in menu_of(member(role))}


def test_who_is_not_active_has_no_menu() -> None:
    """A pending or removed member may do nothing, whatever the role."""
    for status in (MemberStatus.PENDING, MemberStatus.REMOVED):
        assert menu_of(replace(member(*Role), status=status)) == ()


def test_what_is_kept_from_whom() -> None:
    """The lines of the policy that the design draws."""
    names = {role: {c.name for c in menu_of(member(role))} for role in Role}
    assert {"confirm", "clear"} <= names[Role.EDITOR] & names[Role.SECURITY]
    assert {"confirm", "clear"}.isdisjoint(names[Role.JOURNALIST] | names[Role.ADMIN])
    assert {"invite", "role", "remove", "settings", "deadletters"} <= names[Role.ADMIN]
    assert {"invite", "role", "remove", "settings", "deadletters"}.isdisjoint(
        names[Role.JOURNALIST] | names[Role.EDITOR] | names[Role.SECURITY]
    )
    assert "members" in names[Role.SECURITY]
    assert all({"mine", "help", "language", "privacy", "whoami"} <= seen for seen in names.values())
    assert all(Right.SUBMIT in POLICY and role in POLICY[Right.SUBMIT] for role in Role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_the_words(language: str) -> None:
    """Descriptions are there in each language and within Telegram's limits."""
    said = [CATALOGS[language].plain.pgettext("command", command.about) for command in COMMANDS]
    assert all(3 <= len(text) <= BotCommandLimit.MAX_DESCRIPTION for text in said)
    assert len(COMMANDS) <= BotCommandLimit.MAX_COMMAND_NUMBER
    if language != "en":
        assert not set(said) & {command.about for command in COMMANDS}
