"""Asks a time-stamping authority (RFC 3161 over HTTP): the only place from which evidence leaves the house by itself,
and all that leaves is a hash."""

from typing import Final

from bot.custody.timestamps import request_for
from bot.errors import Outage

_SECONDS: Final = 20
_MOST_BYTES: Final = 100_000


class TimestampAuthority:
    """An authority at an address."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def stamp(self, data: bytes) -> bytes:
        """The authority's answer for the SHA-256 of `data`, as it came. Raises Outage."""
        import aiohttp  # noqa: PLC0415 - every start of a command would pay for it

        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        limit = aiohttp.ClientTimeout(total=_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self._url, data=request_for(data), headers=headers, allow_redirects=False) as answer,
            ):
                body = await answer.content.read(_MOST_BYTES)
                if answer.status != 200:
                    raise Outage(f"the time-stamping authority answers {answer.status}")
                return body + await answer.content.read(_MOST_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Outage(f"the time-stamping authority cannot be reached: {type(error).__name__}") from error
