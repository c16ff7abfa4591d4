"""A campaign on a card, with all that is known of it."""

from collections.abc import Sequence
from itertools import takewhile

from bot.i18n import Html, Translator
from bot.model.campaign import Campaign, CampaignLine, CampaignText, CampaignView
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler
from handlers.cards.sealed import short
from handlers.cards.seen import account, accounts, campaign_name, campaign_number, pictures, post, times

_TEXT = 120
# Texts that share no more than this at their beginning are told apart by what follows it.
_SHARED = 80
# So far back from where two texts part a word may begin.
_REACH = 40
_MOST_TEXTS = 5
_MOST_NAMES = 5
_MOST_EVENTS = 5
_MOST_LINKS = 10


def campaign_card(view: CampaignView, candidates: Sequence[CampaignLine], reader: Reader, asked: int) -> Card:
    """A campaign; `asked` is the number by which it was asked for, which may be that of one merged into it."""
    t, campaign = reader.t, view.line.campaign
    text = lines(
        Html(f"{bold(campaign.label)} {campaign_name(view.line, reader)}"),
        _merged_away(campaign, asked, reader),
        *_figures(view.line, reader),
        _targets(view, reader),
        _counted(t.gettext("Accounts"), [(account(label, t), count) for label, count in view.authors]),
        _counted(t.gettext("Posts"), [(post(name), count) for name, count in view.posts]),
        *_texts(view, reader),
        _contains(view, reader),
        _beside(view, reader),
        *_story(view, reader),
        _undoing(view, reader),
    )
    return Card(text=text, buttons=_buttons(view, candidates, reader))


def _merged_away(campaign: Campaign, asked: int, reader: Reader) -> Html | None:
    if asked == campaign.number:
        return None
    return reader.t.gettext("{other} was merged into {campaign}.", other=f"C-{asked}", campaign=campaign.label)


def _figures(line: CampaignLine, reader: Reader) -> list[Html]:
    t = reader.t
    if not line.times:
        return [t.gettext("None of its comments counts any more.")]
    counts = [times(line.times, t), accounts(line.accounts, line.fakes, t)]
    if line.posts:
        counts.append(t.ngettext("{count} post", "{count} posts", line.posts, count=t.number(line.posts)))
    if line.pictures:
        counts.append(pictures(line.pictures, t))
    first, last = reader.day(line.campaign.first_seen), reader.day(line.campaign.last_seen)
    seen = t.gettext("First seen: {first} · last seen: {last}", first=first, last=last)
    return [Html("🔁 ") + Html(", ").join(counts), seen]


def _targets(view: CampaignView, reader: Reader) -> Html | None:
    if not view.targets or not reader.member.may(Right.SEE_TARGETS):
        return None
    return reader.t.gettext("Aimed at: {names}", names=clipped(", ".join(view.targets), 300))


def _counted(head: Html, rows: Sequence[tuple[Html, int]]) -> Html | None:
    if not rows:
        return None
    shown = Html(", ").join(Html(f"{name} ({count})") for name, count in rows[:_MOST_NAMES])
    return Html(f"{head}: {shown}{', …' if len(rows) > _MOST_NAMES else ''}")


def _texts(view: CampaignView, reader: Reader) -> list[Html]:
    t = reader.t
    if not view.texts:
        return []
    count = t.ngettext("{count} text", "{count} texts", view.text_count, count=t.number(view.text_count))
    return [bold(count), *text_lines(view.texts[:_MOST_TEXTS], reader.t)]


def text_lines(texts: Sequence[CampaignText], t: Translator) -> list[Html]:
    """A campaign's texts, a line each: how often, and behind a spoiler what tells it from the first of them."""
    first = texts[0].text if texts else ""
    return [Html(f"{text.times} × {spoiler(_telling(text.text, first)) if text.text else short(t)}") for text in texts]


