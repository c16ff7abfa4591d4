"""Lists of campaigns, and one of them in a line."""

from collections.abc import Sequence
from datetime import datetime

from bot.i18n import Html
from bot.model.campaign import CampaignLine
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, lines
from handlers.cards.seen import accounts, campaign_name, times

#: Campaigns on one page.
PAGE = 10


def campaign_list(
    rows: Sequence[CampaignLine], reader: Reader, *, since: datetime | None, target: str, page: int
) -> Card:
    """Campaigns, those seen last first."""
    t = reader.t
    head = _asked_for(since, target, reader)
    nothing = None
    if not rows:
        nothing = t.gettext("There are no older campaigns.") if page else t.gettext("There are no such campaigns yet.")
    how = t.gettext("Narrow it down: /campaigns 7d · /campaigns 01.10.2026 · /campaigns and a part of a name")
    narrow = how if page == 0 and since is None and not target else None
    shown = [campaign_line(row, reader) for row in rows]
    return Card(text=lines(head, *shown, nothing, narrow), buttons=_paging(len(rows), reader, since, target, page))


def _asked_for(since: datetime | None, target: str, reader: Reader) -> Html:
    parts = [bold(reader.t.gettext("Campaigns"))]
    if since is not None:
        parts.append(reader.t.gettext("since {date}", date=reader.day(since)))
    if target:
        parts.append(reader.t.gettext("aimed at “{name}”", name=target))
    return Html(" · ").join(parts)


def campaign_line(line: CampaignLine, reader: Reader) -> Html:
    """A campaign in one line, with a link that opens it."""
    t, campaign = reader.t, line.campaign
    facts = [Html(f"/campaign_{campaign.number}"), times(line.times, t), accounts(line.accounts, line.fakes, t)]
    facts.append(t.gettext("last seen {date}", date=reader.day(campaign.last_seen)))
    return Html(f"{Html(' · ').join(facts)} {campaign_name(line, reader)}")


def _paging(
    count: int, reader: Reader, since: datetime | None, target: str, page: int
) -> tuple[tuple[Button, ...], ...]:
    t, row = reader.t.plain, []
    asked = f"{int(since.timestamp()):x},{target}" if since is not None else f",{target}"
    if page > 0:
        newer = Press(action="camps", subject=page - 1, argument=asked)
        row.append(Button(label=t.pgettext("button", "Newer"), press=newer))
    if count == PAGE:
        older = Press(action="camps", subject=page + 1, argument=asked)
        row.append(Button(label=t.pgettext("button", "Older"), press=older))
    return (tuple(row),) if row else ()
