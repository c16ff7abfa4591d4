"""Whatever hands out a file says so in the table of presses: as an export, or with the reason why it is none."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, get_type_hints

from bot.model.access import ActKind
from bot.model.rights import STEP_UP
from handlers.desk import FrontDesk
from handlers.presses import ACTIONS

#: What queues a file: functions of bot.services.notices. Evidence is ordered by a command, whose limit it has used up.
FILES = {"table", "takedown_file", "takedown_batch_file", "report_file", "account_table", "farm_file", "digest_file"}
#: Rows that are made by hand.
KINDS = {"TABLE", "FARM"}


@cache
def tree_of(function: Callable[..., Any]) -> ast.AST:
    """The source of a function."""
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def attributes(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """Every `a.b` in a function, by the last name of a."""
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Attribute):
            before = node.value
            yield (before.attr if isinstance(before, ast.Attribute) else getattr(before, "id", "")), node.attr


def queues(function: Callable[..., Any], owner: type | None, seen: set[Any]) -> bool:
    """Whether a function queues a file, by itself or through what it calls at the desk or of its own class."""
    if function in seen:
        return False
    seen.add(function)
    found = list(attributes(function))
    if any((a == "notices" and b in FILES) or (a == "Kind" and b in KINDS) for a, b in found):
        return True
    return any(queues(called, of, seen) for a, b in found for called, of in _called(function, owner, a, b))


def _called(function: Callable[..., Any], owner: type | None, a: str, b: str) -> Iterator[tuple[Any, type | None]]:
    desk = get_type_hints(FrontDesk)
    service = desk.get(dict(_short_names(function)).get(a, a))
    if isinstance(service, type) and callable(getattr(service, b, None)):
        yield getattr(service, b), service
    if owner is not None and a == "self" and callable(getattr(owner, b, None)):
        yield getattr(owner, b), owner
    if owner is not None and a == "ActKind" and b in ActKind.__members__:
        # What takes two people is done by what its class registered for it.
        yield from ((getattr(owner, name), owner) for name in _performed(owner, b))


def _short_names(function: Callable[..., Any]) -> Iterator[tuple[str, str]]:
    """`reports = context.desk.period_reports`: what a service is called here."""
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute):
            yield from ((t.id, node.value.attr) for t in node.targets if isinstance(t, ast.Name))


def _performed(owner: type, kind: str) -> Iterator[str]:
    source = inspect.getsource(owner)
    if f"register(ActKind.{kind}" in source:
        for node in ast.walk(ast.parse(textwrap.dedent(source))):
            if isinstance(node, ast.keyword) and node.arg == "perform" and isinstance(node.value, ast.Attribute):
                yield node.value.attr


def handing_out() -> set[str]:
    """Every press that queues a file."""
    return {name for name, action in ACTIONS.items() if queues(action.act, None, set())}


def test_the_walk_finds_files_that_are_queued_far_away() -> None:
    """Straight from a handler, through a service, and after a second person's press."""
    assert {"auditfile", "rpfile", "dgfile", "tdbfile", "tfile", "tdfile", "ffile", "accexport"} <= handing_out()
    assert not {"case", "threats", "undo", "tdlist"} & handing_out()


def test_whatever_hands_out_a_file_says_so() -> None:
    """As an export, which asks for a code, is told to the leads and fails closed; or with the reason why it is none."""
    for name in handing_out():
        action = ACTIONS[name]
        assert action.exports != bool(action.figures), name
    assert {name for name, action in ACTIONS.items() if action.figures} == {
        *("rpfile", "dgfile", "fpicture", "wpicture", "mydatafile")
    }
    assert ACTIONS["wpicture"].right in STEP_UP
