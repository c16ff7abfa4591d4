"""The newsroom's own threat words on a card."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.threat_word import ThreatWord
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler
from handlers.cards.paging import removals, turns

_PAGE = 8
_LONGEST = 80


def word_list(rows: Sequence[ThreatWord], reader: Reader, page: int) -> Card:
    """The words, each with what it threatens and a button to take it off the list."""
    t, start = reader.t, page * _PAGE
    shown = rows[start : start + _PAGE]
    how = t.gettext("To add one: /words add death: and the word. A star stands for any ending, for example reap*")
    if not rows:
        none = t.gettext("The newsroom has no threat words of its own yet. The usual ones are known without it.")
        return Card(text=lines(none, how))
    text = lines(
        bold(t.gettext("Threat words of this newsroom")),
        *(_line(start + place, row, reader) for place, row in enumerate(shown, start=1)),
        how,
    )
    return Card(text=text, buttons=_buttons(shown, len(rows), reader, page))


def word_added(word: str, kind: str, reader: Reader) -> Card:
    """What happens from now on."""
    t = reader.t
    said = t.gettext("Looked for from now on. Next to a name or to “you” it is a threat, else somebody looks at it.")
    return Card(text=lines(_named(word, kind, reader), said, t.gettext("/words shows the list.")))


def word_there(word: str, kind: str, reader: Reader) -> Card:
    """Nothing to do."""
    said = reader.t.gettext("This word is on the list already. /words shows the list.")
    return Card(text=lines(_named(word, kind, reader), said))


def _named(word: str, kind: str, reader: Reader) -> Html:
    return Html(f"{spoiler(clipped(word, _LONGEST))} · {Html.escaped(words.word(reader.t, words.KINDS, kind))}")


def _line(number: int, row: ThreatWord, reader: Reader) -> Html:
    who = clipped(row.member_name, 40)
    return Html(f"{number}. {_named(row.word, row.kind, reader)} · {who} · {reader.day(row.added_at)}")


def _buttons(shown: Sequence[ThreatWord], count: int, reader: Reader, page: int) -> tuple[tuple[Button, ...], ...]:
    start = page * _PAGE
    rows = removals(start, [Press(action="twordrm", subject=row.id) for row in shown], reader)
    turn = turns(page, Press(action="twords"), reader, is_more=start + _PAGE < count)
    return tuple(row for row in (*rows, turn) if row)
