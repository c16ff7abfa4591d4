"""The never-match list on a card."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.stock_phrase import StockPhrase
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler
from handlers.cards.paging import removals, turns

_PAGE = 8
_TEXT = 160


def phrase_list(rows: Sequence[StockPhrase], reader: Reader, page: int) -> Card:
    """What is never called a copy, with a button for each to take it off the list."""
    t, start = reader.t, page * _PAGE
    shown = rows[start : start + _PAGE]
    how = t.gettext("To add one: /phrases add and the text")
    if not rows:
        nobody = t.gettext("The never-match list is empty. It is for words that everybody writes, such as “thank you”.")
        return Card(text=lines(nobody, how))
    text = lines(
        bold(t.gettext("Never copies: what everybody writes")),
        *(_line(start + place, row, reader) for place, row in enumerate(shown, start=1)),
        how,
    )
    return Card(text=text, buttons=_buttons(shown, len(rows), reader, page))


def _line(number: int, row: StockPhrase, reader: Reader) -> Html:
    who = clipped(row.member_name, 40)
    return Html(f"{number}. {spoiler(clipped(row.text, _TEXT))} · {who} · {reader.day(row.added_at)}")


def _buttons(shown: Sequence[StockPhrase], count: int, reader: Reader, page: int) -> tuple[tuple[Button, ...], ...]:
    start = page * _PAGE
    rows = removals(start, [Press(action="phraserm", subject=row.id) for row in shown], reader)
    turn = turns(page, Press(action="phrases"), reader, is_more=start + _PAGE < count)
    return tuple(row for row in (*rows, turn) if row)
