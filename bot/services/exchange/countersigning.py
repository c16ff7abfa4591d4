"""Newsrooms countersign each other's checkpoints: none can rewrite its log unseen by the others.

We sign a partner's newest checkpoint as we see it, and know nothing of what its log holds. What partners signed of ours
is kept, and `kalkan verify` checks the log against it as against any anchor from outside.
"""

from datetime import datetime

from bot.clock import Clock
from bot.custody.checkpoints import NotACheckpoint, opened, origin_of
from bot.custody.cosignatures import cosignatures, cosigned, whole_notes
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.exchange import CountersignedCheckpoint, Partner
from bot.storage import exchange_countersigns, exchange_partners, history
from bot.storage.exchange_countersigns import NewCountersign
from bot.storage.store import Store


class Countersigning:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, keys: CustodyKeys, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._keys = keys
        self._newsroom_id = newsroom_id

    def sign(self, text: str) -> str:
        """The largest checkpoint in a text, with our line under it. Raises Refusal("exchange_no_checkpoint")."""
        notes = sorted(whole_notes(text), key=_size)
        if not notes:
            raise Refusal("exchange_no_checkpoint")
        return cosigned(notes[-1], self._keys.exchange_key(self._newsroom_id), self._clock())

    async def attach(self, text: str) -> list[CountersignedCheckpoint]:
        """Keep what partners countersigned of our log; what is signed by nobody we know is passed over.

        Raises Refusal("exchange_no_countersign") when there is nothing.
        """
        partners = await self._partners()
        found = [each for note in whole_notes(text) for each in self._ours(note, partners)]
        if not found:
            raise Refusal("exchange_no_countersign")
        names = {each.id: each.name for each in partners}
        async with self._store.write() as conn:
            now = self._clock()
            for each in found:
                if await exchange_countersigns.add(conn, self._newsroom_id, each, now):
                    told = {"size": each.size}
                    subject = ("partner", each.partner_id)
                    await history.note(conn, self._newsroom_id, None, subject, "countersigned", now, **told)
        return [
            CountersignedCheckpoint(partner=names[each.partner_id], size=each.size, at=each.signed_at) for each in found
        ]

    async def _partners(self) -> list[Partner]:
        async with self._store.read() as conn:
            everyone = await exchange_partners.everyone(conn, self._newsroom_id, self._clock().date())
        return [each for each in everyone if each.withdrawn_at is None]

    def _ours(self, note: str, partners: list[Partner]) -> list[NewCountersign]:
        public = self._keys.checkpoint_public
        try:
            checkpoint = opened(_own_part(note), public)
        except NotACheckpoint:
            return []
        if checkpoint.origin != origin_of(public, self._newsroom_id):
            return []
        by_key = {each.key: each for each in partners}
        return [
            NewCountersign(partner_id=by_key[each.public].id, size=checkpoint.size, note=note, signed_at=each.at)
            for each in cosignatures(note, list(by_key))
        ]


def countersigned(
    notes: list[tuple[str, bytes, str]], public: bytes, newsroom_id: int
) -> list[tuple[str, str, datetime]]:
    """Of kept notes (the note, its partner's key and name) those whose every signature is good.

    Returns the checkpoint's own note, who countersigned it, and when.
    """
    good = []
    for note, key, name in notes:
        own = _own_part(note)
        try:
            is_ours = opened(own, public).origin == origin_of(public, newsroom_id)
        except NotACheckpoint:
            continue
        good += [(own, name, each.at) for each in (cosignatures(note, [key]) if is_ours else [])]
    return good


def _own_part(note: str) -> str:
    """A note with its first line of signatures alone: that of the log itself."""
    text, _, rest = note.partition("\n\n")
    return f"{text}\n\n{rest.partition(chr(10))[0]}\n"


def _size(note: str) -> int:
    return int(note.split("\n")[1])
