"""Which limit a command or a press uses up: none where it belongs to threats and alarms."""

from handlers import alarms, event_records, threats
from handlers.actions import Action

_OF_COMMANDS = {
    "find": "find",
    "copies": "find",
    "photo": "photo",
    "fake": "listings",
    "import": "listings",
    "export": "exports",
    "report": "exports",
    "invite": "invites",
}
_OF_PRESSES = {
    "undo": "undo",
    "suspect": "listings",
    "accprotected": "listings",
}
_UNLIMITED_COMMANDS = frozenset(
    {"threat", "threats", "incident", "status", "assign", "note", "duty", "panic", "lockdown", "unlock"}
)
_UNLIMITED_PRESSES = frozenset(
    {*alarms.ACTIONS, *threats.ACTIONS, *event_records.ACTIONS, "threat", "target", "targets"}
)


def limit_of_command(name: str) -> str | None:
    """The limit that a command uses up."""
    return None if name in _UNLIMITED_COMMANDS else _OF_COMMANDS.get(name, "orders")


def limit_of_press(name: str, action: Action) -> str | None:
    """The limit that a press uses up; of whatever leaves as a file the one of exports, threats included."""
    if action.exports:
        return "exports"
    return None if name in _UNLIMITED_PRESSES else _OF_PRESSES.get(name, "presses")
