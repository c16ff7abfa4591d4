"""The settings of digests and the list of chats that may have them, as cards."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.digest import ChatKind, ChatState, DigestChat, Rhythm, Schedule, Section
from bot.model.plain import one_line
from bot.services.digests import DigestView
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.about import NAMES
from handlers.cards.card import Button, Card, Reader, bold, lines
from handlers.cards.digest_names import SECTIONS, WHY_STOPPED

_TITLE = 48
_NAMES = 200
_SIGNS = {ChatKind.PRIVATE: "👤", ChatKind.GROUP: "👥", ChatKind.TOPIC: "💬"}

Rows = tuple[tuple[Button, ...], ...]


def chats_card(chats: Sequence[DigestChat], reader: Reader) -> Card:
    """Every chat that may have digests, with what takes it away; what asks, and what was stopped."""
    t = reader.t
    allowed = [chat for chat in chats if chat.state is ChatState.ALLOWED]
    asked = [chat for chat in chats if chat.state is ChatState.ASKED]
    stopped = [chat for chat in chats if chat.state is ChatState.STOPPED][-5:]
    text = lines(
        bold(t.gettext("Chats that may have digests")),
        *(Html(f"{_SIGNS[chat.place.kind]} {_title(chat)}") for chat in allowed),
        None if allowed else t.gettext("None yet."),
        bold(t.gettext("Wait for your word")) if asked else None,
        *(Html(f"{_SIGNS[chat.place.kind]} {_title(chat)}") for chat in asked),
        bold(t.gettext("Stopped")) if stopped else None,
        *(Html(f"▫️ {_title(chat)}: {words.word(t, WHY_STOPPED, chat.reason or '')}") for chat in stopped),
        Html(""),
        t.gettext(
            "To add a group or a topic, put the bot into it and write /chats add there. Whoever is in a group reads its"
            " digests, members or not."
        ),
    )
    rows: list[tuple[Button, ...]] = [(_allow(chat, reader), _refuse(chat, reader)) for chat in asked]
    rows += [(_refuse(chat, reader),) for chat in allowed]
    return Card(text=text, buttons=tuple(rows[:20]))


def _title(chat: DigestChat) -> Html:
    return Html.escaped(one_line(chat.place.title)[:_TITLE] or str(chat.place.chat_id))


def _allow(chat: DigestChat, reader: Reader) -> Button:
    label = reader.t.plain.pgettext("button", "Allow: {chat}", chat=one_line(chat.place.title)[:24])
    return Button(label=label, press=Press(action="chatok", subject=chat.id))


def _refuse(chat: DigestChat, reader: Reader) -> Button:
    label = reader.t.plain.pgettext("button", "Remove: {chat}", chat=one_line(chat.place.title)[:24])
    return Button(label=label, press=Press(action="chatrm", subject=chat.id))


def added_card(chat: DigestChat, people: int, known: int, reader: Reader) -> Card:
    """A group was allowed: who reads digests there."""
    t = reader.t
    strangers = people - known
    text = lines(
        t.gettext("{chat} may have digests now. An editor sets them: /digest, written there.", chat=_title(chat)),
        t.ngettext("{n} person is in it.", "{n} people are in it.", people),
        t.ngettext(
            "⚠️ {n} of them is no member of the newsroom, and will read digests too.",
            "⚠️ {n} of them are no members of the newsroom, and will read digests too.",
            strangers,
        )
        if strangers > 0
        else t.gettext("All of them are members of the newsroom."),
    )
    return Card(text=text, buttons=((_refuse(chat, reader),),))


def asked_card(chat: DigestChat, reader: Reader) -> Card:
    """A member asks an administrator for digests."""
    text = reader.t.gettext("{name} asks for digests in their own chat with the bot.", name=_title(chat))
    return Card(text=text, buttons=((_allow(chat, reader), _refuse(chat, reader)),))


def stopped_card(chat: DigestChat, who: str, reader: Reader) -> Card:
    """Administrators are told that digests no longer go somewhere; `who` has no access any longer and is in it."""
    t = reader.t
    if who:
        text = t.gettext(
            "Digests no longer go to {chat}: {who} is in it, without access to the bot any longer. Take them out of the"
            " group, then write /chats add there.",
            chat=_title(chat),
            who=one_line(who)[:_NAMES],
        )
        return Card(text=text)
    text = t.gettext(
        "Digests no longer go to {chat}: {why}. If that is right so, nothing is to be done; else add it anew: /chats",
        chat=_title(chat),
        why=words.word(t, WHY_STOPPED, chat.reason or ""),
    )
    return Card(text=text)


def checkpoints_card(why: str, reader: Reader) -> Card:
    """Who leads is told that the custody log's checkpoints no longer go to the chat that keeps them."""
    t = reader.t
    return Card(
        text=t.gettext(
            "Checkpoints of the log no longer go to the chat that is set on the server: {why}. They go on by themselves"
            " once that is mended.",
            why=words.word(t, WHY_STOPPED, why),
        )
    )


