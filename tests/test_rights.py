"""The policy table, and what is made from it."""

from bot.model.rights import POLICY, Right, Role, allows
from handlers.commands import COMMANDS
from handlers.router import ORDERS
from scripts import rights


def test_every_right_is_decided() -> None:
    """A right without a row would be a hole."""
    assert set(POLICY) == set(Right)
    assert all(POLICY[right] for right in Right)


def test_nobody_without_roles_may_do_anything() -> None:
    """Deny by default."""
    assert not any(allows((), right) for right in Right)


def test_confirming_needs_an_editor_or_security_lead() -> None:
    """An accusation is not an administrator's to confirm."""
    assert POLICY[Right.DECIDE_ACCOUNT] == {Role.EDITOR, Role.SECURITY}


def test_every_command_has_a_handler_and_every_handler_a_right() -> None:
    """A command outside the table does not come into being."""
    assert {command.name for command in COMMANDS} == set(ORDERS)


def test_the_page_says_what_the_table_says() -> None:
    """docs/rights.md is made from the code; run `python -m scripts.rights` after a change."""
    assert rights.PAGE.read_text(encoding="utf-8") == rights.page()
