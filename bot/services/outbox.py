"""The sending side of the outbox: what to say next, and what became of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.message_care import care_of
from bot.model.newsroom import MemberStatus
from bot.model.outbox import Kind, Outgoing, Priority, Reserved, Waiting
from bot.model.sent_message import Posted, Stays
from bot.services import custody_events, notices
from bot.services.given_up import tell_unsent
from bot.services.step_up import SHOWN
from bot.services.vigilance import Vigilance
from bot.storage import alarms, cases, custody, members, outbox, sent_messages
from bot.storage.faults import passes
from bot.storage.store import Store
from bot.storage.together import Together

_LONGEST_WAIT = timedelta(minutes=2)
_LOCKED_WAIT = timedelta(minutes=5)
_KEEP_SENT = timedelta(days=2)
_OLDEST = timedelta(days=7)
_AT_MOST = Stays()


class Outbox:
    """Hands messages to the sender and keeps the account of them."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        tries: int,
        watch: Vigilance | None = None,
        stays: Stays = _AT_MOST,
    ) -> None:
        self._store = store
        self._clock = clock
        self._tries = tries
        self._watch = watch
        self._stays = stays
        # What is noted of each message, before and after it, is most of what the writer has to do.
        self._together = Together(store)

    def may_wait(self, error: Exception) -> bool:
        """Whether this error is the disk's, and waiting may mend it."""
        return passes(error)

    async def recover(self) -> int:
        """Return what a killed process was sending to the queue."""
        async with self._store.write() as conn:
            return await outbox.recover(conn, self._clock())

    async def heads(self, limit: int, reserved: Reserved) -> list[Waiting]:
        """The next message of each chat that is free to be written to."""
        async with self._store.read() as conn:
            found = await outbox.heads(conn, self._clock(), limit, reserved)
            cards = {each.id: case for each in found if (case := _case_of(each.outgoing)) is not None}
            sent = await cases.card_messages(conn, set(cards.values())) if cards else {}
        return [replace(each, is_new_card=each.id in cards and cards[each.id] not in sent) for each in found]

    async def start(self, waiting: Waiting) -> None:
        """Note that a message is being sent, before it is; and what it opens to whom, the first time."""

        async def act(conn: AsyncConnection) -> None:
            if self._watch is not None and waiting.tries == 0:
                await self._watch.opened(conn, waiting.outgoing, self._clock())
            await outbox.start(conn, waiting.id)

        await self._together.write(act)

    async def card_message(self, submission_id: int) -> int | None:
        """The message that shows a case to its reporter."""
        async with self._store.read() as conn:
            return (await cases.card_messages(conn, [submission_id])).get(submission_id)

    async def done(self, waiting: Waiting, message_id: int | None = None, posted: Posted | None = None) -> None:
        """Telegram has it; what came of it is kept in the same transaction: a new card's message, what stands where."""
        body, now, case = waiting.outgoing.body, self._clock(), _case_of(waiting.outgoing)

        async def act(conn: AsyncConnection) -> None:
            if case is not None and message_id is not None:
                await cases.set_card_message(conn, case, message_id)
            await custody.put(conn, custody_events.of_view(waiting.outgoing, now))
            if waiting.outgoing.kind is Kind.ALARM and message_id is not None and waiting.outgoing.member_id:
                await alarms.set_message(conn, int(body["alarm"]), waiting.outgoing.member_id, message_id)
            if body.get("fleeting") and message_id is not None:
                await self._let_it_fade(conn, waiting, message_id)
            await self._note(conn, waiting, posted)
            await outbox.done(conn, waiting.id, waiting.outgoing.kind, now)

        await self._together.write(act)

    async def note(self, waiting: Waiting, posted: Posted) -> None:
        """Some of it stands in the chat although the rest failed: it is to go like all else."""
        if posted.new or posted.redrawn or posted.deleted:
            async with self._store.write() as conn:
                await self._note(conn, waiting, posted)

    async def _note(self, conn: AsyncConnection, waiting: Waiting, posted: Posted | None) -> None:
        outgoing, now = waiting.outgoing, self._clock()
        if posted is None or await self._came_too_late(conn, waiting, posted):
            return
        # Of what is said quietly nothing stays here, not even that it stands in a chat.
        if outgoing.kind is Kind.QUIET:
            return
        if outgoing.kind is Kind.DELETE:
            await sent_messages.gone(conn, outgoing.newsroom_id, outgoing.chat_id, posted.deleted, now)
            return
        when = (now, self._goes_at(outgoing, now))
        await sent_messages.note_sent(conn, outgoing, waiting.id, posted.new, when)
        await sent_messages.note_redrawn(conn, outgoing, waiting.id, posted.redrawn, when)

    def _goes_at(self, outgoing: Outgoing, now: datetime) -> datetime | None:
        hours = self._stays.own if outgoing.member_id is not None else self._stays.groups
        return now + timedelta(hours=hours) if hours and care_of(outgoing).goes else None

    async def _came_too_late(self, conn: AsyncConnection, waiting: Waiting, posted: Posted) -> bool:
        """Whether it reached somebody who was frozen or removed while it was under way: it is taken away again."""
        outgoing = waiting.outgoing
        if outgoing.member_id is None or not posted.new:
            return False
        reader = await members.get(conn, outgoing.newsroom_id, outgoing.member_id)
        if reader is not None and reader.status not in (MemberStatus.FROZEN, MemberStatus.REMOVED):
            return False
        now, newsroom_id, chat_id = self._clock(), outgoing.newsroom_id, outgoing.chat_id
        # Whoever was erased is noted nowhere; of all others it is asked again until it is gone.
        if reader is not None and reader.telegram_id == chat_id and outgoing.kind is not Kind.QUIET:
            await sent_messages.note_sent(conn, outgoing, waiting.id, posted.new, (now, now))
            await sent_messages.ask(conn, {(newsroom_id, chat_id): posted.new}, now)
        await outbox.put(conn, [notices.deletion(newsroom_id, chat_id, posted.new, Priority.ANSWER)], now)
        return True

    async def is_worn(self, newsroom_id: int, chat_id: int, message_id: int) -> bool:
        """Whether a button of a message was used up: it is drawn anew even where it would look the same."""
        async with self._store.read() as conn:
            return await sent_messages.is_worn(conn, newsroom_id, chat_id, message_id)

    async def is_gone(self, newsroom_id: int, chat_id: int, message_id: int) -> bool:
        """Whether a message was taken away because its time had come: nothing takes its place."""
        async with self._store.read() as conn:
            return await sent_messages.is_gone(conn, newsroom_id, chat_id, message_id)

    async def _let_it_fade(self, conn: AsyncConnection, waiting: Waiting, message_id: int) -> None:
        gone = notices.deletion(waiting.outgoing.newsroom_id, waiting.outgoing.chat_id, [message_id], Priority.ANSWER)
        now = self._clock()
        await outbox.put(conn, [gone], now, not_before=now + SHOWN)

    async def retry(self, waiting: Waiting, error: str, *, patient: bool = False) -> None:
        """Send again later, or give up when its tries are used up.

        While Telegram itself cannot be reached (`patient`), only age ends it: a blocked network may last for days.
        """
        now = self._clock()
        given_up = now - waiting.created_at > _OLDEST if patient else waiting.tries + 1 >= self._tries
        async with self._store.write() as conn:
            if given_up:
                await self._give_up(conn, waiting, error, now)
            else:
                await outbox.retry(conn, waiting.id, error, now + _wait(waiting.tries))

    async def park(self, waiting: Waiting) -> None:
        """Said when the lockdown has ended, however long it lasts: it is looked at now and then, and at the unlock."""
        now = self._clock()
        async with self._store.write() as conn:
            await outbox.park(conn, waiting.outgoing.newsroom_id, waiting.id, now + _LOCKED_WAIT)

    async def say_again(self, outgoing: Outgoing) -> None:
        """Let the same be said once more a little later: under lockdown it was said by halves."""
        now = self._clock()
        async with self._store.write() as conn:
            await outbox.put_parked(conn, outgoing, now, now + _LOCKED_WAIT)

    async def hold(self, waiting: Waiting, not_before: datetime) -> None:
        """Telegram asks for patience with this chat: all its messages wait, and the asking survives a restart."""
        chat_id, newsroom_id = waiting.outgoing.chat_id, waiting.outgoing.newsroom_id
        async with self._store.write() as conn:
            await outbox.hold_chat(conn, newsroom_id, chat_id, not_before)
            await outbox.retry(conn, waiting.id, "RetryAfter", not_before)

    async def fail(self, waiting: Waiting, error: str) -> None:
        """Telegram refuses it for good."""
        async with self._store.write() as conn:
            await self._give_up(conn, waiting, error, self._clock())

    async def _give_up(self, conn: AsyncConnection, waiting: Waiting, error: str, now: datetime) -> None:
        await outbox.fail(conn, waiting.id, error, now)
        await tell_unsent(conn, waiting.outgoing, now)

    async def purge(self) -> int:
        """Forget what was sent days ago."""
        async with self._store.write() as conn:
            return await outbox.purge(conn, self._clock() - _KEEP_SENT)


def _case_of(outgoing: Outgoing) -> int | None:
    """The submission whose card this is to its own reporter."""
    if outgoing.kind is not Kind.SUBMISSION or outgoing.body.get("copy"):
        return None
    return int(outgoing.body["submission"])


def _wait(tries: int) -> timedelta:
    return min(_LONGEST_WAIT, timedelta(seconds=0.5 * 2 ** min(tries, 10)))
