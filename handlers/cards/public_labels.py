"""Public notes about confirmed fakes: their text in three languages, the card to take one, the correction."""

from collections.abc import Sequence

from bot.i18n import Catalogs, Html, Translator
from bot.model.account import AccountStatus
from bot.model.plain import one_line
from bot.model.public_label import LABEL_LANGUAGES, LabelGround, PublicLabel
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines
from handlers.cards.takedown_names import LANGUAGE_NAMES

_NAME = 64
_TEXT = 1500
_MOST_TAKEN = 6


def label_text(ground: LabelGround, translator: Translator, reader: Reader) -> str:
    """The note: what was checked and when. It speaks of the account alone, never of a person behind it."""
    t, facts = translator.plain, ground.facts
    account = one_line(words.account_name(ground.account.label))[:_NAME]
    newsroom = one_line(reader.newsroom.name)
    said = [t.gettext("{newsroom}: the account {account} shows signs of a fake.", newsroom=newsroom, account=account)]
    if facts.stolen_photo and facts.owner:
        name = one_line(facts.owner)[:_NAME]
        said.append(t.gettext("– Its picture is a photo of {name}, used without consent.", name=name))
    elif facts.stolen_photo:
        said.append(t.gettext("– Its picture is a photo of another person, used without consent."))
    if facts.photo_accounts:
        count = facts.photo_accounts
        said.append(
            t.ngettext(
                "– The same picture is used by {count} more account.",
                "– The same picture is used by {count} more accounts.",
                count,
                count=t.number(count),
            )
        )
    if facts.copies > 1 and facts.copy_accounts > 1:
        count = facts.copy_accounts
        said.append(
            t.ngettext(
                "– Near-identical comments came from {count} account: {times} in all.",
                "– Near-identical comments came from {count} accounts: {times} in all.",
                count,
                count=t.number(count),
                times=t.number(facts.copies),
            )
        )
    if ground.confirmed_at is not None:
        day = t.date(ground.confirmed_at, reader.zone, "long")
        said.append(t.gettext("Two people of the newsroom checked it; last on {date}.", date=day))
    else:
        said.append(t.gettext("Two people of the newsroom checked it."))
    said.append(
        t.gettext("This is about the account, not about a person. If we are mistaken, write to us: we will correct it.")
    )
    return "\n".join(said)


def correction_text(label: PublicLabel, account: str, translator: Translator, reader: Reader) -> str:
    """What takes a note back in public."""
    t = translator.plain
    return t.gettext(
        "{newsroom}: a correction. On {date} we wrote that the account {account} shows signs of a fake. We have "
        "checked again, and this is not so. We take the note back and apologise.",
        newsroom=one_line(reader.newsroom.name),
        account=one_line(words.account_name(account))[:_NAME],
        date=t.date(label.taken_at, reader.zone, "long"),
    )


def ground_card(ground: LabelGround, reader: Reader) -> Card:
    """The choice of a language for a note, with those that were taken; of a cleared account only what to correct."""
    t, account = reader.t, ground.account
    name = bold(clipped(one_line(words.account_name(account.label)), _NAME))
    taken = [_taken(label, reader) for label in ground.taken[:_MOST_TAKEN]]
    if account.status is AccountStatus.CLEARED:
        told = t.gettext("This account was checked and cleared. Please post a correction wherever the note stands:")
        return Card(text=lines(name, told, *taken), buttons=_corrections(ground.taken, reader))
    asked = t.gettext("A public note to post under its comments. In which language? Whoever takes it is noted.")
    choice = tuple(
        Button(label=LANGUAGE_NAMES[code], press=Press(action="lbtake", subject=account.id, argument=code))
        for code in LABEL_LANGUAGES
    )
    return Card(text=lines(name, asked, *taken), buttons=(choice,))


def _taken(label: PublicLabel, reader: Reader) -> Html:
    t = reader.t
    said = t.gettext(
        "Taken {date} by {who}, in {language}",
        date=reader.day(label.taken_at),
        who=clipped(one_line(label.taker), _NAME),
        language=LANGUAGE_NAMES.get(label.language, label.language),
    )
    return Html(f"• {said}")


def _corrections(taken: Sequence[PublicLabel], reader: Reader) -> tuple[tuple[Button, ...], ...]:
    word = reader.t.plain.pgettext("button", "Correction")
    found = {label.language: label for label in reversed(taken)}
    return tuple(
        (
            Button(
                label=f"{word}: {LANGUAGE_NAMES.get(language, language)}"[:40],
                press=Press(action="lbfix", subject=label.id),
            ),
        )
        for language, label in found.items()
    )


def label_card(label: PublicLabel, reader: Reader) -> Card:
    """A note that was taken, to be copied by a tap."""
    t = reader.t
    told = t.gettext("Tap the note to copy it. If the account is cleared later, you will get a correction to post.")
    return Card(text=lines(told, Html(f"<pre>{clipped(label.text, _TEXT)}</pre>")))


def correction_card(label: PublicLabel, account: str, catalogs: Catalogs, reader: Reader) -> Card:
    """The account was cleared: what to post wherever the note stands."""
    t = reader.t
    name = clipped(one_line(words.account_name(account)), _NAME)
    told = t.gettext(
        "A correction: {account} was checked and cleared. You took a public note about it {date}. Please post this, or "
        "delete the note:",
        account=name,
        date=reader.day(label.taken_at),
    )
    text = correction_text(label, account, catalogs[label.language], reader)
    return Card(text=lines(Html(f"⚠️ {told}"), Html(f"<pre>{clipped(text, _TEXT)}</pre>")))


def label_lines(taken: Sequence[PublicLabel], reader: Reader) -> list[Html]:
    """What the card of an account says of public notes about it; nothing for whoever may not publish them."""
    if not taken or not reader.member.may(Right.PUBLISH_LABEL):
        return []
    return [Html(f"🏷 {_taken(taken[0], reader)}")]
