"""Fetches the files of messages from Telegram."""

from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, TelegramError

from bot.errors import Outage, Refusal
from bot.model.submission import IncomingFile
from handlers.context import DeskContext


def fetcher(context: DeskContext) -> Callable[[IncomingFile], Awaitable[bytes]]:
    """What brings the bytes of a file. It raises Refusal for one that Telegram will not give, and Outage."""

    async def fetch(file: IncomingFile) -> bytes:
        try:
            async with context.desk.fetching:
                found = await context.bot.get_file(file.file_id)
                return bytes(await found.download_as_bytearray())
        except BadRequest as error:
            code = "image_too_many_bytes" if "too big" in error.message.lower() else "image_gone"
            raise Refusal(code) from error
        except TelegramError as error:
            raise Outage("a file could not be fetched") from error

    return fetch
