"""What editors do to campaigns: the question before, what came of it, and the press that undoes it."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.campaign import CampaignText, CampaignView
from handlers.buttons import Press
from handlers.cards.campaign_list import campaign_line
from handlers.cards.campaigns import text_lines
from handlers.cards.card import Button, Card, Reader, lines
from handlers.cards.paging import turns
from handlers.cards.seen import campaign_button, campaign_number

#: Texts on one page.
PAGE = 10


def merge_question(one: CampaignView, other: CampaignView, reader: Reader) -> Card:
    """Asks once before two campaigns become one."""
    t = reader.t
    campaign, also = one.line.campaign, other.line.campaign
    text = lines(
        t.gettext("Are {campaign} and {other} one campaign?", campaign=campaign.label, other=also.label),
        campaign_line(one.line, reader),
        campaign_line(other.line, reader),
        t.gettext("Together they keep the smaller number. Merging can be undone."),
    )
    yes = Press(action="mergeyes", subject=campaign.number, argument=str(also.number))
    back = Press(action="campaign", subject=campaign.number, argument="here")
    row = (
        Button(label=t.plain.pgettext("button", "Yes, merge them"), press=yes),
        Button(label=t.plain.pgettext("button", "Back"), press=back),
    )
    return Card(text=text, buttons=(row,))


def merged_card(kept: str, gone: str, text_number: int | None, reader: Reader) -> Card:
    """Two campaigns are one; a press parts them again."""
    t = reader.t
    said = t.gettext("{other} is now part of {campaign} ({who}).", other=gone, campaign=kept, who=reader.member.name)
    rows: list[tuple[Button, ...]] = []
    if text_number is not None:
        undo = Press(action="split", subject=campaign_number(kept), argument=f"{text_number:x}")
        rows.append(
            (Button(label=t.plain.pgettext("button", "Split {campaign} off again", campaign=gone), press=undo),)
        )
    rows.append((campaign_button(kept, reader, in_place=True),))
    undoing = t.gettext("The button below undoes it.") if text_number is not None else None
    return Card(text=lines(said, undoing), buttons=tuple(rows))


def split_card(kept: str, fresh: str, texts: int, reader: Reader) -> Card:
    """A campaign was parted in two; a press joins them again."""
    t = reader.t
    if kept == fresh:
        return Card(
            text=t.gettext("Nothing was split off from {campaign}.", campaign=kept),
            buttons=((campaign_button(kept, reader, in_place=True),),),
        )
    said = t.gettext("Split off from {campaign}: now {other} ({who}).", campaign=kept, other=fresh, who=_me(reader))
    moved = t.ngettext("{count} text", "{count} texts", texts, count=t.number(texts)) if texts else None
    undo = Press(action="merge", subject=campaign_number(kept), argument=str(campaign_number(fresh)))
    again = Button(label=t.plain.pgettext("button", "Merge with {campaign} again", campaign=fresh), press=undo)
    look = (campaign_button(kept, reader, in_place=True), campaign_button(fresh, reader, in_place=True))
    return Card(text=lines(said, moved, t.gettext("The button below undoes it.")), buttons=((again,), look))


def _me(reader: Reader) -> str:
    return reader.member.name


def text_choice(number: int, texts: Sequence[CampaignText], page: int, purpose: str, reader: Reader) -> Card:
    """A campaign's texts, numbered, with a button for each: to be split off, or never to match."""
    t, start = reader.t, page * PAGE
    head = (
        t.gettext(
            "Which text is to be split off from {campaign}? Those most like it go with it.", campaign=f"C-{number}"
        )
        if purpose == "split"
        else t.gettext("Which text of {campaign} is never to match again?", campaign=f"C-{number}")
    )
    rows = [Html(f"{start + n}. {line}") for n, line in enumerate(text_lines(texts, t), start=1)]
    nothing = t.gettext("There are no further texts.") if not texts else None
    buttons = [
        Button(label=str(start + n), press=_chosen(number, text, page, purpose))
        for n, text in enumerate(texts, start=1)
    ]
    numbered = [tuple(buttons[at : at + 5]) for at in range(0, len(buttons), 5)]
    other = Press(action="splits" if purpose == "split" else "nevers", subject=number)
    turn = turns(page, other, reader, is_more=len(texts) == PAGE)
    back = Press(action="campaign", subject=number, argument="here")
    last = (Button(label=t.plain.pgettext("button", "Back"), press=back),)
    return Card(text=lines(head, *rows, nothing), buttons=tuple(row for row in (*numbered, turn, last) if row))


def _chosen(number: int, text: CampaignText, page: int, purpose: str) -> Press:
    if purpose == "split":
        return Press(action="split", subject=number, argument=f"{text.number:x}")
    return Press(action="never", subject=number, argument=f"{text.number:x}.{page}")
