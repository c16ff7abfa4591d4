"""Who wrote a case, and which listed accounts that is or the case links to."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.account import Account, AccountEntry, account_label
from bot.model.submission import Case
from bot.model.verdict import AccountFound
from bot.services.profiles import profile_link
from bot.storage import accounts, cases, history
from detection.accounts.links import Link, Platform
from detection.accounts.names import handle_key


async def author_of(conn: AsyncConnection, case: Case) -> str | None:
    """Who wrote a case, as a label or a name: whom a person named, else whom its comments name first."""
    link = await told_author(conn, case)
    if link is not None:
        return account_label(link.platform, link.handle, link.numeric_id, ())
    return _first_named(await cases.authors(conn, case.submission_id))


async def told_author(conn: AsyncConnection, case: Case) -> Link | None:
    """The account that a person named as the author of a case, last; a screenshot has no comment to bind it to."""
    events = await history.of(conn, case.newsroom_id, ("submission", case.submission_id))
    urls = [str(details["url"]) for event, _, details in events if event == "author"]
    return profile_link(urls[-1]) if urls else None


async def said_of(conn: AsyncConnection, case: Case) -> tuple[tuple[str, str, str], ...]:
    """What members said last who may not decide it, as (event, who, what): who wrote a case, at whom it is aimed."""
    last: dict[str, tuple[str, str, str]] = {}
    for event, who, _, details in await history.told(conn, case.newsroom_id, ("submission", case.submission_id)):
        if event == "author_said":
            link = profile_link(str(details["url"]))
            said = account_label(link.platform, link.handle, link.numeric_id, ()) if link is not None else ""
            last[event] = (event, who or "", said)
        elif event == "target_said":
            last[event] = (event, who or "", str(details["name"]))
    return tuple(last.values())


async def named_accounts(conn: AsyncConnection, case: Case, author: str | None) -> list[int]:
    """The listed accounts that wrote a case or that it links to: listed since it was read, or named by a person."""
    names = [author] if author and ":" in author else []
    names += [account_label(k.platform, k.handle, k.numeric_id, ()) for k in case.links if k.handle or k.numeric_id]
    found = []
    for name in dict.fromkeys(names):
        platform, _, handle = name.partition(":")
        found.append(await listed_account(conn, case.newsroom_id, platform, handle))
    return list(dict.fromkeys(i for i in found if i is not None))


async def listed_account(conn: AsyncConnection, newsroom_id: int, platform: str, handle: str) -> int | None:
    """The account of the list with this handle or numeric id."""
    numeric = handle if handle.isdecimal() else None
    entry = AccountEntry(platform=platform, handle=handle, numeric_id=numeric)
    keys = accounts.Keys(handle=handle_key(cast(Platform, platform), handle) if handle else None, names={})
    return await accounts.find(conn, newsroom_id, entry, keys)


def as_found(account: Account) -> AccountFound:
    """A listed account as something that was found for certain."""
    return AccountFound(
        account_id=account.id,
        account=account.label,
        source=account.source,
        status=account.status.value,
        score=1.0,
        why="same_handle",
        strength="certain",
    )


def _first_named(authors: Sequence[tuple[str | None, str | None, str | None]]) -> str | None:
    named = [f"{platform}:{handle}" if handle else name for platform, handle, name in authors if handle or name]
    return named[0] if named else None
