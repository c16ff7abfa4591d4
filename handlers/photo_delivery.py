"""Sends a pair of photos side by side, and renews the words under one."""

from collections.abc import Callable
from typing import Any

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.errors import Refusal
from bot.model.outbox import Outgoing
from bot.model.photo_pair import PhotoPair
from handlers.cards.card import Card, Reader
from handlers.cards.photos import pair_card, pair_labels
from handlers.desk import FrontDesk
from handlers.photos import may_rule, named_pair

Keyboard = Callable[[Reader, Card], InlineKeyboardMarkup | None]


class PhotoDelivery:
    """Speaks to Telegram about pairs of photos. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk, keyboard: Keyboard) -> None:
        self._bot = bot
        self._desk = desk
        self._keyboard = keyboard

    async def send(self, outgoing: Outgoing, reader: Reader) -> str | None:
        """Send a pair, or edit its message; the code of what is to be said instead when there is nothing to show."""
        body = outgoing.body
        try:
            pair = await named_pair(self._desk, reader.member, body)
            if pair is None:
                return "photo_pair_gone"
            card = await self._card(pair, reader, body.get("submission"))
        except Refusal as refusal:
            return refusal.code
        if body.get("edit") is not None and await self._edited(outgoing, reader, card):
            return None
        return await self._sent(outgoing, reader, pair, card)

    async def _card(self, pair: PhotoPair, reader: Reader, submission: int | None) -> Card:
        rules = submission is not None and await may_rule(self._desk, reader.member, int(submission))
        return pair_card(pair, reader, submission, may_rule=rules)

    async def _sent(self, outgoing: Outgoing, reader: Reader, pair: PhotoPair, card: Card) -> str | None:
        asked = None
        if outgoing.body.get("file") is not None:
            asked = await self._fetched(str(outgoing.body["file"]))
            if asked is None:
                return "image_gone"
        drawn = await self._desk.pictures.pair(pair, pair_labels(pair, reader), asked)
        if drawn is None:
            return "photos_gone"
        await self._bot.send_photo(
            outgoing.chat_id,
            drawn,
            caption=card.text,
            parse_mode=ParseMode.HTML,
            has_spoiler=True,
            protect_content=True,
            reply_markup=self._keyboard(reader, card),
        )
        return None

    async def _fetched(self, file_id: str) -> bytes | None:
        """A picture that was looked up and not kept; None when Telegram does not give it any more."""
        try:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except BadRequest:
            return None

    async def _edited(self, outgoing: Outgoing, reader: Reader, card: Card) -> bool:
        edit: dict[str, Any] = {"chat_id": outgoing.chat_id, "message_id": outgoing.body["edit"]}
        keyboard = self._keyboard(reader, card)
        try:
            await self._bot.edit_message_caption(
                **edit, caption=card.text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        except BadRequest as error:
            said = error.message.lower()
            if "not modified" in said:
                return True
            # It was deleted, is too old, or is no picture: the pair is then sent anew, unless its time was over.
            if any(known in said for known in ("to edit not found", "can't be edited", "no caption")):
                return False
            raise
        return True
