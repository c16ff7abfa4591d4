"""The second factor: a code of six digits from an authenticator (RFC 6238) before what must not be done by a thief.

A code is taken once; five wrong ones close the door for a while, and the other leads hear of it. The secret lies in
the database sealed with a key that is not there; recovery codes are kept as keyed hashes. Without an answer of the
database nothing is fresh: this fails closed. The order that asked for a code goes on by itself after a right one.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pyotp
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, PendingAct, StepState
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Outgoing, Priority
from bot.model.rights import IDLE_LOCKED, Right, Role
from bot.services import notices, waiting_orders
from bot.services.keys import Keys
from bot.services.stage import Stage
from bot.services.two_people import Doing, TwoPeople
from bot.storage import history, members, outbox, step_ups
from bot.storage.step_ups import Factor
from bot.storage.store import Store

#: Seconds of one code; codes of the step before and after are taken too (RFC 6238, 5.2).
PERIOD: Final = 30
_DRIFT: Final = 1
MOST_WRONG: Final = 5
_WRONG_WITHIN: Final = timedelta(minutes=15)
_LOCKED: Final = timedelta(minutes=15)
#: How long a secret that was made waits for its first code; it is shown no longer than that.
SHOWN: Final = timedelta(minutes=5)
#: Refusals that a right code answers.
ASKS: Final = frozenset({"totp_needed", "totp_idle"})
_RECOVERY_CODES: Final = 8
_SEEN_EVERY: Final = timedelta(hours=1)
_CODE: Final = re.compile(r"[0-9]{3} ?[0-9]{3}", re.ASCII)
_RECOVERY: Final = re.compile(r"[a-z2-7]{5}-[a-z2-7]{5}", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepRules:
    """Whether a second factor is asked for at all, for how long a code is good, after how many days a lead is idle."""

    required: bool = True
    fresh: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(days=14)


def is_code(text: str) -> bool:
    """Whether words look like a code, or like a recovery code."""
    return _CODE.fullmatch(text.strip()) is not None or _RECOVERY.fullmatch(text.strip()) is not None


class StepUp:
    """Sets second factors up, takes codes, and says whether one was given not long ago."""

    def __init__(self, store: Store, clock: Clock, keys: Keys, acts: TwoPeople, rules: StepRules) -> None:
        self._store = store
        self._clock = clock
        self._keys = keys
        self._acts = acts
        self._rules = rules
        # When the last use of each lead and editor was noted: only to spare a write, nothing is decided by it.
        self._noted: dict[int, datetime] = {}
        acts.register(
            ActKind.TOTP_RESET, Doing(right=Right.MANAGE_MEMBERS, state=self._reset_state, perform=self._reset)
        )

    async def state(self, member: Member) -> StepState:
        """Where a member stands now."""
        async with self._store.read() as conn:
            factor = await step_ups.of_member(conn, member.newsroom_id, member.id)
            left = await step_ups.codes_left(conn, member.newsroom_id, member.id)
        now = self._clock()
        return StepState(
            is_set=factor.secret is not None,
            is_waiting=factor.next_secret is not None and _is_on(factor.next_until, now),
            is_fresh=_is_on(factor.fresh_until, now),
            locked_until=factor.locked_until if _is_on(factor.locked_until, now) else None,
            is_idle=self._is_idle(member, factor, now),
            codes_left=left,
        )

    async def demand(self, member: Member) -> None:
        """Go on only with a code given not long ago. Raises Refusal that says what to do."""
        if not self._rules.required:
            return
        state = await self.state(member)
        if state.locked_until is not None:
            raise Refusal("totp_locked")
        if not state.is_set:
            raise Refusal(_idle_unset(member) if state.is_idle else "totp_unset")
        if not state.is_fresh:
            raise Refusal("totp_needed")

    async def demand_awake(self, member: Member) -> None:
        """A lead or an editor who was not seen for days proves first that it is they. Raises Refusal."""
        code = await self.refusal_of_idle(member)
        if code is not None:
            raise Refusal(code)

    async def refusal_of_idle(self, member: Member) -> str | None:
        """What keeps somebody out who was not seen for days, as the code of a refusal; None for anybody else."""
        if not self._rules.required or member.roles.isdisjoint(IDLE_LOCKED):
            return None
        state = await self.state(member)
        if not state.is_idle:
            return None
        return "totp_idle" if state.is_set else _idle_unset(member)

    async def seen(self, stage: Stage, member: Member) -> None:
        """Note that a lead or an editor is there, once an hour; who was away too long is not, until a code is given."""
        now = self._clock()
        last = self._noted.get(member.id)
        if member.roles.isdisjoint(IDLE_LOCKED) or (last is not None and now - last < _SEEN_EVERY):
            return

        async def act(conn: AsyncConnection) -> None:
            factor = await step_ups.hold(conn, member.newsroom_id, member.id)
            if not self._is_idle(member, factor, now):
                await step_ups.change(conn, member.newsroom_id, member.id, seen_at=now)
                self._noted[member.id] = now

        stage.stage_once(act)

    async def begin(self, stage: Stage, member: Member) -> None:
        """Make a secret and show it; the first right code makes it the member's. Raises Refusal."""
        state = await self.state(member)
        if state.locked_until is not None:
            raise Refusal("totp_locked")
        if state.is_set and not state.is_fresh:
            raise Refusal("totp_needed")
        if state.is_idle and not state.is_set:
            raise Refusal(_idle_unset(member))

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await step_ups.hold(conn, member.newsroom_id, member.id)
            sealed = self._keys.seal("totp", pyotp.random_base32().encode(), str(member.id))
            await step_ups.change(conn, member.newsroom_id, member.id, next_secret=sealed, next_until=now + SHOWN)
            await outbox.put(conn, [notices.fleeting(member, "totp_secret")], now)

        stage.stage_once(act)

    async def secret_of(self, member: Member) -> str:
        """The secret that waits for its first code. Raises Refusal when none does any longer."""
        async with self._store.read() as conn:
            factor = await step_ups.of_member(conn, member.newsroom_id, member.id)
        if factor.next_secret is None or not _is_on(factor.next_until, self._clock()):
            raise Refusal("totp_gone")
        return self._opened(member, factor.next_secret)

    async def recovery_of(self, member: Member) -> list[str]:
        """The recovery codes, made anew from the key: to be shown once, right after the setting up. Raises Refusal."""
        async with self._store.read() as conn:
            factor = await step_ups.of_member(conn, member.newsroom_id, member.id)
        if factor.secret is None or not _is_on(factor.next_until, self._clock()):
            raise Refusal("totp_gone")
        return self._keys.recovery_codes(member.id, factor.secret, _RECOVERY_CODES)

    def keep(self, stage: Stage, member: Member, update_id: int) -> None:
        """Let an order that was refused for want of a code wait for one."""

        async def act(conn: AsyncConnection) -> None:
            await waiting_orders.keep(conn, member, update_id, self._clock())

        stage.stage_once(act)

    def give(self, stage: Stage, member: Member, words: str, message_id: int | None) -> None:
        """A member gives a code; the message that held it is deleted, whatever it was."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            said = [unsaid(member, message_id)] if message_id is not None else []
            await outbox.put(conn, said, now)
            await self._take(conn, member, words.strip(), now)

        stage.stage_once(act)

    async def _take(self, conn: AsyncConnection, member: Member, words: str, now: datetime) -> None:
        factor = await step_ups.hold(conn, member.newsroom_id, member.id)
        if _is_on(factor.locked_until, now):
            await outbox.put(conn, [notices.reply(member, "totp_locked")], now)
        elif await self._confirms(conn, member, factor, words, now):
            await self._confirmed(conn, member, now)
        elif await self._is_right(conn, member, factor, words, now):
            left = await step_ups.codes_left(conn, member.newsroom_id, member.id)
            minutes = int(self._rules.fresh.total_seconds() // 60)
            goes_on = await waiting_orders.go_on(conn, member, now)
            said = notices.reply(member, "totp_right", minutes=minutes, left=left, goes_on=goes_on)
            await outbox.put(conn, [said], now)
        elif factor.secret is None and not _is_on(factor.next_until, now):
            await outbox.put(conn, [notices.reply(member, "totp_unset")], now)
        else:
            await self._wrong(conn, member, factor, now)

    async def _confirms(self, conn: AsyncConnection, member: Member, factor: Factor, words: str, now: datetime) -> bool:
        if factor.next_secret is None or not _is_on(factor.next_until, now):
            return False
        counter = _counter(self._opened(member, factor.next_secret), words, now, after=0)
        if counter is None:
            return False
        values: dict[str, Any] = {"secret": factor.next_secret, "next_secret": None, "next_until": now + SHOWN}
        values |= {"last_counter": counter, **self._fresh(now)}
        await step_ups.change(conn, member.newsroom_id, member.id, **values)
        codes = self._keys.recovery_codes(member.id, factor.next_secret, _RECOVERY_CODES)
        hashes = [self._keys.code_hash(member.id, code) for code in codes]
        await step_ups.replace_codes(conn, member.newsroom_id, member.id, hashes)
        return True

    async def _confirmed(self, conn: AsyncConnection, member: Member, now: datetime) -> None:
        await outbox.hasten_deletions(conn, member.newsroom_id, member.telegram_id, now)
        await history.note(conn, member.newsroom_id, member.id, ("member", member.id), "totp_set", now)
        await outbox.put(conn, [notices.fleeting(member, "totp_codes")], now)
        await tell_leads(conn, member, "totp_set_by", now)

    async def _is_right(self, conn: AsyncConnection, member: Member, factor: Factor, words: str, now: datetime) -> bool:
        if factor.secret is None:
            return False
        if _RECOVERY.fullmatch(words) is not None:
            used = self._keys.code_hash(member.id, words.lower())
            if not await step_ups.use_code(conn, member.newsroom_id, member.id, used, now):
                return False
            await history.note(conn, member.newsroom_id, member.id, ("member", member.id), "recovery_used", now)
            await tell_leads(conn, member, "recovery_used_by", now)
            await step_ups.change(conn, member.newsroom_id, member.id, **self._fresh(now))
            return True
        counter = _counter(self._opened(member, factor.secret), words, now, after=factor.last_counter)
        if counter is None:
            return False
        await step_ups.change(conn, member.newsroom_id, member.id, last_counter=counter, **self._fresh(now))
        return True

    async def _wrong(self, conn: AsyncConnection, member: Member, factor: Factor, now: datetime) -> None:
        goes_on = factor.wrong_since is not None and now - factor.wrong_since < _WRONG_WITHIN
        wrong, since = (factor.wrong + 1, factor.wrong_since) if goes_on else (1, now)
        values: dict[str, Any] = {"wrong": wrong, "wrong_since": since}
        if wrong >= MOST_WRONG:
            values = {"wrong": 0, "wrong_since": None, "locked_until": now + _LOCKED, "fresh_until": None}
            await history.note(conn, member.newsroom_id, member.id, ("member", member.id), "totp_locked", now)
            await tell_leads(conn, member, "totp_locked_for", now)
        await step_ups.change(conn, member.newsroom_id, member.id, **values)
        code = "totp_locked" if wrong >= MOST_WRONG else "totp_wrong"
        await outbox.put(conn, [notices.reply(member, code, left=MOST_WRONG - wrong)], now)

    def _fresh(self, now: datetime) -> dict[str, Any]:
        cleared = {"wrong": 0, "wrong_since": None, "locked_until": None}
        return cleared | {"fresh_until": now + self._rules.fresh, "seen_at": now}

    def _opened(self, member: Member, sealed: bytes) -> str:
        return self._keys.unseal("totp", sealed, str(member.id)).decode()

    def _is_idle(self, member: Member, factor: Factor, now: datetime) -> bool:
        watched = not member.roles.isdisjoint(IDLE_LOCKED)
        return watched and factor.seen_at is not None and now - factor.seen_at > self._rules.idle

    async def _reset_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        member = await members.get(conn, newsroom_id, int(body["member"]))
        if member is None or member.status is not MemberStatus.ACTIVE:
            return None
        return sorted(role.value for role in member.roles)

    async def _reset(self, conn: AsyncConnection, act: PendingAct, first: Member, _second: Member | None) -> None:
        now, member_id = self._clock(), int(act.body["member"])
        await step_ups.forget(conn, act.newsroom_id, member_id)
        await history.note(conn, act.newsroom_id, first.id, ("member", member_id), "totp_reset", now)
        member = await members.get(conn, act.newsroom_id, member_id)
        if member is not None:
            await outbox.put(conn, [notices.reply(member, "totp_was_reset")], now)


async def tell_leads(conn: AsyncConnection, about: Member, code: str, now: datetime, **values: Any) -> None:
    """One line about a member, or about what they did, to everybody else who leads."""
    everyone = await members.all_of(conn, about.newsroom_id, MemberStatus.ACTIVE)
    leads = [each for each in everyone if each.id != about.id and _leads(each)]
    await outbox.put(conn, [notices.reply(each, code, name=about.name, **values) for each in leads], now)


def unsaid(member: Member, message_id: int) -> Outgoing:
    """What a member wrote in their own chat is to be gone."""
    return notices.deletion(member.newsroom_id, member.telegram_id, [message_id], Priority.ANSWER)


def _leads(member: Member) -> bool:
    return not member.roles.isdisjoint({Role.SECURITY, Role.ADMIN})


def _idle_unset(member: Member) -> str:
    """Without a second factor: an editor is let on by a lead's word, a lead by two others."""
    return "totp_idle_unset" if _leads(member) else "totp_idle_wake"


def _is_on(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def _counter(secret: str, words: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is; None when it is wrong, or not newer than the step `after`."""
    given = words.replace(" ", "")
    if _CODE.fullmatch(words) is None:
        return None
    made = pyotp.TOTP(secret, interval=PERIOD)
    here = int(now.timestamp()) // PERIOD
    right = [n for n in range(here - _DRIFT, here + _DRIFT + 1) if hmac.compare_digest(made.generate_otp(n), given)]
    fresh = [n for n in right if n > after]
    return fresh[-1] if fresh else None
