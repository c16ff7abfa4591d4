"""What takes two people: the first asks, another one sees exactly what would be done, and allows or refuses it.

Whoever may be the second is asked at the press, never when the button was drawn. An act that is no longer what was
asked for, because what it rests on changed or because its first person lost the right, is void. Where there is no
second person, whoever holds the server is one (`kalkan allow`).
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, ActState, PendingAct
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.services.stage import After, Stage
from bot.storage import history, members, outbox, pending_acts
from bot.storage.store import Store

Perform = Callable[[AsyncConnection, PendingAct, Member, Member | None], Awaitable[None]]

_ENDS: Final = {
    ActState.ALLOWED: "act_allowed",
    ActState.REFUSED: "act_refused",
    ActState.VOID: "act_void",
}
#: How long an act waits for its second person.
WAITS: Final = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class Doing:
    """How an act of a kind is done.

    `right` is what its first person must still have at the press. `state` gives what the act rests on, as plain values,
    or None when there is nothing left to do: when that changed, the act is void. `perform` does it, in the transaction
    of the second person's press (None: of the command line), and says what is to be said of it. `fits` says whether two
    people are a pair that may do it. `prepare` is for what takes long: it computes before the transaction and returns
    the `perform` of this one act. `about` is how the subject is called now, where that is no member's name. `after` is
    called once the act is done and committed. `misfit` is what is said to a second person who does not fit.
    """

    right: Right
    state: Callable[[AsyncConnection, int, dict[str, Any]], Awaitable[Any]]
    perform: Perform | None = None
    prepare: Callable[[PendingAct], Awaitable[Perform]] | None = None
    about: Callable[[AsyncConnection, int, dict[str, Any]], Awaitable[str]] | None = None
    after: After | None = None
    fits: Callable[[AsyncConnection, PendingAct, Member, Member], Awaitable[bool]] | None = None
    misfit: str = "act_needs_admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class ActView:
    """An act as it is shown to a second person: who asked, whom it is about, what it rests on now."""

    act: PendingAct
    asked_by: str
    about: str
    decided_by: str | None
    is_live: bool


class TwoPeople:
    """Lets acts wait, and does them when a second person allows it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._doing: dict[ActKind, Doing] = {}

    def register(self, kind: ActKind, doing: Doing) -> None:
        """Say how acts of a kind are done."""
        self._doing[kind] = doing

    def request(self, stage: Stage, member: Member, kind: ActKind, body: dict[str, Any]) -> None:
        """Ask for a second person: everybody who can be one is told."""

        async def act(conn: AsyncConnection) -> None:
            await self.request_in(conn, member, kind, body)

        stage.stage_once(act)

    async def request_in(
        self, conn: AsyncConnection, member: Member, kind: ActKind, body: dict[str, Any]
    ) -> int | None:
        """The same in a transaction that is open; returns the act's id, None when there is nothing to do."""
        now = self._clock()
        state = await self._doing[kind].state(conn, member.newsroom_id, body)
        if state is None:
            await outbox.put(conn, [notices.reply(member, "act_void")], now)
            return None
        there = await self._same(conn, member, kind, body, now)
        if there is not None:
            await outbox.put(conn, [notices.reply(member, "act_waits", act=there.id, kind=kind.value)], now)
            return there.id
        act_id = await pending_acts.add(conn, member.newsroom_id, kind, body, _seal(state), member.id, now, now + WAITS)
        await history.note(
            conn, member.newsroom_id, member.id, ("act", act_id), "asked", now, what=kind.value, of=dict(body)
        )
        seconds = await self._seconds(conn, member)
        code = "act_waits" if seconds else "act_alone"
        said = [notices.reply(member, code, act=act_id, kind=kind.value)]
        await outbox.put(
            conn, [*said, *(notices.reply(each, "act", act=act_id, kind=kind.value) for each in seconds)], now
        )
        return act_id

    async def waiting(self, newsroom_id: int) -> list[ActView]:
        """Everything that waits for a second person."""
        async with self._store.read() as conn:
            acts = await pending_acts.waiting(conn, newsroom_id, self._clock())
            return [await self._view(conn, act) for act in acts]

    async def view(self, member: Member, act_id: int) -> ActView:
        """An act as a second person sees it. Raises Refusal for whoever may not be one."""
        if not member.may(Right.SECOND):
            raise Refusal("act_unknown")
        async with self._store.read() as conn:
            act = await pending_acts.by_id(conn, member.newsroom_id, act_id)
            if act is None:
                raise Refusal("act_unknown")
            return await self._view(conn, act)

    async def kind_of(self, member: Member, act_id: int) -> ActKind | None:
        """Of what kind an act is."""
        async with self._store.read() as conn:
            act = await pending_acts.by_id(conn, member.newsroom_id, act_id)
        return act.kind if act is not None else None

    async def decide(self, stage: Stage, second: Member, act_id: int, *, allow: bool, message_id: int | None) -> None:
        """A second person allows or refuses it: once, in time, and never the one who asked."""
        perform = await self._prepared(second.newsroom_id, act_id) if allow else None

        async def act(conn: AsyncConnection, _items: list[Any]) -> After | None:
            now = self._clock()
            await members.lock_newsroom(conn, second.newsroom_id)
            # Who they are now, in the transaction that acts on it.
            present = await members.get(conn, second.newsroom_id, second.id)
            found = await pending_acts.by_id(conn, second.newsroom_id, act_id)
            if found is None or present is None or not present.may(Right.SECOND):
                await outbox.put(conn, [notices.reply(second, "act_unknown")], now)
                return None
            if found.asked_by == second.id:
                await outbox.put(conn, [notices.reply(second, "act_own")], now)
                return None
            is_done = await self._decide(conn, found, present, perform, allow=allow)
            if message_id is not None:
                shown = notices.edited_reply(second, message_id, "act", act=act_id, kind=found.kind.value)
                await outbox.put(conn, [shown], now)
            return self._doing[found.kind].after if is_done else None

        stage.stage(act, None)

    async def allow_by_command(self, newsroom_id: int, act_id: int) -> bool:
        """Whoever holds the server is the second person; False when the act does not wait any longer."""
        perform = await self._prepared(newsroom_id, act_id)
        async with self._store.write() as conn:
            await members.lock_newsroom(conn, newsroom_id)
            found = await pending_acts.by_id(conn, newsroom_id, act_id)
            if found is None:
                return False
            is_done = await self._decide(conn, found, None, perform, allow=True)
        after = self._doing[found.kind].after
        if is_done and after is not None:
            after()
        return is_done

    async def _prepared(self, newsroom_id: int, act_id: int) -> Perform | None:
        """How this act is done, with what was computed before the transaction that does it."""
        async with self._store.read() as conn:
            act = await pending_acts.by_id(conn, newsroom_id, act_id)
        if act is None or act.state is not ActState.WAITING:
            return None
        doing = self._doing[act.kind]
        return await doing.prepare(act) if doing.prepare is not None else doing.perform

    async def _decide(
        self, conn: AsyncConnection, act: PendingAct, second: Member | None, perform: Perform | None, *, allow: bool
    ) -> bool:
        now = self._clock()
        first = await members.get(conn, act.newsroom_id, act.asked_by)
        doing = self._doing[act.kind]
        pair = first is None or second is None or doing.fits is None or await doing.fits(conn, act, first, second)
        if allow and second is not None and not pair:
            await outbox.put(conn, [notices.reply(second, doing.misfit)], now)
            return False
        state = ActState.ALLOWED if allow else ActState.REFUSED
        by = second.id if second is not None else None
        if not await pending_acts.decide(conn, act.newsroom_id, act.id, state, by, now):
            return False
        rests_on = await doing.state(conn, act.newsroom_id, act.body)
        is_same = rests_on is not None and _seal(rests_on) == act.seal
        if allow and (first is None or not first.may(doing.right) or not is_same or perform is None):
            await pending_acts.void(conn, act.newsroom_id, act.id, now)
            state = ActState.VOID
        await history.note(conn, act.newsroom_id, by, ("act", act.id), state.value, now, what=act.kind.value)
        if first is not None and first.status is MemberStatus.ACTIVE:
            await outbox.put(conn, [notices.reply(first, _ENDS[state], kind=act.kind.value)], now)
        if state is ActState.ALLOWED and first is not None and perform is not None:
            await perform(conn, act, first, second)
        return state is ActState.ALLOWED

    async def _same(
        self, conn: AsyncConnection, member: Member, kind: ActKind, body: dict[str, Any], now: datetime
    ) -> PendingAct | None:
        acts = await pending_acts.waiting(conn, member.newsroom_id, now)
        same = (act for act in acts if (act.kind, act.asked_by, act.body) == (kind, member.id, body))
        return next(same, None)

    async def _seconds(self, conn: AsyncConnection, member: Member) -> list[Member]:
        everyone = await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)
        return [each for each in everyone if each.id != member.id and each.may(Right.SECOND)]

    async def _view(self, conn: AsyncConnection, act: PendingAct) -> ActView:
        ids = {act.asked_by, act.decided_by or 0, int(act.body.get("member", 0))}
        names = {each.id: each.name for each in await members.by_ids(conn, ids) if each.newsroom_id == act.newsroom_id}
        doing = self._doing[act.kind]
        state = await doing.state(conn, act.newsroom_id, act.body)
        called = await doing.about(conn, act.newsroom_id, act.body) if doing.about is not None else None
        is_live = act.state is ActState.WAITING and act.expires_at > self._clock()
        return ActView(
            act=act,
            asked_by=names.get(act.asked_by, ""),
            about=called if called is not None else names.get(int(act.body.get("member", 0)), ""),
            decided_by=names.get(act.decided_by or 0),
            is_live=is_live and state is not None and _seal(state) == act.seal,
        )


def _seal(state: Any) -> str:
    said = json.dumps(state, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(said.encode()).hexdigest()
