"""Sends what concerns evidence: exports as protected files, checkpoints to the chat that keeps them."""

from typing import Final

from telegram import Bot, InputFile
from telegram.constants import ParseMode

from bot.errors import Refusal
from bot.i18n import Html
from bot.model.outbox import Outgoing
from bot.model.rights import Right
from handlers.cards.card import Reader, lines
from handlers.cards.evidence_replies import export_caption, sealed_caption
from handlers.desk import FrontDesk

#: The Bot API takes files of 50 MB.
MOST_BYTES: Final = 49_000_000
_SECONDS: Final = 300.0
#: Of a record with many copies: the latest; all of them are in its evidence.
_MOST_FILES: Final = 10


class EvidenceDelivery:
    """Speaks to Telegram for the custody log. Raises telegram.error.TelegramError."""

    def __init__(self, bot: Bot, desk: FrontDesk) -> None:
        self._bot = bot
        self._desk = desk

    async def send_export(self, outgoing: Outgoing, reader: Reader) -> Refusal | None:
        """Make what was ordered and send it; what is to be said instead when that is not possible."""
        refusal = await self._made_and_sent(outgoing, reader)
        # A failed send ends above: what was made waits for the next try.
        await self._desk.evidence.settled(outgoing.body)
        return refusal

    async def _made_and_sent(self, outgoing: Outgoing, reader: Reader) -> Refusal | None:
        # The order may have waited: whether it is still theirs to have is asked now.
        if not reader.member.may(Right.EXPORT_EVIDENCE):
            return Refusal("not_allowed")
        try:
            made = await self._desk.evidence.ordered(reader.member, outgoing.body)
        except Refusal as refusal:
            return refusal
        if len(made.data) > MOST_BYTES:
            return Refusal("export_too_large")
        await self._bot.send_document(
            outgoing.chat_id,
            InputFile(made.data, filename=made.name),
            caption=export_caption(made, self._desk.evidence.signing_key, reader),
            parse_mode=ParseMode.HTML,
            protect_content=True,
            read_timeout=_SECONDS,
            write_timeout=_SECONDS,
        )
        return None

    async def send_sealed(self, outgoing: Outgoing, reader: Reader) -> Refusal | None:
        """The age files of a threat's words; only whoever has a lead's key opens them."""
        try:
            files = await self._desk.sealed_texts.files(reader.member, int(outgoing.body["sealed"]))
        except Refusal as refusal:
            return refusal
        for each in files[-_MOST_FILES:]:
            await self._bot.send_document(
                outgoing.chat_id,
                InputFile(each.data, filename=each.name),
                caption=sealed_caption(each.name, each.body_sha256, reader),
                parse_mode=ParseMode.HTML,
                read_timeout=_SECONDS,
                write_timeout=_SECONDS,
            )
        return None

    async def send_checkpoint(self, outgoing: Outgoing) -> None:
        """The newest checkpoint, as anybody may keep it: it says nothing of what is in the log."""
        made = await self._desk.anchors.newest()
        if made is None:
            return
        digits = made.root.hex()[:32]
        spoken = " ".join(digits[i : i + 4] for i in range(0, 32, 4))
        text = lines(Html(f"<pre>{Html.escaped(made.note)}</pre>"), Html.escaped(f"{made.size} · {spoken}"))
        await self._bot.send_message(outgoing.chat_id, text, parse_mode=ParseMode.HTML, disable_notification=True)
