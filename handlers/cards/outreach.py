"""Cards of the threads with owners of stolen photos: the thread, the letter to copy, the search by hand, the list."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.account import Account
from bot.model.outreach import LETTER_LANGUAGES, Candidate, Outreach, OutreachPage, OutreachState, OutreachView
from bot.model.plain import one_line, without_bidi
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, quote
from handlers.cards.outreach_letters import SEARCH_PAGES, letter
from handlers.cards.takedown_names import LANGUAGE_NAMES, OUTREACH_BUTTONS, OUTREACH_EVENTS, OUTREACH_STATES
from handlers.cards.takedowns import event_line

_NAME = 64
_LINK = 200
_HOW = 200
_REPLY = 900
_MOST_ACCOUNTS = 6
_MOST_EVENTS = 8
_LETTER = 3000

Rows = tuple[tuple[Button, ...], ...]


def outreach_card(view: OutreachView, reader: Reader, *, taken: bool = False) -> Card:
    """A thread: who it is with, how they were found, who wrote when, what came of it; `taken`: somebody was first."""
    t, found = reader.t, view.outreach
    text = lines(
        _taken(found, reader) if taken else None,
        _head(found, reader),
        Html(f"<code>{clipped(one_line(found.profile), _LINK)}</code>") if found.profile else None,
        t.gettext("How it is known: {how}", how=clipped(one_line(found.how), _HOW)) if found.how else None,
        _users(view.accounts, reader),
        _written(found, reader),
        t.gettext("Complained {date}", date=reader.day(found.complained_at)) if found.complained_at else None,
        t.gettext("Gone since {date}", date=reader.day(found.gone_at)) if found.gone_at else None,
        _consent(found, reader),
        quote(clipped(without_bidi(found.reply), _REPLY)) if found.reply else None,
        *(_event(view, place, reader) for place in range(len(view.history))[-_MOST_EVENTS:]),
    )
    return Card(text=text, buttons=_buttons(found, reader))


def _taken(found: Outreach, reader: Reader) -> Html:
    """Who was first: an owner is asked once."""
    t = reader.t
    if found.written_at is not None:
        said = t.gettext(
            "This person was asked already: {who} wrote {date}, in {language}. Please do not write again.",
            who=clipped(one_line(found.writer or "?"), _NAME),
            date=reader.day(found.written_at),
            language=LANGUAGE_NAMES.get(found.language or "", "?"),
        )
    else:
        who = clipped(one_line(found.starter), _NAME)
        said = t.gettext("{who} began a thread with this person {date}.", who=who, date=reader.day(found.started_at))
    return Html(f"⚠️ {said}")


def _head(found: Outreach, reader: Reader) -> Html:
    state = words.word(reader.t, OUTREACH_STATES, found.state.value)
    return Html(" · ").join([bold(found.label), bold(clipped(one_line(found.owner), _NAME)), Html.escaped(state)])


def _users(accounts: Sequence[Account], reader: Reader) -> Html | None:
    if not accounts:
        return None
    names = ", ".join(one_line(words.account_name(each.label))[:_NAME] for each in accounts[:_MOST_ACCOUNTS])
    return reader.t.gettext("The photo is used by: {accounts}", accounts=names)


def _written(found: Outreach, reader: Reader) -> Html | None:
    if found.written_at is None:
        return None
    return reader.t.gettext(
        "{who} wrote {date}, in {language}",
        who=clipped(one_line(found.writer or "?"), _NAME),
        date=reader.day(found.written_at),
        language=LANGUAGE_NAMES.get(found.language or "", "?"),
    )


def _consent(found: Outreach, reader: Reader) -> Html | None:
    if found.consent is None:
        return None
    t = reader.t
    return t.gettext("May be named in public") if found.consent else t.gettext("Does not want to be named")


def _event(view: OutreachView, place: int, reader: Reader) -> Html:
    event = view.history[place]
    value = words.word(reader.t, OUTREACH_STATES, event.details.get("state", ""))
    if event.event == "outreach_consent":
        t = reader.t.plain
        value = t.gettext("yes") if event.details.get("consent") == "yes" else t.gettext("no")
    return event_line(event, OUTREACH_EVENTS, value, reader)


def _buttons(found: Outreach, reader: Reader) -> Rows:
    t = reader.t.plain

    def button(label: str, action: str, argument: str = "") -> Button:
        return Button(label=label, press=Press(action=action, subject=found.id, argument=argument))

    rows: list[tuple[Button, ...]] = []
    if found.written_at is None and found.state is not OutreachState.WRONG_PERSON:
        languages = [button(LANGUAGE_NAMES[code], "oletter", code) for code in LETTER_LANGUAGES]
        rows += [tuple(languages[n : n + 4]) for n in range(0, len(languages), 4)]
    else:
        rows.append((button(t.pgettext("button", "Reply…"), "oreply"),))
        named = ("yes", t.pgettext("button", "May be named")), ("no", t.pgettext("button", "Not to be named"))
        rows.append(tuple(button(label, "oname", code) for code, label in named))
    states = [
        button(t.pgettext("button", label), "ostate", code)
        for code, label in OUTREACH_BUTTONS.items()
        if code != found.state.value and (found.written_at is not None or code in ("wrong_person", "gone"))
    ]
    rows += [tuple(states[n : n + 2]) for n in range(0, len(states), 2)]
    return tuple(rows)


def letter_card(view: OutreachView, language: str, links: Sequence[tuple[Account, str]], reader: Reader) -> Card:
    """The letter, to be copied by a tap, and one press to say that it was sent. The bot itself writes to nobody."""
    t, found = reader.t, view.outreach
    written = letter(language, found.owner, reader.newsroom.name, links)
    text = lines(
        t.gettext("{label}: tap the letter to copy it, and send it yourself.", label=found.label),
        Html(f"<pre>{clipped(written, _LETTER)}</pre>"),
    )
    wrote = Press(action="owrote", subject=found.id, argument=language)
    back = Button(label=t.plain.pgettext("button", "Back"), press=Press(action="oshow", subject=found.id))
    return Card(text=text, buttons=((Button(label=t.plain.pgettext("button", "I have written"), press=wrote), back),))


def candidates_card(account: Account, found: Sequence[Candidate], reader: Reader) -> Card:
    """The recorded owners of an account's photos, each to be asked or asked already; with none, how to find one."""
    t = reader.t
    name = clipped(one_line(words.account_name(account.label)), _NAME)
    if not found:
        told = t.gettext(
            "{account}: nobody has recorded whose photo it is. /owner in reply to the picture records it.", account=name
        )
        return Card(text=lines(told, _by_hand(reader)), buttons=_search_buttons())
    rows: list[tuple[Button, ...]] = []
    shown: list[Html] = []
    for each in found[:4]:
        owner = bold(clipped(one_line(each.owner), _NAME))
        if each.thread is None:
            press = Press(action="ostart", subject=account.id, argument=each.sha256[:12])
            rows.append(
                (Button(label=t.plain.pgettext("button", "Ask {name}", name=one_line(each.owner)[:30]), press=press),)
            )
            shown.append(t.gettext("Photo of {name}: not asked yet", name=owner))
        else:
            press = Press(action="oshow", subject=each.thread.id)
            rows.append((Button(label=each.thread.label, press=press),))
            state = words.word(t, OUTREACH_STATES, each.thread.state.value)
            shown.append(t.gettext("Photo of {name}: {state}", name=owner, state=state))
    return Card(text=lines(bold(name), *shown), buttons=tuple(rows))


