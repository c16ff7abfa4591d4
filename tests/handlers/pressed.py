"""What Telegram would be given of a card: HTML that it understands, not too long, with buttons that can be signed."""

import re

from telegram.constants import MessageLimit

from bot.simulator.entities import parse_html
from handlers.buttons import Bearer, ButtonSigner
from handlers.cards.card import Card

_SIGNER = ButtonSigner(b"k" * 32)
_BEARER = Bearer(newsroom=1, chat=(1 << 52) - 1, drawing=1)


def drawn(card: Card) -> tuple[str, list[str]]:
    """A card's HTML and the actions of its buttons. Fails when Telegram would refuse it."""
    shown = parse_html(card.text)
    assert len(shown.text.encode("utf-16-le")) // 2 <= MessageLimit.MAX_TEXT_LENGTH
    for row in card.buttons:
        assert all(0 < len(button.label) <= 40 for button in row)
        # Raises ValueError above 64 bytes.
        assert all(_SIGNER.sign(_BEARER, button.press) for button in row if button.press)
    return str(card.text), [b.press.action for row in card.buttons for b in row if b.press]


def open_text(html: str) -> str:
    """What a reader sees at once."""
    return re.sub(r"<tg-spoiler>.*?</tg-spoiler>", "", html, flags=re.DOTALL)
