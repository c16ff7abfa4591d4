"""Two accounts are one, or one is two: both are taken back by the other, and the history keeps every step.

A merged account keeps its row, its status and all that belongs to it; it only points at the one that it is. A split
moves names, photos and links, and notes which, so that putting them together again brings everything back.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.account import Account, AccountEntry, AccountStatus
from bot.model.account_record import LinkState, Succession
from bot.model.newsroom import Member
from bot.model.outbox import Outgoing
from bot.model.rights import Right
from bot.services import notices
from bot.services.account_words import read_numbers
from bot.services.erased_accounts import ErasedAccounts
from bot.services.knowledge import Knowledge
from bot.services.profiles import profile_link
from bot.services.stage import Stage
from bot.services.two_people import Doing, TwoPeople
from bot.storage import account_links, account_records, accounts, history, outbox, texts
from bot.storage.accounts import Keys, Listing
from bot.storage.store import Store
from detection.accounts.names import handle_key


class AccountMerging:
    """Merges, takes apart, splits, and links successors. Raises Refusal for what there is not."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        knowledge: Knowledge,
        acts: TwoPeople | None = None,
        erased: ErasedAccounts | None = None,
    ) -> None:
        self._erased = erased
        self._store = store
        self._clock = clock
        self._knowledge = knowledge
        self._acts = acts if acts is not None else TwoPeople(store, clock)
        right, state = Right.DECIDE_ACCOUNT, self._pair_state
        self._acts.register(ActKind.MERGE, Doing(right=right, state=state, perform=self._merge_allowed))
        self._acts.register(ActKind.SPLIT, Doing(right=right, state=state, perform=self._split_allowed))

    async def merge(self, stage: Stage, member: Member, account_id: int, into: int) -> None:
        """One account is another: what it has is shown there from now on.

        Into a known fake it takes two people, as confirming it would.
        """
        if account_id == into:
            raise Refusal("account_same")
        await self._known(member, account_id)
        await self._known(member, into)

        async def act(conn: AsyncConnection) -> None:
            if await self._accuses(conn, member.newsroom_id, account_id, into):
                body = await self._body(conn, member.newsroom_id, account_id, into)
                await self._acts.request_in(conn, member, ActKind.MERGE, body)
                return
            await outbox.put(conn, [await self._merge(conn, member, account_id, into)], self._clock())

        stage.stage_once(act)
        self._knowledge.outdate()

    async def take_apart(self, stage: Stage, member: Member, account_id: int) -> None:
        """A merged account stands for itself again, with those that had been merged into it before."""
        merged = await self._known(member, account_id)
        if merged.merged_into is None:
            raise Refusal("account_not_merged")

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            there = await accounts.get(conn, newsroom_id, account_id)
            if there is None or there.merged_into is None:
                return
            kept = there.merged_into
            await self._point(conn, newsroom_id, account_id, None)
            events = await history.of(conn, newsroom_id, ("account", account_id))
            before = [details.get("others", []) for event, _, details in events if event == "merged"]
            for other in before[-1] if before else []:
                if other in await account_records.children_of(conn, newsroom_id, kept):
                    await self._point(conn, newsroom_id, int(other), account_id)
            for one, other in ((account_id, kept), (kept, account_id)):
                await history.note(conn, newsroom_id, member.id, ("account", one), "taken_apart", now, other=other)
            await outbox.put(conn, [notices.reply(member, "account", account=account_id, outcome="changed")], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def parts(self, member: Member, account_id: int) -> list[tuple[str, int, str]]:
        """What a split can move: names, photos, links."""
        await self._known(member, account_id)
        async with self._store.read() as conn:
            return await account_records.belongings(conn, member.newsroom_id, account_id)

    async def split(self, stage: Stage, member: Member, account_id: int, text: str) -> None:
        """Move what the numbers name to the account that the link names, which is listed if it is not.

        To a known fake it takes two people.
        Raises Refusal without numbers of the list, or without a link to another account.
        """
        parts = await self.parts(member, account_id)
        link = profile_link(text)
        if link is None:
            raise Refusal("fake_link_missing")
        moved = [parts[n - 1][:2] for n in read_numbers(text[: link.start] + " " + text[link.end :], len(parts))]
        entry = AccountEntry(
            platform=link.platform, handle=link.handle, numeric_id=link.numeric_id, source=link.url[:200]
        )
        key = handle_key(link.platform, link.handle) if link.handle else None

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            if self._erased is not None and await self._erased.among(conn, newsroom_id, [entry]):
                await outbox.put(conn, [notices.reply(member, "account_was_erased")], now)
                return
            listing = Listing(newsroom_id=newsroom_id, member_id=member.id, lister=member.name, batch=None, at=now)
            other, outcome = await accounts.put(conn, entry, Keys(handle=key, names={}), listing)
            if other == account_id:
                await outbox.put(conn, [notices.reply(member, "account_same")], now)
                return
            if await self._accuses(conn, newsroom_id, account_id, other):
                body = await self._body(conn, newsroom_id, account_id, other)
                await self._acts.request_in(conn, member, ActKind.SPLIT, body | {"moved": [list(p) for p in moved]})
                return
            await self._split(conn, member, (account_id, other), moved, outcome)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def _split(
        self,
        conn: AsyncConnection,
        member: Member,
        pair: tuple[int, int],
        moved: Sequence[tuple[str, int]],
        outcome: str,
    ) -> None:
        now, newsroom_id = self._clock(), member.newsroom_id
        await account_records.move(conn, newsroom_id, *pair, moved)
        told = {"moved": [list(part) for part in moved], "outcome": outcome}
        for one, opposite in (pair, pair[::-1]):
            await accounts.touch(conn, one, now)
            await history.note(conn, newsroom_id, member.id, ("account", one), "split", now, other=opposite, **told)
        await outbox.put(conn, [notices.reply(member, "account", account=pair[1], outcome=outcome)], now)

    async def _accuses(self, conn: AsyncConnection, newsroom_id: int, account_id: int, other: int) -> bool:
        """Whether what is one account's would become that of a known fake, and is not so already."""
        mine, theirs = [await accounts.get(conn, newsroom_id, each) for each in (account_id, other)]
        fake = AccountStatus.CONFIRMED
        return mine is not None and theirs is not None and theirs.status is fake and mine.status is not fake

    async def _body(self, conn: AsyncConnection, newsroom_id: int, account_id: int, other: int) -> dict[str, Any]:
        labels = [each.label for i in (account_id, other) if (each := await accounts.get(conn, newsroom_id, i))]
        return {"account": account_id, "other": other, "form": " → ".join(labels)}

    async def _pair_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        pair = [await accounts.get(conn, newsroom_id, int(body[each])) for each in ("account", "other")]
        found = [each for each in pair if each is not None and each.merged_into is None]
        return [[each.label, each.status.value, list(each.names)] for each in found] if len(found) == 2 else None

    async def _merge_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        said = await self._merge(conn, first, int(act.body["account"]), int(act.body["other"]))
        await outbox.put(conn, [said], self._clock())
        self._knowledge.outdate()

    async def _split_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        await texts.lock(conn, act.newsroom_id)
        moved = [(str(kind), int(i)) for kind, i in act.body["moved"]]
        await self._split(conn, first, (int(act.body["account"]), int(act.body["other"])), moved, "changed")
        self._knowledge.outdate()

    async def unsplit(self, stage: Stage, member: Member, account_id: int) -> None:
        """Bring back what the last split moved away from an account, as far as it is still there. Raises Refusal."""
        await self._known(member, account_id)

        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            await texts.lock(conn, newsroom_id)
            events = await history.of(conn, newsroom_id, ("account", account_id))
            done = [details for event, _, details in events if event in ("split", "unsplit")]
            if not done or "moved" not in done[-1]:
                await outbox.put(conn, [notices.reply(member, "account_not_split")], now)
                return
            other, moved = int(done[-1]["other"]), [(str(kind), int(i)) for kind, i in done[-1]["moved"]]
            await account_records.move(conn, newsroom_id, other, account_id, moved)
            for one, opposite in ((account_id, other), (other, account_id)):
                await accounts.touch(conn, one, now)
                await history.note(conn, newsroom_id, member.id, ("account", one), "unsplit", now, other=opposite)
            await outbox.put(conn, [notices.reply(member, "account", account=account_id, outcome="changed")], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def decide(self, stage: Stage, member: Member, link_id: int, state: LinkState) -> None:
        """Say whether a newer account continues an older one. Raises Refusal when it was never offered."""
        async with self._store.read() as conn:
            link = await account_links.get(conn, member.newsroom_id, link_id)
        if link is None:
            raise Refusal("account_unknown")
        await self._stage_link(stage, member, link, state)

    async def succeed(self, stage: Stage, member: Member, account_id: int, successor_id: int) -> None:
        """Say by oneself that a newer account continues an older one. Raises Refusal."""
        if account_id == successor_id:
            raise Refusal("account_same")
        old, new = await self._known(member, account_id), await self._known(member, successor_id)
        link = Succession(
            id=0,
            account_id=old.id,
            successor_id=new.id,
            account=old.label,
            successor=new.label,
            why=(),
            state=LinkState.OFFERED,
        )
        await self._stage_link(stage, member, link, LinkState.LINKED)

    async def _stage_link(self, stage: Stage, member: Member, link: Succession, state: LinkState) -> None:
        async def act(conn: AsyncConnection) -> None:
            now, newsroom_id = self._clock(), member.newsroom_id
            pair = (link.account_id, link.successor_id)
            if await account_links.put(conn, newsroom_id, pair, state, member.id, now):
                event = "succeeded" if state is LinkState.LINKED else "not_successor"
                for one, other in (pair, pair[::-1]):
                    told = {"older": pair[0], "newer": pair[1], "other": other}
                    await history.note(conn, newsroom_id, member.id, ("account", one), event, now, **told)
            said = notices.reply(member, "account", account=link.successor_id, outcome="changed")
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def _merge(self, conn: AsyncConnection, member: Member, account_id: int, into: int) -> Outgoing:
        now, newsroom_id = self._clock(), member.newsroom_id
        # Two merges at once could make a ring of two accounts.
        await texts.lock(conn, newsroom_id)
        gone = await accounts.get(conn, newsroom_id, account_id)
        kept = await accounts.get(conn, newsroom_id, into)
        if gone is None or kept is None or gone.merged_into is not None or kept.merged_into is not None:
            return notices.reply(member, "account_merged_already")
        others = await account_records.children_of(conn, newsroom_id, account_id)
        for each in (account_id, *others):
            await self._point(conn, newsroom_id, each, into)
        await accounts.touch(conn, into, now)
        await history.note(
            conn, newsroom_id, member.id, ("account", account_id), "merged", now, into=into, others=others
        )
        await history.note(conn, newsroom_id, member.id, ("account", into), "took_in", now, other=account_id)
        return notices.reply(member, "account", account=into, outcome="changed")

    async def _point(self, conn: AsyncConnection, newsroom_id: int, account_id: int, into: int | None) -> None:
        await account_records.set_details(conn, newsroom_id, account_id, {"merged_into": into})
        await accounts.touch(conn, account_id, self._clock())

    async def _known(self, member: Member, account_id: int) -> Account:
        async with self._store.read() as conn:
            account = await accounts.get(conn, member.newsroom_id, account_id)
        if account is None:
            raise Refusal("account_unknown")
        return account
