"""How much one member, and all of a newsroom together, may ask for: token buckets, each with what it does when full.

A limit either refuses, and says when to come back, or makes wait: what was forwarded is kept and read in a slower lane,
so that nothing is lost and a threat in a flood still alarms. What belongs to alarms has no limit at all.

`fails_open` says what happens when a limit cannot tell (its table of members is full): what a newsroom works with goes
on, what takes data out of the house or brings people into it stops.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import PANIC_WORD
from bot.model.limit import LIMITS, Limit
from bot.model.newsroom import Member
from bot.services import notices
from bot.services.step_up import is_code
from bot.storage import members, outbox

#: Members and newsrooms of which each limit remembers what they used.
MOST_KEYS: Final = 50_000
#: A newsroom together may use so many times what a member may.
NEWSROOM_SHARE: Final = 5
#: From so many seconds of waiting a member is told, and not again within so many.
_TOLD_FROM = 5.0
_TOLD_AGAIN = timedelta(hours=1)
#: Due before it came: the inbox lets it go first.
_AHEAD: Final = timedelta(seconds=-1)

_MEGABYTE = 1_000_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Limits:
    """What everybody used lately; in memory, since a restart costs a flooder more than it gives."""

    def __init__(self, clock: Clock, table: Mapping[str, Limit] = LIMITS, most_keys: int = MOST_KEYS) -> None:
        self._clock = clock
        self._table = table
        self._most = most_keys
        self._buckets: OrderedDict[tuple[str, str, int], _Bucket] = OrderedDict()

    def check(self, member: Member, name: str) -> None:
        """Use a permit. Raises Refusal when there is none left, for the member or for the newsroom."""
        seconds = self.take(name, member.newsroom_id, member.id)
        if seconds > 0:
            raise Refusal("too_often", seconds=max(1, round(seconds)))

    def take(self, name: str, newsroom_id: int, member_id: int, cost: float = 1.0) -> float:
        """Use permits; the seconds to wait, 0 for none. Where waiting is refusal nothing is used up by it.

        Who is over their own limit takes nothing from the newsroom's: one member's flood delays nobody else.
        """
        limit, now = self._table[name], self._clock()
        own = self._bucket(("m", name, member_id), limit.burst, now)
        shared = self._bucket(("n", name, newsroom_id), limit.burst * NEWSROOM_SHARE, now)
        if own is None or shared is None:
            return 0.0 if limit.fails_open else limit.seconds
        _fill(own, limit.seconds, limit.burst, now)
        _fill(shared, limit.seconds / NEWSROOM_SHARE, limit.burst * NEWSROOM_SHARE, now)
        if own.left < cost:
            wait = (cost - own.left) * limit.seconds
            own.left -= cost if limit.waits else 0.0
            return wait
        wait = max(0.0, (cost - shared.left) * limit.seconds / NEWSROOM_SHARE)
        if wait <= 0 or limit.waits:
            own.left -= cost
            shared.left -= cost
        return wait

    def _bucket(self, key: tuple[str, str, int], burst: float, now: datetime) -> _Bucket | None:
        found = self._buckets.get(key)
        if found is not None:
            self._buckets.move_to_end(key)
            return found
        if len(self._buckets) >= self._most and not self._forget(now):
            return None
        self._buckets[key] = _Bucket(left=burst, at=now)
        return self._buckets[key]

    def _forget(self, now: datetime) -> bool:
        """Drop who used nothing for so long that their permits are all there again."""
        oldest = next(iter(self._buckets), None)
        if oldest is None:
            return False
        limit = self._table[oldest[1]]
        if (now - self._buckets[oldest].at).total_seconds() < limit.burst * limit.seconds:
            return False
        del self._buckets[oldest]
        return True


def _fill(bucket: _Bucket, rate: float, most: float, now: datetime) -> None:
    bucket.left = min(most, bucket.left + max(0.0, (now - bucket.at).total_seconds()) / rate)
    bucket.at = now


class SlowLane:
    """Which messages wait at the inbox's door while other members' go ahead; commands and presses never do."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._until: dict[int, datetime] = {}
        self._told: dict[int, datetime] = {}

    def wait(self, newsroom_id: int, sender: int, raw: Mapping[str, Any], *, loose: bool) -> timedelta:
        """How long a message waits; what follows it in the same chat waits as long, so that their order is kept.

        Less than nothing for the word that freezes and for a code: they go before what their chat said earlier.
        """
        message = raw.get("message")
        if isinstance(message, Mapping) and _is_urgent(message):
            return _AHEAD
        if not isinstance(message, Mapping) or _is_order(message):
            return timedelta()
        now = self._clock()
        seconds = [self._limits.take(name, newsroom_id, sender, cost) for name, cost in _costs(message, loose=loose)]
        until = max(self._until.get(sender, now), now + timedelta(seconds=max(seconds, default=0.0)))
        if until <= now:
            self._until.pop(sender, None)
            return timedelta()
        self._until[sender] = until
        return until - now

    async def tell(self, conn: AsyncConnection, newsroom_id: int, waiting: Mapping[int, timedelta]) -> None:
        """Tell members once an hour that their messages are kept, and read a little later."""
        now = self._clock()
        late = [who for who, wait in waiting.items() if wait.total_seconds() >= _TOLD_FROM and self._is_new(who, now)]
        for member in await members.by_telegram_ids(conn, late) if late else ():
            if member.newsroom_id == newsroom_id:
                self._told[member.telegram_id] = now
                minutes = max(1, round(waiting[member.telegram_id].total_seconds() / 60))
                await outbox.put(conn, [notices.reply(member, "slowed", minutes=minutes)], now)

    def _is_new(self, who: int, now: datetime) -> bool:
        self._told = {other: at for other, at in self._told.items() if now - at < _TOLD_AGAIN}
        return who not in self._told


def _is_urgent(message: Mapping[str, Any]) -> bool:
    text = message.get("text")
    return isinstance(text, str) and "forward_origin" not in message and bool(PANIC_WORD.match(text) or is_code(text))


def _is_order(message: Mapping[str, Any]) -> bool:
    text = message.get("text") or message.get("caption")
    return isinstance(text, str) and text.startswith("/") and "forward_origin" not in message


def _costs(message: Mapping[str, Any], *, loose: bool) -> Iterable[tuple[str, float]]:
    yield ("forwards" if loose else "texts"), 1.0
    photos, document = message.get("photo"), message.get("document")
    files = [*(photos[-1:] if isinstance(photos, list) else ()), document]
    sizes = [size for file in files if isinstance(file, Mapping) and isinstance(size := file.get("file_size"), int)]
    if photos or document:
        yield "pictures", 1.0
        yield "bytes", sum(min(max(0, size), 20 * _MEGABYTE) for size in sizes) / _MEGABYTE
