"""The one door out: takes outbox rows by priority, keeps Telegram's pace, and gives account of each.

A row is marked before it is sent and after. When the process dies in between, the row is sent again: a card twice is
better than a card lost. What Telegram answers decides the rest: 429 holds that chat only, a fault tries again later, a
refusal for good ends the row.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot import measures, trail
from bot.model.message_care import care_of
from bot.model.outbox import UNPACED, Kind, Reserved, Waiting
from bot.services.outbox import Outbox
from bot.trail import Milestone
from handlers.cards.reading_rights import LockedDown
from handlers.delivery import Delivery
from handlers.pacing import Pace
from handlers.posting import CURRENT_POSTING, NotTheirs, Posting

log = logging.getLogger(__name__)

_IDLE_SECONDS = 0.5
# How many chats are looked up at a time, and how long one that has to wait is not looked up again unless it is woken.
_AT_A_LOOK = 64
_LOOK_SECONDS = 0.25
# How many are begun side by side: each is noted as sent when it begins, and among many the last is on its way later.
_AT_ONCE = 5
_NEW_CARD_SECONDS = 1.5
_NOTE_TRIES = 600
_NOTE_WAIT = 1.0
# What is given, at the end, to what is under way.
_LAST_SECONDS = 3.0


class Sender:
    """Sends until cancelled."""

    def __init__(
        self,
        outbox: Outbox,
        delivery: Delivery,
        pace: Pace,
        now: Callable[[], datetime],
        parallel: int,
        idle: float = _IDLE_SECONDS,
    ) -> None:
        """`parallel` chats are written to at a time; `idle`: seconds between looks while nobody wakes it."""
        self._outbox = outbox
        self._delivery = delivery
        self._pace = pace
        self._now = now
        self._parallel = parallel
        self._idle = idle
        #: By chat, and whether it is an alarm: of each, one at a time.
        self._under_way: dict[tuple[int, bool], asyncio.Task[None]] = {}
        # New cards leave one by one: of those that a killed process was sending, one at the most comes twice. It costs
        # no speed: a case takes three requests, so that the limit over all chats allows but eight cases a second. One
        # that hangs is not waited for: others must not be late because one chat does not answer.
        self._new_card: int | None = None
        self._new_card_since = 0.0
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to say."""
        self._woken.set()

    async def run(self) -> None:
        """Take, pace and send for ever. A disk that fails is waited for."""
        await self._outbox.recover()
        try:
            while True:
                self._woken.clear()
                try:
                    found = await self._look_and_send()
                except Exception as error:
                    if not self._outbox.may_wait(error):
                        raise
                    log.error("sending waits for the disk: %s", type(error).__name__)
                    await asyncio.sleep(_NOTE_WAIT)
                    continue
                if not found:
                    await self._sleep(self._idle)
        finally:
            await self._end_all()

    async def _end_all(self) -> None:
        under_way = list(self._under_way.values())
        try:
            # What Telegram was asked is heard to its end: else the next one to send would ask it again.
            if under_way:
                await asyncio.wait(under_way, timeout=_LAST_SECONDS)
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _look_and_send(self) -> bool:
        heads = await self._outbox.heads(_AT_A_LOOK, self._reserved())
        if going := self._going(heads):
            # Side by side: what is noted of each before it goes is noted of all of them together.
            begun = await asyncio.gather(*map(self._begin, going), return_exceptions=True)
            for error in begun:
                if error is not None:
                    raise error
        elif heads:
            await self._sleep(min(_LOOK_SECONDS, self._pace.wait_for_any(_now()) or _LOOK_SECONDS))
        return bool(heads)

    def _reserved(self) -> Reserved:
        return Reserved(
            busy={chat for chat, _ in self._under_way},
            paced=self._pace.resting(_now()),
            ringing={chat for chat, is_alarm in self._under_way if is_alarm},
            rung=self._pace.rung(_now()),
        )

    def _going(self, heads: Sequence[Waiting]) -> list[Waiting]:
        """Those of these that may go now, as many as Telegram allows at once; of new cards one."""
        going: list[Waiting] = []
        room, places = min(_AT_ONCE, self._pace.room(_now())), self._parallel - len(self._under_way)
        is_card_under_way = self._card_is_under_way()
        for waiting in heads:
            # Whatever shows no case for the first time goes past those that wait for one another.
            if not self._is_free(waiting) or (waiting.is_new_card and is_card_under_way):
                continue
            if len(going) >= room:
                break
            if len(going) >= places and not waiting.outgoing.is_alarm:
                continue
            is_card_under_way = is_card_under_way or waiting.is_new_card
            going.append(waiting)
        return going

    def _card_is_under_way(self) -> bool:
        return self._new_card is not None and _now() - self._new_card_since <= _NEW_CARD_SECONDS

    def _is_free(self, waiting: Waiting) -> bool:
        """Whether its chat is: for an alarm, but for other alarms."""
        chat_id, is_alarm = waiting.outgoing.chat_id, waiting.outgoing.is_alarm
        return (chat_id, True) not in self._under_way and (is_alarm or (chat_id, False) not in self._under_way)

    async def _begin(self, waiting: Waiting) -> None:
        chat_id, is_alarm = waiting.outgoing.chat_id, waiting.outgoing.is_alarm
        if waiting.is_new_card:
            self._new_card, self._new_card_since = waiting.id, _now()
        await self._outbox.start(waiting)
        # Only now: it is the moment of sending that Telegram counts, not that of the note before it.
        self._pace.note(chat_id, _now(), is_message=waiting.outgoing.kind not in UNPACED, is_alarm=is_alarm)
        task = asyncio.create_task(self._deliver(waiting))
        self._under_way[chat_id, is_alarm] = task
        task.add_done_callback(lambda _task: self._end(waiting))

    def _end(self, waiting: Waiting) -> None:
        chat_id = waiting.outgoing.chat_id
        self._under_way.pop((chat_id, waiting.outgoing.is_alarm), None)
        if self._new_card == waiting.id:
            self._new_card = None
        if waiting.outgoing.kind not in UNPACED:
            self._pace.arrived(chat_id, _now())
        self._woken.set()

    async def _deliver(self, waiting: Waiting) -> None:
        posting = Posting(row=waiting.id, care=care_of(waiting.outgoing))
        # The task is this row's alone.
        CURRENT_POSTING.set(posting)
        case = waiting.outgoing.case
        trail.begin(outbox=waiting.id, **({"case": case} if case is not None else {}))
        try:
            with measures.SENDING.time():
                delivered = await self._delivery.deliver(waiting.outgoing)
        except LockedDown:
            await _kept(partial(self._outbox.note, waiting, posting.posted))
            await _kept(partial(self._outbox.park, waiting))
        except NotTheirs:
            # What stands in the chat already is noted; the rest is decided anew, for whoever they are by then.
            await _kept(partial(self._outbox.note, waiting, posting.posted))
            await _kept(partial(self._outbox.retry, waiting, "reader"))
        except TelegramError as error:
            measures.SENT.labels("refused" if isinstance(error, Forbidden | BadRequest) else "again").inc()
            await _kept(partial(self._outbox.note, waiting, posting.posted))
            await _kept(partial(self._account_for, waiting, error))
        except Exception:
            log.exception("outbox row %d could not be rendered", waiting.id)
            await _kept(partial(self._outbox.note, waiting, posting.posted))
            await _kept(partial(self._outbox.retry, waiting, "render"))
        else:
            measures.SENT.labels("sent").inc()
            # Of what is said quietly nothing stays, not even that it was said.
            if waiting.outgoing.kind is not Kind.QUIET:
                trail.reach(log, Milestone.SENT, kind=waiting.outgoing.kind.value)
            await _kept(partial(self._outbox.done, waiting, delivered.message_id, posting.posted))

    async def _account_for(self, waiting: Waiting, error: TelegramError) -> None:
        name = type(error).__name__
        match error:
            case RetryAfter():
                log.warning("Telegram asks for patience with a chat: %s", error.retry_after)
                await self._outbox.hold(waiting, self._now() + _seconds(error.retry_after))
            case InvalidToken():
                # The token is revoked, not the message: the poller stops the bot, and a new token sends it.
                await self._outbox.retry(waiting, name, patient=True)
            case Forbidden() | ChatMigrated():
                log.warning("outbox row %d is refused: %s", waiting.id, name)
                await self._outbox.fail(waiting, name)
            case BadRequest():
                log.error("outbox row %d is malformed: %s", waiting.id, error.message)
                await self._outbox.fail(waiting, name)
            case NetworkError():
                await self._outbox.retry(waiting, name, patient=True)
            case _:
                await self._outbox.retry(waiting, name)

    async def _sleep(self, seconds: float) -> None:
        # Not wait_for: before Python 3.12 it swallows a cancellation that comes together with the event.
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.001, seconds)):
                await self._woken.wait()


async def _kept(note: Callable[[], Awaitable[None]]) -> None:
    # What Telegram has must not be forgotten because the disk is full or the database busy for a while.
    for _ in range(_NOTE_TRIES):
        try:
            await note()
        except Exception:
            log.exception("the outbox could not be written; trying again")
            await asyncio.sleep(_NOTE_WAIT)
        else:
            return


def _now() -> float:
    return asyncio.get_running_loop().time()


def _seconds(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=float(value))
