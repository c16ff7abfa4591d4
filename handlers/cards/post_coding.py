"""The cards of the coding queue: a post with its tone to be chosen, then its topic; nothing of what others said."""

from typing import Final

from bot.i18n import Html
from bot.model.codebook import codebook
from bot.model.plain import one_line, without_bidi
from bot.model.post import DECIDER, CodingView
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, quote

_TEXT: Final = 2500
_NAME: Final = 80
_SIGNS: Final = {"positive": "🔵", "neutral": "⚪", "negative": "🟠"}
#: What a decider chooses between.
_SAID: Final = "▸ "

Rows = list[tuple[Button, ...]]


def coding_card(view: CodingView, reader: Reader, undo: int = 0) -> Card:
    """A post to be coded; `undo` is the one before it, which may be coded anew."""
    t, post, language = reader.t, view.figures, reader.t.language
    book = codebook()
    where = [words.platform(post.platform), book.name("venues", post.venue, language), reader.day(post.posted_at)]
    rows = _topics(view, reader) if view.tone is not None else _tones(view, reader)
    text = lines(
        t.gettext("Yours: {mine} · coded by two: {done} of {drawn}", mine=view.mine, done=view.done, drawn=view.drawn),
        _deciding(view, reader),
        Html(f"\n{bold(one_line(post.actor)[:_NAME])}"),
        Html.escaped(" · ".join(where)),
        quote(clipped(without_bidi(view.text), _TEXT)) if view.text.strip() else t.gettext("(no words)"),
        Html(f"\n{_question(view, reader)}"),
    )
    return Card(text=text, buttons=(*rows, *_ends(view, reader, undo)))


def _question(view: CodingView, reader: Reader) -> Html:
    t, book, language = reader.t, codebook(), reader.t.language
    if view.tone is None:
        rules = [
            Html(f"{_SIGNS[code]} {bold(book.name('tones', code, language))}: {Html.escaped(rule)}")
            for code in book.tones
            if (rule := book.name("tone_rules", code, language))
        ]
        return Html("\n").join([t.gettext("Which tone?"), *rules])
    tone = f"{_SIGNS[view.tone]} {book.name('tones', view.tone, language)}"
    return t.gettext("Tone: {tone}. Which topic?", tone=tone)


def _deciding(view: CodingView, reader: Reader) -> Html | None:
    if view.place != DECIDER:
        return None
    t, book, language = reader.t, codebook(), reader.t.language
    tones, topics = view.said
    said = [" / ".join(book.name("tones", code, language) for code in tones)] if len(tones) > 1 else []
    said += [" / ".join(book.name("topics", code, language) for code in topics)] if len(topics) > 1 else []
    return t.gettext("⚖️ Two colleagues differ: {said}. You decide.", said="; ".join(said))


def _tones(view: CodingView, reader: Reader) -> Rows:
    book = codebook()
    return [
        (_button(f"{_SIGNS[code]} {book.name('tones', code, reader.t.language)}", "cdtone", view, code, view.said[0]),)
        for code in book.tones
    ]


def _topics(view: CodingView, reader: Reader) -> Rows:
    book = codebook()
    buttons = [
        _button(book.name("topics", code, reader.t.language), "cdtopic", view, code, view.said[1])
        for code in book.topics
    ]
    return [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]


def _button(label: str, action: str, view: CodingView, code: str, said: tuple[str, ...]) -> Button:
    marked = _SAID + label if len(said) > 1 and code in said else label
    return Button(label=marked, press=Press(action=action, subject=view.figures.id, argument=code))


def _ends(view: CodingView, reader: Reader, undo: int) -> Rows:
    t, post_id = reader.t.plain, view.figures.id
    rows: Rows = []
    if view.link.startswith(("https://", "http://")) and len(view.link) <= 1000 and view.link.isascii():
        rows.append((Button(label="🔗 " + t.gettext("Open the post"), url=view.link),))
    last = [Button(label="⏭ " + t.gettext("Skip"), press=Press(action="cdskip", subject=post_id))]
    is_choice = view.place != DECIDER or len(view.said[0]) > 1
    if view.tone is not None and is_choice:
        last.insert(0, Button(label="← " + t.gettext("Tone"), press=Press(action="cdtone", subject=post_id)))
    elif undo:
        last.insert(0, Button(label="↩️ " + t.gettext("Undo the last"), press=Press(action="cdundo", subject=undo)))
    rows.append(tuple(last))
    return rows


def done_card(reader: Reader, undo: int = 0) -> Card:
    """There is nothing to be coded by this member."""
    t = reader.t
    text = t.gettext(
        "✅ There is nothing for you to code. A post waits for two coders; where they differ, for a third.\n"
        "/code and two periods adds their posts: <code>/code 2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31</code>"
    )
    if not undo:
        return Card(text=text)
    label = "↩️ " + t.plain.gettext("Undo the last")
    return Card(text=text, buttons=((Button(label=label, press=Press(action="cdundo", subject=undo)),),))


def drawn_card(posts: int, added: int, reader: Reader) -> Card:
    """Posts came into the queue."""
    t = reader.t
    head = t.ngettext("{count} post is to be coded", "{count} posts are to be coded", posts, count=posts)
    rest = t.ngettext(
        "{count} of them is new in the queue.", "{count} of them are new in the queue.", added, count=added
    )
    return Card(text=Html(f"🏷 {head}; {rest}"))
