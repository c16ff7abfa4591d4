"""The queue of updates, with the semantics of Telegram's own (tdlib ``TQueue``).

An update stays until it is confirmed. Kinds that the bot did not ask for are dropped when they arise, not when they
are fetched; ``message_reaction`` and ``chat_member`` come only when they are named.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from telegram.constants import UpdateType

from bot.simulator.shapes import Json

ALL_KINDS: Final = frozenset(str(kind.value) for kind in UpdateType)
ONLY_WHEN_NAMED: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
# TQueue refuses an id more than 10 past its tail ("Specified from_id is in the future") and the server then starts
# from the head: a bot that remembers an id from before the ids were drawn anew confirms nothing with it.
_MAX_AHEAD: Final = 10


class UpdateQueue:
    """Updates that the bot has not confirmed, oldest first."""

    def __init__(self, first_id: int = 500_000_001) -> None:
        self._pending: OrderedDict[int, Json] = OrderedDict()
        self._next_id = first_id
        self._allowed = ALL_KINDS - ONLY_WHEN_NAMED
        self._named: list[str] | None = None
        self.grown = asyncio.Event()
        self.confirmed = 0
        self.on_growth: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def named(self) -> list[str] | None:
        """The list given in ``allowed_updates``, or None when the default holds."""
        return self._named

    @property
    def last_id(self) -> int:
        """The newest id given out."""
        return self._next_id - 1

    def allow(self, kinds: list[str] | None) -> None:
        """Apply ``allowed_updates``: None keeps the setting, an empty list restores the default."""
        if kinds is None:
            return
        known = [kind for kind in kinds if kind in ALL_KINDS]
        self._named = known or None
        self._allowed = frozenset(known) if known else ALL_KINDS - ONLY_WHEN_NAMED

    def allows(self, kind: str) -> bool:
        """Whether updates of this kind reach the bot."""
        return kind in self._allowed

    def push(self, kind: str, content: Json) -> int | None:
        """Queue one update; the answer is its id, or None when the bot did not ask for such updates."""
        if kind not in self._allowed:
            return None
        return self.push_raw([{kind: content}])[0]

    def push_raw(self, updates: Iterable[Json]) -> list[int]:
        """Queue ready updates without looking at them; an ``update_id`` of their own is replaced."""
        ids: list[int] = []
        for update in updates:
            body = {name: value for name, value in update.items() if name != "update_id"}
            self._pending[self._next_id] = {"update_id": self._next_id, **body}
            ids.append(self._next_id)
            self._next_id += 1
        self._announce()
        return ids

    def restart_ids(self, first_id: int) -> None:
        """Go on with other ids, as Telegram does when a bot had no update for a week.

        Raises ValueError while updates are pending: Telegram draws new ids for an idle queue only.
        """
        if self._pending:
            raise ValueError("update ids start anew only when no update is pending")
        self._next_id = first_id

    def take(self, offset: int, limit: int) -> list[Json]:
        """What getUpdates answers at once; confirms what the offset confirms."""
        if offset < 0:
            self._forget_before(self._from_end(-offset))
        elif 0 < offset <= self._next_id + _MAX_AHEAD:
            self._forget_before(offset)
        return list(islice(self._pending.values(), limit))

    def first(self, limit: int) -> list[Json]:
        """The oldest updates, nothing confirmed."""
        return list(islice(self._pending.values(), limit))

    def confirm(self, update_id: int) -> None:
        """Forget one update: a webhook took it."""
        if self._pending.pop(update_id, None) is not None:
            self.confirmed += 1

    def clear(self) -> None:
        """Drop everything pending."""
        self._pending.clear()

    def _from_end(self, count: int) -> int:
        newest = list(islice(reversed(self._pending), count))
        return newest[-1] if newest else 0

    def _forget_before(self, update_id: int) -> None:
        while self._pending:
            oldest = next(iter(self._pending))
            if oldest >= update_id:
                return
            del self._pending[oldest]
            self.confirmed += 1

    def _announce(self) -> None:
        self.grown.set()
        for call in self.on_growth:
            call()
