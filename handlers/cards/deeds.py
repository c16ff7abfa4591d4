"""What the card of an account says of reports, owners and public notes, and the presses that begin them."""

from bot.i18n import Html
from bot.model.account import Account, AccountStatus
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards.card import Button, Reader
from handlers.cards.outreach import outreach_lines
from handlers.cards.public_labels import label_lines
from handlers.cards.takedowns import takedown_lines
from handlers.desk import FrontDesk


async def deed_lines(desk: FrontDesk, reader: Reader, account: Account) -> list[Html]:
    """A line each for the latest of them; nothing for whoever may not see it."""
    member = reader.member
    return [
        *takedown_lines(await desk.takedowns.of_account(member, account.id), reader),
        *outreach_lines(await desk.outreach.of_account(member, account), reader),
        *label_lines(await desk.public_labels.of_account(member, account.id), reader),
    ]


def deed_buttons(account: Account, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    """Report it, ask the photo's owner, take a public note: what the reader may do, and what fits the account."""
    t, row = reader.t.plain, []
    is_there = account.status in (AccountStatus.SUSPECTED, AccountStatus.CONFIRMED)
    if is_there and reader.member.may(Right.TAKEDOWNS):
        row.append(Button(label=t.pgettext("button", "Report it"), press=Press(action="tdnew", subject=account.id)))
    if is_there and account.photos and reader.member.may(Right.OUTREACH):
        row.append(Button(label=t.pgettext("button", "Photo's owner"), press=Press(action="oask", subject=account.id)))
    if account.status is AccountStatus.CONFIRMED and reader.member.may(Right.PUBLISH_LABEL):
        row.append(Button(label=t.pgettext("button", "Public note"), press=Press(action="lbshow", subject=account.id)))
    return (tuple(row),) if row else ()
