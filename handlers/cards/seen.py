"""How often, by whom, since when: what cards of cases, copies and campaigns say alike."""

from bot.i18n import Html, Translator
from bot.model.campaign import CampaignLine
from bot.model.copies import CopyCount
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Reader, clipped, spoiler

_NAME = 64
_POST = 80
_CAMPAIGN = 90


def seen(count: CopyCount, reader: Reader) -> Html:
    """Seen 14 times from 9 accounts (6 known fakes) since Tue 6 Oct; first by … under …"""
    t = reader.t
    how_often, day = times(count.times, t), reader.day(count.since) if count.since is not None else "?"
    if count.accounts:
        by = accounts(count.accounts, count.fakes, t)
        said = t.gettext("🔁 Seen {times} from {accounts} since {date}", times=how_often, accounts=by, date=day)
    else:
        said = t.gettext("🔁 Seen {times} since {date}", times=how_often, date=day)
    first = _first(count, t)
    return said if first is None else Html(f"{said}; {first}")


def times(count: int, t: Translator) -> Html:
    """14 times."""
    return t.ngettext("{count} time", "{count} times", count, count=t.number(count))


def accounts(count: int, fakes: int, t: Translator) -> Html:
    """9 accounts (6 known fakes)."""
    by = t.ngettext("{count} account", "{count} accounts", count, count=t.number(count))
    if not fakes:
        return by
    known = t.ngettext("{count} known fake", "{count} known fakes", fakes, count=t.number(fakes))
    return Html(f"{by} ({known})")


def account(label: str | None, t: Translator) -> Html:
    """Who wrote something, as it is shown in a line."""
    return clipped(words.account_name(label), _NAME) if label else t.gettext("unknown author")


def post(name: str) -> Html:
    """A post, to be copied by a tap: a link in a chat would be opened by one."""
    return Html(f"<code>{clipped(name, _POST)}</code>")


def campaign_button(label: str, reader: Reader, *, in_place: bool = False) -> Button:
    """Opens campaign C-n; `in_place` in the message under which the button stands."""
    press = Press(action="campaign", subject=campaign_number(label), argument="here" if in_place else "")
    return Button(label=reader.t.plain.pgettext("button", "Campaign {campaign}", campaign=label), press=press)


def campaign_name(line: CampaignLine, reader: Reader) -> Html:
    """What a campaign says, behind a spoiler; of one of pictures how many there are."""
    if not line.campaign.name and line.pictures:
        return Html(f"🖼 {pictures(line.pictures, reader.t)}")
    return spoiler(clipped(line.campaign.name, _CAMPAIGN))


def pictures(count: int, t: Translator) -> Html:
    """How many different pictures."""
    return t.ngettext("{count} picture", "{count} pictures", count, count=t.number(count))


def campaign_number(label: str) -> int:
    """The number in C-7."""
    return int(label.removeprefix("C-"))


def _first(count: CopyCount, t: Translator) -> Html | None:
    under = post(count.first_post) if count.first_post else None
    if count.first_account and under:
        return t.gettext("first by {account} under {post}", account=account(count.first_account, t), post=under)
    if count.first_account:
        return t.gettext("first by {account}", account=account(count.first_account, t))
    return t.gettext("first under {post}", post=under) if under else None
