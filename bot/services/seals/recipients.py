"""The public age keys to which a newsroom's originals are sealed."""

from typing import Final

import pyrage

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.sealed_original import SealRecipient
from bot.storage import custody, sealed_originals
from bot.storage.custody import NewEntry
from bot.storage.store import Store

_LONGEST_NAME: Final = 100


class SealRecipients:
    """Of one newsroom; every change stands in its custody log."""

    def __init__(self, store: Store, clock: Clock, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._newsroom_id = newsroom_id

    async def all(self) -> list[SealRecipient]:
        """To whom originals are sealed."""
        async with self._store.read() as conn:
            return await sealed_originals.recipients(conn, self._newsroom_id)

    async def add(self, recipient: str, name: str) -> None:
        """Seal to this public key too, from now on. Raises Refusal for what is no key, or is one already."""
        recipient = recipient.strip()
        if public_key(recipient) is None:
            raise Refusal("seal_key_wrong")
        if recipient in {each.recipient for each in await self.all()}:
            raise Refusal("seal_key_known")
        async with self._store.write() as conn:
            now = self._clock()
            await sealed_originals.add_recipient(conn, self._newsroom_id, recipient, name[:_LONGEST_NAME], now)
            await custody.put(conn, [self._of_newsroom({"seals_to": recipient})])

    async def remove(self, recipient: str) -> None:
        """Seal to this key no longer; it still opens what was sealed to it. Raises Refusal for an unknown one."""
        async with self._store.write() as conn:
            now = self._clock()
            if not await sealed_originals.remove_recipient(conn, self._newsroom_id, recipient.strip(), now):
                raise Refusal("seal_key_unknown")
            await custody.put(conn, [self._of_newsroom({"seals_no_longer_to": recipient.strip()})])

    def _of_newsroom(self, body: dict[str, str]) -> NewEntry:
        return NewEntry(
            newsroom_id=self._newsroom_id,
            kind="changed",
            noun="newsroom",
            row_id=self._newsroom_id,
            body=body,
            at=self._clock(),
        )


def public_key(recipient: str) -> pyrage.x25519.Recipient | None:
    """The key that is written so; None for what is none, a secret one above all."""
    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        return None
