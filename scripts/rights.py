"""Writes docs/rights.md from the policy table and the tables of commands and actions, so that the page cannot lie."""

from pathlib import Path

from bot.model.rights import POLICY, Right, Role
from handlers.commands import COMMANDS
from handlers.presses import ACTIONS

PAGE = Path(__file__).parent.parent / "docs" / "rights.md"


def page() -> str:
    """The page's text."""
    head = " | ".join(role.value for role in Role)
    rows = [f"| {right.value} | {_marks(right)} | {_used_by(right)} |" for right in Right]
    return "\n".join(
        [
            "# Who may do what",
            "",
            "Made from the policy table by `python -m scripts.rights`; a test compares. What is not listed is denied.",
            "",
            f"| right | {head} | commands and buttons |",
            "|---" * (len(Role) + 2) + "|",
            *rows,
            "",
        ]
    )


def _marks(right: Right) -> str:
    return " | ".join("yes" if role in POLICY[right] else "no" for role in Role)


def _used_by(right: Right) -> str:
    commands = [f"/{command.name}" for command in COMMANDS if command.right is right]
    buttons = [f"[{name}]" for name, action in ACTIONS.items() if action.right is right]
    return " ".join(commands + buttons)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
