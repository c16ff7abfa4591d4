"""Accounts as files: what is in one is noted before it leaves, so that a cleared account can call it back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.account_record import Details, Fact
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.services import notices
from bot.services.account_objects import record_object
from bot.services.stage import Stage
from bot.services.two_people import Doing, TwoPeople
from bot.storage import account_records, account_shares, accounts, custody, history, outbox
from bot.storage.custody import NewEntry
from bot.storage.store import Store

FORMS = ("csv", "xlsx", "jsonl")
_CHUNK = 1_000


class AccountExports:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople | None = None) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        if acts is not None:
            right = Right.EXPORT_EVIDENCE
            acts.register(ActKind.ACCOUNTS_OUT, Doing(right=right, state=self._state, perform=self._allowed))

    async def order(self, stage: Stage, member: Member, form: str) -> None:
        """Ask a second person, then note an export of the whole list and send it.

        Raises Refusal for a form that there is not.
        """
        if form not in FORMS:
            raise Refusal("button_not_yours")
        if self._acts is not None:
            self._acts.request(stage, member, ActKind.ACCOUNTS_OUT, {"form": form})
            return

        async def act(conn: AsyncConnection) -> None:
            await self._send(conn, member, form)

        stage.stage_once(act)

    async def _send(self, conn: AsyncConnection, member: Member, form: str) -> None:
        now = self._clock()
        name = f"accounts-{now:%Y-%m-%d}.{form}"
        share_id = await note_share(conn, member.newsroom_id, member.id, form, name, self._clock)
        await outbox.put(conn, [notices.account_table(member, share_id, form)], now)

    async def _state(self, _conn: AsyncConnection, _newsroom_id: int, body: dict[str, Any]) -> Any:
        # The list goes on growing while it waits: what was asked for is all of it, in this form.
        return body["form"]

    async def _allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _second: Member | None) -> None:
        await self._send(conn, first, str(act.body["form"]))

    async def rows(self, member: Member, share_id: int) -> tuple[str, list[dict[str, Any]]]:
        """The name of an export, and its accounts as plain objects. Raises Refusal when it is not this member's."""
        async with self._store.read() as conn:
            share = await account_shares.get(conn, member.newsroom_id, share_id)
            if share is None or share.member_id != member.id:
                raise Refusal("query_forgotten")
            ids = await account_shares.accounts_in(conn, member.newsroom_id, share_id)
            found: list[dict[str, Any]] = []
            for start in range(0, len(ids), _CHUNK):
                found += await objects(conn, member.newsroom_id, ids[start : start + _CHUNK])
        return share.name, found


async def objects(conn: AsyncConnection, newsroom_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Accounts with their records as plain objects, in the order of their ids."""
    listed = {account.id: account for account in await accounts.by_ids(conn, newsroom_id, ids)}
    details = await account_records.details_of(conn, newsroom_id, ids)
    facts: dict[int, list[Fact]] = {}
    for fact in await account_records.facts_of(conn, newsroom_id, ids):
        facts.setdefault(fact.account_id, []).append(fact)
    return [record_object(listed[i], details.get(i, Details()), facts.get(i, [])) for i in sorted(ids) if i in listed]


async def note_share(
    conn: AsyncConnection, newsroom_id: int, member_id: int | None, form: str, name: str, clock: Clock
) -> int:
    """Note that the whole list leaves the house: which accounts, in the history, in the custody log; returns its id."""
    now = clock()
    share_id = await account_shares.begin(conn, newsroom_id, member_id, form, name, now)
    held = [account for account in await accounts.changed_since(conn, newsroom_id, None) if account.is_shown]
    await account_shares.hold(conn, newsroom_id, share_id, held)
    told = {"what": "accounts", "form": form, "rows": len(held), "share": share_id}
    await history.note(conn, newsroom_id, member_id, ("newsroom", newsroom_id), "accounts_out", now, **told)
    body = {"by": member_id, **told}
    entry = NewEntry(newsroom_id=newsroom_id, kind="exported", noun="newsroom", row_id=newsroom_id, body=body, at=now)
    await custody.put(conn, [entry])
    return share_id
