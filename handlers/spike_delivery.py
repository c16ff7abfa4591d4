"""Sends a spike: a small chart with its words beneath, or the words alone when it cannot be drawn."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.errors import KalkanError, Refusal
from bot.model.chart import Mark, Picture, Point, Sparkline
from bot.model.outbox import Outgoing
from bot.model.rights import Right
from bot.services.spikes import SpikeView
from handlers.cards.card import Card, Reader
from handlers.cards.spikes import series_name, spike_card
from handlers.desk import FrontDesk

log = logging.getLogger(__name__)

_HOUR = timedelta(hours=1)
#: Hours of one point: a week in so many steps is read on a phone.
_STEP = 3

Keyboard = Callable[[Reader, Card], InlineKeyboardMarkup | None]


class SpikeDelivery:
    """Speaks to Telegram about spikes. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk, keyboard: Keyboard) -> None:
        self._bot = bot
        self._desk = desk
        self._keyboard = keyboard

    async def send(self, outgoing: Outgoing, reader: Reader, *, silent: bool) -> str | None:
        """Send a spike, or edit its message; the code of what is to be said instead when it is gone."""
        # Whoever lost the right since it was decided hears nothing of it.
        if not reader.member.may(Right.SEE_SPIKES):
            return None
        try:
            view = await self._desk.spikes.view(reader.member, int(outgoing.body["spike"]))
        except Refusal:
            return "spike_unknown"
        card = spike_card(view, reader)
        keyboard = self._keyboard(reader, card)
        if outgoing.body.get("edit") is not None and await self._edited(outgoing, card, keyboard):
            return None
        await self._sent(outgoing.chat_id, reader, view, card, keyboard, silent=silent)
        return None

    async def _sent(
        self,
        chat_id: int,
        reader: Reader,
        view: SpikeView,
        card: Card,
        keyboard: InlineKeyboardMarkup | None,
        *,
        silent: bool,
    ) -> None:
        told: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "reply_markup": keyboard,
            "protect_content": True,
            "disable_notification": silent or None,
        }
        picture = await self._drawn(view, reader)
        if picture is None:
            await self._bot.send_message(chat_id, card.text, **told)
            return
        await self._bot.send_photo(chat_id, picture.png, caption=card.text, **told)

    async def _drawn(self, view: SpikeView, reader: Reader) -> Picture | None:
        try:
            return await self._desk.charts.draw(_chart(view, reader), reader.t.plain)
        except KalkanError:
            log.warning("the chart of a spike could not be drawn")
            return None

    async def _edited(self, outgoing: Outgoing, card: Card, keyboard: InlineKeyboardMarkup | None) -> bool:
        edit: dict[str, Any] = {"chat_id": outgoing.chat_id, "message_id": outgoing.body["edit"]}
        try:
            await self._bot.edit_message_caption(
                **edit, caption=card.text, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        except BadRequest as error:
            said = error.message.lower()
            if "not modified" in said:
                return True
            if "no caption" in said:
                return await self._text_edited(edit, card, keyboard)
            if any(known in said for known in ("to edit not found", "can't be edited")):
                return False
            raise
        return True

    async def _text_edited(self, edit: dict[str, Any], card: Card, keyboard: InlineKeyboardMarkup | None) -> bool:
        """The message has no picture."""
        try:
            await self._bot.edit_message_text(card.text, **edit, parse_mode=ParseMode.HTML, reply_markup=keyboard)
        except BadRequest as error:
            return "not modified" in error.message.lower()
        return True


def _chart(view: SpikeView, reader: Reader) -> Sparkline:
    """A week of hours, three to a point, with the beginning marked."""
    spike, t = view.spike, reader.t.plain
    count = int((view.until - view.since) / _HOUR)
    hours = [0] * count
    for each in view.hours:
        hours[int((each.hour - view.since) / _HOUR)] = each.comments
    points = [Point(at=view.since + n * _HOUR, value=float(sum(hours[n : n + _STEP]))) for n in range(0, count, _STEP)]
    return Sparkline(
        title=f"{spike.label} · {series_name(spike.series, spike.name)}",
        under=t.gettext("comments in {hours} hours, the last 7 days", hours=_STEP),
        counted=t.pgettext("chart", "comments"),
        zone=reader.newsroom.zone,
        points=points,
        spikes=[Mark(at=max(spike.started, view.since), label=spike.label)],
    )
