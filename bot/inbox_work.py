"""Work on the inbox: the effects of an update are committed with "done".

`Worker` takes updates, one at a time per chat and many chats at once, lets the front desk handle them, and commits what
came of them: effects, outbox rows and "done" of all updates that are ready go into ONE transaction, so that a killed
process has either done an update or not begun it.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import measures, trail
from bot.clock import Clock
from bot.errors import DoneElsewhere, NoRoom, Outage, Refusal, UnreadableUpdate
from bot.inbox import Inbox
from bot.model.ids import new_id
from bot.storage import inbox as archive
from bot.storage.faults import passes
from bot.storage.inbox import ClaimedUpdate
from bot.storage.store import Store
from bot.trail import Milestone, Trail

log = logging.getLogger(__name__)

After = Callable[[], None]
Run = Callable[[AsyncConnection, list[Any]], Awaitable[After | None]]
#: Told, within the transaction, of an update that has to wait, or is given up, and why: its sender may want to know.
Late = Callable[[AsyncConnection, ClaimedUpdate, Exception], Awaitable[None]]

_OUTAGE_TRIES = 60
_GATHERING_SECONDS = 0.005
_LONGEST_NAP = 1.0
# Eight workers that look each 0.1 s use a sixth of a core for nothing; what comes is seen by the first that looks.
_LONGEST_LOOK = 0.8
# Updates claimed in one round: while these are read, the next ones are claimed and the last ones committed.
_AT_A_TIME = 100
# What waits in the slower lane is read by so many at a time, so that whoever comes meanwhile is soon answered.
_EARLY = 10
_LONGEST_WAIT = timedelta(minutes=5)
# While the disk itself fails, everything waits; as soon as it works again, nobody should have to.
_DISK_WAIT = timedelta(seconds=30)
_PAUSE = 1.0


def once(act: Callable[[AsyncConnection], Awaitable[None]]) -> Run:
    """A step that is joined with no other."""

    async def run(conn: AsyncConnection, _items: list[Any]) -> None:
        await act(conn)

    return run


@dataclass(kw_only=True, slots=True)
class Work:
    """What came of one update: steps for the transaction, or the error that prevented them.

    Steps with the same `run` are done together for a whole batch of updates, which is what makes a burst cheap.
    `refused` leaves on another work what is to be said when the transaction itself finds that it must not be done.
    """

    update: ClaimedUpdate
    steps: list[tuple[Run, Any]] = field(default_factory=list)
    error: Exception | None = None
    refused: Callable[["Work", Refusal], None] | None = None
    began: float = field(default_factory=time.monotonic)
    #: What the log says of it.
    trail: Trail | None = None

    def stage(self, run: Run, item: Any) -> None:
        """Let `run(conn, items)` have `item` in the transaction; what it returns is called after the commit."""
        self.steps.append((run, item))

    def stage_once(self, act: Callable[[AsyncConnection], Awaitable[None]]) -> None:
        """Let `act(conn)` run in the transaction."""
        self.steps.append((once(act), None))


Process = Callable[[Work], Awaitable[None]]


class NotInHand(Exception):
    """An update that was handled here is not this worker's any longer: nothing of it may be committed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkLimits:
    """Chats worked on at the same time; tries before an update becomes a dead letter.

    Where another process stores the updates, nobody rings: the store is looked at after each `nap`, in seconds.
    """

    at_once: int
    tries: int
    nap: float = _LONGEST_NAP