def _telling(text: str, first: str) -> Html:
    """At most `_TEXT` units: the beginning of a text, or where it stops being the first one if that is further on."""
    shown = clipped(text, _TEXT)
    shared = "".join(char for char, _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, first, strict=False)))
    if text == first or shown == Html.escaped(text) or clipped(shared, _SHARED) == Html.escaped(shared):
        return shown
    rest = text[len(shared) :]
    # The whole word that differs; of a text that ends there its last words.
    known = shared[-_REACH:]
    if rest.strip():
        known = "" if known[-1].isspace() else known.split()[-1]
    return Html(f"…{clipped((known + rest).strip(), _TEXT - 1)}")


def _contains(view: CampaignView, reader: Reader) -> Html | None:
    if not view.contains:
        return None
    links = " ".join(f"/campaign_{campaign_number(label)}" for label in view.contains[:_MOST_LINKS])
    return reader.t.gettext("Shares a part of its text with: {campaigns}", campaigns=links)


def _beside(view: CampaignView, reader: Reader) -> Html | None:
    if not view.beside:
        return None
    links = " ".join(f"/campaign_{campaign_number(label)}" for label in view.beside[:_MOST_LINKS])
    if view.line.pictures:
        return reader.t.gettext("Posted together with texts: {campaigns}", campaigns=links)
    return reader.t.gettext("Posted together with pictures: {campaigns}", campaigns=links)


def _story(view: CampaignView, reader: Reader) -> list[Html]:
    return [
        Html(f"{'👤 ' if who else ''}{reader.day(at)}: {event_words(event, who, other, reader)}")
        for event, who, at, other in view.history[-_MOST_EVENTS:]
    ]


def event_words(event: str, who: str, other: str, reader: Reader) -> Html:
    """What was done to a campaign, as its history calls it; without a name nobody pressed anything."""
    t = reader.t
    name = clipped(who, 40) if who else t.gettext("automatically")
    match event:
        case "merged":
            return t.gettext("{other} was merged into this campaign ({who})", other=other, who=name)
        case "merged_into":
            return t.gettext("merged into another campaign: {other} ({who})", other=other, who=name)
        case "split":
            return t.gettext("{other} was split off ({who})", other=other, who=name)
        case "split_from":
            return t.gettext("split off from another campaign: {other} ({who})", other=other, who=name)
        case "rejected":
            return t.gettext("a text was taken out: not a copy ({who})", who=name)
        case "picture_out":
            return t.gettext("a picture was taken out: not the same photo ({who})", who=name)
        case "stock_phrase":
            return t.gettext("a text was put on the never-match list ({who})", who=name)
        case "emptied":
            return t.gettext("fewer than two accounts were left: it is no campaign any longer")
    return Html.escaped(event)


def _undoing(view: CampaignView, reader: Reader) -> Html | None:
    if not view.line.times or view.line.pictures or not _edits(reader):
        return None
    return reader.t.gettext("Merging and splitting can be undone: each by the other.")


def _edits(reader: Reader) -> bool:
    return reader.member.may(Right.EDIT_CAMPAIGNS)


def _buttons(view: CampaignView, candidates: Sequence[CampaignLine], reader: Reader) -> tuple[tuple[Button, ...], ...]:
    t, number = reader.t.plain, view.line.campaign.number
    rows: list[tuple[Button, ...]] = []
    if view.line.times and not view.line.pictures:
        rows.append((Button(label=t.pgettext("button", "Copies"), press=Press(action="ccopies", subject=number)),))
    if _edits(reader):
        rows += _in_twos([_merge_button(number, line.campaign.label, reader) for line in candidates])
    edits = []
    if _edits(reader) and view.text_count > 1:
        split = Press(action="splits", subject=number)
        edits.append(Button(label=t.pgettext("button", "Split off a text…"), press=split))
    if reader.member.may(Right.NEVER_MATCH) and view.texts:
        never = Press(action="nevers", subject=number)
        edits.append(Button(label=t.pgettext("button", "Never match…"), press=never))
    return tuple(row for row in (*rows, tuple(edits)) if row)


def _merge_button(number: int, label: str, reader: Reader) -> Button:
    press = Press(action="merge", subject=number, argument=str(campaign_number(label)))
    return Button(label=reader.t.plain.pgettext("button", "Merge with {campaign}", campaign=label), press=press)


def _in_twos(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    return [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
