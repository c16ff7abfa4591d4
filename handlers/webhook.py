"""Where Telegram posts updates: told at the start, and looked after from then on.

One taker at a time gets a bot's updates. While our webhook stands, nobody can poll; but whoever has the token can take
it away or put another in its place, and then what members send goes elsewhere. That is seen within a minute, told, and
undone. What Telegram says of posts that did not reach us stands in the log.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from handlers.polling import ALLOWED

log = logging.getLogger(__name__)

#: Telegram's own number unless it is told another (documentation of setWebhook).
_CONNECTIONS: Final = 40
#: Seconds between looks, and the longest between tries.
_LOOKS: Final = 30.0
_LONGEST_WAIT: Final = 60.0


class WebhookWatch:
    """Keeps our webhook in its place until cancelled."""

    def __init__(self, bot: Bot, url: str, secret: str, on_conflict: Callable[[], None]) -> None:
        """`on_conflict` is told when somebody else moved it."""
        self._bot = bot
        self._url = url
        self._secret = secret
        self._on_conflict = on_conflict
        self._failed_at: datetime | None = None

    async def run(self) -> None:
        """Set it, then look at it again and again. Raises InvalidToken, which no waiting mends."""
        await self._put()
        while True:
            await asyncio.sleep(_LOOKS)
            try:
                info = await self._bot.get_webhook_info()
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("the webhook could not be looked at: %s", type(error).__name__)
                continue
            await self._judge(info)

    async def _judge(self, info: WebhookInfo) -> None:
        if info.url != self._url:
            log.error("somebody else moved the webhook: it is put back")
            self._on_conflict()
            await self._put()
        elif info.last_error_date is not None and info.last_error_date != self._failed_at:
            self._failed_at = info.last_error_date
            log.warning(
                "Telegram did not reach us at %s: %s; %d updates wait",
                info.last_error_date.isoformat(),
                info.last_error_message,
                info.pending_update_count,
            )

    async def _put(self) -> None:
        wait = 1.0
        while True:
            try:
                # What waits is kept: members sent it.
                await self._bot.set_webhook(
                    self._url, max_connections=_CONNECTIONS, allowed_updates=ALLOWED, secret_token=self._secret
                )
            except InvalidToken:
                raise
            except TelegramError as error:
                log.warning("the webhook could not be set (%s); trying again in %.0f s", type(error).__name__, wait)
                await asyncio.sleep(wait)
                wait = min(_LONGEST_WAIT, wait * 2)
            else:
                return
