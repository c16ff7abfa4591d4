"""Takes back the word of one reporter, or of one list, as if it had never been said; and gives it back.

Everything follows from the words that are left: what an account is called, its photos, whether it stands on the list,
whether two people's words still confirm it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.account import Account, AccountStatus
from bot.model.newsroom import Member
from bot.services.account_confirming import settle_status
from bot.services.cases import Cases
from bot.storage import account_doubts, account_records, account_reports, accounts, history

_RULED = (AccountStatus.SUSPECTED, AccountStatus.CONFIRMED, AccountStatus.CLEARED)


class Settling:
    """Works in its caller's transaction."""

    def __init__(self, clock: Clock, desk: Cases) -> None:
        self._clock = clock
        self._desk = desk

    async def withdraw_member(self, conn: AsyncConnection, member: Member, member_id: int) -> list[int]:
        """All that a member ever said of accounts does not count; says which accounts are no longer on the list."""
        now, newsroom_id = self._clock(), member.newsroom_id
        concerned = set(await account_reports.of_member(conn, newsroom_id, member_id))
        await account_reports.withdraw_member(conn, newsroom_id, member_id, now)
        concerned |= set(await accounts.withdraw_rulings(conn, newsroom_id, member_id, now))
        concerned |= set(await account_doubts.hide_facts(conn, newsroom_id, member_id, now))
        gone = await self._settle(conn, member, concerned, ())
        subject = ("member", member_id)
        await history.note(conn, newsroom_id, member.id, subject, "reports_withdrawn", now, accounts=gone)
        return gone

    async def restore_member(self, conn: AsyncConnection, member: Member, member_id: int) -> list[int]:
        """It counts again; says which accounts are back on the list."""
        now, newsroom_id = self._clock(), member.newsroom_id
        events = await history.of(conn, newsroom_id, ("member", member_id))
        undone = {at for event, at, _ in events if event == "reports_withdrawn"}
        concerned = set(await account_reports.of_member(conn, newsroom_id, member_id))
        await account_reports.withdraw_member(conn, newsroom_id, member_id, None)
        concerned |= set(await accounts.withdraw_rulings(conn, newsroom_id, member_id, None))
        concerned |= set(await account_doubts.show_facts(conn, newsroom_id, member_id, undone))
        back = await self._settle(conn, member, concerned, undone)
        subject = ("member", member_id)
        await history.note(conn, newsroom_id, member.id, subject, "reports_restored", now, accounts=back)
        return back

    async def withdraw_batch(self, conn: AsyncConnection, member: Member, batch: str) -> list[int]:
        """Nothing that a list said counts; says which accounts are no longer on the list of accounts."""
        now, newsroom_id = self._clock(), member.newsroom_id
        concerned = await account_reports.of_batch(conn, newsroom_id, batch)
        await account_reports.withdraw_batch(conn, newsroom_id, batch, now)
        gone = await self._settle(conn, member, concerned, ())
        told = {"batch": batch, "accounts": gone}
        await history.note(conn, newsroom_id, member.id, ("import", 0), "import_withdrawn", now, **told)
        return gone

    async def restore_batch(self, conn: AsyncConnection, member: Member, batch: str) -> list[int]:
        """It counts again; says which accounts are back on the list of accounts."""
        now, newsroom_id = self._clock(), member.newsroom_id
        concerned = await account_reports.of_batch(conn, newsroom_id, batch)
        undone = await account_reports.moments(conn, newsroom_id, concerned)
        await account_reports.withdraw_batch(conn, newsroom_id, batch, None)
        back = await self._settle(conn, member, concerned, undone)
        told = {"batch": batch, "accounts": back}
        await history.note(conn, newsroom_id, member.id, ("import", 0), "import_restored", now, **told)
        return back

    async def _settle(
        self, conn: AsyncConnection, member: Member, concerned: Collection[int], undone: Collection[datetime]
    ) -> list[int]:
        """Bring accounts to what counts now; says which of them left the list, or came back to it."""
        turned = []
        for account_id in sorted(concerned):
            account = await accounts.get(conn, member.newsroom_id, account_id)
            if account is None:
                continue
            await self._status(conn, member, account)
            if await self._place(conn, member, account, undone):
                turned.append(account_id)
            await accounts.touch(conn, account_id, self._clock())
        return turned

    async def _place(
        self, conn: AsyncConnection, member: Member, account: Account, undone: Collection[datetime]
    ) -> bool:
        """Whether an account left the list, or came back to it."""
        now, newsroom_id = self._clock(), member.newsroom_id
        there = await account_reports.rebuild(conn, newsroom_id, account.id, now, undone)
        stays = there or await account_doubts.has_other_grounds(conn, newsroom_id, account.id)
        if stays != account.is_withdrawn:
            return False
        if stays:
            hidden = await account_doubts.withdrawn_at(conn, newsroom_id, [account.id])
            await account_doubts.show_photos(conn, newsroom_id, account.id, hidden[account.id])
        else:
            await account_doubts.hide_photos(conn, newsroom_id, [account.id], now)
        await account_records.set_details(conn, newsroom_id, account.id, {"withdrawn_at": None if stays else now})
        event = "restored" if stays else "withdrawn"
        await history.note(conn, newsroom_id, member.id, ("account", account.id), event, now)
        await self._desk.tell_reporters(conn, member, account.id, f"account_{event}", account=account.label)
        return True

    async def _status(self, conn: AsyncConnection, member: Member, account: Account) -> None:
        """What the words that are left make of an account; one of which nobody ever said a word stays as it is."""
        now, newsroom_id = self._clock(), member.newsroom_id
        if account.status not in _RULED or not await account_doubts.was_ruled(conn, newsroom_id, account.id):
            return
        status = await settle_status(conn, newsroom_id, account.id, now)
        if status is account.status:
            return
        told = {"before": account.status.value, "status": status.value}
        await history.note(conn, newsroom_id, member.id, ("account", account.id), "settled", now, **told)
        code = f"account_now_{status.value}"
        await self._desk.tell_reporters(conn, member, account.id, code, account=account.label)