def former_card(who: str, reader: Reader) -> Card:
    """A group cannot have digests yet: `who` has no access any longer and is in it."""
    return Card(
        text=reader.t.gettext(
            "{who} is in this group, without access to the bot any longer. Take them out of it first.",
            who=one_line(who)[:_NAMES],
        )
    )


def list_card(views: Sequence[DigestView], reader: Reader) -> Card:
    """The member's own chat and the groups, each with when its digest comes."""
    t = reader.t
    own = any(view.chat.member_id == reader.member.id for view in views)
    text = lines(
        bold(t.gettext("Digests")),
        *(Html(f"{_SIGNS[v.chat.place.kind]} {_title(v.chat)}: {_when(v, reader)}") for v in views),
        None if own else t.gettext("None comes to you yet."),
        t.gettext("In a group that may have digests, /digest opens its settings."),
    )
    rows: list[tuple[Button, ...]] = [(_opens(view, reader),) for view in views[:10]]
    if not own:
        label = t.plain.pgettext("button", "Send digests to me")
        rows.append((Button(label=label, press=Press(action="dgask")),))
    return Card(text=text, buttons=tuple(rows))


def _opens(view: DigestView, reader: Reader) -> Button:
    name = one_line(view.chat.place.title)[:28]
    action = "dgopen" if view.schedule is not None else "dgon"
    label = name if view.schedule is not None else reader.t.plain.pgettext("button", "Turn on: {chat}", chat=name)
    return Button(label=f"⚙️ {label}", press=Press(action=action, subject=view.chat.id))


def _when(view: DigestView, reader: Reader) -> Html:
    t, schedule = reader.t, view.schedule
    if schedule is None:
        return t.gettext("none yet")
    if schedule.paused_at is not None:
        return t.gettext("paused")
    return Html.escaped(rhythm_words(schedule.rhythm, reader))


def rhythm_words(rhythm: Rhythm, reader: Reader) -> str:
    """Which days, and when."""
    t, names = reader.t, reader.t.weekdays()
    at = f"{rhythm.at:%H:%M}"
    if len(rhythm.days) == 7:
        return t.plain.gettext("every day at {time}", time=at)
    return f"{', '.join(names[day] for day in sorted(rhythm.days))} · {at}"


def settings_card(view: DigestView, reader: Reader) -> Card:
    """When a chat's digest comes, in which language, with which sections; each with its button."""
    t, schedule = reader.t, view.schedule
    if schedule is None:
        label = t.plain.pgettext("button", "Turn on")
        row = (Button(label=label, press=Press(action="dgon", subject=view.chat.id)),)
        return Card(text=t.gettext("{chat} has no digest yet.", chat=_title(view.chat)), buttons=(row,))
    chosen = [t.plain.pgettext("button", SECTIONS[each.value]) for each in Section if each in schedule.sections]
    when = _when(view, reader)
    following = (
        t.gettext("The next one: {moment}", moment=f"{reader.day(view.next_at)} {t.time(view.next_at, reader.zone)}")
        if view.next_at is not None
        else None
    )
    title = bold(t.gettext("Digest"))
    text = lines(
        Html(f"🗞 {title} · {_title(view.chat)}"),
        t.gettext("When: {when} ({zone})", when=when, zone=reader.newsroom.zone),
        following,
        t.gettext("Language: {language}", language=NAMES[schedule.language]),
        t.gettext("Sections: {sections}", sections=", ".join(chosen)),
        t.gettext("Or in words: {example}", example=Html("<code>/digest 08:30 mon thu ky</code>")),
    )
    return Card(text=text, buttons=_settings_rows(view.chat.id, schedule, reader))


def _settings_rows(chat: int, schedule: Schedule, reader: Reader) -> Rows:
    t, names = reader.t.plain, reader.t.weekdays()

    def button(label: str, argument: str, action: str = "dgset") -> Button:
        return Button(label=label, press=Press(action=action, subject=chat, argument=argument))

    hours = (button("−1 ⏰", "h=-"), button("−15′", "m=-"), button("+15′", "m=+"), button("⏰ +1", "h=+"))
    every = (
        button(t.pgettext("button", "Every day"), "daily"),
        button(t.pgettext("button", "Once a week"), "weekly"),
    )
    days = tuple(button(f"{'✓' if day in schedule.rhythm.days else ''}{names[day]}", f"d={day}") for day in range(7))
    tongues = tuple(
        button(f"{'✓ ' if code == schedule.language else ''}{NAMES[code]}", f"l={code}") for code in ("ky", "ru", "en")
    )
    parts = [
        button(
            f"{'✓' if each in schedule.sections else '▫️'} {t.pgettext('button', SECTIONS[each.value])}",
            f"s={each.value}",
        )
        for each in Section
    ]
    rest = (
        button(t.pgettext("button", "Preview"), "", "dgnow"),
        button(t.pgettext("button", "Pause"), "on", "dgpause")
        if schedule.paused_at is None
        else button(t.pgettext("button", "Go on"), "off", "dgpause"),
    )
    return (hours, every, days, tongues, *((parts[n], parts[n + 1]) for n in range(0, len(parts), 2)), rest)
