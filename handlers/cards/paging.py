"""Lists on a card that go on: a button to the page before and to the next, and one a line to take it off the list."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.buttons import Press
from handlers.cards.card import Button, Reader


def turns(page: int, press: Press, reader: Reader, *, is_more: bool) -> tuple[Button, ...]:
    """To the page before, unless this is the first, and to the next if there `is_more`; `press` asks for a page."""
    t, row = reader.t.plain, []
    if page > 0:
        row.append(Button(label=t.pgettext("button", "Previous"), press=replace(press, argument=str(page - 1))))
    if is_more:
        row.append(Button(label=t.pgettext("button", "More"), press=replace(press, argument=str(page + 1))))
    return tuple(row)


def removals(start: int, presses: Sequence[Press], reader: Reader) -> list[tuple[Button, ...]]:
    """A row a line of the page: each takes its line off the list; `start` lines stand on earlier pages."""
    t = reader.t.plain
    return [
        (Button(label=t.pgettext("button", "Take {number} off the list", number=number), press=press),)
        for number, press in enumerate(presses, start + 1)
    ]
