"""Erases who a listed account is: rows, index, waiting messages, photos that nobody else uses, keys of the log.

The texts of its comments stay in their cases, by an erased account. A keyed hash stays, so that no list brings it back.
"""

from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.account_record import Share
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.services.cases import Cases
from bot.services.custody import Custody
from bot.services.erased_accounts import ErasedAccounts
from bot.services.erasing import Erasure
from bot.services.knowledge import Knowledge
from bot.storage import account_erasing, accounts, members, outbox
from bot.storage.account_erasing import AccountRows
from detection.accounts.platforms import Platform, profile_url


class AccountErasure:
    """Of one newsroom's list."""

    def __init__(
        self,
        clock: Clock,
        custody: Custody,
        erasure: Erasure,
        knowledge: Knowledge,
        desk: Cases,
        erased: ErasedAccounts,
    ) -> None:
        self._clock = clock
        self._custody = custody
        self._erasure = erasure
        self._knowledge = knowledge
        self._desk = desk
        self._erased = erased

    async def apply(self, conn: AsyncConnection, member: Member, account_id: int, by: int | None, ground: str) -> None:
        """Erase it within somebody's transaction; `soil` is called once that is committed."""
        newsroom_id = member.newsroom_id
        ids = await account_erasing.ids_of(conn, newsroom_id, account_id)
        links = await self._links(conn, newsroom_id, ids)
        rows = await account_erasing.rows_of_account(conn, newsroom_id, account_id, links)
        await self._recall(conn, member, rows)
        known = [self._erased.key(newsroom_id, platform, each) for platform, each in rows.known]
        await account_erasing.erase(conn, rows, known, self._clock())
        await self._custody.erase_with(conn, newsroom_id, rows.subjects, by, ground)

    def soil(self) -> None:
        """It is committed: what is left of it between rows is to be overwritten, and nobody finds it any more."""
        self._knowledge.outdate()
        self._erasure.soil(account_erasing.TOUCHED)

    async def _links(self, conn: AsyncConnection, newsroom_id: int, ids: list[int]) -> set[str]:
        found: set[str] = set()
        for account in await accounts.by_ids(conn, newsroom_id, ids):
            url = profile_url(cast(Platform, account.platform), account.handle) if account.handle else None
            found |= {each for each in (url, account.source) if each}
        return found

    async def _recall(self, conn: AsyncConnection, member: Member, rows: AccountRows) -> None:
        """Whoever relied on it is told, without its name: the name must not go out once more."""
        for account_id in sorted(rows.ids):
            await self._desk.tell_reporters(conn, member, account_id, "account_erased_case")
        everyone = await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)
        for share in await account_erasing.shares_of(conn, rows):
            day = share.made_at.date().isoformat()
            told = [notices.reply(each, "share_erased", name=share.name, day=day) for each in _makers(share, everyone)]
            await outbox.put(conn, told, self._clock())


def _makers(share: Share, everyone: list[Member]) -> list[Member]:
    own = [person for person in everyone if person.id == share.member_id]
    return own or [person for person in everyone if person.may(Right.SECOND)]
