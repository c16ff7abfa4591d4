"""Draws a card's buttons: each is signed for its reader, and for the outbox row that is being sent."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.buttons import Bearer, ButtonSigner
from handlers.cards.card import Card, Reader
from handlers.posting import CURRENT_POSTING


def keyboard(signer: ButtonSigner, reader: Reader, card: Card) -> InlineKeyboardMarkup | None:
    """The buttons under a card; a group reads through a reader whose own chat it is."""
    posting = CURRENT_POSTING.get(None)
    # Outside of a delivery nothing is sent, and nothing drawn there could ever be pressed.
    drawing = posting.row if posting is not None else 0
    member = reader.member
    bearer = Bearer(newsroom=reader.newsroom.id, chat=member.telegram_id, drawing=drawing, epoch=member.epoch)
    rows = [
        [
            InlineKeyboardButton(b.label, url=b.url, callback_data=signer.sign(bearer, b.press) if b.press else None)
            for b in row
        ]
        for row in card.buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None
