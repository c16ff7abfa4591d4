"""Cards about the bot itself: help, language, privacy, whoami, settings."""

from bot.i18n import N_, Html
from bot.model.newsroom import BACKUP_DAYS, RETENTION_DAYS
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, lines
from handlers.commands import menu_of

NAMES = {"ru": "Русский", "ky": "Кыргызча", "en": "English"}


def help_card(reader: Reader) -> Card:
    """What this member can do here."""
    t = reader.t
    commands = [
        Html(f"/{command.name} – {t.plain.pgettext('command', command.about)}") for command in menu_of(reader.member)
    ]
    return Card(
        text=lines(
            t.gettext("Forward a comment, or send a screenshot or a photo of a profile: one card says what is known."),
            t.gettext("Messages sent together become one case. Words you type with a forward are your note to it."),
            t.gettext("If Telegram hides the author, send a screenshot of the profile or a link to it.") + Html("\n"),
            *commands,
        )
    )


def language_card(reader: Reader) -> Card:
    """A button for each language."""
    row = tuple(Button(label=name, press=Press(action="language", argument=code)) for code, name in NAMES.items())
    return Card(text=reader.t.gettext("In which language shall I write?"), buttons=(row,))


def privacy_card(reader: Reader) -> Card:
    """What is kept, where, and who sees it."""
    t = reader.t
    return Card(
        text=lines(
            t.gettext(
                "What you forward is kept on the newsroom's own server: texts, pictures, your name as the sender."
            ),
            t.gettext(
                "Colleagues see your cases. Who a threat is aimed at is shown only to you, editors and security leads."
            ),
            t.gettext(
                "From whom a photo was stolen, every member reads by name; the profile and how it is known, only who "
                "wrote it, editors and security leads."
            ),
            t.gettext(
                "Cases without a ruling, a threat or a link to an account leave after {days} days; you are told a week "
                "before and can keep them. What is evidence stays until two people erase it.",
                days=reader.newsroom.limits.get("retention_days", RETENTION_DAYS),
            ),
            t.gettext(
                "Backups are encrypted, and this server cannot open them. What was erased is gone from the last one "
                "after {days} days at the latest.",
                days=BACKUP_DAYS,
            ),
            t.gettext("Everything is read on that server; no outside service sees it."),
            t.gettext(
                "Chats with bots are not end-to-end encrypted: Telegram can read them. Talk about secrets in person."
            ),
            t.gettext("“Undo” under a card withdraws what you sent. /mydata shows what is stored about you."),
            t.gettext("/forget me: you leave, and who you are is erased."),
        )
    )


def whoami_card(reader: Reader) -> Card:
    """Name, roles and newsroom of the reader."""
    t, member = reader.t, reader.member
    names = words.roles(t, ",".join(sorted(role.value for role in member.roles)))
    return Card(
        text=t.gettext("{name} · {roles} · {newsroom}", name=member.name, roles=names, newsroom=reader.newsroom.name)
    )


def settings_card(reader: Reader) -> Card:
    """The newsroom's settings, and how to change them."""
    t, newsroom = reader.t, reader.newsroom
    return Card(
        text=lines(
            t.gettext("Name: {name}", name=newsroom.name),
            t.gettext("Time zone: {zone}", zone=newsroom.zone),
            t.gettext("Language: {language}", language=NAMES[newsroom.language]),
            *_limits(reader),
            t.gettext("To change: /settings name … · /settings zone Asia/Bishkek · /settings language ky"),
            t.gettext("Limits: /settings invite_hours 24 · /settings burst_seconds 2 · /settings image_mb 20"),
            t.gettext("Alarms: /settings alarm_minutes 5"),
            t.gettext("Exports of evidence: /settings export_cases 200"),
            t.gettext("Old cases on which nothing hangs: /settings retention_days 90"),
        )
    )


def _limits(reader: Reader) -> list[Html]:
    t, limits = reader.t, reader.newsroom.limits
    said = {
        "invite_hours": N_("Invites expire after {number} h."),
        "burst_seconds": N_("Messages sent within {number} s become one case."),
        "image_mb": N_("Pictures of up to {number} MB are taken."),
        "alarm_minutes": N_("An unanswered alarm goes on after {number} min."),
        "export_cases": N_("One export of evidence holds up to {number} cases."),
        "retention_days": N_("Cases without a ruling, a threat or an account leave after {number} days."),
    }
    return [t.gettext(sentence, number=limits[name]) for name, sentence in said.items() if name in limits]
