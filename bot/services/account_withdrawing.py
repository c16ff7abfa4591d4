"""Takes back what a list, or a member, said of accounts: few accounts by one person's press, many by two people.

One press changes the standing of everybody on a list: a thief at an editor's phone could take the newsroom's knowledge
away with it. Putting back what was withdrawn takes one person.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.access import ActKind, PendingAct
from bot.model.account_record import ImportedList
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.services import notices
from bot.services.account_settling import Settling
from bot.services.knowledge import Knowledge
from bot.services.two_people import Doing, TwoPeople
from bot.storage import account_reports, accounts, outbox
from detection.thresholds import WITHDRAW_ALONE_MOST

_EVERY_LIST = 100_000


class Withdrawing:
    """Works in its caller's transaction; without `acts` everything is one person's to do."""

    def __init__(self, clock: Clock, settling: Settling, knowledge: Knowledge, acts: TwoPeople | None) -> None:
        self._clock = clock
        self._settling = settling
        self._knowledge = knowledge
        self._acts = acts
        if acts is not None:
            lists = Doing(right=Right.DECIDE_ACCOUNT, state=self._list_state, perform=self._list_allowed)
            people = Doing(right=Right.MANAGE_MEMBERS, state=self._member_state, perform=self._member_allowed)
            acts.register(ActKind.WITHDRAW, lists)
            acts.register(ActKind.WITHDRAW_MEMBER, people)

    async def batch(self, conn: AsyncConnection, member: Member, batch: ImportedList) -> list[int] | None:
        """A list no longer counts; says which accounts are no longer listed, None: it waits for a second person."""
        if self._acts is None or batch.accounts <= WITHDRAW_ALONE_MOST:
            return await self._settling.withdraw_batch(conn, member, batch.name)
        body = {"what": batch.name, "accounts": batch.accounts}
        await self._acts.request_in(conn, member, ActKind.WITHDRAW, body)
        return None

    async def member(self, conn: AsyncConnection, member: Member, member_id: int) -> None:
        """Nothing that a member said of accounts counts any longer, at once or when a second person allows it."""
        concerned = await self._concerned(conn, member.newsroom_id, member_id)
        if self._acts is None or len(concerned) <= WITHDRAW_ALONE_MOST:
            await self._settling.withdraw_member(conn, member, member_id)
            return
        body = {"member": member_id, "accounts": len(concerned)}
        await self._acts.request_in(conn, member, ActKind.WITHDRAW_MEMBER, body)

    async def _concerned(self, conn: AsyncConnection, newsroom_id: int, member_id: int) -> set[int]:
        reported = await account_reports.of_member(conn, newsroom_id, member_id)
        return {*reported, *await accounts.ruled_by(conn, newsroom_id, member_id)}

    async def _list_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        # A list may grow while it waits: all of it is what was asked for.
        lists = await account_reports.batches(conn, newsroom_id, _EVERY_LIST)
        there = any(each.name == body["what"] and not each.is_withdrawn for each in lists)
        return body["what"] if there else None

    async def _list_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        name = str(act.body["what"])
        gone = await self._settling.withdraw_batch(conn, first, name)
        said = notices.reply(first, "import_batches", batch=name, accounts=len(gone), back=False)
        await outbox.put(conn, [said], self._clock())
        self._knowledge.outdate()

    async def _member_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        # Who is doubted must not be able to void it by reporting one more.
        member_id = int(body["member"])
        return member_id if await self._concerned(conn, newsroom_id, member_id) else None

    async def _member_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        member_id = int(act.body["member"])
        await self._settling.withdraw_member(conn, first, member_id)
        await outbox.put(conn, [notices.reply(first, "reliability", person=member_id)], self._clock())
        self._knowledge.outdate()
