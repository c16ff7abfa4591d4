"""Who may import whom: no room is left out of the contracts in .importlinter, which `make lint` runs."""

import ast
import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The command line and the roof may import everything; that nobody imports them is a contract of its own.
FREE = {"bot.__main__", "bot.cli", "bot.wiring"}


def rooms() -> set[str]:
    """Every module right under bot/, and the other top packages."""
    inside = [path for path in (ROOT / "bot").iterdir() if _is_module(path)]
    return {f"bot.{path.stem}" for path in inside} | {"handlers", "detection", "migrations"}


def _is_module(path: Path) -> bool:
    return (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()


def contracted() -> set[str]:
    """The rooms that a contract restricts."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return {module for section in parser.values() for module in section.get("source_modules", "").split()}


def test_every_room_has_a_contract() -> None:
    """A new room must be placed in the table before it can be used."""
    assert rooms() - contracted() - FREE == set()


def test_simulator_takes_only_names_and_limits_from_telegram() -> None:
    """The rehearsal stage shares no code with the client that it is there to test."""
    taken = {
        node.module
        for path in (ROOT / "bot" / "simulator").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "telegram"
    }
    assert taken <= {"telegram.constants"}
