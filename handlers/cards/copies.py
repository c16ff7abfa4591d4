"""Pages of copies: who posted a text again, where, when, and what they changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.i18n import Html
from bot.model.copies import CopyLine, CopyPage
from bot.model.text import Difference
from bot.services.copy_pages import PAGE
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler
from handlers.cards.seen import account, campaign_button, post, seen

_ASKED = 120
_MOST_CODES = 4
# Of the words that changed: so much a line, and so much of one piece, tags and escapes included.
_DIFFERENCE = 280
_PIECE = 90
_TAGS = {"dropped": "s", "added": "u"}

Compact = Callable[[Difference], Sequence[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """Of what the copies are: the actions that turn the page and show a difference, and what these are about.

    Without a subject there is nothing that a button could ask for again.
    """

    turn: str
    differ: str
    subject: int | None
    may_reject: bool = False
    may_ignore: bool = False
    #: The text is on the never-match list.
    is_stock: bool = False


def copy_page(page: CopyPage, reader: Reader, listed: Listed, compact: Compact) -> Card:
    """A page of copies, then of what is similar; with a heading, since the two are never mixed."""
    t = reader.t
    text = lines(
        _heading(page, reader),
        seen(page.count, reader) if page.count.times else _nothing(page, listed, reader),
        _excerpt(page),
        *_numbered(page, reader, compact),
        _legend(page, reader),
        t.gettext("Page {page} of {pages}", page=page.page + 1, pages=page.pages) if page.pages > 1 else None,
    )
    return Card(text=text, buttons=_buttons(page, reader, listed))


def _heading(page: CopyPage, reader: Reader) -> Html:
    title = reader.t.gettext("Copies") if page.label else reader.t.gettext("Looked up; nothing was filed")
    return bold(Html(f"{Html.escaped(page.label)} · {title}") if page.label else title)


def _nothing(page: CopyPage, listed: Listed, reader: Reader) -> Html:
    t = reader.t
    if listed.is_stock:
        return t.gettext("This text is on the never-match list: it counts as nobody's copy.")
    if page.lines:
        return t.gettext("No copies are stored; what follows may be reworked.")
    if listed.turn == "found":
        return t.gettext("Nothing like this is known yet. To have it kept, forward the comment itself.")
    return t.gettext("No copies are stored.")


def _excerpt(page: CopyPage) -> Html | None:
    return spoiler(clipped(page.text, _ASKED)) if page.text else None


def _numbered(page: CopyPage, reader: Reader, compact: Compact) -> list[Html]:
    said: list[Html] = []
    for place, line in enumerate(page.lines):
        if line.tier != "copy" and (place == 0 or page.lines[place - 1].tier == "copy"):
            said.append(bold(reader.t.gettext("Possibly reworked, please compare:")))
        said.append(_line(number_of(page, place), line, reader, compact))
    return said


def number_of(page: CopyPage, place: int) -> int:
    """Lines are numbered through all pages."""
    return page.page * PAGE + place + 1


def _line(number: int, line: CopyLine, reader: Reader, compact: Compact) -> Html:
    where = Html(f" · {post(line.comment.post)}") if line.comment.post else Html("")
    shown = [Html(f"{number}. {_who_and_when(line, reader)}{where}"), _what(line, reader)]
    if _differs(line):
        shown.append(spoiler(marked(compact(line.difference))))
    return Html("\n").join(shown)


def _who_and_when(line: CopyLine, reader: Reader) -> Html:
    who, when = account(line.comment.account, reader.t), reader.t.datetime(line.comment.since, reader.zone)
    return Html(f"{'🚩 ' if line.is_fake else ''}<b>{who}</b> · {when}")


def _what(line: CopyLine, reader: Reader) -> Html:
    t = reader.t
    codes = ", ".join(words.word(t, words.DIFFERENCES, code) for code in line.difference.codes[:_MOST_CODES])
    if line.tier == "copy":
        return t.gettext("Copy: {differences}", differences=codes)
    return t.gettext("Possibly reworked: {differences}", differences=codes)


def difference_caption(line: CopyLine, reader: Reader) -> Html:
    """What stands under the picture of a difference."""
    return lines(_who_and_when(line, reader), _what(line, reader))


def _differs(line: CopyLine) -> bool:
    return any(kind in _TAGS for kind, _ in line.difference.pieces)


def marked(pieces: Sequence[tuple[str, str]]) -> Html:
    """The pieces in reading order: what went is struck through, what came is underlined; cut where it is long."""
    shown: list[str] = []
    room = _DIFFERENCE
    for kind, text in pieces:
        tag = _TAGS.get(kind)
        piece = clipped(text, _PIECE)
        piece = Html(f"<{tag}>{piece}</{tag}>") if tag else piece
        room -= len(piece) + 1
        if room < 0:
            shown.append("…")
            break
        shown.append(piece)
    return Html(" ".join(shown))


def _legend(page: CopyPage, reader: Reader) -> Html | None:
    if not any(_differs(line) for line in page.lines):
        return None
    return reader.t.gettext("<s>Struck through</s>: only in the first text; <u>underlined</u>: only in the copy.")


def _buttons(page: CopyPage, reader: Reader, listed: Listed) -> tuple[tuple[Button, ...], ...]:
    if listed.subject is None:
        return ((campaign_button(page.campaign, reader),),) if page.campaign else ()
    rows = [_of_line(number_of(page, place), page, line, reader, listed) for place, line in enumerate(page.lines)]
    rows.append(_turning(page, reader, listed))
    if page.campaign is not None:
        rows.append((campaign_button(page.campaign, reader, in_place=page.campaign == page.label),))
    if listed.may_ignore and page.text:
        ignore = Press(action="nevercase", subject=listed.subject)
        rows.append((Button(label=reader.t.plain.pgettext("button", "Never match this text"), press=ignore),))
    return tuple(row for row in rows if row)


def _of_line(number: int, page: CopyPage, line: CopyLine, reader: Reader, listed: Listed) -> tuple[Button, ...]:
    t, subject, row = reader.t.plain, listed.subject or 0, []
    if _differs(line):
        wanted = Press(action=listed.differ, subject=subject, argument=f"{line.comment.id:x}.{page.page:x}")
        row.append(Button(label=t.pgettext("button", "{number}: the difference", number=number), press=wanted))
    if listed.may_reject and line.number and line.difference.codes != ("same",):
        rejected = Press(action="reject", subject=subject, argument=f"{line.number:x}")
        row.append(Button(label=t.pgettext("button", "{number}: not a copy", number=number), press=rejected))
    return tuple(row)


def _turning(page: CopyPage, reader: Reader, listed: Listed) -> tuple[Button, ...]:
    t, row = reader.t.plain, []
    if page.page > 0:
        row.append(Button(label=t.pgettext("button", "Newer"), press=_to(listed, min(page.page, page.pages) - 1)))
    if page.page + 1 < page.pages:
        row.append(Button(label=t.pgettext("button", "Older"), press=_to(listed, page.page + 1)))
    return tuple(row)


def _to(listed: Listed, page: int) -> Press:
    return Press(action=listed.turn, subject=listed.subject or 0, argument=str(page))
