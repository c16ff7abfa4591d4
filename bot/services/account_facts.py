"""What the archive knows against listed accounts, for those who report them or write about them in public."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import Account
from bot.model.takedown import Facts
from bot.services.findings import Author, author_key
from bot.storage import account_facts


async def facts_of(conn: AsyncConnection, newsroom_id: int, listed: Sequence[Account]) -> dict[int, Facts]:
    """The facts of each account, by its id."""
    keys = {account.id: _keys(account) for account in listed}
    return await account_facts.of_accounts(conn, newsroom_id, listed, keys)


def _keys(account: Account) -> frozenset[str]:
    """What its comments may be signed with: by handle, by number."""
    ways = (
        Author(platform=account.platform, handle=account.handle),
        Author(platform=account.platform, numeric_id=account.numeric_id),
    )
    return frozenset(key for way in ways if (key := author_key(way)) is not None)