class Worker:
    """Handles what the inbox holds until it is stopped.

    Each round is one transaction: it commits what is ready and claims what comes next, so that under load a handful of
    statements serves dozens of updates, and an idle bot answers a lone one at once.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        inbox: Inbox,
        limits: WorkLimits,
        on_commit: Callable[[], None],
        late: Late | None = None,
        given_up: Late | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._inbox = inbox
        self._at_once = limits.at_once
        self._tries = limits.tries
        self._on_commit = on_commit
        self._late = late
        self._given_up = given_up
        self._nap = limits.nap
        # Who else looks for what comes: between them they look as often as one would alone.
        self._lookers = 1
        #: The number under which this process has updates in hand.
        self.holder = new_id()
        self._in_hand: dict[int, asyncio.Task[None]] = {}
        self._chats: Counter[int] = Counter()
        # Handled, with effects to commit or with an error to be judged; both wait while the disk cannot be written.
        self._ready: list[Work] = []
        self._failed: list[Work] = []
        # One bell for both: something arrived, or something is ready to be committed.
        self._stirred = inbox.arrived

    async def recover(self, living: Collection[int] = ()) -> None:
        """Return to the queue what no worker among the `living` has in hand: by default, all of it."""
        self._lookers = max(1, len(living))
        async with self._store.write() as conn:
            again = await archive.recover(conn, living)
        if again:
            log.info("%d updates that were in hand are taken again", again)
            self._stirred.set()

    async def run(self, process: Process) -> None:
        """Claim, handle and commit until cancelled; what is in hand then stays in the inbox for the next start.

        While the disk is full, read-only or failing it waits and tries again. Raises Damaged.
        """
        try:
            while True:
                self._stirred.clear()
                try:
                    await self._turn(process)
                except Exception as error:
                    if not passes(error):
                        raise
                    log.error("the inbox waits for the disk: %s", type(error).__name__)
                    await asyncio.sleep(_PAUSE)
        finally:
            for task in self._in_hand.values():
                task.cancel()
            await asyncio.gather(*self._in_hand.values(), return_exceptions=True)

    async def _turn(self, process: Process) -> None:
        claimed = await self._round()
        for update in claimed:
            self._in_hand[update.id] = asyncio.create_task(self._handle(process, update))
            self._chats[update.chat_key] += 1
        if len(claimed) < _AT_A_TIME:
            await self._wait()

    async def _round(self) -> list[ClaimedUpdate]:
        await self._judge_failed()
        good = sorted(self._ready, key=lambda work: work.update.id)
        busy = self._chats - Counter(work.update.chat_key for work in good)
        try:
            claimed = await self._commit_and_claim(good, busy)
        except Exception as error:
            # A disk that fails is no update's fault: all of them stay ready.
            if not good or passes(error):
                raise
            # What a person is told of, and what another process did first, is no fault of ours.
            is_fault = not isinstance(error, Refusal | DoneElsewhere)
            log.log(
                logging.ERROR if is_fault else logging.INFO,
                "a batch of %d could not be committed; each is tried alone",
                len(good),
                exc_info=error if is_fault else None,
            )
            await self._commit_singly(good)
            claimed = []
        self._done_with(good)
        return claimed

    def _done_with(self, works: Sequence[Work]) -> None:
        gone = {work.update.id for work in works}
        self._ready = [work for work in self._ready if work.update.id not in gone]
        for work in works:
            if work.error is None:
                self._let_go(work.update)
                trail.say(log, Milestone.DONE, work.trail)
                measures.HANDLED.labels("done").inc()
                measures.HANDLING.observe(time.monotonic() - work.began)
        if works:
            self._on_commit()

    async def _judge_failed(self) -> None:
        while self._failed:
            work = self._failed[0]
            with trail.along(work.trail):
                if work.error is not None and not await self._refused(work):
                    await self._judge(work, work.error)
            self._failed.pop(0)
            self._let_go(work.update)
            # The sender may have something to say of it.
            self._on_commit()

    def _let_go(self, update: ClaimedUpdate) -> None:
        self._in_hand.pop(update.id, None)
        self._chats -= Counter([update.chat_key])

    async def _commit_and_claim(self, works: list[Work], busy: Counter[int]) -> list[ClaimedUpdate]:
        async with self._store.write() as conn:
            after = await self._apply(conn, works)
            room = min(_AT_A_TIME, self._at_once - busy.total())
            claimed = await archive.claim(conn, self._clock(), room, busy.keys(), self.holder)
            # Little to do: what waits in the slower lane is read a little at a time, never more than so many in hand,
            # so that a threat among four hundred forwards waits for the machine and not for its sender's permits.
            spare = min(room, _EARLY - busy.total()) - len(claimed)
            claimed += await archive.claim_early(conn, spare, self.holder)
        _call(after)
        return claimed

    async def _wait(self) -> None:
        if self._in_hand:
            await self._rang(self._nap)
            return
        seconds = await self._seconds_to_next()
        idly = max(self._nap, min(_LONGEST_LOOK, self._nap * self._lookers))
        while not await self._rang(idly if seconds is None else seconds) and seconds is None:
            # Nothing waited before this nap either: with several workers most look in vain, and a round costs four
            # times as much as a look.
            if (seconds := await self._seconds_to_next()) is not None:
                return

    async def _rang(self, seconds: float) -> bool:
        """Whether something arrived or finished within so many seconds."""
        # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event.
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return False
        # Whatever came or finished, its neighbours follow closely: they are committed and claimed together.
        await asyncio.sleep(_GATHERING_SECONDS)
        return True

    async def _seconds_to_next(self) -> float | None:
        """Until when nothing can be claimed, at most a nap; None while nothing waits at all."""
        async with self._store.read() as conn:
            due = await archive.next_due(conn)
        if due is None:
            return None
        now = self._clock()
        return self._nap if due <= now else min(self._nap, (due - now).total_seconds())

    async def _handle(self, process: Process, update: ClaimedUpdate) -> None:
        work = Work(update=update, trail=trail.take_up(update.id))
        trail.reach(log, Milestone.CLAIMED, tries=update.tries)
        try:
            await process(work)
        except Exception as error:  # whatever the desk raises, the update is kept and judged in the next round
            work.error = error
        else:
            trail.reach(log, Milestone.HANDLED)
        (self._ready if work.error is None else self._failed).append(work)
        self._stirred.set()

    async def _commit_singly(self, works: list[Work]) -> None:
        for number, work in enumerate(works):
            try:
                await self._commit([work])
            except Exception as error:
                if passes(error):
                    self._done_with(works[:number])
                    raise
                work.error = error
                self._failed.append(work)
                self._stirred.set()

    async def _commit(self, works: list[Work]) -> None:
        async with self._store.write() as conn:
            after = await self._apply(conn, works)
        _call(after)

    async def _apply(self, conn: AsyncConnection, works: list[Work]) -> list[After]:
        steps: dict[Run, list[Any]] = {}
        for work in works:
            for run, item in work.steps:
                steps.setdefault(run, []).append(item)
        after = [await run(conn, items) for run, items in steps.items()]
        ids = {work.update.id for work in works}
        if works and await archive.finish(conn, ids, self._clock(), self.holder) != len(works):
            # Its effects are in the store already, or are another process's to make: once is enough.
            raise NotInHand
        return [act for act in after if act is not None]

    async def _refused(self, work: Work) -> bool:
        """Whether its transaction refused it, and whoever ordered it is told so: that is then what the update did."""
        if not isinstance(work.error, Refusal) or work.refused is None:
            return False
        log.info("update %d was refused in its transaction: %s", work.update.id, work.error.code)
        instead = Work(update=work.update, trail=work.trail)
        work.refused(instead, work.error)
        try:
            await self._commit([instead])
        except Exception as error:
            if passes(error):
                raise
            work.error = error
            return False
        return True

    async def _judge(self, work: Work, error: Exception) -> None:
        name, update = type(error).__name__, work.update
        if isinstance(error, DoneElsewhere) and update.tries == 1:
            async with self._store.write() as conn:
                await archive.put_back(conn, update.id, name, self._clock(), self.holder)
            return
        log.error("update %d failed at try %d", update.id, update.tries, exc_info=error)
        most = self._most_tries(error)
        async with self._store.write() as conn:
            if most is not None and update.tries >= most:
                if await archive.bury(conn, update.id, name, self._clock(), self.holder):
                    measures.HANDLED.labels("dead").inc()
                    if self._given_up is not None:
                        await self._given_up(conn, update, error)
                return
            if await archive.put_back(conn, update.id, name, self._later(update.tries, error), self.holder):
                measures.HANDLED.labels("again").inc()
                if self._late is not None:
                    await self._late(conn, update, error)

    def _most_tries(self, error: Exception) -> int | None:
        if isinstance(error, NoRoom) or passes(error):
            return None
        return 1 if isinstance(error, UnreadableUpdate) else _OUTAGE_TRIES if isinstance(error, Outage) else self._tries

    def _later(self, tries: int, error: Exception) -> datetime:
        longest = _DISK_WAIT if isinstance(error, NoRoom) or passes(error) else _LONGEST_WAIT
        return self._clock() + min(longest, timedelta(seconds=2 ** min(tries - 1, 16)))


def _call(after: Sequence[After]) -> None:
    # What was committed stays committed: a fault in what follows must not have it done again.
    for act in after:
        try:
            act()
        except Exception:
            log.exception("what follows a commit failed")