def search_card(reader: Reader) -> Card:
    """How to look for a photo by hand: save it, open a page. Nothing is uploaded by the bot."""
    return Card(text=_by_hand(reader), buttons=_search_buttons())


def _by_hand(reader: Reader) -> Html:
    return reader.t.gettext(
        "To find the person: open the picture, save it to your phone, then open one of these pages and choose the "
        "picture there. I upload nothing. What you choose there, that service will see: it is your decision."
    )


def _search_buttons() -> Rows:
    pages = [Button(label=name, url=url) for name, url in SEARCH_PAGES.items()]
    return tuple(tuple(pages[n : n + 2]) for n in range(0, len(pages), 2))


def outreach_list(found: OutreachPage, reader: Reader) -> Card:
    """The threads, the newest first, and how one is begun."""
    t = reader.t
    count = t.ngettext("{count} thread", "{count} threads", found.total, count=t.number(found.total))
    page = t.gettext("page {page} of {pages}", page=found.page + 1, pages=t.number(found.pages))
    shown = [bold(t.gettext("Owners of stolen photos")), count, *([page] if found.pages > 1 else [])]
    how = t.gettext("To ask an owner: /outreach and a link to the fake. Each person is asked once.")
    turn = []
    if found.page > 0:
        turn.append(Button(label="◀", press=Press(action="olist", argument=str(found.page - 1))))
    if found.page + 1 < found.pages:
        turn.append(Button(label="▶", press=Press(action="olist", argument=str(found.page + 1))))
    search = Button(label=t.plain.pgettext("button", "Search by hand"), press=Press(action="osearch"))
    text = lines(Html(" · ").join(shown), *(_line(each, reader) for each in found.lines), how)
    return Card(text=text, buttons=(*([tuple(turn)] if turn else []), (search,)))


def _line(found: Outreach, reader: Reader) -> Html:
    state = words.word(reader.t, OUTREACH_STATES, found.state.value)
    day = reader.day(found.written_at or found.started_at)
    name = clipped(one_line(found.owner), _NAME)
    return Html(" · ").join([Html(f"/outreach_{found.number}"), name, Html.escaped(state), day])


def outreach_lines(found: Sequence[Outreach], reader: Reader) -> list[Html]:
    """What the card of an account says of threads about its photos; nothing for whoever may not see them."""
    if not reader.member.may(Right.OUTREACH):
        return []
    return [Html(f"✉️ {_line(each, reader)}") for each in found[:3]]
