"""Replies about public notes by their codes: asks the services, leaves the words to cards."""

from bot.errors import Refusal
from bot.model.account import AccountStatus
from handlers.cards import public_labels as cards
from handlers.cards.card import Card, Reader
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk


async def _ground(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return cards.ground_card(await desk.public_labels.ground(reader.member, int(v["account"])), reader)


async def _label(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    return cards.label_card(await desk.public_labels.one(reader.member, int(v["label"])), reader)


async def _correction(desk: FrontDesk, reader: Reader, v: Values) -> Card:
    label = await desk.public_labels.one(reader.member, int(v["label"]))
    account = await desk.accounts.see(reader.member, label.account_id)
    if account.status is not AccountStatus.CLEARED:
        raise Refusal("label_stands")
    return cards.correction_card(label, account.label, desk.catalogs, reader)


PUBLIC_LABEL_REPLIES: dict[str, Render] = {
    "label_ground": _ground,
    "label": _label,
    "label_correction": _correction,
}
